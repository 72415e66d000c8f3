#!/usr/bin/env bash
# menelaus 0.2.0: PCACD with its default divergence cannot see a shift of the mean, however large.
#
# PCA change detection projects a reference window and a test window on the reference's components, estimates a density for
# each, and compares both densities by a divergence. A divergence compares them at the same points. menelaus evaluates the
# reference's density at the reference's rows and the test's at the test's own rows, and compares the two lists of numbers
# one by one, in the order in which the rows came. A shift moves the rows and their density together, so the numbers stay
# the same: the score is about 0.24 for no change and for a shift by a thousand standard deviations. Nor is it 0 where
# both windows hold the same rows in another order. No drift is found, and nothing is said. The other divergence,
# "intersection", counts in bins that both windows share.
# Seen when the score was set beside the Jensen-Shannon distance of both densities at the same points.
#
# Output seen (menelaus 0.2.0, SciPy 1.17.1; two columns, windows of 200 rows, the first column is shifted, two draws):
#   draw 0, shift 0: score 0.24, distance at the same points 0.11; drift found: False
#   draw 0, shift 2: score 0.24, distance at the same points 0.60; drift found: False
#   draw 0, shift 1000: score 0.24, distance at the same points 0.83; drift found: False
#   draw 0, the same rows in another order: score 0.26, distance at the same points 0.00; drift found: False
#   (and a second draw like it)
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check \
    menelaus==0.2.0 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 scikit-learn==1.9.1

cat > shift.py <<'PY'
import numpy as np
from menelaus.data_drift import PCACD
from scipy.spatial.distance import jensenshannon
from scipy.stats import gaussian_kde

for seed in range(2):
    draw = np.random.default_rng(seed)
    base, later = draw.normal(size=(400, 2)), draw.normal(size=(400, 2))
    again = draw.permutation(base[:200])
    streams = {f"shift {shift}": np.r_[base, later + [shift, 0]] for shift in (0, 2, 1000)}
    streams["the same rows in another order"] = np.r_[base[:200], again, again, again]
    for name, rows in streams.items():
        detector, found = PCACD(window_size=200), False
        for row in rows:
            detector.update(row[None])
            found = found or detector.drift_state == "drift"
        score = detector._change_score[-1]
        grid = np.linspace(rows.min() - 1, rows.max() + 1, 20_001)
        densities = [[gaussian_kde(part)(grid) for part in (column[:200], column[600:])] for column in rows.T]
        right = max(np.nan_to_num(jensenshannon(*pair)) for pair in densities)
        print(f"draw {seed}, {name}: score {score:.2f}, distance at the same points {right:.2f}; drift found: {found}")
        assert not found and 0.15 < score < 0.35, "it compares both densities at the same points now"
        assert right > 0.5 if name in ("shift 2", "shift 1000") else right < 0.15
PY
env/bin/python shift.py 2> /dev/null
