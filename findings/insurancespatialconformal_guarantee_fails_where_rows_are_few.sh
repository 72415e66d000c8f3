#!/usr/bin/env bash
# insurance-spatial-conformal 0.1.0: its "exact" 90 % are 60 to 79 % at a narrow bandwidth; the new row hardly counts.
#
# Intervals for a place take the quantile of the known errors, weighted by how near they are. For the coverage to hold, the
# new row counts too, with an error of infinity and the weight of its own place (Tibshirani and others 2019): 1 for these
# kernels. With few rows near, the interval is then honestly infinite. `predict_interval` gives it the mean weight of all
# known rows, next to 0 when the kernel is narrow against the country, and says that coverage then "holds exactly". Here the
# errors are the same everywhere, so nothing local is to be found, and still 40 % of the rows lie outside 90 % intervals.
# The class that chooses the bandwidth gives the new row the weight 1: it judges other intervals than those that are made.
# With the weight 1 the 90 % hold.
# Seen when the coverage fell as the bandwidth did.
#
# Output seen (insurance-spatial-conformal 0.1.0, NumPy 2.4.6; 1000 known rows over 200 by 200 km, 200 new ones, means of 20
# draws):
#   bandwidth 2 km: told 90%, held 59.7%, infinite 0%; with the weight 1 held 100.0%, infinite 100%
#   bandwidth 5 km: told 90%, held 78.8%, infinite 0%; with the weight 1 held 100.0%, infinite 100%
#   bandwidth 10 km: told 90%, held 87.4%, infinite 0%; with the weight 1 held 99.2%, infinite 76%
#   bandwidth 50 km: told 90%, held 90.3%, infinite 0%; with the weight 1 held 90.9%, infinite 0%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check insurance-spatial-conformal==0.1.0 numpy==2.4.6 scipy==1.17.1 \
    scikit-learn==1.9.1

cat > bandwidth.py <<'PY'
import numpy as np
from insurance_spatial_conformal import SpatialConformalPredictor
from sklearn.dummy import DummyRegressor

model = DummyRegressor(strategy="constant", constant=10).fit([[0]], [10])
for width in (2, 5, 10, 50):
    found = []
    for seed in range(20):
        draw = np.random.default_rng(seed)
        north, east = 51 + 1.8 * draw.random(1200), -2 + 2.9 * draw.random(1200)
        outcome, known, new = draw.normal(10, size=1200), slice(0, 1000), slice(1000, 1200)
        table = np.zeros((1200, 1))
        spatial = SpatialConformalPredictor(model, nonconformity="absolute", bandwidth_km=width, n_eff_min=0)
        spatial.calibrate(table[known], outcome[known], lat=north[known], lon=east[known])
        told = spatial.predict_interval(table[new], lat=north[new], lon=east[new], alpha=0.1)
        held = (told.lower <= outcome[new]) & (outcome[new] <= told.upper)

        turns = [np.deg2rad(north), np.deg2rad(east)]  # by hand: great circles, then the quantile with the new row's weight
        half = [np.sin((values[known, None] - values[None, new]) / 2) ** 2 for values in turns]
        flat = half[0] + np.cos(turns[0])[known, None] * np.cos(turns[0])[None, new] * half[1]
        weights = np.exp(-((2 * 6371 * np.arcsin(np.sqrt(flat)) / width) ** 2))
        errors = np.abs(outcome[known] - 10)
        order = np.argsort(errors)
        bounds = []
        for own in (weights.mean(axis=0), np.ones(200)):
            reached = np.cumsum(weights[order], axis=0) / (weights.sum(axis=0) + own) >= 0.9
            bounds.append(np.where(reached.any(axis=0), errors[order][reached.argmax(axis=0)], np.inf))
        assert np.allclose(bounds[0], (told.upper - told.lower) / 2), "the new row has another weight now"
        right = np.mean(np.abs(outcome[new] - 10) <= bounds[1])
        found.append([held.mean(), np.isinf(told.upper).mean(), right, np.isinf(bounds[1]).mean()])
    means = np.mean(found, axis=0)
    print("bandwidth {} km: told 90%, held {:.1%}, infinite {:.0%}; "
          "with the weight 1 held {:.1%}, infinite {:.0%}".format(width, *means))
    assert means[2] > 0.89 and (means[0] < 0.82 if width <= 5 else means[0] < 0.92)
PY
PYTHONWARNINGS=ignore env/bin/python bandwidth.py
