"""The instructor's copy: every exercise of every lesson has its solution below it, which runs there and is right."""

import ast
import builtins
import json

import pytest

from tests.exercises import every
from tools.with_solutions import COURSE, answered

PATHS = sorted(COURSE.glob("*.ipynb"))
BY_THEMSELVES = "13", "14", "16"  # lessons whose exercises need nothing that the lesson has trained


def source(cell):
    return "".join(cell["source"])


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def cells(request):
    return [c for c in json.loads(answered(request.param.read_text("utf-8")))["cells"] if c["cell_type"] == "code"]


def names(tree):
    """What a cell's code names: (read, set)."""
    read = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    written = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    written |= {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    written |= {
        a.asname or a.name.split(".")[0]
        for n in ast.walk(tree)
        if isinstance(n, ast.Import | ast.ImportFrom)
        for a in n.names
    }
    return read, written


def test_each_exercise_has_its_solution_below_it_with_all_that_it_names(cells):
    known = set(dir(builtins)) | {"display"}
    checks = 0
    for cell, below in zip(cells, [*cells[1:], None]):
        read, written = names(tree := ast.parse(source(cell)))
        if ".check(" in source(cell) and not cell["id"].startswith("solution-"):
            checks += 1
            assert below["id"].startswith("solution-")
            assert "answer" in written, "a cell that checks is the one that answers, so that it judges no other answer"
            assert source(below).splitlines()[-1] == source(cell).splitlines()[-1]
        if cell["id"].startswith("solution-"):
            own = written | {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
            assert read <= known | own, f"{cell['id']} names what the lesson has not: {read - known - own}"
        known |= written
    assert checks > 0 and checks == sum(cell["id"].startswith("solution-") for cell in cells)


@pytest.mark.parametrize("path", [path for path in PATHS if path.stem[:2] in BY_THEMSELVES], ids=lambda path: path.stem)
def test_the_solutions_of_a_lesson_are_right_when_its_cells_are_run(path):
    scope, right = {}, {}
    for cell in json.loads(answered(path.read_text("utf-8")))["cells"]:
        if cell["cell_type"] == "code" and "exercises as exercise" in source(cell):
            exec(source(cell), scope)
        if cell["id"].startswith("solution-"):
            lines, _, check = source(cell).rpartition("\n")
            exec(lines, scope)
            right[check.split(".")[1]] = eval(check, scope).right
    assert right == dict.fromkeys(every(scope["exercise"]), True)
