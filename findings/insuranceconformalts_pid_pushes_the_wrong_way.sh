#!/usr/bin/env bash
# insurance-conformal-ts 0.2.0: its PID controller of the coverage has the wrong sign; it narrows intervals that miss too often.
#
# Conformal PID control (Angelopoulos, Candes and Tibshirani 2023) watches how often a series falls outside its intervals and
# corrects the level: too many misses, wider intervals. ConformalPID says the same of itself: where the coverage is too low,
# the miscoverage level is to fall. Its error is coverage minus target, so it is below 0 then; the level is set to alpha
# minus the gains times this error, so it rises, and the intervals get narrower. Too many misses make more misses, and
# intervals that are too wide grow. The default gains are so small that little of it is seen; with larger ones the
# controller is worse than none, and one with negative gains does what the documentation says of positive ones.
# Seen when the noise was trebled and the coverage was lower the larger the gain.
#
# Output seen (insurance-conformal-ts 0.2.0, NumPy 2.4.6; 300 rows, then 400 with other noise; medians of 9 series):
#   noise times 3.00:
#     gain 0: coverage 70.0%, half-width 3.44; by hand 70.0%, 3.44
#     gain 0.1: coverage 67.2%, half-width 3.21; by hand 73.5%, 3.69
#     gain 0.3: coverage 63.2%, half-width 2.83; by hand 79.0%, 4.21
#     gain -0.3: coverage 79.0%, half-width 4.21
#   noise times 0.33:
#     gain 0: coverage 100.0%, half-width 1.38; by hand 100.0%, 1.38
#     gain 0.1: coverage 100.0%, half-width 1.45; by hand 100.0%, 1.34
#     gain 0.3: coverage 100.0%, half-width 1.58; by hand 100.0%, 1.26
#     gain -0.3: coverage 100.0%, half-width 1.26
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check insurance-conformal-ts==0.2.0 numpy==2.4.6 scipy==1.17.1 \
    scikit-learn==1.9.1 pandas==3.1.1 statsmodels==0.15.0

cat > pid.py <<'PY'
import numpy as np
from insurance_conformal_ts import ConformalPID, ConstantForecaster
from insurance_conformal_ts.nonconformity import AbsoluteResidualScore


def by_package(series, gain):
    score = AbsoluteResidualScore(clip_lower=False)
    model = ConformalPID(ConstantForecaster(), score=score, Kp=gain, Ki=gain / 10, Kd=gain / 10, window_size=None)
    lower, upper = model.fit(np.zeros(10)).predict_interval(series, alpha=0.1)
    return (upper - lower) / 2


def by_hand(series, gain):  # the same with the other sign: the level falls where the coverage is below 90 %
    widths, total, last = np.full(len(series), np.inf), 0, 0
    for row in range(1, len(series)):
        past = np.sort(np.abs(series[:row]))
        short = np.mean(np.abs(series[:row]) <= widths[:row]) - 0.9
        total = np.clip(total + short, -0.5, 0.5)
        level = np.clip(0.1 + gain * (short + total / 10 + (short - last) / 10), 1e-6, 1 - 1e-6)
        last = short
        rank = np.ceil((1 - level) * (row + 1)) / row
        widths[row] = np.quantile(past, rank) if rank <= 1 else np.inf
    return widths


def seen(rule, change, gain):
    found = []
    for seed in range(9):
        series = np.random.default_rng(seed).normal(size=700)
        series[300:] *= change
        widths = rule(series, gain)
        found.append((np.mean(np.abs(series) <= widths, where=np.arange(700) >= 300), np.median(widths[300:])))
    return np.median(found, axis=0)


for change in (3, 1 / 3):
    rows = {(name, gain): seen(rule, change, gain) for gain in (0, 0.1, 0.3) for name, rule in (("package", by_package), ("hand", by_hand))}
    rows["package", -0.3] = seen(by_package, change, -0.3)
    print(f"noise times {change:.2f}:")
    for gain in (0, 0.1, 0.3):
        print("  gain {}: coverage {:.1%}, half-width {:.2f}; by hand {:.1%}, {:.2f}".format(
            gain, *rows["package", gain], *rows["hand", gain]))
    print("  gain -0.3: coverage {:.1%}, half-width {:.2f}".format(*rows["package", -0.3]))
    assert np.allclose(rows["package", 0], rows["hand", 0]) and np.allclose(rows["package", -0.3], rows["hand", 0.3])
    widths = [rows[key][1] for key in (("package", 0.3), ("package", 0), ("hand", 0.3))]
    assert widths == sorted(widths, reverse=change < 1) and len(set(widths)) == 3, "it pushes the right way now"
PY
PYTHONWARNINGS=ignore env/bin/python pid.py
