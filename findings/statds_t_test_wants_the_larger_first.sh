#!/usr/bin/env bash
# statds 1.1.7: its t-tests find a difference only if the first column has the larger mean; else p lies between 1 and 2.
#
# A two-sided test asks whether two means differ, whichever is the larger, so it may not matter which column stands first.
# `t_test_paired` and `t_test_unpaired` integrate the t distribution from the statistic upwards and double the area, as
# if the statistic were never negative, and their verdict asks whether it passes the one-sided critical value. Where the second
# algorithm is the better one, p is 2 minus the right one and the verdict "same distributions", however far apart they are;
# where the first one is, a p of 0.068 is "different" at 5 %. Both are described as tests whether the two means differ.
# Seen when two columns were swapped and a p-value was 1.98.
#
# Output seen (statds 1.1.7, SciPy 1.17.1; accuracies of two algorithms on 20 data sets, the second one better):
#   better by 0.01, paired: better one first, p 0.0678, Different distributions; better one second, p 1.9322, Same distributions; by SciPy and by hand 0.0678
#   better by 0.01, unpaired: better one first, p 0.1350, Same distributions; better one second, p 1.8650, Same distributions; by SciPy and by hand 0.1350
#   better by 0.02, paired: better one first, p 0.0078, Different distributions; better one second, p 1.9922, Same distributions; by SciPy and by hand 0.0078
#   better by 0.02, unpaired: better one first, p 0.0245, Different distributions; better one second, p 1.9755, Same distributions; by SciPy and by hand 0.0245
#   better by 0.03, paired: better one first, p 0.0008, Different distributions; better one second, p 1.9992, Same distributions; by SciPy and by hand 0.0008
#   better by 0.03, unpaired: better one first, p 0.0031, Different distributions; better one second, p 1.9969, Same distributions; by SciPy and by hand 0.0031
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check statds==1.1.7 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 matplotlib==3.11.2

cat > order.py <<'PY'
import numpy as np
import pandas as pd
from scipy.stats import t, ttest_ind, ttest_rel
from statds.parametrics import t_test_paired, t_test_unpaired


def by_hand(first, second, paired):
    gaps, count = first - second, len(first)
    spread = np.var(gaps, ddof=1) if paired else np.var(first, ddof=1) + np.var(second, ddof=1)
    return 2 * t.sf(abs(gaps.mean()) / np.sqrt(spread / count), (1 if paired else 2) * (count - 1))


for better in (0.01, 0.02, 0.03):
    draw = np.random.default_rng(0)
    hard = draw.normal(0.7, 0.03, size=20)
    old, new = hard + draw.normal(0, 0.03, size=20), hard + better + draw.normal(0, 0.03, size=20)
    for name, test, scipy in (("paired", t_test_paired, ttest_rel), ("unpaired", t_test_unpaired, ttest_ind)):
        told = [test(pd.DataFrame({"first": first, "second": second})) for first, second in ((new, old), (old, new))]
        right = scipy(old, new).pvalue
        assert np.isclose(right, by_hand(old, new, name == "paired"))
        print("better by {}, {}: better one first, p {:.4f}, {}; better one second, p {:.4f}, {}; by SciPy and by hand {:.4f}".format(
            better, name, *[value for row in told for value in (row[1], row[3].split("(")[1].rstrip(")"))], right))
        assert np.isclose(told[0][1], right, atol=1e-4)
        assert np.isclose(told[1][1], 2 - right, atol=1e-4) and "Same" in told[1][3], "the order does not matter now"
PY
env/bin/python order.py
