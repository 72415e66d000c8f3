#!/usr/bin/env bash
# partial_CCA 0.1.0: its canonical correlations are not centred; unrelated spike counts correlate by 0.94.
#
# Canonical correlation analysis looks for the weighted sums of two tables that correlate most; the partial one first takes
# out what a third table explains. A correlation is about the means: the columns are centred first, or the regression on the
# third table has an intercept. The package does neither. With spike counts, which it is made for, the first pair of weights
# is then simply the two mean rates: independent counts around 3 get a "canonical correlation" of 0.94, and 0.6 after the
# third table. The larger the mean, the nearer to 1; a true correlation of 0.71 is told as 0.82. The example on its page
# draws rows around 0, where nothing shows. Its own `score`, an ordinary correlation of the same sums, gives 0 for the first
# pair.
# Seen when `score` was set beside `canonical_correlations_`.
#
# Output seen (partial_CCA 0.1.0, NumPy 2.4.6, scikit-learn 1.9.1; Poisson counts of 6, 5 and 3 columns, 4000 rows):
#   independent, rate 1: two tables 0.84, 0.07; with the third 0.58, 0.07, its score 0.01, 0.07; by hand 0.08, 0.04; centred first 0.08, 0.04
#   independent, rate 3: two tables 0.94, 0.05; with the third 0.63, 0.05, its score 0.03, 0.06; by hand 0.06, 0.05; centred first 0.06, 0.05
#   independent, rate 10: two tables 0.98, 0.05; with the third 0.64, 0.05, its score 0.00, 0.05; by hand 0.06, 0.05; centred first 0.06, 0.05
#   one shared column, rate 1: two tables 0.91, 0.49; with the third 0.80, 0.40, its score 0.67, 0.26; by hand 0.71, 0.05; centred first 0.71, 0.05
#   one shared column, rate 3: two tables 0.97, 0.52; with the third 0.82, 0.42, its score 0.67, 0.30; by hand 0.71, 0.05; centred first 0.71, 0.05
#   one shared column, rate 10: two tables 0.99, 0.52; with the third 0.83, 0.42, its score 0.66, 0.30; by hand 0.71, 0.04; centred first 0.71, 0.04
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check partial_CCA==0.1.0 numpy==2.4.6 scipy==1.17.1 \
    scikit-learn==1.9.1 matplotlib==3.11.2

cat > means.py <<'PY'
import numpy as np
from partial_CCA import PartialCCA


def by_hand(one, other, third):  # with an intercept; the singular values between orthonormal columns are the correlations
    third = np.column_stack([np.ones(len(one)), third])
    ends = [np.linalg.qr(table - third @ np.linalg.lstsq(third, table, rcond=None)[0])[0] for table in (one, other)]
    return np.linalg.svd(ends[0].T @ ends[1], compute_uv=False)


for name, shared in (("independent", 0), ("one shared column", 1)):
    for rate in (1, 3, 10):
        draw = np.random.default_rng(rate)
        one, other, third = [draw.poisson(rate, (4000, columns)).astype(float) for columns in (6, 5, 3)]
        other[:, 0] += shared * one[:, 0]
        alone, partial = PartialCCA().fit(one, other, verbose=False), PartialCCA().fit(one, other, third)
        true = by_hand(one, other, third)
        scored = partial.score(one, other)
        centred = PartialCCA().fit(*[table - table.mean(axis=0) for table in (one, other, third)]).canonical_correlations_
        told = partial.canonical_correlations_
        two = alone.canonical_correlations_
        print(f"{name}, rate {rate}: two tables {two[0]:.2f}, {two[1]:.2f}; with the third {told[0]:.2f}, {told[1]:.2f}, "
              f"its score {scored[0]:.2f}, {scored[1]:.2f}; by hand {true[0]:.2f}, {true[1]:.2f}; "
              f"centred first {centred[0]:.2f}, {centred[1]:.2f}")
        assert np.allclose(centred, true, atol=0.01)
        told_too_much = told[0] > 0.75 > true[0] if shared else told[0] > 0.5 and true[0] < 0.15
        assert two[0] > 0.8 and told_too_much, "it is centred now"
PY
env/bin/python means.py
