"""The verdict: its interval and words, what it says of the source, and how often it is wrong where nothing is."""

import numpy as np
import pytest
from scipy import stats

from transferlib.measures import in_brackets, interval, resampled_interval
from transferlib.own_data.verdict import CONTROLS, SCRATCH, SENTENCES_TWIN, TWIN, Verdict, needed, size_of, word_of
from transferlib.tasks import rng_for

ZIGZAG = np.array([-1.0, 1.0] * 5)


def test_the_corrected_interval_is_nadeau_and_bengios():
    values = rng_for(0, "test").normal(0.02, 0.05, 12)
    mean, low, high = resampled_interval(values, 25, 75)
    half = stats.t.ppf(0.975, 11) * np.sqrt(values.var(ddof=1) * (1 / 12 + 25 / 75))
    np.testing.assert_allclose([mean, low, high], [values.mean(), values.mean() - half, values.mean() + half])
    assert high - low > np.diff(interval(values)[1:])[0]
    assert resampled_interval([0.3], 1, 3) == (0.3, -np.inf, np.inf)


@pytest.mark.parametrize("values, test, train, level", [([], 1, 2, 0.95), ([1, 2], 0, 2, 0.95), ([1, 2], 1, 2, 1.0)])
def test_what_is_no_interval_is_refused(values, test, train, level):
    with pytest.raises(ValueError):
        resampled_interval(values, test, train, level)


def test_it_covers_a_mean_that_splits_of_one_data_set_estimate():
    """One number a row: the mean of the rows held out less 0, over many data sets, each split twenty times."""
    missed = np.zeros((300, 2))
    for number in range(300):
        rng = rng_for(number, "coverage")
        rows = rng.normal(size=40)
        found = [rows[rng.permutation(40)[:10]].mean() for _ in range(20)]
        for way, (_, low, high) in enumerate((interval(found), resampled_interval(found, 10, 30))):
            missed[number, way] = low > 0 or high < 0
    usual, corrected = missed.mean(0)
    assert usual > 0.2 and corrected < 0.1


@pytest.mark.parametrize(
    "low, high, word",
    [
        (0.001, 0.5, "helped"), (-0.5, -0.001, "hurt"), (-0.019, 0.019, "nothing"), (-0.019, 0.021, "not decided"),
        (-0.021, 0.019, "not decided"), (0.002, 0.015, "helped"), (0.0, 0.015, "nothing"), (0.0, 0.5, "not decided"),
    ],
)  # fmt: skip
def test_the_rule_of_the_four_words(low, high, word):
    assert word_of(low, high, 0.02) == word


def test_helped_by_more_than_matters_is_told_apart_from_helped():
    assert size_of(0.03, 0.05, 0.02) == size_of(-0.05, -0.03, 0.02) == "by more than matters"
    assert size_of(0.002, 0.015, 0.02) == "by less than matters"
    assert size_of(0.002, 0.05, 0.02) == size_of(-0.05, -0.002, 0.02) == "perhaps by less than matters"


def of(mean, spread, **more):
    """A verdict where the rung with a source is so far ahead of its control, and of nothing else."""
    return Verdict.of({"frozen": ZIGZAG * spread + mean}, {TWIN: np.zeros(10)}, 25, 75, **more)


@pytest.mark.parametrize(
    "mean, spread, word", [(0.2, 0.02, "helped"), (-0.2, 0.02, "hurt"), (0.0, 0.005, "nothing"), (0.03, 0.1, "not decided")]
)
def test_the_four_words(mean, spread, word):
    verdict = of(mean, spread)
    assert verdict.word == verdict.ahead == word and (verdict.advice != "") == (word == "not decided")
    told = {
        "helped": "HELPED, by more than",
        "hurt": "HURT, by more",
        "nothing": "NOTHING that",
        "not decided": "NOT DECIDED",
    }
    assert told[word] in repr(verdict) and "10 splits of the same 100 rows" in repr(verdict)
    assert verdict.low < verdict.naive[0] < verdict.naive[1] < verdict.high


def test_a_verdict_is_told_in_full():
    verdict = of(0.2, 0.02)
    numbers = in_brackets(100 * verdict.effect, 100 * verdict.low, 100 * verdict.high, 10)
    assert repr(verdict) == (
        f"Verdict: the source HELPED, by more than matters. “frozen” less “{TWIN}”: {numbers} points\n"
        "  (10 splits of the same 100 rows; for new rows, and for the best of 1 step)"
    )
    assert repr(of(0.0, 0.01, matters=0.03, unit="marks")).startswith(
        f"Verdict: with the source or without it, NOTHING that matters (± 3 marks). “frozen” less “{TWIN}”: +0.0 ["
    )
    assert word_of(-0.02, 0.02, 0.02) == "not decided" and size_of(0.01, 0.02, 0.02) == "perhaps by less than matters"


