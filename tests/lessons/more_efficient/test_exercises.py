"""The exercises of lesson 15."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import linalg
from sklearn.decomposition import TruncatedSVD

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


def svd(change, rank, keep=lambda s, rank: np.arange(len(s)) < rank):
    u, s, vt = np.linalg.svd(change, full_matrices=False)
    return u @ np.diag(s * keep(s, rank)) @ vt


def turned(change, rank):
    u, s, vt = np.linalg.svd(change, full_matrices=False)
    return (u[:, :rank] * s[:rank]) @ vt[:, :rank].T


def by_products(change, rank):
    u, s, vt = linalg.svd(change)
    return sum(s[i] * np.outer(u[:, i], vt[i]) for i in range(rank))


def by_projection(change, rank):
    u = np.linalg.svd(change)[0][:, :rank]
    return u @ u.T @ change


def by_eigenvectors(change, rank):
    v = np.linalg.eigh(change.T @ change)[1][:, ::-1][:, :rank]
    return change @ v @ v.T


def by_powers(change, rank):
    left = change.copy()
    for _ in range(rank):
        v = np.ones(change.shape[1])
        for _ in range(3000):
            v = left.T @ (left @ v)
            v /= np.linalg.norm(v)
        left = left - np.outer(left @ v, v)
    return change - left


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
            (lambda n, m: 7, "instead of"),
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
            (lambda b, o, w: 2, "instead of"),
        ],
    ),
    "cut_to_rank": Tried(
        right=[
            svd,
            by_products,
            by_projection,
            by_eigenvectors,
            by_powers,
            lambda c, r: np.asarray(np.matrix(svd(c, r))).tolist(),
            lambda c, r: svd(c.T, r).T,
            lambda c, r: (lambda t: t.inverse_transform(t.fit_transform(c)))(TruncatedSVD(r, algorithm="arpack")),
        ],
        wrong=[
            (np.eye(3), "a function of (change, rank)"),
            (lambda c, r: print(end=""), "`return`"),
            (lambda c, r: svd(c, r, lambda s, r: (np.arange(len(s)) < r) / s), "have length 1"),
            (lambda c, r: svd(c, r, lambda s, r: np.arange(len(s)) >= len(s) - r), "*smallest*"),
            (lambda c, r: svd(c, r + 1), "too many"),
            (lambda c, r: svd(c, r - 1), "too few"),
            (lambda c, r: c - svd(c, r), "keeps the rest"),
            (lambda c, r: c, "all of the change"),
            (lambda c, r: svd(c, r, lambda s, r: s * (np.arange(len(s)) < r)), "not squared"),
            (lambda c, r: np.vstack([c[:r], 0 * c[r:]]), "the first rows or columns"),
            (lambda c, r: np.linalg.svd(c)[1][:r], "singular values, and the matrix"),
            (turned, "its first *rows*"),
            (lambda c, r: svd(c, r) + 1, "instead of"),
        ],
    ),
    "other_target": Tried(
        right=[
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
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_answers(name):
    holds(every(more_efficient)[name], CASES[name])
