"""Every change of a task changes what it says, and nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transferlib import changes
from transferlib.experiments import source_weights
from transferlib.networks import PARTS, Pair
from transferlib.strategies import SHARE_WEIGHTS
from transferlib.tasks import Task
from transferlib.training import train


@pytest.fixture(scope="module")
def digits():
    y = np.arange(200) % 10
    return Task.split("digits", np.arange(800).reshape(200, 4), y, "0123456789", test=80, picture=(2, 2))


def rows_of(x):
    return {row.tobytes() for row in x}


def test_held_out_is_the_same_run_seen_by_other_pictures(tasks):
    pair = Pair(12, shared=(8,), private=(5,), classes=(3, 3))
    source, target = tasks
    few, held = target.few(4, 3), changes.held_out(target, 4, 6, seed=3)
    np.testing.assert_array_equal(few.x_train, held.x_train)
    np.testing.assert_array_equal(few.y_train, held.y_train)
    weights = source_weights(pair, source, 3)
    a, b = (train(pair, t, SHARE_WEIGHTS, weights=weights, seed=3, steps=30) for t in (few, held))
    assert all((x == y).all() for part in PARTS for x, y in zip(a.weights[part], b.weights[part]))
    assert (a.target_loss != b.target_loss).any()


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 4), st.integers(1, 5), st.integers(0, 2**32))
def test_held_out_rows_are_no_rows_of_learning_or_testing(digits, per_class, validation, seed):
    held, few = changes.held_out(digits, per_class, validation, seed), digits.few(per_class, seed)
    assert rows_of(held.x_train) == rows_of(few.x_train) and np.bincount(held.y_test).tolist() == [validation] * 10
    assert not rows_of(held.x_test) & (rows_of(held.x_train) | rows_of(digits.x_test))
    label = {row.tobytes(): y for row, y in zip(digits.x_train, digits.y_train)}
    assert [label[row.tobytes()] for row in held.x_test] == held.y_test.tolist()


def test_spoilt_sources_change_one_thing_only(tasks):
    task = tasks[0]
    renamed, scrambled = changes.renamed(task), changes.scrambled(task)
    lot, inverted = changes.coin_labels(task), changes.inverted(task)
    assert (renamed.x_train == task.x_train).all() and (renamed.y_test == (task.y_test + 1) % 3).all()
    assert (scrambled.y_train == task.y_train).all() and (scrambled.x_train != task.x_train).any()
    np.testing.assert_array_equal(np.sort(scrambled.x_test, 1), np.sort(task.x_test, 1))
    order = [next(j for j in range(12) if (scrambled.x_train[:, i] == task.x_train[:, j]).all()) for i in range(12)]
    assert sorted(order) == list(range(12)) and (scrambled.x_test == task.x_test[:, order]).all()
    assert (lot.x_train == task.x_train).all() and abs(np.mean(lot.y_train == task.y_train) - 1 / 3) < 0.1
    assert abs(np.mean(lot.y_test == task.y_test) - 1 / 3) < 0.15
    np.testing.assert_allclose(inverted.x_train + task.x_train, 1)
    assert len({t.name for t in (task, renamed, scrambled, lot, inverted)}) == 5


@pytest.mark.parametrize("draw", [changes.scrambled, changes.coin_labels])
def test_what_is_drawn_depends_on_the_seed_and_on_it_alone(draw, tasks):
    for one, two, same in ((draw(tasks[0], 1), draw(tasks[0], 2), False), (draw(tasks[0]), draw(tasks[0], 0), True)):
        assert ((one.x_train == two.x_train).all() and (one.y_train == two.y_train).all()) == same
    with pytest.raises(ValueError, match="seed must be a whole number, 0 or more, not -1"):
        draw(tasks[0], -1)


@pytest.mark.parametrize("change", [changes.scrambled, changes.standardised])
def test_what_panels_make_again_is_one_task_so_that_its_runs_are_found_again(change, tasks):
    assert change(tasks[0]) is change(tasks[0])


def test_standardised_by_its_own_training_rows(tasks):
    new, deviation = changes.standardised(tasks[0]), tasks[0].x_train.std(0)
    np.testing.assert_allclose(new.x_train.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(new.x_train.std(0), deviation / (deviation + 0.01), rtol=1e-4)
    np.testing.assert_allclose(new.x_test, (tasks[0].x_test - tasks[0].x_train.mean(0)) / (deviation + 0.01), rtol=1e-4)


def test_changed_and_only(tasks):
    negative = changes.changed(tasks[0], "n", lambda x: -x)
    assert (
        negative.name == "n"
        and (negative.x_train == -tasks[0].x_train).all()
        and (negative.x_test == -tasks[0].x_test).all()
    )
    few = changes.only(tasks[0], "o", range(0, 3, 2))
    assert few.name == "o" and set(few.y_train) == {0, 2}
    assert rows_of(few.x_train) == rows_of(tasks[0].x_train[tasks[0].y_train != 1])
    assert (few.x_test == tasks[0].x_test).all() and (few.y_test == tasks[0].y_test).all()


def test_halves_share_no_row_and_lose_none(tasks):
    one, two = changes.halves(tasks[0])
    assert abs(len(one.y_train) - len(two.y_train)) <= 1
    np.testing.assert_array_equal(np.concatenate([one.x_train, two.x_train]), tasks[0].x_train)
    assert (one.x_test == tasks[0].x_test).all()


def test_twice_gives_each_picture_twice(digits):
    both = changes.twice(digits)
    assert both.picture == (2, 4) and (both.x_test.reshape(-1, 2, 4) == digits.x_test[:, None]).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 4), st.integers(0, 2**32))
def test_couples_show_the_digits_that_they_say(digits, per_sum, seed):
    x, two = changes.couples(digits.x_test, digits.y_test, per_sum, seed)
    assert np.bincount(two.sum(1), minlength=19).tolist() == [per_sum] * 19
    label = {row.tobytes(): y for row, y in zip(digits.x_test, digits.y_test)}
    shown = [[label[half.tobytes()] for half in row] for row in x.reshape(-1, 2, 4)]
    assert shown == two.tolist()


def test_sums_are_made_of_training_rows_for_training_and_of_test_rows_for_testing(digits):
    added = changes.sums(digits, per_sum=3, test=2)
    assert added is changes.sums(digits, per_sum=3, test=2) and added.classes == changes.SUMS
    assert np.bincount(added.y_train).tolist() == [3] * 19 and np.bincount(added.y_test).tolist() == [2] * 19
    assert rows_of(added.x_train.reshape(-1, 4)) <= rows_of(digits.x_train)
    assert rows_of(added.x_test.reshape(-1, 4)) <= rows_of(digits.x_test)


@pytest.mark.parametrize(
    "nonsense, message",
    [
        (lambda t, d: changes.changed(t, "x", lambda x: x[:5]), r"x_train has shape \(5, 12\) and y_train \(300,\)"),
        (lambda t, d: changes.only(t, "x", ["a"]), "classes must be class numbers of one, 0 … 2, not {'a'}"),
        (lambda t, d: changes.only(t, "x", [1, 3]), "classes must be class numbers of one, 0 … 2, not .3."),
        (lambda t, d: changes.only(t, "x", []), "x_train is empty"),
        (lambda t, d: changes.halves(Task("s", [[1.0]], [0], [[1.0]], [0], "ab")), "x_train is empty"),
        (lambda t, d: changes.held_out(t, 0, 5), "per_class must be a whole number, 1 or more, not 0"),
        (lambda t, d: changes.held_out(t, 5, 0), "validation must be a whole number, 1 or more, not 0"),
        (lambda t, d: changes.held_out(t, 5, 2.5), "validation must be a whole number, 1 or more, not 2.5"),
        (lambda t, d: changes.held_out(t, 80, 80), "training examples, 160 were asked for"),
        (lambda t, d: changes.sums(t), r"the ten digits 0 … 9, are wanted; .* \[0, 1, 2\] in y"),
        (lambda t, d: changes.sums(d, per_sum=0), "per_sum must be a whole number, 1 or more, not 0"),
        (lambda t, d: changes.couples(d.x_train, d.y_train[:-1], 1), r"got \(120, 4\) and \(119,\)"),
        (lambda t, d: changes.couples(d.x_train, d.y_train, "3"), "per_sum must be a whole number, 1 or more, not '3'"),
        (lambda t, d: changes.redrawn(np.zeros((3, 3)), right=np.nan), "right and down must be numbers of pixels, not nan"),
    ],
)
def test_nonsense_is_named(nonsense, message, tasks, digits):
    with pytest.raises(ValueError, match=message):
        nonsense(tasks[0], digits)
