#!/usr/bin/env bash
# lora-pytorch 0.2.0: no gradient passes through a frozen layer, so every adapter but the last learns from a wrong one.
#
# LoRA keeps a layer's weights W as they are and trains a small product AB beside them. An adapter low in the network learns
# from what its output does to the loss later on: through W + AB of each layer above it. lora-pytorch turns autograd off
# while it runs the frozen layer. This saves the gradient of W, which nobody needs, and loses the gradient of the layer's
# input with it, which the adapters below need. What is left passes through AB alone. AB is nought at first, so at the
# first step all adapters but the last have the gradient nought; later on they have one that points elsewhere. The output
# is right, merged weights are right, and nothing is said. Only a block that adds its input to its output lets a gradient by.
# Here the target is the network with another first layer, by a change that an adapter can make exactly. The same adapters
# with W + AB written by hand come near it; with the library's own forward pass about half of the error stays.
# Seen when an adapter's first gradients were set beside difference quotients.
#
# Output seen (lora-pytorch 0.2.0, PyTorch 2.13.0; network 16-32-32-4, rank 2, 300 steps of Adam):
#   draw 0: first gradients of the three adapters: library 0.000 0.000 0.039, by hand 0.038 0.022 0.039
#           error: no adapter 0.0131, library 0.0058, by hand 0.0015
#   draw 1: first gradients of the three adapters: library 0.000 0.000 0.076, by hand 0.049 0.055 0.076
#           error: no adapter 0.0222, library 0.0113, by hand 0.0009
#   draw 2: first gradients of the three adapters: library 0.000 0.000 0.082, by hand 0.065 0.069 0.082
#           error: no adapter 0.0344, library 0.0136, by hand 0.0013
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check lora-pytorch==0.2.0 torch==2.13.0 numpy==2.4.6

cat > adapt.py <<'PY'
from copy import deepcopy

import torch
from lora_pytorch import LoRA
from torch import nn
from torch.nn.functional import linear, mse_loss

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def by_hand(model, values):
    for layer in model.module:
        if isinstance(layer, LoRA):
            values = linear(values, layer.module.weight.detach() + layer.lora_module.weight, layer.module.bias)
        else:
            values = layer(values)
    return values


def gradients(model, forward):
    adapters = [layer.lora_module.out_proj for layer in model.module if isinstance(layer, LoRA)]
    found = torch.autograd.grad(mse_loss(forward(rows), wanted), adapters, allow_unused=True)
    return [0.0 if one is None else float(one.norm()) for one in found]


for seed in range(3):
    torch.manual_seed(seed)
    base = nn.Sequential(nn.Linear(16, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 4))
    other = deepcopy(base)
    other[0].weight.data += torch.randn(32, 1) @ torch.randn(1, 16) / 4
    rows = torch.randn(500, 16)
    wanted = other(rows).detach()
    errors = [float(mse_loss(base(rows), wanted))]
    library = LoRA.from_module(base, rank=2)
    hand = deepcopy(library)
    arms = (library, library), (hand, lambda values: by_hand(hand, values))
    assert torch.allclose(library(rows), by_hand(library, rows))
    first, right = (gradients(*arm) for arm in arms)
    for model, forward in arms:
        optimizer = torch.optim.Adam(list(model.parameters()), 0.003)
        for _ in range(300):
            optimizer.zero_grad()
            mse_loss(forward(rows), wanted).backward()
            optimizer.step()
        errors.append(float(mse_loss(forward(rows), wanted).detach()))
    assert torch.allclose(library(rows), by_hand(library, rows))
    print("draw {}: first gradients of the three adapters: library {:.3f} {:.3f} {:.3f}, "
          "by hand {:.3f} {:.3f} {:.3f}".format(seed, *first, *right))
    print("        error: no adapter {:.4f}, library {:.4f}, by hand {:.4f}".format(*errors))
    assert first[:2] == [0, 0] and abs(first[2] - right[2]) < 1e-9 and min(right) > 0.001, "the gradient passes now"
    assert errors[1] > 2 * errors[2], "the adapters learn as they should now"
PY
env/bin/python adapt.py 2> /dev/null
