"""Every measure against SciPy, scikit-learn or a loop; numbers that know their seeds; figures as fine as their errors."""

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import integrate, stats

from transferlib import measures
from transferlib.measures import PerSeed, curves, in_points, interval, value_at, with_error

ROOT = Path(__file__).resolve().parents[1]
RNG = np.random.default_rng(0)
QUICK = settings(max_examples=60, deadline=None)
VALUES = st.lists(st.floats(-100, 100), min_size=2, max_size=30).map(np.array)
CURVES = arrays(float, (3, 5), elements=st.floats(0.01, 1))
STEP = np.array([0, 10, 20, 25, 40])


def test_only_numpy_and_scipy_are_needed():
    code = "import sys; from transferlib import measures, claims; print(*{name.split('.')[0] for name in sys.modules})"
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    loaded = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout.split()
    assert {"numpy", "scipy"} <= set(loaded)
    assert not {"tensorflow", "keras", "pandas", "matplotlib", "sklearn", "IPython", "ipywidgets", "PIL"} & set(loaded)


# Runs


def run(seed, values, step=(0, 5, 10, 15, 20)):
    values = np.array(values, np.float32)
    return SimpleNamespace(seed=seed, step=np.array(step), target_accuracy=values, source_accuracy=1 - values, weights={})


@pytest.fixture
def runs():
    return [run(seed, [0.1, 0.2, 0.3, 0.4, 0.5 + seed / 100]) for seed in (4, 7, 2)]


def test_at_takes_the_evaluation_at_or_before_a_step(runs):
    whole = curves(runs)
    assert whole.shape == (3, 5) and whole.seeds == (4, 7, 2)
    for step, place in ((0, 0), (4, 0), (5, 1), (12, 2), (20, 4), (99, 4), (None, 4)):
        assert (value_at(runs, step=step) == whole[:, place]).all(), step
    assert value_at(runs).seeds == (4, 7, 2) and value_at(runs, "source_accuracy", 5).tolist() == pytest.approx([0.8] * 3)


@pytest.mark.parametrize(
    "wrong, message",
    [
        (lambda r: value_at(r, step=-1), "step must be 0 or more, or None for the end, not -1"),
        (lambda r: value_at(r, step=np.nan), "step must be 0 or more, or None for the end, not nan"),
        (lambda r: value_at([]), "the runs of one arm, .* got a list, empty"),
        (lambda r: value_at({"share weights": r}), "the runs of one arm, .* got a dict"),
        (lambda r: value_at(r[0]), "the runs of one arm, .* got a SimpleNamespace"),
        (lambda r: value_at(r, "accuracy"), "what must name a curve of the runs, .* 'accuracy' is none"),
        (lambda r: value_at(r, "weights"), "what must name a curve of the runs, .* 'weights' is none"),
        (lambda r: curves([*r, run(1, [0, 1], (0, 300))]), r"evaluated at the same steps; got \[ 0 .* and \[  0 300\]"),
        (lambda r: curves([*r, run(1, [0] * 5, (0, 6, 12, 18, 24))]), "evaluated at the same steps"),
        (lambda r: value_at(r) - value_at(r[::-1]), r"not paired: .* \[4, 7, 2\], of the other \[2, 7, 4\]"),
        (lambda r: measures.jumpstart(curves(r), curves(r[::-1])), "not paired"),
    ],
)
def test_what_is_no_set_of_runs_is_named(wrong, message, runs):
    with pytest.raises(ValueError, match=message):
        wrong(runs)


# Numbers that know their seeds


@pytest.fixture
def ahead():
    return PerSeed([0.5, 0.9, 0.7, 0.6], range(4)), PerSeed([0.4, 0.4, 0.8, 0.6], range(4))


def test_arithmetic_keeps_the_seeds_and_refuses_others(ahead):
    a, b = ahead
    for result in (a - b, 100 * (a - b), a - 0.5, 1 - a, -a, a**2, np.sqrt(a), a > b, np.maximum(a, b), a - np.ones(4)):
        assert isinstance(result, PerSeed) and result.seeds == (0, 1, 2, 3)
    np.testing.assert_allclose(100 * (a - b), [10, 50, -10, 0])
    c = PerSeed([0.1, 0.2, 0.3, 0.4], [0, 1, 2, 4])
    for combine in (np.subtract, np.greater, np.maximum):
        with pytest.raises(ValueError, match=r"not paired: .* \[0, 1, 2, 3\], of the other \[0, 1, 2, 4\]"):
            combine(a, c)
    assert (np.copy(a) - b).seeds == (b - np.copy(a)).seeds == (0, 1, 2, 3)  # plain has no seeds, what it meets has
    a -= 0.1
    assert a.seeds == (0, 1, 2, 3) and a[0] == pytest.approx(0.4)
    with pytest.raises(ValueError, match="not paired"):
        a += c


