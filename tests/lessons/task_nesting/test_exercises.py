"""The exercises of lesson 09."""

import keras
import numpy as np
import pytest
from scipy import signal

from tests.exercises import Tried, every, holds
from tests.page import page
from transferlib.lessons.task_nesting import exercises as task_nesting

Dense = keras.layers.Dense


class Curve:
    """A run that has a curve and nothing else."""

    def __init__(self, *heights):
        self.step, self.target_accuracy, self.seed = 500 * np.arange(len(heights)), np.array(heights), 0


TABLE = {
    "nested, from scratch": [Curve(0.1, 0.2, 0.3, 0.5, 0.6)],
    "un-nested, from scratch": [Curve(0.0, 0.4, 0.45, 0.45, 0.45)],
}
READ = np.array([0.7, 0.9])


def by_diagonals(p, q):
    table = np.outer(p, q)[:, ::-1]
    return [table.trace(9 - s) for s in range(19)]


def by_counting(p, q):
    return np.bincount(np.add.outer(np.arange(10), np.arange(10)).ravel(), np.outer(p, q).ravel())


def by_shifts(p, q):
    out = np.zeros(19)
    for a in range(10):
        out[a : a + 10] += p[a] * q
    return out


def by_sums(p, q):
    return [sum(p[a] * q[s - a] for a in range(10) if 0 <= s - a < 10) for s in range(19)]


def overwritten(p, q):
    out = np.zeros(19)
    for a in range(10):
        for b in range(10):
            out[a + b] = p[a] * q[b]
    return out


def added(p, q):
    return np.convolve(p, np.ones(10)) + np.convolve(q, np.ones(10))


def half_the_pairs(p, q):
    out = np.zeros(19)
    for a in range(10):
        for b in range(a, 10):
            out[a + b] += p[a] * q[b]
    return out


def shuffled(readings, rng):
    flat = readings.reshape(-1, 10)
    rng.shuffle(flat)
    return flat.reshape(readings.shape)


