"""Lesson 01: its exercises, its small functions against independent ones, and its pictures."""

import numpy as np
import pytest

from transferlib.changes import redrawn
from transferlib.datasets import mnist, uci_digits
from transferlib.experiments import opinions, predict, source_weights, untouched
from transferlib.networks import Pair


@pytest.fixture(scope="module")
def tasks():
    return mnist(), uci_digits()


@pytest.fixture(scope="module")
def pair():
    return Pair(100, shared=(64,), private=(64,), classes=(10, 10))


def test_predict_is_the_keras_model(pair, tasks):
    weights = source_weights(pair, tasks[0], 0)
    before, rows = pair.weights(), tasks[1].x_test[:50]
    said = predict(pair, weights, rows, "source")
    assert all(np.array_equal(a, b) for part in before for a, b in zip(before[part], pair.weights()[part]))
    pair.load(weights)
    np.testing.assert_allclose(said, pair.model("source").predict(rows, verbose=0), atol=1e-6)
    pair.load(before)
    accuracy = (predict(pair, weights, tasks[1].x_test, "source").argmax(1) == tasks[1].y_test).mean()
    assert untouched(pair, *tasks, seeds=1) == pytest.approx([accuracy])


def test_opinions_are_probabilities(pair, tasks):
    said = opinions(pair, *tasks, tasks[1].x_test[:1], per_class=2, seeds=2)
    assert list(said)[0] == "untouched source" and len(said) == 5
    for p in said.values():
        assert p.shape == (2, 10)
        np.testing.assert_allclose(p.sum(1), 1, atol=1e-5)


def test_changed_by_hand():
    picture = np.zeros((5, 5), np.float32)
    picture[2, 2] = 1
    cross = picture.copy()
    cross[[1, 3, 2, 2], [2, 2, 1, 3]] = 1
    np.testing.assert_allclose(redrawn(picture), picture)
    np.testing.assert_allclose(redrawn(picture, right=1, down=-1), np.roll(picture, (-1, 1), (0, 1)))
    np.testing.assert_allclose(redrawn(picture, right=0.5)[2], [0, 0, 0.5, 0.5, 0])
    np.testing.assert_allclose(redrawn(picture, thicker=1), cross)
    np.testing.assert_allclose(redrawn(picture, thicker=0.5), 0.5 * picture + 0.5 * cross)
    np.testing.assert_allclose(redrawn(cross, thicker=-1), picture)
    np.testing.assert_allclose(redrawn(picture, right=5), 0)
    for bad in (dict(thicker=2), dict(thicker=float("nan"))):
        with pytest.raises(ValueError, match="thicker"):
            redrawn(picture, **bad)
    with pytest.raises(ValueError, match="one picture"):
        redrawn(np.zeros(100))
