#!/usr/bin/env bash
# MLstatkit 0.1.91: two models with the same AUC, temperature scaling for one, differ with a p-value of 0.
#
# DeLong's test asks whether the AUC of two models differs more than the rows let one expect. An AUC sees only the order of
# the scores, so a model before and after temperature scaling has one AUC; nothing can differ, and p is 1. The variance of
# the difference is 0 there. The package sees this and goes over to the bootstrap, "automatic fallback": all its differences
# are 0, and the two-sided p-value is twice the smaller of the shares "at most 0" and "above 0". The zeros count on one side
# only: 1 and 0, so p = 0, the surest answer there is, beside a z of 0 and a difference of 0. A model compared with itself
# gets it too. When two neighbouring rows change places the variance is above 0 and p is as it should be. Its own
# permutation test gives 1.
# Seen when a calibrated model came out as different from the one before.
#
# Output seen (MLstatkit 0.1.91, SciPy 1.17.1, scikit-learn 1.9.1; 100 rows, 3 draws; range over the draws):
#   a model and itself: AUC apart 0.0000 to 0.0000, |z| 0.00 to 0.00, p 0.00 to 0.00; p of its permutations 1.00 to 1.00
#   a model and itself at temperature 2: AUC apart 0.0000 to 0.0000, |z| 0.00 to 0.00, p 0.00 to 0.00; p of its permutations 1.00 to 1.00
#   a model and itself, two neighbours exchanged: AUC apart 0.0004 to 0.0004, |z| 0.71 to 0.71, p 0.48 to 0.48; p of its permutations 0.99 to 0.99
#   a model and another of the same quality: AUC apart 0.0100 to 0.0356, |z| 0.16 to 0.59, p 0.56 to 0.88; p of its permutations 0.47 to 0.88
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check MLstatkit==0.1.91 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1

cat > order.py <<'PY'
import numpy as np
from MLstatkit import Delong_test, Permutation_test

found = {}
for seed in range(3):
    draw = np.random.default_rng(seed)
    true = np.repeat([0, 1], 50)
    logits = draw.normal(1.2 * true)
    scores = 1 / (1 + np.exp(-logits))
    order = np.argsort(logits)
    at = next(at for at in range(40, 99) if true[order[at]] != true[order[at + 1]])  # two neighbours of different classes
    swapped = logits.copy()
    swapped[order[[at, at + 1]]] = logits[order[[at + 1, at]]]
    others = {"itself": scores, "itself at temperature 2": 1 / (1 + np.exp(-logits / 2)),
              "itself, two neighbours exchanged": 1 / (1 + np.exp(-swapped / 2)),
              "another of the same quality": 1 / (1 + np.exp(-draw.normal(1.2 * true)))}
    for name, other in others.items():
        z, p, _, _, one, two, told = Delong_test(true, scores, other, n_boot=100, random_state=0)
        by_change = Permutation_test(true, scores, other, "roc_auc", n_bootstraps=100, random_state=0)[2]
        found.setdefault(name, []).append([abs(one - two), abs(z), p, by_change, told["method"] == "bootstrap"])
for name, rows in found.items():
    low, high = np.min(rows, axis=0), np.max(rows, axis=0)
    print("a model and {}: AUC apart {:.4f} to {:.4f}, |z| {:.2f} to {:.2f}, p {:.2f} to {:.2f}; p of its permutations "
          "{:.2f} to {:.2f}".format(name, *[value for pair in zip(low[:4], high[:4]) for value in pair]))
    if name.endswith(("itself", "temperature 2")):
        assert low[4] == 1 and high[0] == high[1] == 0 and low[3] == 1
        assert high[2] == 0, "no difference at all is no longer significant"
    else:
        assert high[4] == 0 and low[2] > 0.02
PY
env/bin/python order.py 2> /dev/null
