#!/usr/bin/env bash
# autorank 1.3.0: its Wilcoxon test looks first which side is larger and then asks only for that side; false alarms double.
#
# autorank chooses a test for the scores of several models on the same data sets. For two models whose scores are not normal it
# takes Wilcoxon's signed rank test against "no difference". It puts the model with the larger median first and tests
# one-sided whether that one is greater. A side that the data chose is no side named in advance: the p-value told is half
# of the two-sided one. Of two equal models one is told as better in one case of ten, where alpha = 0.05 allows one of
# twenty. For two normal models its t-test is two-sided, as it should be.
# Seen when two models with the same scores by nature were compared many times.
#
# Output seen (autorank 1.3.0, SciPy 1.17.1; 30 data sets, errors of both models drawn from one skewed distribution):
#   exponential: 495 pairs of equal models; p < 0.05 by autorank 0.101, by SciPy 0.061; autorank's over SciPy's: median 0.500
#   normal: 479 pairs of equal models; p < 0.05 by autorank 0.046, by SciPy 0.046; autorank's over SciPy's: median 1.000
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check autorank==1.3.0 baycomp==1.0.3 numpy==2.4.6 scipy==1.17.1 \
    pandas==3.1.1 statsmodels==0.15.0 matplotlib==3.11.2

cat > sides.py <<'PY'
import contextlib
import io

import numpy as np
import pandas as pd
from autorank import autorank
from scipy.stats import ttest_rel, wilcoxon

for kind in ("exponential", "normal"):
    told, right = [], []
    for seed in range(500):
        scores = getattr(np.random.default_rng(seed), kind)(size=(30, 2))
        with contextlib.redirect_stdout(io.StringIO()):
            result = autorank(pd.DataFrame(scores, columns=["one", "other"]))
        if result.omnibus == {"exponential": "wilcoxon", "normal": "ttest"}[kind]:
            told.append(result.pvalue)
            right.append({"wilcoxon": wilcoxon, "ttest": ttest_rel}[result.omnibus](*scores.T).pvalue)
    told, right = np.array(told), np.array(right)
    print(f"{kind}: {len(told)} pairs of equal models; p < 0.05 by autorank {(told < 0.05).mean():.3f}, "
          f"by SciPy {(right < 0.05).mean():.3f}; autorank's over SciPy's: median {np.median(told / right):.3f}")
    assert abs(np.median(told / right) - {"exponential": 0.5, "normal": 1}[kind]) < 0.01, "the test has two sides now"
    assert (right < 0.05).mean() < 0.07 and ((told < 0.05).mean() > 0.075) == (kind == "exponential")
PY
MPLBACKEND=agg PYTHONWARNINGS=ignore env/bin/python sides.py
