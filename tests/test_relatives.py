"""Lesson 08: the exercises' checkers, and domain adaptation."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from transferlib import plots
from transferlib.changes import standardised
from transferlib.datasets import DIGITS
from transferlib.exercises import relatives
from transferlib.measures import at
from transferlib.methods import domain_adaptation
from transferlib.methods.domain_adaptation import adapt, adaptations, coral_loss, reverse
from transferlib.networks import Pair
from transferlib.tasks import Task
from transferlib.training import batch_arrays, train_source


@pytest.fixture(scope="module")
def tasks():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(10, 12))

    def blobs(name, shift):
        y = np.repeat(np.arange(10), 40)
        return Task.split(name, centres[y] + shift + rng.normal(size=(400, 12)), y, DIGITS, test=100)

    return blobs("one", 0), blobs("two", 1.5)


@pytest.fixture(scope="module")
def pair():
    return Pair(12, shared=(16,), private=(8,))


# The methods


def test_with_both_strengths_at_zero_it_is_source_training(pair, tasks):
    """The encoder receives the task's gradient, all of it, and nothing else."""
    plain, run = train_source(pair, tasks[0], seed=2, steps=60), adapt(pair, *tasks, seed=2, steps=60)
    for part in ("shared", "source"):
        for a, b in zip(plain.weights[part], run.weights[part]):
            np.testing.assert_allclose(a, b, atol=1e-5)
    assert np.abs(run.weights["shared"][0] - pair.fresh(2)["shared"][0]).max() > 0.01
    assert run.source_accuracy[-1] == pytest.approx(plain.source_accuracy[-1], abs=1e-6)


@pytest.mark.parametrize("strengths", [dict(dann=0.7), dict(coral=5.0), dict(dann=0.4, coral=2.0)], ids=str)
def test_the_same_numbers_as_a_plain_keras_tape(pair, tasks, strengths):
    source, target = tasks
    steps, dann, coral = 15, strengths.get("dann", 0.0), strengths.get("coral", 0.0)
    run = adapt(pair, source, target, seed=1, steps=steps, batch=16, **strengths)
    pair.load(pair.fresh(1))
    guess = keras.Sequential([keras.Input((16,)), keras.layers.Dense(64, "relu"), keras.layers.Dense(1)])
    w, b, v, c = np.split(domain_adaptation._fresh_domain(pair, 1), np.cumsum([16 * 64, 64, 64]))
    guess.set_weights([w.reshape(16, 64), b, v[:, None], c])
    parts = [part.trainable_variables for part in (pair.shared, pair.source, guess)]
    adam = keras.optimizers.Adam(1e-3)
    adam.build(sum(parts, []))
    orders = [batch_arrays(task, 1, role, steps, 16)["order"] for role, task in enumerate(tasks)]
    for number in range(steps):
        (x, y), z = (source.x_train[orders[0][number]], source.y_train[orders[0][number]]), target.x_train[orders[1][number]]
        rise = 2 / (1 + np.exp(-10 * number / steps)) - 1
        with tf.GradientTape(persistent=True) as tape:
            f, g = pair.shared(x), pair.shared(z)
            p, q = pair.source(f), pair.source(g)
            task = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, p))
            task += coral * coral_loss(tf.math.log(p + 1e-7), tf.math.log(q + 1e-7))
            domain = keras.losses.binary_crossentropy(
                [[0.0]] * 16 + [[1.0]] * 16, guess(tf.concat([f, g], 0)), from_logits=True
            )
            domain = tf.reduce_mean(domain)
        shared = [a - dann * rise * b for a, b in zip(tape.gradient(task, parts[0]), tape.gradient(domain, parts[0]))]
        adam.apply(shared + tape.gradient(task, parts[1]) + tape.gradient(domain, parts[2]), sum(parts, []))
    for part in ("shared", "source"):
        for a, b in zip(run.weights[part], pair.weights()[part]):
            np.testing.assert_allclose(a, b, atol=2e-5)


def test_the_targets_training_labels_are_never_used(pair, tasks):
    source, target = tasks
    shuffled = Task(target.name, target.x_train, target.y_train[::-1], target.x_test, target.y_test, target.classes)
    a, b = (adapt(pair, source, t, dann=1.0, coral=1.0, steps=20) for t in (target, shuffled))
    assert all((x == y).all() for part in a.weights for x, y in zip(a.weights[part], b.weights[part]))


