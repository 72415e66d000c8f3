"""Domain adaptation: a plain Keras tape as reference, no label of the target, and arms over seeds."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from transferlib.changes import centred, rarer, standardised
from transferlib.datasets import DIGITS
from transferlib.functional import predict
from transferlib.lessons.domain_adaptation import adapting as domain_adaptation
from transferlib.lessons.domain_adaptation.adapting import (
    INPUTS,
    adabn,
    adapt,
    adaptations,
    coral_loss,
    reverse,
    scores_of,
    self_train,
)
from transferlib.networks import Pair
from transferlib.tasks import Task
from transferlib.training import Budget, batch_order, train_source


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


def test_with_both_strengths_at_zero_it_is_source_training(pair, tasks):
    """The encoder receives the task's gradient, all of it, and nothing else."""
    plain, run = train_source(pair, tasks[0], seed=2, steps=60), adapt(pair, *tasks, seed=2, steps=60)
    for part in ("shared", "source"):
        for a, b in zip(plain.weights[part], run.weights[part]):
            np.testing.assert_allclose(a, b, atol=1e-5)
    assert np.abs(run.weights["shared"][0] - pair.fresh(2)["shared"][0]).max() > 0.01
    assert run.source_accuracy[-1] == pytest.approx(plain.source_accuracy[-1], abs=1e-6)


def last_scores(part, features):
    """The class scores before the softmax, by the last layer's own matrix."""
    for layer in part.layers[:-1]:
        features = layer(features)
    return tf.matmul(features, part.layers[-1].kernel) + part.layers[-1].bias


def test_scores_are_what_the_softmax_is_taken_of(pair):
    x = np.random.default_rng(3).normal(size=(7, 16)).astype(np.float32)
    own = scores_of(pair.source)
    own.set_weights(pair.source.get_weights())
    np.testing.assert_allclose(own(x), last_scores(pair.source, x), atol=1e-6)
    np.testing.assert_allclose(tf.nn.softmax(own(x)), pair.source(x), atol=1e-6)


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
    orders = [batch_order(task, 1, role, Budget(steps, 16)) for role, task in enumerate(tasks)]
    for number in range(steps):
        (x, y), z = (source.x_train[orders[0][number]], source.y_train[orders[0][number]]), target.x_train[orders[1][number]]
        rise = 2 / (1 + np.exp(-10 * number / steps)) - 1
        with tf.GradientTape(persistent=True) as tape:
            f, g = pair.shared(x), pair.shared(z)
            p, z_s, z_t = pair.source(f), *(last_scores(pair.source, each) for each in (f, g))
            task = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, p))
            task += coral * coral_loss(z_s, z_t)
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


def test_inputs_prepared(tasks):
    source, target = tasks
    np.testing.assert_allclose(centred(target).x_test, target.x_test - target.x_train.mean(0), atol=1e-6)
    by = standardised(target, source)
    np.testing.assert_allclose(
        by.x_test, (target.x_test - source.x_train.mean(0)) / (source.x_train.std(0) + 0.01), atol=1e-5
    )
    assert INPUTS["own mean"](*tasks) == (centred(source), centred(target)), "the same change is the same task"
    assert INPUTS["source's scale"](*tasks) == (standardised(source), by) and INPUTS["as they are"](*tasks) == tasks


def test_an_arm_prepares_its_inputs(pair, tasks):
    run = adaptations(pair, *tasks, {"a": dict(inputs="own mean", dann=0.5)}, seeds=1, steps=20, rate=0.01)["a"][0]
    same = adapt(pair, *map(centred, tasks), dann=0.5, steps=20, rate=0.01)
    assert (run.weights["shared"][0] == same.weights["shared"][0]).all()
    np.testing.assert_allclose(run.says, predict(pair, same.weights, centred(tasks[1]).x_train, "source"), atol=1e-6)


def test_adabn_is_batchnorm_by_the_targets_rows(tasks):
    layers = keras.layers.Dense(16, use_bias=False), keras.layers.BatchNormalization(), keras.layers.ReLU()
    pair = Pair(12, shared=layers, private=(8, keras.layers.BatchNormalization()))
    weights, x = train_source(pair, tasks[0], seed=1, steps=60).weights, tasks[1].x_train
    new = adabn(pair, weights, x)
    w, gamma, beta, mean, variance = new["shared"]
    z = x @ w
    np.testing.assert_allclose(mean, z.mean(0), atol=1e-4)
    np.testing.assert_allclose(variance, z.var(0), rtol=1e-3)
    h = np.maximum(gamma * (z - z.mean(0)) / np.sqrt(z.var(0) + 1e-3) + beta, 0)
    kernel, bias, gamma, beta, mean, variance, last, b = new["source"]
    z = np.maximum(h @ kernel + bias, 0)
    np.testing.assert_allclose(mean, z.mean(0), atol=1e-4)
    z = gamma * (z - z.mean(0)) / np.sqrt(z.var(0) + 1e-3) + beta
    expected = np.exp(z @ last + b)
    np.testing.assert_allclose(predict(pair, new, x, "source"), expected / expected.sum(1, keepdims=True), atol=1e-3)
    for old, kept in zip(weights["shared"][:3], new["shared"][:3]):
        np.testing.assert_array_equal(old, kept)


