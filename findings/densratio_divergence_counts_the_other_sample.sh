#!/usr/bin/env bash
# densratio 0.4.0: the divergence that it reports depends on how many rows the second sample has, and goes far below 0.
#
# RuLSIF estimates the ratio of two densities, and from it the relative Pearson divergence, which is 0 for equal distributions
# and above 0 otherwise. The formula takes a mean over the first sample and a mean over the second. densratio divides the
# sums over both by the number of rows of the first. With equal numbers of rows this is right. With ten times as many rows
# in the second, its term counts ten times: two samples from one distribution come out at -4, and distributions farther
# apart come out lower still, so that the order is turned round. Source and target seldom have equally many rows. The
# ratio itself (`compute_density_ratio`) is not touched, and the divergence by hand from it is right.
# Seen when the divergence of two samples from one distribution was not near 0.
#
# Output seen (densratio 0.4.0; alpha 0.1, 200 rows in the first sample, mean of five draws):
#   means 0 apart, 200 rows in the second: densratio 0.003, by the formula 0.003, true 0.000
#   means 0 apart, 400 rows in the second: densratio -0.439, by the formula 0.001, true 0.000
#   means 0 apart, 2000 rows in the second: densratio -3.971, by the formula 0.001, true 0.000
#   means 1 apart, 200 rows in the second: densratio 0.403, by the formula 0.403, true 0.467
#   means 1 apart, 400 rows in the second: densratio -0.542, by the formula 0.405, true 0.467
#   means 1 apart, 2000 rows in the second: densratio -7.580, by the formula 0.409, true 0.467
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check densratio==0.4.0 numpy==2.4.6

cat > divergence.py <<'PY'
import numpy as np
from densratio import RuLSIF

grid = np.linspace(-10, 10, 20001)
for shift in (0, 1):
    p, q = (np.exp(-((grid - mean) ** 2) / 2) / np.sqrt(2 * np.pi) for mean in (shift, 0))
    mixed = 0.1 * p + 0.9 * q
    true = ((p / mixed - 1) ** 2 * mixed).sum() * (grid[1] - grid[0]) / 2
    for size in (200, 400, 2000):
        pairs = []
        for seed in range(5):
            np.random.seed(seed)  # it draws its centres from NumPy's global generator
            draw = np.random.default_rng(seed)
            one, other = draw.normal(shift, 1, (200, 1)), draw.normal(0, 1, (size, 1))
            result = RuLSIF(one, other, alpha=0.1, sigma=1.0, lambda_=0.1, verbose=False)
            here, there = result.compute_density_ratio(one), result.compute_density_ratio(other)
            formula = here.mean() - 0.1 / 2 * (here**2).mean() - 0.9 / 2 * (there**2).mean() - 0.5
            pairs.append((result.alpha_PE, formula))
        library, formula = np.mean(pairs, axis=0)
        print(f"means {shift} apart, {size} rows in the second: densratio {library:.3f}, "
              f"by the formula {formula:.3f}, true {true:.3f}")
        assert abs(formula - true) < 0.1 and (abs(library - formula) < 1e-9) == (size == 200), "it counts both samples now"
        assert size < 2000 or library < -3, "it counts both samples now"
PY
env/bin/python divergence.py
