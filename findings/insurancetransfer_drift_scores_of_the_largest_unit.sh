#!/usr/bin/env bash
# insurance-transfer 0.1.1: which column it blames for a shift depends on the units; it measures all by the scale of the largest.
#
# `CovariateShiftTest` gives a drift score for each column by itself, "useful for identifying which features drive the shift".
# A score is the squared MMD of that column alone with a Gaussian kernel. The kernel's width is the median distance between
# rows over all columns together. Beside a column in pounds that is thousands, and a column of ages or shares lies
# within a thousandth of it: its kernel values are all 1 and its score is 0, however far it moved. So the named column is
# often the one with the largest unit. The test itself uses the same width and no longer alarms. With columns of one scale, as
# in its documentation, or with the median of each column's own distances, the right column is named.
# Seen when the same policies, with the sum insured in thousands, gave another column.
#
# Output seen (insurance-transfer 0.1.1, SciPy 1.17.1; 300 rows each, the share moves by one standard deviation, the sum insured does not):
#   sum insured in tenths: the share's score 1.6e-01, it is named first in 100%, the test alarms in 100%; with its own median 1.9e-01, first in 100%
#   sum insured in thousands: the share's score 2.8e-05, it is named first in 60%, the test alarms in 5%; with its own median 1.9e-01, first in 100%
#   sum insured in pounds: the share's score 2.8e-11, it is named first in 60%, the test alarms in 5%; with its own median 1.9e-01, first in 100%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps insurance-transfer==0.1.1  # Polars plays no part here

cat > units.py <<'PY'
import numpy as np
from insurance_transfer import CovariateShiftTest
from scipy.spatial.distance import cdist, pdist


def score(source, target):  # squared MMD of one column with the median of that column's own distances
    width = np.median(pdist(np.concatenate([source, target])))
    kernel = [np.exp(-cdist(one, other)**2 / (2 * width**2)) for one, other in ((source, source), (target, target), (source, target))]
    same = [(part.sum() - len(part)) / (len(part) * (len(part) - 1)) for part in kernel[:2]]
    return sum(same) - 2 * kernel[2].mean()


for name, unit in (("tenths", 0.1), ("thousands", 20), ("pounds", 20_000)):
    found = []
    for seed in range(20):
        draw = np.random.default_rng(seed)
        source, target = draw.normal(size=(2, 300, 2))
        target[:, 0] += 1  # the share moves, the sum insured stays
        source, target = (rows * [0.1, unit] for rows in (source, target))
        test = CovariateShiftTest(n_permutations=40, random_state=0)
        result = test.test(source, target)
        own = [score(source[:, [column]], target[:, [column]]) for column in range(2)]
        found.append([result.per_feature_drift_scores[0], test.most_drifted_features(result)[0][0] == 0,
                      own[0], own[0] > own[1], result.p_value < 0.05])
    seen, named, right, best, alarm = np.mean(found, axis=0)
    print(f"sum insured in {name}: the share's score {seen:.1e}, it is named first in {named:.0%}, the test alarms in {alarm:.0%}; "
          f"with its own median {right:.1e}, first in {best:.0%}")
    assert best == 1 and right > 0.1
    if unit == 0.1:
        assert named == alarm == 1 and seen > 0.1
    else:
        assert seen < 0.001 and named < 0.9 and alarm < 0.5, "units do not matter now"
PY
env/bin/python units.py
