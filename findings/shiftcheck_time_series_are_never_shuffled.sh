#!/usr/bin/env bash
# shiftcheck 0.4.2: told that the rows are a time series, its test of the dependence gives p = 1, whatever changed.
#
# To test whether two samples differ, rows change sides at random and the statistic is taken again. Where rows depend on the
# ones before them, whole blocks have to change sides. With `time_series=True` shiftcheck does neither: it rotates each
# sample in itself, so both keep their own rows. Its statistics (distance of the copulas, difference of rank correlations) do
# not ask for the order of the rows, so every "shuffled" value is the value seen. The p-value of the whole is 1, and no
# change is reported; that of a pair of columns only counts which way rounding fell, and is anything.
# Seen when a correlation that went from 0.9 to -0.9 was no news to it.
#
# Output seen (shiftcheck 0.4.2, NumPy 2.4.6, SciPy 1.17.1; 20 pairs of series of 400 rows, blocks of 8; p < 0.05 in):
#   0.5 -> 0.5: as a series 0% (p 1.0 to 1.0; of the pair 0.02 to 1.00), as rows 15%, blocks by hand 10%, by SciPy 5%
#   0.9 -> 0.5: as a series 0% (p 1.0 to 1.0; of the pair 0.09 to 0.98), as rows 100%, blocks by hand 100%, by SciPy 100%
#   0.9 -> -0.9: as a series 0% (p 1.0 to 1.0; of the pair 0.01 to 1.00), as rows 100%, blocks by hand 100%, by SciPy 100%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check shiftcheck==0.4.2 numpy==2.4.6 scipy==1.17.1

cat > series.py <<'PY'
import numpy as np
from scipy.stats import permutation_test, spearmanr
from shiftcheck import diagnose


def series(draw, correlation):  # each row keeps half of the one before
    rows = draw.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], size=400)
    for at in range(1, 400):
        rows[at] = 0.5 * rows[at - 1] + 0.75**0.5 * rows[at]
    return rows


def gap(first, second):
    ranks = [np.argsort(np.argsort(rows.reshape(-1, 2), axis=0), axis=0) for rows in (first, second)]
    return abs(np.subtract(*[np.corrcoef(part.T)[0, 1] for part in ranks]))


def by_hand(first, second, draw):  # blocks of 8 rows change sides
    blocks = np.concatenate([first, second]).reshape(-1, 8, 2)
    seen, orders = gap(first, second), [draw.permutation(len(blocks)) for _ in range(99)]
    return (1 + sum(gap(blocks[order[:50]], blocks[order[50:]]) >= seen for order in orders)) / 100


def by_scipy(first, second, draw):
    blocks = np.concatenate([first, second]).reshape(-1, 8, 2)

    def difference(one, other):
        return np.subtract(*[spearmanr(blocks[part].reshape(-1, 2)).statistic for part in (one, other)])
    return permutation_test((np.arange(50), np.arange(50, 100)), difference, vectorized=False, n_resamples=99, rng=draw).pvalue


for before, after in ((0.5, 0.5), (0.9, 0.5), (0.9, -0.9)):
    found, pairs = [], []
    for seed in range(20):
        draw = np.random.default_rng(seed)
        first, second = series(draw, before), series(draw, after)
        few = dict(n_boot=20, n_perm=99, n_boot_equivalence=20, max_n_decomp=50, seed=seed)
        told = diagnose(first, second, time_series=True, block_length=8, **few).dependence
        as_rows = diagnose(first, second, **few).dependence
        found.append((told["copula_p"], as_rows["copula_p"], by_hand(first, second, draw), by_scipy(first, second, draw)))
        pairs.append(told["pairs"][0]["p_adjusted"])
    series_p, *others = np.array(found).T
    print("{} -> {}: as a series {:.0%} (p {} to {}; of the pair {:.2f} to {:.2f}), as rows {:.0%}, blocks by hand {:.0%}, "
          "by SciPy {:.0%}".format(before, after, np.mean(series_p < 0.05), min(series_p), max(series_p), min(pairs), max(pairs),
                                   *[np.mean(values < 0.05) for values in others]))
    assert min(series_p) == 1, "rows change sides now"
    assert all(np.mean(values < 0.05) == 1 for values in others) if before > after else np.mean(others[1] < 0.05) < 0.25
PY
PYTHONWARNINGS=ignore env/bin/python series.py
