"""The project's own shape: imports go one way, the lists agree."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import transferlib

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "transferlib").rglob("*.py"))


def imports(path):
    """What a file imports of transferlib outside its own room, as 'tasks' or 'widgets.display'."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports name the whole path"
            names = [node.module] if node.module != "transferlib" else [f"transferlib.{alias.name}" for alias in node.names]
        found |= {name.removeprefix("transferlib.") for name in names if name.startswith("transferlib.")}
    return {name for name in found if name.split(".")[0] != room(path)}


def room(path):
    """The flat module or the room that a file belongs to."""
    return path.relative_to(ROOT / "transferlib").parts[0].removesuffix(".py")


def arrows():
    """{module or room: what it may import} as the package's docstring states it."""
    sentence = next(part for part in transferlib.__doc__.split("\n\n") if "→" in part)
    allowed, below, core = {}, set(), set()
    for level in sentence.split("→"):
        items = re.findall(r"(\w+)(?:\s+\(([^)]*)\))?", level)
        for name, named in items:
            assert name not in allowed, f"{name} stands there twice"
            allowed[name] = set(re.findall(r"[\w.]+", named)) if named else set(below)
            allowed[name] |= core if "core" in allowed[name] else set()
            assert {n.split(".")[0] for n in allowed[name]} <= below | {"core"}, f"{name} may import what is not below it"
        below |= {name for name, _ in items}
        core |= {name for name, named in items if not named}
    return allowed


def test_imports_go_the_way_that_the_docstring_says():
    allowed = arrows()
    assert len(allowed) > 10
    for path in MODULES:
        if room(path) != "__init__":
            wrong = {n for n in imports(path) if not {n, n.split(".")[0]} & allowed[room(path)]}
            assert not wrong, f"{path.name} imports {wrong}"


def test_no_lesson_imports_a_lesson():
    for path in (ROOT / "transferlib" / "lessons").glob("*/*.py"):
        others = set(re.findall(r"transferlib\.lessons\.(\w+)", path.read_text(encoding="utf-8"))) - {path.parent.name}
        assert not others, f"{path.parent.name}/{path.name} imports {others}"


def test_every_module_stands_in_the_docstring_and_in_contributing():
    rooms = {room(path) for path in MODULES} - {"__init__"}
    assert set(arrows()) == rooms
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Where things are")[1].split("\n## ")[0]
    assert not {name for name in rooms if f"`{name}`" not in table and f"`{name}/`" not in table}


def test_every_module_is_read_in_one_sitting():
    for path in MODULES:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 350, path


def test_environment_yml_builds_from_the_one_list():
    assert "- -r requirements.txt" in (ROOT / "environment.yml").read_text()
    assert not re.search(r"^dependencies", (ROOT / "pyproject.toml").read_text(), re.M)


def test_every_requirement_has_a_lower_and_an_upper_bound():
    for line in (ROOT / "requirements.txt").read_text().splitlines():
        if line and not line.startswith(("#", "-e")):
            assert ">=" in line and "<" in line, line


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no make")
def test_make_says_in_words_that_no_python_fits(tmp_path):
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    made = subprocess.run(["make", "lab", "PYTHON="], cwd=tmp_path, capture_output=True, text=True)
    assert made.returncode and "No Python from 3.10 to 3.13" in made.stdout