def test_networks_without_and_with_batchnorm_are_told_apart(pair, tasks):
    with pytest.raises(ValueError, match="this network has no BatchNorm layer"):
        adabn(pair, pair.fresh(0), tasks[1].x_train)
    normed = Pair(12, shared=(keras.layers.BatchNormalization(), 8))
    with pytest.raises(ValueError, match="for BatchNorm there is adabn"):
        adapt(normed, *tasks, steps=20)


def test_self_training_learns_from_its_own_labels_alone(pair, tasks):
    source, target = tasks
    begin = train_source(pair, source, steps=100).weights
    shuffled = Task(target.name, target.x_train, target.y_train[::-1], target.x_test, target.y_test, target.classes)
    a, b = (self_train(pair, source, t, begin, rounds=2, steps=30) for t in (target, shuffled))
    assert all((x == y).all() for part in a for x, y in zip(a[part], b[part]))
    assert (a["source"][0] != begin["source"][0]).any() and (a["source"][0] == a["target"][0]).all()
    with pytest.raises(ValueError, match="rounds must be a whole number, 1 or more, not 0"):
        self_train(pair, source, target, begin, rounds=0)


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


@pytest.mark.parametrize(
    "change, message",
    [
        (dict(dann=-1), "dann must be 0 or a positive number, not -1"),
        (dict(coral=float("nan")), "coral must be 0 or a positive number, not nan"),
        (dict(dann="1"), "dann must be"),
        (dict(rate=-1), "rate must be a positive number"),
        (dict(rate=float("nan")), "rate must be"),
        (dict(steps=0), "steps must be a whole number"),
        (dict(every=0.5), "every must be"),
        (dict(seed=-1), "seed must be a whole number, 0 or more, not -1"),
        (dict(target=Task("b", np.zeros((2, 12)), [0, 1], np.zeros((2, 12)), [0, 1], "ab")), "must agree"),
    ],
)
def test_bad_input_says_what_was_wrong(pair, tasks, change, message):
    call = dict(source=tasks[0], target=tasks[1]) | change
    with pytest.raises(ValueError, match=message):
        adapt(pair, call.pop("source"), call.pop("target"), **call)


def test_a_part_frozen_by_hand_is_an_error_and_thawed_it_trains_again(tasks):
    pair = Pair(12, shared=(6,), private=())
    before = adapt(pair, *tasks, steps=20)
    pair.shared.trainable = False
    with pytest.raises(ValueError, match="pair.shared.trainable was changed"):
        adapt(pair, *tasks, steps=20)
    pair.shared.trainable = True
    again = adapt(pair, *tasks, steps=20)
    assert (again.weights["shared"][0] == before.weights["shared"][0]).all()
    assert (again.weights["shared"][0] != pair.fresh(0)["shared"][0]).any()


def test_a_misspelt_arm_is_refused(pair, tasks):
    with pytest.raises(ValueError, match="the arm 'DANN' sets dan; an arm is a dict of dann, coral and inputs"):
        adaptations(pair, *tasks, {"DANN": dict(dan=1.0)}, seeds=1, steps=20)
    with pytest.raises(
        ValueError, match="inputs must be one of as they are, own mean, own scale, source's scale, not 'mean'"
    ):
        adaptations(pair, *tasks, {"a": dict(inputs="mean")}, seeds=1, steps=20)


def test_adaptations_agree_with_adapt_and_the_last_interval_may_be_shorter(pair, tasks):
    runs = adaptations(pair, *tasks, {"a": dict(dann=0.5)}, seeds=2, steps=150)["a"]
    single = adapt(pair, *tasks, dann=0.5, seed=1, steps=150)
    assert runs[1].step.tolist() == [0, 100, 150] and (runs[1].target_accuracy == single.target_accuracy).all()


def test_adaptations_take_how_many_seeds_or_which(pair, tasks):
    some, other = (adaptations(pair, *tasks, {"a": {}}, seeds=seeds, steps=20)["a"] for seeds in (2, (1, 7)))
    assert some[1] is other[0] and other[1] is not other[0]
