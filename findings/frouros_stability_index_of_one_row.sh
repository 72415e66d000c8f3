#!/usr/bin/env bash
# frouros 0.9.0: one row in a bin that the other side leaves empty makes the population stability index a "major shift".
#
# The index sums (q - p) * log(q / p) over bins; by a common rule below 0.1 is no shift and above 0.25 a large one. Where
# p is 0 the logarithm has no value, and one puts a small share there, half a row for instance. frouros puts the smallest
# number that a float holds, whose logarithm is -708. So a bin with one row of 1000 against an empty one adds 0.7 alone,
# and the bins span both samples from end to end, so that the outer ones hold a row or two by construction. Two samples of
# the very same normal distribution exceed 0.25 in many draws. The number then says how many rows lie in such bins, not
# how far the samples differ. In the default setting (10 bins) there is no warning.
# Seen when its distances were set beside each other on the same two samples.
#
# Output seen (frouros 0.9.0; 200 draws, both samples from one normal distribution):
#   200 rows: frouros median 3.567, largest 31.77, above 0.25 56%; with half a row in empty bins 0.076, 0.24, 0%
#   1000 rows: frouros median 0.020, largest 5.63, above 0.25 25%; with half a row in empty bins 0.016, 0.05, 0%
#   5000 rows: frouros median 0.004, largest 1.41, above 0.25 7%; with half a row in empty bins 0.003, 0.01, 0%
#   1000 equal rows but one: frouros 0.701, with half a row in empty bins 0.000
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check frouros==0.9.0 numpy==2.1.3 scipy==1.14.1

cat > index.py <<'PY'
import numpy as np
from frouros.detectors.data_drift import PSI


def frouros_index(one, other):
    detector = PSI()
    detector.fit(X=one)
    return detector.compare(X=other)[0].distance


def half_a_row(one, other):
    edges = np.histogram_bin_edges(np.concatenate([one, other]), 10)
    p, q = (np.maximum(np.histogram(rows, edges)[0], 0.5) / len(rows) for rows in (one, other))
    return ((q - p) * np.log(q / p)).sum()


large = {}
for size in (200, 1000, 5000):
    draws = [np.random.default_rng(seed).normal(size=(2, size)) for seed in range(200)]
    found, right = (np.array([index(*draw) for draw in draws]) for index in (frouros_index, half_a_row))
    large[size] = (found > 0.25).mean(), (right > 0.25).mean()
    print(f"{size} rows: frouros median {np.median(found):.3f}, largest {found.max():.2f}, above 0.25 {large[size][0]:.0%}; "
          f"with half a row in empty bins {np.median(right):.3f}, {right.max():.2f}, {large[size][1]:.0%}")
rows = np.linspace(-1, 1, 1000)
one_row = frouros_index(rows, np.append(rows[:-1], 2)), half_a_row(rows, np.append(rows[:-1], 2))
print("1000 equal rows but one: frouros {:.3f}, with half a row in empty bins {:.3f}".format(*one_row))
assert large[200][0] > 0.4 and large[1000][0] > 0.1 and large[1000][1] == 0 and one_row[0] > 0.25 > one_row[1] * 10
PY
env/bin/python index.py
