"""The exercises of lesson 14 take right answers however they are written, and have a word for each likely mistake."""

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from tests.exercises import Tried, every, holds
from transferlib.lessons.what_to_share import exercises as what_to_share

LAYERS = np.arange(4)


def by_quarters(done):
    joined = min(4, int(4 * done) + 1)
    return [0] * (4 - joined) + [1] * joined


def by_steps(done):
    far = [0, 0, 0, 1]
    for layer, begin in ((2, 0.25), (1, 0.5), (0, 0.75)):
        if done >= begin:
            far[layer] = 1
    return tuple(far)


def by_tape(w, start, strength):
    w = tf.Variable(w)
    with tf.GradientTape() as tape:
        loss = strength * tf.reduce_sum((w - start) ** 2)
    return tape.gradient(loss, w)


def by_loop(w, start, strength):
    return [2 * strength * (a - b) for a, b in zip(w, start)]


def by_frame(valid, test):
    return pd.DataFrame(test)[pd.DataFrame(valid).mean().idxmax()].mean()


def by_product(n, factor):
    made = [1.0]
    while len(made) < n:
        made.insert(0, made[0] / factor)
    return made


def chosen_by(best):
    return lambda valid, test: test[:, best(valid)].mean()


ONE_NUMBER = [
    lambda valid: valid.max(0).argmax(),
    lambda valid: valid.min(0).argmax(),
    lambda valid: valid[0].argmax(),
    lambda valid: valid[-1].argmax(),
    lambda valid: np.bincount(valid.argmax(1)).argmax(),
    lambda valid: (valid > 0.65).sum(0).argmax(),
]
CASES = {
    "gradual": Tried(
        right=[
            by_quarters,
            by_steps,
            lambda done: (done >= (3 - LAYERS) / 4).astype(float),
            lambda done: np.where(done >= np.array([0.75, 0.5, 0.25, 0]), 1, 0),
            lambda done: [done >= 0.75, done >= 0.5, done >= 0.25, True],
            lambda done: tf.cast(done >= np.array([0.75, 0.5, 0.25, 0]), tf.float32),
            lambda done: (float(done >= begin) for begin in (0.75, 0.5, 0.25, 0)),
            lambda done: np.heaviside(done - np.array([0.75, 0.5, 0.25, 0]), 1),
        ],
        wrong=[
            ([0, 0, 0, 1], "a function of (done)"),
            (lambda done: print(end=""), "`return`"),
            (lambda done: by_quarters(done)[::-1], "last layer comes first"),
            (lambda done: [float(layer == 3 - min(3, int(4 * done))) for layer in range(4)], "one layer moves at a time"),
            (lambda done: [done >= 1, done >= 0.75, done >= 0.5, done >= 0.25], "a quarter too long"),
            (lambda done: [done > 0.75, done > 0.5, done > 0.25, 1], ">= and not >"),
            (lambda done: [np.ceil(4 * done) >= 3 - layer for layer in range(4)], "when a quarter is *over*"),
            (lambda done: [1] * 4, "all four layers"),
            (lambda done: [done < 0.75, done < 0.5, done < 0.25, 0], "0 and 1 are exchanged"),
            (lambda done: [0, done >= 0.5, done >= 0.25, 1], "never moves"),
            (lambda done: [done >= 1, done >= 2 / 3, done >= 1 / 3, 1], "a quarter apart"),
            (lambda done: np.clip([4 * done - 2, 4 * done - 1, 4 * done, 1], 0, 1), "by parts"),
            (lambda done: [done >= 0.5, done >= 0.25, 1, 1], "a quarter too early"),
            (lambda done: [done >= 75, done >= 50, done >= 25, 1], "done goes from 0 to 1"),
            (lambda done: [done >= 0.75, done >= 0.5, done >= 0.25, 0], "stands still in yours"),
            (lambda done: [done >= 0.25, done >= 0.5, done >= 0.75, 1], "the first comes at the end"),
            (lambda done: [1] * 4 if done >= 0.25 else [0, 0, 0, 1], "join in together"),
            (lambda done: [done] * 4, "instead of"),
        ],
        alike=[
            (lambda done: [done > 0.75, done > 0.5, done > 0.25, done > 0], ">= and not >"),
            (lambda done: [round(4 * done) >= 3 - layer for layer in range(4)], "round 4 · done down"),
        ],
    ),
    "pull": Tried(
        right=[
            by_tape,
            by_loop,
            lambda w, start, strength: strength * (w - start) * 2,
            lambda w, start, strength: 2 * strength * np.subtract(w, start),
            lambda w, start, strength: -2 * strength * (start - w),
            lambda w, start, strength: 2 * (strength * w - strength * start),
            lambda w, start, strength: pd.Series(2 * strength * (w - start)),
            lambda w, start, strength: np.diag(2 * strength * np.ones(len(w))) @ (w - start),
        ],
        wrong=[
            (0.1, "a function of"),
            (lambda w, start, strength: 2 * strength * w, "weight decay"),
            (lambda w, start, strength: 2 * strength * (start - w), "leads away"),
            (lambda w, start, strength: strength * (w - start), "the 2 of"),
            (lambda w, start, strength: strength * sum((w - start) ** 2), "the penalty itself"),
            (lambda w, start, strength: strength * (w - start) ** 2, "the penalty's terms"),
            (lambda w, start, strength: 2 * strength * (w - start) ** 2, "the square is still there"),
            (lambda w, start, strength: strength * np.sign(w - start), "|w - start|"),
            (lambda w, start, strength: 2 * (w - start), "left out"),
            (lambda w, start, strength: 2 * strength * np.mean(w - start), "the shape"),
            (lambda w, start, strength: 2 * strength * (w - start) / len(w), "the number of weights"),
            (lambda w, start, strength: strength * (w - start) / np.linalg.norm(w - start), "by its length"),
            (lambda w, start, strength: w - 2 * strength * (w - start), "after a step"),
            (lambda w, start, strength: 2 * strength * np.abs(w - start), "the sign is lost"),
            (lambda w, start, strength: 2 * strength * w - start, "a bracket"),
            (lambda w, start, strength: strength * (w**2 - start**2), "not each of the two"),
            (lambda w, start, strength: 2 * strength * (w - start) * w, "is 1, not w"),
            (lambda w, start, strength: w, "instead of"),
        ],
        alike=[
            (lambda w, start, strength: start - w, "leads away"),
            (lambda w, start, strength: (w - start) ** 2, "the penalty's terms"),
            (lambda w, start, strength: strength * abs(w - start), "the sign is lost"),
        ],
    ),
    "chosen": Tried(
        right=[
            by_frame,
            lambda valid, test: test.mean(0)[valid.mean(0).argmax()],
            lambda valid, test: test.mean(axis=0)[np.argmax(valid.sum(axis=0))],
            lambda valid, test: max(zip(valid.mean(0), test.mean(0)))[1],
            lambda valid, test: [test[:, valid.mean(0).argmax()].mean()],
            lambda valid, test: np.average(test[:, np.argsort(valid.mean(0))[-1]]),
            lambda valid, test: float(test.T[np.argmin(-valid.mean(0))].mean()),
            lambda valid, test: sum(row[valid.mean(0).argmax()] for row in test) / len(test),
        ],
        wrong=[
            (0.7, "a function of (valid, test)"),
            (lambda valid, test: test.mean(0).max(), "looks at test"),
            (lambda valid, test: test.max(), "the best single number"),
            (lambda valid, test: np.mean([t[v.argmax()] for v, t in zip(valid, test)]), "anew in every draw"),
            (lambda valid, test: valid.mean(0).max(), "which was used to choose"),
            (lambda valid, test: valid.mean(0).argmax(), "the block's number"),
            (lambda valid, test: test[:, valid.mean(0).argmin()].mean(), "the worst block"),
            (lambda valid, test: test[:, -1].mean(), "does not choose"),
            (lambda valid, test: test.mean(), "over all blocks"),
            (lambda valid, test: test[:, valid.mean(0).argmax()], "one number a draw"),
            (lambda valid, test: test[:, np.median(valid, axis=0).argmax()].mean(), "by its median"),
            (lambda valid, test: test[valid.mean(1).argmax()].mean(), "over axis 0"),
            (lambda valid, test: valid[:, test.mean(0).argmax()].mean(), "changed places"),
            (lambda valid, test: np.median(test[:, valid.mean(0).argmax()]), "the block is right"),
            (lambda valid, test: 0.5, "instead of"),
        ],
        alike=[
            *((chosen_by(best), "take the largest mean") for best in ONE_NUMBER),
            (lambda valid, test: test[:, 0].mean(), "does not choose"),
            (lambda valid, test: valid.max(1).mean(), "which was used to choose"),
            (lambda valid, test: test.ravel()[valid.argmax()], "take the largest mean"),
            (lambda valid, test: test[:, valid.mean(0).argmax()].min(), "the block is right"),
        ],
    ),
    "rates": Tried(
        right=[
            by_product,
            lambda n, factor: factor ** np.arange(1.0 - n, 1),
            lambda n, factor: [1 / factor**above for above in reversed(range(n))],
            lambda n, factor: np.geomspace(factor ** (1 - n), 1, n),
            lambda n, factor: np.exp(-np.log(factor) * np.arange(n)[::-1]),
            lambda n, factor: np.cumprod(np.r_[1, np.full(n - 1, 1 / factor)])[::-1],
            lambda n, factor: tuple(1 / factor ** (n - 1 - layer) for layer in range(n)),
            lambda n, factor: np.flip([factor**-above for above in range(n)]),
        ],
        wrong=[
            ([1.0], "a function of (n, factor)"),
            (lambda n, factor: [factor**-layer for layer in range(n)], "the first layer is the fastest"),
            (lambda n, factor: [factor ** (layer - n) for layer in range(n)], "last layer's rate should be 1"),
            (lambda n, factor: [factor ** (n - 1 - layer) for layer in range(n)], "do not multiply"),
            (lambda n, factor: np.linspace(1 / factor, 1, n), "equal steps"),
            (lambda n, factor: [1 / factor] * (n - 1) + [1], "have one rate"),
            (lambda n, factor: [1 / max(1, factor * (n - 1 - i)) for i in range(n)], "the number of layers above"),
            (lambda n, factor: [1] * n, "the factor is left out"),
            (lambda n, factor: [10.0 ** (i + 1 - n) for i in range(n)], "not of 10"),
            (lambda n, factor: np.geomspace(1 / factor, 1, n), "by one factor in all"),
            (lambda n, factor: (made := factor ** np.arange(1.0 - n, 1)) / made.sum(), "they add up to 1"),
            (lambda n, factor: [1 / factor] * n, "all layers have one rate"),
            (lambda n, factor: [1 / (1 + factor * (n - 1 - i)) for i in range(n)], "divides by 1 +"),
            (lambda n, factor: [0.0] * (n - 1) + [1], "stand still"),
            (lambda n, factor: factor, "the shape (4,), and returns one number"),
        ],
        alike=[
            (lambda n, factor: np.linspace(factor ** (1 - n), 1, n), "equal steps"),
            (lambda n, factor: [1 / (n - layer) for layer in range(n)], "the factor is left out"),
        ],
    ),
}


@pytest.mark.parametrize("name", every(what_to_share))
def test_exercise(name):
    holds(every(what_to_share)[name], CASES[name])
