#!/usr/bin/env bash
# pycalib 0.1.0.dev6: with 6, 14, 24 and some other numbers of bins its calibration error leaves out all rows told at 100 %.
#
# The expected calibration error sorts the rows by their confidence into bins and sums the gaps between confidence and accuracy.
# pycalib lets NumPy count up from 1 / bins in steps of 1 / bins. For 16 of the numbers up to 100 the last end comes out
# just below 1, and rows with a confidence of exactly 1 are in no bin. Such rows are common: a softmax in 32 bits gives 1 for a
# lead of 17, and isotonic calibration gives it to the top scores. Their gaps, the ones that matter most, count as 0.
# With 49 bins they are in two bins. `conf_ECE`, `ECE`, `conf_MCE` and `MCE` share this. With 15 bins, the default, all is well.
# Seen when the error fell to 0 as the number of bins went from 5 to 6.
#
# Output seen (pycalib 0.1.0.dev6, NumPy 2.4.6; half of the rows told at 100 % and right at 80 %, the rest told rightly at 77 %):
#   5 bins: expected error 0.1090, by hand 0.1090; largest 0.2120, by hand 0.2120
#   6 bins: expected error 0.0030, by hand 0.1090; largest 0.0060, by hand 0.2120
#   15 bins: expected error 0.1090, by hand 0.1090; largest 0.2120, by hand 0.2120
#   24 bins: expected error 0.0030, by hand 0.1090; largest 0.0060, by hand 0.2120
#   49 bins: expected error 0.2150, by hand 0.1090; largest 0.2120, by hand 0.2120
#   of the numbers of bins from 5 to 100, 16 leave out the surest rows and 1 counts them twice
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps pycalib==0.1.0.dev6

cat > bins.py <<'PY'
import numpy as np
from pycalib.metrics import conf_ECE, conf_MCE

draw = np.random.default_rng(0)
told = np.repeat([1, 0.77], 1000)
right = draw.random(2000) < np.repeat([0.8, 0.77], 1000)
labels, rows = np.where(right, 0, 1), np.column_stack([told, 1 - told])
gaps = [abs(level - right[told == level].mean()) for level in (1, 0.77)]  # two levels, in bins of their own
lost = double = 0
for bins in range(5, 101):
    found, most = conf_ECE(labels, rows, bins=bins), conf_MCE(labels, rows, bins=bins)
    if bins < 7 or bins in (15, 24, 49):
        print(f"{bins} bins: expected error {found:.4f}, by hand {sum(gaps) / 2:.4f}; largest {most:.4f}, by hand {max(gaps):.4f}")
    counted = ((found * 2 - gaps[1]) / gaps[0]).round(6)  # how many times the rows at 100 % are in the sum
    assert counted in (0, 1, 2), "the gaps are others"
    lost, double = lost + (counted == 0), double + (counted == 2)
print(f"of the numbers of bins from 5 to 100, {lost} leave out the surest rows and {double} counts them twice")
assert lost > 10, "all rows are counted now"
PY
env/bin/python bins.py
