"""The exercises of lesson 15."""

import math
from fractions import Fraction

import numpy as np
import pytest
import tensorflow as tf

from tests.exercises import Tried, every, holds
from transferlib.lessons.more_efficient import exercises as more_efficient


def counting(n, m):
    rank = 0
    while (rank + 1) * (n + m) < n * m:
        rank += 1
    return rank


def trying(base, own, whole):
    n = 1
    while base + n * own >= n * whole:
        n += 1
    return n


def by_tape(x, g, A, B):
    x, g, A, B = map(tf.constant, (x, g, A, B))
    with tf.GradientTape() as tape:
        tape.watch(A)
        loss = tf.reduce_sum(g * (x @ (A @ B)))
    return tape.gradient(loss, A)


def by_differences(x, g, A, B):
    found = np.zeros_like(A)
    for at in np.ndindex(A.shape):
        step = np.zeros_like(A)
        step[at] = 1e-3
        found[at] = (g * (x @ ((A + step) @ B) - x @ ((A - step) @ B))).sum() / 2e-3
    return found


def by_rows(x, g, A, B):
    return sum(np.outer(row, B @ grad) for row, grad in zip(x, g))


def by_sign(merged, first, second):
    (a1, b1), (a2, b2) = first, second
    b1 *= -1
    return merged + a1 @ b1 + a2 @ b2