def dealt(readings, rng):
    order = rng.permutation(2 * len(readings))
    return np.array([readings[i // 2, i % 2] for i in order]).reshape(readings.shape)


def deranged(readings, rng):
    """Every reading goes to a place that is not its own: each to the next in one random round."""
    flat, round_ = readings.reshape(-1, 10), rng.permutation(2 * len(readings))
    out = np.empty_like(flat)
    out[np.roll(round_, 1)] = flat[round_]
    return out.reshape(readings.shape)


def by_noise(readings, rng):
    return readings.reshape(-1, 10)[np.argsort(rng.random(2 * len(readings)))].reshape(readings.shape)


def crossed(readings, rng):
    return np.stack([rng.permutation(readings[:, 1]), rng.permutation(readings[:, 0])], 1)


def in_halves(readings, rng):
    return np.concatenate([shuffled(half, rng) for half in (readings[:25], readings[25:])])


def first_twenty(readings, rng):
    readings[:10] = rng.permutation(readings[:10].reshape(-1, 10)).reshape(10, 2, 10)
    return readings


def h(join, units=64, end="softmax", out=19):
    def answer(pictures, hidden, reading):
        x = join(reading)
        x = Dense(units, activation="relu")(x) if units else x
        return Dense(out, activation=end)(x)

    return answer


def both_ways(pictures, hidden, reading):
    layer, end = Dense(64, activation="relu"), Dense(19, activation="softmax")
    join = keras.layers.Concatenate()
    ways = (join([reading[:, 0], reading[:, 1]]), join([reading[:, 1], reading[:, 0]]))
    return keras.layers.Average()([end(layer(x)) for x in ways])


def each_then_added(pictures, hidden, reading):
    layer = Dense(32, activation="tanh")
    return Dense(19, activation="softmax")(layer(reading[:, 0]) + layer(reading[:, 1]))


def nosy(pictures, hidden, reading):
    return Dense(19, activation="softmax")(hidden[:, 0] + hidden[:, 1])


def lost(pictures, hidden, reading):
    return Dense(19, activation="softmax")(0 * (reading[:, 0] + reading[:, 1]))


CASES = {
    "overtaking": Tried(
        right=[
            1500,
            1500.0,
            np.int64(1500),
            np.float32(1500),
            np.array(1500),
            TABLE["nested, from scratch"][0].step[3],
            np.uint16(1500),
            3 * 500,
        ],
        wrong=[
            (500, "ahead, by 20.0"),
            (1000, "ahead, by 15.0"),
            (2000, "ahead sooner"),
            (0, "only guess"),
            (3, "not measured at 3,"),
            (1200, "not measured at 1200"),
            (0.5, "looks like an accuracy"),
            ("ten", "a number"),
        ],
        given=(TABLE,),
        names=dict(results=TABLE),
    ),
    "both_right": Tried(
        right=[
            0.8**2,
            np.float32(0.64),
            np.float64(0.64),
            np.square(0.8),
            np.array(0.64),
            0.641,
            16 / 25,
            np.prod([0.8] * 2),
            READ**2,
        ],
        wrong=[
            (0.8, "one reading"),
            (0.6, "the worst case"),
            (0.96, "at least one"),
            (0.04, "both are wrong"),
            (0.32, "twice; got 0.320"),
            (1.6, "above 1"),
            (64, "in per cent"),
            (0.3, "twice; got 0.300"),
            (80, "no probability"),
        ],
        given=(READ,),
        names=dict(readers={"stacking": READ}),
    ),
    "addition": Tried(
        right=[
            np.convolve,
            signal.convolve,
            by_diagonals,
            by_counting,
            by_shifts,
            by_sums,
            lambda p, q: np.fft.irfft(np.fft.rfft(p, 19) * np.fft.rfft(q, 19), 19),
            lambda p, q: np.polymul(p, q),
        ],
        wrong=[
            (np.outer, "10 × 10"),
            (lambda p, q: np.convolve(p, q[::-1]), "the difference of the two"),
            (lambda p, q: np.eye(19)[p.argmax() + q.argmax()], "where is the doubt"),
            (lambda p, q: np.convolve(p, p), "the likeliest sum is 4 (0.40) in yours, and should be 5 "),
            (lambda p, q: np.convolve(q, q), "the likeliest sum is 8 (0.25) in yours"),
            (overwritten, "the last is left"),
            (added, "multiplied, not added"),
            (half_the_pairs, "1 + 2 and 2 + 1"),
            (lambda p, q: p + q, "adds the two vectors"),
            (lambda p, q: 2 * by_shifts(p, q), "add up to 2.000"),
            (lambda p, q: np.full(19, 1 / 19), "the likeliest sum is 0 (0.05) in yours, and should be 5 "),
            (lambda p, q: p.argmax() + q.argmax(), "not one sum"),
            (3, "a function of"),
        ],
    ),
    "swap": Tried(
        right=[
            shuffled,
            dealt,
            deranged,
            by_noise,
            lambda r, rng: rng.choice(r.reshape(-1, 10), 2 * len(r), replace=False).reshape(r.shape),
            lambda r, rng: r.reshape(-1, 10)[rng.permutation(2 * len(r))].reshape(-1, 2, 10),
            lambda r, rng: rng.permutation(np.concatenate(list(r))).reshape(r.shape).tolist(),
            lambda r, rng: rng.permutation(np.concatenate([r[:, 0], r[:, 1]])).reshape(r.shape),
        ],
        wrong=[
            (lambda r, rng: r, "it changes nothing"),
            (lambda r, rng: rng.permutation(r), "stay together"),
            (lambda r, rng: rng.permuted(r, axis=2), "*inside* each reading"),
            (lambda r, rng: rng.choice(r.reshape(-1, 10), 2 * len(r)).reshape(r.shape), "without replacement"),
            (lambda r, rng: np.stack([rng.permutation(r[:, 0]), rng.permutation(r[:, 1])], 1), "left readings stay left"),
            (lambda r, rng: rng.shuffle(r), "returns None"),
            (lambda r, rng: rng.permutation(r.reshape(-1, 10)), "and (100, 10) came out"),
            (lambda r, rng: np.roll(r.reshape(-1, 10), 3, 0).reshape(r.shape), "the same number of places"),
            (lambda r, rng: shuffled(r, np.random.default_rng(0)), "every rng gives the same order"),
            (lambda r, rng: shuffled(r, np.random.default_rng()), "the same rng gives another order"),
            (first_twenty, "readings stay where they were"),
            (crossed, "left readings all go to the right"),
            (in_halves, "the first rows and the last ones are shuffled apart"),
            (lambda r, rng: r[:, ::-1], "change places in a row"),
            (lambda r, rng: shuffled(r, rng) * 0.9, "never given"),
            (lambda r: r, "yours takes (r)"),
        ],
    ),
    "even_handed": Tried(
        right=[
            both_ways,
            each_then_added,
            h(lambda r: r[:, 0] + r[:, 1], 0),
            h(lambda r: keras.ops.mean(r, 1)),
            h(lambda r: keras.layers.GlobalAveragePooling1D()(r)),
            h(lambda r: keras.layers.Add()([r[:, 0], r[:, 1]])),
            h(lambda r: keras.ops.reshape(r[:, 0, :, None] * r[:, 1, None] + r[:, 1, :, None] * r[:, 0, None], (-1, 100))),
            h(lambda r: keras.ops.sum(r @ keras.ops.reshape(keras.ops.arange(10, dtype="float32"), (10, 1)), 1)),
        ],
        wrong=[
            (page("09").stacked, "left and right change places"),
            (page("09").adding, "nothing to learn"),
            (h(lambda r: r[:, 0] + r[:, 1], out=10), "h gives (None, 10)"),
            (h(lambda r: r[:, 0] + r[:, 1], end=None), "end with a softmax"),
            (nosy, "the pictures or at the hidden layer"),
            (lost, "it says the same whatever was read"),
            (h(lambda r: r[:, 0] * r[:, 1]), "it cannot tell"),
            (lambda p, h, r: r.nothing, "your answer raised AttributeError"),
            (lambda p, h, r: None, "returns nothing"),
            (Dense(19), "your answer raised TypeError"),
        ],
        names=dict(keras=keras),
    ),
}


@pytest.mark.parametrize("name", every(task_nesting))
def test_exercise(name):
    holds(every(task_nesting)[name], CASES[name])


@pytest.mark.parametrize("seed", range(20))
def test_a_right_swap_is_right_for_any_seed(seed):
    def answer(readings, rng):
        return by_noise(readings, np.random.default_rng([seed, rng.integers(2**32)]))

    assert "✓" in task_nesting.swap.check(answer).text


def test_the_mean_of_everything_keeps_nothing():
    """Each reading sums to 1, so the mean of all twenty numbers is the same for every picture."""
    said = task_nesting.even_handed.check(h(lambda r: keras.ops.mean(r, (1, 2))[:, None])).text
    assert "it says the same whatever was read" in said
