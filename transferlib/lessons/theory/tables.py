"""Real tables as linear problems, a classifier of several parts, and how well one number foretells another."""

import warnings
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from transferlib.tasks import Task

Rows = tuple[np.ndarray, np.ndarray]


def prepared(source: Task, target: Task, white: bool = True) -> list[Rows]:
    """[(X, Y) of the source, (X, Y) of the target], all rows: inputs (n, d), and a column of 0 and 1 for each class.

    Both are centred, each domain by itself. white: the target's inputs have the identity as their covariance, and the
    source's are mapped in the same way; directions of less than a twentieth of the largest spread are left out.
    Otherwise the same axes and the same choice of directions, but no direction is scaled; only each column was, before.
    """
    rows = [np.concatenate([t.x_train, t.x_test]).astype(float) for t in (source, target)]
    scale = np.concatenate(rows).std(0)
    rows = [(x - x.mean(0))[:, scale > 0] / scale[scale > 0] for x in rows]
    _, size, axes = np.linalg.svd(rows[1] / len(rows[1]) ** 0.5, full_matrices=False)
    kept = size > 0.05 * size[0]
    turn = axes[kept].T / size[kept] if white else axes[kept].T
    ys = [np.eye(len(t.classes))[np.concatenate([t.y_train, t.y_test])] for t in (source, target)]
    return [(x @ turn, y - y.mean(0)) for x, y in zip(rows, ys)]


def without_giveaway(source: Task, target: Task) -> tuple[Task, Task]:
    """Both without the columns in which all values of the one domain lie below all of the other."""
    low, high = zip(*((x.min(0), x.max(0)) for x in (np.concatenate([t.x_train, t.x_test]) for t in (source, target))))
    kept = (high[0] >= low[1]) & (high[1] >= low[0])
    return tuple(replace(t, x_train=t.x_train[:, kept], x_test=t.x_test[:, kept]) for t in (source, target))


def fitted(*parts: Rows) -> Pipeline:
    """A logistic regression of all parts (x, y), in which each part counts alike, however many rows it has."""
    x, y = (np.concatenate(each) for each in zip(*parts))
    weight = np.concatenate([np.full(len(x), 1 / len(x)) for x, _ in parts])
    model = make_pipeline(StandardScaler(), LogisticRegression(solver="newton-cholesky"))
    with warnings.catch_warnings():  # rounding makes a matrix singular here and there, and another solver takes over
        warnings.simplefilter("ignore")
        return model.fit(x, y, logisticregression__sample_weight=weight / weight.mean())


def rank_correlation(foretells: np.ndarray, gain: np.ndarray) -> float:
    return stats.spearmanr(foretells, gain)[0]


def same_sign(foretells: np.ndarray, gain: np.ndarray) -> float:
    return np.mean((foretells > 0) == (gain > 0))


def in_groups(measure: Callable, foretells: np.ndarray, gains: np.ndarray, groups: int = 10) -> np.ndarray:
    """`measure` of one number a pair, (pairs,), and the mean gain in each group of the draws, (pairs, draws): (groups,)."""
    return np.array([measure(foretells, each.mean(1)) for each in np.split(gains, groups, axis=1)])
