#!/usr/bin/env bash
# driftdep 0.1.0: without a package it does not ask for, its blocks are always of length 7; false alarms then rise to 40 %.
#
# Tests of drift take the rows for independent; in a time series they alarm without reason. driftdep permutes whole blocks of rows
# instead. By its page the default picks the length from the data (Politis and White 2004), with no packages beyond NumPy and
# SciPy, and false alarms come back to about 5 % for AR(1) series. The choice is made by `arch`, an extra "for all
# corrections"; when it is absent the ImportError is swallowed, and the length is the cube root of the number of rows,
# 7 for 500, whatever the series. The result does not tell: it gives the length, but not where it comes from. So one call on
# the same rows has two p-values, and the stronger the dependence the test is meant for, the further apart they are.
# Seen when the same monitor was quiet on one machine and alarmed on another.
#
# Output seen (driftdep 0.1.0, SciPy 1.17.1, arch 8.0.0; two AR(1) series of 500 rows each, no drift, 150 draws; alarms at 5 %):
#   without arch, AR(1) 0: blocks of 7, 3% alarms; rows as independent 3%
#   without arch, AR(1) 0.7: blocks of 7, 11% alarms; rows as independent 41%
#   without arch, AR(1) 0.9: blocks of 7, 27% alarms; rows as independent 77%
#   without arch, AR(1) 0.95: blocks of 7, 43% alarms; rows as independent 91%
#   with arch, AR(1) 0: blocks of 1, 3% alarms; rows as independent 3%
#   with arch, AR(1) 0.7: blocks of 18, 6% alarms; rows as independent 41%
#   with arch, AR(1) 0.9: blocks of 37, 7% alarms; rows as independent 77%
#   with arch, AR(1) 0.95: blocks of 46, 11% alarms; rows as independent 91%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check driftdep==0.1.0 numpy==2.4.6 scipy==1.17.1

cat > blocks.py <<'PY'
import importlib.util

import numpy as np
from driftdep import drift_test
from scipy.signal import lfilter

chosen = importlib.util.find_spec("arch") is not None
for memory in (0, 0.7, 0.9, 0.95):
    found = []
    for seed in range(150):
        noise = np.random.default_rng(seed).normal(size=(2, 1000))
        one, other = lfilter([1], [1, -memory], noise)[:, 500:]
        result = drift_test(one, other, n_resamples=199, rng=seed)
        found.append((result.pvalue <= 0.05, result.block_length, drift_test(one, other, correction="naive").pvalue <= 0.05))
    alarms, length, naive = np.mean(found, axis=0)
    print(f"{'with' if chosen else 'without'} arch, AR(1) {memory}: blocks of {length:.0f}, {alarms:.0%} alarms; rows as independent {naive:.0%}")
    if chosen:
        assert alarms < 0.15 and (memory < 0.5 or length > 12)
    else:
        assert length == 7 and (memory < 0.9 or alarms > 0.2), "the length is chosen without arch now"
PY
env/bin/python blocks.py
env/bin/python -m pip install -q --disable-pip-version-check arch==8.0.0 pandas==3.1.1 statsmodels==0.15.0
env/bin/python blocks.py
