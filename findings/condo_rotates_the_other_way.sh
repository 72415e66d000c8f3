#!/usr/bin/env bash
# condo 1.1.0: its Wasserstein-Procrustes adapter finds the rotation from source to target and applies the reverse one.
#
# `AdapterWD` looks for the orthogonal matrix M and the pairs of rows for which the source times M lies nearest to the target
# (Wasserstein-Procrustes, Grave et al. 2019), row by row: X M. Fitting, it finds M well, and computes the shift as
# the target's mean minus the source's mean times M. `transform` then multiplies by M's transpose and adds that shift. For an
# orthogonal matrix the transpose is the inverse: the source is turned by the same angle in the wrong direction. If
# M is symmetric, as for no rotation, nothing is wrong. `inverse_transform` uses the inverse of the transpose and is wrong in
# the same way. `ConDoAdapterWD`, which also conditions on a confounder, ends with the same lines.
# Seen when a target that is the turned source was farther away after the adaptation than before.
#
# Output seen (condo 1.1.0, SciPy 1.17.1; 60 rows; the target is the source itself, turned; mean distance of a row from its twin):
#   0 degrees: adapted 0.14, with M itself 0.06, means set equal 0.00, by SciPy 0.00
#   15 degrees: adapted 2.52, with M itself 0.06, means set equal 0.92, by SciPy 0.00
#   30 degrees: adapted 4.99, with M itself 0.06, means set equal 1.82, by SciPy 0.00
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 torch==2.13.0 \
    pandas==3.1.1 tqdm==4.70.1 pytorch-minimize==0.0.2 matplotlib==3.11.2
env/bin/python -m pip install -q --disable-pip-version-check --no-deps condo==1.1.0
touch miceforest.py  # it imputes confounders and plays no part here

cat > turned.py <<'PY'
import numpy as np
from condo import AdapterWD
from scipy.linalg import orthogonal_procrustes

source = np.random.default_rng(0).exponential(size=(60, 2)) * [4, 1]
for degrees in (0, 15, 30):
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    target = source @ turn + [1, 2]
    adapter = AdapterWD(verbose=0).fit(source, target)
    centred = source - source.mean(axis=0), target - target.mean(axis=0)
    by_scipy = centred[0] @ orthogonal_procrustes(*centred)[0] + target.mean(axis=0)  # it is told the pairs
    ways = {"adapted": adapter.transform(source), "with M itself": source @ adapter.M_ + adapter.b_,
            "means set equal": centred[0] + target.mean(axis=0), "by SciPy": by_scipy}
    gaps = {name: np.linalg.norm(found - target, axis=1).mean() for name, found in ways.items()}
    print(f"{degrees} degrees: " + ", ".join(f"{name} {gap:.2f}" for name, gap in gaps.items()))
    assert gaps["by SciPy"] < 1e-6 and gaps["with M itself"] < 0.3
    assert degrees == 0 or gaps["adapted"] > 1.7 * gaps["means set equal"], "it turns the right way now"
PY
env/bin/python turned.py 2> /dev/null
