#!/usr/bin/env bash
# uncertainty-toolbox 0.1.1: its recalibration of quantiles moves them away from the values, so a bias is doubled.
#
# A regression net tells a mean and a spread for each row. `get_quantile_recalibrator` fits on held-out rows which quantiles
# to tell instead, so that in the end a share q of the values lies below the quantile q. For that one counts the values below
# each told quantile. `get_proportion_under_quantile` is described so, and counts the values above the mirrored quantile: the
# residual is taken as mean minus value where value minus mean is meant. Where the errors are symmetric around 0 both
# counts agree, and the mean calibration error, a sum over all quantiles, is the same for both; so checks with such data see
# nothing. With a bias, as after a shift from source to target, the recalibration goes the wrong way: a mean that is one
# spread too low ends as a median two spreads too low. `get_interval_recalibrator` measures the residual's size and is right.
# Seen when the recalibrated quantiles were counted on fresh rows.
#
# Output seen (uncertainty-toolbox 0.1.1, scikit-learn 1.9.1, SciPy 1.17.1; share of 20000 fresh values below the quantile):
#   bias 0, spread 2: q 0.1: told 0.26, recalibrated 0.12, by hand 0.11
#   bias 0, spread 2: q 0.5: told 0.50, recalibrated 0.50, by hand 0.50
#   bias 0, spread 2: q 0.9: told 0.74, recalibrated 0.88, by hand 0.90
#   bias 1, spread 1: q 0.1: told 0.01, recalibrated 0.00, by hand 0.10
#   bias 1, spread 1: q 0.5: told 0.16, recalibrated 0.03, by hand 0.50
#   bias 1, spread 1: q 0.9: told 0.61, recalibrated 0.24, by hand 0.90
#   bias 1, spread 1: share below the told median: the package 0.84, counted 0.16
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check uncertainty-toolbox==0.1.1 numpy==2.4.6 scipy==1.17.1 \
    scikit-learn==1.9.1

cat > quantiles.py <<'PY'
import numpy as np
from scipy.stats import norm
from uncertainty_toolbox.metrics_calibration import get_proportion_under_quantile
from uncertainty_toolbox.recalibration import get_quantile_recalibrator

draw = np.random.default_rng(0)
for bias, spread in ((0, 2), (1, 1)):  # the told spread is 1
    mean, new = draw.normal(size=2000), draw.normal(size=20_000)
    held_out, fresh = (m + bias + spread * draw.normal(size=len(m)) for m in (mean, new))
    recalibrate = get_quantile_recalibrator(mean, np.ones(2000), held_out)
    for q in (0.1, 0.5, 0.9):
        told, recalibrated = new + norm.ppf(q), recalibrate(new, np.ones(len(new)), q)
        by_hand = new + np.quantile(held_out - mean, q)  # the quantile of the residuals on the held-out rows
        shares = [(fresh <= bound).mean() for bound in (told, recalibrated, by_hand)]
        print("bias {}, spread {}: q {}: told {:.2f}, recalibrated {:.2f}, by hand {:.2f}".format(bias, spread, q, *shares))
        assert abs(shares[2] - q) < 0.03 and (abs(shares[1] - q) < 0.03) == (bias == 0)
        assert bias == 0 or shares[1] < shares[0], "it moves the quantile towards the values now"
package, counted = get_proportion_under_quantile(mean, np.ones(2000), held_out, 0.5), (held_out <= mean).mean()
print(f"bias {bias}, spread {spread}: share below the told median: the package {package:.2f}, counted {counted:.2f}")
assert abs(package - (1 - counted)) < 1e-9 and counted < 0.2
PY
env/bin/python quantiles.py 2> /dev/null
