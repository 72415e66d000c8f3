#!/usr/bin/env bash
# psmpy 0.3.16: its propensity scores, and so its matching, depend on the order of the rows; sorted, the matched groups differ again.
#
# A propensity score is a row's probability to be treated, given its columns; matching on it makes the groups alike. By default
# (`balance=True`) `logistic_ps` cuts the larger group, in the order of the table, into pieces of the size of the smaller one, and fits
# a logistic regression for each piece. A row of the larger group has the score of its own piece, one of the smaller group the mean of
# all; the leftover piece may have a model from 40 rows. In a table in random order the pieces are alike. In one sorted by any of its
# columns each piece is another population, and scores of different models are compared with each other. With `balance=False` there is
# one model and the order is nothing.
# Seen when the same table, sorted, gave another effect.
#
# Output seen (psmpy 0.3.16, scikit-learn 1.9.1; 1800 rows, age raises the chance of treatment, `other` is pure noise, true effect 1):
#   262 treated; before matching their mean age is +7.28 years apart
#   as drawn, balance=True: 262 pairs, ages +0.08 years apart, effect 1.02
#   as drawn, balance=False: 262 pairs, ages +0.08 years apart, effect 1.01
#   sorted by age, balance=True: 262 pairs, ages +1.00 years apart, effect 1.11
#   sorted by age, balance=False: 262 pairs, ages +0.08 years apart, effect 1.01
#   sorted by other, balance=True: 262 pairs, ages -4.09 years apart, effect 0.60
#   sorted by other, balance=False: 262 pairs, ages +0.08 years apart, effect 1.01
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check psmpy==0.3.16 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 \
    pandas==3.1.1 matplotlib==3.11.2 seaborn==0.13.2

cat > order.py <<'PY'
import warnings

import numpy as np
import pandas as pd
from psmpy import PsmPy

warnings.simplefilter("ignore")  # of a solver that scikit-learn is about to change
draw = np.random.default_rng(0)
age, other = draw.normal(50, 10, 1800), draw.normal(size=1800)
treated = (draw.random(1800) < 1 / (1 + np.exp(2 - 0.08 * (age - 50)))).astype(int)
outcome = age / 10 + 0.1 * draw.normal(size=1800) + treated
table = pd.DataFrame({"row": np.arange(1800), "age": age, "other": other, "treated": treated})
apart = age[treated == 1].mean() - age[treated == 0].mean()
print(f"{treated.sum()} treated; before matching their mean age is {apart:+.2f} years apart")
for name in ("as drawn", "sorted by age", "sorted by other"):
    rows = table if name == "as drawn" else table.sort_values(name.split()[-1])
    for balance in (True, False):
        match = PsmPy(rows, treatment="treated", indx="row", exclude=[], seed=1)
        match.logistic_ps(balance=balance)
        match.kdtree_matched(matcher="propensity_logit", replacement=False)
        one, two = match.matched_ids[["row", "matched_ID"]].to_numpy(int).T
        years, effect = (age[one] - age[two]).mean(), (outcome[one] - outcome[two]).mean()
        print(f"{name}, balance={balance}: {len(one)} pairs, ages {years:+.2f} years apart, effect {effect:.2f}")
        if not balance or name == "as drawn":
            assert abs(years) < 0.3 and abs(effect - 1) < 0.05
        else:
            assert abs(years) > 0.7 and abs(effect - 1) > 0.07, "the order does not matter now"
PY
env/bin/python order.py
