#!/usr/bin/env bash
# pycaleva 0.8.2: its calibration belt never bends; miscalibration that is curved, however plain, passes the test mostly.
#
# The belt (Nattino, Finazzi and Bertolini 2014, 2016; the R package givitiR) fits the outcome by a polynomial in the logit
# of the told probability. It starts with a straight line and adds powers, up to the fourth, as long as twice the gain in
# log-likelihood passes a chi-squared bound; the degree that is reached goes into the test and the plot. pycaleva
# takes the difference with the wrong sign, old minus new. A larger model's likelihood is never smaller, so the
# difference is never positive, and the first power that is tried is always refused: the degree is 1 for every new data set.
# Where probabilities near both ends are told too low and those between too high, a line sees little of it.
# Seen when the plot's "Degree Fit" was 1 whatever was put in.
#
# Output seen (pycaleva 0.8.2, statsmodels 0.15.0; 100 data sets of 1000 rows; tests that find p < 0.05):
#   bend 0: belt 6%, straight line 6%, parabola 8%, parabola by SciPy 8%; a second power is called for in 8%
#   bend 0.3: belt 37%, straight line 37%, parabola 97%, parabola by SciPy 97%; a second power is called for in 99%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check pycaleva==0.8.2 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 \
    pandas==3.1.1 statsmodels==0.15.0 matplotlib==3.11.2

cat > belt.py <<'PY'
import numpy as np
import statsmodels.api as sm
from pycaleva import CalibrationEvaluator
from scipy.optimize import minimize
from scipy.special import expit, log_expit
from scipy.stats import chi2


def likelihood(labels, logits):
    return np.sum(np.where(labels, log_expit(logits), log_expit(-logits)))


def by_scipy(labels, powers):
    def loss(weights):
        logits = powers @ weights
        return -likelihood(labels, logits), powers.T @ (expit(logits) - labels)
    return -minimize(loss, np.eye(powers.shape[1])[1], jac=True, method="BFGS").fun


for bend in (0, 0.3):
    found, steps = {"belt": [], "straight line": [], "parabola": [], "parabola by SciPy": []}, []
    for seed in range(100):
        draw = np.random.default_rng(seed)
        logits = draw.normal(size=1000)
        labels = (draw.random(1000) < expit(logits + bend * (logits**2 - 1))).astype(int)
        found["belt"].append(CalibrationEvaluator(labels, expit(logits), outsample=True).calbelt().pvalue)
        powers = np.stack([logits**power for power in range(3)], axis=1)
        line, parabola = (sm.GLM(labels, powers[:, :count], family=sm.families.Binomial()).fit().llf for count in (2, 3))
        steps.append(2 * (parabola - line) > chi2.ppf(0.95, 1))
        told = likelihood(labels, logits)
        fits = {"straight line": (line, 2), "parabola": (parabola, 3), "parabola by SciPy": (by_scipy(labels, powers), 3)}
        for name, (fit, count) in fits.items():
            found[name].append(chi2.sf(2 * (fit - told), count))
    print(f"bend {bend}: " + ", ".join(f"{name} {np.mean(np.array(values) < 0.05):.0%}" for name, values in found.items())
          + f"; a second power is called for in {np.mean(steps):.0%}")
    assert np.allclose(found["belt"], found["straight line"], atol=1e-6), "the belt bends now"
    assert np.allclose(found["parabola"], found["parabola by SciPy"], atol=1e-4)
    assert bend == 0 or np.mean(steps) > 0.9 and np.mean(np.array(found["belt"]) < 0.05) < 0.5
PY
env/bin/python belt.py 2> /dev/null
