#!/usr/bin/env bash
# model-monitor 0.1.1: its stability index leaves out all values beyond the baseline's range; data that left it altogether get 0.
#
# The population stability index compares the shares of values in bins, those of the baseline (p) and of the current data (q):
# sum of (q - p) log(q / p). The outer bins are open, or the rest gets bins of its own, so that each value counts. The package
# lays ten bins between the baseline's smallest and largest value, and drops a current value outside of them; the shares of
# what is left are then scaled to 1. A column of which 40 % moved out of range looks as before. When all moved out,
# only the small number added against log 0 is left, equal in each bin: an even spread, and for a baseline that is even
# itself the index is 0, "no drift". The Kolmogorov-Smirnov test in the same report sees each of these shifts.
# Seen when an index fell while the data moved on.
#
# Output seen (model-monitor 0.1.1, SciPy 1.17.1; 20000 rows each, baseline even from 0 to 1; it calls drift above 0.25):
#   0% of the rows moved to 2 to 3: index 0.000, drift False; with open ends 0.000; Kolmogorov-Smirnov 0.01, drift False
#   10% of the rows moved to 2 to 3: index 0.000, drift False; with open ends 0.068; Kolmogorov-Smirnov 0.10, drift True
#   40% of the rows moved to 2 to 3: index 0.001, drift False; with open ends 0.753; Kolmogorov-Smirnov 0.40, drift True
#   80% of the rows moved to 2 to 3: index 0.002, drift False; with open ends 2.697; Kolmogorov-Smirnov 0.80, drift True
#   100% of the rows moved to 2 to 3: index 0.001, drift False; with open ends 12.482; Kolmogorov-Smirnov 1.00, drift True
#   all rows moved by 0.5: index 5.229, drift True; with open ends 6.152; Kolmogorov-Smirnov 0.51, drift True
#   all rows moved by 0.9: index 10.421, drift True; with open ends 12.482; Kolmogorov-Smirnov 0.90, drift True
#   all rows moved by 1.5: index 0.001, drift False; with open ends 12.482; Kolmogorov-Smirnov 1.00, drift True
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check model-monitor==0.1.1 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 \
    scikit-learn==1.9.1 matplotlib==3.11.2 seaborn==0.13.2 plotly==7.1.0 pydantic==2.14.4 statsmodels==0.15.0

cat > index.py <<'PY'
import numpy as np
from model_monitor.data_drift.statistical_tests import ks_test, population_stability_index


def by_hand(baseline, current):  # ten bins with open ends
    inner = np.linspace(baseline.min(), baseline.max(), 11)[1:-1]
    shares = [np.bincount(np.searchsorted(inner, part), minlength=10) / len(part) + 1e-6 for part in (baseline, current)]
    return np.sum((shares[1] - shares[0]) * np.log(shares[1] / shares[0]))


draw = np.random.default_rng(0)
baseline, fresh = draw.random((2, 20_000))
gone = draw.random(20_000)
cases = {f"{share:.0%} of the rows moved to 2 to 3": np.where(gone < share, fresh + 2, fresh) for share in (0, 0.1, 0.4, 0.8, 1)}
cases |= {f"all rows moved by {shift}": fresh + shift for shift in (0.5, 0.9, 1.5)}
found = {}
for name, current in cases.items():
    seen, drift = population_stability_index(baseline, current)
    right, test = by_hand(baseline, current), ks_test(baseline, current)
    found[name] = seen, drift, right, test[2]
    print(f"{name}: index {seen:.3f}, drift {bool(drift)}; with open ends {right:.3f}; Kolmogorov-Smirnov {test[0]:.2f}, drift {bool(test[2])}")
parts = [found[f"{share:.0%} of the rows moved to 2 to 3"] for share in (0, 0.4, 0.8, 1)]
assert max(part[0] for part in parts) < 0.02 and not any(part[1] for part in parts), "values out of range count now"
assert all(part[2] > 0.25 and part[3] for part in parts[1:]) and parts[0][2] < 0.01
assert found["all rows moved by 1.5"][0] < 0.01 < 5 < found["all rows moved by 0.9"][0]
PY
env/bin/python index.py