@pytest.mark.parametrize(
    "passed_on",
    [
        *(lambda a, p=p: pickle.loads(pickle.dumps(a, p)) for p in range(pickle.HIGHEST_PROTOCOL + 1)),
        copy.copy,
        copy.deepcopy,
        lambda a: copy.deepcopy({"arm": [a]})["arm"][0],
        lambda a: a.copy(),
        lambda a: a.astype(np.float32),
        lambda a: a.round(3),
        lambda a: a.clip(0, 1),
        lambda a: pickle.loads(pickle.dumps(a - 0.0)).astype(float).copy(),
    ],
)
def test_what_is_passed_on_knows_its_seeds(ahead, passed_on):
    a = passed_on(ahead[0])
    assert isinstance(a, PerSeed) and a.seeds == (0, 1, 2, 3) and a.tolist() == pytest.approx([0.5, 0.9, 0.7, 0.6])
    with pytest.raises(ValueError, match="not paired"):
        a - PerSeed([0.1, 0.2, 0.3, 0.4], [5, 6, 7, 8])
    a[0] = 9
    assert ahead[0][0] == 0.5, "a copy"


ONE_A_SEED = "copy", "astype", "round", "clip", "conj", "conjugate"


def test_a_methods_result_knows_the_seeds_only_where_it_is_one_number_a_seed(ahead):
    a = ahead[0]
    given = dict(
        choose=[[0, 1, 2, 3] * 4], compress=[[1, 0, 1, 1]], dot=[a], repeat=[2], reshape=[2, 2], searchsorted=[0.5],
        swapaxes=[0, 0], take=[[2, 0]], put=[0, 0.5], fill=[0.5], resize=[4], argpartition=[1], astype=[float],
        diagonal=[], trace=[], item=[0], itemset=[0, 0.5], setfield=[0.5, float], getfield=[float], view=[np.ndarray],
        setflags=[], tofile=[os.devnull], dump=[os.devnull], to_device=["cpu"],
    )  # fmt: skip
    for name in {name for name in dir(np.ndarray) if not name.startswith("_")} - {"sort", "partition", "base"}:
        values = a.copy()
        if name in ("choose",):
            values = PerSeed([0, 1, 2, 3], range(4))
        elif name in ("diagonal", "trace", "mT"):
            values = PerSeed(np.ones((4, 4)), range(4))
        elif name == "item":
            given[name] = [0]
        made = getattr(values, name)
        made = made(*given.get(name, [])) if callable(made) and name not in ("ctypes", "flat", "data") else made
        seeds = getattr(made, "seeds", None)
        assert seeds == ((0, 1, 2, 3) if made is values or name in ONE_A_SEED else None), name
    for name in ("sort", "partition"):
        with pytest.raises(TypeError, match="no longer one number a seed"):
            getattr(a, name)(1)


def test_what_is_taken_out_knows_of_no_seeds(ahead):
    a, b = ahead
    parts = (
        a[1:],
        a[a > 0.5],
        a[[0, 2]],
        a[::-1],
        a[None],
        np.sort(a),
        np.stack([a, b]),
        np.concatenate([a, b]),
        np.cumsum(a),
        np.add.accumulate(a),
    )
    for part in (*parts, np.array([a, b]), np.where(a > b, a, b), np.max([a, b], axis=0), a[:, None] - np.ones(3)):
        assert getattr(part, "seeds", None) is None and "PerSeed" not in repr(part), part
        assert (part + 0).shape == part.shape and measures.same_seeds(part, b) == b.seeds, "it meets any seeds"
    for number in (
        a.mean(),
        a.max(),
        a.sum(),
        a.std(ddof=1),
        a[0],
        np.mean(a),
        np.median(a),
        (a > b).mean(),
        np.percentile(a, 5),
    ):
        assert type(number) is np.float64, number
    assert PerSeed([1.0], None) == [1.0]


