#!/usr/bin/env bash
# insurance-monitoring 1.2.2: weights take the guarantee of its calibration monitor away; with 3 each calm stream alarms.
#
# `PITMonitor` ranks each new value of a forecast's distribution function among those before it and bets on a histogram of the
# ranks; where nothing changes it alarms ever with a chance of 5 % at most. `update(pit, exposure=12)` stands for a policy of twelve months: the
# same value is entered twelve times, which "preserves the anytime-valid guarantee by construction". But the guarantee is for rows
# that could come in any order, and copies come in a row. Each copy has nearly the rank of the one before, the histogram has just been
# raised there, and the bet on it wins again and again. Two copies are enough. Without exposure the monitor is quiet.
# Seen when policies of a year, all calibrated, raised the alarm at once.
#
# Output seen (insurance-monitoring 1.2.2, NumPy 2.4.6; 100 streams of 300 even values, calibrated from first to last, alpha 5 %):
#   exposure 1: alarms in 2 of 100 streams, half of these by value 108
#   exposure 2: alarms in 62 of 100 streams, half of these by value 64
#   exposure 3: alarms in 100 of 100 streams, half of these by value 31
#   exposure 12: alarms in 100 of 100 streams, half of these by value 6
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 pandas==3.1.1 \
    matplotlib==3.11.2 polars==2.1.0 sortedcontainers==2.4.0
env/bin/python -m pip install -q --disable-pip-version-check --no-deps insurance-monitoring==1.2.2

cat > calm.py <<'PY'
import numpy as np
from insurance_monitoring import PITMonitor

for exposure in (1, 2, 3, 12):
    times = []
    for seed in range(100):
        monitor, draw = PITMonitor(alpha=0.05, rng=seed), np.random.default_rng(1000 + seed)
        for row in range(1, 301):
            if monitor.update(draw.random(), exposure=exposure):
                times.append(row)
                break
    told = f", half of these by value {np.median(times):.0f}" if times else ""
    print(f"exposure {exposure}: alarms in {len(times)} of 100 streams{told}")
    assert len(times) <= 10 if exposure == 1 else len(times) > 50, "the weights keep the guarantee now"
PY
env/bin/python calm.py
