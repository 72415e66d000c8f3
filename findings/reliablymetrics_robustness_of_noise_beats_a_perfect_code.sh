#!/usr/bin/env bash
# reliably-metrics 0.1.0: its interventional robustness score (IRS) puts noise above a code that holds each factor by itself.
#
# A code is disentangled if each of its columns stands for one factor. IRS (Suter et al. 2019) holds a factor still, changes another
# and looks how far the column that stands for the first one moves: not at all is 1, the best. The package says that it measures "the
# matched latent", and takes the largest move among all columns. The column that stands for the changed factor is one of them, and it
# has to move. So the factors themselves, and a code that mixes them all, get a low score, and columns that know nothing of any factor
# get the highest. With the matched column (the one that correlates most with the factor held still) by hand, the perfect
# code comes near 1 and stands above the mixed one.
# Seen when the score of the factors themselves was the lowest in a table.
#
# Output seen (reliably-metrics 0.1.0, NumPy 2.4.6; 4000 rows of 4 independent even factors, higher is better):
#   the factors themselves: IRS 0.30, of the matched column 0.98
#   factors mixed: IRS 0.38, of the matched column 0.67
#   noise: IRS 0.71, of the matched column 0.83
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check reliably-metrics==0.1.0 numpy==2.4.6 scipy==1.17.1

cat > robustness.py <<'PY'
import numpy as np
from reliably.repr.irs import irs


def by_hand(code, factors, draw):
    """The same score, of the column that correlates most with the factor that is held still."""
    code = code / code.std(0)
    level, moves = (10 * factors).astype(int), []
    for _ in range(300):
        still, changed = draw.choice(factors.shape[1], 2, replace=False)
        column = np.argmax([abs(np.corrcoef(one, factors[:, still])[0, 1]) for one in code.T])
        value, (before, after) = draw.integers(10), draw.choice(10, 2, replace=False)
        same = level[:, still] == value
        groups = [code[same & (level[:, changed] == each), column] for each in (before, after)]
        moves.append(abs(groups[0].mean() - groups[1].mean()))
    return np.exp(-np.mean(moves))


draw = np.random.default_rng(0)
factors = draw.random((4000, 4))
turn = np.linalg.qr(draw.normal(size=(4, 4)))[0]
scores = {}
codes = {"the factors themselves": factors, "factors mixed": factors @ turn, "noise": draw.normal(size=(4000, 4))}
for name, code in codes.items():
    scores[name] = irs(code, factors, n_interventions=300, ci=None).value, by_hand(code, factors, draw)
    print(f"{name}: IRS {scores[name][0]:.2f}, of the matched column {scores[name][1]:.2f}")
perfect, mixed, noise = scores.values()
assert perfect[1] > 0.85 and perfect[1] > mixed[1] + 0.2, "the score by hand is not right"
assert noise[0] > perfect[0] + 0.2, "a perfect code has the better score now"
PY
env/bin/python robustness.py
