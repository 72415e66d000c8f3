#!/usr/bin/env bash
# uqregressors 1.0.13: its interval score is that of 50 % intervals at every level, so intervals for 90 % win by being too narrow.
#
# The interval score (Gneiting and Raftery 2007) adds to an interval's width 2 / alpha times the distance of a value that
# falls outside. With alpha = 0.1 for 90 % a miss costs 20 times its distance. That factor is what makes the score smallest for
# the interval that is asked for. `interval_score(lower, upper, y_true, alpha)` checks its input first and does not pass alpha
# on; the check returns its default, 0.5, and alpha takes this value. So a miss costs 4 times its distance
# whatever the level, and the best score goes to the interval that holds half of the values. `compute_all_metrics` calls it,
# and its other numbers use the right alpha. (The function of the same name for tuning takes alpha from the model.)
# Seen when the score was the same for all levels.
#
# Output seen (uqregressors 1.0.13, scikit-learn 1.9.1, SciPy 1.17.1; 20000 values from a standard normal distribution;
# by hand: from scikit-learn's pinball losses):
#   alpha 0.5: 50% intervals 2.53, by hand 2.53, exact 2.54; 90% intervals 3.45, by hand 3.45, exact 3.46; 95% intervals 4.00, by hand 4.00, exact 4.00
#   alpha 0.1: 50% intervals 2.53, by hand 7.25, exact 7.32; 90% intervals 3.45, by hand 4.11, exact 4.13; 95% intervals 4.00, by hand 4.30, exact 4.30
#   alpha 0.05: 50% intervals 2.53, by hand 13.14, exact 13.28; 90% intervals 3.45, by hand 4.93, exact 4.96; 95% intervals 4.00, by hand 4.67, exact 4.68
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 covmetrics==0.1.2 numpy==2.4.6 scipy==1.17.1 \
    scikit-learn==1.9.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps uqregressors==1.0.13  # its metrics need no more than these

cat > width.py <<'PY'
import numpy as np
from scipy.stats import norm
from sklearn.metrics import mean_pinball_loss
from uqregressors.metrics.metrics import compute_all_metrics, interval_score

values = np.random.default_rng(0).normal(size=20_000)
for alpha in (0.5, 0.1, 0.05):
    found = {}
    for share in (0.5, 0.9, 0.95):
        end = norm.ppf((1 + share) / 2)  # the interval from -end to end holds this share
        low, high = np.full(20_000, -end), np.full(20_000, end)
        exact = 2 * end + 4 / alpha * (norm.pdf(end) - end * norm.sf(end))
        losses = [mean_pinball_loss(values, bound, alpha=q) for bound, q in ((low, alpha / 2), (high, 1 - alpha / 2))]
        seen = interval_score(low, high, values, alpha)
        assert compute_all_metrics(0 * low, low, high, values, alpha)["interval_score"] == seen
        found[share] = seen, sum(losses) * 2 / alpha, exact
        assert abs(found[share][1] / exact - 1) < 0.02
    print(f"alpha {alpha}: " + "; ".join("{:.0%} intervals {:.2f}, by hand {:.2f}, exact {:.2f}".format(share, *row)
                                       for share, row in found.items()))
    best, right = (min(found, key=lambda share: found[share][column]) for column in (0, 2))
    assert right == 1 - alpha and best == 0.5, "it minds alpha now"
PY
env/bin/python width.py 2> /dev/null
