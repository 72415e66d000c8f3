#!/usr/bin/env bash
# iyipada 0.1.0: among 51 features or more its monitor never names one that changed alone, however far it moved.
#
# `Monitor` tests each feature and corrects for their number by Benjamini and Hochberg, at 5 %. With m features a single one that
# changed needs a p-value below 0.05 / m. For the recommended Wasserstein distance the p-value comes from 1000 shuffles, fixed inside,
# and is at least 1 / 1001. From 51 features on that is too much: a feature that moved by a hundred standard deviations is not named,
# and nothing says that it could not be. If two moved, both are named up to 100 features. With PSI, whose p-value has a
# formula for 300 rows or more, the feature is named. The argument `draws`, raised by hand, changes the threshold's simulation only.
# Seen when a table with one broken sensor grew by a column.
#
# Output seen (iyipada 0.1.0, NumPy 2.4.6; batches of 400 rows, features moved by 100 standard deviations):
#   50 features, 1 moved: Wasserstein names ['feature 0'], p-value 0.000999; PSI names ['feature 0']
#   51 features, 1 moved: Wasserstein names [], p-value 0.000999; PSI names ['feature 0', 'feature 24']
#   51 features, 2 moved: Wasserstein names ['feature 0', 'feature 1'], p-value 0.000999; PSI names ['feature 0', 'feature 1', 'feature 24']
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check iyipada==0.1.0 numpy==2.4.6 scipy==1.17.1

cat > table.py <<'PY'
import numpy as np
from iyipada import Monitor

for features, moved in ((50, 1), (51, 1), (51, 2)):
    draw = np.random.default_rng(0)
    reference = {f"feature {i}": draw.normal(size=400) for i in range(features)}
    batch = {name: draw.normal(size=400) + 100 * (i < moved) for i, name in enumerate(reference)}
    result = Monitor(reference, statistic="wasserstein", draws=200).check(batch)
    plain = Monitor(reference, statistic="psi").check(batch)
    value = result.per_feature["feature 0"].pvalue
    print(f"{features} features, {moved} moved: Wasserstein names {result.drifted}, p-value {value:.6f}; "
          f"PSI names {plain.drifted}")
    assert "feature 0" in plain.drifted
    assert ("feature 0" in result.drifted) == (features == 50 or moved == 2), "a single feature is named now"
PY
env/bin/python table.py
