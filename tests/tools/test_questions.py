"""The bank of questions: read back as Moodle reads it, it holds every question, and right is what the lessons measured."""

import json
import re

import pytest

from tools.questions import bank, escaped
from tools.stored import LESSONS, Question, shown

HARD = r"a ~ b = c # d { e } f : g \ h"


def read(text):
    """[(question, [(right, option)])] of a GIFT file: a character after a backslash is itself."""
    hidden = re.sub(r"\\([\\~=#{}:])", lambda found: chr(0xE000 + ord(found[1])), text)
    found = re.findall(r"^::[^:]+::\[plain\]([^{}~=#:\\]+) \{\n([^{}:\\]+)\n\}$", hidden, re.M)
    assert hidden.count("{") == hidden.count("}") == len(found)
    back = re.compile(r"[\ue000-\ue07f]")
    return [
        (
            back.sub(lambda c: chr(ord(c[0]) - 0xE000), question),
            [
                (mark == "=", back.sub(lambda c: chr(ord(c[0]) - 0xE000), option))
                for mark, option in re.findall(r"^\t([=~])([^#\n]+)", answers, re.M)
            ],
        )
        for question, answers in found
    ]


def cells():
    return [cell for path in LESSONS for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]


def test_every_question_of_the_course_is_there_once():
    told = " ".join(question for question, _ in read(bank()))
    assert all(each.text in told for path in LESSONS for each in shown(path) if isinstance(each, Question))
    asked = sum(len(re.findall(r"\b(?:Prediction|Choice)\(", "".join(cell["source"]))) for cell in cells())
    assert len(read(bank())) == asked > 70


def test_right_is_what_the_stored_lessons_say():
    came_out = [
        re.split(r" (?:As|Not as) predicted", line.removeprefix("It came out:"))[0].strip()
        for cell in cells()
        for output in cell["outputs"]
        for line in "".join(output.get("data", {}).get("text/plain", "")).splitlines()
        if line.startswith("It came out:")
    ]
    chosen = [
        found[2]
        for cell in cells()
        if "Choice(" in (source := "".join(cell["source"]))
        and (found := re.search(r"right=(\"|')(.+?)\1", source)) is not None
    ]
    right = [[option for true, option in answers if true] for _, answers in read(bank())]
    assert all(len(each) == 1 for each in right)
    assert sorted(option for [option] in right) == sorted(came_out + chosen)


def test_what_gift_gives_a_meaning_to_is_escaped():
    text = f"::x::[plain]{escaped(HARD)} {{\n\t={escaped(HARD)}\n\t~no\n}}"
    assert read(text) == [(HARD, [(True, HARD), (False, "no")])]


def test_a_prediction_without_an_outcome_is_an_error(tmp_path):
    lesson = json.loads(LESSONS[4].read_text("utf-8"))
    for cell in lesson["cells"]:
        if ".meet(" in "".join(cell["source"]):
            cell["outputs"] = []
    (tmp_path / "04.ipynb").write_text(json.dumps(lesson), "utf-8")
    with pytest.raises(ValueError, match="run the lesson again"):
        shown(tmp_path / "04.ipynb")


def test_what_is_said_of_each_choice_is_its_feedback():
    choices = [each for path in LESSONS for each in shown(path) if isinstance(each, Question) and each.replies]
    for each in choices:
        assert list(each.replies) == each.options
        assert all(f"{escaped(option)}#{escaped(reply)}" in bank() for option, reply in each.replies.items())
        break
    assert choices


def test_no_setting_ends_with_what_only_announces_the_cell():
    questions = [each for path in LESSONS for each in shown(path) if isinstance(each, Question)]
    assert not [each for each in questions if each.setting and each.setting[-1].endswith(":")]
