#!/usr/bin/env bash
# torchdrift 0.1.0: its Kolmogorov-Smirnov test takes values that both samples share for a gap, so ReLU features "drift".
#
# The statistic is the largest gap between two distribution functions. Where a value stands in both samples, both functions
# jump there at once: the gap counts after all equal values. torchdrift sorts the rows of both together and counts the gap
# after each row, so it sees the equal values of one sample before those of the other. Zeros that are half of either
# sample can then look like a gap of 0.5. Features behind a ReLU have many zeros, and pictures have few different
# values: a pixel that is always 0 gives the statistic 1. The p-value then tells of a drift where there is none. Where all
# values differ, statistic and p-value are SciPy's. A small random number added to each value avoids it.
# Seen when its statistic was set beside SciPy's on features of two samples from one distribution.
#
# Output seen (torchdrift 0.1.0.post1, SciPy 1.17.1; 100 draws, 100 rows each side, both from one distribution):
#   normal: mean statistic torchdrift 0.118, SciPy 0.118; p < 0.05 torchdrift 3%, SciPy 3%
#   normal behind a ReLU: mean statistic torchdrift 0.257, SciPy 0.105; p < 0.05 torchdrift 67%, SciPy 1%
#   pictures of digits: mean statistic torchdrift 1.000, SciPy 0.200; p < 0.05 torchdrift 100%, SciPy 2%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check \
    torchdrift==0.1.0.post1 torch==2.13.0 tqdm==4.70.1 scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6

cat > drift.py <<'PY'
import numpy as np
import torch
from scipy.stats import ks_2samp
from sklearn.datasets import load_digits
from torchdrift.detectors import KSDriftDetector

pixels = load_digits().data
kinds = {
    "normal": lambda draw: draw.normal(size=(200, 1)),
    "normal behind a ReLU": lambda draw: np.maximum(draw.normal(size=(200, 1)), 0),
    "pictures of digits": lambda draw: draw.permutation(pixels)[:200],
}
for kind, sample in kinds.items():
    found = []
    for seed in range(100):
        one, other = np.split(sample(np.random.default_rng(seed)), 2)
        detector = KSDriftDetector()
        detector.fit(torch.tensor(one))
        new = torch.tensor(other)
        right = ks_2samp(one, other, method="exact")
        right = right.statistic.max(), min(1, right.pvalue.min() * one.shape[1])
        found.append([float(detector(new)), right[0], float(detector.compute_p_value(new)), right[1]])
    statistic, right, p, p_right = np.array(found).T
    alarms, alarms_right = (p < 0.05).mean(), (p_right < 0.05).mean()
    print(f"{kind}: mean statistic torchdrift {statistic.mean():.3f}, SciPy {right.mean():.3f}; "
          f"p < 0.05 torchdrift {alarms:.0%}, SciPy {alarms_right:.0%}")
    if kind == "normal":
        assert np.allclose(statistic, right, atol=1e-5) and alarms == alarms_right
    else:
        assert alarms_right < 0.06 and alarms > 0.3, "equal values are no drift now"
PY
env/bin/python drift.py 2> /dev/null
