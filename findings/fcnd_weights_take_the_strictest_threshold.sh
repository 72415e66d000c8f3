#!/usr/bin/env bash
# fcnd 0.1.2: without numba its weighted e-values take the strictest threshold, so 2 novelties are found where 30 can be.
#
# Conformal novelty detection with e-values (Lee, Popov and Ren 2025) looks for the lowest threshold of the score at which the
# estimated share of false discoveries stays below the level, so that as many rows as possible pass. Weights adapt it to a
# shift; a factor that all weights share cancels. With `use_numba=False`, described as the slow fallback, the weighted
# function sorts from the top and keeps the first threshold that fits, the highest. Its unweighted twin, and the one that
# numba compiles, keep the lowest. So all weights 2 give another answer than all weights 1, and true weights few discoveries.
# The level holds, so nothing looks wrong.
# Seen when doubling all weights took away nearly all discoveries.
#
# Output seen (fcnd 0.1.2, numba 0.68.1, NumPy 2.4.6; 500 normal rows, 70 more and 30 novel ones, means of 20 draws):
#   weights all 1: without numba 30.4 discoveries, with numba 30.4, by p-values 30.4, by hand 30.4; false without 7%, with 7%
#   weights all 2: without numba 2.0 discoveries, with numba 30.4, by p-values 30.4, by hand 30.4; false without 0%, with 7%
#   weights true ratio: without numba 0.8 discoveries, with numba 22.8, by p-values 30.0, by hand 22.8; false without 0%, with 6%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check fcnd==0.1.2 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 numba==0.68.1

cat > weights.py <<'PY'
import numpy as np
from fcnd import SCND, BaseLearner


class Second(BaseLearner):  # the second column is the score; the first one only shifts
    fitted_ = True

    def reset(self):
        return self

    def fit(self, rows, **unused):
        return self

    def score(self, rows):
        return np.asarray(rows)[:, 1]


def by_hand(known, new, weights, new_weights):  # e-values and e-BH at 10 %
    values = []
    for score, weight in zip(new, new_weights):
        total = weights.sum() + weight
        lowest = np.inf
        for at in np.concatenate([known, new]):
            if len(new) / total * (weight + weights[known >= at].sum()) / max(1, np.sum(new >= at)) <= 0.1:
                lowest = min(lowest, at)
        values.append(total * (score >= lowest) / (weight + weights[known >= lowest].sum()))
    ordered = np.sort(values)[::-1]
    return max([count for count in range(1, len(new) + 1) if ordered[count - 1] >= len(new) / (0.1 * count)], default=0)


found = {}
for seed in range(20):
    draw = np.random.default_rng(seed)
    known, new = draw.normal(size=(500, 2)), draw.normal(size=(100, 2))
    new[:, 0] += 0.5
    new[70:, 1] += 3.5
    ratio = [np.exp(rows[:, 0] / 2 - 1 / 8) for rows in (known, new)]
    for name, pair in (("all 1", [np.ones(500), np.ones(100)]), ("all 2", [np.full(500, 2.0), np.full(100, 2.0)]), ("true ratio", ratio)):
        counts, false = [], []
        for numba, method in ((False, "ebh"), (True, "ebh"), (False, "bh")):
            told = SCND(Second(), use_numba=numba).detect(
                known[:1], known, new, alpha=0.1, method=method, calib_weights=pair[0], test_weights=pair[1]).rejections
            counts.append(len(told))
            false.append(np.mean(np.asarray(told) < 70) if len(told) else 0)
        found.setdefault(name, []).append([*counts, by_hand(known[:, 1], new[:, 1], *pair), false[0], false[1]])
for name, rows in found.items():
    means = np.mean(rows, axis=0)
    print("weights {}: without numba {:.1f} discoveries, with numba {:.1f}, by p-values {:.1f}, by hand {:.1f}; "
          "false without {:.0%}, with {:.0%}".format(name, *means))
    assert abs(means[1] - means[3]) < 1e-9
    assert means[0] == means[1] if name == "all 1" else means[0] < means[1] / 2, "it takes the lowest now"
PY
PYTHONWARNINGS=ignore env/bin/python weights.py
