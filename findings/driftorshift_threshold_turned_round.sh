#!/usr/bin/env bash
# drift-or-shift 0.1.0a1: its threshold from costs is turned round; the dearer the missed positives, the fewer it calls positive.
#
# With log-odds of calibrated probabilities, calling a row positive pays once odds x (cost of a miss) passes the cost of a
# false alarm, so the best threshold is log(false alarm / miss). `threshold_from_costs` is to give this boundary and
# returns log(c10 / c01). In `risk_cost_sensitive`, which takes the same two names, c10 is paid for a missed positive and c01 for a
# false alarm, so the sign is the wrong one. The package's step for label shift, adding the offset of the new share and then
# comparing with this threshold, does worse than ignoring the costs. The default costs are both 1, where both signs give 0.
# Seen when the risk by its threshold was set beside that by its own search for the best one.
#
# Output seen (drift-or-shift 0.1.0a1, NumPy 2.4.6, scikit-learn 1.9.1; trained where half are positive, a tenth are now):
#   a miss costs 1, a false alarm 1: threshold +0.00, by hand +0.00, by its search -0.36; risk 0.071, without costs 0.071, by hand 0.071, by its search 0.072
#   a miss costs 5, a false alarm 1: threshold +1.61, by hand -1.61, by its search -1.64; risk 0.417, without costs 0.293, by hand 0.211, by its search 0.212
#   a miss costs 10, a false alarm 1: threshold +2.30, by hand -2.30, by its search -1.95; risk 0.909, without costs 0.570, by hand 0.302, by its search 0.310
#   a miss costs 1, a false alarm 5: threshold -1.61, by hand +1.61, by its search +0.94; risk 0.461, without costs 0.136, by hand 0.092, by its search 0.095
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check drift-or-shift==0.1.0a1 numpy==2.4.6 scipy==1.17.1 \
    scikit-learn==1.9.1 pandas==3.1.1 matplotlib==3.11.2

cat > costs.py <<'PY'
import numpy as np
from drift_or_shift import (
    apply_logit_offset, decision_from_logits, logit_offset, oracle_threshold_min_risk, risk_cost_sensitive, threshold_from_costs)
from sklearn.linear_model import LogisticRegression

draw = np.random.default_rng(0)


def rows(count, share):
    labels = (draw.random(count) < share).astype(int)
    return draw.normal(size=(count, 1)) + 2 * labels[:, None], labels


features, labels = rows(20000, 0.5)
model = LogisticRegression().fit(features, labels)
features, labels = rows(20000, 0.1)
logits = apply_logit_offset(model.decision_function(features), logit_offset(0.5, 0.1))
for miss, alarm in ((1, 1), (5, 1), (10, 1), (1, 5)):
    def risk(threshold):
        called = decision_from_logits(logits, threshold)
        by_hand = np.mean(miss * (labels > called) + alarm * (labels < called))
        assert np.isclose(by_hand, risk_cost_sensitive(labels, called, miss, alarm))
        return by_hand
    theirs, right = threshold_from_costs(0.1, miss, alarm), np.log(alarm / miss)
    found, _ = oracle_threshold_min_risk(labels[:4000], logits[:4000], miss, alarm)
    risks = [risk(threshold) for threshold in (theirs, 0, right, found)]
    print(f"a miss costs {miss}, a false alarm {alarm}: threshold {theirs:+.2f}, by hand {right:+.2f}, by its search {found:+.2f}; "
          "risk {:.3f}, without costs {:.3f}, by hand {:.3f}, by its search {:.3f}".format(*risks))
    assert abs(risks[3] - risks[2]) < 0.02
    assert miss == alarm or np.isclose(theirs, -right) and risks[0] > risks[1] > risks[2], "it is the right way round now"
PY
env/bin/python costs.py
