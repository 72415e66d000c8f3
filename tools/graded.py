"""The lessons as nbgrader grades them: python -m tools.graded [FOLDER], by default build/graded

FOLDER/source holds a folder for each lesson, as nbgrader wants its assignments. An exercise's cell is cut in two: a
cell to be answered, with the solution that nbgrader takes out, and a locked cell of one point with the lesson's check.
"""

import json
import re
import sys
from importlib import import_module
from pathlib import Path

from tools.with_solutions import CHECK
from transferlib.own_copy import COURSE, unanswered

CONFIG = """c = get_config()
c.CourseDirectory.course_id = "transfer-learning"
c.ClearSolutions.code_stub = {"python": "answer = ..."}
c.ExecutePreprocessor.timeout = 900  # seconds for a cell: lessons train
"""


def marked(grade_id: str, source: str, **kind) -> dict:
    """A cell with nbgrader's mark: solution=True to be answered, grade=True with points to be run."""
    mark = {"schema_version": 3, "grade_id": grade_id, "grade": False, "locked": False, "solution": False, "task": False}
    cell = {"cell_type": "code", "id": grade_id, "execution_count": None, "outputs": []}
    return cell | {"metadata": {"nbgrader": mark | kind}, "source": source.splitlines(keepends=True)}


def graded(notebook: str) -> str:
    """A lesson's text, each exercise in two cells."""
    lesson, cells = json.loads(unanswered(notebook)), []
    (name,) = re.findall(r"from transferlib\.lessons\.(\w+) import exercises as exercise\b", notebook)
    exercises = import_module(f"transferlib.lessons.{name}.exercises")
    for cell in lesson["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or not (check := CHECK.search(source)):
            cells.append(cell)
            continue
        before = re.sub(r"^answer = \.\.\. *((#.*)?\n)", r"\1", source[: check.start()], flags=re.M).lstrip("\n")
        solution = f"### BEGIN SOLUTION\n{getattr(exercises, check[1]).solution().text}\n### END SOLUTION"
        locked = f"judged = {check[0]}\ndisplay(judged)\nassert judged.right, judged.text"
        cells.append(marked(f"{check[1]}-answer", before + solution, solution=True))
        cells.append(marked(check[1], locked, grade=True, locked=True, points=1))
    return json.dumps(lesson | {"cells": cells}, indent=1, ensure_ascii=False) + "\n"


def make(folder: Path) -> None:
    """Write the course for nbgrader into a folder."""
    for path in COURSE.glob("*.ipynb"):
        assignment = folder / "source" / path.stem
        assignment.mkdir(parents=True, exist_ok=True)
        (assignment / path.name).write_text(graded(path.read_text("utf-8")), "utf-8")
    (folder / "nbgrader_config.py").write_text(CONFIG, "utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1] if len(sys.argv) > 1 else "build/graded"))
