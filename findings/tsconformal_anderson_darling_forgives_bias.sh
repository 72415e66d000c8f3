#!/usr/bin/env bash
# tsconformal 0.2.2: its Anderson-Darling test of calibration passes forecasts that are off by two standard deviations.
#
# If a forecast's distribution is right, its value at the outcome (the PIT) is even between 0 and 1. `pit_uniformity_tests`
# returns the tests of Kolmogorov-Smirnov and Anderson-Darling, "uniformity tests" both. For the second the PITs are turned into
# normal scores and given to SciPy's `anderson`, which tests for a normal distribution with *any* mean and spread, both taken from
# the sample. A bias moves the scores and too narrow or too wide a forecast stretches them: they stay normal, and what a
# calibration test is for is estimated away. The p-value of a forecast with half the spread is that of a perfect one. It
# never exceeds 0.15 either, so it cannot be read as one. Against the standard normal the same statistic finds all of them.
# Seen when the other test of the same PITs rejected them and this one did not.
#
# Output seen (tsconformal 0.2.2, SciPy 1.17.1; 500 normal outcomes, 200 draws; share of p-values below 5 %):
#   right: Kolmogorov-Smirnov 6%, Anderson-Darling 8% (mean p-value 0.14), by hand 6%
#   off by half a deviation: Kolmogorov-Smirnov 100%, Anderson-Darling 4% (mean p-value 0.14), by hand 100%
#   off by two deviations: Kolmogorov-Smirnov 100%, Anderson-Darling 8% (mean p-value 0.14), by hand 100%
#   half as wide as needed: Kolmogorov-Smirnov 100%, Anderson-Darling 6% (mean p-value 0.14), by hand 100%
#   twice as wide as needed: Kolmogorov-Smirnov 100%, Anderson-Darling 5% (mean p-value 0.14), by hand 100%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check tsconformal==0.2.2 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1

cat > pits.py <<'PY'
import numpy as np
from scipy.stats import norm
from tsconformal.diagnostics import pit_uniformity_tests

draw = np.random.default_rng(0)


def statistic(values):  # Anderson and Darling, against the even distribution
    values, n = np.sort(values), len(values)
    return -n - np.mean((2 * np.arange(1, n + 1) - 1) * (np.log(values) + np.log1p(-values[::-1])))


limit = np.quantile([statistic(draw.random(500)) for _ in range(5000)], 0.95)  # 2.49 in the tables
assert abs(limit - 2.49) < 0.15
for name, bias, spread in (("right", 0, 1), ("off by half a deviation", 0.5, 1), ("off by two deviations", 2, 1),
                           ("half as wide as needed", 0, 2), ("twice as wide as needed", 0, 0.5)):
    found = []
    for _ in range(200):
        pits = norm.cdf(bias + spread * draw.normal(size=500))
        test = pit_uniformity_tests(pits)
        found.append((test.ks_pvalue < 0.05, test.ad_pvalue < 0.05, test.ad_pvalue, statistic(np.clip(pits, 1e-10, 1 - 1e-10)) > limit))
    smirnov, theirs, value, right = np.mean(found, axis=0)
    print(f"{name}: Kolmogorov-Smirnov {smirnov:.0%}, Anderson-Darling {theirs:.0%} (mean p-value {value:.2f}), by hand {right:.0%}")
    assert theirs < 0.12 and max(each[2] for each in found) <= 0.1501, "the mean and the spread are given now"
    assert right < 0.12 if name == "right" else right == 1
PY
env/bin/python pits.py
