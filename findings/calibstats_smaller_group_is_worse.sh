#!/usr/bin/env bash
# calibstats 0.1.0: its test of two groups' calibration calls the smaller group worse, though both are calibrated perfectly.
#
# An expected calibration error is never negative: chance alone moves each bin's share away from its mean probability, and the
# fewer the rows the farther. So a small group has the larger error even if its probabilities are exactly right.
# `ece_difference_test` is to tell whether a difference is real, and said to be checked where there is none. It draws each group again with replacement and
# asks how often the difference changes its sign, with no allowance for the sizes; drawing again adds the same chance once
# more, so a small group gets worse still. A subgroup beside the rest is nearly always smaller, and is then found
# guilty almost surely. With equal sizes the test hardly ever finds anything. Shuffling all rows between the two groups, which
# keeps the sizes and their chance, keeps the level of 5 %.
# Seen when both groups were drawn from one distribution in which the told probability is the true one.
#
# Output seen (calibstats 0.1.0, NumPy 2.4.6, SciPy 1.17.1; 100 pairs of calibrated groups, p < 0.05 in):
#   1000 and 1000 rows: calibstats 0%, shuffled rows 1%, shuffled by SciPy 2%; errors 0.033 and 0.035
#   2000 and 500 rows: calibstats 64%, shuffled rows 3%, shuffled by SciPy 3%; errors 0.024 and 0.048
#   5000 and 500 rows: calibstats 100%, shuffled rows 1%, shuffled by SciPy 4%; errors 0.016 and 0.045
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check calibstats==0.1.0 numpy==2.4.6 scipy==1.17.1

cat > groups.py <<'PY'
import numpy as np
from calibstats import ece, ece_difference_test
from scipy.stats import permutation_test


def error(told, labels):  # by hand: in 15 bins of one width
    return np.abs(np.bincount(np.minimum(told * 15, 14).astype(int), told - labels)).sum() / len(told)


def shuffled(told, labels, size, draw, times=99):  # p by hand: the rows change groups, the sizes stay
    def gap(order):
        first, second = order[:size], order[size:]
        return error(told[first], labels[first]) - error(told[second], labels[second])
    seen = abs(gap(np.arange(len(told))))
    return (1 + sum(abs(gap(draw.permutation(len(told)))) >= seen for _ in range(times))) / (times + 1)


def by_scipy(told, labels, size, draw):
    def gap(first, second):
        return error(told[first], labels[first]) - error(told[second], labels[second])
    rows = np.arange(len(told))
    return permutation_test((rows[:size], rows[size:]), gap, n_resamples=99, vectorized=False, rng=draw).pvalue


for large, small in ((1000, 1000), (2000, 500), (5000, 500)):
    found, errors = [], []
    for seed in range(100):
        draw = np.random.default_rng(seed)
        told = draw.beta(5, 2, large + small)
        labels = draw.random(large + small) < told  # calibrated: the told probability is the true one
        groups = (told[:large], labels[:large].astype(int)), (told[large:], labels[large:].astype(int))
        errors.append([ece(*group) for group in groups])
        assert np.allclose(errors[-1], [error(*group) for group in groups])
        theirs = ece_difference_test(*groups[0], *groups[1], n_boot=300, seed=seed).p_value
        found.append((theirs, shuffled(told, labels, large, draw), by_scipy(told, labels, large, draw)))
    rates, means = np.mean(np.array(found) < 0.05, axis=0), np.mean(errors, axis=0)
    print("{} and {} rows: calibstats {:.0%}, shuffled rows {:.0%}, shuffled by SciPy {:.0%}; errors {:.3f} and {:.3f}".format(
        large, small, *rates, *means))
    assert max(rates[1:]) < 0.12, "shuffling keeps the level"
    assert rates[0] < 0.02 if large == small else rates[0] > 0.5, "it allows for the sizes now"
PY
env/bin/python groups.py
