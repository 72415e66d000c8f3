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
from transferlib.measures import in_brackets, interval, resampled_interval
from transferlib.own_data.verdict import word_of
from transferlib.tasks import rng_for


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


def narrow_is_nothing(low, high, m):
    return "helped" if low > 0 else "hurt" if high < 0 else "nothing" if high - low < 2 * m else "not decided"


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
            lambda v, a, b: [half()(v, a, b)],
            lambda v, a, b: np.diff(resampled_interval(v, a, b)[1:]) / 2,
        ],
        wrong=[
            (half(inside=lambda n, a, b: 1 / n), "the usual interval takes"),
            (half(inside=lambda n, a, b: 1 / n + b / a), "under the root stands train / test"),
            (half(inside=lambda n, a, b: 1 / n + a / (a + b)), "it adds ρ"),
            (half(inside=lambda n, a, b: a / b), "1 / n is missing"),
            (half(inside=lambda n, a, b: a / b / n), "instead of"),
            (half(ddof=0), "ddof=1"),
            (lambda v, a, b: 1.96 * half()(v, a, b) / stats.t.ppf(0.975, len(v) - 1), "1.96"),
            (half(p=0.95), "0.975"),
            (half(less=0), "n - 1 degrees"),
            (lambda v, a, b: half()(v, a, b) / stats.t.ppf(0.975, len(v) - 1), "one standard error"),
            (lambda v, a, b: half()(v, a, b) * (1 / len(v) + a / b) ** 0.5, "the root is missing"),
            (lambda v, a, b: half()(v, a, b) * np.std(v, ddof=1), "the variance"),
            (lambda v, a, b: v.mean() + half()(v, a, b), "an end of the interval"),
            (half(p=0.995), "as for 99 %"),
            (half(times=2), "whole width"),
            (lambda v: 1, "a function of (values, test, train) is asked for"),
            (lambda v, a, b: None, "it returns nothing"),
        ],
        alike=[(lambda v, a, b: 2 * half()(v, a, b) / stats.t.ppf(0.975, len(v) - 1), "1.96 or 2")],
    ),
    "word": Tried(
        right=[
            said,
            by_match,
            lambda low, high, m: said(low, high, m).upper(),
            lambda low, high, m: f" {said(low, high, m)} ",
            lambda low, high, m: said(low, high, m).capitalize(),
            lambda low, high, m: np.str_(said(low, high, m)),
            lambda low, high, m: said(low, high, m).replace("nothing", "nothing that matters").replace(" d", "_d"),
            lambda low, high, m: np.array([said(low, high, m)]),
            lambda low, high, matters: {(1, 1): "helped", (-1, -1): "hurt"}.get(
                (np.sign(low), np.sign(high)), "nothing" if max(-low, high) < matters else "not decided"
            ),
            lambda low, high, m: np.select(
                [low > 0, high < 0, (low > -m) & (high < m)], ["helped", "hurt", "nothing"], "not decided"
            ).item(),
        ],
        wrong=[
            (lambda a, b, m: "helped" if a + b > 0 else "hurt", "a middle above 0 may be luck"),
            (lambda a, b, m: "helped" if a > 0 else "hurt" if b < 0 else "not decided", "never says “nothing”"),
            (lambda a, b, m: "helped" if a > 0 else "hurt" if b < 0 else "nothing", "a wide one has not decided it"),
            (
                lambda a, b, m: (
                    "helped" if a > m else "hurt" if b < -m else "nothing" if -m < a and b < m else "not decided"
                ),
                "Wholly above 0 is “helped”",
            ),
            (lambda a, b, m: {"helped": "hurt", "hurt": "helped"}.get(said(a, b, m), said(a, b, m)), "for 0.01 to 0.05,"),
            (narrow_is_nothing, "that the interval is narrow is not enough"),
            (
                lambda a, b, m: "helped" if a > 0 else "hurt" if b < 0 else "nothing" if b < m else "not decided",
                "one of them",
            ),
            (lambda a, b, m: "helped" if a >= 0 else "hurt" if b <= 0 else said(a, b, m), "that ends at 0 holds 0"),
            (lambda a, b, m: "helped" if a >= 0 else said(a, b, m), "for 0.0 to 0.03,"),
            (lambda a, b, m: "hurt" if b <= 0 else said(a, b, m), "for -0.03 to 0.0,"),
            (lambda a, b, m: "not decided", "it says “not decided”, where “helped” is what can be said"),
            (lambda a, b, m: "maybe", "the words are"),
            (lambda a, b, m: a > 0, "returns a bool"),
            (lambda a, b, m: None, "it returns nothing"),
        ],
        alike=[
            (
                lambda a, b, m: "helped" if a > 0 else "hurt" if b < 0 else "nothing" if b - a < m else "not decided",
                "that the interval is narrow is not enough",
            ),
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
            (lambda s, t: np.mean([(s[t == c] == c).mean() for c in np.unique(s)]), "take them from `truth`"),
            (lambda s, t: 1 - fair(s, t), "the balanced *error*"),
            (lambda s, t: np.mean([(s[t == c] == c).mean() for c in range(max(t))]), "some classes are left out"),
            (lambda s, t: min((s[t == c] == c).mean() for c in np.unique(t)), "instead of"),
            (lambda s, t: np.mean([((s == c) == (t == c)).mean() for c in np.unique(t)]), "not said to be of this one"),
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
            lambda rows, half, target: int(rows * (half / target) ** 2),
            lambda rows, half, target: np.ceil(rows * np.square(half / target)),
            lambda rows, half, target: rows / (target / half) ** 2,
            lambda rows, half, target: (half * rows**0.5 / target) ** 2,
            lambda rows, half, target: rows * pow(half / target, 2),
            lambda r, h, t: np.exp(np.log(r) + 2 * np.log(h) - 2 * np.log(t)),
        ],
        wrong=[
            (lambda r, h, t: r * h / t, "square the factor"),
            (lambda r, h, t: r * (t / h) ** 2, "takes more rows"),
            (lambda r, h, t: r * (h / t) ** 0.5, "the root where the square"),
            (lambda r, h, t: (h / t) ** 2, "that is the factor"),
            (lambda r, h, t: (r * h / t) ** 2, "instead of"),
            (lambda r, h, t: r * (h / t) ** 2 - r, "rows to *add*"),
            (lambda r, h, t: r * (2 * h / t) ** 2, "no factor 4"),
            (lambda r, h, t: "four times", "it should return numbers"),
            (lambda r, h: r, "a function of (rows, half, target) is asked for"),
        ],
        alike=[
            (lambda r, h, t: math.ceil(r * h / t), "square the factor"),
            (lambda r, h, t: math.ceil(r * (t / h) ** 2), "takes more rows"),
            (lambda r, h, t: math.ceil((h / t) ** 2), "that is the factor"),
            (lambda r, h, t: math.ceil(r * (h / t) ** 2 - r), "rows to *add*"),
            (lambda r, h, t: r * (h / 2 / t) ** 2, "no factor 4"),
        ],
    ),
}


