#!/usr/bin/env bash
# conformal-oracle 0.5.1: its Z2 is Z1; a forecast with three times too many violations stays far from the limit of Z2.
#
# Acerbi and Szekely (2014) test a forecast of the expected shortfall in two ways. Z1 averages r / ES over the days that
# violate the value at risk: it asks how deep, not how often. Z2 divides the same sum by T * alpha, the number of violations that
# should have come, so it answers both; its limit is about -0.7 for a 5 % test, for many distributions. `z2_statistic` and the
# line "Z2" of every audit divide by the violations that did come, which is Z1. Held against -0.7 it passes
# a forecast with half the true volatility on every draw. A forecast that is never violated gets 0, the value of a perfect one;
# Z2 is 1 there.
# Seen when more violations of the same depth left "Z2" where it was.
#
# Output seen (conformal-oracle 0.5.1, SciPy 1.17.1; normal returns, alpha 2.5 %, 250 days, 1000 draws; mean, share below -0.7):
#   volatility times 1: 2.5% violations; theirs -0.00, 0%; Z2 -0.01, 6%
#   volatility times 0.85: 4.8% violations; theirs -0.05, 0%; Z2 -1.02, 70%
#   volatility times 0.7: 8.5% violations; theirs -0.12, 0%; Z2 -2.79, 100%
#   volatility times 0.5: 16.2% violations; theirs -0.29, 0%; Z2 -7.40, 100%
#   never violated: theirs 0, Z2 1
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check conformal-oracle==0.5.1 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 \
    statsmodels==0.15.0 matplotlib==3.11.2

cat > shortfall.py <<'PY'
import numpy as np
from conformal_oracle.diagnostics import z2_statistic
from scipy.stats import norm

alpha, days = 0.025, 250
limit, shortfall = norm.ppf(alpha), -norm.pdf(norm.ppf(alpha)) / alpha
for volatility in (1, 0.85, 0.7, 0.5):
    found = []
    for seed in range(1000):
        returns = np.random.default_rng(seed).normal(size=days)
        hit, forecast = returns < volatility * limit, np.full(days, volatility * shortfall)
        seen = [z2_statistic(hit, returns, forecast, alpha, stabilised=stable) for stable in (True, False)]
        depth = np.sum(returns[hit] / abs(forecast[hit]))
        one, two = 1 + depth / max(hit.sum(), 1), 1 + depth / (days * alpha)
        assert np.allclose(seen, one if hit.any() else 0), "it is no longer Z1"
        found.append((hit.mean(), seen[0], seen[0] < -0.7, two, two < -0.7))
    hits, mean, below, right, alarms = np.mean(found, axis=0)
    print(f"volatility times {volatility}: {hits:.1%} violations; theirs {mean:.2f}, {below:.0%}; Z2 {right:.2f}, {alarms:.0%}")
    assert below <= 0.01, "it counts the violations now"
    assert alarms < 0.07 if volatility == 1 else alarms > 0.35
none = z2_statistic(np.zeros(days, bool), returns, 9 * forecast, alpha)
print(f"never violated: theirs {none:.0f}, Z2 1")
assert none == 0
PY
env/bin/python shortfall.py
