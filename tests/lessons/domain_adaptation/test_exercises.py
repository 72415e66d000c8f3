"""The exercises of lesson 11."""

import numpy as np
import pytest
from scipy.special import entr
from scipy.stats import entropy

from tests.exercises import Run, Tried, every, holds
from tests.page import page
from transferlib.lessons.domain_adaptation import exercises as domain_adaptation

TUNING = {"λ = 0": [Run(0.6, 0.9)], "λ = 0.5": [Run(0.65, 0.85)], "λ = 1": [Run(0.7, 0.8)], "λ = 3": [Run(0.5, 0.7)]}


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


def by_one(mean=None, n=None):
    """A mistake that shows in batches of unequal length only: both centred by one mean, or divided by one n − 1."""

    def answer(a, b):
        c, d = (x - (mean(a, b) if mean else x.mean(0)) for x in (a, b))
        of = [(n(a, b) if n else len(x)) - 1 for x in (a, b)]
        return ((c.T @ c / of[0] - d.T @ d / of[1]) ** 2).sum() / (4 * a.shape[1] ** 2)

    return answer


def in_place(a, b):
    a -= a.mean(0)
    b -= b.mean(0)
    return np.square(a.T @ a / (len(a) - 1) - b.T @ b / (len(b) - 1)).sum() / (2 * a.shape[1]) ** 2


def sure(p):
    return -entropy(p, axis=1).mean()


CASES = {
    "rule": Tried(
        right=[
            "λ = 0",
            "λ=0",
            0,
            0.0,
            np.int64(0),
            np.float32(0),
            "0",
            " λ = 0 ",
            "lambda = 0",
            "Lambda=0",
            np.str_("λ = 0"),
            "0.0",
        ],
        wrong=[
            ("λ = 7", "'λ = 7' is not one of the arms"),
            (0.9, "0.9 is not one of the arms"),
            ("λ = 1", "on the *target's* labels"),
            (3, "the *lowest* of all"),
            ("λ = 0.5", "another arm has more"),
            (["λ = 0"], "is not one of the arms"),
            ("source only", "'source only' is not one of the arms"),
            (lambda tuning: "λ = 0", "is not one of the arms"),
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
            (lambda t, d, s: -(t - s * d), "that is the step;"),
            (lambda t, d, s: -t - s * d, "both signs"),
            (lambda t, d, s: s * (t - d), "the domain's gradient alone"),
            (lambda t, d, s: 2 * t - s * d, "instead of"),
            (lambda t, d, s: (1 - s) * t - s * d, "counts in full"),
            (lambda t, d, s: t[:2], "the shape (5,)"),
            (lambda t, d: t - d, "yours takes (t, d)"),
        ],
    ),
    "coral": Tried(
        right=[
            by_loops,
            in_place,
            loss(),
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
            (loss(lambda d: 4 * d), "four times the square"),
            (by_one(n=lambda a, b: len(a)), "both are divided by the same n − 1"),
            (by_one(n=lambda a, b: len(b)), "instead of"),
            (by_one(mean=lambda a, b: np.r_[a, b].mean(0)), "both batches are centred by one mean"),
            (lambda a, b: loss()(a[: len(b)], b[: len(a)]), "rows are cut off"),
            (loss(cov=lambda a: np.corrcoef(a.T)), "those are correlations"),
            (lambda a, b: ((a.mean(0) - b.mean(0)) ** 2).sum(), "it compares means"),
            (loss(norm=lambda c: np.linalg.norm(c)), "not squared"),
            (loss(cov=np.cov), "takes *rows*"),
            (lambda a, b: ((a.var(0, ddof=1) - b.var(0, ddof=1)) ** 2).sum() / 4 / a.shape[1] ** 2, "variances alone"),
            (loss(norm=lambda c: c**2), "it should return one number, and returns numbers of the shape (3, 3)"),
            (lambda a, b: print(end=""), "`return`"),
            (lambda a, b: 7.0, "instead of"),
            (lambda a, b: a.no, "raised AttributeError"),
        ],
    ),
    "information": Tried(
        right=[
            lambda p: entropy(p.mean(0)) - entropy(p, axis=1).mean(),
            lambda p: [entropy(p.mean(0)) + sure(p)],
            lambda p: entr(p.mean(0)).sum() - entr(p).sum() / len(p),
            lambda p: (p * np.log(p / p.mean(0))).sum() / len(p),
            lambda p: np.mean([sum(a * np.log(a / b) for a, b in zip(row, p.mean(0))) for row in p]),
            lambda p: np.float32(entropy(p.mean(0)) + sure(p)),
            lambda p: -np.dot(p.mean(0), np.log(p.mean(0))) + np.einsum("nc,nc->n", p, np.log(p)).mean(),
            lambda p: np.mean([entropy(row, p.mean(0)) for row in p]),
        ],
        wrong=[
            (0.5, "a function of"),
            (lambda p: print(end=""), "`return`"),
            (lambda p: -sure(p) - entropy(p.mean(0)), "sign is turned round"),
            (lambda p: entropy(p.mean(0)) - sure(p), "adds the two"),
            (lambda p: entropy(p.mean(0)), "the mean answer alone"),
            (sure, "that sees single rows"),
            (lambda p: (entropy(p.mean(0)) + sure(p)) / np.log(2), "not base 2"),
            (lambda p: entropy(p.mean(0)) + (p * np.log(p)).sum(), "added; take their mean"),
            (lambda p: entropy(p.mean(0)) + np.mean(p * np.log(p)), "divides by the classes too"),
            (lambda p: entr(p.mean(0)).mean() + sure(p), "instead of"),
            (lambda p: entropy(p.mean(1), axis=0) + sure(p), "instead of"),
            (lambda p: -(p.mean(1) * np.log(p.mean(1))).sum() + sure(p), "the mean answer is p.mean(0)"),
            (lambda p: entropy(p.mean(0)) - entropy(p, axis=1), "one number, and returns numbers of the shape"),
            (lambda p: p.no, "raised AttributeError"),
        ],
    ),
}


@pytest.mark.parametrize("name", every(domain_adaptation))
def test_exercise(name):
    holds(every(domain_adaptation)[name], CASES[name])


def test_what_stands_on_the_page_is_a_right_answer():
    assert "✓" in domain_adaptation.coral.check(page("11").coral_loss).text
