"""The pairs of lesson 17 and its rules, against plain ridge regression and by hand."""

import re

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.linear_model import Ridge
from sklearn.metrics import balanced_accuracy_score

from tests.page import page
from transferlib.keel import keel_missing
from transferlib.lessons.broader.pairs import (
    DOMAINS,
    GRID,
    Source,
    accuracy,
    codes,
    cosine,
    guesses,
    meanings,
    missing,
    pairs,
    ridge,
    scaled,
    score,
    study,
)
from transferlib.tasks import Task

needs_keel = pytest.mark.skipif(bool(keel_missing()), reason=keel_missing())
needs_texts = pytest.mark.skipif("texts" in missing(), reason=missing().get("texts", ""))
LESSON = page("17")
RNG = np.random.default_rng(0)


def made_up(n=60, d=7, classes=3):
    y = RNG.integers(0, classes, n)
    return Task(
        "made up",
        RNG.normal(size=(n, d)) * np.arange(1, d + 1) + y[:, None],
        y,
        RNG.normal(size=(9, d)),
        y[:9],
        range(classes),
    )


def weights(task):
    return (len(task.y_train) / len(task.classes) / np.bincount(task.y_train))[task.y_train]


def by_sklearn(X, Y, penalty, weight=None):
    return Ridge(penalty, fit_intercept=False).fit(X, Y, weight).coef_.T


def test_the_pages_formula_is_ridge_regression_towards_something_and_its_error_is_that_of_leaving_out():
    X, Y, mean, hold = RNG.normal(size=(9, 5)), RNG.normal(size=(9, 2)), RNG.normal(size=(5, 2)), RNG.uniform(1, 9, 5)

    def fit(X, Y):
        return mean + np.linalg.solve(X.T @ X + np.diag(hold), X.T @ (Y - X @ mean))

    W, error = LESSON.nearest(X, Y, mean, hold)
    np.testing.assert_allclose(W, fit(X, Y))
    left_out = [Y[i] - X[i] @ fit(np.delete(X, i, 0), np.delete(Y, i, 0)) for i in range(9)]
    assert error == pytest.approx(np.mean(np.square(left_out)))


@pytest.mark.parametrize("seed", range(6))
def test_the_sources_reader_is_sklearns_at_the_penalty_that_leaving_out_chooses(seed):
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1, 2], (24, 3, 3))  # rare classes count more, and pull their own answers further
    x = rng.normal(size=(30, 12)) + 0.7 * y[:, None]
    task = Task("uneven", x, y, x[:9], y[:9], range(3))
    X, Y, weight = scaled(task.x_train, task), codes(task.y_train, 3), weights(task)
    errors = []
    for penalty in GRID:
        kept = [np.delete(np.arange(len(X)), i) for i in range(len(X))]
        gaps = [Y[i] - X[i] @ by_sklearn(X[k], Y[k], penalty, weight[k]) for i, k in enumerate(kept)]
        errors.append((weight[:, None] * np.square(gaps)).mean())
    *_, W = ridge(X, task.y_train, 3)
    np.testing.assert_allclose(W, by_sklearn(X, Y, GRID[np.argmin(errors)], weight), atol=1e-8)
    source = Source(task, task)
    np.testing.assert_allclose(source.rows(task.x_test) @ source.reader, scaled(task.x_test, task) @ W, atol=1e-8)


def test_each_rule_is_a_plain_fit_at_one_of_the_penalties():
    source, target = made_up(), made_up(20)
    s = Source(source, target)
    X, Y = s.rows(target.x_train), s.codes(target.y_train)
    Xs, Ys, weight = s.rows(source.x_train), s.codes(source.y_train), weights(source)

    def is_one_of(W, fits):
        assert min(np.abs(W - fit).max() for fit in fits) < 1e-8

    is_one_of(LESSON.own(s, X, Y), [by_sklearn(X, Y, g) for g in GRID])
    is_one_of(LESSON.prior(s, X, Y), [s.reader + by_sklearn(X, Y - X @ s.reader, g) for g in GRID])
    both = np.vstack([X, Xs]), np.vstack([Y, Ys])
    for rule, shares in ((LESSON.pooled, (1,)), (LESSON.chosen, (0.001, 0.01, 0.1, 1))):
        counts = [np.append(np.ones(len(X)), share * weight) for share in shares]
        is_one_of(rule(s, X, Y), [by_sklearn(*both, g, count) for g in GRID for count in counts])
    assert LESSON.alone(s, X, Y) is s.reader


def test_scaled_by_itself_the_targets_own_rows_have_mean_0_and_deviation_1():
    source, target = made_up(), made_up()
    for by_itself, by in ((True, target), (False, source)):
        s = Source(source, target, by_itself)
        np.testing.assert_allclose(s.rows(target.x_train) @ s.axes.T, scaled(target.x_train, by), atol=1e-9)
    x = scaled(target.x_train, target)
    assert np.allclose(x[:, :-1].mean(0), 0) and np.allclose(x[:, :-1].std(0), 1) and (x[:, -1] == 1).all()
    still = Task("still", np.ones((4, 1)), [0, 1, 0, 1], np.full((1, 1), 9.0), [0], range(2))
    assert (scaled(still.x_test, still)[:, 0] == 0).all(), "a column that never varied is not divided by 0"


