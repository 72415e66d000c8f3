#!/usr/bin/env bash
# missingness-analyzer 0.1.2: its Little test counts too many degrees of freedom; each complete column makes it blinder.
#
# Little's test (1988) asks whether a table's gaps are there completely at random: for each pattern of gaps it compares the
# means of the columns that are not missing with those of all rows. The sum has a chi-squared distribution whose degrees of
# freedom are the number of columns not missing, summed over the patterns, less the number of all columns.
# missingness-analyzer forgets the last part. With one column that has gaps among ten there are 9 degrees of freedom, and it
# counts 19. So even gaps that clearly follow another column are "consistent with MCAR". Below, its statistic with the right
# number is right.
# Seen when data without any pattern were never below 0.05, in 200 draws.
#
# Output seen (missingness-analyzer 0.1.2, SciPy 1.17.1; 200 rows, gaps in the last column, 200 draws; share with p < 0.05):
#   5 columns, gaps at random: 0.0%, with the right degrees of freedom 3.5%
#   5 columns, gaps by the first column: 24.5%, with the right degrees of freedom 62.5%
#   10 columns, gaps at random: 0.0%, with the right degrees of freedom 4.5%
#   10 columns, gaps by the first column: 6.0%, with the right degrees of freedom 54.0%
#   20 columns, gaps at random: 0.0%, with the right degrees of freedom 5.5%
#   20 columns, gaps by the first column: 0.5%, with the right degrees of freedom 42.0%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 scikit-learn==1.9.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps missingness-analyzer==0.1.2

cat > degrees.py <<'PY'
import numpy as np
import pandas as pd
from missingness_analyzer import MissingnessAnalyzer
from scipy.stats import chi2

for columns in (5, 10, 20):
    for name, slope in (("gaps at random", 0), ("gaps by the first column", 0.5)):
        found, right = [], []
        for seed in range(200):
            draw = np.random.default_rng(seed)
            values = draw.normal(size=(200, columns))
            values[draw.random(200) < 1 / (1 + np.exp(1 - slope * values[:, 0])), -1] = np.nan
            result = MissingnessAnalyzer(pd.DataFrame(values)).test_mcar()
            assert result["dof"] == 2 * columns - 1, "it counts otherwise now"
            found.append(result["p_value"])
            right.append(chi2.sf(result["statistic"], columns - 1))
        found, right = np.mean(np.array([found, right]) < 0.05, axis=1)
        print(f"{columns} columns, {name}: {found:.1%}, with the right degrees of freedom {right:.1%}")
        assert found < 0.6 * right, "the test is as sharp as Little's now"
PY
env/bin/python degrees.py
