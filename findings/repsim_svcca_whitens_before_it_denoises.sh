#!/usr/bin/env bash
# repsim 0.1.5: SVCCA drops no noise, and calls one signal in two layers unlike and two layers with equal faint noise alike.
#
# SVCCA compares two layers in two steps (Raghu et al. 2017): keep the principal directions that hold 99 % of the variance,
# then canonical correlations among these. The first step is its purpose: CCA counts a direction with a millionth of the
# variance as much as any other. repsim takes an orthonormal basis of the layer first. In it all directions have the
# same variance, so the 99 % that are kept are 99 % of the directions, whatever they hold, and the value is that of its
# plain CCA. With more than a hundred directions some are left out, any of them, and a layer's similarity to itself
# falls below 1. The documentation describes the steps as they should be: centring, then SVD to 99 % of the variance.
# Seen when the value was set beside the two steps in NumPy. (It is built from source: a C++ compiler is needed.)
#
# Output seen (repsim 0.1.5; 500 rows, 60 units, 5 directions of signal, noise of 0.05 in all; Yanai's summary):
#   one signal, noise of their own: svcca 0.185, cca 0.185; SVCCA by NumPy and by scikit-learn 1.000
#   signals of their own, one noise: svcca 0.843, cca 0.843; SVCCA by NumPy and by scikit-learn 0.008
#   a layer of 128 units with itself: svcca 0.992, by NumPy 1.000
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check repsim==0.1.5 numpy==2.4.6 scikit-learn==1.9.1

cat > layers.py <<'PY'
import numpy as np
import repsim
from sklearn.cross_decomposition import CCA
from sklearn.decomposition import PCA


def by_numpy(one, other):
    bases = []
    for layer in (one, other):
        left, values, _ = np.linalg.svd(layer - layer.mean(axis=0), full_matrices=False)
        bases.append(left[:, :np.searchsorted(np.cumsum(values**2) / np.sum(values**2), 0.99) + 1])
    return np.sum((bases[0].T @ bases[1]) ** 2) / min(basis.shape[1] for basis in bases)


def by_sklearn(one, other):
    kept = [PCA(0.99, svd_solver="full").fit_transform(layer) for layer in (one, other)]
    number = min(layer.shape[1] for layer in kept)
    pairs = zip(*(part.T for part in CCA(number, max_iter=5000).fit_transform(*kept)))
    return np.sum([np.corrcoef(*pair)[0, 1] ** 2 for pair in pairs]) / number


for name in ("one signal, noise of their own", "signals of their own, one noise"):
    values = []
    for seed in range(5):
        draw = np.random.default_rng(seed)
        signals, noises = draw.normal(size=(2, 500, 5)), 0.05 * draw.normal(size=(2, 500, 60))
        shared = signals if name.startswith("one signal") else noises
        shared[1] = shared[0]
        pair = [signal @ draw.normal(size=(5, 60)) + noise for signal, noise in zip(signals, noises)]
        right = by_numpy(*pair)
        assert abs(by_sklearn(*pair) - right) < 1e-3
        values.append([repsim.svcca(pair)[0, 1], repsim.cca(pair)[0, 1], right])
    svcca, cca, right = np.mean(values, axis=0)
    print(f"{name}: svcca {svcca:.3f}, cca {cca:.3f}; SVCCA by NumPy and by scikit-learn {right:.3f}")
    assert abs(svcca - cca) < 1e-6 and abs(svcca - right) > 0.5, "it looks at the variance now"
wide = np.random.default_rng(0).normal(size=(300, 128))
print(f"a layer of 128 units with itself: svcca {repsim.svcca([wide, wide])[0, 1]:.3f}, by NumPy {by_numpy(wide, wide):.3f}")
PY
env/bin/python layers.py
