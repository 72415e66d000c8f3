#!/usr/bin/env bash
# pytorch-adapt 0.0.83: ISTValidator gives the best score to the epoch whose domains are farthest apart.
#
# Validators choose an epoch, or settings, without labels in the target: the highest score wins. One idea (Shi and Sha 2012) is
# how much a row's neighbours tell about its domain, which is to be small: then source and target are mixed. As a loss,
# `ISTLoss`, this is minimised, and rightly so. `ISTValidator` returns the very same number, without the minus sign that
# MMDValidator and the others put before a loss. So the score rises as the domains part, and `ScoreHistory`, which keeps
# the best epoch, keeps the worst one. Negated it ranks the epochs as the accuracy on the target does.
# Seen when its scores were set beside MMDValidator's and the accuracy on the target, which is known here.
#
# Output seen (pytorch-adapt 0.0.83, PyTorch 2.14.1; 300 rows a domain; the domains come nearer):
#   epoch 0: accuracy on the target 0.53, MMDValidator -0.712, ISTValidator 0.0100, ISTLoss 0.0100, by hand 0.0100
#   epoch 1: accuracy on the target 0.54, MMDValidator -0.529, ISTValidator 0.0090, ISTLoss 0.0090, by hand 0.0090
#   epoch 2: accuracy on the target 0.71, MMDValidator -0.190, ISTValidator 0.0031, ISTLoss 0.0031, by hand 0.0031
#   epoch 3: accuracy on the target 0.86, MMDValidator -0.048, ISTValidator 0.0012, ISTLoss 0.0012, by hand 0.0012
#   epoch 4: accuracy on the target 0.95, MMDValidator 0.000, ISTValidator 0.0001, ISTLoss 0.0001, by hand 0.0001
#   best epoch: by accuracy 4, by MMDValidator 4, by ISTValidator 0
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check pytorch-adapt==0.0.83 torch==2.14.1 torchvision==0.29.1 \
    torchmetrics==0.9.3 pytorch-metric-learning==1.6.3 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 setuptools==80.9.0

cat > epochs.py <<'PY'
import numpy as np
import torch
from pytorch_adapt.layers import ISTLoss
from pytorch_adapt.validators import ISTValidator, MMDValidator, ScoreHistory
from scipy.special import softmax
from scipy.stats import entropy
from sklearn.neighbors import NearestCentroid

ist, mmd, accuracies = ScoreHistory(ISTValidator()), ScoreHistory(MMDValidator(mmd_kwargs={"mmd_type": "quadratic"})), []
draw = np.random.default_rng(0)
labels = draw.integers(0, 2, (2, 300))
for epoch, gap in enumerate((6, 4, 2, 1, 0)):
    source, target = draw.normal(size=(2, 300, 8)) + 3 * labels[:, :, None] * np.eye(8)[0]
    target[:, :2] += gap  # along the classes and across them
    parts = [{"features": torch.tensor(rows), "domain": torch.full((300,), number)} for number, rows in enumerate((source, target))]
    for history in (ist, mmd):
        history(epoch=epoch, src_train=parts[0], target_train=parts[1])
    accuracies.append(NearestCentroid().fit(source, labels[0]).score(target, labels[1]))
    rows = np.concatenate([source, target])
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    near = softmax(np.where(np.eye(600, dtype=bool), -np.inf, unit @ unit.T), axis=1)[:, 300:].sum(axis=1)  # of the target
    by_hand = entropy([near.mean(), 1 - near.mean()]) - entropy([near, 1 - near]).mean()
    loss = float(ISTLoss()(torch.tensor(rows), torch.tensor(np.repeat([0, 1], 300))))
    print(f"epoch {epoch}: accuracy on the target {accuracies[-1]:.2f}, MMDValidator {mmd.latest_score:.3f}, "
          f"ISTValidator {float(ist.latest_score):.4f}, ISTLoss {loss:.4f}, by hand {by_hand:.4f}")
    assert abs(float(ist.latest_score) - by_hand) < 1e-6 and abs(loss - by_hand) < 1e-6, "the score is no longer the loss"
print(f"best epoch: by accuracy {np.argmax(accuracies)}, by MMDValidator {mmd.best_epoch}, by ISTValidator {ist.best_epoch}")
assert np.argmax(accuracies) == mmd.best_epoch == 4 and ist.best_epoch == 0
PY
env/bin/python epochs.py 2> /dev/null
