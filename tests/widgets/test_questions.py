"""Predictions and choices: with a person, without one, and in a notebook where no kernel runs."""

import pytest

from transferlib import record
from transferlib.widgets import display, questions
from transferlib.widgets.questions import Choice, Prediction


@pytest.fixture(autouse=True)
def nothing_answered_yet(monkeypatch):
    monkeypatch.setattr(record, "_of_this_kernel", {kind: {} for kind in record.HOLDS})


def choose(question, option):
    """As a click does."""
    question._radio.value = option


@pytest.fixture
def prediction():
    return Prediction("Which is <better>?", ["A", "B"])


def test_a_prediction_is_kept_and_met(prediction):
    assert prediction.answer is None
    choose(prediction, "B")
    assert prediction.answer == "B" and "Kept" in prediction._note.value
    assert prediction.meet("B").text == "You predicted: B\nIt came out:   B As predicted."
    assert prediction.meet("A").text.endswith("A Not as predicted.")


def test_a_prediction_may_be_skipped(prediction):
    assert prediction.meet("A").text.startswith("You predicted: nothing (you may still choose")


def test_an_outcome_that_is_no_option_is_an_error_and_changes_nothing(prediction):
    with pytest.raises(ValueError, match="C"):
        prediction.meet("C")
    assert prediction.answer is None


def test_without_a_kernel_the_question_and_its_options_can_be_read(prediction):
    bundle = prediction._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == "Which is <better>?\n  ○ A\n  ○ B"
    assert bundle["text/html"] == "<b>Which is &lt;better&gt;?</b><ul><li>A</li><li>B</li></ul>"


def test_a_choice_answers_each_option():
    choice = Choice("2 + 2?", {"3": "One short.", "4": "Yes."}, right="4")
    assert choice._note.value == ""
    choose(choice, "3")
    assert choice._note.value == "✗ Not quite. One short."
    choose(choice, "4")
    assert choice._note.value == "✓ Right. Yes."
    with pytest.raises(ValueError, match="'5' is not among the options"):
        Choice("2 + 2?", {"3": "", "4": ""}, right="5")


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: Prediction("?", ["A"]), r"two options or more, each of them once, not \['A'\]"),
        (lambda: Prediction("?", ["A", "B", "A"]), r"each of them once, not \['A', 'B', 'A'\]"),
    ],
)
def test_what_is_no_question_is_an_error_in_words(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_the_summary_of_predictions(monkeypatch):
    monkeypatch.setattr(questions, "_met", {})
    assert repr(questions.your_predictions()).startswith("Of 0 predictions you made 0")
    first, second, third = (questions.Prediction(f"Which, {n}?", ["this", "that"]) for n in (1, 2, 3))
    choose(first, "this"), choose(second, "that")
    for each in (first, second, third):
        each.meet("this")
    assert repr(questions.your_predictions()).splitlines() == [
        "Of 3 predictions you made 2, and 1 came out as you said.",
        "✓ Which, 1? this",
        "✗ Which, 2? this (you said: that)",
        "· Which, 3? this",
    ]
    choose(third, "that")
    third.meet("that")
    assert "made 3, and 2 came out" in repr(questions.your_predictions()), "chosen later and met again: counted once"


def test_a_progress_bar_is_as_long_as_what_is_done(monkeypatch):
    shown = []
    monkeypatch.setattr(display, "display", shown.append)
    now = [100.0]
    monkeypatch.setattr(display.time, "monotonic", lambda: now[0])
    bar = display.progress("steps")
    assert shown == [bar]
    # the end is always told; what comes within a tenth of a second of the last is not
    for later, done, told in ((0, 0, 0), (0.2, 3, 3), (0.05, 4, 3), (0.06, 5, 5), (0.01, 8, 8)):
        now[0] += later
        bar(done, 8)
        assert (bar._bar.value, bar._bar.min, bar._bar.max, bar._words.value) == (told, 0, 8, f"{told} of 8 steps")
    assert bar.stored()["text/plain"] == "(progress bar: steps)"
