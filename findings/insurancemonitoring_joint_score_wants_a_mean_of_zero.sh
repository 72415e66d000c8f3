#!/usr/bin/env bash
# insurance-monitoring 1.2.2: its joint score of value at risk and shortfall is right only where the mean is 0.
#
# A score is consistent if the true forecast has the lowest mean. For the value at risk x and the expected shortfall v of returns y,
# Fissler and Ziegel's score with a logarithm has the terms (1 / alpha) 1{y > x} (y - x) / (-v), log(-v), (1 - 1 / alpha) x / v and
# y / (alpha v). The last one is missing in `fissler_ziegel_score`, "strictly consistent", by which `BAWSMonitor` selects its windows.
# Where the mean of y is 0 it adds nothing. Otherwise the best v is off by the mean divided by alpha: at 5 % by twenty times the mean.
# With a daily spread of 1 % and a mean of 0.05 % the best shortfall is half as large again as the true one. With the term added
# by hand the true pair is best for each mean.
# Seen when the score of the true forecast was not the lowest.
#
# Output seen (insurance-monitoring 1.2.2, NumPy 2.4.6; normal returns with a spread of 1 %, alpha 5 %):
#   mean -0.05%: true value at risk -1.69%, shortfall -2.11%; best by its score -1.69%, -1.11%; with the term -1.69%, -2.11%
#   mean +0.00%: true value at risk -1.64%, shortfall -2.06%; best by its score -1.64%, -2.06%; with the term -1.64%, -2.06%
#   mean +0.05%: true value at risk -1.59%, shortfall -2.01%; best by its score -1.59%, -3.01%; with the term -1.59%, -2.01%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 pandas==3.1.1 \
    matplotlib==3.11.2 polars==2.1.0 sortedcontainers==2.4.0
env/bin/python -m pip install -q --disable-pip-version-check --no-deps insurance-monitoring==1.2.2

cat > score.py <<'PY'
import numpy as np
from insurance_monitoring.baws import fissler_ziegel_score
from scipy.optimize import minimize
from scipy.stats import norm

ALPHA = 0.05
even = norm.ppf((np.arange(200_000) + 0.5) / 200_000)  # a normal distribution in even steps, so nothing is drawn


def best(returns, share, start):
    """The pair with the lowest score, to which the missing term is added once or not at all."""

    def score(pair):
        x, v = pair / 100
        return np.mean(fissler_ziegel_score(x, v, returns, ALPHA) + share * returns / (ALPHA * v))

    options = {"xatol": 1e-5, "fatol": 1e-9}
    return minimize(score, 100 * np.array(start), method="Nelder-Mead", options=options).x / 100


for mean in (-0.0005, 0, 0.0005):
    returns = mean + 0.01 * even
    risk, shortfall = mean + 0.01 * norm.ppf(ALPHA), mean - 0.01 * norm.pdf(norm.ppf(ALPHA)) / ALPHA
    seen, right = (best(returns, share, (risk, shortfall)) for share in (0, 1))
    print(f"mean {mean:+.2%}: true value at risk {risk:.2%}, shortfall {shortfall:.2%}; best by its score {seen[0]:.2%}, "
          f"{seen[1]:.2%}; with the term {right[0]:.2%}, {right[1]:.2%}")
    assert np.allclose(right, (risk, shortfall), atol=2e-4)
    assert abs(seen[1] - shortfall - -mean / ALPHA) < 3e-4, "the term is there now"
PY
env/bin/python score.py
