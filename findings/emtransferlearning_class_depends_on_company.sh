#!/usr/bin/env bash
# em-transfer-learning 1.0.0: the class that a row gets depends on the rows beside it; a row alone gets the commonest class.
#
# The package fits a labelled Gaussian mixture on the source and learns a linear map that brings the target there. Then the
# mixture tells the classes of the mapped rows. By Bayes' rule a row's probabilities depend on its own distances to the
# components. Against underflow `predict_proba` subtracts the smallest distance. It takes, for each component, the smallest
# one over all rows, not, for each row, the smallest one over the components. So every component counts as if some row lay at
# its centre. Many rows of all classes hide that, since some row does. Where a class is absent, rows far from its centre
# are told to be of that class. One row alone has distance 0 from all components and gets the shares of the classes, whatever it is.
# Both mixtures, `SLGMM` and `LGMM`, do it. With one component for each class `SLGMM` is linear discriminant analysis.
# Seen when rows of the target were predicted one by one.
#
# Output seen (em-transfer-learning 1.0.0, scikit-learn 1.9.1; 600 rows, a third in class 0, 4 standard deviations apart):
#   SLGMM: right: in one call 0.975, some rows of one class a call 0.835, one by one 0.633; first row, in class 1 by: itself 0.633, all 0.999, true 1.000
#   LGMM: right: in one call 0.973, some rows of one class a call 0.842, one by one 0.633; first row, in class 1 by: itself 0.622, all 0.999, true 1.000
#   LinearDiscriminantAnalysis: right: in one call 0.975, some rows of one class a call 0.975, one by one 0.975; first row, in class 1 by: itself 0.999, all 0.999, true 1.000
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps em-transfer-learning==1.0.0

cat > company.py <<'PY'
import numpy as np
from em_transfer_learning.lgmm import LGMM, SLGMM
from scipy.stats import norm
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis


def right(model, parts):  # the share of rows told rightly, each part in a call of its own
    return np.mean(np.concatenate([model.predict(rows[part]) == labels[part] for part in parts]))


np.random.seed(0)  # the mixtures start at random
draw = np.random.default_rng(0)
labels = (draw.random(600) < 2 / 3).astype(int)
rows = draw.normal(size=(600, 3))
rows[:, 0] += 4 * labels
by_class = [part for label in (0, 1) for part in np.array_split(np.flatnonzero(labels == label), 30)]
ways = {"in one call": [np.arange(600)], "some rows of one class a call": by_class, "one by one": [[row] for row in range(600)]}
for model in (SLGMM(), LGMM(), LinearDiscriminantAnalysis()):
    model.fit(rows, labels)
    shares = [right(model, parts) for parts in ways.values()]
    alone, together = np.concatenate([model.predict_proba(row[None]) for row in rows])[:, 1], model.predict_proba(rows)[:, 1]
    odds = 2 * norm.pdf(rows[0, 0], 4) / norm.pdf(rows[0, 0], 0)
    print(f"{type(model).__name__}: right: " + ", ".join(f"{name} {share:.3f}" for name, share in zip(ways, shares))
          + f"; first row, in class 1 by: itself {alone[0]:.3f}, all {together[0]:.3f}, true {odds / (1 + odds):.3f}")
    assert shares[0] > 0.95
    if isinstance(model, LinearDiscriminantAnalysis):
        assert min(shares) == shares[0] and np.ptp(alone - together) < 1e-9
    else:
        assert shares[1] < 0.9 and shares[2] == np.mean(labels) and np.ptp(alone) < 1e-9, "a row stands for itself now"
PY
env/bin/python company.py 2> /dev/null
