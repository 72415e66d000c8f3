#!/usr/bin/env bash
# conformalpy 1.0.0: its test whether anything changed, promised to alarm by chance in 1 % of streams, does so in 25 % of long ones.
#
# A conformal martingale bets against equal chances of all ranks; where nothing changes it reaches 100 with a chance of 1 % at most
# (Ville's inequality, which the package cites). For that each new row must be ranked among all rows before it, whereas
# `ExchangeabilityTest` ranks every new row among the same calibration rows. Those are a little too low or too high by chance, all
# p-values share that error, and the longer the stream, the surer the martingale grows from it. The "simple jumper" takes the
# largest of several martingales besides, where their mean would be one. Ranked online by hand the same streams keep within it.
# Seen when streams without a change were tested a second time, longer.
#
# Output seen (conformalpy 1.0.0, NumPy 2.4.6; 200 pairs of samples from one normal distribution; share above the threshold 100):
#   100 rows to calibrate, 100 in the stream: power martingale 0.0%, simple jumper 4.0%; power martingale, ranked online by hand 0.0%
#   100 rows to calibrate, 1000 in the stream: power martingale 18.0%, simple jumper 20.5%; power martingale, ranked online by hand 1.0%
#   200 rows to calibrate, 5000 in the stream: power martingale 25.0%, simple jumper 28.0%; power martingale, ranked online by hand 1.5%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check conformalpy==1.0.0 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 \
    pandas==3.1.1 matplotlib==3.11.2 seaborn==0.13.2

cat > streams.py <<'PY'
from bisect import bisect_left, insort

import numpy as np
from conformalpy.diagnostics.exchangeability import ExchangeabilityTest, PowerMartingale


def online(old, new, draw):  # each row's p-value among all rows before it
    rows, values = sorted(old), []
    for row in new:
        above = len(rows) - bisect_left(rows, row)
        values.append((above + draw.random()) / (len(rows) + 1))
        insort(rows, row)
    return np.array(values)


for old, new in ((100, 100), (100, 1000), (200, 5000)):
    alarms = []
    for seed in range(200):
        draw = np.random.default_rng(seed)
        sample, stream = draw.normal(size=old), draw.normal(size=new)
        found = [ExchangeabilityTest(method=name, threshold=100.0).test(sample, stream, random_state=seed)["rejected"]
                 for name in ("power", "simple_jumper")]
        by_hand = PowerMartingale(0.92).update(online(sample, stream, draw)).max() >= 100
        alarms.append((*found, by_hand))
    power, jumper, right = np.mean(alarms, axis=0)
    print(f"{old} rows to calibrate, {new} in the stream: power martingale {power:.1%}, simple jumper {jumper:.1%}; "
          f"power martingale, ranked online by hand {right:.1%}")
    assert right <= 0.03, "the test by hand alarms too often"
    if new >= 1000:
        assert min(power, jumper) > 0.1, "it keeps to its promise now"
PY
env/bin/python streams.py
