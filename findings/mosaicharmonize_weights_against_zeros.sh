#!/usr/bin/env bash
# mosaic-harmonize 0.1.0: its weighted conformal intervals weigh rows against zeros, its pipeline knows no target.
#
# Under covariate shift each calibration row, and the row asked about, gets the ratio of the target's density to the
# calibration rows' (Tibshirani et al. 2019); then intervals hold as often as promised. `calibrate` takes the target rows and
# estimates the ratio. `predict` of the very same array uses it. For any other array, a part of it too, it estimates anew,
# between these rows and as many rows of zeros in place of the calibration rows. So a row's interval depends on its company.
# `MOSAICPipeline` has no target rows when it fits: it hands over the calibration rows twice, so that all weigh 1, and asks
# about others, so it always takes the zeros. "weighted_conformal", its default, then takes no account of where the target
# lies.
# Seen when the first 200 rows got other intervals, alone than among all.
#
# Output seen (mosaic-harmonize 0.1.0, scikit-learn 1.9.1; 90% wanted, noise grows with x; 10 draws; share held, median
# width):
#   target's mean 1: all rows 91%, 18.3; each 200 of them 98%, 18.7; pipeline 80%, 6.6
#   target's mean -1: all rows 90%, 2.4; each 200 of them 90%, 2.5; pipeline 98%, 6.6
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 pandas==3.1.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps mosaic-harmonize==0.1.0

cat > weights.py <<'PY'
import numpy as np
from mosaic import ConformalCalibrator, MOSAICPipeline
from sklearn.linear_model import LinearRegression


def rows(draw, mean):
    x = draw.normal(size=(1000, 2)) + [mean, 0]
    return x, x[:, 0] + np.exp(x[:, 0]) * draw.normal(size=1000)


for mean in (1, -1):
    found = []
    for seed in range(10):
        draw = np.random.default_rng(seed)
        (x, y), (x_cal, y_cal), (x_new, y_new) = rows(draw, 0), rows(draw, 0), rows(draw, mean)
        model = LinearRegression().fit(x, y)
        weighted = ConformalCalibrator("weighted", alpha=0.1).calibrate(model, x_cal, y_cal, X_test=x_new)
        parts = [weighted.predict(part) for part in np.split(x_new, 5)]
        pipe = MOSAICPipeline(harmonizer=None, robust_learner=None, base_estimator=LinearRegression())
        pipe.fit(x, y, np.repeat("a", 1000), X_cal=x_cal, y_cal=y_cal)
        assert np.ptp(pipe.calibrator_.density_ratios_cal_) < 1e-6, "the calibration rows have weights now"
        ends = [(one.lower, one.upper) for one in (weighted.predict(x_new), pipe.predict(x_new, center_id="a"))]
        ends.insert(1, [np.concatenate([getattr(part, end) for part in parts]) for end in ("lower", "upper")])
        found.append([(np.mean((low <= y_new) & (y_new <= high)), np.median(high - low)) for low, high in ends])
    (held, width), names = np.mean(found, axis=0).T, ("all rows", "each 200 of them", "pipeline")
    print(f"target's mean {mean}: " + "; ".join(f"{name} {h:.0%}, {w:.1f}" for name, h, w in zip(names, held, width)))
    assert abs(held[0] - 0.9) < 0.03, "the weights are wrong"
    assert mean < 0 or held[1] - held[0] > 0.03, "a part of the rows gets the same intervals now"
    assert abs(held[2] - 0.9) > 0.06, "the pipeline weighs now"
PY
env/bin/python weights.py
