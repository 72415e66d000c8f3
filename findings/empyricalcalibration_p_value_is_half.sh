#!/usr/bin/env bash
# empyricalcalibration 0.1.1: its comparison of two methods gives half the p-value, and 95 % intervals whatever level one asks for.
#
# Negative controls, comparisons whose true effect is known to be none, show the systematic error of a method; EASE is its
# expected size. `compareEase` bootstraps the difference of two methods over the controls and returns an interval and "a p-value
# against the null hypothesis that the EASE is the same for both". That has two sides. It takes the share of draws beyond zero on
# the side of the difference it found, and does not double it: with equal methods their median is a quarter where it should be a
# half, hardly any is above 0.5, and some are below 0.05 beside an interval that holds 0. The argument `alpha`, said to
# be the error of the interval, is not used: a 50 % interval is that of 95 %. Doubled, the p-values have the median they should.
# Seen when p-values below 0.05 stood beside intervals with zero in them.
#
# Output seen (empyricalcalibration 0.1.1, SciPy 1.17.1; two methods with equal errors, 40 controls, 100 bootstrap draws, 60 pairs):
#   p-values: median 0.23, largest 0.55, below 0.05 15%, below 0.05 beside an interval with zero 2 of 9
#   doubled: median 0.47, largest 1.00, below 0.05 12%
#   alpha 0.05: from -0.030 to 0.083
#   alpha 0.5: from -0.030 to 0.083
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check empyricalcalibration==0.1.1 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 \
    matplotlib==3.11.2

cat > sides.py <<'PY'
import numpy as np
from empiricalcalibration import compareEase, set_seed

found, spread = [], np.full(40, 0.1)
for seed in range(60):
    one, other = 0.1 + np.hypot(0.2, 0.1) * np.random.default_rng(seed).normal(size=(2, 40))
    set_seed(seed + 1)
    row = compareEase(one, spread, other, spread, sampleSize=100).iloc[0]
    found.append((row["p"], row["ciLb"] <= 0 <= row["ciUb"]))
values, zero = np.array(found).T
print(f"p-values: median {np.median(values):.2f}, largest {values.max():.2f}, below 0.05 {np.mean(values < 0.05):.0%}, "
      f"below 0.05 beside an interval with zero {np.sum((values < 0.05) & (zero == 1))} of {np.sum(values < 0.05)}")
double = np.minimum(2 * values, 1)
print(f"doubled: median {np.median(double):.2f}, largest {double.max():.2f}, below 0.05 {np.mean(double < 0.05):.0%}")
ends = []
for alpha in (0.05, 0.5):
    set_seed(1)
    row = compareEase(one, spread, other, spread, alpha=alpha, sampleSize=100).iloc[0]
    ends.append((row["ciLb"], row["ciUb"]))
    print(f"alpha {alpha}: from {row['ciLb']:.3f} to {row['ciUb']:.3f}")
assert values.max() < 0.65 and np.median(values) < 0.33 and np.any((values < 0.05) & (zero == 1)), "the p-value has two sides now"
assert ends[0] == ends[1], "alpha sets the interval now"
PY
env/bin/python sides.py
