"""Lesson 09: nested networks, with the reader and the h of its page, against plain NumPy."""

from dataclasses import replace

import numpy as np
import pytest

from tests.page import page
from transferlib.changes import couples, halves, sums, twice
from transferlib.datasets import mnist, uci_digits
from transferlib.functional import predict
from transferlib.lessons.task_nesting.nested import (
    Nested,
    added_by_hand,
    broken,
    compare_grades,
    inner_readers,
    readings,
    reads,
)
from transferlib.networks import Pair
from transferlib.strategies import FIX_COMMON, SCRATCH

PAGE = page("09")
FLAT = Pair(200, shared=(32, 20), private=(64,), classes=(10, 19))


def nesting(outer, like=None):
    return Nested(outer, PAGE.reader, like)


@pytest.fixture(scope="module")
def source():
    return twice(halves(mnist())[0])


@pytest.fixture(scope="module")
def nested():
    return nesting(PAGE.stacked)


@pytest.fixture(scope="module")
def runs(nested, source):
    grades = {"stacking": (nested, FIX_COMMON)}
    return compare_grades(grades, source, sums(uci_digits()), per_class=5, seeds=2, steps=60, every=60)["stacking"]


def test_sums_are_sums_of_the_tasks_own_pictures():
    task = uci_digits()
    x, digits = couples(task.x_train, task.y_train, per_sum=3)
    assert x.shape == (57, 200) and (np.bincount(digits.sum(1)) == 3).all()
    known = {row.tobytes(): y for row, y in zip(task.x_train, task.y_train)}
    assert [[known[half.tobytes()] for half in row.reshape(2, 100)] for row in x] == digits.tolist()
    target = sums(task)
    assert {row.tobytes() for row in target.x_test.reshape(-1, 100)} <= {row.tobytes() for row in task.x_test}


def test_halves_have_nothing_in_common_and_twice_repeats():
    one, two = halves(mnist())
    assert not {r.tobytes() for r in one.x_train[:500]} & {r.tobytes() for r in two.x_train}
    assert (twice(one).x_train.reshape(-1, 2, 100) == one.x_train[:, None]).all()


def test_the_sizes_that_the_lesson_tells(nested):
    count = {n: p.model("target").count_params() for n, p in dict(nested=nested, flat=FLAT).items()}
    assert count == {"nested": 9693, "flat": 9671}
    assert nesting(PAGE.progressive).target.count_params() == 13059
    assert nesting(PAGE.logs).target.count_params() == 2579
    assert nesting(PAGE.through_hidden).target.count_params() == 9491
    assert nesting(PAGE.narrowed).target.count_params() == 3229


def test_inner_reading_is_one_reader_used_twice(nested, runs):
    x = sums(uci_digits()).x_test[:20]
    w1, b1, w2, b2 = runs[0].weights["shared"]
    logits = np.maximum(x.reshape(20, 2, 100) @ w1 + b1, 0) @ w2 + b2
    expected = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    assert np.allclose(readings(nested, runs[0], x), expected, atol=1e-5)
    said = readings(nested, runs[0], np.tile(uci_digits().x_test, 2))[:, 0].argmax(1)
    assert reads(nested, runs, uci_digits())[0] == (said == uci_digits().y_test).mean()


def test_known_addition_is_a_convolution():
    p, q = np.random.default_rng(0).dirichlet(np.ones(10), (2, 6)).astype(np.float32)
    model = nesting(PAGE.adding).target
    got = model([np.zeros((6, 2, 100)), np.zeros((6, 2, 64)), np.stack([p, q], 1)])
    assert np.allclose(got, [np.convolve(a, b) for a, b in zip(p, q)], atol=1e-6)


def test_renaming_recovers_a_permuted_reader(nested, runs):
    order = np.random.default_rng(0).permutation(10)
    w1, b1, w2, b2 = runs[0].weights["shared"]
    weights = {**runs[0].weights, "shared": [w1, b1, w2[:, order], b2[order]]}
    other = [type("Run", (), dict(weights=weights, seed=0))]
    assert reads(nested, other, uci_digits())[0] < 0.4
    assert np.isclose(
        reads(nested, other, uci_digits(), rename=True)[0], reads(nested, runs[:1], uci_digits(), rename=True)[0]
    )


