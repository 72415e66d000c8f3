"""The exercises of lesson 16."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.exercises import Tried, every, holds
from transferlib.lessons.more_intelligent import exercises


def minus(a, axis=1):
    return a - a.mean(axis, keepdims=True)


def pearson(a, b):
    return np.corrcoef(np.ravel(a), np.ravel(b))[0, 1]


def by_loop(score, accuracy):
    s = [x - sum(row) / len(row) for row in score for x in row]
    a = [x - sum(row) / len(row) for row in accuracy for x in row]
    return sum(x * y for x, y in zip(s, a)) / np.sqrt(sum(x * x for x in s) * sum(y * y for y in a))


def by_sort(score, accuracy, n):
    pairs = sorted(zip(score, accuracy), reverse=True)
    return max(accuracy) - max(a for _, a in pairs[:n])


def partition(score, accuracy, n):
    return np.max(accuracy) - np.max(accuracy[np.argpartition(score, -n)[-n:]])


def tried(score, n):
    return np.argsort(score)[::-1][:n]


def tiled(accuracy):
    return np.tile(accuracy.mean(1), (accuracy.shape[1], 1)).T


CASES = {
    "centred": Tried(
        right=[
            by_loop,
            lambda s, a: pearson(minus(s), minus(a)),
            lambda s, a: stats.pearsonr(minus(s).ravel(), minus(a).ravel())[0],
            lambda s, a: np.sum(minus(s) * minus(a)) / np.linalg.norm(minus(s)) / np.linalg.norm(minus(a)),
            lambda s, a: [pearson(minus(s), minus(a))],
            lambda s, a: pearson((s.T - s.mean(1)).T, (a.T - a.mean(1)).T),
            lambda s, a: pd.Series(minus(s).ravel()).corr(pd.Series(minus(a).ravel())),
            lambda s, a: float(pearson(3 * minus(s), minus(a) / 100)),
        ],
        wrong=[
            (0.5, "a function of (score, accuracy)"),
            (lambda s, a: pearson(s, a), "nothing is taken off"),
            (lambda s, a: pearson(minus(s, 0), minus(a, 0)), "those of the sources"),
            (lambda s, a: pearson(minus(s), a), "only the score"),
            (lambda s, a: pearson(s, minus(a)), "only the accuracy"),
            (lambda s, a: stats.spearmanr(minus(s).ravel(), minus(a).ravel())[0], "those are ranks"),
            (lambda s, a: np.mean([pearson(x, y) for x, y in zip(s, a)]), "mean of the rows' correlations"),
            (lambda s, a: np.corrcoef(minus(s).ravel(), minus(a).ravel()), "2 × 2 matrix"),
            (lambda s, a: pearson(minus(minus(s), 0), minus(minus(a), 0)), "only the target is to go"),
            (lambda s, a: pearson(s - np.median(s, 1)[:, None], a - np.median(a, 1)[:, None]), "the median is taken off"),
            (lambda s, a: pearson(s.mean(1), a.mean(1)), "of the targets' means"),
            (lambda s, a: pearson(s / s.mean(1)[:, None], a / a.mean(1)[:, None]), "divided by their means"),
            (lambda s, a: np.cov(minus(s).ravel(), minus(a).ravel())[0, 1], "a covariance"),
            (lambda s, a: pearson(minus(s), minus(a)) ** 2, "is squared"),
            (lambda s, a: -pearson(minus(s), minus(a)), "its sign is turned"),
            (lambda s, a: abs(pearson(minus(s), minus(a))), "its sign is lost"),
            (lambda s, a: np.corrcoef(minus(s), minus(a))[0, 1], "make both flat"),
            (lambda s, a: pearson(s[0], a[0]), "one target alone"),
            (lambda s, a: [pearson(x, y) for x, y in zip(s, a)], "one number"),
        ],
        alike=[
            (lambda s, a: pearson(minus(s) / s.std(1)[:, None], minus(a) / a.std(1)[:, None]), "each row counts alike"),
        ],
    ),
    "shortlist": Tried(
        right=[
            by_sort,
            partition,
            lambda s, a, n: a.max() - a[tried(s, n)].max(),
            lambda s, a, n: (a.max() - a[tried(s, n)]).min(),
            lambda s, a, n: np.float32(a.max() - a[tried(s, n)].max()),
            lambda s, a, n: pd.Series(a).max() - pd.DataFrame(dict(s=s, a=a)).nlargest(n, "s")["a"].max(),
            lambda s, a, n: a.max() - a[s >= np.sort(s)[-n]].max(),
            lambda s, a, n: a.max() - np.where(stats.rankdata(-s) <= n, a, 0).max(),
        ],
        wrong=[
            (0, "a function of (score, accuracy, n)"),
            (lambda s, a, n: a.max() - a[np.argsort(s)[:n]].max(), "*lowest*"),
            (lambda s, a, n: a.max() - a[tried(s, 1)].max(), "one source alone"),
            (lambda s, a, n: a.max() - a[tried(s, n)].mean(), "not their mean"),
            (lambda s, a, n: a[tried(s, n)].max(), "the accuracy itself"),
            (lambda s, a, n: a[tried(s, n)].max() - a.max(), "never below 0"),
            (lambda s, a, n: a.max() - np.sort(a)[-n], "chooses by the accuracy"),
            (lambda s, a, n: a.max() - a[tried(s, n + 1)].max(), "one source too many"),
            (lambda s, a, n: a.max() - a[tried(s, n - 1)].max(), "one source too few"),
            (lambda s, a, n: a.max() - a[tried(s, n + 1)[1:]].max(), "the highest score is left out"),
            (lambda s, a, n: a.max() - a[tried(s, n)[-1]], "not the last one"),
            (lambda s, a, n: 1 - a[tried(s, n)].max() / a.max(), "a share or in percent"),
            (lambda s, a, n: a.max() - s[tried(s, n)].max(), "not in the score"),
            (lambda s, a, n: a[tried(s, n)].max() - a.mean(), "not against the mean"),
            (lambda s, a, n: a.max() - a[:n].max(), "as they stand"),
            (lambda s, a, n: a.max() - a[np.argsort(-s)[n:]].max(), "the others"),
            (lambda s, a, n: s.max() - s[tried(s, n)].max(), "nothing is lost"),
            (lambda s, a, n: a.max() - a[tried(s, n)], "the shape"),
        ],
        alike=[
            (lambda s, a, n: a.max() - sum(a[tried(s, n)]), "not their mean or their sum"),
            (lambda s, a, n: a[tried(s, n)].max() / a.max(), "a share or in percent"),
        ],
    ),
    "h_limit": Tried(
        right=[9, 9.0, Fraction(18, 2), np.int64(9), [9], np.array(9.0), np.array([9]), (9,), 10 - 1],
        wrong=[
            ("nine", "a number is asked for"),
            (10, "nine are free"),
            (64, "number of features"),
            (50, "the rows span"),
            (1, "how many are there"),
            (0, "nothing is unexplained"),
            (-1, "never below 0"),
            (12, "none is above 1"),
            (4.5, "count the directions"),
        ],
    ),
    "easiness": Tried(
        right=[
            tiled,
            lambda a: np.broadcast_to(a.mean(1, keepdims=True), a.shape),
            lambda a: np.repeat(a.mean(1)[:, None], a.shape[1], axis=1),
            lambda a: [[sum(row) / len(row)] * len(row) for row in a],
            lambda a: a.mean(1, keepdims=True) + np.zeros_like(a),
            lambda a: np.outer(a.mean(1), np.ones(a.shape[1])),
            lambda a: pd.DataFrame(tiled(a)),
            lambda a: np.full(a.shape, a.mean(1, keepdims=True), np.float32),
        ],
        wrong=[
            (0.5, "a function of (accuracy)"),
            (lambda a: a.mean(0, keepdims=True) + 0 * a, "the means of the sources"),
            (lambda a: a, "it knows the source, too"),
            (lambda a: 0 * a + a.mean(), "ranks nothing"),
            (lambda a: a.mean(1), "give it to each source"),
            (lambda a: a.mean(1, keepdims=True), "in one column"),
            (lambda a: minus(a), "the opposite"),
            (lambda a: a.max(1, keepdims=True) + 0 * a, "has looked at the sources"),
            (lambda a: a.sum(1, keepdims=True) + 0 * a, "the sum of the row"),
            (lambda a: a.std(1, keepdims=True) + 0 * a, "the spread of the row"),
            (lambda a: (a.sum(1, keepdims=True) - a) / (a.shape[1] - 1), "left out of its own mean"),
            (lambda a: 1 - tiled(a), "*hard*"),
            (lambda a: a / a.mean(1, keepdims=True), "divided by it"),
            (lambda a: np.median(a, 1, keepdims=True) + 0 * a, "the median of the row"),
            (lambda a: np.repeat(a[:, :1], a.shape[1], 1), "one source for all"),
            (lambda a: np.resize(a.mean(1), a.shape), "in the wrong places"),
            (lambda a: 0 * a + 0.5, "instead of"),
        ],
    ),
}


@pytest.mark.parametrize("name", every(exercises))
def test_exercise(name):
    holds(every(exercises)[name], CASES[name])
