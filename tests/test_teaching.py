"""The lecturer's kit agrees with the lessons: their minutes, what each needs, three questions for each."""

import json
import re
from pathlib import Path

from tools.hand_in import NEW
from tools.minutes import minutes
from tools.pen_digits import PER_CLASS
from tools.stored import LESSONS, plain

KIT = Path(__file__).resolve().parents[1] / "notebooks" / "teaching"
LINKED = r"\[(\d\d)\]\(\.\./(\w+)\.ipynb\)"


def needed(path):
    """The lessons that a lesson's head says one needs, as numbers."""
    head = plain("".join(json.loads(path.read_text("utf-8"))["cells"][0]["source"]))
    found = re.search(r"You need (.*?)Time:", head)
    named = " ".join(re.findall(r"[Ll]essons? ((?:\d\d|[–, ]|and)+)", found[1] if found else ""))
    for first, last in re.findall(r"(\d\d)–(\d\d)", named):
        named += " ".join(f" {i:02}" for i in range(int(first), int(last)))
    return sorted(set(re.findall(r"\d\d", named)))


def test_the_syllabus_has_each_lesson_once_with_its_minutes_and_its_needs():
    rows = [
        line.split("|") for line in (KIT / "syllabus.md").read_text("utf-8").splitlines() if re.search(rf"\| {LINKED}", line)
    ]
    assert [re.search(LINKED, row[2])[2] for row in rows] and len(rows) == len(LESSONS)
    for row in rows:
        number, name = re.search(LINKED, row[2]).groups()
        path = LESSONS[int(number)]
        assert path.stem == name and abs(int(row[3]) - minutes(path)) <= 0.6, (row, minutes(path))
        assert re.findall(r"\d\d", row[4]) == needed(path), (row, needed(path))


def test_a_week_needs_only_what_comes_before_it():
    lines = (KIT / "syllabus.md").read_text("utf-8").splitlines()
    met = []
    for line in lines:
        if found := re.search(rf"\| {LINKED}", line):
            assert set(re.findall(r"\d\d", line.split("|")[4])) <= set(met), line
            met.append(found[1])


def test_there_are_three_questions_a_lesson_each_with_an_answer():
    text = (KIT / "discussion.md").read_text("utf-8")
    sections = re.split(r"^## ", text, flags=re.M)[1:]
    assert [re.match(LINKED.replace(r"\[(\d\d)\]", r"(\d\d) · \[[^]]+\]"), each).groups() for each in sections] == [
        (path.stem[:2], path.stem) for path in LESSONS
    ]
    for each in sections:
        assert re.findall(r"^(\d)\. ", each, re.M) == ["1", "2", "3"] and each.count("*A good answer:*") == 3, each[:40]


def test_the_project_says_what_its_data_are():
    text = (KIT / "project.md").read_text("utf-8")
    assert f"`x` ({10 * PER_CLASS}, 28, 28)" in text and f"`new` ({NEW}, 28, 28)" in text
