#!/usr/bin/env bash
# tinyconformal 1.1.0: round scikit-learn's QuantileRegressor all of its quantiles are the median; each level is set as the penalty.
#
# `MultiQuantileRegressor` fits a copy of a model for each quantile, "scikit-learn compatible", and hands each its level. It
# tries a parameter `alpha` first, as in gradient boosting, and `quantile` only when there is none. QuantileRegressor has
# both: there `alpha` is the weight of an L1 penalty. So every copy keeps the quantile 0.5 it came with, and the level becomes
# a penalty that also overwrites the user's. No error comes. Conformal intervals on top hold their level, but with one width for
# all rows: the reason to use quantiles is gone. HistGradientBoostingRegressor, which has no `alpha`, gets the right quantiles.
# Seen when lower and upper quantile of a row were equal but for the penalty.
#
# Output seen (tinyconformal 1.1.0, scikit-learn 1.9.1; the spread grows with the only column; values below the quantiles):
#   QuantileRegressor: below 50%, 50%, 50% for 5%, 50%, 95%; 90% intervals hold 90.5%, width 4.33 where values spread little, 4.33 where much, held there 100% and 73%
#   the same by hand: below 4%, 50%, 95% for 5%, 50%, 95%; 90% intervals hold 91.4%, width 1.00 where values spread little, 6.41 where much, held there 92% and 92%
#   HistGradientBoosting: below 8%, 50%, 91% for 5%, 50%, 95%; 90% intervals hold 91.3%, width 1.41 where values spread little, 5.66 where much, held there 98% and 84%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 pandas==3.1.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps tinyconformal==1.1.0  # Venn-Abers plays no part here

cat > levels.py <<'PY'
import numpy as np
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import QuantileRegressor
from tinyconformal.regressor import ConformalizedQuantileRegressor
from tinyconformal.utils import MultiQuantileRegressor


def draw_rows(number):
    rows = draw.uniform(size=(number, 1))
    return rows, rows[:, 0] + (0.1 + 2 * rows[:, 0]) * draw.normal(size=number)


class ByHand(BaseEstimator):
    def fit(self, rows, values):
        self.models_ = {level: QuantileRegressor(quantile=level, alpha=0).fit(rows, values) for level in levels}
        return self

    def predict(self, rows, quantiles):
        return np.stack([self.models_[level].predict(rows) for level in quantiles], axis=1)


draw, levels = np.random.default_rng(0), (0.05, 0.5, 0.95)
train, calibration, (rows, values) = draw_rows(1000), draw_rows(1000), draw_rows(5000)
narrow, wide = rows[:, 0] < 0.2, rows[:, 0] > 0.8
for name, model in (("QuantileRegressor", MultiQuantileRegressor(QuantileRegressor(alpha=0), levels)), ("the same by hand", ByHand()),
                    ("HistGradientBoosting", MultiQuantileRegressor(HistGradientBoostingRegressor(loss="quantile", quantile=0.5), levels))):
    model.fit(*train)
    below = np.mean(values[:, None] <= model.predict(rows, quantiles=levels), axis=0)
    low, high = ConformalizedQuantileRegressor(model, alpha=0.1).fit(*calibration).predict_interval(rows).T
    held, widths = (low <= values) & (values <= high), [np.mean((high - low)[part]) for part in (narrow, wide)]
    print(f"{name}: below " + ", ".join(f"{share:.0%}" for share in below) + f" for 5%, 50%, 95%; 90% intervals hold {held.mean():.1%}, "
          f"width {widths[0]:.2f} where values spread little, {widths[1]:.2f} where much, held there {held[narrow].mean():.0%} and {held[wide].mean():.0%}")
    if name == "QuantileRegressor":
        assert np.allclose(below, 0.5, atol=0.06) and abs(widths[1] / widths[0] - 1) < 0.2, "the levels are quantiles now"
    else:
        assert np.allclose(below, levels, atol=0.05) and widths[1] > 2 * widths[0]
PY
env/bin/python levels.py 2> /dev/null
