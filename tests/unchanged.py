"""A pytest plugin: where only prose has changed since all tests were green on this machine, those that read none rest.

What they passed on is known by one hash of all that is not prose: library, tests, tools, settings, the notebooks' code and
outputs, and the surroundings: processor, threads, Python, packages, browser. It covers all that a lesson's cells are run
on and compared with, so the lessons rest too. What runs are the files of tests that speak of notebooks, lessons, tools or
Markdown, but those of NO_PROSE; of the tests in BY_LESSON those of the lessons that have changed. All run where one names
what to run, in CI, and without pytest's cache. So that whoever rests reads no prose, a file of tests that rests is given
lessons without theirs whenever it runs, and no Markdown at all.
"""

import builtins
import hashlib
import io
import json
import os
import re
from pathlib import Path

import pytest

from tests import browser
from tests.shared_runs import surroundings

PLACE = "lessons/green"  # in pytest's cache: what was there when all tests were green
PARTS = "transferlib", "tests", "tools", "docs", "notebooks"
PROSE = re.compile(r"notebooks|LESSONS|COURSE|README|\.md\b|\btools\b|\bdocs\b")
NO_PROSE = (  # they speak of it, and read only code and outputs, or files that they write themselves
    "tests/test_browser.py::test_every_panel",
    "tests/test_a_new_lesson.py::test_a_toy_lesson",
    "tests/test_claims.py",
    "tests/test_close_enough.py",
    "tests/test_executors.py",
    "tests/test_unchanged.py",
    "tests/plots",
    "tests/tools/test_hand_in.py",
    "tests/tools/test_replication.py",
    "tests/tools/test_whole_network.py",
    "tests/tools/test_with_solutions.py",
    "tests/lessons",
)
BY_LESSON = (  # a test for each lesson, which opens this one only
    "tests/test_browser.py::test_a_lesson_as_a_person_uses_it",
    "tests/test_browser.py::test_exports_open",
)
SETTINGS = "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"
SETTINGS += "TRANSFERLIB_FIRST_SEED", "TRANSFERLIB_REPLICATING", "KERAS_BACKEND", "KERAS_HOME"


def code(root: Path) -> str:
    """The hash of all that is not prose."""
    files = [path for part in PARTS for path in (root / part).rglob("*") if path.is_file()]
    files += [path for path in root.iterdir() if path.is_file()]
    around = surroundings(), [os.environ.get(name) for name in SETTINGS], browser.version()
    digest = hashlib.sha256(repr(around).encode())
    for path in sorted(files):
        place = path.relative_to(root)
        if path.suffix == ".md" or {"__pycache__", "screenshots", ".ipynb_checkpoints"} & set(place.parts):
            continue
        text = path.read_bytes()
        if path.suffix == ".ipynb":
            lesson = json.loads(text)
            cells = [cell for cell in lesson.pop("cells") if cell["cell_type"] == "code"]
            text = repr((lesson, cells)).encode()
        digest.update(f"\n{place} {len(text)} ".encode() + text)
    return digest.hexdigest()


def lessons(root: Path) -> dict[str, str]:
    """{lesson: the hash of its file}, prose and all."""
    return {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in (root / "notebooks").glob("*.ipynb")}


def all_are_asked_for(config) -> bool:
    chosen = config.option.keyword or config.option.markexpr or config.option.collectonly
    named = {Path(each).name for each in config.args} != set(config.getini("testpaths"))
    return hasattr(config, "cache") and not (chosen or named or os.environ.get("CI"))


def within(place: str, those: tuple) -> bool:
    """Whether a test, a file or a folder is one of those, or lies in one."""
    return any(place == each or re.match(rf"{re.escape(each)}[/:\[_]", place) for each in those)


def reads_prose(path: Path, place: str) -> bool:
    """Whether some of a file's tests may."""
    return path.suffix == ".py" and not within(place, NO_PROSE) and bool(PROSE.search(path.read_text("utf-8")))


@pytest.fixture(scope="module", autouse=True)
def no_prose_for_those_that_rest(request):
    root, file, opened = request.config.rootpath, request.path, io.open

    def open_it(place, mode="r", *how, **more):
        path = Path(place).resolve() if isinstance(place, str | Path) and not set(mode) & set("wxa+") else Path()
        if path.suffix == ".md" and path.is_relative_to(root):
            pytest.fail(f"{path.name} is prose, and {file.name} rests where only prose has changed: see tests/unchanged.py")
        if path.suffix != ".ipynb" or path.parent != root / "notebooks":
            return opened(place, mode, *how, **more)
        with opened(path, encoding="utf-8") as lesson:
            text = json.load(lesson)
        for cell in text["cells"]:
            cell["source"] = cell["source"] if cell["cell_type"] == "code" else ""
        text = json.dumps(text)
        return io.BytesIO(text.encode()) if "b" in mode else io.StringIO(text)

    with pytest.MonkeyPatch.context() as patch:
        if not reads_prose(file, file.relative_to(root).as_posix()):
            for module in (io, builtins):
                patch.setattr(module, "open", open_it)
        yield


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    node.workerinput["same"] = getattr(node.config, "same", None)  # all workers collect the same


def pytest_configure(config):
    config.same = None  # where the code is that of the last green: the lessons whose prose is, too
    if hasattr(config, "workerinput"):
        config.same = config.workerinput["same"]
    elif all_are_asked_for(config):
        config.now = dict(code=code(config.rootpath), lessons=lessons(config.rootpath))
        green = config.cache.get(PLACE, None)
        if isinstance(green, dict) and green["code"] == config.now["code"]:
            config.same = [name for name, its in config.now["lessons"].items() if green["lessons"].get(name) == its]


def pytest_ignore_collect(collection_path, config):
    if config.same is not None and collection_path.is_file() and collection_path.suffix in (".py", ".ipynb"):
        return not reads_prose(collection_path, collection_path.relative_to(config.rootpath).as_posix()) or None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if config.same is not None:
        rest = [item for item in items if within(item.nodeid, NO_PROSE) or _same_lesson(item, config.same)]
        config.hook.pytest_deselected(items=rest)
        items[:] = [item for item in items if item not in rest]


def _same_lesson(item, same):
    return within(item.nodeid, BY_LESSON) and item.callspec.params["lesson"] in same


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    config = session.config
    if exitstatus == 0 and hasattr(config, "now"):
        config.cache.set(PLACE, config.now)


def pytest_terminal_summary(terminalreporter, config):
    if config.same is not None:
        terminalreporter.write_line("Only prose has changed since all tests were green: those that read none rest.")
