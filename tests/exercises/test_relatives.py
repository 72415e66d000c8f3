"""The exercises of lesson 10."""

import numpy as np
import pytest
from sklearn.metrics.pairwise import cosine_distances, cosine_similarity

from tests.exercises import Run, Tried, every, holds
from transferlib.exercises import relatives
from transferlib.methods.domain_adaptation import coral_loss

TUNING = {"λ = 0": [Run(0.6, 0.9)], "λ = 0.5": [Run(0.65, 0.85)], "λ = 1": [Run(0.7, 0.8)], "λ = 3": [Run(0.5, 0.7)]}
RIGHT = ["adaptation", "multi-task", "cross-modal", "transfer"]


def but(**words):
    return [words.get(letter, right) for letter, right in zip("abcd", RIGHT)]


def less(t, d, s):
    t -= s * d
    return t


def loss(below=lambda d: 4 * d**2, cov=lambda a: np.cov(a.T), norm=lambda c: (c**2).sum()):
    return lambda a, b: norm(cov(a) - cov(b)) / below(a.shape[1])


def by_loops(a, b):
    def cov(x, i, j):
        return sum((r[i] - x[:, i].mean()) * (r[j] - x[:, j].mean()) for r in x) / (len(x) - 1)

    d = a.shape[1]
    return sum((cov(a, i, j) - cov(b, i, j)) ** 2 for i in range(d) for j in range(d)) / (4 * d * d)


def in_place(a, b):
    a -= a.mean(0)
    b -= b.mean(0)
    return np.square(a.T @ a / (len(a) - 1) - b.T @ b / (len(b) - 1)).sum() / (2 * a.shape[1]) ** 2


def scores(m, c, u):
    return m @ c[u].T / np.linalg.norm(c[u], axis=1)


def one_by_one(mapped, codes, unseen):
    return [max(unseen, key=lambda u: np.dot(row, codes[u]) / np.linalg.norm(codes[u])) for row in mapped]


def masked(mapped, codes, unseen):
    table = cosine_similarity(mapped, codes)
    table[:, [k for k in range(len(codes)) if k not in unseen]] = -np.inf
    return table.argmax(1)


def of_unit_length(mapped, codes, unseen):
    mapped /= np.linalg.norm(mapped, axis=1, keepdims=True)
    codes /= np.linalg.norm(codes, axis=1, keepdims=True)
    return np.array(unseen)[np.linalg.norm(mapped[:, None] - codes[unseen], axis=2).argmin(1)]


