"""Lesson 03: gradients by layer against Keras, the batches of `train`, and the exercises' checkers."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from transferlib.experiments import on_training_rows, source_weights
from transferlib.lessons.three_training_steps.layer_gradients import by_layer, over_training
from transferlib.networks import PARTS, Pair
from transferlib.strategies import FIX_COMMON, SCRATCH, SHARE_GRADIENTS, SHARE_WEIGHTS
from transferlib.training import batches, starting_weights, train, train_source


@pytest.fixture(scope="module")
def pair():
    return Pair(12, shared=(8, 6), private=(5,), classes=(3, 3))


# What was added to training and evaluation


def test_fit_on_the_batches_of_train_gives_the_same_weights(pair, tasks):
    source, target = tasks
    few = target.few(5, 1)
    x, y = batches(few, seed=1, steps=7, batch=8)
    assert x.shape == (56, 12) and y.shape == (56,)
    pair.load(starting_weights(pair, SCRATCH, seed=1))
    model = pair.model("target")
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", jit_compile=False)
    model.fit(x, y, batch_size=8, shuffle=False, verbose=0)
    run = train(pair, few, SCRATCH, seed=1, steps=7, batch=8)
    assert max(np.abs(a - b).max() for p in PARTS for a, b in zip(run.weights[p], pair.weights()[p])) < 1e-5
    short = batches(few, seed=1, steps=3, batch=8)[0]
    assert (x[:24] == short).all(), "a shorter run sees the first batches of a longer one"
    assert not np.array_equal(batches(few, seed=1, steps=3, batch=8, partner=True)[0], short)


def test_starting_weights_are_where_train_starts(pair, tasks):
    weights = train_source(pair, tasks[0], steps=5).weights
    for strategy in (SCRATCH, SHARE_WEIGHTS, SHARE_WEIGHTS.but(head="source")):
        begin = starting_weights(pair, strategy, weights, seed=2)
        run = train(pair, tasks[1], strategy, weights=weights, seed=2, steps=1, rate=1e-12)
        assert max(np.abs(a - b).max() for p in PARTS for a, b in zip(run.weights[p], begin[p])) < 1e-6
    with pytest.raises(ValueError, match="starts from the trained source"):
        starting_weights(pair, FIX_COMMON)


def test_accuracy_on_training_rows_is_what_keras_says(pair, tasks):
    source, target = tasks
    weights = source_weights(pair, source)
    runs = [train(pair, target.few(4, s), FIX_COMMON, weights=weights, seed=s, steps=20) for s in (0, 1)]
    whole = [train(pair, target, FIX_COMMON, weights=weights, steps=20)]
    model = pair.model("target")
    for found, run, few in (
        *zip(on_training_rows(pair, target, runs, 4), runs, (target.few(4, 0), target.few(4, 1))),
        (*on_training_rows(pair, target, whole, None), *whole, target),
    ):
        pair.load(run.weights)
        model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
        assert found == pytest.approx(model.evaluate(few.x_train, few.y_train, verbose=0)[1], abs=1e-6)


# Gradients


@pytest.mark.parametrize("task, other", [("source", "target"), ("target", "source")])
def test_by_layer_is_what_a_tape_over_the_keras_model_gives(pair, tasks, task, other):
    weights, (x, y) = pair.fresh(4), batches(tasks[0], steps=1)
    before = pair.weights()
    found = by_layer(pair, weights, task, x, y)
    assert all((a == b).all() for p in PARTS for a, b in zip(before[p], pair.weights()[p])), "it changed the models"
    pair.load(weights)
    for part in ("shared", task):
        for number, layer in enumerate(getattr(pair, part).layers):
            with tf.GradientTape() as tape:
                loss = keras.losses.SparseCategoricalCrossentropy()(y, pair.model(task)(x))
            gradient = np.concatenate([np.ravel(g) for g in tape.gradient(loss, layer.trainable_variables)])
            assert found[part][number] == pytest.approx(np.linalg.norm(gradient), rel=1e-5)
    assert (found[other] == 0).all() and {p: len(v) for p, v in found.items()} == {"shared": 2, "source": 2, "target": 2}


def test_layers_without_weights_are_left_out_and_batchnorm_has_one():
    layers = keras.layers.Dense(4), keras.layers.BatchNormalization(), keras.layers.ReLU()
    pair = Pair(6, shared=layers, private=(), classes=(2, 2))
    x = np.random.default_rng(0).normal(size=(8, 6)).astype(np.float32)
    found = by_layer(pair, pair.fresh(0), "target", x, np.arange(8) % 2)
    assert [len(found[p]) for p in PARTS] == [2, 1, 1] and (found["shared"] > 0).all()


def test_by_layer_refuses_what_was_frozen_since_and_a_task_that_is_none():
    pair = Pair(6, shared=(4, 3), private=(), classes=(2, 2))
    x, y = np.random.default_rng(0).normal(size=(8, 6)).astype(np.float32), np.arange(8) % 2
    with pytest.raises(ValueError, match="no model 'both'"):
        by_layer(pair, pair.fresh(0), "both", x, y)
    pair.shared.trainable = False
    with pytest.raises(ValueError, match="pair.shared.trainable, or .* was changed"):
        by_layer(pair, pair.weights(), "target", x, y)


@pytest.mark.parametrize(
    "given, message",
    [
        (dict(updates=(0, 3, 1)), "updates must be whole numbers in rising order"),
        (dict(updates=(-1, 3)), "each of updates must be"),
        (dict(updates=(3, 3)), "updates must be"),
        (dict(updates=(0, 2.5)), "each of updates must be"),
        (dict(updates=()), "updates must be"),
        (dict(seeds=0), "one seed at least"),
        (dict(per_class=0), "per_class must be a whole number, 1 or more"),
        (dict(strategy="from scratch"), "a Strategy is expected"),
    ],
)
def test_over_training_says_what_is_wrong(pair, tasks, given, message):
    with pytest.raises(ValueError, match=message):
        over_training(pair, *tasks, **dict(strategy=SCRATCH) | given)


def test_a_seed_of_over_training_depends_on_no_other(pair, tasks):
    several = over_training(pair, *tasks, SHARE_GRADIENTS, seeds=3, updates=(0, 2))
    some = over_training(
        Pair(12, shared=(8, 6), private=(5,), classes=(3, 3)), *tasks, SHARE_GRADIENTS, seeds=[2, 0], updates=[0, 2]
    )
    for task, parts in some.items():
        for part, norms in parts.items():
            np.testing.assert_allclose(norms, several[task][part][[2, 0]], rtol=1e-5)


def test_over_training_agrees_with_the_norms_that_train_reports(pair, tasks):
    source, target = tasks
    found = over_training(pair, source, target, SHARE_GRADIENTS, per_class=5, seeds=2, updates=(0, 1, 4))
    for seed in (0, 1):
        weights = source_weights(pair, source, seed)
        few = target.few(5, seed)
        run = train(pair, few, SHARE_GRADIENTS, source=source, weights=weights, seed=seed, steps=5, every=1)
        for task in ("source", "target"):
            norms = np.linalg.norm(found[task]["shared"][seed], axis=1)
            np.testing.assert_allclose(norms, getattr(run, f"{task}_norm")[[1, 2, 5]], rtol=1e-4)


@pytest.mark.parametrize(
    "strategy, only_private, moved",
    [
        (None, False, {"source": {"shared", "source"}, "target": set()}),
        (None, True, {"source": {"source"}, "target": set()}),
        (SCRATCH, False, {"source": set(), "target": {"shared", "target"}}),
        (FIX_COMMON, False, {"source": set(), "target": {"target"}}),
        (SHARE_WEIGHTS, False, {"source": set(), "target": {"shared", "target"}}),
        (SHARE_GRADIENTS, False, {"source": {"shared", "source"}, "target": {"shared", "target"}}),
        (SHARE_GRADIENTS.but(move=0.0), False, {"source": {"source"}, "target": {"target"}}),
    ],
)
def test_a_gradient_is_zero_where_it_moves_nothing(pair, tasks, strategy, only_private, moved):
    found = over_training(pair, *tasks, strategy, seeds=1, only_private=only_private, updates=(0, 3))
    for task, parts in found.items():
        for part, norms in parts.items():
            assert norms.shape == (1, 2, 2)
            assert (norms > 0).any() == (part in moved[task]) and (part in moved[task] or (norms == 0).all()), (task, part)


def test_progress_is_told_and_can_stop(pair, tasks):
    told = []
    over_training(pair, *tasks, SCRATCH, seeds=2, updates=(0,), progress=lambda *now: told.append(now))
    assert told == [(1, 2), (2, 2)]


# Exercises


crossentropy = keras.losses.SparseCategoricalCrossentropy()


def tape(pair, losses, wanted):
    """The gradient of the sum of losses {task: (x, y)} for the variables `wanted`."""
    with tf.GradientTape() as tape:
        loss = sum(crossentropy(y, pair.model(task)(x)) for task, (x, y) in losses.items())
    return tape.gradient(loss, wanted)
