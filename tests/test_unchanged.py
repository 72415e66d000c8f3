"""What rests when only prose has changed, tried on a project of its own: a library, files of tests and two lessons."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from tests.unchanged import NO_PROSE, PROSE, all_are_asked_for, code

ROOT = Path(__file__).resolve().parents[1]
FILES = {
    "transferlib/three.py": "three = 3\n",
    "tests/test_code.py": "def test_code(): pass\n",
    "tests/plots/test_code_alone.py": """
from pathlib import Path
def test_code_alone():
    assert 'Hello' not in Path('notebooks/lesson.ipynb').read_text() and '1 + 1' in open('notebooks/lesson.ipynb').read()
""",
    "tests/test_prose.py": "def test_prose(): assert 'wrong' not in open('README.md').read()\n",
    "tests/test_browser.py": """
import pytest
def test_every_panel(): pass
@pytest.mark.parametrize('lesson', ['lesson', 'other'])
def test_exports_open(lesson): assert 'wrong' not in open(f'notebooks/{lesson}.ipynb').read()
""",
    "README.md": "All is well.\n",
    "pyproject.toml": """
[tool.pytest.ini_options]
testpaths = ['tests', 'notebooks']
addopts = ['--nbval', '--nbval-current-env', '-p', 'tests.unchanged']
""",
}


def lesson(text, source="two = 1 + 1"):
    cell = nbformat.v4.new_code_cell(source, id="one")
    return nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text, id="zero"), cell]))


@pytest.fixture
def project(tmp_path):
    two = {f"notebooks/{name}.ipynb": lesson("Hello.") for name in ("lesson", "other")}
    for name, text in (FILES | two).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
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
        "docs/conf.py": "language = 'en'",
        "notebooks/lesson.ipynb": lesson("Good morning.", "two = 1 + 2"),
    }.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(text)
        seen.add(code(project))
    assert len(seen) == 6
    assert code(project) == code(project)


def run(project, *options):
    """What pytest says last of a run in the project."""
    plain = os.environ | {"PYTEST_ADDOPTS": "", "PYTHONPATH": str(ROOT), "CI": ""}
    command = [sys.executable, "-m", "pytest", "-q", *options]
    return subprocess.run(command, cwd=project, env=plain, capture_output=True, text=True).stdout.splitlines()[-1]


def test_those_that_read_no_prose_rest_until_the_code_changes(project):
    assert run(project).startswith("8 passed"), "two of them the lessons' cells"
    assert run(project, "-n", "2").startswith("1 passed"), "the one that reads it runs"
    (project / "README.md").write_text("All is wrong.\n")
    (project / "notebooks" / "other.ipynb").write_text(lesson("All is wrong."))
    assert run(project).startswith("2 failed, 2 deselected"), "those of the other lesson and of the panels rest"
    (project / "notebooks" / "other.ipynb").write_text(lesson("Hello.", "two = 1 / 0"))
    (project / "tests" / "test_code.py").write_text("def test_code(): assert open('READ' 'ME.m' 'd').read()\n")
    assert run(project).startswith("3 failed, 5 passed"), "and one that would rest and reads prose is red"


@pytest.mark.parametrize("place", NO_PROSE)
def test_each_that_is_excepted_would_run_otherwise(place):
    path, _, test = place.partition("::")
    files = [ROOT / path] if path.endswith(".py") else (ROOT / path).rglob("*.py")
    texts = [file.read_text("utf-8") for file in files]
    assert any(PROSE.search(text) for text in texts) and (not test or f"def {test}" in texts[0]), "take it out of NO_PROSE"


def asked(monkeypatch, ci="", args=("a/tests", "a/notebooks"), **option):
    option = dict(keyword="", markexpr="", collectonly=False) | option
    monkeypatch.setenv("CI", ci)
    config = SimpleNamespace(
        option=SimpleNamespace(**option), args=args, getini=lambda name: ["tests", "notebooks"], cache=1
    )
    return all_are_asked_for(config)


def test_what_is_asked_for_runs_and_in_ci_all(monkeypatch):
    assert asked(monkeypatch)
    assert not any(
        [asked(monkeypatch, ci="1"), asked(monkeypatch, args=["tests/test_code.py"]), asked(monkeypatch, keyword="a")]
    )
