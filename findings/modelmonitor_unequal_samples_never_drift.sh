#!/usr/bin/env bash
# model-monitor 0.1.1: its chi-square test of categories finds no drift at all unless both samples have equally many rows.
#
# `chi2_test` compares the categories of a baseline with current data. It gives SciPy's one-sample test the current counts as
# observed and those of the baseline as expected, each scaled to its own number of rows. SciPy refuses when the two sums
# differ; the error is caught and becomes statistic 0, p-value 1, "no drift". So a week of 999 rows in which every
# category changed passes against a baseline of 1000. With equal numbers the baseline is taken for the exact truth, with no
# noise of its own: the variance is twice that assumed, and without any drift the 5 % test alarms in three of ten draws.
# `detect_prediction_drift` does the same with predicted classes. The test of a table of both samples is right.
# Seen when one row fewer made the alarm go away.
#
# Output seen (model-monitor 0.1.1, SciPy 1.17.1; baseline of 1000 rows, 500 draws; draws with an alarm at 5 %):
#   no drift, 1000 current rows: chi2_test 30.0%, mean p-value 0.28; detect_prediction_drift 30.0%; table of both 4.8%
#   no drift, 999 current rows: chi2_test 0.0%, mean p-value 1.00; detect_prediction_drift 0.0%; table of both 4.8%
#   no drift, 2000 current rows: chi2_test 0.0%, mean p-value 1.00; detect_prediction_drift 0.0%; table of both 4.2%
#   a drift from 20% to 60%, 1000 current rows: chi2_test 100.0%, mean p-value 0.00; detect_prediction_drift 100.0%; table of both 100.0%
#   a drift from 20% to 60%, 999 current rows: chi2_test 0.0%, mean p-value 1.00; detect_prediction_drift 0.0%; table of both 100.0%
#   a drift from 20% to 60%, 2000 current rows: chi2_test 0.0%, mean p-value 1.00; detect_prediction_drift 0.0%; table of both 100.0%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check model-monitor==0.1.1 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 \
    scikit-learn==1.9.1 matplotlib==3.11.2 seaborn==0.13.2 plotly==7.1.0 pydantic==2.14.4 statsmodels==0.15.0

cat > categories.py <<'PY'
import logging

import numpy as np
from model_monitor.data_drift.statistical_tests import chi2_test
from model_monitor.model_drift.prediction_drift import detect_prediction_drift
from scipy.stats import chi2_contingency

logging.disable()  # each caught error is told as a warning
kinds = np.arange(5)
same, other = [0.2] * 5, [0.6, 0.1, 0.1, 0.1, 0.1]
for name, shares in (("no drift", same), ("a drift from 20% to 60%", other)):
    for rows in (1000, 999, 2000):
        found, values = [], []
        for seed in range(500):
            draw = np.random.default_rng(seed)
            baseline, current = draw.choice(kinds, 1000, p=same), draw.choice(kinds, rows, p=shares)
            table = [np.bincount(part, minlength=5) for part in (baseline, current)]
            _, value, alarm = chi2_test(baseline, current)
            labels = [np.array(list("abcde"))[part] for part in (baseline, current)]
            found.append((alarm, detect_prediction_drift(*labels)["drift_detected"], chi2_contingency(table).pvalue < 0.05))
            values.append(value)
        data, predictions, right = np.mean(found, axis=0)
        print(f"{name}, {rows} current rows: chi2_test {data:.1%}, mean p-value {np.mean(values):.2f}; "
              f"detect_prediction_drift {predictions:.1%}; table of both {right:.1%}")
        assert right < 0.08 if shares is same else right == 1
        if rows != 1000:
            assert data == predictions == 0 and np.mean(values) == 1, "unequal samples can drift now"
        elif shares is same:
            assert data > 0.12, "the baseline has noise now"
PY
env/bin/python categories.py
