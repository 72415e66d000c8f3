"""A pytest plugin: where only prose has changed since all tests were green on this machine, those that read none rest.

What they passed on is known by one hash of all that is not prose: library, tests, settings, the notebooks' code and
outputs, and the surroundings: processor, Python, packages. The lessons, and the files of tests that speak of notebooks or
of Markdown, run always; of the browser's all but the page of panels. All run where one names what to run, in CI, and
without pytest's cache.
"""

import hashlib
import json
import os
import re
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell

from tests.shared_runs import surroundings

PLACE = "lessons/green"  # in pytest's cache: the hash of the code on which all tests were green
PARTS = "transferlib", "tests", "tools", "notebooks"
PROSE = re.compile(r"\"notebooks|README|\.md\b")


def code(root: Path) -> str:
    """The hash of all that is not prose."""
    files = [path for part in PARTS for path in (root / part).rglob("*") if path.is_file()]
    files += [path for path in root.iterdir() if path.is_file()]
    digest = hashlib.sha256(surroundings().encode())
    for path in sorted(files):
        place = path.relative_to(root)
        if path.suffix == ".md" or {"__pycache__", "screenshots", ".ipynb_checkpoints"} & set(place.parts):
            continue
        text = path.read_bytes()
        if path.suffix == ".ipynb":
            text = repr([cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]).encode()
        digest.update(f"\n{place} {len(text)} ".encode() + text)
    return digest.hexdigest()


def all_are_asked_for(config) -> bool:
    chosen = config.option.keyword or config.option.markexpr or config.option.collectonly
    named = {Path(each).name for each in config.args} != set(config.getini("testpaths"))
    return hasattr(config, "cache") and not (chosen or named or os.environ.get("CI"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    node.workerinput["rested"] = getattr(node.config, "rested", False)  # all workers collect the same


def pytest_configure(config):
    if hasattr(config, "workerinput"):
        config.rested = config.workerinput["rested"]
    elif all_are_asked_for(config):
        config.code = code(config.rootpath)
        config.rested = config.cache.get(PLACE, None) == config.code


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if getattr(config, "rested", False):
        speak = {path: bool(PROSE.search(path.read_text("utf-8"))) for path in {item.path for item in items}}
        panels = "::test_every_panel"  # on a page of their own, which holds no prose
        runs = [item for item in items if (isinstance(item, IPyNbCell) or speak[item.path]) and panels not in item.nodeid]
        config.hook.pytest_deselected(items=[item for item in items if item not in runs])
        items[:] = runs


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    config = session.config
    if exitstatus == 0 and hasattr(config, "code"):
        config.cache.set(PLACE, config.code)


def pytest_terminal_summary(terminalreporter, config):
    if getattr(config, "rested", False):
        terminalreporter.write_line("Only prose has changed since all tests were green: those that read none rest.")
