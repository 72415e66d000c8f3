"""Lesson 08: the exercises' checkers, and domain adaptation."""

import numpy as np
import pytest

from transferlib.datasets import DIGITS
from transferlib.exercises import relatives
from transferlib.measures import at
from transferlib.networks import Pair
from transferlib.tasks import Task


@pytest.fixture(scope="module")
def tasks():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(10, 12))

    def blobs(name, shift):
        y = np.repeat(np.arange(10), 40)
        return Task.split(name, centres[y] + shift + rng.normal(size=(400, 12)), y, DIGITS, test=100)

    return blobs("one", 0), blobs("two", 1.5)


@pytest.fixture(scope="module")
def pair():
    return Pair(12, shared=(16,), private=(8,))


# The methods


# The exercises


class Fake:
    step = np.array([0])

    def __init__(self, source, target):
        self.source_accuracy, self.target_accuracy = np.array([source]), np.array([target])


TUNING = {"λ = 0": [Fake(0.9, 0.6)], "λ = 1": [Fake(0.8, 0.7)], "λ = 3": [Fake(0.7, 0.5)]}
RIGHT = ["adaptation", "multi-task", "cross-modal", "transfer"]


WRONG = {
    "which": [
        ("transfer", "four words"),
        (["adaptation", "both", "cross-modal", "transfer"], "'both' is not one"),
        (["transfer", *RIGHT[1:]], "narrower word"),
        (["adaptation", "transfer", *RIGHT[2:]], "the clinic wants both"),
        ([*RIGHT[:2], "adaptation", "transfer"], "sound and text"),
        ([*RIGHT[:3], "adaptation"], "200 target labels"),
        ([*RIGHT[:3], "multi-task"], "nobody wants the German"),
    ],
    "rule": [("λ = 7", "not one of the arms"), ("λ = 1", "on the *target's* labels"), ("λ = 3", "another arm has more")],
    "direction": [
        (3, "a function of"),
        (lambda t, d, s: t + s * d, "is not turned round"),
        (lambda t, d, s: -s * d, "never learns to read"),
        (lambda t, d, s: t - d, "the strength is missing"),
        (lambda t, d, s: t, "source-only training"),
        (lambda t, d, s: s * d - t, "not the task's"),
        (lambda t, d, s: t[:2], "it must return one vector"),
    ],
    "coral": [
        (0.5, "a function of"),
        (lambda a, b: ((a.T @ a / (len(a) - 1) - b.T @ b / (len(b) - 1)) ** 2).sum() / 4 / a.shape[1] ** 2, "not centred"),
        (lambda a, b: ((np.cov(a.T, ddof=0) - np.cov(b.T, ddof=0)) ** 2).sum() / 4 / a.shape[1] ** 2, "divides by n;"),
        (lambda a, b: ((np.cov(a.T) - np.cov(b.T)) ** 2).sum(), "4d² is missing"),
        (lambda a, b: ((np.cov(a.T) - np.cov(b.T)) ** 2).sum() / (4 * a.shape[1]), "d squared"),
        (lambda a, b: ((a.mean(0) - b.mean(0)) ** 2).sum(), "compares the means"),
        (lambda a, b: (np.cov(a.T) - np.cov(b.T)) ** 2, "one number"),
        (lambda a, b: 7.0, "instead of"),
        (lambda a, b: a.no, "raised AttributeError"),
    ],
    "nearest": [
        ([1], "a function of"),
        (lambda m, c, u: (m @ c[u].T / np.linalg.norm(c[u], axis=1)).argmax(1), "positions in the list"),
        (lambda m, c, u: (m @ c.T / np.linalg.norm(c, axis=1)).argmax(1), "the seen classes compete"),
        (lambda m, c, u: np.array(u)[(m @ c[u].T).argmax(1)], "inner product"),
        (lambda m, c, u: np.array(u)[(m @ c[u].T / np.linalg.norm(c[u], axis=1)).argmin(1)], "least"),
    ],
}


@pytest.mark.parametrize("name", WRONG)
def test_exercise(name):
    exercise, rest = getattr(relatives, name), (TUNING,) if name == "rule" else ()
    assert "no answer yet" in repr(exercise.check(..., *rest))
    names = {"np": np, "tuning": TUNING, "at": at}
    exec(repr(exercise.solution()), names)
    assert repr(exercise.check(names["answer"], *rest)).startswith("✓")
    told = [repr(exercise.check(answer, *rest)) for answer, _ in WRONG[name]]
    for said, (_, expected) in zip(told, WRONG[name]):
        assert said.startswith("✗") and expected in said
    assert len(set(told)) == len(told) >= 3
    assert "Hint 1" in repr(exercise.hint())
