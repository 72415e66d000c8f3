#!/usr/bin/env bash
# skada 0.6.0: `fit` overwrites the target's labels in the caller's own array.
#
# skada takes source and target rows in one table, with one array of labels. Methods that learn without the target's
# labels must not see them, and skada hides them: by writing -1 over them (in a regression: NaN), in the very array that the
# caller handed in. After one fit a score against that array is a score against -1. A second method, or one that may use
# the labels, gets none. X and the domains stay as they were. A copy, `fit(X, y.copy(), …)`, is enough.
# Seen when all its methods were fitted in one loop, on one array.
#
# Output seen (skada 0.6.0, scikit-learn 1.9.1):
#   labels of 40 target rows before fit: 20 of class 0, 20 of class 1
#   after CORAL: 40 of class -1
#   after SubspaceAlignment: 40 of class -1
#   after NearestNeighborReweight: 40 of class -1
#   the same model scored: 1.000 with the labels kept aside, 0.000 with the array that was handed in
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check skada==0.6.0 POT==0.9.7.post1 scikit-learn==1.9.1

cat > labels.py <<'PY'
import numpy as np
import skada

draw = np.random.default_rng(0)
classes = np.arange(80) % 2
rows = np.c_[6 * classes, np.zeros(80)] + draw.normal(size=(80, 2))
domains = np.repeat([1, -2], 40)
target = domains < 0
rows[target] += 1


def told(labels):
    return ", ".join(f"{count} of class {name}" for name, count in zip(*np.unique(labels[target], return_counts=True)))


print("labels of 40 target rows before fit:", told(classes))
for method in (skada.CORAL, skada.SubspaceAlignment, skada.NearestNeighborReweight):
    labels = classes.copy()
    model = method().fit(rows, labels, sample_domain=domains)
    print(f"after {method.__name__}: {told(labels)}")
    assert set(labels[target]) == {-1} and (labels[~target] == classes[~target]).all(), "labels are kept now"
    if method is skada.CORAL:
        found = model.predict(rows[target])
        scores = [np.mean(found == known[target]) for known in (classes, labels)]
print("the same model scored: {:.3f} with the labels kept aside, {:.3f} with the array that was handed in".format(*scores))
PY
env/bin/python labels.py 2> /dev/null
