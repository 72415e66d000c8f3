"""Multi-task learning: together minus alone, and the gradients of both tasks against a hand-written Keras tape."""

from unittest.mock import patch

import keras
import numpy as np
import pytest
import tensorflow as tf

from transferlib.datasets import slant, uci_tasks
from transferlib.lessons.multi_task_learning.together import (
    BY_LOT,
    MULTI_TASK,
    agreement,
    agreements,
    alone,
    company,
    network,
    together,
    weights_of,
)
from transferlib.storage import forget, remember
from transferlib.tasks import Task
from transferlib.training import train, train_source


@pytest.fixture(scope="module")
def tasks():
    rng = np.random.default_rng(0)
    centres, y = rng.normal(size=(4, 100)) / 3, np.arange(200) % 4
    x = centres[y] + rng.normal(size=(200, 100)) / 3
    labels = {"four": (y, "abcd"), "two": (y % 2, "ab")}
    return {
        name: Task(name, x[:120], label[:120], x[120:], label[120:], tuple(classes))
        for name, (label, classes) in labels.items()
    }


def test_company_is_together_minus_alone(tasks):
    few, four, two = dict(four=3, two=5), tasks["four"], tasks["two"]
    gains = company(tasks, few, units=6, seeds=[2, 0], steps=20)
    assert set(gains) == {("four", "two"), ("two", "four"), ("four", BY_LOT), ("two", BY_LOT)}
    assert gains["four", "two"].seeds == (2, 0)
    pair = network(6, 4, 2)
    both = train(pair, two.few(5, 2), MULTI_TASK, source=four, seed=2, steps=20)
    own = train_source(network(6, 2, 2), two.few(5, 2), seed=2, steps=20)
    assert gains["two", "four"][0] == pytest.approx(both.target_accuracy[-1] - own.source_accuracy[-1], abs=1e-6)
    both = train(pair, two, MULTI_TASK, source=four.few(3, 2), seed=2, steps=20)
    own = train_source(network(6, 4, 4), four.few(3, 2), seed=2, steps=20)
    assert gains["four", "two"][0] == pytest.approx(both.source_accuracy[-1] - own.source_accuracy[-1], abs=1e-6)
    some = company(tasks, few, of=["two"], units=6, seeds=[2, 0], steps=20)
    assert set(some) == {("two", "four"), ("two", BY_LOT)} and (some["two", "four"] == gains["two", "four"]).all()


def test_together_and_alone(tasks):
    found = together(tasks["four"], tasks["two"], [weights_of(0.5), weights_of(2, "much")], 6, seeds=2, steps=20)
    assert list(found) == ["weight 0.5", "much"]
    run = train(network(6, 4, 2), tasks["two"], MULTI_TASK.but(alpha=2.0), source=tasks["four"], seed=1, steps=20)
    assert found["much"]["four"][1] == pytest.approx(run.source_accuracy[-1])
    assert found["much"]["two"][1] == pytest.approx(run.target_accuracy[-1])
    own = train_source(network(6, 4, 4), tasks["four"], seed=1, steps=20)
    assert alone(tasks["four"], 6, seeds=[1], steps=20)[0] == pytest.approx(own.source_accuracy[-1])


def test_the_cosine_is_that_of_two_keras_tapes_over_all_rows(tasks):
    pair = network(6, 4, 2)
    run = train(pair, tasks["two"], MULTI_TASK, source=tasks["four"], seed=3, steps=20)
    pair.load(run.weights)
    flat = []
    for role, name in (("source", "four"), ("target", "two")):
        task = tasks[name]
        with tf.GradientTape() as tape:
            p = pair.model(role)(task.x_train)
            loss = keras.losses.SparseCategoricalCrossentropy()(task.y_train, p)
        flat.append(np.concatenate([np.ravel(g) for g in tape.gradient(loss, [v.value for v in pair.shared.variables])]))
    cosine = flat[0] @ flat[1] / np.linalg.norm(flat[0]) / np.linalg.norm(flat[1])
    assert agreement(pair, run.weights, tasks["four"], tasks["two"]) == pytest.approx(cosine, abs=1e-5)
    found = agreements(tasks["four"], tasks["two"], [6], [20], seeds=[3])
    assert found[6][20][0] == pytest.approx(cosine, abs=1e-5)


def test_pcgrad_of_two_steps_by_hand():
    """The gradient that `combine` gives in a conflict, from the paper's two projections."""
    from transferlib.strategies import COMBINATIONS, combine

    a, b = np.float32([1, 2, 0]), np.float32([-1, 0, 1])
    by_hand = a - a @ b / (b @ b) * b + b - a @ b / (a @ a) * a
    got = combine(list(COMBINATIONS).index("pcgrad"), tf.constant(a), tf.constant(b), 0)
    np.testing.assert_allclose(got, by_hand, atol=1e-6)


@pytest.mark.parametrize(
    "labels, more, message",
    [
        (dict(four=3), {}, "labels must name the tasks, four, two; it names four"),
        (dict(four=3, two=3), dict(of=["three"]), r"of must name some of the tasks, four, two, not \['three'\]"),
        (dict(four=3, two=3), dict(of=[]), "of must name some"),
        (dict(four=3, two=3), dict(seeds=0), "one seed at least"),
    ],
)
def test_bad_input(tasks, labels, more, message):
    with pytest.raises(ValueError, match=message):
        company(tasks, labels, **more)


def test_four_questions_about_the_same_pictures():
    tasks = uci_tasks()
    assert {name: len(task.classes) for name, task in tasks.items()} == dict(digit=10, parity=2, writer=14, slant=2)
    first = tasks["digit"]
    for task in tasks.values():
        assert (task.x_train == first.x_train).all() and (task.x_test == first.x_test).all()
        assert len(task.y_train) == 997 and set(task.y_train) == set(task.y_test) == set(range(len(task.classes)))
    assert (tasks["parity"].y_train == first.y_train % 2).all()
    for digit in range(10):  # the digit does not tell the slant
        both = np.concatenate([tasks["slant"].y_train[first.y_train == digit], tasks["slant"].y_test[first.y_test == digit]])
        assert abs(both.mean() - 0.5) < 0.01


def test_slant_is_columns_a_row():
    upright, leaning = np.zeros((2, 9, 9))
    upright[:, 4] = leaning[np.arange(9), 8 - np.arange(9)] = 1
    assert slant(np.stack([upright, leaning, leaning[:, ::-1]])) == pytest.approx([0, 1, -1])
    with pytest.raises(ValueError, match="pictures .* with ink"):
        slant(np.zeros((1, 9, 9)))
    with pytest.raises(ValueError, match=r"shape \(9, 9\)"):
        slant(upright)


def test_a_folder_keeps_what_was_trained_alone_and_together(tmp_path):
    """From there it is read, to the last digit, and not trained again."""
    one, other = (uci_tasks()[name] for name in ("digit", "parity"))

    def both():
        forget()
        two = together(one, other, [MULTI_TASK], 4, seeds=2, steps=20)[MULTI_TASK.name].values()
        return np.hstack([alone(one, 4, seeds=2, steps=20, labels=5), *two])

    trained, methods = both(), "transferlib.lessons.multi_task_learning.together."
    try:
        folder = remember(tmp_path)
        assert np.array_equal(both(), trained) and len(folder) == 4
        with patch(methods + "train") as target, patch(methods + "train_source") as source:
            assert np.array_equal(both(), trained)
        assert not target.called and not source.called
    finally:
        remember(None)
