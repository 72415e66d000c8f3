#!/usr/bin/env bash
# ood-metrics 1.1.2: its detection error weighs missed positives by the share of negatives, and false alarms by that of positives.
#
# `detection_error` is documented as the probability of a wrong decision at a threshold that keeps 95 % of the positive rows.
# That is the share of positives times the rate of missed ones, plus the share of negatives times the rate of false alarms.
# ood-metrics swaps the two shares. With as many positives as negatives there is no difference, and papers on unknown inputs
# mostly say 0.5 for both. With few positives the told error is a seventh of what any such threshold makes, with few
# negatives nearly nine times the best one's. `calc_metrics` passes it on. The AUROC beside it is that of scikit-learn.
# Seen when the rows on the wrong side of the threshold were counted.
#
# Output seen (ood-metrics 1.1.2, scikit-learn 1.9.1; 10000 rows, scores of the positives two standard deviations higher):
#   5% positive: told 0.0442, counted: at the best threshold 0.2989, at the one that keeps just 95% 0.2989; all called positive 0.9500
#   20% positive: told 0.1136, counted: at the best threshold 0.3049, at the one that keeps just 95% 0.3049; all called positive 0.8000
#   50% positive: told 0.2092, counted: at the best threshold 0.2092, at the one that keeps just 95% 0.2092; all called positive 0.5000
#   80% positive: told 0.3152, counted: at the best threshold 0.1157, at the one that keeps just 95% 0.1163; all called positive 0.2000
#   95% positive: told 0.3559, counted: at the best threshold 0.0414, at the one that keeps just 95% 0.0661; all called positive 0.0500
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 matplotlib==3.11.2
env/bin/python -m pip install -q --disable-pip-version-check --no-deps --ignore-requires-python ood-metrics==1.1.2

cat > error.py <<'PY'
import numpy as np
from ood_metrics import auroc, calc_metrics, detection_error
from sklearn.metrics import roc_auc_score

for positives in (500, 2000, 5000, 8000, 9500):
    labels = np.repeat([1, 0], [positives, 10_000 - positives])
    scores = np.random.default_rng(0).normal(size=10_000) + 2 * labels
    kept = np.sort(scores[labels == 1])[:positives // 20 + 1]  # each threshold that keeps at least 95 % of the positives
    wrong = [np.mean((scores >= threshold) != labels) for threshold in kept]
    seen = detection_error(scores, labels)
    print(f"{positives / 10_000:.0%} positive: told {seen:.4f}, counted: at the best threshold {min(wrong):.4f}, "
          f"at the one that keeps just 95% {wrong[-1]:.4f}; all called positive {np.mean(labels == 0):.4f}")
    assert np.isclose(auroc(scores, labels), roc_auc_score(labels, scores))
    assert calc_metrics(scores, labels)["detection_error"] == seen
    if positives == 5000:
        assert abs(seen - min(wrong)) < 1e-9
    else:
        assert (seen < 0.5 * min(wrong)) if positives < 5000 else (seen > 2 * min(wrong)), "the shares are right now"
PY
MPLBACKEND=Agg env/bin/python error.py
