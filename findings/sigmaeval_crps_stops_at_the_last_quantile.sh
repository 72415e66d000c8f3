#!/usr/bin/env bash
# sigmaeval 0.1.0: its CRPS from quantiles stops at the last one, so a sharp forecast that is far off gets a mark close to perfect.
#
# The CRPS of a forecast is the area of the squared distance between its distribution function and the step at the value
# that came. Where the value lies outside of all told quantiles, the stretch between them and the value is nearly all
# of this area: it is what a forecast pays for being far off. `crps_quantile` adds up squares over the gaps between the
# told quantiles only. So the most that it can take off is the forecast's own width, however far off it is, and the sharper a
# forecast the better its mark: of normal forecasts round the right mean the narrowest wins. The description calls it
# a proper scoring rule with 0 for a perfect forecast, and its own `crps_gaussian` is one.
# Seen when quantiles of a forecast that was 10 off scored better than those of the true distribution.
#
# Output seen (sigmaeval 0.1.0, NumPy 2.4.6, SciPy 1.17.1; 1000 values from N(0, 1), quantiles at 1 to 99 %; SciPy: 200 values):
#   N(0, 1): from quantiles 0.541; by hand 0.555, its own closed form 0.549, by SciPy 0.513
#   N(0, 0.3): from quantiles 0.375; by hand 0.648, its own closed form 0.643, by SciPy 0.599
#   N(0, 0.01): from quantiles 0.017; by hand 0.772, its own closed form 0.772, by SciPy 0.731
#   N(3, 1): from quantiles 1.643; by hand 2.518, its own closed form 2.498, by SciPy 2.566
#   N(10, 1): from quantiles 1.745; by hand 9.508, its own closed form 9.484, by SciPy 9.556
#   N(10, 0.01): from quantiles 0.017; by hand 10.043, its own closed form 10.042, by SciPy 10.115
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check sigmaeval==0.1.0 numpy==2.4.6 scipy==1.17.1

cat > crps.py <<'PY'
import numpy as np
from scipy.integrate import quad
from scipy.stats import norm
from sigmaeval.sigmaeval import crps_gaussian, crps_quantile

values = np.random.default_rng(0).normal(size=1000)
levels = np.arange(1, 100) / 100


def pinball(quantiles):  # by hand: twice the mean loss of the quantiles is the CRPS as their number grows
    gaps = values - quantiles[:, None]
    return 2 * np.mean(np.where(gaps > 0, levels[:, None] * gaps, (levels[:, None] - 1) * gaps))


def area(mean, width):  # by SciPy: the integral itself, for every fifth value
    def one(value):
        below = quad(lambda at: norm.cdf(at, mean, width)**2, min(mean - 9 * width, value), value, points=[mean], limit=200)[0]
        above = quad(lambda at: norm.sf(at, mean, width)**2, value, max(mean + 9 * width, value), points=[mean], limit=200)[0]
        return below + above
    return np.mean([one(value) for value in values[::5]])


found = {}
for mean, width in ((0, 1), (0, 0.3), (0, 0.01), (3, 1), (10, 1), (10, 0.01)):
    quantiles = norm.ppf(levels, mean, width)
    told = np.repeat(quantiles[:, None], len(values), axis=1)
    closed = crps_gaussian(values, np.full(1000, float(mean)), np.full(1000, float(width)))
    found[mean, width] = crps_quantile(told, levels, values, normalization=False), pinball(quantiles), closed
    print("N({}, {}): from quantiles {:.3f}; by hand {:.3f}, its own closed form {:.3f}, by SciPy {:.3f}".format(
        mean, width, *found[mean, width], area(mean, width)))
    assert abs(found[mean, width][1] - closed) < 0.03
first, by_hand, _ = np.array(list(found.values())).T
assert np.argmin(by_hand) == 0 and np.argmax(by_hand) >= 4
assert first[5] < 0.05 and first[2] < first[1] < first[0], "it goes on to the value now"
PY
env/bin/python crps.py