def test_it_is_an_array_wherever_the_course_uses_one(ahead):
    a, b = ahead
    plain = np.array([0.5, 0.9, 0.7, 0.6])
    assert repr(a) == repr(plain) and str(a) == str(plain) and f"{a.mean():.3f}" == "0.675"
    assert sorted(a) == sorted(plain) and a.tolist() == plain.tolist() and len(a) == 4 and max(a) == 0.9
    assert a.argmax() == 1 and np.argsort(a).tolist() == [0, 3, 2, 1] and (a > 0.6).sum() == 2
    np.testing.assert_array_equal(np.stack([a, b]).max(0), [0.5, 0.9, 0.8, 0.6])
    assert stats.ttest_rel(a, b).pvalue == stats.ttest_rel(plain, np.asarray(b)).pvalue
    table = pd.DataFrame({"a": a, "b": b})
    assert table["a"].tolist() == plain.tolist() and pd.Series(a).mean() == plain.mean()
    assert plt.Figure().subplots().plot(a, b)[0].get_xdata().tolist() == plain.tolist()
    copied = a.copy()
    copied[0] = 9
    assert copied.seeds == (0, 1, 2, 3) and a[0] == 0.5
    low, high = np.split(a, 2)
    assert (low + 0).tolist() == [0.5, 0.9] and (high * 2).tolist() == [1.4, 1.2]


# Intervals, and how they are written


def test_interval_is_students():
    values = RNG.normal(size=(12, 3))
    for level in (0.5, 0.95):
        mean, low, high = interval(values, level)
        for i in range(3):
            expected = stats.ttest_1samp(values[:, i], 0).confidence_interval(level)
            assert (mean[i], low[i], high[i]) == pytest.approx((values[:, i].mean(), expected.low, expected.high))
    assert interval([0.5]) == (0.5, 0.5, 0.5)
    assert np.isnan(interval([0.5, np.nan])).all()


@QUICK
@given(VALUES, st.floats(0.05, 0.9), st.floats(-50, 50), st.floats(0.1, 10))
def test_interval_holds_the_mean_grows_with_the_level_and_moves_with_the_values(values, level, shift, scale):
    mean, low, high = interval(values, level)
    assert low <= mean <= high and mean == values.mean()
    _, lower, higher = interval(values, level + 0.09)
    assert lower <= low and high <= higher
    np.testing.assert_allclose(
        interval(scale * values + shift, level), scale * np.array([mean, low, high]) + shift, atol=1e-8
    )
    np.testing.assert_allclose(interval(-values, level), [-mean, -high, -low], atol=1e-9)


@pytest.mark.parametrize(
    "wrong, message",
    [
        (lambda: interval([]), r"one at least; its shape is \(0,\)"),
        (lambda: interval(0.5), r"one at least; its shape is \(\)"),
        (lambda: interval([1, 2], level=95), "level must lie between 0 and 1, such as 0.95, not 95"),
        (lambda: interval([1, 2], level=np.nan), "level must lie between 0 and 1, such as 0.95, not nan"),
        (lambda: interval([1, 2], level=0), "level must lie between 0 and 1"),
        (lambda: in_points([]), "one number a seed is wanted"),
        (lambda: in_points([0.1, np.nan]), "no NaN and no infinity; got .*nan"),
        (lambda: with_error([[1, 2], [3, 4]]), "one number a seed is wanted"),
        (lambda: with_error([]), "one number a seed is wanted"),
        (lambda: with_error([1, np.inf]), "no infinity; got .*inf"),
        (lambda: in_points([-np.inf, 1]), "no infinity; got .*inf"),
        (lambda: with_error([1, np.nan]), "no NaN and no infinity; got .*nan"),
    ],
)
def test_what_has_no_interval_is_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()


def test_in_points_is_the_interval_in_words():
    d = RNG.normal(0.02, 0.01, 12)
    half = stats.t.ppf(0.975, 11) * d.std(ddof=1) / 12**0.5
    low, high = 100 * (d.mean() - half), 100 * (d.mean() + half)
    assert in_points(d) == f"{100 * d.mean():+.2f} [{low:+.2f}, {high:+.2f}] points"  # the error is 0.28: a third is 0.09
    assert in_points(d * 10).split()[0] == f"{1000 * d.mean():+.1f}" and in_points(d / 1e4).split()[0].endswith("0.000")
    more = np.linspace(0.80, 0.89, 10)
    assert in_points(more - (more - 0.02)) == in_points([0.02] * 10), "rounding is no error"
    assert in_points([0.01, 0.011]) == "+1.05 [+0.41, +1.69] points"
    assert in_points([0.02]) == in_points([0.02] * 10) == "+2.0 [+2.0, +2.0] points"


def test_with_error_in_words():
    values = [0.92, 0.93, 0.925, 0.921]
    assert with_error(values) == "0.9240 ± 0.0023"
    assert with_error(values, 100) == "92.40 ± 0.23" and with_error(values, 100, sign=True) == "+92.40 ± 0.23"
    assert with_error([0.9234]) == "0.92" and with_error([0.9] * 5) == "0.900 ± 0.000"
    assert with_error([100, 200, 300]) == "200 ± 58"


