#!/usr/bin/env bash
# sanssouci 0.1.5: where one item of a map can be named for sure, its largest sure region is the whole map; else it is one item short.
#
# Post hoc inference bounds how many of the k smallest p-values are true discoveries, for all k at once. `find_largest_region` gives
# the largest set with a wanted share of true ones, as a size and as a map in which all outside the set is 0. It takes the position of
# the last allowed item, counted from 0, for the size. So the size is one too small and the map leaves out one item. With a single
# allowed item the size is 0, and the cutoff is the p-value before the first, which in Python is the last: nothing is cut. With no
# allowed item the map is empty, as it should be; with one it is full, pure noise, under the promise that all of it is true.
# Seen when a map with one strong effect lit up everywhere.
#
# Output seen (sanssouci 0.1.5, NumPy 2.4.6; 1000 items, Simes thresholds at 10 %, all in the region are to be true):
#   0 effects: sure for the first 0, told 0, items in the map 0 of 473 with a positive z
#   1 effects: sure for the first 1, told 0, items in the map 474 of 474 with a positive z
#   2 effects: sure for the first 2, told 1, items in the map 1 of 474 with a positive z
#   10 effects: sure for the first 10, told 9, items in the map 9 of 480 with a positive z
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 joblib==1.6.0
env/bin/python -m pip install -q --disable-pip-version-check --no-deps sanssouci==0.1.5

cat > region.py <<'PY'
import numpy as np
from sanssouci.post_hoc_bounds import curve_min_tdp, find_largest_region
from sanssouci.reference_families import linear_template


class Flat:  # stands for the masker that gives a map its three dimensions
    def inverse_transform(self, values):
        return values


for effects in (0, 1, 2, 10):
    values = np.random.default_rng(0).random(1000)
    values[:effects] = 1e-9 * np.arange(1, effects + 1)
    thresholds = linear_template(0.1, 1000, 1000)
    sure = np.flatnonzero(curve_min_tdp(values, thresholds) >= 1)
    right = sure.max() + 1 if len(sure) else 0
    shown, size = find_largest_region(values, thresholds, 1, Flat())
    lit, positive = np.sum(shown > 0), np.sum(values < 0.5)
    print(f"{effects} effects: sure for the first {right}, told {size}, items in the map {lit} of {positive} "
          "with a positive z")
    assert right == effects, "the bound itself is not right"
    assert size == max(effects - 1, 0) and lit == (positive if effects == 1 else size), "the region is right now"
PY
env/bin/python region.py
