#!/usr/bin/env bash
# cl-gym 1.0.3: its A-GEM adds the memory's gradient to every step, and compares the new task's with the sum; conflicts go through.
#
# A-GEM (Chaudhry et al. 2019) trains a new task with its own gradient g, and looks at the gradient r of some kept rows of the old
# tasks: where g · r is below 0, the step would raise their loss, and r's direction is taken out of g; otherwise g
# is used as it is. cl-gym computes g, then calls `backward` for the kept rows without clearing g. What it reads as r is g + r. The
# test is whether (g + r) · g is below 0, which it seldom is, and the step then taken is g + r, not g. So it is
# replay with the memory's loss added, and where g is larger than r, steps that raise the memory's loss are let through.
# Seen when the weights' change in one step was set beside both gradients.
#
# Output seen (cl-gym 1.0.3, PyTorch 2.13.0; 200 steps on a second task by its own `training_step`):
#   steps: conflict 197, as A-GEM 2, as the sum 200, raise the old loss 83, A-GEM would raise it 0
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 numpy==2.4.6
env/bin/python -m pip install -q --disable-pip-version-check --no-deps cl-gym==1.0.3

cat > agem.py <<'PY'
import sys
from importlib.machinery import ModuleSpec
from unittest.mock import MagicMock

import torch
from torch.utils.data import DataLoader, TensorDataset

aside = "torchvision torchvision.transforms torchvision.transforms.functional torchvision.datasets torchvision.datasets.utils"
for name in (aside + " comet_ml seaborn pandas sklearn sklearn.datasets matplotlib matplotlib.pylab PIL").split():
    sys.modules[name] = MagicMock(__spec__=ModuleSpec(name, None))  # data sets, logs and pictures play no part here
from cl_gym.algorithms import AGEM
from cl_gym.backbones import ContinualBackbone


class Net(ContinualBackbone):
    def __init__(self):
        super().__init__()
        self.blocks = torch.nn.ModuleList([torch.nn.Linear(20, 32), torch.nn.Tanh(), torch.nn.Linear(32, 2)])


class Kept:  # stands in for the benchmark: the old rows, all in one batch
    def load_memory_joint(self, task, **kwargs):
        return DataLoader(TensorDataset(*old, torch.ones(100, dtype=int)), batch_size=100), None


def flat(tensors):
    return torch.cat([tensor.flatten() for tensor in tensors])


def gradient(x, y):
    return flat(torch.autograd.grad(criterion(net(x), y), list(net.parameters())))


torch.manual_seed(0)
criterion, net = torch.nn.CrossEntropyLoss(), Net()
rules = torch.randn(2, 20)
x = torch.randn(2, 100, 20)
old, new = ((x[task], (x[task] @ rules[task] > 0).long()) for task in (0, 1))
algorithm = AGEM(net, Kept(), {"batch_size_memory": 100, "device": "cpu"})
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for task, rows in ((1, old), (2, new)):
    counts = dict.fromkeys(("conflict", "as A-GEM", "as the sum", "raise the old loss", "A-GEM would raise it"), 0)
    for _ in range(200):
        chosen = torch.randint(100, (10,))
        batch = rows[0][chosen], rows[1][chosen]
        g, r, before = gradient(*batch), gradient(*old), flat(net.parameters()).detach()
        algorithm.training_step(torch.full((10,), task), *batch, optimizer, criterion)
        step = (before - flat(net.parameters()).detach()) / 0.1
        by_hand = g - (g @ r) / (r @ r) * r if g @ r < 0 else g
        far = 1e-4 * r.norm()
        seen = (g @ r < 0, (step - by_hand).norm() < 1e-3 * g.norm(), (step - g - r).norm() < 1e-3 * g.norm(),
                step @ r < -far * g.norm(), by_hand @ r < -far * g.norm())
        for name, happens in zip(counts, seen):
            counts[name] += bool(happens)
    algorithm.training_task_end()
print("steps: " + ", ".join(f"{name} {count}" for name, count in counts.items()))
assert counts["as A-GEM"] < 20 and counts["as the sum"] > 100, "it steps as A-GEM does now"
assert counts["raise the old loss"] > 20 and counts["A-GEM would raise it"] == 0
PY
env/bin/python agem.py 2> /dev/null
