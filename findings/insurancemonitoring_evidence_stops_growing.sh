#!/usr/bin/env bash
# insurance-monitoring 1.2.2: its sequential test never finds the small effect it is set up for, however much data comes.
#
# `SequentialTest` compares two pricing models as claims come in and stops when the evidence Lambda reaches 20. It names the
# mixture SPRT (Johari et al. 2022) with a normal prior of width tau, 0.03, "expects ~3% effects". There Lambda is
# sqrt(s / (s + t)) exp(d^2 t / (2 s (s + t))), with s the variance of the measured log ratio d and t = tau^2: as s
# shrinks, it grows without end. The package has sqrt(t / (s + t)) exp(d^2 / (2 (s + t))). That tends to
# exp(d^2 / (2 t)), 1.6 for an effect of 3 %; to reach 20 takes 7.6 %. So a worse model of 5 % stays in use until the test
# runs out of time. It is quiet without an effect, so tests for false alarms find nothing.
# Seen when Lambda stood still while the confidence interval went on shrinking.
#
# Output seen (insurance-monitoring 1.2.2, SciPy 1.17.1; 60 draws of 40 periods, 10 % claims; share that stops with a verdict):
#   effect 0%, 5000 cars: stops 0%, by hand 0%; median Lambda at the end 0.98, by hand 0.417
#   effect 0%, 100000 cars: stops 0%, by hand 0%; median Lambda at the end 1.00, by hand 0.0913
#   effect 3%, 5000 cars: stops 2%, by hand 43%; median Lambda at the end 1.32, by hand 6.37
#   effect 3%, 100000 cars: stops 0%, by hand 100%; median Lambda at the end 1.62, by hand 1e+06
#   effect 5%, 5000 cars: stops 3%, by hand 98%; median Lambda at the end 2.72, by hand 4.72e+03
#   effect 5%, 100000 cars: stops 0%, by hand 100%; median Lambda at the end 3.89, by hand 1e+06
#   effect 10%, 5000 cars: stops 98%, by hand 100%; median Lambda at the end 85.07, by hand 1e+06
#   effect 10%, 100000 cars: stops 100%, by hand 100%; median Lambda at the end 237.56, by hand 1e+06
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 pandas==3.1.1 \
    matplotlib==3.11.2 polars==2.1.0 sortedcontainers==2.4.0
env/bin/python -m pip install -q --disable-pip-version-check --no-deps insurance-monitoring==1.2.2

cat > evidence.py <<'PY'
import numpy as np
from insurance_monitoring.sequential import SequentialTest


def by_hand(claims, cars, width):  # the mixture SPRT of Johari et al.
    distance, variance = np.log(claims[1] / claims[0]) - np.log(cars[1] / cars[0]), (1 / claims).sum()
    total = variance + width**2
    return np.sqrt(variance / total) * np.exp(distance**2 * width**2 / (2 * variance * total))


for effect in (0, 0.03, 0.05, 0.1):
    for each in (5000, 100_000):  # cars in each arm and period
        found = []
        for seed in range(60):
            draw, test, sums, hit = np.random.default_rng(seed), SequentialTest(), np.zeros(2), False
            for period in range(1, 41):
                claims = draw.poisson(0.1 * each * np.exp([0, effect]))
                sums += claims
                result = test.update(claims[0], each, claims[1], each)
                right = by_hand(sums, np.full(2, each * period), 0.03)
                hit |= right >= 20
            ever = max(row["lambda_value"] for row in test.history().to_dicts()) >= 20
            found.append((ever, hit, result.lambda_value, min(right, 1e6)))
        seen, hit, last, right = np.array(found).T
        print(f"effect {effect:.0%}, {each} cars: stops {seen.mean():.0%}, by hand {hit.mean():.0%}; "
              f"median Lambda at the end {np.median(last):.2f}, by hand {np.median(right):.3g}")
        assert effect or max(seen.mean(), hit.mean()) <= 0.05
        if effect in (0.03, 0.05) and each == 100_000:
            assert hit.mean() > 0.9 and seen.mean() < 0.1, "the evidence grows now"
PY
env/bin/python evidence.py
