#!/usr/bin/env bash
# hyppo 0.5.2: the Friedman-Rafsky test gives p near 1 where two samples differ most; it takes the wrong tail.
#
# The test asks whether two samples, say a source's rows and a target's, come from one distribution. It joins all rows by
# the shortest tree, cuts each edge between a source row and a target row, and counts the pieces. Where they mix there
# are many pieces; where they lie apart there are few, 2 at the least. So few pieces are the evidence, and the p-value is the
# share of permuted labels that give as few or fewer. hyppo counts the tree right, but its p-value is the share that give
# as many or more. Two clouds that hardly touch get p = 1.0, and p below 0.05 comes only where the samples mix better than
# chance. Whoever rejects below 0.05 sees no shift, however large. (The labels must be a flat row. As a column, the shape
# its documentation asks for, they give one piece and p = 1 for any rows.)
# Seen when the test was run on pairs of samples with a known distance between them.
#
# Output seen (hyppo 0.5.2, SciPy 1.17.1; 20 rows on each side, 20 draws):
#   shift 0: 20.1 pieces; median p 0.617, of few pieces 0.515; p < 0.05 in 0.00 of the draws, of few pieces in 0.00
#   shift 1: 14.2 pieces; median p 0.995, of few pieces 0.033; p < 0.05 in 0.00 of the draws, of few pieces in 0.60
#   shift 3: 2.5 pieces; median p 1.000, of few pieces 0.005; p < 0.05 in 0.00 of the draws, of few pieces in 1.00
#   labels as a column: 1 piece, p 1.0
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check hyppo==0.5.2 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 \
    pandas==3.1.1 numba==0.68.1 statsmodels==0.15.0

cat > runs.py <<'PY'
import numpy as np
from hyppo.ksample import FriedmanRafsky
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial.distance import cdist

domain = np.repeat([0, 1], 20)
missed = []
for shift in (0, 1, 3):
    found = []
    for seed in range(20):
        draw = np.random.default_rng(seed)
        rows = draw.normal(size=(40, 2)) + shift * domain[:, None]
        library = FriedmanRafsky().test(rows, domain, reps=199, random_state=seed)
        tree = minimum_spanning_tree(cdist(rows, rows)).tocoo()
        labels = np.array([domain] + [draw.permutation(domain) for _ in range(199)])
        pieces = 1 + (labels[:, tree.row] != labels[:, tree.col]).sum(axis=1)
        assert library.uncor_stat == pieces[0]  # it counts the pieces as it should
        found.append([library.uncor_stat, library.pvalue, np.mean(pieces <= pieces[0])])
    pieces, theirs, right = np.transpose(found)
    print(f"shift {shift}: {pieces.mean():.1f} pieces; median p {np.median(theirs):.3f}, of few pieces {np.median(right):.3f}; "
          f"p < 0.05 in {np.mean(theirs < 0.05):.2f} of the draws, of few pieces in {np.mean(right < 0.05):.2f}")
    missed.append((np.median(theirs), np.mean(right < 0.05)))
column = FriedmanRafsky().test(rows, domain[:, None], reps=199, random_state=0)
print(f"labels as a column: {column.uncor_stat} piece, p {column.pvalue}")
assert (column.uncor_stat, column.pvalue) == (1, 1), "a column is read now"
assert missed[2][0] > 0.99 and missed[2][1] == 1 and missed[1][0] > 0.9, "few pieces give a small p-value now"
PY
PYTHONWARNINGS=ignore env/bin/python runs.py
