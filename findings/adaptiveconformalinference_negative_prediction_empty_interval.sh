#!/usr/bin/env bash
# adaptive-conformal-inference 1.0.1: the relative interval of a negative prediction is empty, and every row still counts as a hit.
#
# The package pairs a score and a set: `relative_error_score`, |y - p| / |p|, and `relative_interval_set`, from p (1 - q) to
# p (1 + q). The score takes the size of the prediction, so it is made for both signs; the set does not, and for p below zero its lower
# end lies above its upper one. Nothing is inside. `observe` decides about a hit by the score, not by the interval it
# gave out: it reports 90 %, and the level never adapts. For predictions below zero (degrees, profits, log ratios) no value is
# ever held; around zero half of them are lost. Sorting the two ends puts it right.
# Seen when hits were counted from the intervals.
#
# Output seen (adaptive-conformal-inference 1.0.1; alpha 10 %, 3000 rounds, the first 500 left out):
#   predictions round 10: reported 89.8%, in the interval 89.8%, ends the wrong way round 0.0%; ends sorted 89.8%
#   predictions round 0: reported 89.8%, in the interval 42.6%, ends the wrong way round 52.1%; ends sorted 89.8%
#   predictions round -10: reported 89.8%, in the interval 0.0%, ends the wrong way round 100.0%; ends sorted 89.8%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check adaptive-conformal-inference==1.0.1 numpy==2.4.6 openpyxl==3.1.5

cat > signs.py <<'PY'
import numpy as np
from aci import ACI, relative_error_score, relative_interval_set

for centre in (10, 0, -10):
    draw = np.random.default_rng(0)
    predictions = centre + 3 * draw.normal(size=3000)
    values = predictions * (1 + 0.1 * draw.normal(size=3000))
    rule = ACI(alpha=0.1, gamma=0.005, score_fn=relative_error_score, set_fn=relative_interval_set)
    found = []
    for prediction, value in zip(predictions, values):
        low, high = rule.issue(prediction)
        found.append((rule.observe(value)["hit"], low <= value <= high, low > high, min(low, high) <= value <= max(low, high)))
    reported, held, wrong, right = np.mean(found[500:], axis=0)
    print(f"predictions round {centre}: reported {reported:.1%}, in the interval {held:.1%}, ends the wrong way round {wrong:.1%}; "
          f"ends sorted {right:.1%}")
    assert abs(reported - 0.9) < 0.02 and abs(right - 0.9) < 0.02
    assert held == (reported if centre > 0 else 0 if centre < 0 else held) and (centre or held < 0.6), "negative predictions have intervals now"
PY
env/bin/python signs.py
