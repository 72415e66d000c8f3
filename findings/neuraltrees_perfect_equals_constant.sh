#!/usr/bin/env bash
# neural-trees 0.8.0: the 5x2cv F test finds a perfect classifier no better than a constant one; p is 1.
#
# Alpaydin's test (1999) halves the rows five times, trains both classifiers on each half and tests them on the other. It
# divides the squared differences in error by their variance within the five repetitions; the larger, the surer. When one
# classifier wins by the same margin every time the variance is 0 and the ratio is infinite: nothing could be surer. The
# package puts 0 there, the smallest value there is: p is 1, "No significant difference found". Its halves are stratified,
# so with balanced classes a constant answer errs in exactly half of the rows every time, and a classifier that makes no
# error beats it by 0.5 in all ten. One error anywhere, and the same comparison is significant. A difference of 0 in all ten
# gets the same answer.
# Seen when a classifier got significantly better by making an error.
#
# Output seen (neural-trees 0.8.0, scikit-learn 1.9.1, SciPy 1.17.1; 80 rows, logistic regression against the commonest
# class):
#   perfect: margins 0.500 to 0.500, F 0.0, p 1.0e+00, 'No significant difference found'; its McNemar p 7.0e-10
#   one row misplaced: margins 0.475 to 0.500, F 761.0, p 2.6e-07, 'Classifiers significantly differ'; its McNemar p 2.9e-09
#   the same: margins 0.000 to 0.000, F 0.0, p 1.0e+00, 'No significant difference found'; its McNemar p 1.0e+00
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps neural-trees==0.8.0  # the test needs no torch

cat > perfect.py <<'PY'
import numpy as np
from neural_trees.statistical_tests.classifier_comparison import combined_5x2cv_f_test, mcnemar_test, paired_t_test
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict, cross_val_score

draw = np.random.default_rng(0)
labels = np.repeat([0, 1], 40)
apart = draw.normal(size=(80, 2)) + 20 * labels[:, None]
mixed = apart.copy()
mixed[0] += 20  # one row of the first class among the second
dummy = DummyClassifier()
seen = {}
for name, rows, one in (("perfect", apart, LogisticRegression()), ("one row misplaced", mixed, LogisticRegression()),
                        ("the same", apart, dummy)):
    tested = combined_5x2cv_f_test(one, dummy, rows, labels)
    halves = [StratifiedKFold(2, shuffle=True, random_state=seed) for seed in range(5)]
    margins = np.array([cross_val_score(one, rows, labels, cv=half) - cross_val_score(dummy, rows, labels, cv=half)
                        for half in halves])
    exact = mcnemar_test(labels, *[cross_val_predict(model, rows, labels, cv=halves[0]) for model in (one, dummy)])
    print(f"{name}: margins {margins.min():.3f} to {margins.max():.3f}, F {tested.statistic:.1f}, p {tested.p_value:.1e}, "
          f"{tested.interpretation!r}; its McNemar p {exact.p_value:.1e}")
    seen[name] = tested, exact, margins
assert np.all(seen["perfect"][2] == 0.5) and seen["perfect"][1].p_value < 1e-6
assert seen["one row misplaced"][0].p_value < 1e-3 and np.all(seen["the same"][2] == 0)
assert seen["perfect"][0].p_value == seen["the same"][0].p_value == 1, "a constant margin is significant now"
PY
env/bin/python perfect.py
