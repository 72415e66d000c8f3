"""The exercises of lesson 07, and its capstone."""

import math
import statistics

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import balanced_accuracy_score, recall_score

from tests.exercises import Tried, every, holds
from transferlib.lessons.your_own_problem import exercises as your_own_problem
from transferlib.measures import resampled_interval
from transferlib.own_data.verdict import Verdict


def half(p=0.975, less=1, ddof=1, inside=lambda n, a, b: 1 / n + a / b, times=1.0):
    def answer(values, test, train):
        n = len(values)
        return times * stats.t.ppf(p, n - less) * np.std(values, ddof=ddof) * np.sqrt(inside(n, test, train))

    return answer


def by_library(values, test, train):
    mean, low, high = resampled_interval(values, test, train)
    return (high - low) / 2


def in_plain_python(values, test, train):
    n = len(values)
    return stats.t(n - 1).ppf(0.975) * statistics.stdev(map(float, values)) * (1 / n + test / train) ** 0.5


def by_variance(values, test, train):
    return -stats.t.ppf(0.025, len(values) - 1) * math.sqrt(np.var(values, ddof=1) * (1 / len(values) + test / train))


def by_interval(values, test, train):
    n = len(values)
    low, high = stats.t.interval(0.95, n - 1, 0, stats.sem(values) * np.sqrt(1 + n * test / train))
    return high


def said(low, high, m):
    return "helped" if low > 0 else "hurt" if high < 0 else "nothing" if -m < low and high < m else "not decided"


def by_match(low, high, m):
    match (low > 0, high < 0, max(abs(low), abs(high)) < m):
        case (True, _, _):
            return "helped"
        case (_, True, _):
            return "hurt"
        case (_, _, True):
            return "nothing"
    return "not decided"


def fair(s, t):
    return np.mean([(s[t == c] == c).mean() for c in set(t.tolist())])


def by_frame(s, t):
    return pd.DataFrame(dict(right=s == t, t=t)).groupby("t")["right"].mean().mean()


def by_table(s, t):
    table = pd.crosstab(t, s).reindex(columns=np.unique(t), fill_value=0).to_numpy()
    return (np.diag(table) / table.sum(1)).mean()


def in_loops(s, t):
    right, n = {}, {}
    for a, b in zip(s, t):
        n[b], right[b] = n.get(b, 0) + 1, right.get(b, 0) + (a == b)
    return sum(right[c] / n[c] for c in n) / len(n)


