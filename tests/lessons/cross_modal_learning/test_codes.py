"""Zero-shot recognition: the page's map to codes against scikit-learn's own, and what is never seen."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.metrics.pairwise import cosine_similarity

from tests.page import page
from transferlib.datasets import mnist
from transferlib.lessons.cross_modal_learning.codes import LETTERS, SEGMENTS, SPELLING, answers, shuffled_codes
from transferlib.tasks import rng_for

TASK = mnist()
PAGE = page("12")


def mixtures(unseen, seed, task=TASK):
    return page("12", task=task).mixtures(unseen, seed)


@pytest.mark.parametrize("codes", [SEGMENTS, SPELLING], ids=["segments", "spelling"])
def test_a_mixture_of_codes_is_the_ridge_regression_on_codes(codes):
    """Ridge is linear in what it predicts: digits first and codes after are the codes at once."""
    unseen, rows = (3, 7), rng_for(2, "rows").permutation(len(TASK.x_train))[:2000]
    rows, new = rows[~np.isin(TASK.y_train[rows], unseen)], np.isin(TASK.y_test, unseen)
    at_once = Ridge(alpha=10).fit(TASK.x_train[rows], codes[TASK.y_train[rows]])
    mixture, share, truth = mixtures(unseen, 2)
    said, centre = at_once.predict(TASK.x_test[new]), codes[TASK.y_train[rows]].mean(0)
    np.testing.assert_allclose(mixture @ codes, said, atol=1e-3)
    np.testing.assert_allclose(share @ codes, centre, atol=1e-6)
    assert (truth == TASK.y_test[new]).all() and (mixture[:, unseen] < 1e-6).all()
    scores = cosine_similarity(said - centre, codes - centre)
    apart, among_all, seen, read, constant = PAGE.by_code(codes, unseen, mixture, share, truth)
    assert apart == pytest.approx((np.array(unseen)[scores[:, unseen].argmax(1)] == truth).mean(), abs=0.01)
    assert among_all == pytest.approx((scores.argmax(1) == truth).mean(), abs=0.01)
    assert seen == pytest.approx((~np.isin(scores.argmax(1), unseen)).mean(), abs=0.01)
    assert read == pytest.approx(((said > 0) == (codes[truth] > 0)).mean(), abs=0.01)
    assert constant == pytest.approx(((centre > 0) == (codes[truth] > 0)).mean())


def test_the_unseen_are_unseen():
    spoiled = np.where(np.isin(TASK.y_train, (3, 7))[:, None], 99, TASK.x_train)
    one, other = mixtures((3, 7), 0), mixtures((3, 7), 0, replace(TASK, x_train=spoiled))
    assert all((a == b).all() for a, b in zip(one, other))


def test_answers_agree_with_the_page_and_a_handicap_helps_the_unseen():
    seen = mixtures((1, 6), 0)
    shown = answers((1, 6), SEGMENTS, *seen)
    apart, among_all, *_ = PAGE.by_code(SEGMENTS, (1, 6), *seen)
    assert (shown["told_apart"], shown["right"]) == pytest.approx((apart, among_all))
    assert shown["answers"].sum() == pytest.approx(1) and (shown["codes"] == SEGMENTS[[1, 6]]).all()
    np.testing.assert_allclose(shown["mapped"][1], (seen[0] @ SEGMENTS)[seen[2] == 6].mean(0))
    helped = answers((1, 6), SEGMENTS, *seen, handicap=5.0)
    assert helped["right"] == helped["told_apart"] == shown["told_apart"]
    assert set(np.flatnonzero(helped["answers"])) == {
        1,
        6,
    }


def test_the_codes():
    assert SEGMENTS.shape == (10, 7) and SPELLING.shape == (10, len(LETTERS))
    assert (SEGMENTS > 0).sum(1).tolist() == [6, 2, 5, 5, 4, 5, 6, 3, 7, 6]
    assert len(np.unique(SEGMENTS, axis=0)) == len(np.unique(SPELLING, axis=0)) == 10
    shuffled = shuffled_codes(SEGMENTS, 2)
    assert all(sorted(map(tuple, c)) == sorted(map(tuple, SEGMENTS)) for c in shuffled.values()) and len(shuffled) == 2
