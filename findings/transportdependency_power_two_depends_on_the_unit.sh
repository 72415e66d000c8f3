#!/usr/bin/env bash
# transport-dependency 0.0.1: its correlation with p = 2 depends on the unit of x, and independent columns can have 0.8.
#
# The transport correlation (Nies, Staudt and Munk 2021) measures how two samples depend on each other: the cost of optimal
# transport from their pairs to independent pairs, over the largest cost that it can have. The distances in x are first
# stretched by alpha, the diameter of y over that of x, so that the unit of either drops out. A diameter of power p is the
# p-th root of the mean of the distances to the power p. `tcor` takes no root there: for p = 1 that is right, for p = 2 its
# alpha is the square of the right one. In a ten times smaller unit all correlations fall, a straight line no longer has 1;
# in a ten times larger one all rise, the independent pair's to 0.8. The right alpha, handed over by hand, mends it.
# Seen when metres in place of decimetres gave another correlation.
#
# Output seen (transport-dependency 0.0.1, POT 0.9.7.post1; 40 rows; a straight line / with noise / independent):
#   p = 1, x times 0.1: tcor 1.00 / 0.45 / 0.35, right alpha 1.00 / 0.45 / 0.35
#   p = 1, x times 1: tcor 1.00 / 0.45 / 0.35, right alpha 1.00 / 0.45 / 0.35
#   p = 1, x times 10: tcor 1.00 / 0.45 / 0.35, right alpha 1.00 / 0.45 / 0.35
#   p = 2, x times 0.1: tcor 1.00 / 0.88 / 0.78, right alpha 1.00 / 0.51 / 0.35
#   p = 2, x times 1: tcor 1.00 / 0.61 / 0.38, right alpha 1.00 / 0.51 / 0.35
#   p = 2, x times 10: tcor 0.30 / 0.13 / 0.09, right alpha 1.00 / 0.51 / 0.35
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 POT==0.9.7.post1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps transport-dependency==0.0.1

cat > unit.py <<'PY'
import numpy as np
from transport_dependency import tcor

draw = np.random.default_rng(0)
x = draw.normal(size=40)
others = (3 * x + 1, x + draw.normal(size=40), draw.normal(size=40))


def diameter(values, p):
    return np.mean(np.abs(values[:, None] - values) ** p) ** (1 / p)


for p in (1, 2):
    seen = []
    for unit in (0.1, 1, 10):
        plain = [tcor(unit * x, y, p=p) for y in others]
        right = [tcor(unit * x, y, p=p, alpha=diameter(y, p) / diameter(unit * x, p)) for y in others]
        seen.append((plain, right))
        both = (" / ".join(f"{value:.2f}" for value in values) for values in (plain, right))
        print("p = {}, x times {}: tcor {}, right alpha {}".format(p, unit, *both))
    plain, right = np.swapaxes(seen, 0, 1)
    assert np.ptp(right, axis=0).max() < 1e-6 and abs(right[0, 0] - 1) < 1e-6
    assert p == 1 or (np.ptp(plain, axis=0) > 0.5).all(), "the unit drops out now"
PY
env/bin/python unit.py
