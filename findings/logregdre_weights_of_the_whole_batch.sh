#!/usr/bin/env bash
# log-reg-dre 0.1.8: its weights against covariate shift change nothing but the step; any weights end in the unweighted fit.
#
# Under covariate shift each source row's loss is multiplied by its own weight, target density over source density.
# `StandardEstimator` multiplies errors of shape (n, 1) by weights of shape (n,): that makes an n by n table of each error
# times each weight. Its mean is the mean error times the mean weight. So a batch has one weight for all its rows, and with
# all rows in one batch the optimum is exactly that of no weights. `RUEstimator`, robust regression with the same weights,
# multiplies alike. The weights would be upside down besides: the classifier marks source rows with 1 and p / (1 - p) is
# source over target, so the rows that the target has least of would count most.
# Seen when a fit for a far target was the same line as without weights.
#
# Output seen (log-reg-dre 0.1.8, PyTorch 2.13.0; x squared by a line: slope and offset; source around 0, target around 1.5):
#   StandardEstimator: slope -0.30, offset 0.61
#   StandardEstimator, weights of all sorts: slope -0.30, offset 0.61
#   least squares without weights: slope -0.30, offset 0.61
#   least squares, each row by its weight: slope -2.87, offset -1.34
#   least squares, each row by one over its weight: slope 1.49, offset -0.22
#   least squares on the target: slope 3.17, offset -2.21
#   largest of its losses less mean error times mean weight: 0.0000
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps log-reg-dre==0.1.8

cat > weights.py <<'PY'
import numpy as np
import torch
from log_reg_dre import (
    RU_loss,
    StandardEstimator,
    estimate_density_ratio,
    train_logistic_ratio_classifier,
    weighted_mse_loss,
)

draw = np.random.default_rng(0)
source, target = draw.normal(0, 1, 40), draw.normal(1.5, 0.5, 40)
classifier = train_logistic_ratio_classifier(source[:, None], target[:, None])
weights = np.array([estimate_density_ratio(x, classifier) for x in source])


class Other:
    def predict_proba(self, x):
        share = 1 / (1 + np.exp(-3 * np.sin(9 * x[:, 0])))
        return np.stack([1 - share, share], axis=1)


def tell(name, line):
    print(f"{name}: slope {line[0]:.2f}, offset {line[1]:.2f}")
    return line


def trained(classifier):
    torch.manual_seed(0)
    estimator = StandardEstimator(classifier, n_epochs=600, batch_size=40).fit(source, source**2)
    return [part.item() for part in estimator.model.parameters()]


first = tell("StandardEstimator", trained(classifier))
second = tell("StandardEstimator, weights of all sorts", trained(Other()))
plain = tell("least squares without weights", np.polyfit(source, source**2, 1))
tell("least squares, each row by its weight", np.polyfit(source, source**2, 1, w=weights**0.5))
tell("least squares, each row by one over its weight", np.polyfit(source, source**2, 1, w=weights**-0.5))
tell("least squares on the target", np.polyfit(target, target**2, 1))
said, truth = torch.randn(40, 1), torch.randn(40, 1)
by_mean = ((said - truth) ** 2).mean() * weights.mean()
apart = [weighted_mse_loss(said, truth, torch.tensor(weights)) - by_mean]
both = [RU_loss(said, 0 * said, 2, truth, torch.tensor(w)) for w in (weights, [weights.mean()])]
apart = max(abs(value.item()) for value in (*apart, both[0] - both[1]))
print(f"largest of its losses less mean error times mean weight: {apart:.4f}")
assert np.allclose([first, second], plain, atol=0.02) and apart < 1e-3, "each row has its own weight now"
assert weights[source.argmax()] < weights[source.argmin()], "the weights are target over source now"
PY
env/bin/python weights.py
