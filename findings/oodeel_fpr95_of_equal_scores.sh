#!/usr/bin/env bash
# oodeel 0.4.0: where scores tie, its FPR at 95 % TPR is that of a lower TPR; a detector that says nothing gets 0, the best mark.
#
# Detectors of rows from outside the training domain are compared by fpr95tpr: the share of inside rows that raise an alarm
# when the threshold lets at least 95 % of the outside rows raise one. oodeel goes through the thresholds and takes the first
# with fewer than 95 %. With many different scores that is next to it. Scores that come in steps (votes of 5 neighbours
# or networks, p-values from a small calibration set, a yes or no) jump from above 95 % to far below, and oodeel reports the
# false alarms of that far stricter threshold. If all scores are equal, or more than 95 % of the outside rows share the
# highest one, that is no alarm at all: 0. The area under the curve, of the same call, is right.
# Seen when a constant score was put in as a control.
#
# Output seen (oodeel 0.4.0, scikit-learn 1.5.2; 1000 rows inside, 1000 outside):
#   votes and a little noise: oodeel 0.432, scikit-learn's curve 0.432; area 0.902
#   votes of 5: oodeel 0.174, scikit-learn's curve 0.490; area 0.903
#   yes or no: oodeel 0.000, scikit-learn's curve 0.294; area 0.835
#   all equal: oodeel 0.000, scikit-learn's curve 1.000; area 0.500
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==1.26.4 scipy==1.14.1 scikit-learn==1.5.2
env/bin/python -m pip install -q --disable-pip-version-check --no-deps oodeel==0.4.0  # its metrics need no more than these

cat > ties.py <<'PY'
import numpy as np
from oodeel.eval.metrics import bench_metrics
from sklearn.metrics import roc_auc_score, roc_curve

draw = np.random.default_rng(0)
cases = {
    "votes and a little noise": (draw.binomial(5, 0.3, 1000) + 0.1 * draw.random(1000),
                                 draw.binomial(5, 0.7, 1000) + 0.1 * draw.random(1000)),
    "votes of 5": (draw.binomial(5, 0.3, 1000) / 5, draw.binomial(5, 0.7, 1000) / 5),
    "yes or no": (draw.binomial(1, 0.3, 1000) * 1.0, draw.binomial(1, 0.97, 1000) * 1.0),
    "all equal": (np.zeros(1000), np.zeros(1000)),
}
found = {}
for name, (inside, outside) in cases.items():
    library = bench_metrics((inside, outside), metrics=["auroc", "fpr95tpr"], step=1)  # at every threshold, not each fourth
    labels, scores = np.repeat([0, 1], 1000), np.concatenate([inside, outside])
    false, true, _ = roc_curve(labels, scores, drop_intermediate=False)
    right = false[true >= 0.95].min()
    threshold = max(value for value in scores if np.mean(outside >= value) >= 0.95)
    assert np.isclose(right, np.mean(inside >= threshold))  # counted by hand
    assert abs(library["auroc"] - roc_auc_score(labels, scores)) < 1e-9
    found[name] = library["fpr95tpr"], right
    print(f"{name}: oodeel {library['fpr95tpr']:.3f}, scikit-learn's curve {right:.3f}; area {library['auroc']:.3f}")
assert abs(np.diff(found["votes and a little noise"])) < 0.01
assert found["all equal"] == (0, 1) and found["yes or no"][0] == 0 and found["votes of 5"][0] < found["votes of 5"][1] / 2
PY
env/bin/python ties.py
