"""The exercises of lesson 05."""

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from scipy import stats
from sklearn.model_selection import GroupShuffleSplit
from sklearn.preprocessing import StandardScaler

from tests.exercises import Run, Tried, every, holds
from transferlib import measures
from transferlib.lessons.evaluation import exercises as evaluation
from transferlib.measures import interval

RNG = np.random.default_rng(2)
LUCK = RNG.normal(0, 0.02, 40)
LEVEL = {"from scratch": 0.895, "fix common": 0.905, "share weights": 0.907, "share gradients": 0.907}
RESULTS = {name: [Run(m + LUCK[s] + RNG.normal(0, 0.008), seed=s) for s in range(40)] for name, m in LEVEL.items()}
AHEAD = np.argsort(
    np.max([measures.value_at(RESULTS[name]) for name in LEVEL if name != "from scratch"], 0)
    - measures.value_at(RESULTS["from scratch"])
)[:3]


def t(p, n):
    return stats.t.ppf(p, n - 1)


def around(half, centre=np.mean):
    """(mean, low, high) of differences d with a half width half(d, n)."""
    return lambda a, b: [centre(a - b) + sign * half(a - b, len(a)) for sign in (0, -1, 1)]


def welch(a, b):
    return (a - b).mean(), *stats.ttest_ind(a, b, equal_var=False).confidence_interval()


def se(d, n):
    return d.std(ddof=1) / n**0.5


def in_place(a, b):
    a -= b
    half = t(0.975, len(a)) * stats.sem(a)
    return a.mean(), a.mean() - half, a.mean() + half


def by_loop(step, curve, level):
    for s, value in zip(step, curve):
        if value >= level:
            return s
    return float("nan")


def by_mask(step, curve, level):
    return min(step[curve >= level], default=np.nan)


def hit(which=0, reached=np.greater_equal, never=np.nan):
    return lambda s, c, level: s[np.flatnonzero(reached(c, level))[which]] if reached(c, level).any() else never


def held(s, c, level):
    return s[np.flatnonzero(c < level).max(initial=-1) + 1] if c[-1] >= level else np.nan


def place(s, c, level):
    return (c >= level).argmax() if (c >= level).any() else np.nan


def half_of(who, seed):
    return np.isin(who, np.random.default_rng(seed).permutation(np.unique(who))[:20])


def split(chosen, of=lambda train, test: train, make=tuple):
    """A split by a mask chosen(who, seed), with the statistics of the rows of(train, test)."""

    def answer(x, who, seed):
        train, test = np.flatnonzero(chosen(who, seed)), np.flatnonzero(~chosen(who, seed))
        rows = x[of(train, test)]
        return make((train, test, rows.mean(0), rows.std(0)))

    return answer


def by_rows_alone(who, seed):
    return np.random.default_rng(seed).random(len(who)) < 0.5


def masks(x, who, seed):
    chosen = half_of(who, seed)
    return chosen, ~chosen, x[chosen].mean(0), x[chosen].std(0)


def by_choice(x, who, seed):
    mine = set(np.random.default_rng(seed).choice(40, 20, replace=False).tolist())
    train = [i for i, picture in enumerate(who) if picture in mine]
    test = [i for i, picture in enumerate(who) if picture not in mine]
    return train, test, x[train].mean(0).tolist(), x[train].std(0).tolist()


def sample_spread(x, who, seed):
    train, test, mean, std = split(half_of)(x, who, seed)
    return train, test, mean, x[train].std(0, ddof=1)


def in_other_order(x, who, seed):
    rng = np.random.default_rng(seed)
    train, test, mean, std = split(half_of)(x, who, seed)
    return rng.permutation(train), rng.permutation(test), mean, std


def by_group(x, who, seed):
    train, test = next(GroupShuffleSplit(1, test_size=0.5, random_state=seed).split(x, groups=who))
    scaler = StandardScaler().fit(x[train])
    return train, test, scaler.mean_[None], scaler.scale_


def by_hash(x, who, seed):
    return split(lambda who, seed: np.random.RandomState(seed).rand(40)[who] < 0.5)(x, who, seed)


def by_no_seed(x, who, seed):
    chosen = half_of(who, None)
    return chosen, ~chosen, x[chosen].mean(0), x[chosen].std(0)


SCORES = {
    name: RNG.normal((0.84 + more, 0.83), 0.02, (20, 2))
    for name, more in zip(["ada", "ben", "cem", "dot"], (0, 0.1, 0, 0.02))
}


def optimism(of=lambda v, a: (v - a)[:, 0] - (v - a)[:, 1], beside=()):
    """{name: of(its scores, ada's)}."""
    return {name: of(SCORES[name], SCORES["ada"]) for name in (*beside, "ben", "cem", "dot")}