def test_names_are_found_on_training_digits_and_scored_on_test_digits(nested, runs):
    task = uci_digits()
    shifted = replace(task, y_train=(task.y_train + 1) % 10)
    kept, moved = (reads(nested, runs, t, rename=True) for t in (task, shifted))
    assert (kept > 0.4).all() and (moved < 0.3).all()


def test_breaking_the_reader(nested, runs):
    x, digits = couples(uci_digits().x_test, uci_digits().y_test, 20)
    ways = PAGE.mean, PAGE.swap, PAGE.swap_within_a_digit
    mean, swap, within = (broken(nested, runs, x, digits, how) for how in ways)
    assert np.allclose(mean, 1 / 19)  # one answer for all rows, and every sum is equally often right
    assert swap.max() < 0.12 and mean.seeds == (0, 1)
    plain = [(predict(nested, run.weights, x).argmax(1) == digits.sum(1)).mean() for run in runs]
    assert np.abs(within - plain).max() < 0.15
    assert np.allclose(broken(nested, runs, x, digits, lambda inner, digits, rng: inner), plain)


def test_what_each_way_gives_h():
    rng, digits = np.random.default_rng(0), np.arange(60) % 10
    inner = [rng.random((60, n)) for n in (5, 10)]
    mean, swap, within = (
        way(inner, digits, np.random.default_rng(1)) for way in (PAGE.mean, PAGE.swap, PAGE.swap_within_a_digit)
    )
    for old, flat, other, same in zip(inner, mean, swap, within):
        assert np.allclose(flat, old.mean(0)) and flat.shape == old.shape
        assert np.allclose(np.sort(other, 0), np.sort(old, 0)) and (other != old).mean() > 0.9
        for d in range(10):
            assert np.allclose(np.sort(same[digits == d], 0), np.sort(old[digits == d], 0))
        assert (same != old).mean() > 0.7
    hidden, reading = PAGE.oracle(inner, digits, rng)
    assert (hidden == inner[0]).all() and (reading.argmax(1) == digits).all() and (reading.sum(1) == 1).all()


def test_an_oracle_under_the_known_addition_is_always_right(nested, runs):
    x, digits = couples(uci_digits().x_test, uci_digits().y_test, 5)
    known = nesting(PAGE.adding, nested)
    asked = [replace(run, weights={**run.weights, "target": []}) for run in runs]
    assert (broken(known, asked, x, digits, PAGE.oracle) == 1).all()


def test_adding_by_hand(nested, runs):
    x, digits = couples(uci_digits().x_test, uci_digits().y_test, 5)
    read = readings(nested, runs[0], x).argmax(-1)
    assert added_by_hand(nested, runs, x, digits.sum(1))[0] == (read[:, 0] + read[:, 1] == digits.sum(1)).mean()


@pytest.fixture(scope="module")
def grades(nested):
    known = nesting(PAGE.adding, nested)
    return {
        "stacking": (nested, FIX_COMMON),
        "addition, frozen": (known, FIX_COMMON),
        "addition, from scratch": (known, SCRATCH),
    }


def test_grades_share_one_trained_reader(grades, source):
    done = []
    budget = dict(per_class=2, seeds=2, steps=20, every=20)
    results = compare_grades(grades, source, sums(uci_digits()), progress=lambda *now: done.append(now), **budget)
    a, b = (results[n][1].weights["shared"] for n in ("stacking", "addition, frozen"))
    assert all(np.array_equal(u, v) for u, v in zip(a, b)) and done[-1] == (6, 6)
    readers = inner_readers({**grades, "flat": (FLAT, SCRATCH)}, {**results, "flat": []}, uci_digits())
    assert set(readers) == set(grades) and readers["stacking"].shape == (2,)
    again = compare_grades({"stacking": grades["stacking"]}, source, sums(uci_digits()), **budget | dict(seeds=[1]))
    assert (again["stacking"][0].target_accuracy == results["stacking"][1].target_accuracy).all()


def test_what_makes_no_sense_is_said(nested, runs, source):
    for call, message in (
        (lambda: nesting(PAGE.stacked, FLAT), "like must be another nested pair"),
        (lambda: reads(FLAT, runs, uci_digits()), "inside a Nested pair only"),
        (lambda: compare_grades({"a": (nested, SCRATCH)}, source, sums(uci_digits()), seeds=0), "one seed at least"),
        (lambda: compare_grades({}, source, sums(uci_digits())), "one arm at least"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
