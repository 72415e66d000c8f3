#!/usr/bin/env bash
# scib-validity 0.3.0: its floor for the CKA of unrelated embeddings lies below it from 20 classes on, and certifies pure noise.
#
# CKA compares two embeddings by the mean vectors of k classes in d dimensions. With few classes and many dimensions it is high for
# unrelated ones, so `cka_certifiable` asks whether a value lies above what noise has. Its formula is 1 - 1.06 (k - 1) / (d + k).
# The mean for independent normal vectors is near d / (d + k), that is 1 - k / (d + k): the factor 1.06 makes up for the missing class
# up to k = 18 and after that takes off more, until the floor is below 0. The package has a simulation of the same quantity, which
# agrees with d / (d + k). By the formula most pairs of random embeddings, with more classes all, "carry information".
# Seen when the floor for 1000 classes came out negative.
#
# Output seen (scib-validity 0.3.0, NumPy 2.4.6; means of k classes from a standard normal, 100 pairs of unrelated embeddings):
#   10 classes, 512 dimensions: mean CKA of noise 0.981, its own simulation 0.981, d / (d + k) 0.981, floor 0.982; noise certified 42%
#   50 classes, 512 dimensions: mean CKA of noise 0.911, its own simulation 0.910, d / (d + k) 0.911, floor 0.908; noise certified 86%
#   200 classes, 512 dimensions: mean CKA of noise 0.719, its own simulation 0.720, d / (d + k) 0.719, floor 0.704; noise certified 100%
#   50 classes, 32 dimensions: mean CKA of noise 0.393, its own simulation 0.385, d / (d + k) 0.390, floor 0.367; noise certified 94%
#   200 classes, 32 dimensions: mean CKA of noise 0.139, its own simulation 0.139, d / (d + k) 0.138, floor 0.091; noise certified 100%
#   400 classes, 16 dimensions: mean CKA of noise 0.038, its own simulation 0.038, d / (d + k) 0.038, floor -0.017; noise certified 100%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check scib-validity==0.3.0 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1

cat > floor.py <<'PY'
import numpy as np
from scib_validity.metrics.cka_null import cka_certifiable, cka_null, cka_null_empirical


def gram(rows):
    rows = rows - rows.mean(0)
    return rows @ rows.T


draw = np.random.default_rng(0)
for classes, dimensions in ((10, 512), (50, 512), (200, 512), (50, 32), (200, 32), (400, 16)):
    values = []
    for _ in range(100):
        one, two = (gram(draw.normal(size=(classes, dimensions))) for _ in range(2))
        values.append(np.sum(one * two) / np.linalg.norm(one) / np.linalg.norm(two))
    floor, simulated = cka_null(classes, dimensions), cka_null_empirical(classes, dimensions, n_trials=20)["mean"]
    certified = np.mean([cka_certifiable(value, classes, dimensions) for value in values])
    right = dimensions / (dimensions + classes)
    print(f"{classes} classes, {dimensions} dimensions: mean CKA of noise {np.mean(values):.3f}, its own simulation "
          f"{simulated:.3f}, d / (d + k) {right:.3f}, floor {floor:.3f}; noise certified {certified:.0%}")
    assert abs(np.mean(values) - right) < 0.01 and abs(simulated - right) < 0.01
    assert certified > 0.75 or classes == 10, "noise is not certified now"
PY
env/bin/python floor.py
