#!/usr/bin/env bash
# insurance-conformal-ts 0.2.0: the level asked of a fan of forecasts does nothing; 50 % and 99 % give the same fan.
#
# `MSCP` makes intervals for 1 to H steps ahead from the errors at each distance. `predict_fan(X_test, alpha=...)` documents
# `alpha` as the share to miss, and its first example asks for 0.1 there and not in `calibrate`, whose own alpha is then 0.1.
# The fan always has the quantiles that `calibrate` made: the argument is read and not used. A fan chart with several bands
# shows one band several times, and a reserve at 99 % is that at 90 %: it fails nearly nine times as often as told. A call of `calibrate`
# for each level is right. `predict_interval_sequence` has the same argument and leaves it out too.
# Seen when the bands of a fan chart lay on each other.
#
# Output seen (insurance-conformal-ts 0.2.0, SciPy 1.17.1; 2000 months to calibrate with, 3000 later ones):
#   3 months ahead, to hold 50%: asked of the fan 79.8 to 119.8, held 91.3%; asked of calibrate 92.5 to 107.2, held 51.4%
#   3 months ahead, to hold 90%: asked of the fan 79.8 to 119.8, held 91.3%; asked of calibrate 79.8 to 119.8, held 91.3%
#   3 months ahead, to hold 99%: asked of the fan 79.8 to 119.8, held 91.3%; asked of calibrate 59.9 to 139.7, held 99.2%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check insurance-conformal-ts==0.2.0 numpy==2.4.6 scipy==1.17.1 \
    pandas==3.1.1 scikit-learn==1.9.1 statsmodels==0.15.0

cat > fan.py <<'PY'
import numpy as np
from insurance_conformal_ts import MSCP, AbsoluteResidualScore, ConstantForecaster

draw = np.random.default_rng(0)
months = 100 + 10 * draw.standard_t(5, size=6000)
train, calibration, later = months[:1000], months[1000:3000], months[3000:]


def ready(**options):
    conformal = MSCP(ConstantForecaster(), AbsoluteResidualScore(clip_lower=False), H=3)
    return conformal.fit(train).calibrate(calibration, **options)


once = ready()  # as in its first example
for miss in (0.5, 0.1, 0.01):
    asked, made = once.predict_fan(alpha=miss)[3], ready(alpha=miss).predict_fan()[3]
    low, high = once.predict_interval_sequence(later, h=3, alpha=miss)
    assert np.allclose([low[0], high[0]], asked)
    held = [np.mean((low <= later) & (later <= high)) for low, high in (asked, made)]
    print(f"3 months ahead, to hold {1 - miss:.0%}: asked of the fan {asked[0]:.1f} to {asked[1]:.1f}, held {held[0]:.1%}; "
          f"asked of calibrate {made[0]:.1f} to {made[1]:.1f}, held {held[1]:.1%}")
    assert abs(held[1] - (1 - miss)) < 0.03
    assert np.allclose(asked, ready().predict_fan()[3]) and abs(held[0] - 0.9) < 0.03, "the level counts now"
PY
env/bin/python fan.py
