#!/usr/bin/env bash
# data-drift-detector 0.0.18: its Wasserstein distance and Kolmogorov-Smirnov test forget the place, and see no move.
#
# `calculate_drift` estimates each column's density before and after at 100 places, or each category's share. Wasserstein's
# distance tells how far the mass has to be carried, Kolmogorov and Smirnov's test compares two samples. data-drift-detector
# hands both the two lists of heights, as if these were the samples: it asks whether equally many places have a high density,
# wherever they lie. So a column moved by five deviations is no farther away than one that is not moved, with p = 1.00, and
# two categories that swap their shares have the distance 0. The p-value is for 100 rows, the number of places, however long
# the table is. Of its numbers the Jensen-Shannon distance is right, and so is chi-squared for categories.
# Seen when a shifted column had the p-value of an unshifted one.
#
# Output seen (data-drift-detector 0.0.18, SciPy 1.17.1; 2000 normal rows, share of one of two categories; before: mean 0,
# 90%):
#   mean 0, share 90%: Wasserstein 0.0004 (by SciPy 0.03), p 0.70 (9.0e-01), of the shares 0.00; Jensen-Shannon 0.04 and 0.00
#   mean 1, share 50%: Wasserstein 0.0003 (by SciPy 1.05), p 0.47 (4.9e-147), of the shares 0.40; Jensen-Shannon 0.34 and 0.32
#   mean 5, share 10%: Wasserstein 0.0003 (by SciPy 5.03), p 1.00 (0.0e+00), of the shares 0.00; Jensen-Shannon 0.82 and 0.61
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 scikit-learn==1.9.1 \
    matplotlib==3.11.2 seaborn==0.13.2
env/bin/python -m pip install -q --disable-pip-version-check --no-deps data-drift-detector==0.0.18
echo "CountEncoder = None" > category_encoders.py  # it plays no part here

cat > place.py <<'PY'
import numpy as np
import pandas as pd
from data_drift_detector import DataDriftDetector
from scipy.stats import ks_2samp, wasserstein_distance

draw = np.random.default_rng(0)


def table(mean, share):
    return pd.DataFrame({"number": draw.normal(mean, 1, 2000), "word": np.repeat(["a", "b"], [share, 2000 - share])})


before, seen = table(0, 1800), []
for mean, share in ((0, 1800), (1, 1000), (5, 200)):
    after = table(mean, share)
    told = DataDriftDetector(before, after, categorical_columns=["word"], numeric_columns=["number"]).calculate_drift()
    number, word = told["numerical"]["number"], told["categorical"]["word"]
    right = wasserstein_distance(before["number"], after["number"]), ks_2samp(before["number"], after["number"]).pvalue
    seen.append((number["wasserstein_distance"], number["ks_2sample_test_p_value"], word["wasserstein_distance"], *right))
    print("mean {}, share {:.0%}: ".format(mean, share / 2000), end="")
    distances = seen[-1][0], right[0], seen[-1][1], right[1]
    print("Wasserstein {:.4f} (by SciPy {:.2f}), p {:.2f} ({:.1e}), ".format(*distances), end="")
    others = [column["jensen_shannon_distance"] for column in (number, word)]
    print("of the shares {:.2f}; Jensen-Shannon {:.2f} and {:.2f}".format(seen[-1][2], *others))
far, p, words, *_ = np.transpose(seen)
assert far.max() < 0.01 and p[2] > 0.05 and words[2] < 1e-12, "the place counts now"
PY
env/bin/python place.py
