#!/usr/bin/env bash
# pycaleva 0.8.2: merging groups for the Hosmer-Lemeshow test drops one group's rows and adds up means.
#
# The test compares observed and expected counts in groups of rows with like probabilities. Where groups expect too few
# events, they are to be merged first; `merge_groups` is for that. It merges the first groups until they hold enough events, but
# one group more is taken off the table than was added up: its rows are in no group any more. And "mean_predicted" and
# "mean_observed" of the merged group are the sums of the means of its parts. The statistic's variance is computed from
# that mean, so the merged group's part in it is far too small; `mce` and `ace` take it for a mean as well.
# Seen when the table's rows were counted after a merge.
#
# Output seen (pycaleva 0.8.2, SciPy 1.17.1; 1000 rows, ten groups of 100, rare events that occur more often than told):
#   not merged: rows in the table 1000; statistic 784.8, p 0.0000, by hand 784.8, p 0.0000; first group: mean told 0.0002, told events over rows 0.0002, by hand 0.0002
#   merged to 5 events: rows in the table 900; statistic 11.6, p 0.0203, by hand 60.8, p 0.0000; first group: mean told 0.0945, told events over rows 0.0158, by hand 0.0158
#   merged to 15 events: rows in the table 900; statistic 11.1, p 0.0110, by hand 54.0, p 0.0000; first group: mean told 0.1689, told events over rows 0.0241, by hand 0.0241
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check pycaleva==0.8.2 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 \
    pandas==3.1.1 statsmodels==0.15.0 matplotlib==3.11.2

cat > merged.py <<'PY'
import numpy as np
from pycaleva import CalibrationEvaluator
from scipy.stats import chi2

draw = np.random.default_rng(0)
told = draw.beta(0.4, 4, size=1000)
labels = (draw.random(1000) < np.minimum(told + 0.04 * (told < 0.1), 1)).astype(int)
order = np.argsort(told)
parts = np.array_split(order, 10)
for least in (None, 5, 15):
    model = CalibrationEvaluator(labels, told, outsample=True, n_groups=10)
    groups = list(parts)
    if least:
        model.merge_groups(min_count=least)
        while min(told[groups[0]].sum(), labels[groups[0]].sum()) < least:
            groups[:2] = [np.concatenate(groups[:2])]
    sums = [np.array([np.sum(values[group]) for group in groups]) for values in (told, labels, np.ones(1000))]
    expected, observed, size = sums
    statistic = np.sum((observed - expected) ** 2 / (expected * (1 - expected / size)))
    table, seen = model.contingency_table, model.hosmerlemeshow(verbose=False)
    first = table.iloc[0]
    print(f"{f'merged to {least} events' if least else 'not merged'}: rows in the table {table.total.sum():.0f}; "
          f"statistic {seen.statistic:.1f}, p {seen.pvalue:.4f}, by hand {statistic:.1f}, p {chi2.sf(statistic, len(groups)):.4f}; "
          f"first group: mean told "
          f"{first.mean_predicted:.4f}, told events over rows {first.predicted_1 / first.total:.4f}, by hand {told[groups[0]].mean():.4f}")
    if least:
        assert table.total.sum() == 900 and first.mean_predicted > 1.5 * first.predicted_1 / first.total, "rows and means stay now"
    else:
        assert table.total.sum() == 1000 and abs(seen.statistic - statistic) < 1e-6
PY
env/bin/python merged.py 2> /dev/null
