"""Lesson 11: the losses of its page against a plain Keras tape; no label of the target; AdaBN and self-training."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.page import page
from transferlib.changes import centred, rarer, standardised
from transferlib.datasets import DIGITS
from transferlib.functional import predict
from transferlib.lessons.domain_adaptation.distances import INPUTS
from transferlib.networks import Pair
from transferlib.tasks import Task
from transferlib.training import Budget, batch_order, learn, starts, train_source

PAIR = Pair(12, shared=(16,), private=(8,))
GUESS = keras.Sequential([keras.Input((16,)), keras.layers.Dense(64, "relu"), keras.layers.Dense(1)])
PARTS = {"pair": PAIR, "domain": GUESS}
PAGE = page("11", pair=PAIR, parts=PARTS)


def adapt(source, target, dann=0.0, coral=0.0, steps=1000, every=100, **budget):
    told = dict(report=PAGE.watched, dann=dann, coral=coral, steps=steps, every=every)
    return learn(PAGE.adapting, PARTS, {"source": source, "target": target}, **told, **budget)


@pytest.fixture(scope="module")
def tasks():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(10, 12))

    def blobs(name, shift):
        y = np.repeat(np.arange(10), 40)
        return Task.split(name, centres[y] + shift + rng.normal(size=(400, 12)), y, DIGITS, test=100)

    return blobs("one", 0), blobs("two", 1.5)


def test_with_both_strengths_at_zero_it_is_source_training(tasks):
    """The encoder receives the task's gradient, all of it, and nothing else."""
    plain, run = train_source(PAIR, tasks[0], seed=2, steps=60), adapt(*tasks, seed=2, steps=60)
    for part in ("shared", "source"):
        for a, b in zip(plain.weights[part], run.weights[part]):
            np.testing.assert_allclose(a, b, atol=1e-5)
    assert np.abs(run.weights["shared"][0] - PAIR.fresh(2)["shared"][0]).max() > 0.01
    assert run.source_accuracy[-1] == pytest.approx(plain.source_accuracy[-1], abs=1e-6)


def last_scores(part, features):
    """The class scores before the softmax, by the last layer's own matrix."""
    for layer in part.layers[:-1]:
        features = layer(features)
    return tf.matmul(features, part.layers[-1].kernel) + part.layers[-1].bias


@pytest.mark.parametrize("strengths", [dict(dann=0.7), dict(coral=5.0), dict(dann=0.4, coral=2.0)], ids=str)
def test_the_same_numbers_as_a_plain_keras_tape(tasks, strengths):
    source, target = tasks
    steps, dann, coral = 15, strengths.get("dann", 0.0), strengths.get("coral", 0.0)
    run = adapt(source, target, seed=1, steps=steps, every=steps, batch=16, **strengths)
    begin, guess = starts(PARTS, None, 1), PARTS["domain"]
    PAIR.load({part: begin[part] for part in ("shared", "source", "target")})
    guess.set_weights(begin["domain"])
    parts = [part.trainable_variables for part in (PAIR.shared, PAIR.source, guess)]
    adam = keras.optimizers.Adam(1e-3)
    adam.build(sum(parts, []))
    orders = [batch_order(task, 1, role, Budget(steps, 16)) for role, task in enumerate(tasks)]
    for number in range(steps):
        (x, y), z = (source.x_train[orders[0][number]], source.y_train[orders[0][number]]), target.x_train[orders[1][number]]
        rise = 2 / (1 + np.exp(-10 * number / steps)) - 1
        with tf.GradientTape(persistent=True) as tape:
            f, g = PAIR.shared(x), PAIR.shared(z)
            p, z_s, z_t = PAIR.source(f), *(last_scores(PAIR.source, each) for each in (f, g))
            task = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, p))
            task += coral * PAGE.coral_loss(z_s, z_t)
            domain = keras.losses.binary_crossentropy(
                [[0.0]] * 16 + [[1.0]] * 16, guess(tf.concat([f, g], 0)), from_logits=True
            )
            domain = tf.reduce_mean(domain)
        shared = [a - dann * rise * b for a, b in zip(tape.gradient(task, parts[0]), tape.gradient(domain, parts[0]))]
        adam.apply(shared + tape.gradient(task, parts[1]) + tape.gradient(domain, parts[2]), sum(parts, []))
    for part in ("shared", "source"):
        for a, b in zip(run.weights[part], PAIR.weights()[part]):
            np.testing.assert_allclose(a, b, atol=2e-5)


def test_what_is_watched(tasks):
    run = adapt(*tasks, dann=0.5, seed=3, steps=40, every=40)
    f = [np.maximum(t.x_test @ run.weights["shared"][0] + run.weights["shared"][1], 0) for t in tasks]
    for curve, task in zip((run.source_accuracy, run.target_accuracy), tasks):
        said = predict(PAIR, run.weights, task.x_test, "source").argmax(1)
        assert curve[-1] == pytest.approx((said == task.y_test).mean())
    w, b, v, c = run.weights["domain"]
    right = [((np.maximum(x @ w + b, 0) @ v + c)[:, 0] > 0) == bool(side) for side, x in enumerate(f)]
    assert run.domain_accuracy[-1] == pytest.approx(np.mean([r.mean() for r in right]))


