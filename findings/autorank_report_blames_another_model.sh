#!/usr/bin/env bash
# autorank 1.3.0: its report gives the p-values of the normality test to the wrong models.
#
# autorank tests the scores of each model for normality; the choice of all later tests hangs on it. Then it sorts the models
# by rank and the p-values with them, for its report names a model by its place. It sorts the p-values by the permutation turned
# round. Where two columns swap places both are the same, so many tables come out right. With three models two of the six
# orders of the columns are wrong, with more models most are: the report says of a normal model that it is not, with
# another's p-value. The tests are chosen rightly; what a reader copies into a paper is wrong. `pvals_shapiro` in the
# result, said to be in the order of the columns, is in neither order.
# Seen when the same table with its columns in another order got another report.
#
# Output seen (autorank 1.3.0, SciPy 1.17.1; 30 rows, model "skewed" is exponential, "low" and "high" are normal):
#   SciPy: skewed p = 0.00005, low p = 0.21429, high p = 0.45633
#   columns skewed, low, high: the report calls not normal: skewed (p=0.00005)
#   columns skewed, high, low: the report calls not normal: high (p=0.00005)
#   columns high, low, skewed: the report calls not normal: low (p=0.00005)
#   (and three more orders, which are right)
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check autorank==1.3.0 baycomp==1.0.3 numpy==2.4.6 scipy==1.17.1 \
    pandas==3.1.1 statsmodels==0.15.0 matplotlib==3.11.2

cat > names.py <<'PY'
import contextlib
import io
import re
from itertools import permutations

import numpy as np
import pandas as pd
from autorank import autorank, create_report
from scipy.stats import shapiro

draw = np.random.default_rng(0)
scores = pd.DataFrame({"skewed": 3 + draw.exponential(size=30), "low": draw.normal(size=30), "high": draw.normal(9, 1, 30)})
print("SciPy: " + ", ".join(f"{name} p = {shapiro(column).pvalue:.5f}" for name, column in scores.items()))
right = 0
for order in permutations(scores):
    with contextlib.redirect_stdout(io.StringIO()) as text:
        create_report(autorank(scores[list(order)]), decimal_places=5)
    named = re.search(r"the population is normal for the populations? (.*?)\. Therefore", " ".join(text.getvalue().split()))[1]
    print(f"columns {', '.join(order)}: the report calls not normal: {named}")
    right += named.startswith("skewed")
assert right == 4, "the report names the right model now"
PY
MPLBACKEND=agg PYTHONWARNINGS=ignore env/bin/python names.py
