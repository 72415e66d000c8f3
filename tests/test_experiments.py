"""Comparisons over seeds: paired, cached, stoppable."""

import numpy as np
import pytest

from transferlib import experiments
from transferlib.experiments import compare, label_budget
from transferlib.measures import curves
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


def test_compare_refuses_what_makes_no_sense(setting):
    for strategies, seeds, message in (
        ([], 2, "one strategy and one seed at least"),
        ([SCRATCH], 0, "one strategy and one seed at least"),
        ([SCRATCH, SCRATCH.but(move=0.5)], 2, "two strategies bear one name"),
    ):
        with pytest.raises(ValueError, match=message):
            compare(*setting, strategies, seeds=seeds, **BUDGET)
