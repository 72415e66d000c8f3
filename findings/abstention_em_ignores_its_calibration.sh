#!/usr/bin/env bash
# abstention 0.1.3.1: label shift by EM "with calibration" runs on the target's uncalibrated probabilities.
#
# Where only the classes' shares differ between source and target, EM estimates the target's shares from a classifier's
# probabilities. It needs calibrated ones; networks are overconfident, so one calibrates on labelled source rows first.
# `EMImbalanceAdapter` takes a `calibrator_factory` for this. It fits the calibrator, and uses it for the source's shares and
# for the predictions at the end. But the target's probabilities, all that EM works on, go in as they came: they
# are calibrated under a name that is not read again. With logits three times too large, the error is nearly four times
# that of the same class when it is handed probabilities that were calibrated beforehand.
# BBSE and RLLS of the same package do calibrate both.
# Seen when the shares were set beside EM by hand, before and after calibration.
#
# Output seen (abstention 0.1.3.1, scikit-learn 1.9.1; error: largest of the three shares, mean of ten draws):
#   logits times 1: error with calibrator_factory 0.0082, calibrated by hand, EM by hand 0.0074, calibrated by hand,
#   EM of the library 0.0074
#   logits times 3: error with calibrator_factory 0.0270, calibrated by hand, EM by hand 0.0074, calibrated by hand,
#   EM of the library 0.0074
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check \
    abstention==0.1.3.1 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1

cat > shares.py <<'PY'
import numpy as np
from abstention.calibration import TempScaling
from abstention.label_shift import EMImbalanceAdapter
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

centres = np.random.default_rng(0).normal(0, 1, (3, 5))
shares = np.array([0.1, 0.2, 0.7])


def sample(draw, shares):
    labels = draw.choice(3, 3000, p=shares)
    rows = centres[labels] + draw.normal(size=(3000, 5))
    return rows @ centres.T - (centres**2).sum(axis=1) / 2, labels


def by_hand(target, source_shares):
    estimate = source_shares
    for _ in range(300):
        weighted = target * estimate / source_shares
        estimate = (weighted / weighted.sum(axis=1, keepdims=True)).mean(axis=0)
    return estimate


def error(estimate):
    return np.abs(estimate - truth).max()


for factor in (1, 3):
    errors = []
    for seed in range(10):
        draw = np.random.default_rng(seed)
        (source, labels), (target, hidden) = sample(draw, np.ones(3) / 3), sample(draw, shares)
        truth = np.bincount(hidden) / len(hidden)
        source, target = softmax(factor * source, axis=1), softmax(factor * target, axis=1)

        def loss(x):
            return -log_softmax(np.log(source) * x[0] + np.r_[0, x[1:]], axis=1)[np.arange(3000), labels].mean()

        best = minimize(loss, [1, 0, 0]).x
        calibrated = [softmax(np.log(p) * best[0] + np.r_[0, best[1:]], axis=1) for p in (source, target)]
        one_hot, method = np.eye(3)[labels], TempScaling(bias_positions="all")
        library = EMImbalanceAdapter(calibrator_factory=method, max_iterations=300, tolerance=1e-12)
        handed = EMImbalanceAdapter(max_iterations=300, tolerance=1e-12)
        own = calibrated[0].mean(axis=0)
        found = library(target, source, one_hot).multipliers * own
        before = handed(calibrated[1], calibrated[0]).multipliers * own
        assert np.allclose(before, by_hand(calibrated[1], own), atol=1e-3)
        assert np.allclose(found, by_hand(target, own), atol=1e-3), "EM sees the calibrated probabilities now"
        errors.append([error(found), error(by_hand(calibrated[1], own)), error(before)])
    found, right, before = np.mean(errors, axis=0)
    print(f"logits times {factor}: error with calibrator_factory {found:.4f}, calibrated by hand, EM by hand {right:.4f}, "
          f"calibrated by hand, EM of the library {before:.4f}")
assert found > 2 * right, "EM sees the calibrated probabilities now"
PY
env/bin/python shares.py
