"""Comparisons over seeds: paired, cached, stoppable; intervals and claims against SciPy and plain arithmetic."""

import numpy as np
import pytest
from scipy import stats

from transferlib import experiments
from transferlib.claims import LINE, ClaimFailed, claim, collect, table
from transferlib.experiments import compare, label_budget
from transferlib.measures import at, curves, interval
from transferlib.networks import Pair
from transferlib.strategies import FIX_COMMON, NAMED, SCRATCH, SHARE_WEIGHTS
from transferlib.tasks import Task
from transferlib.training import train, train_source


@pytest.fixture(scope="module")
def setting():
    rng = np.random.default_rng(0)

    def task(name):
        y = rng.integers(0, 3, 240)
        return Task.split(name, np.eye(3)[y] @ rng.normal(size=(3, 8)) + rng.normal(size=(240, 8)), y, "abc", test=60)

    return Pair(8, (6,), (4,), classes=(3, 3)), task("one"), task("two")


BUDGET = dict(steps=20, every=5)


def test_compare_is_train_over_seeds(setting, monkeypatch):
    pair, source, target = setting
    monkeypatch.setattr(experiments, "SOURCE_STEPS", 1000)
    results = compare(pair, source, target, [SCRATCH, SHARE_WEIGHTS], per_class=3, seeds=[4, 7], **BUDGET)
    assert list(results) == ["from scratch", "share weights"]
    weights = train_source(pair, source, seed=7).weights
    run = train(pair, target.few(3, 7), SHARE_WEIGHTS, source=source, weights=weights, seed=7, **BUDGET)
    assert (run.target_loss == results["share weights"][1].target_loss).all()
    assert curves(results["from scratch"]).shape == (2, 5)


def test_a_run_is_made_once(setting):
    pair, source, target = setting
    first = compare(pair, source, target, [FIX_COMMON], per_class=2, seeds=2, **BUDGET)
    again = compare(pair, source, target, [SCRATCH, FIX_COMMON], per_class=2, seeds=3, **BUDGET)
    assert again["fix common"][:2] == first["fix common"]


def test_progress_counts_and_can_stop(setting):
    pair, source, target = setting
    seen = []
    compare(pair, source, target, NAMED.values(), seeds=3, progress=lambda done, n: seen.append((done, n)), **BUDGET)
    assert seen == [(i, 12) for i in range(1, 13)]

    def stop(done, n):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare(pair, source, target, NAMED.values(), seeds=3, steps=20, every=4, progress=stop)


def test_label_budget(setting):
    seen = []
    tell = lambda done, n: seen.append((done, n))  # noqa: E731
    made = label_budget(*setting, [SCRATCH, FIX_COMMON], [1, 4], seeds=2, progress=tell, **BUDGET)
    assert list(made) == [1, 4] and [len(runs) for arms in made.values() for runs in arms.values()] == [2] * 4
    assert seen == [(i, 8) for i in range(1, 9)]


def test_at_takes_the_evaluation_at_or_before_a_step(setting):
    runs = compare(*setting, [SCRATCH], seeds=2, **BUDGET)["from scratch"]
    whole = curves(runs)
    for step, place in ((0, 0), (4, 0), (5, 1), (12, 2), (20, 4), (99, 4), (None, 4)):
        assert (at(runs, step=step) == whole[:, place]).all(), step


def test_compare_refuses_what_makes_no_sense(setting):
    for strategies, seeds, message in (
        ([], 2, "one strategy and one seed at least"),
        ([SCRATCH], 0, "one strategy and one seed at least"),
        ([SCRATCH, SCRATCH.but(move=0.5)], 2, "two strategies bear one name"),
    ):
        with pytest.raises(ValueError, match=message):
            compare(*setting, strategies, seeds=seeds, **BUDGET)


def test_interval_is_students():
    values = np.random.default_rng(1).normal(size=(12, 3))
    mean, low, high = interval(values)
    for i in range(3):
        expected = stats.ttest_1samp(values[:, i], 0).confidence_interval(0.95)
        assert (mean[i], low[i], high[i]) == pytest.approx((values[:, i].mean(), expected.low, expected.high))
    assert interval([0.5]) == (0.5, 0.5, 0.5)


def test_a_claim_prints_one_line_that_can_be_read_back():
    more = np.linspace(0.80, 0.89, 10)
    made = claim("A is ahead of B: clearly", more, more - 0.05, above=2)
    assert repr(made) == "✓ A is ahead of B: clearly: +5.0 [+5.0, +5.0] points, 10 seeds, margin +2"
    assert LINE.match(repr(made))["sentence"] == "A is ahead of B: clearly"
    same = claim("A and B end alike", more, more + 0.001, within=1)
    assert repr(same).startswith("≈ A and B end alike: -0.1") and LINE.match(repr(same))["margin"] == "within ±1"


@pytest.mark.parametrize(
    "less, how, message",
    [
        (0.79, dict(above=2), r"Measured \+1.0 .* should lie above \+2"),
        (0.90, dict(above=0), r"Measured -10.0"),
        (0.70, dict(within=1), r"Measured \+10.0 .* should lie within ±1"),
    ],
)
def test_a_claim_that_does_not_hold_raises_with_the_measurement(less, how, message):
    with pytest.raises(ClaimFailed, match=message):
        claim("A is ahead", np.full(10, 0.8), less, **how)


def test_noise_cannot_pass_for_a_claim():
    noise = np.random.default_rng(0).normal(0, 0.05, 10)
    with pytest.raises(ClaimFailed):
        claim("A is ahead", 0.8 + noise, 0.8, above=0)


@pytest.mark.parametrize(
    "more, how, message",
    [
        (np.zeros(9), dict(above=0), "10 seeds or more"),
        (np.zeros((10, 2)), dict(above=0), "one number a seed"),
        (np.full(10, np.nan), dict(above=0), "missing"),
        (np.zeros(10), dict(), "say what is claimed"),
        (np.zeros(10), dict(above=1, within=1), "say what is claimed"),
    ],
)
def test_a_claim_without_a_measurement_is_none(more, how, message):
    with pytest.raises(ValueError, match=message):
        claim("A is ahead", more, **how)


def test_all_claims_of_notebooks_in_one_table(tmp_path):
    line = "✓ A is ahead of B: +5.0 [+4.0, +6.0] points, 10 seeds, margin +2"
    outputs = '[{"data": {"text/plain": ["' + line + '"]}}, {"text": ["no claim\\n", "' + line + '\\n"]}]'
    (tmp_path / "07_x.ipynb").write_text('{"cells": [{"cell_type": "markdown"}, {"outputs": ' + outputs + "}]}", "utf-8")
    rows = collect(tmp_path.glob("*.ipynb"))
    assert len(rows) == 2 and rows[0]["lesson"] == "07_x" and rows[0]["low"] == "+4.0"
    assert table(rows).splitlines()[2] == "| 07 | A is ahead of B | +5.0 points | +4.0 … +6.0 | +2 | 10 |"
