"""Numbers about runs: against SciPy, scikit-learn and plain loops; what holds for any numbers; and what makes no sense."""

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import integrate, stats
from sklearn.metrics import confusion_matrix

from transferlib import measures
from transferlib.measures import PerSeed, at, curves, interval, with_error

RNG = np.random.default_rng(0)
few = settings(max_examples=60, deadline=None)
numbers = some.lists(some.floats(-1, 1, allow_subnormal=False).map(lambda v: round(v, 6)), min_size=2, max_size=30)


def run(seed, curve=(0.1, 0.5), step=(0, 10), **more):
    return SimpleNamespace(seed=seed, step=np.array(step), target_accuracy=np.array(curve), **more)


@pytest.mark.parametrize("module", ["measures", "claims"])
def test_numpy_and_scipy_are_enough(module):
    heavy = ["tensorflow", "keras", "pandas", "matplotlib", "sklearn"]
    code = f"import sys, transferlib.{module}; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_numbers_of_other_seeds_are_not_paired():
    a, b, c = PerSeed([1, 2, 3], (0, 1, 2)), PerSeed([1, 1, 1], (0, 1, 2)), PerSeed([1, 1, 1], (5, 6, 7))
    assert (a - b).tolist() == [0, 1, 2] and (a - b).seeds == (0, 1, 2)
    assert (100 * (a - b)).seeds == (0, 1, 2) and (a - 1).seeds == (0, 1, 2)
    for together in (lambda: a - c, lambda: np.subtract(a, c), lambda: (100 * a) > c):
        with pytest.raises(ValueError, match=r"not paired: the one was measured on the seeds \[.*\], the other on \["):
            together()
    with pytest.raises(ValueError, match="2 seeds came with values of shape"):
        PerSeed([1, 2, 3], (0, 1))


def test_what_is_not_a_number_a_seed_is_a_plain_array():
    a = PerSeed([0.25, 0.5, 0.75], (0, 1, 2))
    assert f"{a.mean():.3f} {np.mean(a):.2f} {a.max()} {a.std(ddof=1)} {a.argmax()}" == "0.500 0.50 0.75 0.25 2"
    for part in (a[:2], a[[0, 2]], a[a > 0.3], np.stack([a, a]), np.concatenate([a, a]), a > 0.3, np.sort(a), np.asarray(a)):
        assert type(part) is np.ndarray
    assert repr(a) == repr(np.asarray(a)) and sorted(a) == [0.25, 0.5, 0.75] and type(a[0]) is np.float64
    a += 1
    assert a.tolist() == [1.25, 1.5, 1.75] and np.allclose(a, np.asarray(a)) and np.isnan(a).sum() == 0


def test_at_knows_the_seeds():
    values = at([run(4), run(9, (0.2, 0.7))])
    assert values.tolist() == [0.5, 0.7] and values.seeds == (4, 9) and at([run(4)], step=9).tolist() == [0.1]


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: at([]), "a list of runs is expected, and this one is empty"),
        (lambda: at({"a": [run(0)]}), "not a dict of a: take one of its lists"),
        (lambda: at(run(0)), "a list of runs is expected, not"),
        (lambda: at([run(0)], step=-1), "step must be a number of steps, 0 or more, or None for the end; not -1"),
        (lambda: at([run(0)], "accuracy"), "has no curve 'accuracy'"),
        (lambda: curves([run(0), run(1, step=(0, 20))]), "evaluated after other numbers of steps"),
        (lambda: curves([run(0), run(1, (0, 0, 0), step=(0, 10, 20))]), "evaluated after other numbers of steps"),
        (lambda: interval([]), "values must hold one number a seed, and one seed at least"),
        (lambda: interval(3), "values must hold"),
        (lambda: interval([1, 2], level=95), "level must lie between 0 and 1, such as 0.95, not 95"),
        (lambda: interval([1, 2], level=float("nan")), "level must lie"),
        (lambda: with_error([]), "values must hold"),
        (lambda: with_error(np.zeros((2, 2))), "values must hold"),
        (lambda: measures.area_ratio([0, 1], [1, 2, 3], [1, 2, 3]), "a curve needs one value a step"),
        (lambda: measures.time_to_threshold([0, 1], [1], 0.5), "a curve needs one value a step"),
        (lambda: measures.confusion([0, -1], [0, 1], 2), "predicted must hold class numbers 0 … 1; it goes from -1 to 0"),
        (lambda: measures.confusion([0, 1], [0, 2], 2), "y must hold class numbers 0 … 1"),
        (lambda: measures.reliability(np.eye(2), [0]), r"probability must be \(n, classes\) and y \(n,\)"),
        (lambda: measures.reliability(np.zeros((0, 2)), []), "n > 0"),
        (lambda: measures.calibration_error(np.eye(2), [0, 1], bins=0), "bins must be a whole number, 1 or more, not 0"),
    ],
)
def test_what_makes_no_sense_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@few
@given(numbers, some.floats(0.5, 0.99), some.floats(0.1, 10), some.floats(-5, 5))
def test_an_interval_holds_its_mean_grows_with_its_level_and_moves_with_its_values(values, level, scale, shift):
    mean, low, high = interval(values, level)
    assert low - 1e-12 <= mean <= high + 1e-12 and mean == pytest.approx(np.mean(values))
    wider = interval(values, level + (1 - level) / 2)
    assert wider[1] <= low + 1e-12 and wider[2] >= high - 1e-12
    moved = interval(np.array(values) * scale + shift, level)
    assert moved == pytest.approx(tuple(np.array([mean, low, high]) * scale + shift), abs=1e-9)