CASES = {
    "largest_rank": Tried(
        right=[
            counting,
            lambda n, m: math.ceil(n * m / (n + m)) - 1,
            lambda n, m: np.int64(np.ceil(n * m / (n + m)) - 1),
            lambda n, m: float((n * m - 1) // (n + m)),
            lambda n, m: math.ceil(Fraction(n * m, n + m)) - 1,
            lambda n, m: max((r for r in range(n) if r * n + r * m < n * m), default=0),
            lambda n, m: n * m // (n + m) - (n * m % (n + m) == 0),
            lambda n, m: [r for r in range(n * m) if n * r + r * m < n * m][-1],
        ],
        wrong=[
            (5, "a function of (n, m)"),
            (lambda n, m: None, "`return`"),
            (lambda n, m: n * m // (n + m), "*as many*"),
            (lambda n, m: n * m / (n + m), "a rank is a whole number"),
            (lambda n, m: math.floor(n * m / (n + m)) + 1, "no longer pays"),
            (lambda n, m: min(n, m), "that a matrix can have"),
            (lambda n, m: 0, "side by side"),
            (lambda n, m: (m - 1) // 2, "not r · n"),
            (lambda n, m: (n - 1) // 2, "not m · r"),
            (lambda n, m: n * m // (n + m) - 1, "one too low in some"),
            (lambda n, m: min(n, m) // 2, "a square matrix only"),
            (lambda n, m: round(n * m / (n + m)), "round down: the next"),
            (lambda n, m: n * m - n - m, "a number of numbers"),
            (lambda n, m: max(n, m), "has no such rank"),
            (lambda n, m: min(n, m) - 1, "below a matrix's full one"),
            (lambda n, m: 7, "instead of"),
        ],
        alike=[
            (lambda n, m: (n * m - 1) / (n + m), "a rank is a whole number"),
            (lambda n, m: (n * m - 2) // (n + m), "one too low in some"),
            (lambda n, m: (n * m - 1) // (n + m + 1), "one too low in some"),
            (lambda n, m: round(n * m / (n + m)) - 1, "one too low in some"),
            (lambda n, m: max(n, m) // 2, "a square matrix only"),
        ],
    ),
    "from_how_many": Tried(
        right=[
            trying,
            lambda base, own, whole: math.floor(base / (whole - own)) + 1,
            lambda b, o, w: int(b / (w - o)) + 1,
            lambda b, o, w: float(b // (w - o)) + 1,
            lambda b, o, w: next(n for n in range(1, 10**4) if b < n * (w - o)),
            lambda b, o, w: math.ceil((b + 1) / (w - o)),
            lambda b, o, w: np.argmax(b + np.arange(2000) * o < np.arange(2000) * w),
            lambda b, o, w: np.array([b // (w - o) + 1]),
        ],
        wrong=[
            (3, "a function of (base, own, whole)"),
            (lambda base, own, whole: print(end=""), "`return`"),
            (lambda b, o, w: math.ceil(b / (w - o)), "*as many* bytes"),
            (lambda b, o, w: b / (w - o), "a number of targets is whole"),
            (lambda b, o, w: b // (w - o), "not yet smaller"),
            (lambda b, o, w: b // w + 1, "whole − own bytes, not whole"),
            (lambda b, o, w: b // o + 1, "by the small part"),
            (lambda b, o, w: b // (w + o) + 1, "compare the two ways"),
            (lambda b, o, w: o // (abs(w - b) or 1) + 1, "not whole − base"),
            (lambda b, o, w: w // (w - o) + 1, "a whole network only"),
            (lambda b, o, w: round(b / (w - o)), "the nearest whole number"),
            (lambda b, o, w: math.ceil((b + o) / w), "not once"),
            (lambda b, o, w: math.ceil(b / w), "a tie is not fewer"),
            (lambda b, o, w: b // (o - w) + 1, "the sign is turned"),
            (lambda b, o, w: b // (w - o) + 2, "one too high"),
            (lambda b, o, w: (w - o) // b + 1, "upside down"),
            (lambda b, o, w: b + o - w, "for one target"),
            (lambda b, o, w: 2, "instead of"),
        ],
        alike=[
            (lambda b, o, w: b / (w - o) + 1, "a number of targets is whole"),
            (lambda b, o, w: b / w, "whole − own bytes, not whole"),
            (lambda b, o, w: b // o, "by the small part"),
            (lambda b, o, w: (b + o) // (w - o) + 1, "not once"),
            (lambda b, o, w: round(b / (w - o)) + 1, "one too high"),
        ],
    ),
    "gradient_of_a": Tried(
        right=[
            by_tape,
            by_differences,
            by_rows,
            lambda x, g, a, b: x.T @ g @ b.T,
            lambda x, g, a, b: (b @ g.T @ x).T,
            lambda x, g, a, b: np.einsum("in,im,rm->nr", x, g, b),
            lambda x, g, a, b: [[float((x[:, i] * (g @ row)).sum()) for row in b] for i in range(x.shape[1])],
            lambda x, g, a, b: np.tensordot(x, np.inner(g, b), axes=(0, 0)),
        ],
        wrong=[
            (np.eye(3), "a function of (x, g, A, B)"),
            (lambda x, g, a, b: print(end=""), "`return`"),
            (lambda x, g, a, b: x.T @ g, "the gradient of W"),
            (lambda x, g, a, b: a.T @ x.T @ g, "the gradient of B"),
            (lambda x, g, a, b: b @ g.T @ x, "the shape of A turned"),
            (lambda x, g, a, b: x.T @ g @ b.T / x.shape[0], "over the rows is in g"),
            (lambda x, g, a, b: -(x.T @ g @ b.T), "has no minus"),
            (lambda x, g, a, b: g @ b.T, "of h = x @ A"),
            (lambda x, g, a, b: a - 0.01 * x.T @ g @ b.T, "after a step"),
            (lambda x, g, a, b: x.T @ g @ np.linalg.pinv(b), "not inverted"),
            (lambda x, g, a, b: x.T @ g @ b.T / (len(g) * g.shape[1]), "number of entries"),
            (lambda x, g, a, b: np.outer(x.sum(0), (g @ b.T).sum(0)), "its own row of g"),
            (lambda x, g, a, b: 2 * x.T @ g @ b.T, "no factor 2"),
            (lambda x, g, a, b: x.T @ g @ b.T * a, "not multiplied by A"),
            (lambda x, g, a, b: x.T @ g @ b.T + x.T @ (x @ a), "nothing is to be added"),
            (lambda x, g, a, b: x.T @ (x @ a @ b) @ b.T, "y itself"),
            (lambda x, g, a, b: x.T @ g @ b.T + 1, "instead of"),
        ],
    ),
    "other_target": Tried(
        right=[
            by_sign,
            lambda m, one, two: m - one[0] @ one[1] + two[0] @ two[1],
            lambda merged, first, second: merged + second[0] @ second[1] - first[0] @ first[1],
            lambda m, f, s: m + np.hstack([s[0], -f[0]]) @ np.vstack([s[1], f[1]]),
            lambda m, f, s: np.add(np.subtract(m, np.dot(*f)), np.dot(*s)),
            lambda m, f, s: m - np.einsum("ir,rj", *f) + np.einsum("ir,rj", *s),
            lambda m, f, s: (m.T - f[1].T @ f[0].T + s[1].T @ s[0].T).T,
            lambda m, f, s: (m - np.matmul(*f) + np.matmul(*s)).tolist(),
            lambda m, f, s: m - sum(np.outer(a, b) for a, b in zip(f[0].T, f[1])) + s[0] @ s[1],
        ],
        wrong=[
            ("merged", "a function of (merged, first, second)"),
            (lambda m, f, s: print(end=""), "`return`"),
            (lambda m, f, s: m + s[0] @ s[1], "is still in it"),
            (lambda m, f, s: m - f[0] @ f[1], "the base again"),
            (lambda m, f, s: m + f[0] @ f[1] - s[0] @ s[1], "signs are turned"),
            (lambda m, f, s: m - f[0] @ f[1] - s[0] @ s[1], "both changes are taken off"),
            (lambda m, f, s: s[0] @ s[1], "change alone"),
            (lambda m, f, s: m, "nothing was changed"),
            (lambda m, f, s: m + f[0] @ f[1] + s[0] @ s[1], "both changes are added"),
            (lambda m, f, s: m - f[0] @ s[1] + s[0] @ f[1], "mixes the pairs"),
            (lambda m, f, s: m + (s[0] @ s[1] - f[0] @ f[1]) / 2, "averaged"),
            (lambda m, f, s: m - (f[0] - s[0]) @ (f[1] - s[1]), "product of two differences"),
            (lambda m, f, s: s[0] @ s[1] - f[0] @ f[1], "has to be added to `merged`"),
            (lambda m, f, s: m - s[0] @ s[1], "is not in `merged`"),
            (lambda m, f, s: m + f[0] @ f[1], "there twice"),
            (lambda m, f, s: m - 2 * f[0] @ f[1] + s[0] @ s[1], "taken off twice"),
            (lambda m, f, s: f[0] @ f[1] + s[0] @ s[1], "the base is not in it"),
            (lambda m, f, s: (m - f[0] @ f[1] + s[0] @ s[1]).T, "it is turned"),
        ],
        alike=[
            (lambda m, f, s: m - f[0] @ f[1] + f[0] @ s[1], "mixes the pairs"),
            (lambda m, f, s: m - s[0] @ f[1] + f[0] @ s[1], "mixes the pairs"),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_answers(name):
    holds(every(more_efficient)[name], CASES[name])