def test_coral_loss_and_reversal():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(9, 4)).astype(np.float32), 3 * rng.normal(size=(7, 4)).astype(np.float32)
    expected = ((np.cov(a, rowvar=False) - np.cov(b, rowvar=False)) ** 2).sum() / (4 * 16)
    assert float(coral_loss(tf.constant(a), tf.constant(b))) == pytest.approx(expected, rel=1e-5)
    x = tf.Variable([1.0, -2.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(reverse(x, 0.3) ** 3)
    assert float(y) == pytest.approx(-7.0)
    np.testing.assert_allclose(tape.gradient(y, x), -0.3 * 3 * np.array([1.0, 4.0]), rtol=1e-6)


def test_standardised_and_bad_input(pair, tasks):
    new = standardised(tasks[1])
    np.testing.assert_allclose(new.x_train.mean(0), 0, atol=1e-5)
    assert np.abs(new.x_train.std(0) - 1).max() < 0.02
    with pytest.raises(ValueError, match="dann and coral must be"):
        adapt(pair, *tasks, dann=-1)
    with pytest.raises(ValueError, match="must agree"):
        adapt(pair, tasks[0], Task("b", np.zeros((2, 12)), [0, 1], np.zeros((2, 12)), [0, 1], "ab"))


def test_adaptations_agree_with_adapt_and_the_last_interval_may_be_shorter(pair, tasks):
    runs = adaptations(pair, *tasks, {"a": dict(dann=0.5)}, seeds=2, steps=150)["a"]
    single = adapt(pair, *tasks, dann=0.5, seed=1, steps=150)
    assert runs[1].step.tolist() == [0, 100, 150] and (runs[1].target_accuracy == single.target_accuracy).all()


def test_adaptations_take_how_many_seeds_or_which(pair, tasks):
    some, other = (adaptations(pair, *tasks, {"a": {}}, seeds=seeds, steps=20)["a"] for seeds in (2, (1, 7)))
    assert some[1] is other[0] and other[1] is not other[0]


def test_few_rows_and_many_compile_to_one_program(tasks):
    few, many = (batch_arrays(t, 0, 0, 30, 8) for t in (tasks[0].few(1, 0), tasks[0]))
    assert {k: v.shape for k, v in few.items()} == {k: v.shape for k, v in many.items()}
    assert few["order"].max() < 10, "no batch holds a row that was only added"


def test_examples_of_digits_are_counted_in_words(tasks):
    squares = [Task(n, np.zeros((20, 4)), np.arange(20) % 10, np.zeros((1, 4)), [0], DIGITS, (2, 2)) for n in "abc"]
    assert plots.digits(*squares[:1], per_class=2).text == "2 examples of each digit from a."
    assert plots.digits(*squares[:2], per_class=1).text == "1 example of each digit from a and from b."
    assert plots.digits(*squares, per_class=1).text == "1 example of each digit from a, from b and from c."


# The exercises


class Fake:
    step = np.array([0])

    def __init__(self, source, target):
        self.source_accuracy, self.target_accuracy = np.array([source]), np.array([target])


TUNING = {"λ = 0": [Fake(0.9, 0.6)], "λ = 1": [Fake(0.8, 0.7)], "λ = 3": [Fake(0.7, 0.5)]}
RIGHT = ["adaptation", "multi-task", "cross-modal", "transfer"]


WRONG = {
    "which": [
        ("transfer", "four words"),
        (["adaptation", "both", "cross-modal", "transfer"], "'both' is not one"),
        (["transfer", *RIGHT[1:]], "narrower word"),
        (["adaptation", "transfer", *RIGHT[2:]], "the clinic wants both"),
        ([*RIGHT[:2], "adaptation", "transfer"], "sound and text"),
        ([*RIGHT[:3], "adaptation"], "200 target labels"),
        ([*RIGHT[:3], "multi-task"], "nobody wants the German"),
    ],
    "rule": [("λ = 7", "not one of the arms"), ("λ = 1", "on the *target's* labels"), ("λ = 3", "another arm has more")],
    "direction": [
        (3, "a function of"),
        (lambda t, d, s: t + s * d, "is not turned round"),
        (lambda t, d, s: -s * d, "never learns to read"),
        (lambda t, d, s: t - d, "the strength is missing"),
        (lambda t, d, s: t, "source-only training"),
        (lambda t, d, s: s * d - t, "not the task's"),
        (lambda t, d, s: t[:2], "it must return one vector"),
    ],
    "coral": [
        (0.5, "a function of"),
        (lambda a, b: ((a.T @ a / (len(a) - 1) - b.T @ b / (len(b) - 1)) ** 2).sum() / 4 / a.shape[1] ** 2, "not centred"),
        (lambda a, b: ((np.cov(a.T, ddof=0) - np.cov(b.T, ddof=0)) ** 2).sum() / 4 / a.shape[1] ** 2, "divides by n;"),
        (lambda a, b: ((np.cov(a.T) - np.cov(b.T)) ** 2).sum(), "4d² is missing"),
        (lambda a, b: ((np.cov(a.T) - np.cov(b.T)) ** 2).sum() / (4 * a.shape[1]), "d squared"),
        (lambda a, b: ((a.mean(0) - b.mean(0)) ** 2).sum(), "compares the means"),
        (lambda a, b: (np.cov(a.T) - np.cov(b.T)) ** 2, "one number"),
        (lambda a, b: 7.0, "instead of"),
        (lambda a, b: a.no, "raised AttributeError"),
    ],
    "nearest": [
        ([1], "a function of"),
        (lambda m, c, u: (m @ c[u].T / np.linalg.norm(c[u], axis=1)).argmax(1), "positions in the list"),
        (lambda m, c, u: (m @ c.T / np.linalg.norm(c, axis=1)).argmax(1), "the seen classes compete"),
        (lambda m, c, u: np.array(u)[(m @ c[u].T).argmax(1)], "inner product"),
        (lambda m, c, u: np.array(u)[(m @ c[u].T / np.linalg.norm(c[u], axis=1)).argmin(1)], "least"),
    ],
}


@pytest.mark.parametrize("name", WRONG)
def test_exercise(name):
    exercise, rest = getattr(relatives, name), (TUNING,) if name == "rule" else ()
    assert "no answer yet" in repr(exercise.check(..., *rest))
    names = {"np": np, "tuning": TUNING, "at": at}
    exec(repr(exercise.solution()), names)
    assert repr(exercise.check(names["answer"], *rest)).startswith("✓")
    told = [repr(exercise.check(answer, *rest)) for answer, _ in WRONG[name]]
    for said, (_, expected) in zip(told, WRONG[name]):
        assert said.startswith("✗") and expected in said
    assert len(set(told)) == len(told) >= 3
    assert "Hint 1" in repr(exercise.hint())
