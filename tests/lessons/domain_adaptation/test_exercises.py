"""The exercises of lesson 11."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.special import entr
from scipy.stats import entropy
from sklearn.metrics.pairwise import rbf_kernel

from tests.exercises import Run, Tried, every, holds
from transferlib.lessons.domain_adaptation import exercises as domain_adaptation

TUNING = {"λ = 0": [Run(0.6, 0.9)], "λ = 0.5": [Run(0.65, 0.85)], "λ = 1": [Run(0.7, 0.8)], "λ = 3": [Run(0.5, 0.7)]}


def less(t, d, s):
    t -= s * d
    return t


def near(a, b, width, change=lambda s: s, of=np.mean):
    return of(np.exp(-change(cdist(a, b, "sqeuclidean")) / 2 / width**2))


def mmd(a, b, *how, **more):
    return near(a, a, *how, **more) + near(b, b, *how, **more) - 2 * near(a, b, *how, **more)


def by_loops(a, b, width):
    def k(x, y):
        return np.exp(-sum((u - v) ** 2 for u, v in zip(x, y)) / (2 * width * width))

    pairs = ((a, a, 1), (b, b, 1), (a, b, -2))
    return sum(sign * sum(k(x, y) for x in p for y in q) / len(p) / len(q) for p, q, sign in pairs)


def sign(a, b):
    return np.r_[np.full(len(a), 1 / len(a)), np.full(len(b), -1 / len(b))]


def unbiased(a, b, width):
    return sum((near(x, x, width, of=np.sum) - len(x)) / len(x) / (len(x) - 1) for x in (a, b)) - 2 * near(a, b, width)


def by_place(a, b, width):
    n = min(len(a), len(b))
    return 2 - 2 * np.exp(-((a[:n] - b[:n]) ** 2).sum(1) / 2 / width**2).mean()


def one_for_each_number(a, b, width):
    def k(x, y):
        return np.exp(-((x[:, None] - y) ** 2) / 2 / width**2).mean()

    return k(a, a) + k(b, b) - 2 * k(a, b)


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
            ["λ = 0"],
            "λ = 0.0",
            np.array(0),
        ],
        wrong=[
            ("λ = 7", "'λ = 7' is not one of the arms"),
            (0.9, "0.9 is not one of the arms"),
            ("λ = 1", "on the *target's* labels"),
            (3, "the *lowest* of all"),
            ("λ = 0.5", "another arm has more"),
            (["λ = 0", "λ = 1"], "is not one of the arms"),
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
        alike=[(lambda t, d, s: -d, "never learns to read")],
    ),
    "mmd": Tried(
        right=[
            by_loops,
            lambda a, b, w: mmd(a, b, w),
            lambda a, b, w: np.float32(mmd(a, b, w)),
            lambda a, b, w: sign(a, b) @ rbf_kernel(np.r_[a, b], gamma=0.5 / w**2) @ sign(a, b),
            lambda a, b, width: [near(a, a, width) - near(a, b, width) - near(b, a, width) + near(b, b, width)],
        ],
        wrong=[
            (0.5, "a function of"),
            (lambda a, b, w: near(a, a, w) + near(b, b, w) - near(a, b, w), "counts twice"),
            (lambda a, b, w: near(a, a, w) + near(b, b, w) + 2 * near(a, b, w), "is subtracted"),
            (near, "how near the two are"),
            (lambda a, b, w: mmd(a, b, w, lambda s: s**0.5), "has its square"),
            (lambda a, b, w: mmd(a, b, w / 2**0.5), "below stands 2 · width²"),
            (lambda a, b, w: mmd(a, b, w, of=np.sum), "adds the pairs up"),
            (lambda a, b, w: mmd(a, b, w) ** 0.5, "its square was asked for"),
            (one_for_each_number, "not one for each number"),
            (lambda a, b, w: mmd(a, b, w * a.shape[1] ** 0.5), "the mean over the columns"),
            (lambda a, b, w: np.sum((a.mean(0) - b.mean(0)) ** 2), "compares the two means"),
            (by_place, "by their place"),
            (lambda a, b, w: -mmd(a, b, w), "the sign is turned round"),
            (unbiased, "pair with itself"),
            (lambda a, b, w: mmd(a, b, w, lambda s: -s), "the minus is missing"),
            (lambda a, b, w: 7.0, "instead of"),
            (lambda a, b, w: print(end=""), "`return`"),
            (lambda a, b, w: a.no, "raised AttributeError"),
        ],
        alike=[(lambda a, b, w: mmd(a, b, (2 * w) ** -0.5), "below stands 2 · width²")],
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
            (lambda p: (entropy(p.mean(0)) + sure(p)) / np.log(2), "not base 2 or 10"),
            (lambda p: entropy(p.mean(0)) + (p * np.log(p)).sum(), "added; take their mean"),
            (lambda p: entropy(p.mean(0)) + np.mean(p * np.log(p)), "divides by the classes too"),
            (lambda p: entr(p.mean(0)).mean() + sure(p), "instead of"),
            (lambda p: entropy(p.mean(1), axis=0) + sure(p), "instead of"),
            (lambda p: -(p.mean(1) * np.log(p.mean(1))).sum() + sure(p), "the mean answer is p.mean(0)"),
            (lambda p: entropy(p.mean(0)) - entropy(p, axis=1), "one number, and returns numbers of the shape"),
            (lambda p: p.no, "raised AttributeError"),
        ],
        alike=[
            (lambda p: (entropy(p.mean(0)) + sure(p)) / np.log(10), "not base 2 or 10"),
            (lambda p: -(p.sum(0) * np.log(p.sum(0))).sum() + sure(p), "the mean answer is p.mean(0)"),
        ],
    ),
}


@pytest.mark.parametrize("name", every(domain_adaptation))
def test_exercise(name):
    holds(every(domain_adaptation)[name], CASES[name])
