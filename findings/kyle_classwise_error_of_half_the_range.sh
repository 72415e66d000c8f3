#!/usr/bin/env bash
# kyle-calibration 0.1.7: its theoretical class-wise calibration error leaves out all confidences below 1 / number of classes.
#
# kyle makes fake classifiers whose miscalibration is known, to tell how well an estimated calibration error meets the true one.
# `compute_ECE` gives the true one as an integral: over the confidence of the predicted class, which is at least 1 / K
# for K classes, or, class by class, over the confidence in that class, which goes from 0 to 1. Both integrals start at about
# 1 / K. In the class-wise one that cuts off all rows in which the class is an unlikely one, most rows of each class: with
# three classes and a flat distribution 56 % of them. The "true" error is then about half of what any good estimate from
# data finds, so that the estimates look biased. The integral over the confidence of the predicted class is right.
# Seen when the estimate from ever more rows did not come nearer to the theoretical value.
#
# Output seen (kyle-calibration 0.1.7, SciPy 1.17.1; three classes, told confidences spread evenly over the simplex):
#   exponent 0.5: kyle's integral 0.0412; integral from 0 to 1 0.0822, from 1/3 0.0412; estimate from 400000 labels 0.0829
#   exponent 2: kyle's integral 0.0470; integral from 0 to 1 0.0910, from 1/3 0.0470; estimate from 400000 labels 0.0909
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 matplotlib==3.11.2
env/bin/python -m pip install -q --disable-pip-version-check --no-deps kyle-calibration==0.1.7  # netcal plays no part here

cat > classwise.py <<'PY'
import numpy as np
from kyle.evaluation import EvalStats, compute_ECE
from kyle.sampling.fake_clf import DirichletFC
from kyle.transformations import TempScaling
from scipy.integrate import quad

for temperature in (0.5, 2):
    classifier = DirichletFC(3, simplex_automorphism=TempScaling(temperature))

    def gap(told):  # density of a told confidence times what the class occurs less or more often than told
        def occurs(part):
            odds = np.array([told, (1 - told) * part, (1 - told) * (1 - part)]) ** temperature  # this is what kyle's map does
            return odds[0] / odds.sum()
        return 2 * (1 - told) * abs(quad(occurs, 0, 1)[0] - told)

    exact, cut = quad(gap, 0, 1, epsabs=1e-5)[0], quad(gap, 1 / 3 + 0.01, 0.99, epsabs=1e-5)[0]
    draw = np.random.default_rng(0)
    told = draw.dirichlet([1, 1, 1], 400_000)
    true = classifier.simplex_automorphism.transform(told)
    labels = (true.cumsum(axis=1) < draw.random((400_000, 1))).sum(axis=1)
    drawn = EvalStats(labels, told).class_wise_expected_calibration_error(n_bins=100)
    seen = compute_ECE(classifier, conditioned="class")[0]
    print(f"exponent {temperature}: kyle's integral {seen:.4f}; integral from 0 to 1 {exact:.4f}, from 1/3 {cut:.4f}; "
          f"estimate from 400000 labels {drawn:.4f}")
    assert abs(drawn - exact) < 0.004 and abs(seen - cut) < 0.002, "it covers the whole range now"
    assert seen < 0.65 * exact
PY
env/bin/python classwise.py 2> /dev/null
