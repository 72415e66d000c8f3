#!/usr/bin/env bash
# hyppo 0.5.2: its CCA computes no canonical correlation; with two columns or more it is the RV coefficient to the last digit.
#
# Canonical correlation looks for one weighted sum of the columns on each side so that the two correlate most. Its point, when
# two layers or two networks are compared, is that it does not change when a side's columns are mixed or scaled by an
# invertible matrix, and that one shared direction is enough for 1. hyppo's CCA is described as this largest correlation. It
# sums the squared entries of the covariance of the sides and divides by the same sums of each side with itself, with
# no whitening: that is RV, which hyppo also has (and others call the linear CKA). So a layer against its own columns in
# other units gets 0.55, and two layers that share a direction exactly get what unrelated rows get, and a p-value of 0.14.
# Seen when it was set beside scikit-learn's CCA and the cosine of the angle between the column spaces.
#
# Output seen (hyppo 0.5.2, NumPy 2.4.6, scikit-learn 1.9.1; 200 rows of 4 columns):
#   a copy: CCA 1.0000, RV 1.0000, first canonical correlation 1.0000
#   its columns mixed: CCA 0.7940, RV 0.7940, first canonical correlation 1.0000
#   its columns scaled: CCA 0.5470, RV 0.5470, first canonical correlation 1.0000
#   other rows: CCA 0.0268, RV 0.0268, first canonical correlation 0.2654
#   one column shared: CCA 0.0266, RV 0.0266, first canonical correlation 1.0000
#   p of one column shared: CCA 0.14, by the first canonical correlation 0.005
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check hyppo==0.5.2 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 \
    pandas==3.1.1 numba==0.68.1 statsmodels==0.15.0

cat > canonical.py <<'PY'
import numpy as np
from hyppo.independence import CCA, RV
from sklearn.cross_decomposition import CCA as Sklearn


def first(one, other):  # the first canonical correlation: the cosine of the smallest angle between the column spaces
    bases = [np.linalg.qr(rows - rows.mean(axis=0))[0] for rows in (one, other)]
    return np.linalg.svd(bases[0].T @ bases[1], compute_uv=False)[0]


draw = np.random.default_rng(0)
layer, noise = draw.normal(size=(2, 200, 4))
shared = np.hstack([layer[:, :1], 10 * noise[:, 1:]])
cases = {"a copy": layer, "its columns mixed": layer @ draw.normal(size=(4, 4)), "its columns scaled": layer * [1, 10, 0.1, 100],
         "other rows": noise, "one column shared": shared}
for name, other in cases.items():
    theirs, right = CCA().statistic(layer, other), first(layer, other)
    solver = Sklearn(1, scale=False, max_iter=5000).fit(layer, other).transform(layer, other)
    assert abs(np.corrcoef(solver[0][:, 0], solver[1][:, 0])[0, 1] - right) < 0.002
    print(f"{name}: CCA {theirs:.4f}, RV {RV().statistic(layer, other):.4f}, first canonical correlation {right:.4f}")
    assert abs(theirs - RV().statistic(layer, other)) < 1e-12, "it has a statistic of its own now"
assert right > 0.9999 and theirs < 0.03

theirs = CCA().test(layer, shared, reps=199, random_state=0).pvalue
by_chance = [first(layer, draw.permutation(shared)) for _ in range(199)]
right = (1 + sum(value >= right for value in by_chance)) / 200
print(f"p of one column shared: CCA {theirs:.2f}, by the first canonical correlation {right:.3f}")
assert theirs > 0.05 > right
PY
PYTHONWARNINGS=ignore env/bin/python canonical.py
