#!/usr/bin/env bash
# conformal-oracle 0.5.1: two of the four terms of its joint score have the wrong sign; a value at risk of zero scores best.
#
# The score FZ0 (Fissler and Ziegel; Patton, Ziegel and Chen 2019) judges a value at risk v and an expected shortfall e, both
# negative, together: -1{y <= v} (v - y) / (alpha e) + v / e + log(-e) - 1. It is consistent: lowest in the mean for the
# true pair. `fissler_ziegel_fz0` is described as that, and each audit prints it. It adds the first term and
# subtracts the logarithm. Turning the whole score round does not help, since v / e has the right sign: with the true
# shortfall, the bolder value at risk has the lower score and the more cautious one the higher, on both sides of the truth; with
# the true value at risk, the larger shortfall always has the lower score. Only when both are wrong by one factor is it the
# score turned round: the true pair comes last.
# Seen when forecasts of a quarter and of four times the risk had better scores than the true one.
#
# Output seen (conformal-oracle 0.5.1, SciPy 1.17.1; 200,000 normal returns, alpha 5 %; mean score, lower is better):
#   value at risk times 0.25, 0.5, 0.8, 1, 1.25, 2, 4, theirs: [-3.73 -2.45 -1.51 -1.13 -0.8  -0.13  1.47], lowest at 0.25, highest at 4
#   value at risk times 0.25, 0.5, 0.8, 1, 1.25, 2, 4, FZ0: [2.13 1.25 0.79 0.73 0.79 1.32 2.91], lowest at 1, highest at 4
#   shortfall times 0.25, 0.5, 0.8, 1, 1.25, 2, 4, theirs: [ 2.03  0.15 -0.76 -1.13 -1.47 -2.12 -2.96], lowest at 4, highest at 0.25
#   shortfall times 0.25, 0.5, 0.8, 1, 1.25, 2, 4, FZ0: [2.35 1.03 0.75 0.73 0.75 0.92 1.36], lowest at 1, highest at 0.25
#   both times 0.25, 0.5, 0.8, 1, 1.25, 2, 4, theirs: [-8.35 -2.48 -1.24 -1.13 -1.21 -1.62 -2.31], lowest at 0.25, highest at 1
#   both times 0.25, 0.5, 0.8, 1, 1.25, 2, 4, FZ0: [7.94 2.08 0.83 0.73 0.8  1.22 1.91], lowest at 1, highest at 0.25
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check conformal-oracle==0.5.1 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 \
    statsmodels==0.15.0 matplotlib==3.11.2

cat > joint.py <<'PY'
import numpy as np
from conformal_oracle.diagnostics import fissler_ziegel_fz0
from scipy.stats import norm

alpha, returns = 0.05, np.random.default_rng(0).normal(size=200_000)
value, shortfall = norm.ppf(alpha), -norm.pdf(norm.ppf(alpha)) / alpha


def right(v, e):
    return np.mean(np.where(returns <= v, returns - v, 0) / (alpha * e) + v / e + np.log(-e) - 1)


factors = (0.25, 0.5, 0.8, 1, 1.25, 2, 4)
for name, pairs in (("value at risk", [(k, 1) for k in factors]), ("shortfall", [(1, k) for k in factors]),
                    ("both", [(k, k) for k in factors])):
    points = [(value * one, shortfall * other) for one, other in pairs]
    seen = np.array([fissler_ziegel_fz0(returns, *(np.full(len(returns), each) for each in point), alpha) for point in points])
    true = np.array([right(*point) for point in points])
    for title, scores in (("theirs", seen), ("FZ0", true)):
        print(f"{name} times {', '.join(map(str, factors))}, {title}: {np.round(scores, 2)}, lowest at {factors[scores.argmin()]}, "
              f"highest at {factors[scores.argmax()]}")
    assert factors[true.argmin()] == 1
    ratio = np.array([v / e for v, e in points])
    assert np.allclose(seen, 2 * ratio - 2 - true), "the signs are right now"
    assert factors[seen.argmin()] != 1 and (name != "value at risk" or np.all(np.diff(seen) > 0)), "the score is consistent now"
PY
env/bin/python joint.py
