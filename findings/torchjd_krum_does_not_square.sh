#!/usr/bin/env bash
# torchjd 0.18.0: Krum adds up distances where its paper adds up squared ones, and so picks another gradient.
#
# Krum keeps one of several gradients, of which some may be hostile or broken: the one that lies nearest to its neighbours. As a
# score each gets the sum of the squared distances to its n - f - 2 nearest ones (Blanchard et al. 2017, the paper that the
# documentation names as the definition); the smallest score wins. The proof that this resists f hostile gradients
# rests on the squares. torchjd has the squared distances at hand, takes their roots and sums those. A gradient
# that is very near to some and far from one more then wins over one that is as near to all. How often depends on the gradients.
# Seen when the choice was set beside the paper's formula.
#
# Output seen (torchjd 0.18.0, PyTorch 2.13.0, SciPy 1.17.1; then 1000 draws each, one hostile gradient allowed for):
#   seven gradients, two may be hostile: torchjd keeps number 1; smallest sum of distances 1, of squares 3
#   6 gradients of 2 numbers: choice as by distances 100.0%, as by squares 82.3%
#   10 gradients of 2 numbers: choice as by distances 100.0%, as by squares 76.6%
#   20 gradients of 2 numbers: choice as by distances 100.0%, as by squares 72.1%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 torchjd==0.18.0 numpy==2.4.6 scipy==1.17.1

cat > krum.py <<'PY'
import numpy as np
import torch
from scipy.spatial.distance import cdist
from torchjd.aggregation import Krum


def picked(gradients, hostile, power):  # by hand
    distances = np.sort(cdist(gradients, gradients), axis=1)[:, 1:len(gradients) - hostile - 1]  # to itself is the first
    return np.argmin(np.sum(distances**power, axis=1))


def by_torchjd(gradients, hostile):
    kept = Krum(n_byzantine=hostile)(torch.tensor(gradients)).numpy()
    return np.argmin(np.linalg.norm(gradients - kept, axis=1))


three = np.array([[0, 0], [0.1, 0], [0, 0.1]])  # and one with three others round it
group = np.array([[0, 0], [-1.5, 0], [0.75, 1.3], [0.75, -1.3]]) + [5, 0]
example = np.concatenate([three, group])
choices = by_torchjd(example, 2), picked(example, 2, 1), picked(example, 2, 2)
print("seven gradients, two may be hostile: torchjd keeps number {}; smallest sum of distances {}, of squares {}".format(*choices))
assert choices[0] == choices[1] < 3 == choices[2], "it squares now"
for number, size in ((6, 2), (10, 2), (20, 2)):
    draw = np.random.default_rng(0)
    found = []
    for _ in range(1000):
        gradients = draw.normal(size=(number, size))
        found.append((by_torchjd(gradients, 1), picked(gradients, 1, 1), picked(gradients, 1, 2)))
    kept, plain, squared = np.array(found).T
    same = [np.mean(kept == rule) for rule in (plain, squared)]
    print("{} gradients of {} numbers: choice as by distances {:.1%}, as by squares {:.1%}".format(number, size, *same))
    assert same[0] == 1 and same[1] < 0.97, "it squares now"
PY
env/bin/python krum.py 2> /dev/null
