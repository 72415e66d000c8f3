"""The lessons for nbgrader: every exercise is one cell to answer and one locked cell of a point."""

import json
import re

import nbformat
import numpy as np
import pytest

from tools.graded import graded, make
from transferlib.own_copy import COURSE

LESSONS = sorted(COURSE.glob("*.ipynb"))


def marks(path):
    """[(nbgrader's mark, source)] of a lesson made for nbgrader."""
    cells = nbformat.reads(graded(path.read_text("utf-8")), as_version=4).cells
    return [(cell.metadata.nbgrader, cell.source) for cell in cells if "nbgrader" in cell.metadata]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_each_exercise_is_an_answer_and_a_locked_check(path):
    code = ["".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    checks = [line for source in code for line in source.splitlines() if re.match(r"exercise\.\w+\.check\(", line)]
    answers, locked = marks(path)[::2], marks(path)[1::2]
    assert len(answers) == len(locked) == len(checks) > 0
    for check, (answer, shown), (lock, run) in zip(checks, answers, locked):
        assert answer.solution and not answer.locked and not answer.grade and "### BEGIN SOLUTION" in shown
        assert lock.grade and lock.locked and lock.points == 1 and not lock.solution
        assert check in run and "assert judged.right" in run and ".check(" not in shown
    ids = [mark.grade_id for mark, _ in marks(path)]
    assert len(set(ids)) == len(ids)
    nbformat.validate(nbformat.reads(graded(path.read_text("utf-8")), as_version=4))


def test_the_locked_check_fails_for_a_wrong_answer_and_none_and_passes_for_the_solution():
    from transferlib.lessons.source_and_target import exercises as exercise

    (_, answer), (_, locked) = next(
        pair for pair in zip(marks(LESSONS[1])[::2], marks(LESSONS[1])[1::2]) if pair[1][0].grade_id == "mapping"
    )
    around = dict(np=np, exercise=exercise, display=lambda shown: None)
    exec(answer + "\n" + locked, around)
    for wrong in (..., lambda source, target: source):
        with pytest.raises(AssertionError):
            exec(locked, around | dict(answer=wrong))


def test_a_folder_for_each_assignment_and_the_settings(tmp_path):
    make(tmp_path)
    assert {each.name for each in (tmp_path / "source").iterdir()} == {path.stem for path in LESSONS}
    assert "answer = ..." in (tmp_path / "nbgrader_config.py").read_text("utf-8")
    for path in (tmp_path / "source").glob("*/*.ipynb"):
        assert not any(cell.get("outputs") for cell in json.loads(path.read_text("utf-8"))["cells"])
