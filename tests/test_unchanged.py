"""What rests when only prose has changed, tried on a project of its own: a library, three files of tests and a lesson."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.unchanged import code

ROOT = Path(__file__).resolve().parents[1]
FILES = {
    "transferlib/three.py": "three = 3\n",
    "tests/test_code.py": "def test_code(): pass\n",
    "tests/test_prose.py": "def test_prose(): assert 'wrong' not in open('README.md').read()\n",
    "README.md": "All is well.\n",
    "pyproject.toml": "[tool.pytest.ini_options]\ntestpaths = ['tests', 'notebooks']\naddopts = ['-p', 'tests.unchanged']\n",
}


def lesson(text, source="1 + 1"):
    cell = nbformat.v4.new_code_cell(source, id="one")
    return nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text, id="zero"), cell]))


@pytest.fixture
def project(tmp_path):
    for name, text in (FILES | {"notebooks/lesson.ipynb": lesson("Hello.")}).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_prose_does_not_count_and_all_else_does(project):
    before = code(project)
    (project / "README.md").write_text("All is better.\n")
    (project / "notebooks" / "lesson.ipynb").write_text(lesson("Good morning."))
    assert code(project) == before
    seen = {before}
    for name, text in {
        "transferlib/three.py": "three = 4\n",
        "tests/new.json": "{}",
        "requirements.txt": "keras\n",
        "notebooks/lesson.ipynb": lesson("Good morning.", "1 + 2"),
    }.items():
        (project / name).write_text(text)
        seen.add(code(project))
    assert len(seen) == 5
    assert code(project) == code(project)


def run(project, *options, **variables):
    """What pytest says last of a run in the project."""
    plain = os.environ | {"PYTEST_ADDOPTS": "", "PYTHONPATH": str(ROOT), "CI": ""} | variables
    command = [sys.executable, "-m", "pytest", "-q", *options]
    return subprocess.run(command, cwd=project, env=plain, capture_output=True, text=True).stdout.splitlines()[-1]


def test_those_that_read_no_prose_rest_until_the_code_changes(project):
    assert run(project).startswith("2 passed")
    assert run(project, "-n", "2").startswith("1 passed"), "the one that reads it runs"
    assert run(project, "tests/test_code.py").startswith("1 passed"), "what is asked for runs"
    assert run(project, CI="1").startswith("2 passed")
    (project / "README.md").write_text("All is wrong.\n")
    assert run(project).startswith("1 failed, 1 deselected")
    (project / "transferlib" / "three.py").write_text("three = 4\n")
    assert run(project).startswith("1 failed, 1 passed")
