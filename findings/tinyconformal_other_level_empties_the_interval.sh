#!/usr/bin/env bash
# tinyconformal 1.1.0: conformal quantile regression set up for 95 % and asked for 50 % gives intervals that hold 2 %.
#
# `ConformalizedQuantileRegressor.predict_interval(X, alpha=...)` documents `alpha` as an override of the level. In CQR a row's
# score is how far its value lies outside of two base quantiles, and the interval is these two widened by a quantile of the
# scores: one pair for both. The package makes the scores with the quantiles of the level from the start, and widens those of
# the level asked for. From 95 % to 50 % the scores are large and negative and empty the narrow interval: for most rows its
# lower end lies above its upper. From 50 % to 95 % it is widened far too much. Fitted anew for the level, or with the first pair kept, it
# is right. For ConformalizedRegressor, which has no base quantiles, the same argument works.
# Seen when the 50 % band of a plot had its edges crossed.
#
# Output seen (tinyconformal 1.1.0, scikit-learn 1.9.1; 1000 rows to calibrate with, 5000 fresh ones):
#   set up for 95%, asked for 50%: hold 1.9%, crossed 77%; set up for it: hold 49.3%; first pair kept: hold 49.1%; ConformalizedRegressor asked: hold 50.5%
#   set up for 95%, asked for 90%: hold 81.8%, crossed 0%; set up for it: hold 90.1%; first pair kept: hold 90.1%; ConformalizedRegressor asked: hold 91.1%
#   set up for 50%, asked for 90%: hold 98.6%, crossed 0%; set up for it: hold 90.1%; first pair kept: hold 90.6%; ConformalizedRegressor asked: hold 91.1%
#   set up for 50%, asked for 95%: hold 99.7%, crossed 0%; set up for it: hold 95.0%; first pair kept: hold 97.0%; ConformalizedRegressor asked: hold 96.7%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 pandas==3.1.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps tinyconformal==1.1.0  # Venn-Abers plays no part here

cat > other.py <<'PY'
import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from tinyconformal.regressor import ConformalizedQuantileRegressor, ConformalizedRegressor
from tinyconformal.utils import MultiQuantileRegressor


def draw_rows(number):
    rows = draw.uniform(size=(number, 1))
    return rows, rows[:, 0] + (0.1 + rows[:, 0]) * draw.normal(size=number)


def count(interval):
    low, high = interval.T
    return f"hold {np.mean((low <= values) & (values <= high)):.1%}", np.mean((low <= values) & (values <= high)), np.mean(low > high)


draw = np.random.default_rng(0)
train, calibration, (rows, values) = draw_rows(2000), draw_rows(1000), draw_rows(5000)
model = HistGradientBoostingRegressor(loss="quantile", quantile=0.5, max_iter=30, max_leaf_nodes=8)
pairs = MultiQuantileRegressor(model, (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)).fit(*train)
for first, asked in ((0.05, 0.5), (0.05, 0.1), (0.5, 0.1), (0.5, 0.05)):
    once = ConformalizedQuantileRegressor(pairs, alpha=first).fit(*calibration)
    anew = ConformalizedQuantileRegressor(pairs, alpha=asked).fit(*calibration)
    plain = ConformalizedRegressor(model.fit(*train), alpha=first).fit(*calibration)
    low, high = pairs.predict(rows, quantiles=[first / 2, 1 - first / 2]).T  # the first pair kept
    wider = np.sort(once.ncscore)[int(np.ceil((len(once.ncscore) + 1) * (1 - asked))) - 1]
    seen, right, single, kept = (count(part) for part in (once.predict_interval(rows, alpha=asked), anew.predict_interval(rows),
                                 plain.predict_interval(rows, alpha=asked), np.stack([low - wider, high + wider], axis=1)))
    print(f"set up for {1 - first:.0%}, asked for {1 - asked:.0%}: {seen[0]}, crossed {seen[2]:.0%}; set up for it: {right[0]}; "
          f"first pair kept: {kept[0]}; ConformalizedRegressor asked: {single[0]}")
    assert max(abs(part[1] - (1 - asked)) for part in (right, single, kept)) < 0.04
    if (first, asked) == (0.05, 0.5):
        assert seen[1] < 0.05 and seen[2] > 0.6, "the pairs agree now"
    assert abs(seen[1] - (1 - asked)) > 0.03, "the pairs agree now"
PY
env/bin/python other.py 2> /dev/null
