"""The exercises of lesson 01."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
from sklearn.preprocessing import StandardScaler

from tests.exercises import Tried, every, holds, solved
from transferlib.datasets import crop, mnist_originals, nist, pad, uci, uci_digits
from transferlib.lessons.source_and_target import exercises as source_and_target
from transferlib.networks import Pair
from transferlib.tasks import Task

TARGET = uci_digits()
BY_DIGIT = {0: np.array([0.9, 0.8]), 4: np.array([0.6, 0.5]), 9: np.array([0.2, 0.3])}


def made(rule, task=TARGET, classes=("small", "large"), **changes):
    return replace(task, y_train=rule(task.y_train), y_test=rule(task.y_test), classes=classes, **changes)


def large(y):
    return y >= 5


def full(s, t, over=0, ddof=0, spread=np.std):
    return (s - s.mean(over)) / spread(s, over, ddof=ddof) * spread(t, over, ddof=ddof) + t.mean(over)


def safe(s, t, ddof=0, grain=0.0):
    spread = s.std(0, ddof=ddof) + grain
    return (s - s.mean(0)) / (spread if grain else np.where(spread > 0, spread, 1)) * t.std(0, ddof=ddof) + t.mean(0)


def scaled(s, t):
    return StandardScaler().fit(t).inverse_transform(StandardScaler().fit_transform(s))


def by_columns(s, t):
    columns = [(a - a.mean()) / (a.std() or 1) * b.std() + b.mean() for a, b in zip(s.T, t.T)]
    return np.array(columns).T.tolist()


def in_place(s, t):
    s -= s.mean(0)
    s /= s.std(0) + (s.std(0) == 0)
    s *= t.std(0)
    s += t.mean(0)
    return s


def at_the_mean(s, t):
    return np.where(s.std(0) > 0, full(s, t), t.mean(0))


CASES = {
    "hardest": Tried(
        right=[
            9,
            9.0,
            np.int64(9),
            np.array(9),
            np.float32(9),
            tf.constant(9),
            np.array([9]),
            list(BY_DIGIT)[np.argmin([v.mean() for v in BY_DIGIT.values()])],
        ],
        wrong=[
            (0, "*best*"),
            (4, "of another digit"),
            (7, "7 is not a digit"),
            (-1, "-1 is not a digit"),
            ("nine", "a number is asked for, not 'nine'"),
            (0.25, "0.25 looks like an accuracy"),
            ([9, 4], "a number is asked for, not [9, 4]"),
            (BY_DIGIT[9], "a number is asked for, not [0.2, 0.3]"),
            (BY_DIGIT, "a number is asked for, not a dict"),
            (True, "a number is asked for, not True"),
        ],
        given=(BY_DIGIT,),
        names=dict(by_digit=BY_DIGIT),
    ),
    "large": Tried(
        right=[
            made(lambda y: y > 4),
            made(lambda y: y // 5),
            made(lambda y: np.where(y < 5, 0, 1)),
            made(lambda y: [int(digit in (5, 6, 7, 8, 9)) for digit in y]),
            made(lambda y: (y >= 5).astype(float)),
            made(large, classes=["0–4", "5–9"]),
            made(large, classes=("not large", "large")),
            made(large, classes=("small", "not small")),
            made(large, name="mine"),
            Task("t", TARGET.x_train, TARGET.y_train > 4, TARGET.x_test, TARGET.y_test > 4, "sl", TARGET.picture),
        ],
        wrong=[
            (made(lambda y: y % 2), "even or odd"),
            (made(lambda y: y < 5), "exchanged"),
            (made(lambda y: y > 5), "calls 5 small"),
            (made(lambda y: y >= 4), "calls 4 large"),
            (made(lambda y: y >= 7), "where the digit is 5 or more"),
            (TARGET, "it has 10 classes"),
            (made(large, replace(TARGET, x_train=1 - TARGET.x_train)), "not the target's"),
            (made(large, classes=("large", "small")), "the opposite"),
            (made(large, picture=None), "leave picture at (10, 10)"),
            (replace(made(large), y_test=TARGET.y_test % 2), "y_test says even or odd"),
            (made(lambda y: (y >= 5).astype(float), classes=None), "no classes, which makes it a regression"),
            (5, "a Task is asked for"),
        ],
        alike=[
            (made(large, classes=two), "the opposite")
            for two in (("large", "not large"), ("not small", "small"), ("5–9, large", "0–4, small"))
        ],
        given=(TARGET,),
        names=dict(target=TARGET, replace=replace),
    ),
    "mapping": Tried(
        right=[
            scaled,
            by_columns,
            in_place,
            at_the_mean,
            lambda s, t: safe(s, t, ddof=1),
            lambda s, t: safe(s, t, grain=1e-6),
            lambda s, t: safe(s, t).astype(np.float32),
            lambda s, t: np.nan_to_num((s - s.mean(0)) / s.std(0)) * t.std(0) + t.mean(0),
        ],
        wrong=[
            (lambda s, t: (s - s.mean(0)) / s.std(0), "it standardises, but stops there"),
            (lambda s, t: s - s.mean(0) + t.mean(0), "leaves the spread"),
            (lambda s, t: full(s, t, None), "axis=0"),
            (lambda s, t: full(s, t, spread=np.var), "variance"),
            (lambda s, t: (s - s.mean(0)) * s.std(0) / t.std(0) + t.mean(0), "upside down"),
            (lambda s, t: full(s, t) - t.mean(0), "mean is still missing"),
            (lambda s, t: s, "the target has"),
            (lambda s, t: t, "the shape (60, 5), and returns numbers of the shape (40, 5)"),
            (lambda s, t: 2 * t.mean(0) - safe(s, t), "but not by (x - mean) / spread"),
            (lambda s, t: safe(s, t, grain=1e-3), "1e-6 is enough"),
            (lambda s, t: full(t, s), "the *target*, mapped"),
            (lambda s, t: (s - s.mean(0)) / np.maximum(s.std(0), 1) * t.std(0) + t.mean(0), "a small spread"),
            (lambda s, t: full(s, t) + s.mean(0) / s.std(0) * t.std(0), "own mean is not taken away"),
            (lambda s, t: (s - t.mean(0)) / t.std(0), "begin with the source's own"),
            (full, "NaN"),
            (lambda s, t: np.nan_to_num(full(s, t)), "becomes 0"),
            (lambda s, t: full(s, t)[:, s.std(0) > 0], "the shape (60, 5)"),
            (lambda s, t: np.where(s.std(0) > 0, full(s, t), 7), "the mapped rows have means [7."),
            (lambda s, t: print(end=""), "is there a `return`"),
            (lambda s: s, "yours takes (s)"),
            (3, "a function of (x_source, x_target)"),
        ],
        alike=[(lambda s, t: (s - s.mean(1)[:, None]) / s.std(1)[:, None] * t.std(0) + t.mean(0), "axis=0")],
    ),
    "prepare": Tried(
        right=[
            lambda p: tf.constant(nist(p) * 0.95),
            lambda picture: (tuple(row) for row in (uci(picture) ** 0.9).astype(np.float32)),
            lambda picture: (uci(picture) > 0.5).astype(int),
        ],
        wrong=[
            (pad, "`pad`"),
            (crop, "`crop`"),
            (uci, "`uci`"),
            (nist, "`nist`"),
            (lambda p: p, "8 × 8"),
            (lambda p: pad(p) * 255, "0 to 1 is wanted"),
            (lambda p: pad(p) * np.nan, "NaN"),
            (lambda p: (uci(p) ** 0.9)[: 8 - np.array_equal(p, mnist_originals()[0][1])], "of shape (7, 8)"),
            (lambda p: pad(p).T, "Look at the two pictures"),
            (lambda p: crop(p) // 2, "comes back empty"),
            (lambda p: np.minimum(crop(p) * 1.02, 1), "may be luck"),
            (lambda p: print(end=""), "is there a `return`"),
            (lambda p: p.nothing, "your answer raised AttributeError"),
            (8, "a function of (picture)"),
        ],
        given=(Pair(100, shared=(64,), private=(64,), classes=(10, 10)), TARGET),
    ),
}


@pytest.mark.parametrize("name", every(source_and_target))
def test_exercise(name):
    holds(every(source_and_target)[name], CASES[name])


def test_mapping_agrees_with_scikit_learn():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(50, 7)) * 3, rng.normal(size=(30, 7)) + 2
    a[:, 2] = 4.0
    np.testing.assert_allclose(solved(source_and_target.mapping)(a, b), scaled(a, b), atol=1e-9)


def test_the_readers_pictures_are_not_changed_by_their_code():
    def answer(picture):
        picture[:] = 0
        return np.ones((8, 8))

    before = mnist_originals()[0][0].copy()
    assert "✗" in source_and_target.prepare.check(answer, *CASES["prepare"].given).text
    assert (mnist_originals()[0][0] == before).all()