@pytest.mark.parametrize("name, exercise", every(your_own_problem).items())
def test_every_exercise_answers_right_and_wrong(name, exercise):
    holds(exercise, CASES[name])


@pytest.mark.parametrize(
    "low, high", [(0.1, 0.2), (-0.2, -0.1), (-0.01, 0.01), (-0.1, 0.1), (0.001, 0.015), (-0.015, -0.001)]
)
def test_the_exercise_s_words_are_those_of_the_library(low, high):
    assert your_own_problem._word(low, high, 0.02) == word_of(low, high, 0.02)


@pytest.mark.parametrize(
    "answer",
    [
        lambda low, high, m: "nothing" if max(abs(low), abs(high)) < m else said(low, high, m),
        lambda low, high, m: "helped" if low > m else "hurt" if high < -m else "nothing" if abs(low + high) < m else "hurt",
    ],
)
def test_the_verdict_s_message_never_names_a_word_that_fits(answer):
    told = your_own_problem.word.check(answer).text
    assert "Wholly above 0 is “helped”" in told or "is what can be said" in told


def test_the_capstone_scores_and_says_what_may_be_claimed():
    capstone = your_own_problem.Capstone()
    n, truth = len(capstone.hidden), capstone._truth
    assert capstone.rows.shape == (60, 100) and np.bincount(capstone.labels).min() >= 5 and n > 700
    assert len(np.unique(capstone._writers)) == 6
    assert "nothing handed in yet" in capstone.hand_in().text
    assert "nothing handed in yet" in capstone.hand_in(...).text
    for wrong, words in [
        ([[1], [1, 2]], "must be digits"),
        (truth[:-1], "one digit for each of the"),
        (np.zeros(n), "a constant"),
        (truth + 1, "there is [10.0]"),
        (["a"] * n, "must be digits"),
        (np.where(np.arange(n) == 3, np.nan, truth), "must be digits"),
        (truth + 0.5, "must be digits"),
    ]:
        assert words in (said := capstone.hand_in(wrong).text) and said.startswith("✗ capstone: "), said
    good, poor = truth.copy(), truth.copy()
    good[::10], poor[::3] = (good[::10] + 1) % 10, (poor[::3] + 1) % 10
    first = capstone.hand_in(good).text
    assert "Score: 9" in first and "may not claim that the source helped: there is no control" in first
    assert "You have looked" not in first, "a slip is no look"
    assert capstone.hand_in(good).text == first, "the same once more is no look"
    second = capstone.hand_in(list(map(str, good)), control=poor).text
    assert "You may claim that the source helped: +2" in second and "You have looked" not in second
    third = capstone.hand_in(poor, control=good).text
    assert "You may claim that it hurt" in third and "You have looked 2 times" in third
    same = capstone.hand_in(np.eye(10)[good], control=good).text
    assert "it did nothing that matters (within ± 2 points): +0.0 [+0.0, +0.0]" in same
    unsure = good.copy()
    unsure[:130] = (truth[:130] + 1) % 10  # one writer's, of six
    assert "You may claim neither" in capstone.hand_in(unsure, control=good).text


def test_each_further_look_widens_both_intervals():
    capstone = your_own_problem.Capstone()
    truth, writers = capstone._truth, capstone._writers
    tries = [np.where(rng_for(i, "looks").random(len(truth)) < 0.1, (truth + 1) % 10, truth) for i in range(4)]
    for looks, answers in enumerate(tries[1:], 1):
        report = capstone.hand_in(answers, control=tries[0]).text
        scores, control = (
            np.array([100 * (a == truth)[writers == w].mean() for w in np.unique(writers)]) for a in (answers, tries[0])
        )
        mean, low, high = interval(scores, 1 - 0.05 / looks)
        assert f"Score: {mean:.1f} % [{low:.1f}, {min(100, high):.1f}]" in report
        assert in_brackets(*map(float, interval(scores - control, 1 - 0.05 / looks)), 6) in report


def test_no_writer_is_both_learned_from_and_hidden():
    capstone = your_own_problem.Capstone()
    x, y, writers = your_own_problem.all_digits()
    home = {row.tobytes(): writer for row, writer in zip(x, writers)}
    mine, theirs = ({home[row.tobytes()] for row in rows} for rows in (capstone.rows, capstone.hidden))
    assert len(home) == len(x) and mine == set(range(8)) and theirs == set(range(8, 14))
    assert set(capstone._writers) == theirs and len(capstone.hidden) == (writers >= 8).sum()
