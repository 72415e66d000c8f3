#!/usr/bin/env bash
# dashi 0.4.2: its global deviation (GPD) of two sources that share nothing is 0.87, not 1; it divides by a simplex of one source more.
#
# dashi tells how far the data of several sources (hospitals, years) differ. The sources are points at their Jensen-Shannon
# distances. The GPD is their mean distance to the middle, divided by its largest possible value, that of sources of which
# no two share anything: the corners of a regular simplex with edges of 1. The documentation calls it normalized and
# independent of the dimension. n sources span a simplex of n - 1 dimensions; dashi takes that of n. So the same extreme
# gives 0.87 for two sources, 0.94 for three and nears 1 for many: a GPD of two hospitals is always 13 % too small beside
# one of many, and grows with each source that is as different as those before. The other measure, SPO, is 1 for two strangers.
# Seen when two sources without a common value got 0.87.
#
# Output seen (dashi 0.4.2, SciPy 1.17.1; one column of categories, 100 rows for each source):
#   2 sources: nothing shared: dashi 0.866, by hand 1.000, largest SPO 1.000; half shared: dashi 0.612, by hand 0.707
#   3 sources: nothing shared: dashi 0.943, by hand 1.000, largest SPO 0.866; half shared: dashi 0.667, by hand 0.707
#   5 sources: nothing shared: dashi 0.980, by hand 1.000, largest SPO 0.791; half shared: dashi 0.693, by hand 0.707
#   20 sources: nothing shared: dashi 0.999, by hand 1.000, largest SPO 0.725; half shared: dashi 0.706, by hand 0.707
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check dashi==0.4.2 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1

cat > strangers.py <<'PY'
import numpy as np
import pandas as pd
from dashi.unsupervised_characterization.data_source_map.data_source_map import estimate_univariate_data_source_map
from dashi.unsupervised_characterization.variability_metrics.estimate_msv_metrics import estimate_MSV_metrics
from scipy.spatial.distance import jensenshannon


def measure(values):
    sources, rows = values.shape
    table = pd.DataFrame({"source": np.repeat([f"s{at:02}" for at in range(sources)], rows), "value": values.ravel()})
    maps = estimate_univariate_data_source_map(table.astype("category"), "source")
    return estimate_MSV_metrics(maps if not isinstance(maps, dict) else maps["value"])


def by_hand(values):  # for n points: mean distance to their middle, from the distances between them
    shares = np.array([[np.mean(row == value) for value in np.unique(values)] for row in values])
    squares = np.array([[jensenshannon(one, other, base=2)**2 for other in shares] for one in shares])
    middle = np.sqrt(squares.mean(axis=1) - squares.mean() / 2)
    number = len(values)
    return middle.mean() / np.sqrt((number - 1) / (2 * number))  # the radius of a simplex with n corners and edges of 1


for number in (2, 3, 5, 20):
    strangers = np.repeat(np.arange(number), 100).reshape(number, 100)
    halves = strangers.copy()
    halves[:, :50] = 99  # half of the rows are the same everywhere
    seen, right = [measure(values).GPD for values in (strangers, halves)], [by_hand(values) for values in (strangers, halves)]
    outlying = max(measure(strangers).SPO)
    print(f"{number} sources: nothing shared: dashi {seen[0]:.3f}, by hand {right[0]:.3f}, largest SPO {outlying:.3f}; "
          f"half shared: dashi {seen[1]:.3f}, by hand {right[1]:.3f}")
    factor = np.sqrt((number - 1) / number / (number / (number + 1)))
    assert np.allclose(right, [1, np.sqrt(0.5)], atol=1e-3)
    assert np.allclose(np.array(seen) / right, factor, atol=2e-3), "the largest value is 1 now"
PY
PYTHONWARNINGS=ignore env/bin/python strangers.py 2> errors || { cat errors; exit 1; }