@few
@given(numbers, some.sampled_from([1.0, 100.0]))
def test_a_mean_is_told_as_exactly_as_its_error_allows(values, scale):
    mean, error = (float(text) for text in with_error(values, scale).split(" ± "))
    true = np.std(values, ddof=1) / len(values) ** 0.5 * scale
    unit = 10.0 ** -len(with_error(values, scale).split(" ± ")[1].partition(".")[2])
    assert abs(mean - np.mean(values) * scale) <= unit / 2 + 1e-9 and abs(error - true) <= unit / 2 + 1e-9
    assert unit <= true / 3 * 1.0001 or unit == 1e-4 or true < 1e-9
    assert unit > true / 31 or unit == 1


@few
@given(numbers)
def test_points_are_told_with_one_to_three_decimals_that_the_error_supports(values):
    mean = measures.in_points(values).split(" ")[0]
    places, error = len(mean.partition(".")[2]), 100 * np.std(values, ddof=1) / len(values) ** 0.5
    assert 1 <= places <= 3 and (10.0**-places <= error / 3 * 1.0001 or places == 3 or error < 1e-9)


def test_with_error_in_words():
    assert with_error([0.5]) == "0.50" and with_error([0.2, 0.2]) == "0.200 ± 0.000"
    assert with_error([0.1, 0.3], 100, sign=True) == "+20 ± 10" and with_error([0.91, 0.92]) == "0.915 ± 0.005"


@few
@given(some.integers(2, 12), some.integers(0, 10**6))
def test_transfer_between_equal_curves_is_nothing_and_changes_sign_with_the_sides(n, seed):
    rng = np.random.default_rng(seed)
    step, a, b = np.cumsum(rng.integers(1, 9, n)), rng.random(n) + 0.1, rng.random(n) + 0.1
    assert measures.jumpstart(a, a) == measures.asymptote(a, a) == measures.area_ratio(step, a, a) == 0
    assert measures.jumpstart(a, b) == -measures.jumpstart(b, a)
    assert np.sign(measures.area_ratio(step, a, b)) == -np.sign(measures.area_ratio(step, b, a))
    reached = measures.time_to_threshold(step, a, a.max())
    assert reached == step[a.argmax()] and np.isnan(measures.time_to_threshold(step, a, a.max() + 0.01))


@few
@given(some.integers(1, 60), some.integers(1, 15), some.integers(0, 10**6))
def test_shares_of_the_bins_are_all_there_is(n, bins, seed):
    rng = np.random.default_rng(seed)
    p, y = rng.dirichlet(np.ones(4), n), rng.integers(0, 4, n)
    confidence, accuracy, share = measures.reliability(p, y, bins)
    assert share.sum() == pytest.approx(1) and np.nansum(share * accuracy) == pytest.approx((p.argmax(1) == y).mean())
    assert 0 <= measures.calibration_error(p, y, bins) <= 1 and (np.isnan(confidence) == (share == 0)).all()


