"""Lesson 05: its checkers against right and wrong answers, its pictures."""

import numpy as np
import pytest
from scipy import stats

from transferlib import experiments, measures, widgets
from transferlib.exercises import evaluation
from transferlib.measures import interval
from transferlib.networks import Pair
from transferlib.tasks import Task

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def tasks():
    rng = np.random.default_rng(1)
    centres = rng.normal(size=(3, 12))

    def blobs(name, turn):
        y = np.arange(400) % 3
        x = (centres @ turn)[y] + rng.normal(size=(400, 12))
        return Task.split(name, np.clip(x / 8 + 0.5, 0, 1), y, "abc", test=100, picture=(3, 4))

    return blobs("one", np.eye(12)), blobs("two", np.roll(np.eye(12), 1, 1))


@pytest.fixture(scope="module")
def pair():
    return Pair(12, shared=(8,), private=(5,), classes=(3, 3))


def softmaxes(n, classes=4):
    z = np.exp(RNG.normal(size=(n, classes)) * 2)
    return z / z.sum(1, keepdims=True)


def test_probabilities_are_those_of_the_keras_model(pair, tasks):
    weights, x = pair.fresh(9), tasks[1].x_test
    pair.load(weights)
    for head in ("source", "target"):
        expected = pair.model(head).predict(x, verbose=0)
        np.testing.assert_allclose(experiments.predict(pair, weights, x, head), expected, atol=1e-6)


# The exercises.


class Fake:
    """A run that has a final accuracy and nothing else."""

    def __init__(self, seed, value):
        self.seed, self.target_accuracy, self.step = seed, np.array([0.1, value]), np.array([0, 300])


@pytest.fixture(scope="module")
def results():
    rng = np.random.default_rng(2)
    luck = rng.normal(0, 0.02, 40)
    level = {"from scratch": 0.895, "fix common": 0.905, "share weights": 0.907, "share gradients": 0.907}
    return {name: [Fake(s, m + luck[s] + rng.normal(0, 0.008)) for s in range(40)] for name, m in level.items()}


def said(exercise, answer, *given):
    return str(exercise.check(answer, *given))


def solved(exercise, **names):
    space = dict(names)
    exec(str(exercise.solution()), space)
    return space["answer"]


EXERCISES = [
    evaluation.lottery,
    evaluation.paired,
    evaluation.threshold,
    evaluation.calibration,
    evaluation.leak,
    evaluation.honest,
]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_solutions_pass_and_stubs_are_not_wrong(exercise, results):
    given = [results] if exercise is evaluation.lottery else []
    names = dict(lottery=results, at=measures.at)
    assert said(exercise, solved(exercise, **names), *given).startswith("✓")
    assert "no answer yet" in said(exercise, ..., *given) and "no answer yet" in said(exercise, None, *given)
    assert str(exercise.hint()).startswith("Hint 1 of")


def half(d, t=None, ddof=1):
    t = stats.t.ppf(0.975, len(d) - 1) if t is None else t
    return t * d.std(ddof=ddof) / len(d) ** 0.5


def around(mean, h):
    return mean, mean - h, mean + h


def unpaired(a, b):
    low, high = stats.ttest_ind(a, b, equal_var=True).confidence_interval()
    return (a - b).mean(), low, high


def split(x, who, chosen, stats_of=None, center=None):
    train, test = np.flatnonzero(chosen), np.flatnonzero(~chosen)
    rows = x[train] if stats_of is None else x[stats_of(train, test)]
    return train, test, rows.mean(0), rows.std(0)


def half_of(who, seed):
    return np.isin(who, np.random.default_rng(seed).permutation(np.unique(who))[:20])


def by_rows(x, who, seed):
    return split(x, who, np.random.default_rng(seed).random(len(who)) < 0.5)


def everything(train, test):
    return np.concatenate([train, test])


def ece(weight=True, gap=abs, total=sum, skip=True, n=None):
    def answer(sure, right):
        parts = []
        for b in range(10):
            rows = (sure > b / 10) & (sure <= (b + 1) / 10)
            if rows.any() or not skip:
                with np.errstate(invalid="ignore"):
                    share = rows.sum() if n else rows.mean() if weight else 1
                    parts.append(share * gap(np.mean(right[rows]) - np.mean(sure[rows])) if rows.any() else np.nan)
        return total(parts)

    return answer


