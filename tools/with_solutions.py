"""An instructor's copy of the lessons, each exercise answered: python -m tools.with_solutions

The folder is instructors_course/. Below each exercise's cell stands another, with its solution and its check. What an
instructor has changed there is never written over, as in a learner's copy.
"""

import json
import re
import shutil
import tempfile
from importlib import import_module
from pathlib import Path

from transferlib.own_copy import COURSE, make

INSTRUCTORS = COURSE.parent / "instructors_course"
CHECK = re.compile(r"^exercise\.(\w+)\.check\(.*\)$", re.MULTILINE)


def answered(notebook: str) -> str:
    """A lesson's text with a cell below each exercise: its solution, and the same check."""
    lesson, cells = json.loads(notebook), []
    (name,) = re.findall(r"from transferlib\.lessons\.(\w+) import exercises as exercise\b", notebook)
    exercises = import_module(f"transferlib.lessons.{name}.exercises")
    for cell in lesson["cells"]:
        cells.append(cell)
        if cell["cell_type"] == "code" and (check := CHECK.search("".join(cell["source"]))):
            solution = getattr(exercises, check[1]).solution().text
            source = f"# A solution\n{solution}\n\n{check[0]}".splitlines(keepends=True)
            cells.append(
                dict(
                    cell_type="code", id=f"solution-{check[1]}", metadata={}, source=source, outputs=[], execution_count=None
                )
            )
    return json.dumps(lesson | {"cells": cells}, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for path in COURSE.glob("*.*"):
            if path.suffix == ".ipynb":
                (Path(folder) / path.name).write_text(answered(path.read_text("utf-8")), "utf-8")
            elif path.is_file():
                shutil.copy(path, folder)
        print(*make(Path(folder), INSTRUCTORS), f"The lessons with solutions are in {INSTRUCTORS.name}/.", sep="\n")
