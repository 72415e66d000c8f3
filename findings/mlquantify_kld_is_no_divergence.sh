#!/usr/bin/env bash
# mlquantify 0.5.1: KLD takes each class's term of the Kullback-Leibler divergence without its sign; the sum is far too large.
#
# Under a label shift one estimates the classes' shares in the target, and scores an estimate q against the true p by the
# divergence, the sum of p * log(p / q). A class that is overestimated has a negative term, and the terms nearly cancel: the
# divergence goes with the square of the error. `KLD` is described as the divergence for each class and gives
# p * |log(p / q)|. These sum to about the absolute error: with a tenth of the error the divergence falls a hundredfold,
# theirs tenfold. So small errors look large, and an estimate that misses a rare class can look better than one that
# is right about it. `NKLD` is said to give one number over all classes; it scales each of these terms by itself
# and gives as many numbers as classes, which do not sum to the normalised divergence either.
# Seen when the sum was set beside SciPy's divergence and beside the mean log ratio over drawn labels.
#
# Output seen (mlquantify 0.5.1, SciPy 1.17.1):
#   error 0.1: divergence 0.025267, sum of KLD 0.197876; normalised 0.012633, NKLD [0.055728 0.043126 0.      ]
#   error 0.01: divergence 0.000264, sum of KLD 0.019938; normalised 0.000132, NKLD [0.005051 0.004918 0.      ]
#   error 0.001: divergence 0.000003, sum of KLD 0.001999; normalised 0.000001, NKLD [0.000501 0.000499 0.      ]
#   rare class right: divergence 0.0033, sum of KLD 0.0802
#   rare class at a quarter: divergence 0.0130, sum of KLD 0.0425
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check \
    mlquantify==0.5.1 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 pandas==3.1.1

cat > shares.py <<'PY'
import numpy as np
from mlquantify.metrics import KLD, NKLD
from scipy.stats import entropy

true = np.array([0.5, 0.3, 0.2])
labels = np.random.default_rng(0).choice(3, 1_000_000, p=true)
ratios = []
for error in (0.1, 0.01, 0.001):
    estimate = true + error * np.array([-1, 1, 0])
    divergence, library = entropy(true, estimate), KLD(true, estimate).sum()
    assert abs(np.log(true / estimate)[labels].mean() - divergence) < 0.001  # the meaning of the divergence, by draws
    normalised = 2 * np.exp(divergence) / (1 + np.exp(divergence)) - 1
    print(f"error {error}: divergence {divergence:.6f}, sum of KLD {library:.6f}; "
          f"normalised {normalised:.6f}, NKLD {np.round(NKLD(true, estimate), 6)}")
    ratios.append(library / divergence)
assert ratios[0] > 5 and ratios[1] > 50 and ratios[2] > 500, "the terms keep their signs now"

true = np.array([0.49, 0.49, 0.02])
for name, estimate in (("rare class right", [0.45, 0.53, 0.02]), ("rare class at a quarter", [0.505, 0.49, 0.005])):
    ratios.append((entropy(true, estimate), KLD(true, np.array(estimate)).sum()))
    print(f"{name}: divergence {ratios[-1][0]:.4f}, sum of KLD {ratios[-1][1]:.4f}")
assert ratios[-2][0] < ratios[-1][0] and ratios[-2][1] > ratios[-1][1], "both order the estimates alike now"
PY
env/bin/python shares.py