@QUICK
@given(VALUES)
def test_the_digits_written_are_those_that_the_error_supports(values):
    error = values.std(ddof=1) / len(values) ** 0.5
    mean, written = with_error(values).split(" ± ")
    digits = len(mean.partition(".")[2])
    assert digits == len(written.partition(".")[2])
    assert float(mean) == pytest.approx(values.mean(), abs=0.5000001 * 10.0**-digits)
    assert float(written) == pytest.approx(error, abs=0.5000001 * 10.0**-digits)
    if error > 1e-5 * abs(values.mean()) and error > 3e-4:  # below that, four decimals are the most
        assert 10.0**-digits <= error / 3 * 1.0000001
        assert digits == 0 or 10.0 ** -(digits - 1) > error / 3  # and not one more than needed
    effect = in_points(values / 100).split()[0]
    digits = len(effect.split(".")[1])
    assert 1 <= digits <= 3 and float(effect) == pytest.approx(values.mean(), abs=0.500001 * 10.0**-digits)
    if error > 3e-3 and error > 1e-5 * abs(values.mean()):
        assert 10.0**-digits <= error / 3 * 1.00001


# Measures of transfer


def test_measures_of_transfer_against_numpy_and_scipy():
    a, b = RNG.random((7, 5)), RNG.random((7, 5))
    assert np.allclose(measures.jumpstart(a, b), [x[0] - y[0] for x, y in zip(a, b)])
    assert np.allclose(measures.asymptote(a, b), [x[-1] - y[-1] for x, y in zip(a, b)])
    areas = [[integrate.trapezoid(line, STEP) for line in curve] for curve in (a, b)]
    assert np.allclose(measures.area_ratio(STEP, a, b), np.subtract(*areas) / areas[1])
    for level in (0.3, 0.8, 2.0):
        slow = [next((s for s, v in zip(STEP, line) if v >= level), np.nan) for line in a]
        np.testing.assert_array_equal(measures.time_to_threshold(STEP, a, level), slow)
    assert measures.time_to_threshold([0, 10, 20], [0.25, 0.5, 0.75], 0.5) == 10, "reached is reached"
    assert np.isnan(measures.time_to_threshold(STEP, a[0], 2.0)) and measures.time_to_threshold(STEP, a[0], 0.0) == 0


@QUICK
@given(CURVES, CURVES, st.floats(0.1, 0.9), st.floats(0, 0.5), st.floats(0.1, 5))
def test_measures_of_transfer_move_as_the_curves_do(a, b, level, shift, stretch):
    for ends in (measures.jumpstart, measures.asymptote):
        np.testing.assert_allclose(ends(a, b), -ends(b, a))
        np.testing.assert_allclose(ends(a + shift, b), ends(a, b) + shift, atol=1e-12)
    assert (measures.area_ratio(STEP, a, a) == 0).all()
    np.testing.assert_allclose(measures.area_ratio(stretch * STEP, a, b), measures.area_ratio(STEP, a, b), atol=1e-9)
    np.testing.assert_allclose(measures.area_ratio(STEP, (1 + shift) * b, b), shift, atol=1e-9)
    early, late = (measures.time_to_threshold(STEP, a, at_least) for at_least in (level, level + 0.05))
    assert not (early > late).any() and (np.isnan(late) >= np.isnan(early)).all()
    assert not (measures.time_to_threshold(STEP, a + shift, level) > early).any()


def test_measures_of_transfer_know_their_seeds():
    a, b, c = (PerSeed(RNG.random((3, 5)) + 0.1, seeds) for seeds in ((0, 1, 2), (0, 1, 2), (3, 4, 5)))
    made = (measures.jumpstart(a, b), measures.asymptote(a, b), measures.area_ratio(STEP, a, b))
    assert all(values.seeds == (0, 1, 2) for values in (*made, measures.time_to_threshold(STEP, a, 0.5)))
    for compared in (lambda: measures.asymptote(a, c), lambda: measures.area_ratio(STEP, a, c)):
        with pytest.raises(ValueError, match="not paired"):
            compared()


