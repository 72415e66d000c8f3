#!/usr/bin/env bash
# twosamplehc 0.4.2: for real numbers its two-sided p-values are half of what they should be, so equal populations look far apart.
#
# Higher Criticism compares two samples feature by feature: each gets a p-value, and the score tells how far the sorted
# p-values fall below an even spread from 0 to 1. `two_sample_test(..., data_type="reals", alt="two-sided")`, two-sided being
# the default, takes the normal tail above |z| and forgets the tail below -|z|. No p-value is then above 0.5, and the score
# grows with the root of the number of features though nothing differs: 8 for a thousand, where 2.5 is already rare. A
# threshold from the literature, or from the package's own one-sided values, calls every pair of samples different. Its
# p-values for counts have both tails.
# Seen when two samples of the same normal numbers were told apart.
#
# Output seen (twosamplehc 0.4.2, SciPy 1.17.1; both samples standard normal, 200 draws; limit: 95 % of even p-values stay below it):
#   100 features, limit 1.91: two-sided 2.58, above it in 92%; one-sided 0.82, 6%; with both tails 0.86, 7%
#   1000 features, limit 2.30: two-sided 7.88, above it in 100%; one-sided 1.22, 4%; with both tails 1.16, 6%
#   10000 features, limit 2.58: two-sided 24.98, above it in 100%; one-sided 1.44, 4%; with both tails 1.42, 3%
#   largest of 1000 two-sided p-values: reals 0.50, counts 1.00
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check twosamplehc==0.4.2 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1

cat > tails.py <<'PY'
import numpy as np
from scipy.stats import norm
from TwoSampleHC import HC, two_sample_pvals, two_sample_test

for features in (100, 1000, 10_000):
    found = []
    for seed in range(200):
        draw = np.random.default_rng(seed)
        one, other = draw.normal(size=(2, features))
        height = (one - other) / np.sqrt(2)
        seen = two_sample_test(one, other, data_type="reals")[0]
        upper = two_sample_test(one, other, data_type="reals", alt="greater")[0]
        half, both = (HC(factor * norm.sf(abs(height))).HCstar(0.2)[0] for factor in (1, 2))
        assert seen == half, "both tails count now"
        found.append([seen, upper, both])
    limit = np.quantile([HC(draw.random(features)).HCstar(0.2)[0] for _ in range(2000)], 0.95)
    scores, alarms = np.median(found, axis=0), np.mean(found > limit, axis=0)
    print(f"{features} features, limit {limit:.2f}: two-sided {scores[0]:.2f}, above it in {alarms[0]:.0%}; "
          f"one-sided {scores[1]:.2f}, {alarms[1]:.0%}; with both tails {scores[2]:.2f}, {alarms[2]:.0%}")
    assert alarms[0] > 0.2 and max(alarms[1:]) < 0.12, "both tails count now"
    assert features < 1000 or alarms[0] > 0.9
draw = np.random.default_rng(0)
counts = two_sample_pvals(*draw.poisson(50, size=(2, 1000)))
print(f"largest of 1000 two-sided p-values: reals {norm.sf(abs(height)).max():.2f}, counts {counts.max():.2f}")
assert counts.max() > 0.9
PY
env/bin/python tails.py
