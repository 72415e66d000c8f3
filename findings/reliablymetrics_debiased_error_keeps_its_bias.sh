#!/usr/bin/env bash
# reliably-metrics 0.1.0: its "debiased" calibration error cuts each bin at 0 before it adds them up, and so keeps half of the bias.
#
# In each bin chance moves the share of hits away from the mean probability, so a squared calibration error is above 0 for calibrated
# rows too. Kumar, Liang and Ma (2019) take the expected amount, p (1 - p) / (n - 1), off each bin: some bins come out above 0, some
# below, and the sum is right in the mean. `debiased_ece`, which "removes the finite-sample positive bias", sets the bins below 0
# to 0 first. What is left are the bins where chance went up. For calibrated rows that is about half of the plain value, with
# few rows and with many. Cut once, after the sum, the mean is a sixth of the plain value.
# Seen when calibrated rows got a debiased error above their plain one.
#
# Output seen (reliably-metrics 0.1.0, NumPy 2.4.6; means over 200 samples of calibrated rows, 15 bins of equal size; squared errors):
#   300 rows: plain 0.007990, debiased 0.004043 (51% of it); summed first by hand -0.000342, then cut at 0 0.001178
#   1000 rows: plain 0.002479, debiased 0.001195 (48% of it); summed first by hand -0.000021, then cut at 0 0.000407
#   10000 rows: plain 0.000243, debiased 0.000116 (48% of it); summed first by hand -0.000007, then cut at 0 0.000035
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check reliably-metrics==0.1.0 numpy==2.4.6 scipy==1.17.1

cat > bias.py <<'PY'
import numpy as np
from reliably.metrics.calibration import debiased_ece

for rows in (300, 1000, 10_000):
    found = []
    for seed in range(200):
        draw = np.random.default_rng(seed)
        told = 0.5 + 0.5 * draw.random(rows)  # the probability of class 1, which is always the likelier one
        hits = (draw.random(rows) < told).astype(int)
        plain, free = 0, 0
        for part in np.array_split(np.argsort(told), 15):
            square, mean = (hits[part].mean() - told[part].mean()) ** 2, hits[part].mean()
            plain += len(part) / rows * square
            free += len(part) / rows * (square - mean * (1 - mean) / (len(part) - 1))
        found.append((plain, debiased_ece(hits, told, ci=None).value ** 2, free, max(free, 0)))
    plain, seen, free, cut = np.mean(found, axis=0)
    print(f"{rows} rows: plain {plain:.6f}, debiased {seen:.6f} ({seen / plain:.0%} of it); summed first by hand "
          f"{free:.6f}, then cut at 0 {cut:.6f}")
    assert abs(free) < 0.15 * plain, "the sum by hand is not right"
    assert seen > 0.35 * plain and seen > 1.5 * cut, "the bias is off now"
PY
env/bin/python bias.py
