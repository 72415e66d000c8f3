#!/usr/bin/env bash
# libtlda 0.1.5: kernel mean matching gives the largest weights to the source rows that are farthest from the target.
#
# Kernel mean matching weights the source's rows so that their mean (in a kernel's space) comes near the target's. Here the
# source lies round 0, the target round 1. The true weight of a row x is exp(x1 - 1/2): it grows towards the target. The
# weights that come out fall: the weighted mean of the source goes to the other side of 0. The linear term goes to the
# quadratic program with a plus sign, where the method has a minus (Huang et al. 2007). With the sign turned,
# the same program gives weights that rise with the true ones.
# Seen when ways to weight rows under a shift were set beside weights that are known.
#
# Output seen (libtlda 0.1.5, cvxopt 1.3.3; first coordinate, 300 rows each):
#   draw 0: mean of source -0.08, of target 0.95, of weighted source -1.53, rank correlation with the true weights -0.64
#   draw 1: mean of source -0.09, of target 0.96, of weighted source -1.68, rank correlation with the true weights -0.55
#   draw 2: mean of source -0.02, of target 0.99, of weighted source -0.88, rank correlation with the true weights -0.61
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check \
    libtlda==0.1.5 cvxopt==1.3.3 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 matplotlib

cat > match.py <<'PY'
import cvxopt
import numpy as np
from libtlda.iw import ImportanceWeightedClassifier
from scipy.stats import spearmanr

cvxopt.solvers.options["show_progress"] = False
for seed in range(3):
    draw = np.random.default_rng(seed)
    source, target = draw.normal(0, 1, (300, 2)), draw.normal([1, 0], 1, (300, 2))
    weights = ImportanceWeightedClassifier(iwe="kmm").iwe_kernel_mean_matching(source, target)
    rank = spearmanr(weights, source[:, 0]).statistic
    weighted = np.average(source[:, 0], weights=weights)
    print(f"draw {seed}: mean of source {source[:, 0].mean():.2f}, of target {target[:, 0].mean():.2f}, "
          f"of weighted source {weighted:.2f}, rank correlation with the true weights {rank:.2f}")
    assert weighted < source[:, 0].mean() - 0.5 and rank < -0.3, "no longer backwards"
PY
env/bin/python match.py
