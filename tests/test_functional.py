"""A pair as a function: what it says of rows, in parts too, and what is said where it says nothing."""

import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from transferlib import functional
from transferlib.functional import Functional, predict
from transferlib.networks import Pair
from transferlib.strategies import SHARE_WEIGHTS
from transferlib.tasks import Task
from transferlib.training import train

L = keras.layers
X = np.random.default_rng(0).normal(size=(37, 6, 5, 1)).astype(np.float32)


def convolutions(classes=(2, 3)):
    layers = L.Conv2D(8, 3, padding="same"), L.BatchNormalization(), L.ReLU(), L.GlobalMaxPooling2D()
    return Pair((6, 5, 1), (keras.Sequential([keras.Input((None, None, 1)), *layers]),), (4,), classes=classes)


@pytest.mark.parametrize("classes", [3, None], ids=["classes", "a regression"])
@pytest.mark.parametrize("rows", [1, 5, 36, 37, 100])
@pytest.mark.parametrize("jit", [True, False], ids=["xla", "plain"])
def test_in_parts_the_answers_are_the_same(classes, rows, jit, monkeypatch):
    pair = convolutions((2, classes))
    weights, y = pair.fresh(0), np.linspace(-1, 1, 37, dtype=np.float32)
    if classes:
        y = np.arange(37, dtype=np.int32) % 3
    net = Functional(pair)
    once, scores = predict(pair, weights, X), [float(each) for each in net.evaluate("target", *net.split(weights), X, y)]
    monkeypatch.setattr(functional, "AT_ONCE", rows * 6 * 6 * 8)  # where sides are open, the row's longer one is taken
    np.testing.assert_allclose(predict(pair, weights, X), once, atol=1e-6)
    score = tf.function(lambda *given: net.evaluate("target", *given), jit_compile=jit, autograph=False)
    np.testing.assert_allclose(score(*net.split(weights), X, y), scores, atol=1e-6)
    pair.load(weights)
    np.testing.assert_allclose(once, pair.model("target").predict(X, verbose=0), atol=1e-6)


def test_how_much_a_network_makes_of_a_row():
    net = Functional(Pair(12, (300, 6), (50,), (2, 2)))
    assert [net._widest(task, (12,)) for task in ("source", "target")] == [300, 300]
    assert Functional(Pair(400, (6,), (50,), (2, 2)))._widest("target", (400,)) == 400
    assert Functional(Pair(12, (6,), (50,), (2, 70)))._widest("target", (12,)) == 70
    assert Functional(convolutions())._widest("target", (6, 5, 1)) == 6 * 6 * 8
    twice = L.Dense(12)
    x = keras.Input((12,))
    assert Functional(Pair(12, (keras.Model(x, twice(twice(x))),), (), (2, 2)))._widest("target", (12,)) >= 12


MEMORY = """
import resource, sys
import keras, numpy as np
from transferlib.functional import Functional, predict
from transferlib.networks import Pair
L = keras.layers
layers = [L.Conv2D(64, 3, padding="same", activation="relu") for _ in range(2)]
pair = Pair((64, 64, 1), (*layers, L.GlobalAveragePooling2D()), (), classes=(2, 2))
weights, x = pair.fresh(0), np.ones((400, 64, 64, 1), np.float32)
predict(pair, weights, x[:1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if sys.argv[1] == "predict":
    predict(pair, weights, x)
else:
    import tensorflow as tf
    net = Functional(pair)
    theta, state = net.split(weights)
    score = tf.function(lambda x, y: net.evaluate("target", theta, state, x, y), autograph=False)
    score(tf.constant(x), tf.constant(np.zeros(400, np.int32)))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory otherwise")
@pytest.mark.parametrize("what", ["predict", "evaluate"])
def test_many_pictures_take_no_more_memory_than_some(what):
    env = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    command = [sys.executable, "-c", MEMORY, what]
    more = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    assert int(more.split()[-1]) <= 120, f"{more} MB more for 400 pictures"


def lost(pair, value=np.nan):
    weights = pair.fresh(0)
    weights["target"][-1] = weights["target"][-1] + np.float32(value)
    return weights


@pytest.mark.parametrize("classes", [3, None], ids=["classes", "a regression"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_an_answer_that_is_no_number_is_neither_right_nor_class_0(classes, value):
    pair = Pair(12, (6,), (), classes=(2, classes))
    x, y = np.ones((5, 12), np.float32), np.zeros(5, np.int32) if classes else np.arange(5, dtype=np.float32)
    net = Functional(pair)
    score = net.evaluate("target", *net.split(lost(pair, value)), x, y)
    assert np.isnan(score).all(), "an accuracy would be that of a network that always says class 0"
    with pytest.raises(ValueError, match=r"answer to row 0 is not a number \(NaN\): these weights are no numbers either"):
        predict(pair, lost(pair, value), x)
    x[3, 2] = np.nan
    with pytest.raises(ValueError, match=r"answer to row 3 is not a number \(NaN\): look at that row"):
        predict(pair, pair.fresh(0), x)
    assert np.isnan(net.evaluate("target", *net.split(pair.fresh(0)), x, y)[1])


def test_a_run_that_went_astray_has_no_accuracy():
    rng = np.random.default_rng(0)
    task = Task.split("t", rng.normal(size=(60, 12)), rng.integers(0, 2, 60), "ab", test=20)
    pair = Pair(12, (6,), (), classes=(2, 2))
    weights = pair.fresh(0)
    weights["shared"][0][:] = np.nan
    run = train(pair, task, SHARE_WEIGHTS, source=task, weights=weights, steps=5)
    assert np.isnan([run.target_loss, run.target_accuracy]).all() and np.isnan(run.source_accuracy[-1])


@pytest.mark.parametrize("kind", [np.float64, np.float16, list])
def test_weights_of_another_precision_are_taken_as_the_networks_own(kind):
    pair, rng = convolutions((2, 2)), np.random.default_rng(0)
    task = Task.split("t", rng.normal(size=(60, 6, 5, 1)), rng.integers(0, 2, 60), "ab", test=20)
    half = {part: [np.float32(np.float16(a)) for a in values] for part, values in pair.fresh(0).items()}
    other = {part: [a.tolist() if kind is list else a.astype(kind) for a in values] for part, values in half.items()}
    strategy = SHARE_WEIGHTS.but(head="source")
    one, same = (train(pair, task, strategy, weights=weights, steps=3) for weights in (half, other))
    np.testing.assert_array_equal(one.target_loss, same.target_loss)
    for a, b in zip(one.weights["shared"], same.weights["shared"]):
        assert a.dtype == b.dtype == np.float32 and (a == b).all()
    assert (predict(pair, half, X) == predict(pair, other, X)).all()


@pytest.mark.parametrize("kind", [complex, str, object])
def test_weights_that_are_no_real_numbers_are_refused(kind):
    pair = Pair(12, (6,), (), classes=(2, 2))
    weights = pair.fresh(0)
    weights["shared"][0] = weights["shared"][0].astype(kind)
    with pytest.raises(ValueError, match="the weights of the shared part must be real numbers; they hold "):
        predict(pair, weights, np.ones((5, 12), np.float32))
