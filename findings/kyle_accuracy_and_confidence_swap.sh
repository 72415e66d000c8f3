#!/usr/bin/env bash
# kyle-calibration 0.1.7: a fake classifier's theoretical accuracy is the confidence of the rows that it draws, and the reverse.
#
# A fake classifier has a distribution of probability vectors and a map that makes them wrong in a known way. Drawing rows,
# `get_sample_arrays` takes a vector for the true probabilities, draws the label from it, and tells the mapped vector. The
# integrals of the same object, `compute_accuracy` and `compute_expected_max`, take the vector for what is told and the
# mapped one for the truth. So where the drawn rows are overconfident, the theory says underconfident: both numbers change
# places. The plain calibration error is the distance of both and does not show it. To draw rows that go with the integrals,
# map what is drawn by oneself and draw the labels from the mapped vector.
# Seen when the accuracy of many drawn rows was set beside the theoretical one.
#
# Output seen (kyle-calibration 0.1.7, SciPy 1.17.1; three classes, vectors spread evenly over the simplex, 400000 rows;
# accuracy, confidence):
#   exponent 0.5: drawn rows 0.611, 0.491; theory 0.491, 0.611; by hand 0.611, 0.491; error of the drawn rows 0.121, theory 0.120
#   exponent 1: drawn rows 0.611, 0.611; theory 0.611, 0.611; by hand 0.611, 0.611; error of the drawn rows 0.002, theory 0.000
#   exponent 2: drawn rows 0.611, 0.750; theory 0.750, 0.611; by hand 0.611, 0.751; error of the drawn rows 0.139, theory 0.139
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 matplotlib==3.11.2
env/bin/python -m pip install -q --disable-pip-version-check --no-deps kyle-calibration==0.1.7  # netcal plays no part here

cat > swapped.py <<'PY'
import numpy as np
from kyle.evaluation import EvalStats, compute_ECE, compute_accuracy, compute_expected_max
from kyle.sampling.fake_clf import DirichletFC
from kyle.transformations import TempScaling
from sklearn.metrics import accuracy_score

largest = (1 + 1 / 2 + 1 / 3) / 3  # mean of the largest of three parts of a stick that is broken at random
for temperature in (0.5, 1, 2):
    classifier = DirichletFC(3, simplex_automorphism=TempScaling(temperature))
    labels, told = classifier.get_sample_arrays(400_000)
    accuracy, confidence = accuracy_score(labels, told.argmax(axis=1)), told.max(axis=1).mean()
    drawn = EvalStats(labels, told)
    assert abs(drawn.accuracy() - accuracy) < 1e-9 and abs(drawn.expected_confidence() - confidence) < 1e-9
    sticks = np.random.default_rng(0).dirichlet([1, 1, 1], 400_000) ** temperature  # this is what kyle's map does
    mapped = (sticks.max(axis=1) / sticks.sum(axis=1)).mean()
    theory = compute_accuracy(classifier)[0], compute_expected_max(classifier)[0]
    print("exponent {}: drawn rows {:.3f}, {:.3f}; theory {:.3f}, {:.3f}; by hand {:.3f}, {:.3f}; "
          "error of the drawn rows {:.3f}, theory {:.3f}".format(temperature, accuracy, confidence, *theory, largest, mapped,
                                                  drawn.expected_calibration_error(), compute_ECE(classifier)[0]))
    assert abs(accuracy - largest) < 0.004 and abs(confidence - mapped) < 0.004
    assert abs(theory[0] - mapped) < 0.004 and abs(theory[1] - largest) < 0.004, "both go together now"
PY
env/bin/python swapped.py 2> /dev/null