def test_choosing_the_best_of_several_on_either_side_widens_it_and_no_spread_decides_nothing():
    values = rng_for(1, "test").normal(0.05, 0.05, 10)
    worse = {f"rung {n}": values - 9 for n in range(3)}
    one = Verdict.of({"a": values}, {"b": 0 * values}, 25, 75)
    with_ = Verdict.of({"a": values, **worse}, {"b": 0 * values}, 25, 75)
    without = Verdict.of({"a": values}, {"b": 0 * values, **worse}, 25, 75)
    assert (one.tried, with_.tried, without.tried) == (1, 4, 4)
    for four in (with_, without):
        assert four.low < one.low < one.high < four.high and "the best of 4 steps" in repr(four)
        np.testing.assert_allclose([four.low, four.high], resampled_interval(values, 25, 75, 1 - 0.05 / 4)[1:])
    same = Verdict.of({"a": np.zeros(10)}, {"b": np.zeros(10)}, 25, 75)
    assert same.word == "not decided" and "Every split gave the same" in same.advice
    alike = Verdict.of({"frozen": np.full(10, 0.5)}, {TWIN: np.full(10, 0.3)}, 25, 75)
    assert alike.word == "not decided"
    with pytest.raises(ValueError, match="one split says nothing"):
        Verdict.of({"a": [0.1]}, {"b": np.zeros(1)}, 25, 75)


def test_it_speaks_of_the_source_only_where_the_same_network_without_it_agrees():
    good, twin, ridge = 0.8 + ZIGZAG * 0.01, 0.6 + ZIGZAG * 0.02, 0.5 + ZIGZAG * 0.03
    helped = Verdict.of({"features + linear": good}, {"kernel ridge": ridge, TWIN: twin}, 25, 75)
    assert helped.word == "helped" and helped.control == helped.without == TWIN
    # (F1) ahead of kernel ridge, and so is the network with random weights: its shape, not the source
    shape = Verdict.of({"features + linear": good}, {"kernel ridge": ridge, TWIN: good - ZIGZAG * 0.03}, 25, 75)
    assert shape.word == "not decided" and shape.ahead != "helped"
    # ahead of everything, but the control is not clearly behind
    near = Verdict.of(
        {"features + linear": good}, {"kernel ridge": good - 0.1 + ZIGZAG * 0.001, TWIN: good - 0.11 - ZIGZAG * 0.3}, 25, 75
    )
    assert near.ahead == "helped" and near.word == "not decided" and near.of_source[1] < 0 < near.of_source[2]
    assert "AHEAD with the source; whether that is the source's doing is NOT DECIDED" in repr(near)
    assert f"“features + linear” less “{TWIN}”: +11.0 [" in repr(near)
    # no control was climbed
    alone = Verdict.of({"features + linear": good}, {"kernel ridge": ridge}, 25, 75)
    assert alone.word == "not decided" and not alone.control and f"control was not climbed: '{TWIN}'" in repr(alone)
    wrong = Verdict.of({"features + linear": good}, {"kernel ridge": ridge, SCRATCH: twin}, 25, 75)
    assert wrong.word == "not decided" and not wrong.control, "from scratch is read out otherwise than kept features"


def test_a_better_kind_of_model_is_no_harm_that_the_source_does():
    """(F2) The source gives its network 20 points, and kernel ridge is 40 ahead."""
    scores = (
        {"head first, then all": 0.5 + ZIGZAG * 0.01},
        {"kernel ridge": 0.9 - ZIGZAG * 0.01, SCRATCH: 0.3 - ZIGZAG * 0.01},
    )
    verdict = Verdict.of(*scores, 25, 75)
    assert verdict.word == "not decided" and verdict.ahead == "hurt"
    assert "BEHIND with the source, and yet it HELPED its own network" in repr(verdict)
    assert "less “from scratch”: +20.0 [" in repr(verdict)
    scores[1][SCRATCH] = 0.7 - ZIGZAG * 0.01
    assert Verdict.of(*scores, 25, 75).word == "hurt"


def test_the_stricter_control_counts():
    scores = {"head first, then all": 0.5 + ZIGZAG * 0.01}
    strict = Verdict.of(
        scores, {SCRATCH: 0.3 + ZIGZAG * 0.02, TWIN: 0.495 - ZIGZAG * 0.3, "linear model": 0.4 + 0 * ZIGZAG}, 25, 75
    )
    assert strict.control == TWIN and strict.word == "not decided"
    assert set(CONTROLS.values()) == {TWIN, SCRATCH, SENTENCES_TWIN}


@pytest.mark.parametrize("sides", [(1, 5), (4, 6), (4, 1)])
def test_where_nothing_is_to_be_found_it_says_helped_or_hurt_in_five_of_a_hundred_at_most(sides):
    """Rungs that are all equal, 20 splits of 15 + 45 rows: a data set moves a rung, and a split moves it anew."""
    words, named = [], [["features + linear", *"abc"], [TWIN, *"defgh"]]
    for number in range(400):
        rng = rng_for(number, "no source", *sides)
        whole, split = (rng.normal(size=(sum(sides), n)) + rng.normal(size=n) for n in (1, 20))  # rungs correlate by 0.5
        scores = iter(np.sqrt(0.25) * whole + np.sqrt(0.75) * split)
        with_, without = ({name: next(scores) for name in names[:n]} for names, n in zip(named, sides))
        words.append(Verdict.of(with_, without, 15, 45).ahead)
    hurt, helped = words.count("hurt") / 400, words.count("helped") / 400
    assert hurt < 0.045 and helped < 0.045, (hurt, helped)


def test_what_would_decide():
    near = np.array([0.0, 0.2] * 5)  # mean .1, spread .105: half width .1 at 20 splits where few rows are held out
    assert "About 20 splits" in needed(near, 5, 95)
    far = needed(near, 30, 70)
    assert "More splits will not decide it" in far
    rows = int(far.split("About ")[1].split(" ")[0].replace(",", ""))
    half = stats.t.ppf(0.975, 99) * near.std(ddof=1) * np.sqrt(1 / 100 + 30 / 70)
    assert 1 <= rows / (100 * (half / 0.1) ** 2) < 1.12
