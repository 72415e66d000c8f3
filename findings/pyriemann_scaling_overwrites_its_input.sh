#!/usr/bin/env bash
# pyriemann 0.12: TLScale's `fit_transform` overwrites the caller's matrices with centered ones.
#
# For transfer between persons or days, TLScale brings the covariance matrices of all domains to one dispersion around their
# means. It centers the matrices for that, in the array that it was given: after `fit_transform` the caller's own array holds
# matrices around the identity, and nothing is said. Whoever calls it twice, tries another dispersion, or hands the same
# array to the next method works on other data. The output of the first call is right. TLCenter and TLRotate leave
# their input as it is, and so does TLScale where the data are said to be centered.
# Seen when the same call on the same array gave something else.
#
# Output seen (pyriemann 0.12, NumPy 2.4.6; largest differences):
#   TLCenter: its input changed by 0.000
#   TLRotate: its input changed by 0.000
#   TLScale of centered data: its input changed by 0.000
#   TLScale: its input changed by 5.012
#   TLScale: the same call again differs by 4.895, the same call on a copy of the first data by 0.000
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check pyriemann==0.12 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 \
    matplotlib==3.11.2

cat > scale.py <<'PY'
import numpy as np
from pyriemann.transfer import TLCenter, TLRotate, TLScale, encode_domains
from scipy.linalg import expm

draw = np.random.default_rng(0)
half = draw.normal(size=(80, 3, 3)) / 5
matrices = np.array([expm(part + part.T + np.diag([1, 0.5, -1])) for part in half])
_, labels = encode_domains(matrices, np.tile([1, 2], 40), np.repeat(["source", "target"], 40))
changed = {}
for name, method in (("TLCenter", TLCenter("target")), ("TLRotate", TLRotate("target")),
                     ("TLScale of centered data", TLScale("target", centered_data=True)), ("TLScale", TLScale("target"))):
    mine = matrices.copy()
    first = method.fit_transform(mine, labels)
    changed[name] = np.abs(mine - matrices).max()
    print(f"{name}: its input changed by {changed[name]:.3f}")
again, fresh = (np.abs(method.fit_transform(rows, labels) - first).max() for rows in (mine, matrices.copy()))
print(f"TLScale: the same call again differs by {again:.3f}, the same call on a copy of the first data by {fresh:.3f}")
assert changed.pop("TLScale") > 0.1 and max(changed.values()) == 0 and again > 0.1 and fresh == 0, "its input stays now"
PY
env/bin/python scale.py 2> /dev/null
