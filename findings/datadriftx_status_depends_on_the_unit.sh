#!/usr/bin/env bash
# datadriftx 0.2.1: its status is the change of the mean in per cent of the mean; ten degrees warmer is no drift in kelvin.
#
# Two files are compared column by column. A numeric column's metric is called "mean_shift + psi", and the stability index (PSI) is
# computed and printed; above 0.25 it usually counts as a large drift. The score, and the status from it, is the shift of the mean
# alone, divided by the mean of the reference. That depends on where a unit has its zero: one and the same change of a
# temperature is HIGH in degrees Celsius, MEDIUM in Fahrenheit and NO DRIFT in kelvin, with an index of 7 in all three. A
# column whose spread grew fourfold, or whose halves moved apart, is NO DRIFT in any unit. The streaming mode does the same.
# Seen when a file in other units was called stable.
#
# Output seen (datadriftx 0.2.1; 1000 rows each):
#   celsius: HIGH, streaming HIGH, score 0.69, stability index 7.4
#   fahrenheit: MEDIUM, streaming MEDIUM, score 0.31, stability index 7.4
#   kelvin: NO DRIFT, streaming NO DRIFT, score 0.04, stability index 7.4
#   spread times four: NO DRIFT, streaming NO DRIFT, score 0.05, stability index 6.8
#   in two halves: NO DRIFT, streaming NO DRIFT, score 0.00, stability index 37.3
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check datadriftx==0.2.1 numpy==2.4.6 openpyxl==3.1.5 pyarrow==26.0.1

cat > units.py <<'PY'
import csv

import numpy as np
from datadriftx import compare_csv
from datadriftx.core.streaming import compare_streaming

draw = np.random.default_rng(0)
before, after = draw.normal(15, 5, 1000), draw.normal(25, 5, 1000)
columns = {"celsius": (before, after), "fahrenheit": (1.8 * before + 32, 1.8 * after + 32), "kelvin": (before + 273.15, after + 273.15),
           "spread times four": (before, 15 + 4 * (before - 15)),
           "in two halves": (before, np.where(before < np.median(before), before - 20, before + 20))}
for place, path in enumerate(("before.csv", "after.csv")):
    with open(path, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(columns)
        rows.writerows(zip(*(pair[place] for pair in columns.values())))


def by_hand(one, other):
    edges = np.linspace(min(one.min(), other.min()), max(one.max(), other.max()), 11)
    one, other = (np.maximum(np.histogram(part, edges)[0] / len(part), 1e-10) for part in (one, other))
    return np.sum((other - one) * np.log(other / one))


found, stream = ({each.column: each for each in compare("before.csv", "after.csv")} for compare in (compare_csv, compare_streaming))
for name, pair in columns.items():
    each = found[name]
    print(f"{name}: {each.status}, streaming {stream[name].status}, score {each.drift_score:.2f}, stability index {each.metrics['psi']:.1f}")
    assert np.isclose(each.metrics["psi"], by_hand(*pair), rtol=0.01) and each.metrics["psi"] > 2
    assert np.isclose(each.drift_score, abs(pair[1].mean() / pair[0].mean() - 1)), "the score is no longer the mean's"
    assert each.status == stream[name].status
assert [found[name].status for name in columns] == ["HIGH", "MEDIUM"] + 3 * ["NO DRIFT"], "the index counts now"
PY
env/bin/python units.py
