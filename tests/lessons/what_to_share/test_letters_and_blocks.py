"""What lesson 14 trains on: halves of the alphabet, and what the blocks of MiniLM make of texts."""

import numpy as np
import pytest

from transferlib.keel import keel_missing, letters
from transferlib.lessons.what_to_share.blocks import TASKS, draw, some_texts, states
from transferlib.lessons.what_to_share.letters import halves
from transferlib.minilm import minilm, minilm_missing, read_texts
from transferlib.texts import texts_missing

needs_letters = pytest.mark.skipif(bool(keel_missing()), reason=keel_missing())
needs_texts = pytest.mark.skipif(bool(texts_missing()), reason=texts_missing())


@needs_letters
def test_the_halves_share_no_letter_and_each_row_bears_its_own():
    source, target = halves(3)
    assert not set(source.classes) & set(target.classes) and len({*source.classes, *target.classes}) == 26
    x, y = letters()
    known = {}
    for row, letter in zip(map(bytes, x), y):
        known.setdefault(row, set()).add(chr(ord("A") + letter))
    for task in (source, target):
        assert np.bincount(task.y_train).tolist() == [350] * 13 and np.bincount(task.y_test).tolist() == [150] * 13
        assert all(task.classes[label] in known[bytes(row)] for row, label in zip(task.x_test[::50], task.y_test[::50]))
    assert halves(4)[0].classes != source.classes


@needs_texts
@pytest.mark.parametrize("name", TASKS)
def test_a_draw_keeps_a_review_on_one_side_and_has_its_labels(name):
    texts, task = some_texts(name), draw(name, 5, per_class=100)
    learn, held = (x[:, 0].astype(int) for x in (task.x_train, task.x_test))
    assert len(texts.y) == 800 and np.ptp(np.bincount(texts.y)) == 0
    assert not set(texts.groups[learn]) & set(texts.groups[held])
    assert (texts.y[learn] == task.y_train).all() and (texts.y[held] == task.y_test).all() and abs(len(held) - 300) < 10
    assert max(len(text.split()) for text in texts.texts) <= 28


@needs_texts
@pytest.mark.skipif(bool(minilm_missing()), reason=minilm_missing())
def test_the_states_of_a_block_are_those_of_its_texts_in_their_order():
    made, texts = states("topics", number=10), some_texts("topics", 10).texts
    assert made.shape == (10, 7, 384)
    np.testing.assert_allclose(made[:, 4], read_texts(texts, minilm(4)), atol=1e-5)
    assert np.abs(states("topics", number=10, random=0) - made).max() > 0.1
