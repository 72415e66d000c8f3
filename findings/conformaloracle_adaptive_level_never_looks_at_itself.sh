#!/usr/bin/env bash
# conformal-oracle 0.5.1: its adaptive level listens to the uncorrected forecast, so nothing stops it; 5 % becomes 40 % misses.
#
# Adaptive conformal inference (Gibbs and Candes 2021) moves the level by gamma * (alpha - miss) after each step. The miss is that
# of the interval just given: too many misses widen the next one, and the long-run share is alpha whatever the forecasts
# are. `ACICalibrator` cites the paper and the rule. Its `apply_online` counts the misses of the raw forecast, which the correction
# cannot change. If that is too cautious, the level climbs at every step and the "corrected" forecast gets bolder until
# it misses most days; if it is too bold, the level falls to nothing. `fit` and `apply` do the same. By hand,
# with the misses of the corrected forecast, every row is near alpha.
# Seen when the share of misses moved away from alpha, more so with more data.
#
# Output seen (conformal-oracle 0.5.1, SciPy 1.17.1; normal returns, alpha 5 %, gamma 0.01, mean of 10 draws; share of misses):
#   forecast times 0.7: raw 12.5%; corrected online 0.5%, corrected once 0.3%; by hand 5.0%
#   forecast times 1.0: raw 5.0%; corrected online 6.7%, corrected once 7.7%; by hand 5.0%
#   forecast times 1.3: raw 1.6%; corrected online 39.0%, corrected once 69.6%; by hand 5.0%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check conformal-oracle==0.5.1 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 \
    statsmodels==0.15.0 matplotlib==3.11.2

cat > level.py <<'PY'
import numpy as np
from conformal_oracle import ACICalibrator
from scipy.stats import norm

alpha, gamma, half = 0.05, 0.01, 2000


def by_hand(loss, returns):  # Gibbs and Candes; the scores are those of the first half
    scores, level, misses = -loss[:half] - returns[:half], alpha, []
    for value, outcome in zip(loss[half:], returns[half:]):
        corrected = value + np.quantile(scores, 1 - np.clip(level, 0, 1))
        misses.append(outcome < -corrected)
        level += gamma * (alpha - misses[-1])
    return np.mean(misses)


for factor in (0.7, 1.0, 1.3):
    found = []
    for seed in range(10):
        returns = np.random.default_rng(seed).normal(size=2 * half)
        loss = np.full(2 * half, -factor * norm.ppf(alpha))  # the value at risk, a positive number
        rule = ACICalibrator(gamma=gamma)
        rule.fit(loss[:half], returns[:half], alpha)
        online, once = rule.apply_online(loss[half:], returns[half:]), rule.apply(loss[half:])
        found.append([np.mean(returns[half:] < -each) for each in (loss[half:], online, once)] + [by_hand(loss, returns)])
    raw, online, once, right = np.mean(found, axis=0)
    print(f"forecast times {factor}: raw {raw:.1%}; corrected online {online:.1%}, corrected once {once:.1%}; by hand {right:.1%}")
    assert abs(right - alpha) < 0.01
    if factor < 1:
        assert online < 0.01 and once < 0.01, "the level listens to its own misses now"
    elif factor > 1:
        assert online > 0.25 and once > 0.5, "the level listens to its own misses now"
PY
env/bin/python level.py
