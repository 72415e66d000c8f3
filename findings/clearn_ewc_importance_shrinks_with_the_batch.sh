#!/usr/bin/env bash
# clearn-ai 0.3.0: how strongly its EWC holds the old weights depends on the batch size of the loader; whole batches hold nothing.
#
# EWC pulls each weight back to its old value in proportion to its Fisher information: the mean over rows of the squared
# gradient of a row's log likelihood. clearn's documentation says the same, "E[grad(log p)^2]" over `n_fisher_samples` rows.
# It squares the gradient of the mean loss of a batch. The gradients of the rows cancel in that mean, more so the larger
# the batch, and after training they nearly sum to zero. With batches of 64 the importance is a fiftieth of the right one, so
# `lambda_=5000` acts like 100, with one batch of all rows it is nil, and old knowledge goes. Only batches of 1 are right.
# Seen when the same data in another batch size gave another penalty.
#
# Output seen (clearn-ai 0.3.0, PyTorch 2.13.0; 512 rows of a first task, then 300 full steps on a contrary second one):
#   batches of 1: mean importance 0.06900, 1.0000 of the right one; first task right 88.7%, after the second 88.7%
#   batches of 8: mean importance 0.00900, 0.1333 of the right one; first task right 88.7%, after the second 44.3%
#   batches of 64: mean importance 0.00134, 0.0183 of the right one; first task right 88.7%, after the second 35.7%
#   batches of 512: mean importance 0.00000, 0.0000 of the right one; first task right 88.7%, after the second 36.3%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 numpy==2.4.6 clearn-ai==0.3.0

cat > importance.py <<'PY'
import clearn
import numpy as np
import torch
from torch.nn.functional import cross_entropy, one_hot
from torch.utils.data import DataLoader, TensorDataset

draw = np.random.default_rng(0)
rows = torch.tensor(draw.normal(size=(512, 5)), dtype=torch.float32)
first = (rows[:, 0] + torch.tensor(draw.normal(size=512)) / 2 > 0).long()
second = (rows[:, 1] - rows[:, 0] > 0).long()
found = []
for size in (1, 8, 64, 512):
    torch.manual_seed(0)
    model = torch.nn.Linear(5, 2)
    steps = torch.optim.SGD(model.parameters(), lr=0.5)
    for _ in range(300):
        steps.zero_grad()
        cross_entropy(model(rows), first).backward()
        steps.step()
    errors = torch.softmax(model(rows), 1).detach() - one_hot(first, 2)  # a row's gradient is its error times its values
    exact = (errors**2).T @ rows**2 / 512
    taught = torch.mean((model(rows).argmax(1) == first).float()).item()
    guarded = clearn.wrap(model, strategy="ewc", lambda_=50, n_fisher_samples=512)
    guarded.strategy.consolidate(DataLoader(TensorDataset(rows, first), batch_size=size))
    seen = guarded.diagnostics()["fisher_mean"]
    share = torch.median(guarded.strategy.state_dict()["fisher"]["weight"] / exact).item()
    other = DataLoader(TensorDataset(rows, second), batch_size=512)
    guarded.fit(other, torch.optim.SGD(model.parameters(), lr=0.02), epochs=300)
    left = torch.mean((model(rows).argmax(1) == first).float()).item()
    found.append((share, left))
    print(f"batches of {size}: mean importance {seen:.5f}, {share:.4f} of the right one; "
          f"first task right {taught:.1%}, after the second {left:.1%}")
share, left = np.array(found).T
assert abs(share[0] - 1) < 1e-3
assert share[1] < 0.3 and share[2] < 0.04 and share[3] < 0.001, "batch size does not matter now"
assert left[0] > left[3] + 0.05
PY
env/bin/python importance.py 2> /dev/null
