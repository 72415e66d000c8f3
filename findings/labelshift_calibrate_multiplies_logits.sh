#!/usr/bin/env bash
# labelshift 0.2.11: without a calibrator, `calibrate` multiplies the target's logits by the class weights, not probabilities.
#
# Its estimators BBSE, RLLS and MLLS take logits, estimate the target's shares of the classes and, by `calibrate`, correct
# predictions for them: probability times weight, over the sum of these. `fit` turns logits into probabilities by softmax.
# `calibrate` leaves this to the calibrator, and by default there is none: then the logits themselves are multiplied and
# divided by their sum. Logits have either sign, so "probabilities" of -700 come out, the sign of the sum turns the order
# round, and a weight above 1 pushes a negative logit further down. The estimated shares are right. The corrected
# predictions are far worse than the uncorrected ones. With one of its two calibrators, all is as it should be.
# Seen when the corrected predictions were scored on a target with known shares.
#
# Output seen (labelshift 0.2.11; three classes, a third each in the source; 3000 rows on either side):
#   true shares [0.09 0.19 0.72] accuracy without correction 0.896
#   BBSE, calibrator None: shares [0.096 0.18  0.724]; accuracy 0.666, softmax first 0.920; from -728 to 629
#   BBSE, calibrator Temperature Scaling (TS): shares [0.096 0.18  0.724]; accuracy 0.920, softmax first 0.920; from 0 to 1
#   MLLS, calibrator None: shares [0.105 0.179 0.716]; accuracy 0.665, softmax first 0.919; from -230 to 118
#   MLLS, calibrator Temperature Scaling (TS): shares [0.106 0.179 0.715]; accuracy 0.919, softmax first 0.919; from 0 to 1
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check torch==2.14.1 torchvision==0.29.1 cvxpy==1.9.3 pyyaml tqdm \
    numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps labelshift==0.2.11  # transformers plays no part here

cat > weights.py <<'PY'
import numpy as np
from labelshift.calibrations import TemperatureScaling
from labelshift.methods import BBSE, MLLS
from scipy.special import softmax

draw = np.random.default_rng(0)
centres = draw.normal(0, 1, (3, 5))


def sample(shares):
    labels = draw.choice(3, 3000, p=shares)
    rows = centres[labels] + draw.normal(size=(3000, 5))
    return rows @ centres.T - (centres**2).sum(axis=1) / 2, labels


def score(predictions):
    return np.mean(predictions.argmax(axis=1) == truth)


source, labels = sample(np.ones(3) / 3)
target, truth = sample([0.1, 0.2, 0.7])
print("true shares", np.round(np.bincount(truth) / 3000, 3), f"accuracy without correction {score(target):.3f}")
for method in (BBSE, MLLS):
    for calibrator in (None, TemperatureScaling()):
        fitted = method(calibrator=calibrator).fit(target, source, labels)
        found, right = fitted.calibrate(target), softmax(target + np.log(fitted.imp_weights), axis=1)
        print(f"{method.__name__}, calibrator {calibrator}: shares {np.round(fitted.estim_target_dist, 3)}; accuracy "
              f"{score(found):.3f}, softmax first {score(right):.3f}; from {found.min():.0f} to {found.max():.0f}")
        assert np.abs(fitted.estim_target_dist - np.bincount(truth) / 3000).max() < 0.04
        assert score(right) > score(target)
        assert score(found) > score(target) if calibrator else found.min() < -9, "logits go through softmax now"
        assert calibrator or score(found) < score(target) - 0.1, "logits go through softmax now"
PY
env/bin/python weights.py 2> /dev/null
