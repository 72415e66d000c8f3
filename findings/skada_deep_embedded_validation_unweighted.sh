#!/usr/bin/env bash
# skada 0.6.0: DeepEmbeddedValidation does not weight the losses, and corrects them by those of two rows.
#
# Deep embedded validation (You et al. 2019) estimates a model's loss on a target without labels: the mean of
# weight * loss over labelled source rows, less eta * (mean weight - 1), where eta is a regression slope. Here the weights
# come as a column and the losses as a flat array, so their product is not one number a row but a whole table, each loss
# with each weight. Its mean is mean weight * mean loss: the source's plain loss. The slope is read off the table's first
# two columns and becomes the loss of the first row times that of the second. With the loss that it has by itself the
# score is exactly that, and it stays near the source's loss however the target differs. A `loss_func` that returns a
# column (`[:, None]`) gives the paper's value.
# Seen when the score was set beside the loss on the target, which is known here: the labels are noisy where the target is.
#
# Output seen (skada 0.6.0, scikit-learn 1.9.1; losses, four splits):
#   mean loss on the source 0.351, on the target 0.633
#   split 0: skada 0.350, unweighted with two rows' losses 0.350; skada with a column 0.587, the paper's 0.587
#   split 1: skada 0.315, unweighted with two rows' losses 0.315; skada with a column 0.627, the paper's 0.627
#   split 2: skada 0.337, unweighted with two rows' losses 0.337; skada with a column 0.567, the paper's 0.567
#   split 3: skada 0.353, unweighted with two rows' losses 0.353; skada with a column 0.634, the paper's 0.634
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check skada==0.6.0 POT==0.9.7.post1 scikit-learn==1.9.1

cat > estimate.py <<'PY'
import numpy as np
import skada
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

draw = np.random.default_rng(0)
source, target = draw.normal(0, 1, (3000, 2)), draw.normal([1, 0], 1, (3000, 2))
rows, domains = np.r_[source, target], np.repeat([1, -2], 3000)
flipped = draw.random(6000) < np.where(rows[:, 0] > 0.5, 0.35, 0.02)
classes = ((rows[:, 0] > 0.5) ^ flipped).astype(int)
model = skada.make_da_pipeline(LogisticRegression()).fit(rows, classes.copy(), sample_domain=domains)
plain = LogisticRegression().fit(source, classes[:3000])


def losses(rows, classes):
    return -np.log(plain.predict_proba(rows)[np.arange(len(rows)), classes])


def column(classes, chances):
    return -np.log(chances[np.arange(len(chances)), classes])[:, None]


known = losses(source, classes[:3000]).mean(), losses(target, classes[3000:]).mean()
print("mean loss on the source {:.3f}, on the target {:.3f}".format(*known))
for seed in range(4):
    split = np.random.RandomState(seed)
    train, kept, _, kept_classes = train_test_split(source, classes[:3000], test_size=0.33, random_state=split)
    chance = LogisticRegression().fit(np.r_[train, target], np.arange(len(train) + 3000) < len(train)).predict_proba(kept)
    weights, loss = len(train) / 3000 * chance[:, 0] / chance[:, 1], losses(kept, kept_classes)
    eta = -np.cov(weights * loss, weights)[0, 1] / weights.var(ddof=1)
    paper = (weights * loss).mean() + eta * (weights.mean() - 1)
    two_rows = weights.mean() * loss.mean() - loss[0] * loss[1] * (weights.mean() - 1)
    scores = [-skada.metrics.DeepEmbeddedValidation(loss_func=function, random_state=seed)(
        model, rows, classes.copy(), sample_domain=domains) for function in (None, column)]
    print(f"split {seed}: skada {scores[0]:.3f}, unweighted with two rows' losses {two_rows:.3f}; "
          f"skada with a column {scores[1]:.3f}, the paper's {paper:.3f}")
    assert abs(scores[0] - two_rows) < 1e-6 and abs(scores[1] - paper) < 1e-6 < abs(scores[0] - paper), "it weights now"
PY
env/bin/python estimate.py 2> /dev/null
