"""The exercises of lesson 18."""

import math

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, mean_squared_error, recall_score

from tests.exercises import Tried, every, holds
from transferlib.lessons.theory import exercises as theory


def by_search(rho):
    for angle in np.linspace(0, 90, 900_001):
        if 2 * rho * np.cos(np.radians(angle)) <= rho**2:
            return angle


def by_counting(angle, d):
    n = 1
    while 1 - n / d >= math.sin(math.radians(angle)) ** 2:
        n += 1
    return n


def by_loop(X, y, a):
    total = 0.0
    for row, label in zip(X, y):
        total += label**2 - (label - sum(row * a)) ** 2
    return total / len(y)


def by_counts(truth, said):
    missed = sum(1 for t, s in zip(truth, said) if t == 1 and s == 0) / sum(truth)
    false = sum(1 for t, s in zip(truth, said) if t == 0 and s == 1) / sum(1 - truth)
    return max(0.0, 2 - 2 * (missed + false))


CASES = {
    "border": Tried(
        right=[
            by_search,
            lambda rho: 180 / np.pi * np.arccos(np.clip(rho / 2, -1, 1)),
            lambda rho: math.degrees(math.acos(rho / 2)) if rho < 2 else 0,
            lambda rho: np.rad2deg(np.arccos(np.minimum(1, 0.5 * rho))),
            lambda rho: 90 - np.degrees(np.arcsin(min(rho / 2, 1))),
            lambda rho: np.array([np.degrees(np.arccos(min(rho / 2, 1)))]),
            lambda rho: np.float32(np.degrees(np.arccos(min(rho / 2, 1)))),
            lambda rho: np.nan_to_num(np.degrees(np.arccos(np.float64(rho) / 2))),
        ],
        wrong=[
            (60, "a function of (rho)"),
            (lambda rho: math.acos(min(rho / 2, 1)), "radians"),
            (lambda rho: 60, "equal lengths"),
            (lambda rho: np.degrees(np.arccos(min(rho, 1))), "lacks a half"),
            (lambda rho: np.degrees(np.arccos(min(1 / (2 * rho), 1))), "*smaller* angle"),
            (lambda rho: np.degrees(np.arccos(min(rho**2 / 2, 1))), "no square"),
            (lambda rho: min(rho / 2, 1), "that is the cosine"),
            (lambda rho: np.degrees(np.arccos(rho / 2)), "above rho = 2"),
            (lambda rho: np.degrees(np.arcsin(min(rho / 2, 1))), "*sine*"),
            (lambda rho: 60 / rho, "not a multiple of rho"),
            (lambda rho: math.degrees(math.acos(min(rho, 1) / 2)), "goes on to 2"),
            (lambda rho: np.degrees(np.arccos(np.clip(2 * rho, -1, 1))), "four times"),
            (lambda rho: 180 - np.degrees(np.arccos(min(rho / 2, 1))), "180° less"),
            (lambda rho: np.degrees(np.cos(min(rho / 2, 1))), "a cosine of an angle"),
        ],
        alike=[
            (lambda rho: np.degrees(np.arccos(min(1 / rho, 1))), "*smaller* angle"),
            (lambda rho: np.degrees(np.arccos(min(rho**2, 1))), "no square"),
        ],
    ),
    "look": Tried(
        right=[
            by_loop,
            lambda X, y, a: (y**2 - (y - X @ a) ** 2).mean(),
            lambda X, y, a: (y @ y - (y - X @ a) @ (y - X @ a)) / len(y),
            lambda X, y, a: np.mean((X @ a) * (2 * y - X @ a)),
            lambda X, y, a: mean_squared_error(y, 0 * y) - mean_squared_error(y, X @ a),
            lambda X, y, a: (np.linalg.norm(y) ** 2 - np.linalg.norm(y - X.dot(a)) ** 2) / y.size,
            lambda X, y, a: np.average(y * y) - np.average(np.square(np.matmul(X, a) - y)),
            lambda X, y, a: 2 * np.mean(y * (X @ a)) - np.mean((X @ a) ** 2),
            lambda X, y, a: 2 * a @ X.T @ y / len(y) - np.sum(a**2),  # the rows have the identity as their covariance
            lambda X, y, a: sum((X.T @ y / len(y)) ** 2) - sum((a - X.T @ y / len(y)) ** 2),
        ],
        wrong=[
            (0.3, "a function of (X, y, a)"),
            (lambda X, y, a: np.mean((y - X @ a) ** 2) - np.mean(y**2), "turned round"),
            (lambda X, y, a: np.sum(y**2) - np.sum((y - X @ a) ** 2), "not the sum"),
            (lambda X, y, a: np.mean(abs(y)) - np.mean(abs(y - X @ a)), "*squared*"),
            (lambda X, y, a: np.var(y) - np.var(y - X @ a), "np.var"),
            (lambda X, y, a: np.mean((y - X @ a) ** 2), "compare it with"),
            (lambda X, y, a: np.mean(y**2) > np.mean((y - X @ a) ** 2), "whether it is above 0"),
            (lambda X, y, a: 1 - np.mean((y - X @ a) ** 2) / np.mean(y**2), "share of the labels' variance"),
            (lambda X, y, a: np.mean(y**2), "fits these rows exactly"),
            (lambda X, y, a: a @ a, "squared length of a"),
            (lambda X, y, a: 2 * a @ np.linalg.lstsq(X, y, rcond=None)[0] - a @ a, "in the place of b"),
            (lambda X, y, a: (y @ y - sum((y - X @ a) ** 2)) / (len(y) - 1), "number of labels"),
            (lambda X, y, a: sum((y - X @ a) ** 2) / sum(y**2), "a quotient"),
            (lambda X, y, a: sum(y**2) ** 0.5 - sum((y - X @ a) ** 2) ** 0.5, "no squares"),
            (lambda X, y, a: y**2 - (y - X @ a) ** 2, "for each label"),
            (lambda X, y, a: np.var(X @ a) + np.mean(X @ a) ** 2 - np.mean((y - X @ a) ** 2), "the answer 0"),
            (lambda X, y, a: (1 - len(y) / 8) * (np.mean(y**2) - np.mean((y - X @ a) ** 2)), "alone"),
            (lambda X, y, a: np.corrcoef(y, X @ a)[0, 1], "how long a is"),
            (lambda X, y, a: 2 * np.mean(y * (X @ a)), "has to be taken off"),
            (lambda X, y, a: -abs(np.mean(y**2) - np.mean((y - X @ a) ** 2)), "instead of"),
        ],
        alike=[
            (lambda X, y, a: y @ X @ a / np.linalg.norm(y) / np.linalg.norm(X @ a), "how long a is"),
            (lambda X, y, a: y @ X @ a / len(y), "has to be taken off"),
            (lambda X, y, a: 1 - np.mean((y - X @ a) ** 2) / y.var(), "share of the labels' variance"),
            (lambda X, y, a: np.mean((y - X @ a) ** 2) ** 0.5, "compare it with"),
            (lambda X, y, a: min(0, np.mean(y**2) - np.mean((y - X @ a) ** 2)), "instead of"),
        ],
    ),
    "labels": Tried(
        right=[
            by_counting,
            lambda angle, d: math.floor(d * math.cos(math.radians(angle)) ** 2) + 1,
            lambda angle, d: math.ceil(d * math.cos(math.radians(angle)) ** 2),
            lambda angle, d: np.ceil(d * (1 - np.sin(np.deg2rad(angle)) ** 2)),
            lambda angle, d: int(d * np.cos(angle * np.pi / 180) ** 2 + 1),
            lambda angle, d: next(n for n in range(1, d + 1) if 1 - n / d < np.sin(np.radians(angle)) ** 2),
            lambda angle, d: 1 + d * np.cos(np.radians(angle)) ** 2 // 1,
            lambda angle, d: np.flatnonzero(1 - np.arange(d + 1) / d < np.sin(np.radians(angle)) ** 2)[0],
        ],
        wrong=[
            (38, "a function of (angle, d)"),
            (lambda angle, d: np.floor(d * np.cos(angle) ** 2) + 1, "np.radians first"),
            (lambda angle, d: np.floor(d * np.sin(np.radians(angle)) ** 2) + 1, "the error that is left"),
            (lambda angle, d: np.floor(d * np.cos(np.radians(angle))) + 1, "*squared* length"),
            (lambda angle, d: d * np.cos(np.radians(angle)) ** 2, "is whole"),
            (lambda angle, d: np.floor(d * np.cos(np.radians(angle)) ** 2), "does not hurt yet"),
            (lambda angle, d: np.cos(np.radians(angle)) ** 2, "the share n / d"),
            (lambda angle, d: d, "both fit their rows"),
            (lambda angle, d: np.rint(d * np.cos(np.radians(angle)) ** 2), "to the nearest"),
            (lambda angle, d: math.floor(d * np.cos(np.radians(angle)) ** 2 + 2), "one label fewer"),
            (lambda angle, d: 1 + d * np.cos(np.radians(angle)) ** 2, "the whole part first"),
            (lambda angle, d: math.floor(d * (2 * math.cos(math.radians(angle)) - 1)) + 1, "law of fine-tuning"),
            (lambda angle, d: math.floor(50 * math.cos(math.radians(angle)) ** 2) + 1, "not always 50"),
            (lambda angle, d: math.floor(d * math.cos(math.degrees(angle)) ** 2) + 1, "degrees of radians"),
            (lambda angle, d: math.floor(d * math.cos(2 * math.radians(angle))) + 1, "halved or doubled"),
            (lambda angle, d: d // 2, "instead of"),
        ],
        alike=[(lambda angle, d: math.ceil(d * (1 - math.sin(math.radians(angle)))), "*squared* length")],
    ),
    "divergence": Tried(
        right=[
            by_counts,
            lambda truth, said: 2 * max(0, 2 * balanced_accuracy_score(truth, said) - 1),
            lambda truth, said: 2 * max(0, 2 * recall_score(truth, said, average="macro") - 1),
            lambda truth, said: max(0, 2 * (said[truth == 1].mean() - said[truth == 0].mean())),
            lambda truth, said: 2 * np.clip(1 - said[truth == 0].mean() - (1 - said[truth == 1]).mean(), 0, None),
            lambda truth, said: np.float32(by_counts(truth, said)),
            lambda truth, said: [by_counts(truth, said)],
            lambda truth, said: 2 * max(0, np.corrcoef(truth, said)[0, 1] * said.std() / truth.std()),
        ],
        wrong=[
            (0.5, "a function of (truth, said)"),
            (lambda truth, said: 2 * max(0, 1 - 2 * np.mean(truth != said)), "the larger domain"),
            (lambda truth, said: 2 * (said[truth == 1].mean() - said[truth == 0].mean()), "never below 0"),
            (lambda truth, said: 2 * abs(said[truth == 1].mean() - said[truth == 0].mean()), "not its size"),
            (lambda truth, said: by_counts(truth, said) / 2, "from 0 to 2"),
            (lambda truth, said: 2 * balanced_accuracy_score(truth, said), "1 − 2 · error"),
            (lambda truth, said: 1 - balanced_accuracy_score(truth, said), "the error itself"),
            (lambda truth, said: 2 * max(0, 1 - 2 * balanced_accuracy_score(truth, said)), "*wrong*"),
            (lambda truth, said: 2 * max(0, 1 - 4 * (1 - balanced_accuracy_score(truth, said))), "1 − 4 · error"),
            (lambda truth, said: 2 * max(0, 1 - 2 * said[truth == 0].mean()), "within one domain"),
            (lambda truth, said: 2 * max(0, said[truth == 1].mean() - 0.5), "instead of"),
            (lambda truth, said: np.mean(truth == said), "every row alike"),
            (lambda truth, said: 2 * balanced_accuracy_score(truth, said) - 1, "never below 0, and"),
            (lambda truth, said: 2 * by_counts(truth, said), "not to 4"),
            (lambda truth, said: balanced_accuracy_score(truth, said), "that is the accuracy"),
            (lambda truth, said: 2 * max(0, 2 * balanced_accuracy_score(said, truth) - 1), "are *said* to be"),
        ],
    ),
}


@pytest.mark.parametrize("name", every(theory))
def test_exercise(name):
    holds(every(theory)[name], CASES[name])
