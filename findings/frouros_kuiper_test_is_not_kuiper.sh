#!/usr/bin/env bash
# frouros 0.9.0: KuiperTest computes the Kolmogorov-Smirnov statistic and reads its p-value from Kuiper's distribution.
#
# Kuiper's statistic adds the largest gap between two distribution functions upwards to the largest one downwards. That
# is what lets it see a change of spread, where both gaps are alike. frouros takes the larger of the two only, which is
# the statistic of Kolmogorov and Smirnov, never above Kuiper's and often little more than half of it. The table of
# p-values is Kuiper's still, so the p-values are too large: with no change hardly any is below 0.05, and two of three
# doublings of the spread pass unseen, many more than with KSTest. A drift that the test is chosen for is told as none.
# Seen when its tests were run on pairs of samples from one and the same distribution.
#
# Output seen (frouros 0.9.0, SciPy 1.14.1; share of 200 draws with p < 0.05, 100 rows each side):
#   no change: KuiperTest 0.005, KSTest 0.020, Kuiper's statistic above its limit 0.055
#           last draw: statistic of KuiperTest 0.14, Kuiper's 0.16
#   spread doubled: KuiperTest 0.345, KSTest 0.795, Kuiper's statistic above its limit 0.995
#           last draw: statistic of KuiperTest 0.22, Kuiper's 0.37
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check frouros==0.9.0 numpy==2.1.3 scipy==1.14.1

cat > drift.py <<'PY'
import numpy as np
from frouros.detectors.data_drift import KSTest, KuiperTest
from scipy.stats import ks_2samp


def gaps(one, other):
    both = np.concatenate([one, other])
    rise = [np.searchsorted(np.sort(rows), both, side="right") / len(rows) for rows in (one, other)]
    return max(0, (rise[0] - rise[1]).max()), max(0, (rise[1] - rise[0]).max())


def run(test, one, other):
    detector = test()
    detector.fit(X=one)
    return detector.compare(X=other)[0]


null = np.random.default_rng(1)  # Kuiper's statistic with no change: its 95 % point does not depend on the distribution
limit = np.quantile([sum(gaps(*null.random((2, 100)))) for _ in range(4000)], 0.95)
seen = {}
for change, spread in (("no change", 1), ("spread doubled", 2)):
    found = []
    for seed in range(200):
        draw = np.random.default_rng(seed)
        one, other = draw.normal(0, 1, 100), draw.normal(0, spread, 100)
        kuiper = run(KuiperTest, one, other)
        assert abs(kuiper.statistic - ks_2samp(one, other).statistic) < 1e-12, "it has its own statistic now"
        found.append([kuiper.p_value < 0.05, run(KSTest, one, other).p_value < 0.05, sum(gaps(one, other)) > limit])
    seen[change] = np.mean(found, axis=0)
    print("{}: KuiperTest {:.3f}, KSTest {:.3f}, Kuiper's statistic above its limit {:.3f}".format(change, *seen[change]))
    print(f"        last draw: statistic of KuiperTest {kuiper.statistic:.2f}, Kuiper's {sum(gaps(one, other)):.2f}")
assert seen["no change"][0] < 0.02 and seen["spread doubled"][0] < seen["spread doubled"][1] < seen["spread doubled"][2]
PY
env/bin/python drift.py
