#!/usr/bin/env bash
# reliably-metrics 0.1.0: its FactorVAE score never holds a factor still; the factors themselves get the mark of pure noise.
#
# The score (Kim and Mnih 2018) chooses a factor, takes a batch of rows in which that factor has one value, and looks which column
# of the code varies least. From the column a majority vote tells the factor. A code with one column for each factor is always told
# right, 1; noise is right as often as chance. In the package the factor is chosen by lot and the batch is drawn from all rows: the
# choice has no part in it. So every code, perfect, mixed or noise, has the score of guessing, 1 / number of factors and a little more,
# since the vote is counted on the rows it was made from. With batches that hold the factor, by hand, the three are told apart.
# Seen when the score of the factors themselves came out at a quarter.
#
# Output seen (reliably-metrics 0.1.0, NumPy 2.4.6; 4000 rows of 4 independent even factors, 800 votes, 1 is best, chance 0.25):
#   the factors themselves: 0.29, with the factor held by hand 1.00
#   factors mixed: 0.30, with the factor held by hand 0.92
#   noise: 0.28, with the factor held by hand 0.28
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check reliably-metrics==0.1.0 numpy==2.4.6 scipy==1.17.1

cat > votes.py <<'PY'
import numpy as np
from reliably.repr.factorvae import factorvae_metric


def by_hand(code, factors, draw):
    """The score, with batches in which the chosen factor is the same tenth of its range in all rows."""
    code, level, votes = code / code.std(0), (10 * factors).astype(int), np.zeros((code.shape[1], factors.shape[1]))
    for _ in range(800):
        factor = draw.integers(factors.shape[1])
        rows = np.flatnonzero(level[:, factor] == draw.integers(10))
        votes[code[draw.choice(rows, 64)].var(0).argmin(), factor] += 1
    return votes.max(1).sum() / votes.sum()


draw = np.random.default_rng(0)
factors = draw.random((4000, 4))
turn = np.linalg.qr(draw.normal(size=(4, 4)))[0]
scores = []
codes = {"the factors themselves": factors, "factors mixed": factors @ turn, "noise": draw.normal(size=(4000, 4))}
for name, code in codes.items():
    scores.append((factorvae_metric(code, factors, ci=None).value, by_hand(code, factors, draw)))
    print(f"{name}: {scores[-1][0]:.2f}, with the factor held by hand {scores[-1][1]:.2f}")
seen, right = np.transpose(scores)
assert right[0] > 0.95 > right[1] > right[2] and right[2] < 0.35, "the score by hand is not right"
assert seen.max() < 0.35, "it holds the factor now"
PY
env/bin/python votes.py
