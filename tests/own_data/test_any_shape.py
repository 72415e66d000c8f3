"""Tasks of any shape, and of a reader's own table, train as plain Keras does."""

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from sklearn.metrics import r2_score

from transferlib import changes, training
from transferlib.functional import predict
from transferlib.networks import PARTS, Pair
from transferlib.own_data.problems import of_table
from transferlib.strategies import SCRATCH, SHARE_GRADIENTS, SHARE_WEIGHTS
from transferlib.tasks import Task
from transferlib.training import batches, train, train_source

# A task of any shape, against plain Keras


def as_keras(pair, task, begin, loss, seed, steps=50, batch=16):
    """The target's model after the same batches by train_on_batch."""
    pair.load(begin)
    model = pair.model("target")
    metrics = ["accuracy"] if "cross" in loss else []
    model.compile(keras.optimizers.Adam(1e-3), loss, metrics=metrics, jit_compile=False)
    x, y = batches(task, seed=seed, steps=steps, batch=batch)
    for i in range(0, len(y), batch):
        now = x[i : i + batch], y[i : i + batch]
        if not isinstance(pair.shared.layers[0], keras.layers.Embedding):
            model.train_on_batch(*now)
            continue
        # For a word that stands in a batch twice, Keras's Adam adds up the squares of its gradients and not the gradients
        # before it squares (they come as IndexedSlices). Made dense, as here, they give the Adam of the paper, and ours.
        with tf.GradientTape() as tape:
            value = model.compute_loss(y=now[1], y_pred=model(now[0], training=True))
        gradients = map(tf.convert_to_tensor, tape.gradient(value, model.trainable_variables))
        model.optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return model


def pictures(seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, 120)
    x = rng.uniform(size=(120, 8, 9, 3)) * 0.5
    x[np.arange(120), :, :, y] += 0.4
    return Task.split("pictures", x, np.array(["red", "green", "blue"])[y], ("red", "green", "blue"), test=40)


def sentences(seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 30, (120, 7))
    return Task.split("sentences", x, ((x < 10).sum(1) > 2).astype(int), ("dull", "gay"), test=40)


def words():
    return keras.layers.Embedding(30, 6), keras.layers.GlobalAveragePooling1D(), 8


def eyes():
    return keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.GlobalAveragePooling2D(), 8


def cars():
    from mlxtend.data import autompg_data

    x, y = autompg_data()
    table = pd.DataFrame(
        x[:, :7], columns=["cylinders", "displacement", "power", "weight", "acceleration", "year", "origin"]
    )
    table["origin"] = table.origin.map({1: "USA", 2: "Europe", 3: "Japan"})
    problem = of_table(table.assign(mpg=y), label="mpg")
    return problem.task(test=100), lambda values: values * problem.reading["scale"] + problem.reading["mean"]


@pytest.mark.parametrize(
    "inputs, shared, make, classes", [((8, 9, 3), eyes, pictures, 3), (7, words, sentences, 2)], ids=["pictures", "words"]
)
def test_pictures_and_words_train_as_plain_keras_does(inputs, shared, make, classes):
    source, target, pair = make(0), make(1), Pair(inputs, shared(), (), (classes, classes))
    weights = train_source(pair, source, steps=20, seed=3).weights
    run = train(pair, target, SHARE_WEIGHTS, source=source, weights=weights, seed=5, steps=50, batch=16)
    begin = training.starting_weights(pair, SHARE_WEIGHTS, weights, 5)
    model = as_keras(pair, target, begin, "sparse_categorical_crossentropy", 5)
    loss, accuracy = model.evaluate(target.x_test, target.y_test, verbose=0)
    assert max(np.abs(a - b).max() for part in PARTS for a, b in zip(run.weights[part], pair.weights()[part])) < 1e-4
    assert run.target_loss[-1] == pytest.approx(loss, abs=1e-4)
    assert run.target_accuracy[-1] == pytest.approx(accuracy, abs=1e-6)
    joint = train(pair, target.few(2), SHARE_GRADIENTS, source=source, weights=weights, steps=5)
    assert np.isfinite(joint.cosine[1:]).all() and np.isfinite(joint.source_accuracy).all()


