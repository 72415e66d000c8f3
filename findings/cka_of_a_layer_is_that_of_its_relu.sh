#!/usr/bin/env bash
# torch-cka 0.21 and pytorch-cka 1.1.3: before an in-place ReLU both compare the layer as the ReLU left it, not its output.
#
# Both compare networks layer by layer with CKA and take a layer's output by a forward hook. They keep the tensor itself.
# `nn.ReLU(inplace=True)` then overwrites that very tensor, after the hook and before CKA is computed. So a convolution,
# a linear layer or a batch normalisation with such a ReLU behind it is compared without its negative half, and "layer" and
# "layer with ReLU" come out as the same representation, with CKA 1. ResNet, VGG and MobileNet in torchvision have
# such ReLUs throughout. The same weights with `inplace=False` give the true values; the network's output is the same.
# Seen when the CKA of each layer was set beside the formula on outputs that were copied.
#
# Output seen (PyTorch 2.13.0; unbiased CKA of one network's layers, 500 rows in one batch):
#   by formula: linear with its ReLU 0.902, first linear with second 0.755
#   torch-cka, inplace=False: linear with its ReLU 0.902, first linear with second 0.755
#   torch-cka, inplace=True: linear with its ReLU 1.000, first linear with second 0.724
#   pytorch-cka, inplace=False: linear with its ReLU 0.902, first linear with second 0.755
#   pytorch-cka, inplace=True: linear with its ReLU 1.000, first linear with second 0.724
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check \
    torch-cka==0.21 pytorch-cka==1.1.3 torch==2.13.0 numpy==2.4.6

cat > alike.py <<'PY'
import numpy as np
import torch
from cka import compute_cka
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torch_cka import CKA

torch.manual_seed(0)
rows = torch.randn(500, 20)
batches = DataLoader(TensorDataset(rows), batch_size=500)
layers = ["0", "1", "2"]


def network(inplace):
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(20, 64), nn.ReLU(inplace), nn.Linear(64, 64), nn.ReLU(inplace)).eval()


def unbiased(k, l):
    k, l, n = k - np.diag(np.diag(k)), l - np.diag(np.diag(l)), len(k)
    return (k * l).sum() + k.sum() * l.sum() / (n - 1) / (n - 2) - 2 * (k @ l).sum() / (n - 2)


def by_formula(model):
    values, kernels = rows, []
    for layer in model[:3]:
        values = layer(values.clone())
        kept = values.detach().double().numpy()
        kernels.append(kept @ kept.T)
    return np.array([[unbiased(k, l) / np.sqrt(unbiased(k, k) * unbiased(l, l)) for l in kernels] for k in kernels])


def torch_cka(inplace):
    pair = CKA(network(inplace), network(inplace), model1_layers=layers, model2_layers=layers, device="cpu")
    pair.compare(batches)
    return pair.export()["CKA"].numpy()


def pytorch_cka(inplace):
    pair = network(inplace), network(inplace)
    return compute_cka(*pair, batches, layers=layers, device="cpu", progress=False)[0].numpy()


with torch.no_grad():
    assert torch.equal(network(False)(rows), network(True)(rows))
    right = by_formula(network(False))
    assert np.allclose(right, by_formula(network(True)))
    print(f"by formula: linear with its ReLU {right[0, 1]:.3f}, first linear with second {right[0, 2]:.3f}")
    for name, library in (("torch-cka", torch_cka), ("pytorch-cka", pytorch_cka)):
        for inplace in (False, True):
            found = library(inplace)
            print(f"{name}, inplace={inplace}: linear with its ReLU {found[0, 1]:.3f}, "
                  f"first linear with second {found[0, 2]:.3f}")
            if inplace:
                assert found[0, 1] > 0.9999 > right[0, 1] + 0.05, "the layer itself is compared now"
            else:
                assert np.allclose(found, right, atol=1e-3)
PY
env/bin/python alike.py 2> /dev/null
