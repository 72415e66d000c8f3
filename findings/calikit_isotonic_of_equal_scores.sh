#!/usr/bin/env bash
# calikit 0.1.0: its isotonic calibration takes equal scores apart, so the highest score is always told as 100 %.
#
# Isotonic regression gives each score a probability, the mean of a block of labels, rising from block to block. Rows with
# the same score belong together: their mean label comes first, then neighbours that fall are pooled. calikit sorts equal
# scores by their label, 0 before 1, and pools single rows. Zeros and then ones only rise, so equal scores are never pooled
# with each other; the ones of a score are pooled with the zeros of the next one up. The map then answers from the
# last block of a score, a mix of two scores' labels. At the top score no zeros follow and the answer is 1, at the lowest it is 0.
# Where a model's probabilities are all different, it agrees with scikit-learn to the last digits. Scores of a few values
# are what its own `--rescale 1,10` is for, and what a tree, a vote of neighbours or a rounded file gives.
# Seen when the map was set beside scikit-learn's and beside the rate of each score.
#
# Output seen (calikit 0.1.0, scikit-learn 1.9.1; 2000 scores to fit, 2000 others to measure):
#   all scores different: largest difference to scikit-learn 0.000; Brier on new rows: raw 0.242, calikit 0.218,
#   scikit-learn 0.218
#   scores 0, 0.1, … 1: largest difference to scikit-learn 0.226; Brier on new rows: raw 0.242, calikit 0.226,
#   scikit-learn 0.216
#   score 0.0: 0.245 of its 110 rows are 1, calikit 0.000, scikit-learn 0.226
#   score 0.4: 0.241 of its 203 rows are 1, calikit 0.304, scikit-learn 0.253
#   score 0.9: 0.693 of its 199 rows are 1, calikit 0.914, scikit-learn 0.693
#   score 1.0: 0.870 of its 100 rows are 1, calikit 1.000, scikit-learn 0.870
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check \
    calikit==0.1.0 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1

cat > equal.py <<'PY'
import numpy as np
from calikit import fit_isotonic
from sklearn.isotonic import IsotonicRegression


def sample(draw, rounded):
    scores = draw.uniform(0, 1, 2000)
    scores = scores.round(1) if rounded else scores
    return scores, draw.uniform(0, 1, 2000) < 0.2 + 0.6 * scores**2


def brier(probabilities, labels):
    return np.mean((probabilities - labels) ** 2)


for name, rounded in (("all scores different", False), ("scores 0, 0.1, … 1", True)):
    draw = np.random.default_rng(0)
    (scores, labels), (new, truth) = sample(draw, rounded), sample(draw, rounded)
    library = fit_isotonic(scores.tolist(), labels.astype(int).tolist())
    right = IsotonicRegression(out_of_bounds="clip").fit(scores, labels)
    gap = np.abs(np.array(library.apply(scores.tolist())) - right.predict(scores)).max()
    after, reference = np.array(library.apply(new.tolist())), right.predict(new)
    print(f"{name}: largest difference to scikit-learn {gap:.3f}; Brier on new rows: raw {brier(new, truth):.3f}, "
          f"calikit {brier(after, truth):.3f}, scikit-learn {brier(reference, truth):.3f}")
    assert (gap > 0.1) == rounded, "equal scores are pooled now"
for score in (0.0, 0.4, 0.9, 1.0):
    chosen = scores == score
    print(f"score {score}: {labels[chosen].mean():.3f} of its {chosen.sum()} rows are 1, calikit "
          f"{library.apply([score])[0]:.3f}, scikit-learn {right.predict([score])[0]:.3f}")
assert library.apply([0.0, 1.0]) == [0, 1] and 0 < labels[scores == 1].mean() < 0.9, "equal scores are pooled now"
assert brier(after, truth) > brier(reference, truth) + 0.005, "equal scores are pooled now"
PY
env/bin/python equal.py
