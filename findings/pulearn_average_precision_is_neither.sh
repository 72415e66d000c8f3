#!/usr/bin/env bash
# pulearn 0.2.0: its average precision is meant to be another measure, and is not that one either; a perfect ranking gets 0.63.
#
# With labels for some positive rows only, the other rows are a mixture of both classes. `pu_average_precision_score` computes no
# average precision: its documentation calls it the area under the lift curve, the chance that a positive row is ranked
# above a row drawn from all. With a share pi of positives this is pi / 2 + (1 - pi) * AUC, with the AUC of positives against
# negatives. It puts in the AUC of labelled against unlabelled rows, which is already that mixture: the area is diluted
# twice. Where half of the rows are positive, a perfect ranking gets 0.63 and a useless one 0.50. The AUC of
# labelled against unlabelled rows alone is the area under the lift curve.
# Seen when a perfect ranking was put in.
#
# Output seen (pulearn 0.2.0, scikit-learn 1.9.1; 100000 rows, 20000 labelled positive rows beside them;
# area: under the lift curve; AUC: labelled against unlabelled rows):
#   10% positive, a useless ranking: pulearn 0.498; average precision 0.101; area counted 0.499, exact 0.500, AUC 0.498
#   10% positive, a good ranking: pulearn 0.839; average precision 0.667; area counted 0.878, exact 0.879, AUC 0.877
#   10% positive, a perfect ranking: pulearn 0.904; average precision 1.000; area counted 0.949, exact 0.950, AUC 0.949
#   50% positive, a useless ranking: pulearn 0.499; average precision 0.499; area counted 0.499, exact 0.500, AUC 0.498
#   50% positive, a good ranking: pulearn 0.604; average precision 0.921; area counted 0.710, exact 0.711, AUC 0.709
#   50% positive, a perfect ranking: pulearn 0.624; average precision 1.000; area counted 0.750, exact 0.750, AUC 0.749
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check pulearn==0.2.0 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1

cat > lift.py <<'PY'
import numpy as np
from pulearn.metrics import pu_average_precision_score
from scipy.stats import norm
from sklearn.metrics import average_precision_score, roc_auc_score

for share in (0.1, 0.5):
    for name, apart in (("useless", 0), ("good", 2), ("perfect", 20)):
        draw = np.random.default_rng(0)
        positive = draw.random(100_000) < share
        all_rows, labelled = draw.normal(apart * positive), draw.normal(apart, size=20_000)
        scores = 1 / (1 + np.exp(apart / 2 - np.concatenate([all_rows, labelled])))
        seen = pu_average_precision_score(np.repeat([0, 1], [100_000, 20_000]), scores, share)
        precision = average_precision_score(positive, scores[:100_000])
        # the curve: rows by score, the share of the positives found among the first ones
        found = np.cumsum(positive[np.argsort(-all_rows)]) / positive.sum()
        counted = np.trapezoid(np.append(0, found), np.linspace(0, 1, 100_001))
        exact = share / 2 + (1 - share) * norm.cdf(apart / np.sqrt(2))
        both = roc_auc_score(np.repeat([0, 1], [100_000, 20_000]), scores)
        print(f"{share:.0%} positive, a {name} ranking: pulearn {seen:.3f}; average precision {precision:.3f}; area counted "
              f"{counted:.3f}, exact {exact:.3f}, AUC {both:.3f}")
        assert abs(counted - exact) < 0.005 and abs(both - exact) < 0.005
        assert abs(seen - (share / 2 + (1 - share) * exact)) < 0.005, "it is diluted once now"
        assert apart == 0 or abs(seen - exact) > 0.03 and abs(seen - precision) > 0.03
PY
env/bin/python lift.py 2> /dev/null