def test_forgetting_is_before_minus_after():
    runs = [run(s, source_accuracy=np.array([0.9, 0.9 - s / 10])) for s in (1, 2)]
    assert measures.forgetting(runs).tolist() == pytest.approx([0.1, 0.2]) and measures.forgetting(runs).seeds == (1, 2)


def test_interval_is_students():
    values = np.random.default_rng(1).normal(size=(12, 3))
    mean, low, high = interval(values)
    for i in range(3):
        expected = stats.ttest_1samp(values[:, i], 0).confidence_interval(0.95)
        assert (mean[i], low[i], high[i]) == pytest.approx((values[:, i].mean(), expected.low, expected.high))
    assert interval([0.5]) == (0.5, 0.5, 0.5)


def test_measures_of_transfer_against_numpy_and_scipy():
    step = np.array([0, 10, 20, 25])
    a, b = RNG.random((7, 4)), RNG.random((7, 4))
    assert np.allclose(measures.jumpstart(a, b), [x[0] - y[0] for x, y in zip(a, b)])
    assert np.allclose(measures.asymptote(a, b), [x[-1] - y[-1] for x, y in zip(a, b)])
    areas = [[integrate.trapezoid(line, step) for line in curve] for curve in (a, b)]
    assert np.allclose(measures.area_ratio(step, a, b), np.subtract(*areas) / areas[1])
    assert measures.area_ratio(step, a[0], a[0]) == 0
    for level in (0.3, 0.8, 2.0):
        slow = [next((s for s, v in zip(step, line) if v >= level), np.nan) for line in a]
        np.testing.assert_array_equal(measures.time_to_threshold(step, a, level), slow)
    assert np.isnan(measures.time_to_threshold(step, a[0], 2.0)) and measures.time_to_threshold(step, a[0], 0.0) == 0


def softmaxes(n, classes=4):
    z = np.exp(RNG.normal(size=(n, classes)) * 2)
    return z / z.sum(1, keepdims=True)


@pytest.mark.parametrize("n, bins", [(300, 10), (7, 10), (50, 4), (1, 15)])
def test_calibration_against_a_loop(n, bins):
    p, y = softmaxes(n), RNG.integers(0, 4, n)
    confidence, accuracy, share = measures.reliability(p, y, bins)
    total = 0.0
    for b in range(bins):
        rows = [i for i in range(n) if b / bins < p[i].max() <= (b + 1) / bins]
        assert share[b] == pytest.approx(len(rows) / n)
        if rows:
            sure, right = np.mean([p[i].max() for i in rows]), np.mean([p[i].argmax() == y[i] for i in rows])
            assert confidence[b] == pytest.approx(sure) and accuracy[b] == pytest.approx(right)
            total += len(rows) / n * abs(sure - right)
        else:
            assert np.isnan(confidence[b]) and np.isnan(accuracy[b])
    assert measures.calibration_error(p, y, bins) == pytest.approx(total)


def test_certain_answers_fall_into_the_last_bin():
    p, y = np.eye(3)[[0, 1, 2, 0]], np.array([0, 1, 2, 1])
    assert measures.reliability(p, y)[2].tolist() == [0] * 9 + [1]
    assert measures.calibration_error(p, y) == pytest.approx(0.25)


def test_confusion_as_sklearn_counts():
    y, said = RNG.integers(0, 5, (2, 200))
    np.testing.assert_array_equal(measures.confusion(said, y, 5), confusion_matrix(y, said, labels=range(5)))


def test_in_points_is_the_interval_in_words():
    d = RNG.normal(0.02, 0.01, 12)
    half = stats.t.ppf(0.975, 11) * d.std(ddof=1) / 12**0.5
    low, high = 100 * (d.mean() - half), 100 * (d.mean() + half)
    assert measures.in_points(d) == f"{100 * d.mean():+.2f} [{low:+.2f}, {high:+.2f}] points", "an error of 0.3 points"