CASES = {
    "which": Tried(
        right=[
            tuple(RIGHT),
            np.array(RIGHT),
            [word.upper() for word in RIGHT],
            [word.capitalize() for word in RIGHT],
            [f" {word} " for word in RIGHT],
            dict(zip("abcd", RIGHT)),
        ],
        wrong=[
            ("transfer", "four words"),
            (RIGHT[:3], "a list of four words is asked for, one a situation, and there are 3"),
            (but(b="both"), "'both' is not one"),
            (but(a="transfer"), "narrower word"),
            (but(a="multi-task"), "no target label"),
            (but(b="transfer"), "the clinic wants both"),
            (but(b="adaptation"), "nothing to adapt to"),
            (but(c="adaptation"), "sound and text, and"),
            (but(c="multi-task"), "two kinds of data, not two tasks"),
            (but(d="adaptation"), "200 target labels"),
            (but(d="multi-task"), "nobody wants the German"),
            (but(d="cross-modal"), "a trained model"),
        ],
    ),
    "rule": Tried(
        right=["λ = 0", "λ=0", 0, 0.0, np.int64(0), "0", " λ = 0 ", "lambda = 0"],
        wrong=[
            ("λ = 7", "'λ = 7' is not one of the arms"),
            (0.9, "0.9 is not one of the arms"),
            ("λ = 1", "on the *target's* labels"),
            (3, "the *lowest* of all"),
            ("λ = 0.5", "another arm has more"),
        ],
        given=(TUNING,),
        names=dict(tuning=TUNING),
    ),
    "direction": Tried(
        right=[
            less,
            lambda t, d, s: -(s * d - t),
            lambda t, d, s: t + -s * d,
            lambda t, d, s: [a - s * b for a, b in zip(t, d)],
            lambda t, d, s: np.subtract(t, np.multiply(d, s)),
            lambda t, d, s: (t - s * d).astype(np.float32),
            lambda g_task, g_domain, strength=1.0: g_task - strength * g_domain,
            lambda t, d, s: np.array([1, -s]) @ np.stack([t, d]),
        ],
        wrong=[
            (3, "a function of"),
            (lambda t, d, s: t + s * d, "is not turned round"),
            (lambda t, d, s: -s * d, "never learns to read"),
            (lambda t, d, s: t - d, "the strength is missing"),
            (lambda t, d, s: t, "source-only training"),
            (lambda t, d, s: -(t - s * d), "that is the step itself"),
            (lambda t, d, s: -t - s * d, "both signs"),
            (lambda t, d, s: s * (t - d), "the domain's gradient alone"),
            (lambda t, d, s: s * t - d, "stands at the task's gradient"),
            (lambda t, d, s: (1 - s) * t - s * d, "1 − λ"),
            (lambda t, d, s: t[:2], "the shape (5,)"),
            (lambda t, d: t - d, "yours takes (t, d)"),
        ],
    ),
    "coral": Tried(
        right=[
            by_loops,
            in_place,
            coral_loss,
            lambda a, b: np.linalg.norm(np.cov(a.T) - np.cov(b.T)) ** 2 / 4 / a.shape[1] ** 2,
            lambda a, b: np.mean((np.cov(a.T) - np.cov(b.T)) ** 2) / 4,
            lambda a, b: np.float32(loss()(a, b)),
            lambda a, b: np.trace((c := np.cov(a, rowvar=0) - np.cov(b, rowvar=0)) @ c) / (4 * len(c) ** 2),
            lambda a, b: np.linalg.norm((np.cov(a.T) - np.cov(b.T)) / 2 / a.shape[1], "fro") ** 2,
        ],
        wrong=[
            (0.5, "a function of"),
            (loss(cov=lambda a: a.T @ a / (len(a) - 1)), "not centred"),
            (loss(cov=lambda a: np.cov(a.T, ddof=0)), "divides by n;"),
            (loss(lambda d: 1), "4d² is missing"),
            (loss(lambda d: 4 * d), "d squared"),
            (loss(lambda d: d**2), "the 4 is missing"),
            (lambda a, b: ((a.mean(0) - b.mean(0)) ** 2).sum(), "compares the means"),
            (loss(norm=lambda c: np.linalg.norm(c)), "not squared"),
            (loss(cov=np.cov), "takes the *rows*"),
            (lambda a, b: ((a.var(0, ddof=1) - b.var(0, ddof=1)) ** 2).sum() / 4 / a.shape[1] ** 2, "the variances alone"),
            (loss(norm=lambda c: c**2), "it should return one number, and returns numbers of the shape (3, 3)"),
            (lambda a, b: print(end=""), "`return`"),
            (lambda a, b: 7.0, "instead of"),
            (lambda a, b: a.no, "raised AttributeError"),
        ],
    ),
    "nearest": Tried(
        right=[
            one_by_one,
            masked,
            of_unit_length,
            lambda m, c, u: np.take(u, scores(m, c, u).argmax(1)),
            lambda m, c, u: np.array(u)[cosine_distances(m, c[u]).argmin(1)],
            lambda m, c, u: [u[k] for k in cosine_similarity(m, c[u]).argmax(axis=1)],
            lambda m, c, u: np.array(u)[np.argsort(scores(m, c, u), axis=1)[:, -1]].astype(float),
            lambda m, c, u: np.array(u)[(np.einsum("nc,kc->nk", m, c[u]) / np.sqrt((c[u] ** 2).sum(1))).argmax(1)],
        ],
        wrong=[
            ([1], "a function of"),
            (lambda m, c, u: scores(m, c, u).argmax(1), "positions in the list `unseen`; class"),
            (lambda m, c, u: cosine_similarity(m, c).argmax(1), "the seen classes compete"),
            (lambda m, c, u: np.array(u)[(m @ c[u].T).argmax(1)], "inner product; a long code"),
            (lambda m, c, u: (m @ c[u].T).argmax(1), "inner product, and returns positions"),
            (lambda m, c, u: np.array(u)[scores(m, c, u).argmin(1)], "least"),
            (lambda m, c, u: np.array(u)[np.linalg.norm(m[:, None] - c[u], axis=2).argmin(1)], "Euclidean"),
            (lambda m, c, u: np.array(u)[abs(scores(m, c, u)).argmax(1)], "without its sign"),
            (lambda m, c, u: cosine_similarity(m, c[u]).max(1), "the cosine itself"),
            (lambda m, c, u: np.full(len(m), u[0]), "for every picture"),
            (lambda m, c, u: cosine_similarity(m, c[u]).argmax(0), "axis 1"),
            (lambda m, c, u: cosine_similarity(m, c[u]), "the shape (40,), and returns numbers of the shape (40, 2)"),
            (lambda m, c, u: np.full(len(m), 3), "the first wrong one of its 40 numbers"),
        ],
    ),
}


@pytest.mark.parametrize("name", every(relatives))
def test_exercise(name):
    holds(every(relatives)[name], CASES[name])
