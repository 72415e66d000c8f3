"""Zero-shot recognition: the map to codes against plain NumPy, and what is never seen."""

import numpy as np
import pytest

from transferlib.changes import without
from transferlib.datasets import DIGITS
from transferlib.lessons.cross_modal_learning import zero_shot as module
from transferlib.lessons.cross_modal_learning.encoders import features
from transferlib.lessons.cross_modal_learning.zero_shot import (
    SEGMENTS,
    SPELLING,
    from_pixels,
    shuffled_codes,
    similarity,
    unseen_map,
    zero_shot,
)
from transferlib.networks import Pair
from transferlib.tasks import Task


@pytest.fixture(scope="module")
def task():
    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(10), 40)
    return Task.split("blobs", rng.normal(size=(10, 12))[y] + rng.normal(size=(400, 12)), y, DIGITS, test=100)


@pytest.fixture(scope="module")
def pair():
    return Pair(12, shared=(16,), private=(8,))


def test_the_map_and_the_similarity_by_hand(pair, task):
    """Ridge on centred features and codes, from the normal equations; cosines about the mean code."""
    code_map, new = unseen_map(pair, task, SEGMENTS, (3, 7), 1, steps=20)
    seen = without(task, (3, 7))
    f = features(module._encoder(pair, task, (3, 7), 1, 20), seen.x_train).astype(float)
    z, centre = SEGMENTS[seen.y_train], f.mean(0)
    f, offset = f - centre, z.mean(0)
    mapped = (new - centre) @ np.linalg.solve(f.T @ f + 10 * np.eye(16), f.T @ (z - offset))
    np.testing.assert_allclose(code_map.predict(new), mapped + offset, atol=1e-9)
    codes = SEGMENTS - offset
    cosine = mapped @ codes.T / np.linalg.norm(mapped, axis=1)[:, None] / np.linalg.norm(codes, axis=1)
    np.testing.assert_allclose(similarity(code_map, new, SEGMENTS), cosine, atol=1e-9)


def test_the_unseen_are_unseen(pair, task):
    assert not np.isin(without(task, (3, 7)).y_train, (3, 7)).any()
    x = np.where(np.isin(task.y_train, (3, 7))[:, None], 99, task.x_train)
    marked = Task("m", x, task.y_train, task.x_test, task.y_test, DIGITS)
    (a, here), (b, there), (c, peeked) = (
        unseen_map(pair, t, SEGMENTS, (3, 7), leak=leak, steps=20)
        for t, leak in ((task, False), (marked, False), (marked, True))
    )
    assert (here == there).all() and (a.predict(here) == b.predict(here)).all()
    assert not np.allclose(here, peeked), "with leak=True the network has seen them"


def test_unseen_is_a_set_in_any_order_and_form(pair, task):
    one = similarity(*unseen_map(pair, task, SEGMENTS, (1, 6), steps=20), SEGMENTS)
    for same in ([1, 6], (6, 1), np.array([1, 6]), {1, 6}):
        assert (similarity(*unseen_map(pair, task, SEGMENTS, same, steps=20), SEGMENTS) == one).all()
    assert similarity(*unseen_map(pair, task, SEGMENTS, (), steps=20), SEGMENTS).shape == (100, 10)


@pytest.mark.parametrize("unseen", [(1, 10), (1, -1), (1, 1), (1, 2.5), ((1, 6),), "16", range(10), None])
def test_unseen_digits_that_make_no_sense(pair, task, unseen):
    with pytest.raises(ValueError, match="unseen must hold different whole numbers 0 … 9, and not all"):
        unseen_map(pair, task, SEGMENTS, unseen)
    with pytest.raises(ValueError, match="unseen must hold"):
        zero_shot(np.zeros((10, 10)), np.arange(10), unseen)


def test_other_bad_input(pair, task):
    with pytest.raises(ValueError, match="one row for each of the 10 classes, not 9"):
        unseen_map(pair, task, SEGMENTS[:9], (1, 6))
    with pytest.raises(ValueError, match=r"unseen classes \[\]"):
        zero_shot(np.zeros((10, 10)), np.arange(10), ())


def test_zero_shot():
    table = np.array([[0.9, 0.1, 0.5], [0.9, 0.6, 0.2], [0.1, 0.9, 0.8]])
    assert zero_shot(table, np.array([2, 1, 2]), (1, 2)) == (2 / 3, 0.0)
    assert zero_shot(table, np.array([2, 1, 2]), (1, 2), 0.5) == (2 / 3, 2 / 3)


def test_the_codes():
    assert SEGMENTS.shape == (10, 7) and SPELLING.shape == (10, len(module.LETTERS))
    assert (SEGMENTS > 0).sum(1).tolist() == [6, 2, 5, 5, 4, 5, 6, 3, 7, 6]
    assert len(np.unique(SEGMENTS, axis=0)) == len(np.unique(SPELLING, axis=0)) == 10


def test_from_pixels_is_ridge_by_scikit_learn(task):
    """One pair of digits after the other, by scikit-learn's ridge; and shuffled codes are the same codes."""
    from itertools import combinations

    from sklearn.linear_model import Ridge

    codes = {"segments": SEGMENTS} | shuffled_codes(SEGMENTS, 2)
    assert all(sorted(map(tuple, c)) == sorted(map(tuple, SEGMENTS)) for c in codes.values()) and len(codes) == 3
    found, by_hand = from_pixels(task, codes, seed=1, rows=10**6), []
    for pair in combinations(range(10), 2):
        seen, rows = ~np.isin(task.y_train, pair), np.isin(task.y_test, pair)
        z = SEGMENTS[task.y_train[seen]]
        mapped = Ridge(10).fit(task.x_train[seen], z - z.mean(0)).predict(task.x_test[rows])
        table = mapped @ (SEGMENTS - z.mean(0)).T / np.linalg.norm(SEGMENTS - z.mean(0), axis=1)
        by_hand.append((np.array(pair)[table[:, pair].argmax(1)] == task.y_test[rows]).mean())
    assert found["segments"]["told_apart"] == pytest.approx(np.mean(by_hand), abs=2e-3)
    assert set(found["segments"]) == {"told_apart", "among_all", "read", "constant"}
