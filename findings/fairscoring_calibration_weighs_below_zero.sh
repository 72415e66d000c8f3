#!/usr/bin/env bash
# fair-scoring 0.2.1: weighted over the scores, its calibration bias gives the lowest bin a weight far below zero.
#
# `CalibrationMetric` compares two groups' calibration curves: in each bin of scores the share of good outcomes of one group
# less the other's. With `weighting="scores"` it is the mean over the range of scores, so that each bin weighs by its width.
# The code takes the mean score of the lowest bin from that bin's width. For scores that begin at 0 the bin then counts half.
# Credit scores begin at 300: where each bin is 11 wide, the lowest weighs 11 - 305. The result, a mean of absolute gaps, can
# be below zero, and the same scores less 300 have another bias. The weighting by rows is right.
# Seen when the bias of credit scores was below zero.
#
# Output seen (fair-scoring 0.2.1, 20000 rows, scores 550 wide, 50 bins; a gap of 0.15 between the groups):
#   only lowest tenth, scores from 0: bias 0.054, by hand 0.054
#   only lowest tenth, scores from 300: bias -0.040, by hand 0.054
#   all but lowest tenth, scores from 0: bias 0.131, by hand 0.130
#   all but lowest tenth, scores from 300: bias 0.223, by hand 0.130
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 \
    scikit-learn==1.9.1 matplotlib==3.11.2
env/bin/python -m pip install -q --disable-pip-version-check --no-deps fair-scoring==0.2.1

cat > bins.py <<'PY'
import numpy as np
from fairscoring.metrics import CalibrationMetric

draw = np.random.default_rng(0)
place, group = draw.random(20000), draw.choice(["x", "y"], 20000)
bins = np.minimum((50 * place).astype(int), 49)
for name, low in (("only lowest tenth", True), ("all but lowest tenth", False)):
    good = draw.random(20000) < 0.2 + 0.6 * place - 0.15 * ((group == "x") & ((place < 0.1) == low))
    gaps = [good[(bins == one) & (group == "y")].mean() - good[(bins == one) & (group == "x")].mean() for one in range(50)]
    found = []
    for start in (0, 300):
        scores = start + 550 * place
        result = CalibrationMetric(weighting="scores").bias(scores, good.astype(int), group, ["x", "y"], 1)
        found.append(result.bias)
        print(f"{name}, scores from {start}: bias {result.bias:.3f}, by hand {np.mean(np.abs(gaps)):.3f}")
    assert abs(found[0] - np.mean(np.abs(gaps))) < 0.005 and abs(found[1] - found[0]) > 0.05, "no weight is below zero now"
PY
env/bin/python bins.py
