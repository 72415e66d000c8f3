#!/usr/bin/env bash
# pulearn 0.2.0: one `pi` means the share of positives among all rows in one measure, among the unlabelled rows in the next.
#
# A table has labels for some of its positive rows; the rest is unlabelled. From the share of positives one can correct what is
# measured against the unlabelled rows. There are two shares: labelling half of the positives takes these out of the unlabelled
# rows. All measures take `pi`, "the probability that a random sample is truly positive". With the share among all rows the
# precision is right, and the AUC, whose formula is for the other share, is not: with 30 % of positives it is 0.996 where 0.920
# is true, and with 50 % it is above 1, which gets a warning that `pi` may be wrong. With the share among the unlabelled
# rows it is the other way round: the AUC is right and the precision is far too low. pulearn's estimators of the prior
# give the first share. So a report of both measures with one `pi` is wrong in one of them.
# Seen when its measures were set beside those with the true labels.
#
# Output seen (pulearn 0.2.0, scikit-learn 1.9.1; 200000 rows, half of the positives are labelled):
#   30% positive, pi among all rows 0.300: AUC 0.996, precision 0.798
#   30% positive, pi among the unlabelled rows 0.176: AUC 0.922, precision 0.470
#           with the true labels: AUC 0.920, precision 0.800
#   50% positive, pi among all rows 0.500: AUC 1.062, precision 0.840
#   50% positive, pi among the unlabelled rows 0.333: AUC 0.922, precision 0.560
#           with the true labels: AUC 0.921, precision 0.843
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check pulearn==0.2.0 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1

cat > share.py <<'PY'
import numpy as np
from pulearn.metrics import pu_precision_score, pu_roc_auc_score
from scipy.stats import norm
from sklearn.metrics import precision_score, roc_auc_score

for share in (0.3, 0.5):
    draw = np.random.default_rng(0)
    positive = draw.random(200_000) < share
    x = draw.normal(2 * positive)
    labelled = positive & (draw.random(200_000) < 0.5)
    scores = 1 / (1 + np.exp(2 - 2 * x) * (1 - share) / share)  # the true probability
    true = roc_auc_score(positive, scores), precision_score(positive, scores > 0.5)
    left = share / 2 / (1 - share / 2)  # the share among the unlabelled rows
    seen = {}
    for name, pi in (("among all rows", share), ("among the unlabelled rows", left)):
        seen[name] = (pu_roc_auc_score(labelled.astype(int), scores, pi),
                      pu_precision_score(labelled.astype(int), (scores > 0.5).astype(int), pi))
        print("{:.0%} positive, pi {} {:.3f}: AUC {:.3f}, precision {:.3f}".format(share, name, pi, *seen[name]))
    print("        with the true labels: AUC {:.3f}, precision {:.3f}".format(*true))
    (auc, precision), (other_auc, other_precision) = seen.values()
    end = 1 + np.log((1 - share) / share) / 2  # where the probability is 0.5
    kept = share * norm.sf(end - 2), (1 - share) * norm.sf(end)
    assert abs(true[0] - norm.cdf(np.sqrt(2))) < 0.005 and abs(true[1] - kept[0] / sum(kept)) < 0.005
    assert abs(precision - true[1]) < 0.01 and abs(other_auc - true[0]) < 0.01 and other_precision < true[1] - 0.1
    assert auc > true[0] + 0.05, "one share is right for all of them now"
PY
env/bin/python share.py 2> /dev/null
