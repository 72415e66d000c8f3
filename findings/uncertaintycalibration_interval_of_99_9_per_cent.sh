#!/usr/bin/env bash
# uncertainty-calibration 0.1.4: its 90 % interval for a calibration error is one of 99.9 %, and its 50 % one of 99.5 %.
#
# `get_calibration_error_uncertainties` says that it gives a 1 - alpha confidence interval, by the bootstrap, and its default
# is alpha = 0.1. It hands alpha to a function that takes it in per cent: the interval runs from the percentile 0.05 to the
# percentile 99.95, where 5 and 95 are meant. With its 100 resamples these are the smallest and the largest of all, and alpha
# hardly matters: whoever asks for 50 % gets almost the same. So two nets whose calibration errors are apart look the
# same. With alpha = 10 the interval is the one of 90 %.
# Seen when the interval was set beside a bootstrap by hand, and when it was counted how often it holds the true error.
#
# Output seen (uncertainty-calibration 0.1.4; 1000 rows, 50 draws, the true error is 0.1):
#   alpha 0.5: width 0.071, by hand 0.020; holds the truth 98%, by hand 54%
#   alpha 0.1: width 0.071, by hand 0.047; holds the truth 96%, by hand 90%
#   alpha 0.01: width 0.071, by hand 0.073; holds the truth 96%, by hand 98%
#   alpha 10: width 0.047, by hand 0.047; holds the truth 88%, by hand 90%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check uncertainty-calibration==0.1.4 numpy==2.4.6 scipy==1.17.1 \
    scikit-learn==1.9.1

cat > interval.py <<'PY'
import numpy as np
from calibration import get_calibration_error_uncertainties

levels = np.array([0.6, 0.7, 0.8, 0.9])  # what the net says; it is right 10 points less often


def error(told, right):  # the plain calibration error: each level's share of the rows times its gap
    return sum(abs((told - right)[told == level].sum()) for level in levels) / len(told)


np.random.seed(0)
for alpha in (0.5, 0.1, 0.01, 10):
    widths, holds = [], []
    for seed in range(50):
        draw = np.random.default_rng(seed)
        told = draw.choice(levels, 1000)
        right = (draw.random(1000) < told - 0.1).astype(int)
        low, _, high = get_calibration_error_uncertainties(told, right, p=1, alpha=alpha)
        again = [error(told[rows], right[rows]) for rows in draw.integers(0, 1000, (400, 1000))]
        share = alpha if alpha < 1 else alpha / 100
        ends = 2 * error(told, right) - np.quantile(again, [1 - share / 2, share / 2])
        widths.append([high - low, np.diff(ends)[0]])
        holds.append([low < 0.1 < high, ends[0] < 0.1 < ends[1]])
    (wide, right_wide), (held, right_held) = np.mean(widths, axis=0), np.mean(holds, axis=0)
    print(f"alpha {alpha}: width {wide:.3f}, by hand {right_wide:.3f}; holds the truth {held:.0%}, by hand {right_held:.0%}")
    assert abs(right_held - (1 - share)) < 0.15
    assert wide > 1.3 * right_wide if alpha in (0.5, 0.1) else abs(wide / right_wide - 1) < 0.2, "alpha is a share now"
PY
env/bin/python interval.py 2> /dev/null
