#!/usr/bin/env bash
# ckatorch 1.0.3: "unbiased" CKA by the method "hsic" is the biased one, and calls two unrelated nets almost the same.
#
# CKA compares two nets by their features of the same rows. With few rows and many features the plain estimate is near 1
# even for noise; the unbiased one is then near 0. `cka_base(x, y, kernel, unbiased, method=...)` says that the choice
# between "fro_norm" and "hsic" does not change the result. With `unbiased=True` it does: "hsic" never looks at the
# flag and gives the biased value to the last digits. There is no warning.
# Seen when both methods were run on two sets of random features, whose similarity is 0.
#
# Output seen (ckatorch 1.0.3, PyTorch 2.13.0; 50 rows, 1000 random features each, three draws):
#   draw 0: biased 0.951; unbiased by formula -0.021, by fro_norm -0.021, by hsic 0.951
#   draw 1: biased 0.952; unbiased by formula 0.017, by fro_norm 0.017, by hsic 0.952
#   draw 2: biased 0.954; unbiased by formula 0.012, by fro_norm 0.012, by hsic 0.954
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check ckatorch==1.0.3 torch==2.13.0 numpy==2.4.6

cat > alike.py <<'PY'
import numpy as np
import torch
from ckatorch.core import cka_base


def unbiased_hsic(k, l):
    k, l, n = k - np.diag(np.diag(k)), l - np.diag(np.diag(l)), len(k)
    return ((k * l).sum() + k.sum() * l.sum() / (n - 1) / (n - 2) - 2 * (k @ l).sum() / (n - 2)) / n / (n - 3)


for seed in range(3):
    one, other = np.random.default_rng(seed).normal(size=(2, 50, 1000))
    k, l = one @ one.T, other @ other.T
    right = unbiased_hsic(k, l) / np.sqrt(unbiased_hsic(k, k) * unbiased_hsic(l, l))
    x, y = torch.tensor(one), torch.tensor(other)
    biased, frobenius, hsic = (float(cka_base(x, y, "linear", unbiased, method=method))
                               for unbiased, method in ((False, "hsic"), (True, "fro_norm"), (True, "hsic")))
    print(f"draw {seed}: biased {biased:.3f}; unbiased by formula {right:.3f}, "
          f"by fro_norm {frobenius:.3f}, by hsic {hsic:.3f}")
    assert hsic == biased > 0.9 and abs(frobenius - right) < 1e-6 and abs(right) < 0.1, "hsic minds the flag now"
PY
env/bin/python alike.py 2> /dev/null
