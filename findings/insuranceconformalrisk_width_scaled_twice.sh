#!/usr/bin/env bash
# insurance-conformal-risk 0.1.0: its width budget is divided by the scale twice; allowed 500, it refuses, or stays far below.
#
# `IntervalWidthController` takes the largest quantile level at which intervals keep an expected width. `width_target` is
# documented as a fraction of `scale`: "width_target=0.5 with scale=1000 means expected width <= 500". It divides the widths
# by the scale and then holds them against width_target / scale: the budget is 0.5 whatever the scale. With claims of hundreds
# no level is narrow enough, and it asks for a larger target or, worse, a larger scale. With a scale of a few units it
# answers, with a level so low that the intervals miss most claims. With a scale of 1 it is right.
# Seen when the width in pounds and in thousands gave other levels.
#
# Output seen (insurance-conformal-risk 0.1.0; normal errors, 1000 rows, `width_target` 0.5; the budget is half of the scale):
#   scale 1, budget 0.5: level 0.85, mean width 0.49; by hand level 0.85
#   scale 2, budget 1: level 0.54, mean width 0.50; by hand level 0.85
#   scale 4, budget 2: level 0.29, mean width 0.50; by hand level 0.85
#   scale 10, budget 5: level 0.12, mean width 0.49; by hand level 0.85
#   scale 1000, budget 500: refused; by hand level 0.85
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check insurance-conformal-risk==0.1.0 numpy==2.4.6 scipy==1.17.1 polars==2.1.0

cat > width.py <<'PY'
import numpy as np
from insurance_conformal_risk import IntervalWidthController
from scipy.stats import norm

levels = np.linspace(0.02, 0.98, 193)
spread = np.random.default_rng(0).uniform(0.5, 1.5, size=1000)  # each row has its own
for scale in (1, 2, 4, 10, 1000):
    widths = 2 * norm.ppf((1 + levels) / 2) * spread[:, None] * scale / 6  # the same intervals in another unit
    right = levels[widths.mean(axis=0) <= 0.5 * scale].max()
    try:
        seen = IntervalWidthController(width_target=0.5, scale=scale, lambda_grid=levels).calibrate_from_widths(widths).lambda_hat_
    except RuntimeError:
        seen = None
    if seen is None:
        print(f"scale {scale}, budget {scale / 2:g}: refused; by hand level {right:.2f}")
        assert scale > 100, "it refuses less now"
        continue
    mean = widths[:, levels == seen].mean()
    print(f"scale {scale}, budget {scale / 2:g}: level {seen:.2f}, mean width {mean:.2f}; by hand level {right:.2f}")
    assert mean <= 0.5 and (abs(seen - right) < 0.02 if scale == 1 else seen < right - 0.2), "the budget grows with the scale now"
assert seen is None, "it does not refuse now"
PY
env/bin/python width.py