LEAK = dict(ada="none", ben="same picture", cem="statistics", dot="choice")
WRONG = [
    (evaluation.lottery, [1, 2], "three seeds are asked for, and these are 2"),
    (evaluation.lottery, 7, "a list of seeds is asked for"),
    (evaluation.lottery, [1, 1, 2], "the same seed counts once"),
    (evaluation.lottery, [1, 2, 40], "the seeds run from 0 to 39"),
    (evaluation.lottery, [20, 21, 22], "wins,"),
    (evaluation.paired, 0.5, "a function of"),
    (evaluation.paired, lambda a, b: (a - b).mean(), "three numbers are asked for"),
    (evaluation.paired, lambda a, b: interval(b - a), "wrong way round"),
    (evaluation.paired, unpaired, "two separate groups (2n - 2"),
    (
        evaluation.paired,
        lambda a, b: around((a - b).mean(), half(a, ddof=1) ** 1 * np.hypot(1, b.std(ddof=1) / a.std(ddof=1))),
        "their variances were added",
    ),
    (evaluation.paired, lambda a, b: around((a - b).mean(), half(a - b) * len(a) ** 0.5), "divide by √n"),
    (evaluation.paired, lambda a, b: around((a - b).mean(), half(a - b, ddof=0)), "ddof=1"),
    (evaluation.paired, lambda a, b: around((a - b).mean(), half(a - b, t=1.96)), "normal's 1.96"),
    (evaluation.paired, lambda a, b: around((a - b).mean(), half(a - b, stats.t.ppf(0.95, len(a) - 1))), "ppf(0.975)"),
    (evaluation.paired, lambda a, b: around((a - b).mean(), half(a - b, stats.t.ppf(0.975, len(a)))), "have n - 1"),
    (evaluation.paired, lambda a, b: (0.0, 0.0, 0.0), "instead of"),
    (evaluation.threshold, 10, "a function of"),
    (evaluation.threshold, lambda s, c, t: int((c >= t).argmax()), "a place in the array"),
    (evaluation.threshold, lambda s, c, t: s[(c >= t).argmax()], "'never' is not a time"),
    (evaluation.threshold, lambda s, c, t: s[c >= t][-1] if (c >= t).any() else np.nan, "the last time"),
    (evaluation.threshold, lambda s, c, t: s[(c > t).argmax()] if (c > t).any() else np.nan, "use >= and not >"),
    (evaluation.threshold, lambda s, c, t: np.nan, "but 0.75 is reached"),
    (evaluation.threshold, lambda s, c, t: s[np.flatnonzero(c < t)[-1] + 1] if c[-1] >= t else np.nan, "held for good"),
    (evaluation.threshold, lambda s, c, t: s, "one number is asked for"),
    (evaluation.calibration, 0.1, "a function of"),
    (evaluation.calibration, ece(weight=False, total=np.mean), "every bin counts alike"),
    (evaluation.calibration, ece(gap=lambda g: g), "opposite sign cancel"),
    (evaluation.calibration, ece(weight=False, total=max), "called MCE"),
    (evaluation.calibration, ece(gap=lambda g: g**2), "squared"),
    (evaluation.calibration, ece(n=True), "number of all rows"),
    (evaluation.calibration, ece(skip=False), "it gives NaN"),
    (evaluation.calibration, lambda sure, right: abs(right.mean() - sure.mean()), "as if all rows were in one bin"),
    (evaluation.calibration, lambda sure, right: 0.5, "instead of"),
    (evaluation.leak, "ben", "a dictionary is asked for"),
    (evaluation.leak, dict(ben="same picture"), "it should speak of ada, ben, cem, dot"),
    (evaluation.leak, LEAK | dict(dot="luck"), "'luck' is not one of"),
    (evaluation.leak, LEAK | dict(ada="statistics"), "ada is innocent"),
    (evaluation.leak, LEAK | dict(ben="none"), "ben does leak"),
    (evaluation.leak, LEAK | dict(cem="choice"), "cem leaks, but elsewhere"),
    (evaluation.leak, LEAK | dict(dot="none"), "dot does leak"),
    (evaluation.honest, 3, "a function of"),
    (evaluation.honest, lambda x, who, seed: by_rows(x, who, seed)[:2], "four things"),
    (evaluation.honest, by_rows, "have copies on both sides"),
    (evaluation.honest, lambda x, w, s: split(x, w, half_of(w, s), everything), "that of all rows"),
    (evaluation.honest, lambda x, w, s: split(x, w, half_of(w, s), lambda a, b: b), "that of the test rows"),
    (evaluation.honest, lambda x, w, s: split(x, w, w < 38), "about half"),
    (evaluation.honest, lambda x, w, s: split(x, w, w < 20), "use the seed"),
    (evaluation.honest, lambda x, w, s: split(x, w, half_of(w, None)), "np.random.default_rng(seed)"),
    (evaluation.honest, lambda x, w, s: split(x, w, w < 99), "test is empty"),
    (evaluation.honest, lambda x, w, s: (np.arange(9), np.arange(9), x.mean(0), x.std(0)), "in train *and* in test"),
    (evaluation.honest, lambda x, w, s: (np.flatnonzero(w < 9), np.flatnonzero(w > 30), x[0], x[0]), "in neither"),
    (evaluation.honest, lambda x, w, s: (*split(x, w, half_of(w, s))[:2], x.mean(), x.std()), "one number a column"),
]


@pytest.mark.parametrize("exercise, answer, message", WRONG, ids=lambda v: v if isinstance(v, str) else None)
def test_each_mistake_gets_its_own_answer(exercise, answer, message, results):
    line = said(exercise, answer, *([results] if exercise is evaluation.lottery else []))
    assert line.startswith("✗") and message in line, line


def test_masks_are_rows_too():
    def answer(x, who, seed):
        chosen = half_of(who, seed)
        return chosen, ~chosen, x[chosen].mean(0), x[chosen].std(0)

    assert said(evaluation.honest, answer).startswith("✓")


# The pictures and the panels.


def test_the_seed_lottery_has_a_button_for_each_winner(pair, tasks):
    panel = widgets.seed_lottery(pair, *tasks, seeds=6)
    panel.set(first=5, number=10)
    panel.settle()
    assert "With seed 5," in panel.text and "With all 6" in panel.text
    buttons = [b for b in panel.children[1].children if getattr(b, "description", "").startswith("make ")]
    assert buttons
    for button in buttons:
        button.click()
        panel.settle()
        assert f"{button.description.removeprefix('make ').removesuffix(' win')} wins" in panel.text
