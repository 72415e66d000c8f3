#!/usr/bin/env bash
# hyppo 0.5.2: HSIC takes both bandwidths from its first argument; a layer and its own copy in other units get 0.
#
# HSIC tells whether two sets of columns over the same rows depend on each other: features and a domain, or the layers of two
# networks (scaled to 1 it is the kernel form of CKA). hyppo's Hsic is described with Gaussian kernels whose bandwidth is the
# median distance. One expects each side's own median: then units do not matter, and HSIC(a, b) = HSIC(b, a). It
# takes the median of the first argument for both. If the second one has larger values, all its rows are infinitely far apart
# for the kernel, and the result is 0 with p = 0.3, even for a copy. The other way round the same two arguments give
# nearly 1. Two layers differ in scale as a rule, so their order decides what is found. Dividing each side by its median
# distance first puts it right.
# Seen when the two arguments changed places.
#
# Output seen (hyppo 0.5.2, SciPy 1.17.1; 100 rows of 3 columns):
#   a copy times 1: HSIC 1.000 with p 9.2e-24, changed places 1.000; a bandwidth each 1.000, both over their medians 1.000
#   a copy times 10: HSIC 0.173 with p 1.9e-05, changed places 0.918; a bandwidth each 1.000, both over their medians 1.000
#   a copy times 1000: HSIC 0.000 with p 0.32, changed places 0.916; a bandwidth each 1.000, both over their medians 1.000
#   a noisy copy times 1: HSIC 0.781 with p 5.8e-19, changed places 0.790; a bandwidth each 0.787, both over their medians 0.787
#   a noisy copy times 10: HSIC 0.101 with p 0.00088, changed places 0.747; a bandwidth each 0.787, both over their medians 0.787
#   a noisy copy times 1000: HSIC 0.000 with p 0.32, changed places 0.746; a bandwidth each 0.787, both over their medians 0.787
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check hyppo==0.5.2 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 \
    pandas==3.1.1 numba==0.68.1 statsmodels==0.15.0

cat > units.py <<'PY'
import numpy as np
from hyppo.independence import Hsic
from scipy.spatial.distance import pdist, squareform


def centred(rows):  # a Gaussian kernel with the median distance of these rows, centred without bias
    gaps, n = pdist(rows), len(rows)
    far = squareform(1 - np.exp(-(gaps**2) / (2 * np.median(gaps) ** 2)))
    far = far - far.sum(axis=0) / (n - 2) - far.sum(axis=1)[:, None] / (n - 2) + far.sum() / ((n - 1) * (n - 2))
    return far * (1 - np.eye(n))


def right(one, other):
    one, other = centred(one), centred(other)
    return (one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum())


draw = np.random.default_rng(0)
layer, noise = draw.normal(size=(2, 100, 3))
for name, copy in (("a copy", layer), ("a noisy copy", layer + 0.5 * noise)):
    for unit in (1, 10, 1000):
        other = unit * copy
        there, back = Hsic().test(layer, other), Hsic().statistic(other, layer)
        scaled = Hsic().statistic(layer / np.median(pdist(layer)), other / np.median(pdist(other)))
        print(f"{name} times {unit}: HSIC {there.stat:.3f} with p {there.pvalue:.2g}, changed places {back:.3f}; "
              f"a bandwidth each {right(layer, other):.3f}, both over their medians {scaled:.3f}")
        assert abs(scaled - right(layer, other)) < 1e-9
    assert there.pvalue > 0.3 and back > 0.6 and abs(there.stat) < 1e-6, "each side has its own bandwidth now"
PY
PYTHONWARNINGS=ignore env/bin/python units.py
