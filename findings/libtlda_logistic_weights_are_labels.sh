#!/usr/bin/env bash
# libtlda 0.1.5: importance weights "based on logistic regression", its default, are not weights: each is 0 or 1.
#
# A classifier that tells target from source gives importance weights by its probabilities: p / (1 - p). libtlda takes the
# predicted label instead, so a source row counts fully when it looks like a target row and not at all otherwise. Its
# `smoothing` and `clip` do not touch this. Most of the source is thrown away; and how much depends on the numbers of
# rows, which should only scale the weights. Where the source is eight times as large as the target, hardly a row is left.
# Seen when ways to weight rows under a shift were set beside weights that are known: source round 0, target round 1,
# where the true weight of a row x is exp(x1 - 1/2).
#
# Output seen (libtlda 0.1.5, scikit-learn 1.9.1; 400 source rows):
#   400 target rows: weights seen [0. 1.], 70% of the source at 0; by probabilities: smallest 0.007, mean 0.96,
#     rank correlation with the true weights 1.00
#   200 target rows: 86% of the source at 0; 50 target rows: 99% of the source at 0
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check \
    cvxopt==1.3.3 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 matplotlib
env/bin/python -m pip install -q --disable-pip-version-check --no-deps libtlda==0.1.5  # this part of it needs no Keras

cat > weigh.py <<'PY'
import numpy as np
from libtlda.iw import ImportanceWeightedClassifier
from scipy.stats import spearmanr
from sklearn.linear_model import LogisticRegression

draw = np.random.default_rng(0)
source, much = draw.normal(0, 1, (400, 2)), draw.normal([1, 0], 1, (400, 2))
true = np.exp(source[:, 0] - 0.5)
for target in (much, much[:200], much[:50]):
    weights = ImportanceWeightedClassifier(iwe="lr").iwe_logistic_discrimination(source, target)
    chance = LogisticRegression().fit(np.r_[source, target], np.arange(400 + len(target)) >= 400).predict_proba(source)
    ratio = chance[:, 1] / chance[:, 0] * len(source) / len(target)
    print(f"{len(target)} target rows: weights seen {np.unique(weights)}, {np.mean(weights == 0):.0%} of the source at 0; "
          f"by probabilities: smallest {ratio.min():.3f}, mean {ratio.mean():.2f}, "
          f"rank correlation with the true weights {spearmanr(ratio, true).statistic:.2f}")
    assert set(weights) <= {0, 1} and ratio.min() > 0 and spearmanr(ratio, true).statistic > 0.9, "weights are ratios now"
assert np.mean(weights == 0) > 0.95
PY
env/bin/python weigh.py
