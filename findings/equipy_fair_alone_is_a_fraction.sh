#!/usr/bin/env bash
# equipy 0.0.11a0: its fair predictions shrink where a group is absent from the batch; one alone is cut to half or less.
#
# Fair regression with Wasserstein barycentres (Chzhen et al. 2020) asks which share of his own group a person's prediction
# exceeds, and answers with the mean of all groups' quantiles at this share, weighted by the groups' shares in the
# calibration data. These weights sum to 1. `FairWasserstein.transform` sums over the groups of the rows that it is given,
# not of those that it was fitted on. Where a group is missing its term is missing too, and nothing makes the weights sum to
# 1 again. A batch of one group, and so each single row, is multiplied by about the group's share. `MultiWasserstein`, for
# several attributes, ends in the same lines.
# Seen when rows were asked about one by one.
#
# Output seen (equipy 0.0.11a0.dev0; 3000 rows to fit on, 51%, 29%, 20% in the groups; three new rows, own predictions 110):
#   all three together: a 123.5, b 103.8, c 85.1; by the formula 123.5, 103.8, 85.1
#   a and b together: a 93.0, b 77.4
#   a alone: 55.9
#   b alone: 31.6
#   c alone: 22.8
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 statsmodels==0.15.0 \
    scikit-learn==1.9.1 matplotlib==3.11.2 seaborn==0.13.2
env/bin/python -m pip install -q --disable-pip-version-check --no-deps equipy==0.0.11a0.dev0

cat > alone.py <<'PY'
import numpy as np
import pandas as pd
from equipy.fairness import FairWasserstein

draw = np.random.default_rng(0)
group = draw.choice(["a", "b", "c"], 3000, p=[0.5, 0.3, 0.2])
said = draw.normal(100, 10, 3000) + np.select([group == "a", group == "b"], [0, 20], 40)
fair = FairWasserstein()
fair.fit(said, pd.DataFrame({"group": group}))


def asked(groups):
    return fair.transform(np.full(len(groups), 110.0), pd.DataFrame({"group": list(groups)}))


def by_hand(own):
    share = np.mean(said[group == own] <= 110)
    return sum(np.mean(group == other) * np.quantile(said[group == other], share) for other in "abc")


together, right = asked("abc"), np.array([by_hand(own) for own in "abc"])
told = "all three together: a {:.1f}, b {:.1f}, c {:.1f}; by the formula {:.1f}, {:.1f}, {:.1f}"
print(told.format(*together, *right))
print("a and b together: a {:.1f}, b {:.1f}".format(*asked("ab")))
alone = np.array([asked(own)[0] for own in "abc"])
for own, value in zip("abc", alone):
    print(f"{own} alone: {value:.1f}")
assert np.allclose(together, right, atol=0.3) and (asked("ab") < 0.85 * right[:2]).all()
assert (alone < 0.6 * right).all(), "a row alone gets the same now"
PY
PYTHONWARNINGS=ignore env/bin/python alone.py