@pytest.mark.parametrize(
    "wrong, message",
    [
        (lambda: measures.time_to_threshold([0, 1], [0.1, 0.2, 0.3], 0.2), r"as many evaluations each.*\(2,\).*\(3,\)"),
        (lambda: measures.time_to_threshold([], [], 0.2), "one at least"),
        (lambda: measures.time_to_threshold(0, 0.5, 0.2), "one at least"),
        (lambda: measures.time_to_threshold([0, 1], [0.1, 0.2], np.nan), "level holds NaN"),
        (lambda: measures.time_to_threshold([0, 1], [0.1, np.nan], 0.2), "curve holds NaN"),
        (lambda: measures.area_ratio([0, 1, 2], [0.1, 0.2], [0.1, 0.2]), "step, curve, control must hold as many"),
        (lambda: measures.jumpstart([0.1, 0.2], [0.1, 0.2, 0.3]), "curve, control must hold as many"),
        (lambda: measures.asymptote([], []), "one at least"),
    ],
)
def test_curves_that_do_not_belong_together_are_named(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()


# Probabilities and answers


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


@QUICK
@given(arrays(float, (12, 3), elements=st.floats(0.01, 1)), arrays(int, 12, elements=st.integers(0, 2)), st.integers(1, 20))
def test_reliability_counts_every_row_once(weights, y, bins):
    p = weights / weights.sum(1, keepdims=True)
    confidence, accuracy, share = measures.reliability(p, y, bins)
    assert share.sum() == pytest.approx(1) and (np.isnan(confidence) == (share == 0)).all()
    filled = share > 0
    edges = np.arange(bins + 1) / bins
    assert (confidence[filled] > edges[:-1][filled] - 1e-9).all() and (confidence[filled] <= edges[1:][filled] + 1e-9).all()
    assert (share * accuracy)[filled].sum() == pytest.approx((p.argmax(1) == y).mean())
    assert 0 <= measures.calibration_error(p, y, bins) <= 1


def test_certain_answers_fall_into_the_last_bin():
    p, y = np.eye(3)[[0, 1, 2, 0]], np.array([0, 1, 2, 1])
    assert measures.reliability(p, y)[2].tolist() == [0] * 9 + [1]
    assert measures.calibration_error(p, y) == pytest.approx(0.25)
    assert measures.reliability([[0.5, 0.5]], [0])[2].tolist() == [0] * 4 + [1] + [0] * 5, "a bin holds its upper edge"


@pytest.mark.parametrize("measure", [measures.reliability, measures.calibration_error])
@pytest.mark.parametrize(
    "given_, message",
    [
        ((np.ones(3), [0, 0, 0]), r"not the shapes \(3,\) and \(3,\)"),
        ((np.ones((3, 2)), [0, 0]), r"not the shapes \(3, 2\) and \(2,\)"),
        ((np.ones((0, 2)), []), r"not the shapes \(0, 2\)"),
        ((np.ones((2, 2)) * 3, [0, 0]), "probability must lie between 0 and 1"),
        ((np.full((2, 2), np.nan), [0, 0]), "probability must lie between 0 and 1"),
        ((np.full((2, 2), -0.5), [0, 0]), "probability must lie between 0 and 1"),
        ((np.ones((2, 2)), [0, 2]), "y must hold whole numbers 0 … 1"),
        ((np.ones((2, 2)), [0, 1], 0), "bins must be a whole number, 1 or more, not 0"),
        ((np.ones((2, 2)), [0, 1], 2.5), "bins must be a whole number, 1 or more, not 2.5"),
    ],
)
def test_what_is_no_answer_is_named(measure, given_, message):
    with pytest.raises(ValueError, match=message):
        measure(*given_)


def test_a_share_of_counts_has_the_binomials_error():
    assert measures.of_count(0.9, 900) == "90.0 ± 1.0"
    assert measures.of_count(1.0, 50) == "100.0 ± 0.0"


def test_one_run_alone_has_a_step(runs):
    assert value_at(runs[:1], step=7).tolist() == [runs[0].target_accuracy[1]]


def test_an_interval_over_splits_of_the_same_rows_by_hand():
    """Nadeau & Bengio's variance, s²·(1/n + test/train); 95 % unless another level is asked for; one split has no bounds."""
    values = np.array([0.1, 0.3, 0.2, 0.6])
    half = stats.t.ppf(0.975, 3) * np.sqrt(values.var(ddof=1) * (1 / 4 + 30 / 90))
    np.testing.assert_allclose(measures.resampled_interval(values, 30, 90), (0.3, 0.3 - half, 0.3 + half))
    half = stats.t.ppf(0.9, 3) * np.sqrt(values.var(ddof=1) * (1 / 4 + 30 / 90))
    np.testing.assert_allclose(measures.resampled_interval(values, 30, 90, level=0.8), (0.3, 0.3 - half, 0.3 + half))
    assert measures.resampled_interval([0.5], 30, 90) == (0.5, -np.inf, np.inf)