CASES = {
    "honest": Tried(
        right=[
            by_library,
            in_plain_python,
            by_variance,
            by_interval,
            half(),
            lambda values, test, train: np.array(half()(values, test, train)),
            lambda values, test, train: np.float32(half()(values, test, train)),
            lambda v, a, b: half()(v, 1, b / a),
        ],
        wrong=[
            (half(inside=lambda n, a, b: 1 / n), "the usual interval"),
            (half(inside=lambda n, a, b: 1 / n + b / a), "train / test under the root"),
            (half(inside=lambda n, a, b: 1 / n + a / (a + b)), "correlation ρ"),
            (half(inside=lambda n, a, b: a / b), "1 / n is missing"),
            (half(inside=lambda n, a, b: a / b / n), "the two are added"),
            (half(ddof=0), "ddof=1"),
            (lambda v, a, b: 1.96 * half()(v, a, b) / stats.t.ppf(0.975, len(v) - 1), "1.96"),
            (half(p=0.95), "0.975"),
            (half(less=0), "degrees of freedom"),
            (lambda v, a, b: half()(v, a, b) * (1 / len(v) + a / b) ** 0.5, "the root is missing"),
            (lambda v, a, b: half()(v, a, b) / stats.t.ppf(0.975, len(v) - 1), "there is no t in it"),
            (half(times=2), "whole width"),
            (lambda v: 1, "a function of (values, test, train) is asked for"),
            (lambda v, a, b: None, "it returns nothing"),
        ],
    ),
    "word": Tried(
        right=[
            said,
            by_match,
            lambda low, high, m: said(low, high, m).upper(),
            lambda low, high, m: f" {said(low, high, m)} ",
            lambda low, high, m: said(low, high, m).capitalize(),
            lambda low, high, m: np.str_(said(low, high, m)),
            lambda low, high, matters: {(1, 1): "helped", (-1, -1): "hurt"}.get(
                (np.sign(low), np.sign(high)), "nothing" if max(-low, high) < matters else "not decided"
            ),
            lambda low, high, m: np.select(
                [low > 0, high < 0, (low > -m) & (high < m)], ["helped", "hurt", "nothing"], "not decided"
            ).item(),
        ],
        wrong=[
            (lambda a, b, m: "helped" if a + b > 0 else "hurt", "the middle of the interval only"),
            (lambda a, b, m: "helped" if a > 0 else "hurt" if b < 0 else "not decided", "never says “nothing”"),
            (lambda a, b, m: "helped" if a > 0 else "hurt" if b < 0 else "nothing", "a wide one has only not decided it"),
            (
                lambda a, b, m: (
                    "helped" if a > m else "hurt" if b < -m else "nothing" if -m < a and b < m else "not decided"
                ),
                "low > matters",
            ),
            (lambda a, b, m: "helped" if b > 0 else "hurt" if a < 0 else "nothing", "the ends are exchanged"),
            (lambda a, b, m: {"helped": "hurt", "hurt": "helped"}.get(said(a, b, m), said(a, b, m)), "helped and hurt are"),
            (
                lambda a, b, m: "helped" if a > 0 else "hurt" if b < 0 else "nothing" if b < m else "not decided",
                "one of them",
            ),
            (
                lambda a, b, m: "helped" if a > 0 else "hurt" if b < 0 else "nothing" if -m < a else "not decided",
                "the low one",
            ),
            (lambda a, b, m: "not decided", "the same whatever"),
            (lambda a, b, m: "maybe", "the words are"),
            (lambda a, b, m: a > 0, "returns a bool"),
            (lambda a, b, m: None, "it returns nothing"),
        ],
    ),
    "balanced": Tried(
        right=[
            fair,
            by_frame,
            by_table,
            in_loops,
            lambda said, truth: balanced_accuracy_score(truth, said),
            lambda said, truth: recall_score(truth, said, average="macro"),
            lambda said, truth: np.average(said == truth, weights=1 / np.bincount(truth)[truth]),
            lambda said, truth: np.float32(fair(said, truth)),
        ],
        wrong=[
            (lambda s, t: (s == t).mean(), "plain accuracy: the largest"),
            (lambda s, t: np.mean([(t[s == c] == c).mean() for c in np.unique(t)]), "precision"),
            (lambda s, t: np.mean([((s == c) & (t == c)).mean() for c in np.unique(t)]), "by all rows"),
            (lambda s, t: sum((s[t == c] == c).mean() for c in np.unique(t)), "adds the classes' shares up"),
            (lambda s, t: min((s[t == c] == c).mean() for c in np.unique(t)), "worst class"),
            (lambda s, t: 1 - fair(s, t), "wrong answers"),
            (lambda s, t: 100 * fair(s, t), "percent"),
            (lambda s, t: np.mean([((s == c) == (t == c)).mean() for c in np.unique(t)]), "not said to be of it"),
            (lambda s, t: np.prod([(s[t == c] == c).mean() for c in np.unique(t)]), "product"),
            (lambda s, t: [(s[t == c] == c).mean() for c in np.unique(t)], "one number"),
            (lambda s: 0, "a function of (said, truth) is asked for"),
            (lambda s, t: s.nothing, "AttributeError"),
        ],
    ),
    "more_rows": Tried(
        right=[
            lambda rows, half, target: rows * (half / target) ** 2,
            lambda rows, half, target: math.ceil(rows * half**2 / target**2),
            lambda rows, half, target: round(rows * (half / target) ** 2),
            lambda rows, half, target: np.ceil(rows * np.square(half / target)),
            lambda rows, half, target: rows / (target / half) ** 2,
            lambda rows, half, target: (half * rows**0.5 / target) ** 2,
            lambda rows, half, target: rows * pow(half / target, 2),
            lambda r, h, t: np.exp(np.log(r) + 2 * np.log(h) - 2 * np.log(t)),
        ],
        wrong=[
            (lambda r, h, t: r * h / t, "the factor has to be squared"),
            (lambda r, h, t: r * (t / h) ** 2, "upside down"),
            (lambda r, h, t: r * (h / t) ** 0.5, "the root where the square"),
            (lambda r, h, t: (h / t) ** 2, "that is the factor"),
            (lambda r, h, t: (r * h / t) ** 2, "squares the rows too"),
            (lambda r, h, t: r * (h / t) ** 2 - r, "rows to *add*"),
            (lambda r, h, t: r * (2 * h / t) ** 2, "no factor of 2"),
            (lambda r, h, t: r * (1 + h - t), "difference of the widths"),
            (lambda r, h, t: r * (h / t) ** 3, "cubes"),
            (lambda r, h, t: "four times", "it should return numbers"),
            (lambda r, h: r, "a function of (rows, half, target) is asked for"),
        ],
    ),
}


@pytest.mark.parametrize("name, exercise", every(your_own_problem).items())
def test_every_exercise_answers_right_and_wrong(name, exercise):
    holds(exercise, CASES[name])


@pytest.mark.parametrize("mean, spread", [(0.2, 0.02), (-0.2, 0.02), (0.0, 0.004), (0.03, 0.1)])
def test_the_exercise_s_words_are_those_of_the_library(mean, spread):
    verdict = Verdict.of("a", "b", np.array([-1.0, 1.0] * 5) * spread + mean, 25, 75)
    assert your_own_problem._word(verdict.low, verdict.high, verdict.matters) == verdict.word


def test_the_capstone_scores_and_says_what_may_be_claimed():
    capstone = your_own_problem.Capstone()
    n, truth = len(capstone.hidden), capstone._truth
    assert capstone.rows.shape == (60, 100) and np.bincount(capstone.labels).min() >= 5 and n > 700
    assert len(np.unique(capstone._writers)) == 6
    assert "nothing handed in yet" in capstone.hand_in().text
    assert "nothing handed in yet" in capstone.hand_in(...).text
    for wrong, words in [
        (truth[:-1], "one digit for each of the"),
        (np.zeros(n), "a constant"),
        (truth + 1, "there is [10.0]"),
        (["a"] * n, "must be digits"),
        (np.where(np.arange(n) == 3, np.nan, truth), "must be digits"),
        (truth + 0.5, "must be digits"),
    ]:
        assert words in (said := capstone.hand_in(wrong).text) and said.startswith("✗ capstone: "), said
    assert capstone._times == 0, "a slip is no look"
    good, poor = truth.copy(), truth.copy()
    good[::10], poor[::3] = (good[::10] + 1) % 10, (poor[::3] + 1) % 10
    first = capstone.hand_in(good).text
    assert "Score: 9" in first and "may not claim that the source helped: there is no control" in first
    second = capstone.hand_in(list(map(str, good)), control=poor).text
    assert "You may claim that the source helped: +2" in second and "You have looked 2 times" in second
    assert "You may claim that it hurt" in capstone.hand_in(poor, control=good).text
    assert "You may claim neither" in capstone.hand_in(np.eye(10)[good], control=good).text
