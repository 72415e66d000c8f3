#!/usr/bin/env bash
# iyipada 0.1.0: the detector that it recommends takes its threshold from a standard normal; in other units it always alarms, or never.
#
# The package promises a threshold that is computed for the data, so that clean batches alarm in alpha of all cases, and recommends
# the Wasserstein distance "in most cases", since it "reports in the units of the variable". The threshold is the quantile of the
# distance between two samples of a standard normal, whatever the reference is. That is right for variables with a spread of 1. With
# 10 nearly every clean batch is "DRIFT", with 0.1 a shift by a whole standard deviation is none. The p-value beside it comes from
# shuffling the data themselves and is right: the two contradict each other. PSI and the other statistics in bins are not touched.
# Seen when temperatures were given in another unit.
#
# Output seen (iyipada 0.1.0, NumPy 2.4.6; a reference and 60 batches of 200 rows, alpha 1 %):
#   spread 0.1, shift of 0 standard deviations: drift in 0%, p-value below 0.01 in 0%; threshold 0.262
#   spread 0.1, shift of 1 standard deviations: drift in 0%, p-value below 0.01 in 100%; threshold 0.262
#   spread 1, shift of 0 standard deviations: drift in 0%, p-value below 0.01 in 0%; threshold 0.262
#   spread 1, shift of 1 standard deviations: drift in 100%, p-value below 0.01 in 100%; threshold 0.262
#   spread 10, shift of 0 standard deviations: drift in 100%, p-value below 0.01 in 0%; threshold 0.262
#   spread 10, shift of 1 standard deviations: drift in 100%, p-value below 0.01 in 100%; threshold 0.262
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check iyipada==0.1.0 numpy==2.4.6 scipy==1.17.1

cat > units.py <<'PY'
import numpy as np
from iyipada import Detector

for spread in (0.1, 1, 10):
    draw = np.random.default_rng(0)
    detector = Detector(spread * draw.normal(size=200), "wasserstein")
    for shift in (0, 1):  # in standard deviations
        results = [detector.check(spread * (draw.normal(size=200) + shift)) for _ in range(60)]
        seen, right = np.mean([result.drifted for result in results]), np.mean([result.pvalue <= 0.01 for result in results])
        print(f"spread {spread}, shift of {shift} standard deviations: drift in {seen:.0%}, "
              f"p-value below 0.01 in {right:.0%}; threshold {results[0].threshold:.3f}")
        assert right <= 0.1 if shift == 0 else right > 0.9, "the p-value is not right either"
        if spread != 1:
            assert seen > 0.9 if spread == 10 else seen < 0.1, "the threshold follows the unit now"
PY
env/bin/python units.py