def test_the_score_is_balanced_accuracy_and_the_cosine_an_angle():
    y, said = RNG.integers(0, 3, 50), RNG.integers(0, 3, 50)
    assert score(said, y) == pytest.approx(balanced_accuracy_score(y, said))
    one, other = np.array([[1.0, 0], [0, 0]]), np.array([[1.0, 1], [0, 0]])
    assert cosine(one, other) == pytest.approx(np.sqrt(0.5)) and cosine(one, -3 * one) == -1 and cosine(one, 0 * one) == 0


@needs_keel
def test_a_study_is_what_one_does_by_hand_and_a_draw_does_not_hang_on_how_many():
    rules = {"own rows": LESSON.own, "prior": LESSON.prior}
    table = study("speech", rules, 2, seeds=3)
    source, target = pairs("speech", 2)["vowel: women → men"]
    s, few = Source(source, target), target.few(2, 2)
    W = LESSON.prior(s, s.rows(few.x_train), s.codes(few.y_train))
    assert table["vowel: women → men"]["prior"][2] == accuracy(W, s, target)
    assert table["vowel: women → men"]["prior"].seeds == (0, 1, 2)
    again = study("speech", rules, 2, seeds=[2])
    assert again["vowel: women → men"]["prior"][0] == table["vowel: women → men"]["prior"][2]
    other = study("speech", rules, 2, seeds=3, by_itself=True)
    assert (
        list(other) == list(table) and (other["vowel: women → men"]["prior"] != table["vowel: women → men"]["prior"]).any()
    )


@needs_keel
def test_what_is_known_beforehand_is_known_of_the_same_draw():
    known = guesses("speech", {"right": LESSON.right, "lead": LESSON.lead}, 2, seeds=2)
    source, target = pairs("speech", 1)["vowel: men → women"]
    s, few = Source(source, target), target.few(2, 1)
    X, Y = s.rows(few.x_train), s.codes(few.y_train)
    assert known["vowel: men → women"]["right"][1] == score((X @ s.reader).argmax(1), few.y_train)
    mine = min(LESSON.nearest(X, Y, 0 * s.reader, np.full(X.shape[1], g))[1] for g in GRID)
    assert known["vowel: men → women"]["lead"][1] == pytest.approx(mine - np.mean((Y - X @ s.reader) ** 2))
    own = ridge(s.rows(target.x_train), target.y_train, 11)[-1]
    assert known["vowel: men → women"]["cosine, all labels"][1] == pytest.approx(cosine(own, s.reader))


@needs_keel
def test_there_are_44_pairs_or_those_that_can_be_had():
    counts = {"tables": 22, "speech": 2, "pictures": 8} | ({} if "texts" in missing() else {"texts": 12})
    for kind, n in counts.items():
        assert len(pairs(kind)) == n
        for one, target in pairs(kind).values():
            assert one is not target and one.x_train.shape[1] == target.x_train.shape[1] and one.classes == target.classes
    with pytest.raises(ValueError, match="kind must be one of tables, speech, pictures, texts; not 'sounds'"):
        pairs("sounds")


@needs_texts
def test_no_review_is_on_both_sides():
    for domain in DOMAINS:
        x, y, reviews = meanings(domain)
        assert 290 <= len(x) <= 300 and x.shape[1] == 384 and min(np.bincount(y)) >= 145
        assert len(np.unique(x, axis=0)) == len(x), "no text stands there twice"
        review = {tuple(row): group for row, group in zip(x, reviews)}
        task = next(target for name, (_, target) in pairs("texts", 1).items() if name.endswith(f"→ {domain}"))
        learn, held = ({review[tuple(row)] for row in rows} for rows in (task.x_train, task.x_test))
        assert not (learn & held) and 100 <= len(task.y_test) <= 140


def test_the_ranks_are_spearmans_of_each_draw_and_families_are_drawn_together():
    rng = np.random.default_rng(3)
    names = [f"heart: {a} → {b}" for a, b in ("xy", "yx")] + ["c → d", "d → c", "d → e", "e → d"]
    whats = ["cosine", "right answers", "lead", "cosine, all labels"]
    table = {"tables": {n: {"own rows": rng.random(20), "pooled": rng.random(20)} for n in names}}
    known = {"tables": {n: {what: rng.random(20) for what in whats} for n in names}}
    lesson = page("17", table=table, known=known, measures=whats[:3])
    asked = [("tables", n) for n in names]
    made = lesson.ranks(asked, "pooled")
    gain = [np.mean(table["tables"][n]["pooled"] - table["tables"][n]["own rows"]) for n in names]
    for what in whats:
        one = [spearmanr([known["tables"][n][what][i] for n in names], gain)[0] for i in range(20)]
        np.testing.assert_allclose(made[what], one)
    kinds = ["tables"] * 2 + ["texts"] * 4
    assert [len({lesson.family(pair) for pair in zip(kinds, names[:k])}) for k in (2, 4, 6)] == [1, 2, 3]
    assert {what: values.shape for what, values in lesson.of_other_pairs(asked, "pooled", 3).items()} == dict.fromkeys(
        whats, (3,)
    )


def test_the_share_is_a_ratio_of_means_with_an_interval_round_it():
    rng = np.random.default_rng(4)
    other = rng.normal(-20, 3, 20)
    assert LESSON.share(0.5 * other, other) == "0.50 [0.50, 0.50]"
    value, low, high = map(float, re.findall(r"[\d.]+", LESSON.share(0.5 * other + rng.normal(0, 3, 20), other)))
    assert low < 0.5 < high and low < value < high and 0.05 < high - low < 0.3
