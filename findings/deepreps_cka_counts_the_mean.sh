#!/usr/bin/env bash
# deep-reps 0.0.4: its CKA does not center; it multiplies the mean by the number of rows, and unrelated layers get above 1.
#
# Centered kernel alignment takes the mean out of both kernel matrices by H = I - (1/n) 1 1', with a column of n ones. deep-reps
# multiplies two n x n matrices of ones, which is n times too much: its H is I - 1 1'. That does not remove the direction of the
# mean but stretches it by n - 1, and H enters twice. For layers after a ReLU, whose means are above 0, nearly all
# of the sum is then this one direction, and any two layers look the same; a value above 1, which no CKA can have, comes out.
# If the columns are centered beforehand the result is right. 0.0.4 is the last version that can be imported; the line is still
# the same in 0.0.6. Seen when two layers of independent random numbers got more than 1.
#
# Output seen (deep-reps 0.0.4, PyTorch 2.13.0, NumPy 2.4.6; 8 columns each, after a ReLU):
#   30 rows, unrelated: deep-reps 1.019, with centered columns 0.183, by hand 0.183
#   30 rows, half the same: deep-reps 1.006, with centered columns 0.662, by hand 0.662
#   30 rows, a copy: deep-reps 1.000, with centered columns 1.000, by hand 1.000
#   60 rows, unrelated: deep-reps 1.007, with centered columns 0.153, by hand 0.153
#   60 rows, half the same: deep-reps 1.002, with centered columns 0.600, by hand 0.600
#   60 rows, a copy: deep-reps 1.000, with centered columns 1.000, by hand 1.000
#   120 rows, unrelated: deep-reps 1.004, with centered columns 0.085, by hand 0.085
#   120 rows, half the same: deep-reps 1.001, with centered columns 0.547, by hand 0.547
#   120 rows, a copy: deep-reps 1.000, with centered columns 1.000, by hand 1.000
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 deep-reps==0.0.4 numpy==2.4.6 pillow==13.0.0 matplotlib==3.11.2 \
    pandas==3.1.1 plotly==7.1.0

cat > cka.py <<'PY'
import sys
import types

import numpy as np
import torch

sys.modules["open_clip"] = types.ModuleType("open_clip")  # it loads CLIP models, which are not used here
from deep_reps import centered_kernel_alignment


def by_columns(one, other):  # linear CKA from the covariances of the columns
    one, other = one - one.mean(axis=0), other - other.mean(axis=0)
    return np.sum((one.T @ other)**2) / np.linalg.norm(one.T @ one) / np.linalg.norm(other.T @ other)


def by_kernels(one, other):
    center = np.eye(len(one)) - 1 / len(one)
    kernels = [center @ rows @ rows.T @ center for rows in (one, other)]
    return np.sum(kernels[0] * kernels[1]) / np.linalg.norm(kernels[0]) / np.linalg.norm(kernels[1])


for count in (30, 60, 120):
    layers = np.maximum(np.random.default_rng(count).normal(size=(3, count, 8)), 0)
    layer, unrelated = layers[:2]
    half = (layer + layers[2]) / 2
    for name, other in (("unrelated", unrelated), ("half the same", half), ("a copy", layer)):
        centered = [rows - rows.mean(axis=0) for rows in (layer, other)]
        theirs, after = (centered_kernel_alignment(*[torch.tensor(rows, dtype=torch.float32) for rows in pair]).item()
                         for pair in ((layer, other), centered))
        right = by_columns(layer, other)
        assert np.isclose(right, by_kernels(layer, other)) and np.isclose(right, after, atol=1e-3)
        print(f"{count} rows, {name}: deep-reps {theirs:.3f}, with centered columns {after:.3f}, by hand {right:.3f}")
        assert theirs > 0.95, "it centers now"
PY
PYTHONWARNINGS=ignore env/bin/python cka.py
