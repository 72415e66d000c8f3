"""A new lesson is a notebook, a folder, its examples and a row in README: all of it is found, and tested."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests import HUNG

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = sorted(path.parent.name for path in (ROOT / "transferlib" / "lessons").glob("*/__init__.py"))
NAME = f"{len(FOLDERS)}_toy"

TOY = {
    "transferlib/lessons/toy/__init__.py": "from transferlib.lessons.toy import exercises, plots, widgets",
    "transferlib/lessons/toy/plots.py": '''
        """The picture of the toy lesson."""

        from transferlib.plots import Picture
        from transferlib.plots.canvas import finish, sheet


        def toy_line(heights: list) -> Picture:
            figure, (page,) = sheet()
            page.plot(range(len(heights)), heights)
            page.set(xlabel="step", ylabel="height")
            return finish(figure, f"It ends at {heights[-1]}.")
        ''',
    "transferlib/lessons/toy/widgets.py": '''
        """The panel of the toy lesson."""

        from transferlib.widgets.panel import Panel, choice


        def toy_end(heights: list) -> Panel:
            def code(last):
                return f"""
                    from transferlib.lessons.toy import plots

                    plots.toy_line([*heights, {last}])"""

            controls = dict(last=choice("last", range(5), 2))
            return Panel(controls, code, dict(heights=heights), {"high": dict(last=4)}, "Toy")
        ''',
    "transferlib/lessons/toy/exercises.py": '''
        """The exercise of the toy lesson."""

        from transferlib.exercises import exercise, need, number


        @exercise("Count.", "One and one.", solution="answer = 2")
        def two(answer):
            need(number(answer) == 2, "that is not two.")
            return "two it is."
        ''',
    "tests/lessons/toy/__init__.py": "",
    "tests/lessons/toy/examples.py": """
        from tests.plots.drawn import Example
        from tests.widgets.made import PanelExample
        from transferlib.lessons.toy import plots

        PICTURES = {
            "toy_line": Example(
                lambda: plots.toy_line([1, 3]), ["It ends at 3."], lambda page: page.line([0, 1], [1, 3])
            )
        }
        PANELS = {"toy_end": PanelExample(lambda: dict(heights=[0, 1]))}
        """,
    "tests/lessons/toy/test_exercises.py": """
        from tests.exercises import Tried, every, holds
        from transferlib.lessons.toy import exercises


        def test_two():
            assert list(every(exercises)) == ["two"]
            holds(exercises.two, Tried([2], [(3, "not two")]))
        """,
}
SHOWN = "from transferlib.lessons import toy as lesson\n\nheights = [0, 1]\npanel = lesson.widgets.toy_end(heights)"
CELL = dict(cell_type="code", execution_count=1, id="toy", metadata={}, outputs=[], source=SHOWN)
NOTEBOOK = dict(cells=[CELL], metadata={}, nbformat=4, nbformat_minor=5)


def test_every_lesson_has_a_folder_a_row_in_readme_and_its_tests():
    stems = {path.stem[3:]: path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert sorted(stems) == FOLDERS, "a notebook is called NN_subject.ipynb, its folder transferlib/lessons/subject"
    lessons = (ROOT / "README.md").read_text("utf-8").split("## Lessons")[1].split("\n## ")[0]
    for subject, name in stems.items():
        assert f"](notebooks/{name}) |" in lessons, f"README's table of lessons needs a row for {name}"
        for module, wanted in dict(plots="examples", widgets="examples", exercises="test_exercises").items():
            there = (ROOT / "transferlib" / "lessons" / subject / f"{module}.py").exists()
            wanted = Path("tests", "lessons", subject, f"{wanted}.py")
            assert not there or (ROOT / wanted).exists(), f"{subject}/{module}.py is tested by nothing: add {wanted}"


def test_a_toy_lesson_is_found_and_tested_and_no_list_is_edited(tmp_path):
    """In a copy of the course: new files only, none of those that were there is changed."""
    for folder in ("transferlib", "tests", "tools", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "screenshots"))
    for file in ("pyproject.toml", "README.md", "requirements.txt"):
        shutil.copy(ROOT / file, tmp_path / file)
    for name, text in TOY.items():
        assert not (tmp_path / name).exists()
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(dedent(text).lstrip("\n"), "utf-8")
    (tmp_path / "notebooks" / f"{NAME}.ipynb").write_text(json.dumps(NOTEBOOK), "utf-8")

    tests = ["tests/plots/test_plots.py", "tests/widgets/test_panels.py", "tests/lessons/toy", "tests/test_notebooks.py"]
    command = [sys.executable, "-m", "pytest", "-v", "-n", "0", "-p", "no:cacheprovider", "-k", "toy", *tests]
    command += ["--deselect", f"tests/test_notebooks.py::test_the_frame_of_a_lesson[{NAME}]"]  # it has none
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=HUNG)
    passed = re.findall(r"^(\S+::\S+(?: \S+\])?) PASSED", ran.stdout, re.M)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for name in (
        "tests/plots/test_plots.py::test_what_is_drawn_is_the_data[toy: toy_line]",
        "tests/widgets/test_panels.py::test_the_code_makes_the_same_picture[toy_end]",
        "tests/lessons/toy/test_exercises.py::test_two",
        f"tests/test_notebooks.py::test_links_between_lessons_lead_somewhere[{NAME}]",
    ):
        assert name in passed, ran.stdout


@pytest.mark.parametrize("where, file", [("toy", "tests/lessons/toy/examples.py"), ("", "tests/widgets/examples.py")])
def test_a_panel_without_an_example_is_red_with_what_to_add(where, file, monkeypatch):
    from tests.widgets import test_panels

    made = test_panels.panels()
    monkeypatch.setattr(test_panels, "panels", lambda: made | {(where, "wheel"): None})
    with pytest.raises(AssertionError, match=rf"add 'wheel': PanelExample\(has, small\) to PANELS in {file}"):
        test_panels.test_every_panel_has_an_example()
