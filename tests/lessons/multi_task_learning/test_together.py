"""Multi-task learning: together minus alone, and the gradients of both tasks against a hand-written Keras tape."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.page import page
from transferlib.datasets import slant, uci_tasks
from transferlib.lessons.multi_task_learning.together import RANDOM, agreement, agreements, alone, company, network, together
from transferlib.strategies import SHARE_GRADIENTS
from transferlib.tasks import Task
from transferlib.training import learn, train, train_source

PAGE = page("10")
MULTI_TASK = SHARE_GRADIENTS.but(name="multi-task", start="random")  # on the dial
BOTH = PAGE.two_heads


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
    gains = company(BOTH, tasks, few, units=6, seeds=[2, 0], steps=20)
    assert set(gains) == {("four", "two"), ("two", "four"), ("four", RANDOM), ("two", RANDOM)}
    assert gains["four", "two"].seeds == (2, 0)
    pair = network(6, 4, 2)
    both = train(pair, two.few(5, 2), MULTI_TASK, source=four, seed=2, steps=20)
    own = train_source(network(6, 2, 2), two.few(5, 2), seed=2, steps=20)
    assert gains["two", "four"][0] == pytest.approx(both.target_accuracy[-1] - own.source_accuracy[-1], abs=1e-6)
    both = train(pair, two, MULTI_TASK, source=four.few(3, 2), seed=2, steps=20)
    own = train_source(network(6, 4, 4), four.few(3, 2), seed=2, steps=20)
    assert gains["four", "two"][0] == pytest.approx(both.source_accuracy[-1] - own.source_accuracy[-1], abs=1e-6)
    heavy = company(BOTH, tasks, few, of=["two", "four"], units=6, seeds=[2], steps=20, weight=3.0)
    both = train(pair, two.few(5, 2), MULTI_TASK.but(alpha=3.0), source=four, seed=2, steps=20)
    own = train_source(network(6, 2, 2), two.few(5, 2), seed=2, steps=20)
    assert heavy["two", "four"][0] == pytest.approx(both.target_accuracy[-1] - own.source_accuracy[-1], abs=1e-6)
    both = train(pair, two, MULTI_TASK.but(alpha=1 / 3), source=four.few(3, 2), seed=2, steps=20)
    own = train_source(network(6, 4, 4), four.few(3, 2), seed=2, steps=20)
    assert heavy["four", "two"][0] == pytest.approx(both.source_accuracy[-1] - own.source_accuracy[-1], abs=1e-6)
    some = company(BOTH, tasks, few, of=["two"], units=6, seeds=[2, 0], steps=20)
    assert set(some) == {("two", "four"), ("two", RANDOM)} and (some["two", "four"] == gains["two", "four"]).all()


def test_together_and_alone(tasks):
    arms = {"weight 0.5": dict(weight=0.5), "much": dict(weight=2.0)}
    found = together(BOTH, tasks["four"], tasks["two"], arms, 6, seeds=2, steps=20)
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
    found = agreements(BOTH, tasks["four"], tasks["two"], [6], [20], seeds=[3])
    assert found[6][20][0] == pytest.approx(cosine, abs=1e-5)


def test_two_heads_are_share_gradients_on_the_dial(tasks):
    pair, two = network(6, 4, 2), {"target": tasks["two"], "source": tasks["four"]}
    run = learn(BOTH, pair, two, seed=4, steps=40, every=40, weight=0.7)
    dial = train(pair, tasks["two"], MULTI_TASK.but(alpha=0.7), source=tasks["four"], seed=4, steps=40, every=40)
    for part in ("shared", "source", "target"):
        for mine, theirs in zip(run.weights[part], dial.weights[part]):
            np.testing.assert_allclose(mine, theirs, atol=1e-5)


def test_with_one_head_a_parity_label_asks_for_the_sum_of_five():
    p, digit = np.random.default_rng(1).dirichlet(np.ones(10), (2, 6)).astype(np.float32), np.array([0, 3, 3, 8, 5, 9])

    class Parts:
        shared = source = staticmethod(lambda x: x)

        def loss(self, role, y, output):
            return -np.log(output[np.arange(len(y)), y]).mean()

    follow = PAGE.one_head(Parts(), {"source": (p[0], digit), "target": (p[1], digit % 2)}, 0.0, {})
    five = np.array([row[k % 2 :: 2].sum() for row, k in zip(p[1], digit)])
    expected = -np.log(p[0][np.arange(6), digit]).mean() - np.log(five).mean()
    assert follow.keys() == {"shared", "source"} and follow["shared"] is follow["source"]
    assert follow["shared"] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("opposed", [True, False])
def test_projection_by_hand_and_what_the_shared_part_follows(tasks, opposed):
    a, b = np.float32([1, 2, 0]), np.float32([-1 if opposed else 1, 0, 1])
    expected = a - a @ b / (b @ b) * b if opposed else a
    np.testing.assert_allclose(PAGE.project(tf.constant(a), tf.constant(b)), expected, atol=1e-6)
    pair, two = network(6, 4, 2), {"target": tasks["two"], "source": tasks["four"]}
    method = PAGE.operating(lambda g_t, g_s: PAGE.project(g_t, g_s) + PAGE.project(g_s, g_t))
    run = learn(method, pair, two, seed=4, steps=40, every=40)
    dial = train(pair, tasks["two"], MULTI_TASK.but(combine="pcgrad"), source=tasks["four"], seed=4, steps=40, every=40)
    np.testing.assert_allclose(run.weights["shared"][0], dial.weights["shared"][0], atol=1e-4)


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
        company(BOTH, tasks, labels, **more)


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