def test_the_targets_training_labels_are_never_used(tasks):
    source, target = tasks
    shuffled = Task(target.name, target.x_train, target.y_train[::-1], target.x_test, target.y_test, target.classes)
    a, b = (adapt(source, t, dann=1.0, coral=1.0, steps=20) for t in (target, shuffled))
    assert all((x == y).all() for part in a.weights for x, y in zip(a.weights[part], b.weights[part]))


def test_coral_loss_and_reversal():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(9, 4)).astype(np.float32), 3 * rng.normal(size=(7, 4)).astype(np.float32)
    expected = ((np.cov(a, rowvar=False) - np.cov(b, rowvar=False)) ** 2).sum() / (4 * 16)
    assert float(PAGE.coral_loss(tf.constant(a), tf.constant(b))) == pytest.approx(expected, rel=1e-5)
    x = tf.Variable([1.0, -2.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(PAGE.reverse(x, 0.3) ** 3)
    assert float(y) == pytest.approx(-7.0)
    np.testing.assert_allclose(tape.gradient(y, x), -0.3 * 3 * np.array([1.0, 4.0]), rtol=1e-6)


def test_inputs_prepared(tasks):
    source, target = tasks
    np.testing.assert_allclose(centred(target).x_test, target.x_test - target.x_train.mean(0), atol=1e-6)
    by = standardised(target, source)
    np.testing.assert_allclose(
        by.x_test, (target.x_test - source.x_train.mean(0)) / (source.x_train.std(0) + 0.01), atol=1e-5
    )
    assert INPUTS["own mean"](*tasks) == (centred(source), centred(target)), "the same change is the same task"
    assert INPUTS["source's scale"](*tasks) == (standardised(source), by) and INPUTS["as they are"](*tasks) == tasks


def test_an_arm_prepares_its_inputs_and_is_a_run_like_any_other(tasks):
    arms = {"a": dict(inputs="own mean", dann=0.5), "b": {}}
    runs = PAGE.adaptations(*tasks, arms, seeds=2, steps=150, rate=0.01)
    same = adapt(*map(centred, tasks), dann=0.5, seed=1, steps=150, rate=0.01)
    assert (runs["a"][1].weights["shared"][0] == same.weights["shared"][0]).all()
    p = PAGE.says(arms["a"], runs["a"][1], *tasks)
    np.testing.assert_allclose(p, predict(PAIR, same.weights, centred(tasks[1]).x_train, "source"), atol=1e-6)
    assert PAGE.run_of(runs["b"], 1) is runs["b"][1] and runs["b"][1].seed == 1


def test_adabn_is_batchnorm_by_the_targets_rows(tasks):
    """As Keras has it in training mode, where a batch is all rows."""
    layers = keras.layers.Dense(16, use_bias=False), keras.layers.BatchNormalization(), keras.layers.ReLU()
    pair, x = Pair(12, shared=layers, private=(8,)), tasks[1].x_train
    weights = train_source(pair, tasks[0], seed=1, steps=60).weights
    new = PAGE.adabn(weights, x)
    pair.load(weights)
    expected = pair.source(pair.shared(x, training=True))
    np.testing.assert_allclose(predict(pair, new, x, "source"), expected, atol=1e-4)
    assert all((new[part][0] == weights[part][0]).all() for part in weights)


def test_self_training_learns_from_its_own_labels_alone(tasks):
    source, target = tasks
    PAGE.self_train.__globals__["wide"] = source
    begin = train_source(PAIR, source, steps=100).weights
    shuffled = Task(target.name, target.x_train, target.y_train[::-1], target.x_test, target.y_test, target.classes)
    a, b = (PAGE.self_train(t, begin, seed=0, rounds=2) for t in (target, shuffled))
    assert all((x == y).all() for part in a for x, y in zip(a[part], b[part]))
    assert (a["source"][0] != begin["source"][0]).any() and (a["source"][0] == a["target"][0]).all()


def test_labels_shift_in_both_sets_of_rows(tasks):
    rare = rarer(tasks[1], (0, 1), 0.25)
    for side in ("train", "test"):
        before, after = (np.bincount(getattr(t, f"y_{side}"), minlength=10) for t in (tasks[1], rare))
        assert (after[2:] == before[2:]).all() and (after[:2] < 0.6 * before[:2]).all()
    assert rarer(tasks[1], (0, 1), 0.25) is rare
    for change, message in (
        (dict(classes=(10,)), "classes must be class numbers"),
        (dict(share=0), "share must lie above 0"),
    ):
        with pytest.raises(ValueError, match=message):
            rarer(tasks[1], **dict(classes=(0,), share=0.5) | change)


def test_standardised(tasks):
    new = standardised(tasks[1])
    np.testing.assert_allclose(new.x_train.mean(0), 0, atol=1e-5)
    assert np.abs(new.x_train.std(0) - 1).max() < 0.02
