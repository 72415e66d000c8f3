#!/usr/bin/env bash
# labicompare 0.2.0: its Friedman test "with Iman-Davenport correction" has none; its level of 5 % is one of 2 %.
#
# Friedman's test asks by ranks whether several models differ over several datasets. Its chi-squared value is known to be
# too cautious; Iman and Davenport turn it into an F value, and Demsar (2006), whom the package cites for it, recommends
# that one. The docstring names the correction and the paper; the function gives back SciPy's chi-squared value and its
# p-value. Few datasets are the usual case, and there it matters: with four, equal models are rejected in 2 %, and a better
# one is seen in 10 % in place of 18. `wilcoxon_holm` asks this test first and stops with an error when it does not reject:
# no pair is compared.
# Seen when the p-value was the one of scipy.stats.friedmanchisquare.
#
# Output seen (labicompare 0.2.0, SciPy 1.17.1; 1000 tables a line; rejected at 5 %, equal models and one that is better by
# the deviation of the noise):
#   4 datasets, 6 models: equal models rejected 2.1%, corrected 5.1%; one better: 10.0%, corrected 17.7%
#   6 datasets, 4 models: equal models rejected 3.1%, corrected 5.6%; one better: 20.5%, corrected 29.3%
#   10 datasets, 4 models: equal models rejected 5.2%, corrected 5.7%; one better: 43.1%, corrected 45.7%
#   30 datasets, 4 models: equal models rejected 4.8%, corrected 5.1%; one better: 93.7%, corrected 94.3%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps labicompare==0.2.0  # matplotlib plays no part here

cat > friedman.py <<'PY'
import numpy as np
import pandas as pd
from labicompare.core.data import EvaluationData
from labicompare.stats.friedman import friedman_test
from scipy.stats import f, friedmanchisquare

for datasets, models in ((4, 6), (6, 4), (10, 4), (30, 4)):
    rates = []
    for better in (0, 1):
        rejected = []
        for seed in range(1000):
            scores = np.random.default_rng(seed).normal(size=(datasets, models))
            scores[:, 0] += better
            square, p = friedman_test(EvaluationData(pd.DataFrame(scores)))
            plain = friedmanchisquare(*scores.T)
            assert np.isclose(square, plain.statistic) and np.isclose(p, plain.pvalue), "it is corrected now"
            value = (datasets - 1) * square / max(datasets * (models - 1) - square, 1e-12)  # Iman and Davenport
            rejected.append([p <= 0.05, f.sf(value, models - 1, (models - 1) * (datasets - 1)) <= 0.05])
        rates.append(np.mean(rejected, axis=0))
    print("{} datasets, {} models: equal models rejected {:.1%}, corrected {:.1%}; one better: {:.1%}, "
          "corrected {:.1%}".format(datasets, models, *rates[0], *rates[1]))
    assert rates[0][0] < rates[0][1] < 0.07 and rates[1][0] < rates[1][1]
PY
PYTHONWARNINGS=ignore env/bin/python friedman.py 2> /dev/null
