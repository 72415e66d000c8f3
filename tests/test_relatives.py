"""Lesson 08: the exercises' checkers, multi-task gains, adaptation, and the map to codes."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.metrics import average_precision_score

from transferlib.changes import without
from transferlib.datasets import DIGITS
from transferlib.exercises import relatives
from transferlib.measures import at
from transferlib.methods import cross_modal, multi_task
from transferlib.methods.cross_modal import SEGMENTS, SPELLING, average_precision, fit_map, similarity, unseen_map, zero_shot
from transferlib.networks import Pair
from transferlib.strategies import SCRATCH
from transferlib.tasks import Task
from transferlib.training import train, train_source


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


def test_gains_are_together_minus_alone(pair, tasks):
    got = multi_task.gains(pair, *tasks, (3, 4), seeds=2, steps=30)
    source, target = tasks[0].few(3, 1), tasks[1].few(4, 1)
    both = train(pair, target, multi_task.MULTI_TASK, source=source, seed=1, steps=30)
    alone = train_source(pair, source, seed=1, steps=30).source_accuracy[-1]
    alone_t = train(pair, target, SCRATCH, seed=1, steps=30).target_accuracy[-1]
    np.testing.assert_allclose(got[:, 1], [both.source_accuracy[-1] - alone, both.target_accuracy[-1] - alone_t], atol=1e-6)


def test_fit_map_is_ridge_regression():
    rng = np.random.default_rng(2)
    f, z, new = rng.normal(size=(30, 8)), rng.normal(size=(30, 3)), rng.normal(size=(5, 8))
    np.testing.assert_allclose(fit_map(f, z, 2.5)(new), Ridge(alpha=2.5).fit(f, z).predict(new), atol=1e-9)
    flat = np.repeat(f[:1], 30, 0)
    np.testing.assert_allclose(fit_map(flat, z)(flat), np.repeat(z.mean(0)[None], 30, 0))  # rank-deficient
    for arguments, message in (((f, z[:3]), "30 rows of features and 3 codes"), ((f, z, 0), "ridge must be")):
        with pytest.raises(ValueError, match=message):
            fit_map(*arguments)


def test_ranking_and_zero_shot():
    rng = np.random.default_rng(3)
    scores, relevant = rng.normal(size=50), rng.random(50) < 0.3
    assert average_precision(scores, relevant) == pytest.approx(average_precision_score(relevant, scores))
    table = np.array([[0.9, 0.1, 0.5], [0.9, 0.6, 0.2], [0.1, 0.9, 0.8]])
    assert zero_shot(table, np.array([2, 1, 2]), (1, 2)) == (2 / 3, 0.0)
    assert zero_shot(table, np.array([2, 1, 2]), (1, 2), 0.5) == (2 / 3, 2 / 3)


def test_the_unseen_are_unseen(pair, tasks):
    assert not np.isin(without(tasks[0], (3, 7)).y_train, (3, 7)).any()
    marked = Task("m", np.where(np.isin(tasks[0].y_train, (3, 7))[:, None], 99, tasks[0].x_train), tasks[0].y_train,
                  tasks[0].x_test, tasks[0].y_test, DIGITS)  # fmt: skip
    a, b = (unseen_map(pair, t, SEGMENTS, (3, 7), steps=20) for t in (tasks[0], marked))
    assert (a[0].matrix == b[0].matrix).all() and (a[1] == b[1]).all()
    assert similarity(*a, SEGMENTS).shape == (100, 10) and np.abs(similarity(*a, SEGMENTS)).max() <= 1 + 1e-9


def test_the_codes():
    assert SEGMENTS.shape == (10, 7) and SPELLING.shape == (10, len(cross_modal.LETTERS))
    assert (SEGMENTS > 0).sum(1).tolist() == [6, 2, 5, 5, 4, 5, 6, 3, 7, 6]
    assert len(np.unique(SEGMENTS, axis=0)) == len(np.unique(SPELLING, axis=0)) == 10


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