CASES = {
    "lottery": Tried(
        right=[tuple(AHEAD), set(AHEAD), AHEAD * 1.0, AHEAD[:, None], pd.Series(AHEAD), iter(AHEAD), tf.constant(AHEAD)],
        wrong=[
            ([1, 2], "three seeds are asked for, and these are 2"),
            (7, "a list of seeds is asked for"),
            ([1, 1, 2], "the same seed counts once"),
            ([1, 2, 40], "the seeds run from 0 to 39"),
            ([20, 21, 22], "wins,"),
            ([0.7, 2.9, 3.0], "a whole number"),
            (["a", "b", "c"], "not 'a'"),
            ([True, 1, 2], "not True"),
            ("1, 2, 3", "not a str"),
            (np.array(3), "not a ndarray"),
        ],
        given=(RESULTS,),
        names=dict(lottery=RESULTS),
    ),
    "paired": Tried(
        right=[
            in_place,
            lambda a, b: interval(a - b),
            lambda a, b: ((a - b).mean(), *stats.t.interval(0.95, len(a) - 1, (a - b).mean(), stats.sem(a - b))),
            lambda a, b: ((a - b).mean(), *stats.ttest_rel(a, b).confidence_interval(0.95)),
            lambda a, b: ((a - b).mean(), *stats.ttest_1samp(a - b, 0).confidence_interval()),
            lambda a, b: around(lambda d, n: -stats.t.ppf(0.025, n - 1) * np.sqrt(d.var(ddof=1) / n))(a, b),
            lambda a, b: np.array(interval(a - b), np.float32),
            lambda a, b: (a.mean() - b.mean(), *np.array(interval(a - b))[1:]),
        ],
        wrong=[
            (0.5, "a function of"),
            (lambda a, b: (interval(a - b)[0], interval(a - b)[1:]), "three numbers are asked for, (mean, low, high)."),
            (lambda a, b: interval(b - a), "wrong way round"),
            (welch, "two separate groups"),
            (around(lambda d, n: t(0.975, n) * d.std(ddof=1)), "divide by √n"),
            (around(lambda d, n: t(0.975, n) * d.std() / n**0.5), "ddof=1"),
            (around(lambda d, n: 1.96 * se(d, n)), "1.96 or 2"),
            (around(se), "one standard error"),
            (around(lambda d, n: t(0.95, n) * se(d, n)), "ppf(0.975)"),
            (around(lambda d, n: stats.t.ppf(0.975, n) * se(d, n)), "have n - 1"),
            (lambda a, b: np.array(interval(a - b))[[1, 0, 2]], "the order is"),
            (around(lambda d, n: t(0.975, n) * d.var(ddof=1) / n**0.5), "the variance"),
            (around(lambda d, n: t(0.975, n) * d.std(ddof=1) / n), "divides by n;"),
            (lambda a, b: ((a - b).mean(), *np.quantile(a - b, (0.025, 0.975))), "single differences"),
            (around(lambda d, n: t(0.995, n) * se(d, n)), "as for 99 %"),
            (lambda a, b: (0.0, 0.0, 0.0), "instead of"),
            (lambda a, b: print(end=""), "`return`"),
        ],
        alike=[
            (around(lambda d, n: 2 * d.std(ddof=1)), "divide by √n"),
            (around(lambda d, n: 2 * se(d, n)), "1.96 or 2"),
            (lambda a, b: ((a - b).mean(), *stats.ttest_ind(a, b).confidence_interval()), "two separate groups"),
            (
                lambda a, b: around(lambda d, n: t(0.975, n) * np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / n))(a, b),
                "two separate groups",
            ),
            (lambda a, b: np.array(interval(a - b))[[0, 2, 1]], "the order is"),
            (lambda a, b: ((a - b).mean(), min(a - b), max(a - b)), "single differences"),
        ],
    ),
    "threshold": Tried(
        right=[
            by_loop,
            by_mask,
            hit(),
            lambda s, c, level: float(measures.time_to_threshold(s, c, level)),
            lambda s, c, level: next((float(x) for x, y in zip(s, c) if not y < level), float("nan")),
            lambda s, c, level: np.where((c >= level).any(), s[np.argmax(c >= level)], np.nan),
            lambda s, c, level: s[np.searchsorted(np.maximum.accumulate(c), level)] if c.max() >= level else np.nan,
            lambda s, c, level: min([x for x, y in zip(s, c) if y >= level] or [np.nan]),
        ],
        wrong=[
            (10, "a function of"),
            (place, "a place in the array"),
            (lambda s, c, level: s[(c >= level).argmax()], "'never' is not a time"),
            (hit(0, np.greater), "use >= and not >"),
            (held, "when it stays there"),
            (lambda s, c, level: hit()(s, c, 0.75), "0.75 is only one"),
            (lambda s, c, level: c[c >= level][0] if (c >= level).any() else np.nan, "the value of the curve"),
            (lambda s, c, level: np.nan, "NaN or infinite"),
            (lambda s, c, level: s, "returns numbers of the shape (6,)"),
            (hit(never=None), "it gives None when"),
            (lambda s, c, level: s[max(0, (c >= level).argmax() - 1)], "the measured step before"),
            (lambda s, c, level: s[abs(c - level).argmin()], "nearest to the level"),
            (lambda s, c, level: s[np.searchsorted(c, level)], "only rise"),
            (lambda s, c, level: 7, "level = 0.75 it gives 7 instead of 20."),
        ],
        alike=[
            (hit(-1), "that is a later time"),
            (lambda s, c, level: s[c.argmax()], "that is a later time"),
            (lambda s, c, level: s[(c >= level).argmax() - 1], "the measured step before"),
        ],
    ),
    "leak": Tried(
        right=[
            dict(reversed(optimism().items())),
            {name.upper(): value for name, value in optimism().items()},
            {f" {name} ": value.tolist() for name, value in optimism().items()},
            {name: value.astype(np.float32) for name, value in optimism().items()},
            pd.DataFrame(optimism()),
            {name: pd.Series(value) for name, value in optimism().items()},
            optimism(beside=("ada",)),
            {name: -np.diff(SCORES[name] - SCORES["ada"]).ravel() for name in ("ben", "cem", "dot")},
        ],
        wrong=[
            ("ben", "a dictionary is asked for"),
            ({"ben": optimism()["ben"]}, "it should speak of ben, cem, dot"),
            (optimism() | dict(eve=0.0), "and speaks of ben, cem, dot, eve"),
            (optimism(lambda v, a: v[:, 0] - a[:, 0]), "*reports* than ada"),
            (optimism(lambda v, a: v[:, 0] - v[:, 1]), "ada's optimism is still in it"),
            (optimism(lambda v, a: v[:, 1] - a[:, 1]), "better the model is on new pictures"),
            (optimism(lambda v, a: (v - a)[:, 1] - (v - a)[:, 0]), "the wrong way round"),
            (optimism(lambda v, a: 100 * ((v - a)[:, 0] - (v - a)[:, 1])), "in points"),
            (optimism(lambda v, a: ((v - a)[:, 0] - (v - a)[:, 1]).mean()), "that is the mean"),
            (optimism(lambda v, a: v - a), "not the shape (20, 2)"),
            (optimism(lambda v, a: v[:, 0] - v[:, 1] - (a[:, 0] - a[:, 1]).mean()), "ada's *mean*"),
            (optimism(lambda v, a: (v + a)[:, 0] - (v + a)[:, 1]), "is added; subtract"),
            (optimism(lambda v, a: 7 * v[:, 0]), "not report - new pictures"),
            (optimism() | dict(cem="none"), "return numbers"),
        ],
        given=(SCORES,),
        names=dict(scores=SCORES),
    ),
    "honest": Tried(
        right=[
            masks,
            by_choice,
            sample_spread,
            in_other_order,
            by_group,
            lambda *given: dict(zip(("train", "test", "mean", "std"), masks(*given))),
            lambda *given: (part for part in masks(*given)),
            by_hash,
            split(half_of, make=list),
            lambda *given: (*map(set, split(half_of)(*given)[:2]), *split(half_of)(*given)[2:]),
            split(lambda w, s: ~half_of(w, s)),
        ],
        wrong=[
            (3, "a function of"),
            (lambda x, who, seed: split(half_of)(x, who, seed)[:2], "four things"),
            (split(by_rows_alone), "have copies on both sides"),
            (split(half_of, lambda train, test: [*train, *test]), "that of all rows"),
            (split(half_of, lambda train, test: test), "that of the test rows"),
            (split(lambda who, seed: who < 38), "about half"),
            (split(lambda who, seed: who < 20), "use the seed"),
            (by_no_seed, "the same seed gives another split"),
            (split(lambda who, seed: who < 99), "test is empty"),
            (lambda x, w, s: (np.arange(9), np.arange(9), x.mean(0), x.std(0)), "in train *and* in test"),
            (lambda x, w, s: (np.flatnonzero(w < 9), np.flatnonzero(w > 30), x[0], x[0]), "in neither"),
            (lambda x, w, s: (*split(half_of)(x, w, s)[:2], x.mean(), x.std()), "one number a column"),
            (lambda x, w, s: (*split(half_of)(x, w, s)[:3], split(half_of)(x, w, s)[3] ** 2), "take its root"),
            (lambda x, w, s: (x[:9], x[9:], x.mean(0), x.std(0)), "train should be a list of row numbers"),
            (lambda x, w, s: (masks(x, w, s)[0][:5], *masks(x, w, s)[1:]), "is a mask over 5 rows, and x has"),
            (lambda x, w, s: (*masks(x, w, s)[:2], x[0], x[1]), "the mean is not that of the training rows"),
            (lambda x, w, s: (w, w + 900, x.mean(0), x.std(0)), "test holds row numbers from 900"),
            (lambda x, w, s: (*masks(x, w, s)[:3], masks(x, w, s)[3] * 1.03), "the std is not that"),
            (lambda x, w, s: (x[:, 0], x[:, 1], x.mean(0), x.std(0)), "should be row numbers"),
        ],
    ),
}


@pytest.mark.parametrize("name", every(evaluation))
def test_exercise(name):
    holds(every(evaluation)[name], CASES[name])


def test_the_leaks_praise_says_no_number_but_those_measured():
    said = evaluation.leak.check(optimism(), SCORES).text
    for value in optimism().values():
        said = said.replace(measures.in_points(value), "")
    assert said.startswith("✓") and not any(letter.isdigit() for letter in said), said
