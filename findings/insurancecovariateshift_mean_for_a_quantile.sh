#!/usr/bin/env bash
# insurance-covariate-shift 0.1.4: its adaptive conformal intervals (LR-QR) for 90 % hold 57 %; they use a mean for a quantile.
#
# `ShiftRobustConformal(method="lrqr")` is to give intervals under a covariate shift whose width depends on the row: by
# quantile regression of the calibration scores, regularised by the likelihood ratio (LR-QR, arXiv 2502.13030). The package's
# documentation calls its version simplified, "trained via a penalised quantile regression". It takes the weighted quantile of
# the scores, fits a regression tree to the scores minus this quantile and adds what the tree tells. The tree minimises
# squared errors, so it tells the mean of what it was given: quantile plus (mean minus quantile) is the mean. The half-width
# is the mean absolute error among like rows, whatever level is asked for. The other method, "weighted", holds its level here.
# Seen when the coverage on the shifted rows was counted.
#
# Output seen (insurance-covariate-shift 0.1.4, scikit-learn 1.9.1; 4000 calibration rows; share held, mean width):
#   shift 0, 90%: weighted 0.904, 4.06; lrqr 0.575, 1.79; tree's mean score 0.575, 1.79; tree's quantile 0.887, 3.60; true quantile 0.899, 3.71
#   shift 0, 50%: weighted 0.498, 1.26; lrqr 0.575, 1.79; tree's mean score 0.575, 1.79; tree's quantile 0.492, 1.50; true quantile 0.500, 1.52
#   shift 0.7, 90%: weighted 0.898, 4.03; lrqr 0.578, 1.84; tree's mean score 0.578, 1.84; tree's quantile 0.885, 3.65; true quantile 0.896, 3.73
#   shift 0.7, 50%: weighted 0.506, 1.30; lrqr 0.578, 1.84; tree's mean score 0.578, 1.84; tree's quantile 0.511, 1.59; true quantile 0.498, 1.53
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps insurance-covariate-shift==0.1.4  # no CatBoost

cat > intervals.py <<'PY'
import numpy as np
from insurance_covariate_shift import CovariateShiftAdaptor, ShiftRobustConformal
from scipy.stats import norm
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeRegressor


def draw_rows(number, shift):
    rows = draw.normal(size=(number, 2)) + [shift, 0]
    return rows, rows[:, 0] + np.exp(rows[:, 1] / 2) * draw.normal(size=number)


def count(low, high):
    return np.mean((low <= values) & (values <= high)), np.mean(high - low)


draw = np.random.default_rng(0)
model = LinearRegression().fit(*draw_rows(4000, 0))
for shift in (0, 0.7):
    calibration, (rows, values) = draw_rows(4000, shift=0), draw_rows(20_000, shift)
    adaptor = CovariateShiftAdaptor(method="rulsif").fit(calibration[0], rows[:2000])
    told, scores = model.predict(rows), abs(calibration[1] - model.predict(calibration[0]))
    for share in (0.9, 0.5):
        found = {}
        for method in ("weighted", "lrqr"):
            conformal = ShiftRobustConformal(model, adaptor, method=method, alpha=1 - share).calibrate(*calibration)
            found[method] = count(*conformal.predict_interval(rows))
        tree = DecisionTreeRegressor(max_depth=4, random_state=42)
        tree.fit(calibration[0], scores, sample_weight=1 + adaptor.importance_weights(calibration[0]))
        half = {"tree's mean score": tree.predict(rows)}
        leaves, places = tree.apply(calibration[0]), tree.apply(rows)  # the same tree with a quantile in each leaf
        half["tree's quantile"] = np.array([np.quantile(scores[leaves == leaf], share) if leaf in leaves else 0
                                            for leaf in range(tree.tree_.node_count)])[places]
        half["true quantile"] = np.exp(rows[:, 1] / 2) * norm.ppf((1 + share) / 2)
        found |= {name: count(told - width, told + width) for name, width in half.items()}
        print(f"shift {shift}, {share:.0%}: " + "; ".join("{} {:.3f}, {:.2f}".format(name, *pair) for name, pair in found.items()))
        assert abs(found["weighted"][0] - share) < 0.03 and abs(found["true quantile"][0] - share) < 0.03
        assert abs(found["tree's quantile"][0] - share) < 0.05 and np.allclose(found["lrqr"], found["tree's mean score"], rtol=1e-6)
        assert abs(found["lrqr"][0] - 0.57) < 0.03, "it minds the level now"
PY
env/bin/python intervals.py 2> /dev/null
