#!/usr/bin/env bash
# biasvariance-toolkit 1.0.0: it restores the last weights as the best; bias and variance are those of overfitted networks.
#
# The decomposition trains a network on many resampled tables and splits the error into bias and variance. Each training
# stops when the validation loss no longer falls, and goes back to the weights of the best epoch: early stopping, which is
# there to lower the variance. The package keeps `model.state_dict()` of the best epoch. That is no copy: it holds the very
# tensors that the optimiser goes on changing, so that what is put back is what is there already. All networks are those of
# `patience` epochs too late. Besides, the table is resampled first and split then: more than half of the validation rows
# are also trained on.
# Seen when the weights at the end were set beside those of each epoch.
#
# Output seen (biasvariance-toolkit 1.0.0, torch 2.13.0, scikit-learn 1.9.1; 40 rows of a noisy sine, 10 networks of 100
# units):
#   weights at the end: those of the last epoch 10 of 10, those of the best epoch 0 of 10; 7 to 100 epochs late
#   validation rows that are also trained on: 59%
#   theirs: squared bias 0.215, variance 0.315, error 0.530
#   with the best weights: squared bias 0.137, variance 0.153, error 0.290
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps biasvariance-toolkit==1.0.0

cat > best.py <<'PY'
import contextlib
import copy
import io

import numpy as np
import torch
from biasvariance_toolkit import estimate_bias_variance_mse
from torch import nn

torch.set_num_threads(1)
np.random.seed(0)
torch.manual_seed(0)
draw = np.random.default_rng(0)
rows = draw.uniform(-1, 1, (40, 2))
outcome = (np.sin(3 * rows[:, :1]) + draw.normal(0, 0.7, size=(40, 1))).astype(np.float32)
new = draw.uniform(-1, 1, (500, 2))
truth = np.sin(3 * new[:, :1]).astype(np.float32)
of_row = {tuple(row): value for row, value in zip(rows.astype(np.float32), outcome[:, 0])}
made = []


class Recorded(nn.Module):  # remembers its weights and its loss whenever it is asked outside of training
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 100), nn.ReLU(), nn.Linear(100, 100), nn.ReLU(), nn.Linear(100, 1))
        self.seen = []
        made.append(self)

    def forward(self, x):
        told = self.layers(x)
        if self.training:
            self.trained_on = getattr(self, "trained_on", set()) | {tuple(row) for row in x.numpy()}
        else:
            keys = [tuple(row) for row in x.numpy()]
            if all(key in of_row for key in keys):
                loss = np.mean([(float(value) - of_row[key]) ** 2 for value, key in zip(told[:, 0], keys)])
                also_trained = np.mean([key in self.trained_on for key in keys])
                self.seen.append((loss, copy.deepcopy(self.layers.state_dict()), also_trained))
        return told


with contextlib.redirect_stdout(io.StringIO()):
    bias, variance, error, *_ = estimate_bias_variance_mse(
        Recorded, rows, outcome, new, truth, nn.MSELoss(),
        num_models=10, max_epochs=400, patience=100, batch_size=16, lr=0.003)


def equal(one, other):
    return all(torch.equal(one[name], other[name]) for name in one)


told, last, best, shares, late = [], [], [], [], []
x = torch.tensor(new, dtype=torch.float32)
for model in made:
    epochs = model.seen[:-1]  # the last one is asked for the training loss, after the restoring
    at = int(np.argmin([loss for loss, *_ in epochs]))
    end = model.seen[-1][1]
    assert not equal(end, epochs[at][1]), "the best weights come back now"
    last.append(equal(end, epochs[-1][1]))
    late.append(len(epochs) - 1 - at)
    shares.append(epochs[-1][2])
    with torch.no_grad():
        model.layers.load_state_dict(epochs[at][1])
        best.append(model.layers(x).numpy()[:, 0])
best = np.array(best)
by_hand = np.mean((best.mean(axis=0) - truth[:, 0]) ** 2), np.mean(best.var(axis=0))
print(f"weights at the end: those of the last epoch {np.sum(last)} of 10, those of the best epoch 0 of 10; "
      f"{min(late)} to {max(late)} epochs late")
print(f"validation rows that are also trained on: {np.mean(shares):.0%}")
print(f"theirs: squared bias {bias:.3f}, variance {variance:.3f}, error {error:.3f}")
print(f"with the best weights: squared bias {by_hand[0]:.3f}, variance {by_hand[1]:.3f}, error {sum(by_hand):.3f}")
assert all(last) and variance > 1.2 * by_hand[1] and abs(bias + variance - error) < 1e-4
PY
PYTHONWARNINGS=ignore env/bin/python best.py
