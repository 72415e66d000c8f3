#!/usr/bin/env bash
# autorank 1.3.0: the interval that it gives for a median is half as wide again as its level asks.
#
# For models whose scores are not normal autorank tells each median with a confidence interval from two of the sorted rows. How
# many rows lie below the median goes after a binomial distribution with the standard deviation sqrt(n) / 2. autorank
# takes sqrt(n / 2), which is 1.41 times as much, so its 90 % intervals hold the true median in 98 of 100 cases. Two medians
# that a right interval takes apart look alike. The intervals of means, for normal scores, are right.
# Seen when it was counted how often an interval holds the true median.
#
# Output seen (autorank 1.3.0, SciPy 1.17.1; two models, 100 rows each; width beside the exact interval):
#   level 0.975: autorank holds the median 1.000, exact 0.975; width 1.51
#   level 0.900: autorank holds the median 0.985, exact 0.895; width 1.55
#   level 0.800: autorank holds the median 0.925, exact 0.792; width 1.51
#   level 0.900: autorank holds the mean of normal scores 0.905
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check autorank==1.3.0 baycomp==1.0.3 numpy==2.4.6 scipy==1.17.1 \
    pandas==3.1.1 statsmodels==0.15.0 matplotlib==3.11.2

cat > median.py <<'PY'
import contextlib
import io

import numpy as np
import pandas as pd
from autorank import autorank
from scipy.stats import binom

for kind, alpha in (("exponential", 0.05), ("exponential", 0.2), ("exponential", 0.4), ("normal", 0.2)):
    middle = {"exponential": np.log(2), "normal": 0}[kind]  # the median, which is the mean where the scores are normal
    level, held, wide = 1 - alpha / 2, [], []
    for seed in range(200):
        scores = getattr(np.random.default_rng(seed), kind)(size=(100, 2))
        with contextlib.redirect_stdout(io.StringIO()):
            table = autorank(pd.DataFrame(scores, columns=["one", "other"]), alpha=alpha).rankdf
        if ("median" in table) == (kind == "exponential"):
            low, high = binom.interval(level, 100, 0.5)  # the interval from the exact distribution of the count
            right = np.sort(scores, axis=0)[[int(low) - 1, int(high)]].T
            told = table.loc[["one", "other"], ["ci_lower", "ci_upper"]].to_numpy(dtype=float)
            held.append([[low < middle < high for low, high in ends] for ends in (told, right)])
            wide.append(np.diff(told).mean() / np.diff(right).mean())
    told, right = np.mean(held, axis=(0, 2))
    if kind == "exponential":
        print(f"level {level:.3f}: autorank holds the median {told:.3f}, exact {right:.3f}; width {np.mean(wide):.2f}")
        assert told > level + 0.02 and level - 0.02 < right < level + 0.05 and np.mean(wide) > 1.2, "the width is right now"
    else:
        print(f"level {level:.3f}: autorank holds the mean of normal scores {told:.3f}")
        assert abs(told - level) < 0.05
PY
MPLBACKEND=agg PYTHONWARNINGS=ignore env/bin/python median.py
