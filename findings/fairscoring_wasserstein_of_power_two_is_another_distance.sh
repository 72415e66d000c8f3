#!/usr/bin/env bash
# fair-scoring 0.2.1: its Wasserstein distance of power 2 is another distance, with another unit and another order.
#
# `WassersteinMetric(p=...)` measures how far two groups' scores lie apart. On a line the Wasserstein distance of power p is
# the p-th root of the integral of |difference of the quantile functions|^p. Only for p = 1 is that also the integral over
# the scores of the difference of the distribution functions. fair-scoring takes the latter for all p. For p = 2 it is the
# distance of Cramér: its unit is the root of the scores' unit. With scores a hundred times larger it grows tenfold, and for
# two groups that are 3 apart it says 1.4. Which of two pairs of groups is treated worse can turn round.
# Seen when two groups, one the other moved by 3, were not 3 apart.
#
# Output seen (fair-scoring 0.2.1; 500 rows a group):
#   one group is the other moved by 3: p = 1: 3.00, p = 2: 1.37, true power 2 3.00
#   the same in hundredths: p = 1: 300.00, p = 2: 13.74, true power 2 300.00
#   one in a hundred of a group moved by 30: p = 1: 0.30, p = 2: 0.05, true power 2 2.76
#   all of a group moved by 0.5: p = 1: 0.50, p = 2: 0.27, true power 2 0.50
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 \
    scikit-learn==1.9.1 matplotlib==3.11.2
env/bin/python -m pip install -q --disable-pip-version-check --no-deps fair-scoring==0.2.1

cat > power.py <<'PY'
import numpy as np
from fairscoring.metrics import WassersteinMetric

first = np.random.default_rng(0).normal(size=500)
few = first + 30 * (np.arange(500) % 100 == 0)
pairs = {
    "one group is the other moved by 3": (first, first + 3),
    "the same in hundredths": (100 * first, 100 * first + 300),
    "one in a hundred of a group moved by 30": (first, few),
    "all of a group moved by 0.5": (first, first + 0.5),
}
seen = []
for name, both in pairs.items():
    scores, group = np.concatenate(both), np.repeat(["x", "y"], 500)
    metrics = (WassersteinMetric("IND", name="distance", p=p) for p in (1, 2))
    one, two = (metric.bias(scores, np.tile([0, 1], 500), group, ["x", "y"], 1).bias for metric in metrics)
    true = np.mean((np.sort(both[0]) - np.sort(both[1])) ** 2) ** 0.5
    print(f"{name}: p = 1: {one:.2f}, p = 2: {two:.2f}, true power 2 {true:.2f}")
    seen.append((two, true))
(two, true) = np.transpose(seen)
assert np.isclose(two[1], 10 * two[0]) and np.isclose(true[1], 100 * true[0]), "the unit is that of the scores now"
assert two[2] < two[3] and true[2] > true[3], "the order is right now"
PY
env/bin/python power.py
