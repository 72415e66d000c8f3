"""The project's own shape: imports go one way, the lists agree."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def imports(path):
    """The modules of transferlib that a file imports, by their short names; a package counts as one module."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("transferlib"):
            inner = node.module.removeprefix("transferlib").lstrip(".")
            found |= {inner.split(".")[0]} if inner else {alias.name for alias in node.names}
    return found


def test_imports_go_one_way():
    modules = {}
    for path in (ROOT / "transferlib").rglob("*.py"):
        name = path.relative_to(ROOT / "transferlib").parts[0].removesuffix(".py")
        if name != "__init__":
            modules[name] = (modules.get(name, set()) | imports(path)) - {name}
    done = set()
    while ready := {name for name, needs in modules.items() if name not in done and needs <= done}:
        done |= ready
    assert done == set(modules), f"these import each other in a circle: {set(modules) - done}"
    above = set().union(*modules.values())
    assert not modules["tasks"] and not {"panels", "exercises"} & above, (
        "nothing lies below tasks, or above panels and exercises"
    )


def test_every_module_is_read_in_one_sitting():
    for path in (ROOT / "transferlib").rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 350, path


def test_environment_yml_builds_from_the_one_list():
    assert "- -r requirements.txt" in (ROOT / "environment.yml").read_text()
    assert "dependencies" not in (ROOT / "pyproject.toml").read_text().split("[tool.")[0]


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