def test_a_regression_trains_as_plain_keras_does_and_tells_r_squared():
    (task, in_units), pair = cars(), Pair(9, (16,), (8,), (None, None))
    assert task.x_train.shape == (292, 9) and pair.target.layers[-1].units == 1
    run = train(pair, task, SCRATCH, seed=5, steps=50, batch=16)
    model = as_keras(pair, task, training.starting_weights(pair, seed=5), "mean_squared_error", 5)
    said = model.predict(task.x_test, verbose=0)
    assert max(np.abs(a - b).max() for a, b in zip(run.weights["target"], pair.weights()["target"])) < 1e-4
    assert run.target_loss[-1] == pytest.approx(model.evaluate(task.x_test, task.y_test, verbose=0), abs=1e-4)
    assert run.target_accuracy[-1] == pytest.approx(r2_score(task.y_test, said[:, 0]), abs=1e-4)
    np.testing.assert_allclose(predict(pair, run.weights, task.x_test), said, atol=1e-4)
    longer = train(pair, task, SCRATCH, seed=5)
    miles = in_units(predict(pair, longer.weights, task.x_test)[:, 0])
    assert longer.target_accuracy[-1] > 0.75 and np.sqrt(np.mean((miles - in_units(task.y_test)) ** 2)) < 4.5


def test_no_better_than_the_mean_is_an_r_squared_of_about_nothing():
    (task, _), pair = cars(), Pair(9, (), (), (None, None))
    pair_at_mean = {**pair.fresh(0), "target": [np.zeros((9, 1), np.float32), np.full(1, task.y_train.mean())]}
    run = train(
        pair, task, SHARE_WEIGHTS.but(head="source"), weights=pair_at_mean | {"source": pair_at_mean["target"]}, steps=1
    )
    assert abs(run.target_accuracy[0]) < 0.05


def test_a_class_and_a_number_may_share_a_network():
    (numbers, _), rng = cars(), np.random.default_rng(0)
    kinds = Task.split("kinds", rng.normal(size=(80, 9)), rng.integers(0, 2, 80), "ab", test=20)
    pair = Pair(9, (16,), (), (2, None))
    weights = train_source(pair, kinds, steps=20).weights
    run = train(pair, numbers, SHARE_GRADIENTS, source=kinds, weights=weights, steps=20, both_curves=True)
    assert run.target_loss[-1] < run.target_loss[0] and np.isfinite(run.source_accuracy).all()
    message = r"source model takes \(9,\) and knows 2 classes; mpg has rows of \(9,\) and a regression's one number"
    with pytest.raises(ValueError, match=message):
        train_source(pair, numbers)
    with pytest.raises(ValueError, match="knows a regression's one number; kinds has rows of .* and 2 classes"):
        train(pair, kinds)
    with pytest.raises(ValueError, match="None in the place of one for a regression"):
        Pair(9, (4,), (), (1, 2))


def test_large_rows_are_not_padded_to_gigabytes():
    big = Task.split("big", np.zeros((12, 64, 64, 3)), np.arange(12) % 2, "ab", test=4)
    few, many = (training.task_arrays(t, 0, 0, training.Budget(3, 2))["x"] for t in (big.few(1), big))
    assert few.shape == many.shape and few.numpy().nbytes <= 2**24
    small = Task.split("small", np.zeros((12, 100)), np.arange(12) % 2, "ab", test=4)
    assert len(training.task_arrays(small, 0, 0, training.Budget(3, 2))["x"]) == 4096


@pytest.mark.parametrize("change", [changes.scrambled, changes.twice, changes.sums])
def test_a_change_of_flat_rows_says_so(change):
    with pytest.raises(ValueError, match=r"pictures: rows of numbers \(n, d\) are wanted, not \(n, 8, 9, 3\); flatten them"):
        change(pictures(0))


@pytest.mark.parametrize(
    "change", [changes.renamed, changes.coin_labels, changes.sums, lambda t: changes.only(t, "some", [1])]
)
def test_a_change_of_classes_says_so(change):
    with pytest.raises(ValueError, match="mpg: a task with classes is wanted, and this one is a regression"):
        change(cars()[0])
