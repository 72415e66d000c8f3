#!/usr/bin/env bash
# transfertools 0.1.2: LocIT's threshold for a transfer does nothing, and `transfer` gives the indices of all rows.
#
# LocIT moves to the target only those rows of the source that look like the target around them; a classifier tells this for
# each row. `transfer_threshold` is described as the probability that it must reach: the higher, the stricter, with 0 all rows
# pass and with 1 none. It is stored and never read: the same rows pass at 0, at 0.5 and at 1. And `transfer(...,
# return_indices=True)`, said to give the indices of the rows that were selected, gives 0, 1, 2 and so on for all rows. Labels
# picked with them do not even have as many rows as the data, and a loop that pairs both in turn gives most rows the label
# of another. `fit_transfer` gives the right indices.
# Seen when the same rows passed at every threshold.
#
# Output seen (transfertools 0.1.2, scikit-learn 1.9.1; 80 rows each, half of the source's rows lie far apart):
#   threshold 0: 36 of 80 rows pass; transfer gives 80 indices, not the right ones; fit's are right
#   threshold 0.5: 36 of 80 rows pass; transfer gives 80 indices, not the right ones; fit's are right
#   threshold 1: 36 of 80 rows pass; transfer gives 80 indices, not the right ones; fit's are right
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check \
    transfertools==0.1.2 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1

cat > threshold.py <<'PY'
import numpy as np
from transfertools.models import LocIT

draw = np.random.default_rng(0)
target = draw.normal(size=(80, 2))
source = np.vstack([draw.normal(size=(40, 2)), 3 * draw.normal(size=(40, 2))])
passed = {}
for threshold in (0, 0.5, 1):
    np.random.seed(0)  # it draws from NumPy's global generator
    model = LocIT(transfer_threshold=threshold, scaling="none").fit(source, target)
    rows, indices = model.transfer(source, return_indices=True)
    right = np.flatnonzero((source[:, None] == rows[None]).all(axis=2).any(axis=1))  # the rows found again in the source
    print(f"threshold {threshold}: {len(rows)} of 80 rows pass; transfer gives {len(indices)} indices, "
          f"{'the' if np.array_equal(indices, right) else 'not the'} right ones; fit's are "
          f"{'right' if np.array_equal(model.Ixs_trans_, right) else 'wrong'}")
    passed[threshold] = tuple(right)
    assert np.array_equal(indices, range(80)) and len(rows) < 80 and np.array_equal(model.Ixs_trans_, right)
assert len(set(passed.values())) == 1, "the threshold has an effect now"
PY
env/bin/python threshold.py 2> /dev/null
