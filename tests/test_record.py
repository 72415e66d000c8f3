"""A learner's record: kept in her own copy and nowhere else, by several kernels at once, and never lost in silence."""

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests import HUNG
from transferlib import record
from transferlib.exercises import exercise, need, your_exercises
from transferlib.own_copy import EDITIONS
from transferlib.widgets import questions


@exercise("h", solution="answer = 1")
def one(answer):
    need(answer == 1, "not so")
    return "yes"


@exercise("h", solution="answer = 1", name="another one")
def other(answer):
    return "yes"


LESSON = SimpleNamespace(one=one, number=3, other=other)


@pytest.fixture(autouse=True)
def begin(tmp_path, monkeypatch):
    """A kernel of its own, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(record, "_of_this_kernel", {kind: {} for kind in record.HOLDS})
    monkeypatch.setattr(questions, "_met", {})
    for each in (one, other):
        monkeypatch.setattr(each, "_lesson", "numbers")
    for name in [name for name in sys.modules if name.startswith("transferlib.lessons.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "transferlib.lessons.numbers.exercises", None)
    monkeypatch.setitem(sys.modules, "transferlib.lessons.numbers", None)


@pytest.fixture
def own(tmp_path):
    (tmp_path / EDITIONS).write_text("{}")
    return tmp_path


def written(own):
    assert sorted(path.name for path in own.iterdir()) == sorted([EDITIONS, record.FILE])
    return json.loads((own / record.FILE).read_text("utf-8"))


def test_an_exercise_is_kept_with_its_tries_until_it_is_right(own):
    for answer in (..., None):
        one.check(answer)
    assert not (own / record.FILE).exists(), "nothing was answered"
    for answer, right, tries in ((2, False, 1), (3, False, 2), (1, True, 3), (2, True, 3)):
        one.check(answer)
        entry = written(own)["exercises"]["numbers"]["one"]
        assert (entry["right"], entry["tries"]) == (right, tries)


def test_your_exercises(own):
    assert your_exercises(LESSON).text == "2 exercises: none tried yet."
    other.check(0), one.check(2)
    assert your_exercises(LESSON).text.splitlines() == [
        "2 exercises: 1 right, 1 not yet, 0 not tried.",
        "✗ one",
        "✓ another one",
        f"Kept in {own.name}/progress.json.",
    ]
    with pytest.raises(ValueError, match="holds no exercise"):
        your_exercises(SimpleNamespace())


def test_outside_an_own_copy_no_file_is_written(tmp_path):
    one.check(1)
    assert your_exercises(LESSON).text.splitlines()[1:] == [
        "✓ one",
        "· another one",
        "Forgotten when this kernel ends.",
    ]
    prediction = questions.Prediction("Which?", ["A", "B"])
    prediction._radio.value = "A"
    prediction.meet("B")
    assert list(tmp_path.iterdir()) == []


def test_a_prediction_is_kept_and_known_on_the_second_day(own):
    first = questions.Prediction("Which?", ["A", "B"])
    first.meet("A")
    assert not (own / record.FILE).exists(), "nothing was predicted"
    first._radio.value = "B"
    first.meet("A")
    kept = written(own)["predictions"]["numbers"]["Which?"]
    assert kept.pop("when") and kept == {"choice": "B", "measured": "A", "right": False}
    assert questions.Prediction("Which?", ["A", "B"]).meet("B").text == "You predicted: B\nIt came out:   B As predicted."
    assert questions.your_predictions().text.endswith("✓ Which? B")


def test_a_prediction_is_kept_where_another_lesson_is_looked_at_too(own, monkeypatch):
    monkeypatch.setitem(sys.modules, "transferlib.lessons.words", None)
    prediction = questions.Prediction("Which?", ["A", "B"])
    prediction._radio.value = "B"
    prediction.meet("A")
    assert written(own)["predictions"]["numbers"]["Which?"]["choice"] == "B"


def test_a_choice_that_an_edition_no_longer_offers_was_not_made(own):
    before = questions.Prediction("Which?", ["A", "B"])
    before._radio.value = "B"
    before.meet("B")
    after = questions.Prediction("Which?", ["A", "B, by a point"])
    assert after.meet("B, by a point").text.startswith("You predicted: nothing")


@pytest.mark.parametrize(
    "content", ["{half", "[]", '{"exercises": {}}', '{"exercises": {"a": {"b": {}}}, "predictions": {}}']
)
def test_a_damaged_file_is_set_aside_and_said(own, capsys, content):
    (own / record.FILE).write_text(content)
    one.check(1)
    (aside,) = own.glob("progress.damaged-*.json")
    assert aside.read_text() == content and f"It is now called {aside.name}" in capsys.readouterr().out
    aside.unlink()
    assert written(own)["exercises"]["numbers"]["one"]["right"]


def test_what_cannot_be_written_is_said_and_stops_nothing(own, capsys):
    (own / record.FILE).mkdir()
    assert one.check(1).text == "✓ one: yes"
    assert "progress.json cannot be read or written" in capsys.readouterr().out
    assert your_exercises(LESSON).text == "2 exercises: none tried yet."


def test_kernels_that_write_at_once_lose_nothing(own):
    code = """if True:
        import sys
        from transferlib import record
        for n in range(20):
            record.tried("numbers", f"{sys.argv[1]}, {n}", True)
            record.tried("numbers", "both", False)"""
    kernels = [subprocess.Popen([sys.executable, "-c", code, str(n)], cwd=own) for n in range(3)]
    assert [kernel.wait(HUNG) for kernel in kernels] == [0, 0, 0]
    entries = written(own)["exercises"]["numbers"]
    assert len(entries) == 61 and entries["both"]["tries"] == 60


def test_a_lock_that_was_left_behind_is_waited_for_once(own, monkeypatch):
    (own / ".progress.json.lock").touch()
    waits = []
    monkeypatch.setattr(record.time, "sleep", waits.append)
    one.check(2), one.check(1)
    assert len(waits) == 100 and written(own)["exercises"]["numbers"]["one"]["tries"] == 2
