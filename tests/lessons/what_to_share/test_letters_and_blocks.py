"""What lesson 14 trains on: halves of the alphabet, and what the blocks of MiniLM make of texts."""

import numpy as np
import pytest
from sklearn.linear_model import RidgeClassifierCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.page import page as read_page
from transferlib.keel import keel_missing, letters
from transferlib.lessons.what_to_share.blocks import draw, shuffled, some_texts, states
from transferlib.lessons.what_to_share.letters import halves
from transferlib.minilm import minilm, minilm_missing, read_texts
from transferlib.texts import DOMAINS, texts_missing

needs_letters = pytest.mark.skipif(bool(keel_missing()), reason=keel_missing())
needs_texts = pytest.mark.skipif(bool(texts_missing()), reason=texts_missing())


@needs_letters
def test_the_halves_share_no_letter_and_each_row_bears_its_own():
    source, target, choosing = halves(3)
    assert not set(source.classes) & set(target.classes) and len({*source.classes, *target.classes}) == 26
    x, y = letters()
    known = {}
    for row, letter in zip(map(bytes, x), y):
        known.setdefault(row, set()).add(chr(ord("A") + letter))
    for task in (source, target):
        assert np.bincount(task.y_train).tolist() == [300] * 13 and np.bincount(task.y_test).tolist() == [110] * 13
    assert np.bincount(choosing.y_test).tolist() == [60] * 13
    for task in (source, target, choosing):
        assert all(task.classes[label] in known[bytes(row)] for row, label in zip(task.x_test[::50], task.y_test[::50]))
    assert halves(4)[0].classes != source.classes


@needs_letters
def test_the_rows_that_choose_are_the_same_for_every_seed_and_none_of_them_is_learned_from_or_tested_on():
    used, choose, each = set(), set(), 0
    for seed in (0, 1, 2, 800):
        source, target, choosing = halves(seed)
        assert (choosing.x_train == target.x_train).all() and (choosing.y_train == target.y_train).all()
        four = [set(map(bytes, x)) for x in (target.x_train, target.x_test, source.x_train, source.x_test)]
        assert len(set.union(*four)) == sum(map(len, four)) == 26 * 410  # no row on two sides, and none twice
        used.update(*four)
        choose.update(map(bytes, choosing.x_test))
        each += len(choosing.x_test)
    assert not used & choose and len(choose) <= 26 * 60 < each


@needs_texts
@pytest.mark.parametrize("name", DOMAINS)
def test_a_draw_keeps_a_review_on_one_side_and_has_its_labels(name):
    texts, task = some_texts(name), draw(name, 5, per_class=100)
    learn, held = (x[:, 0].astype(int) for x in (task.x_train, task.x_test))
    assert len(texts.y) == 700 and np.ptp(np.bincount(texts.y)) == 0
    assert not set(texts.groups[learn]) & set(texts.groups[held])
    assert (texts.y[learn] == task.y_train).all() and (texts.y[held] == task.y_test).all()
    assert np.bincount(task.y_train).tolist() == [100, 100] and abs(len(held) - 250) < 10
    assert max(len(text.split()) for text in texts.texts) <= 28
    assert set(draw(name, 6, per_class=100).x_test[:, 0]) != set(task.x_test[:, 0])


def test_shuffled_keeps_the_numbers_of_each_array_and_not_their_places():
    arrays = [np.arange(12.0).reshape(3, 4), np.arange(5.0)]
    made = shuffled(arrays, np.random.default_rng(1))
    for one, other in zip(arrays, made):
        assert one.shape == other.shape and (one != other).any() and (np.sort(one.ravel()) == np.sort(other.ravel())).all()
    assert (np.sort(made[0], axis=1) != arrays[0]).any()  # across rows too, and not within each


@needs_texts
@pytest.mark.skipif(bool(minilm_missing()), reason=minilm_missing())
def test_the_states_of_a_block_are_those_of_its_texts_in_their_order():
    two = ("news", "films")
    every = states(two, number=10)
    for name in two:
        made, texts = every[name], some_texts(name, 10).texts
        assert made.shape == (10, 7, 384)
        np.testing.assert_allclose(made[:, 4], read_texts(texts, minilm(4)), atol=1e-5)
    for control in ("random", "shuffled"):
        other = states(("films",), number=10, control=control, blocks=4)["films"]
        assert other.shape == (10, 5, 384) and np.abs(other - made[:, :5]).max() > 0.1


@pytest.mark.parametrize("penalties", [(10, 100, 1000, 10_000), (100,)])
def test_the_pages_ridge_is_scikit_learns(penalties):
    """Its heads and the penalty that it chooses by texts left out; one of the numbers is the same in all texts."""
    rng, chosen = np.random.default_rng(0), set()
    for apart in (0.2, 0.5, 1.5):
        y, (x, new) = np.repeat([0, 1], 50), rng.normal(3, np.linspace(0.1, 2, 150), (2, 100, 150))
        x[y == 1, :20] += apart
        x[:, 7] = 0.1
        theirs = make_pipeline(StandardScaler(), RidgeClassifierCV([*penalties])).fit(x, y)
        assert np.array_equal(read_page("14").ridge(x, y, penalties)(new), theirs.predict(new) == 1)
        chosen.add(theirs[-1].alpha_)
    assert len(chosen) == min(2, len(penalties))
