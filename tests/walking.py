"""What the package holds, found by walking its folders: no list of pictures or panels has to be kept."""

import importlib
import inspect
import pkgutil
from pathlib import Path

import transferlib
from transferlib.plots import Picture
from transferlib.widgets.panel import Panel

LESSONS = Path(__file__).parent / "lessons"


def modules(room: str) -> list:
    """The modules of a shared room, such as 'plots', and those of this name in the lessons' folders."""
    names = [each.name for each in pkgutil.walk_packages(transferlib.__path__, "transferlib.")]
    own = f"transferlib.{room}"
    wanted = [n for n in names if n.startswith(own + ".") or n.startswith("transferlib.lessons.") and n.endswith(f".{room}")]
    return [importlib.import_module(name) for name in wanted]


def of_lesson(name: str) -> str:
    """The lesson whose folder the module lies in; '' for a shared one."""
    parts = name.split(".")
    return parts[parts.index("lessons") + 1] if "lessons" in parts else ""


def pictures() -> dict[tuple[str, str], object]:
    """{(lesson, or '' for a shared one, name): function} of all that return a Picture."""
    return {key: make for key, make in _makers("plots", Picture).items() if key[1] != "finish"}


def panels() -> dict[tuple[str, str], object]:
    """{(lesson, or '' for a shared one, name): function} of all that return a Panel."""
    return _makers("widgets", Panel)


def _makers(room, kind):
    return {
        (of_lesson(module.__name__), name): value
        for module in modules(room)
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
        and inspect.signature(value).return_annotation is kind
    }  # fmt: skip


def examples(kind: str = "PICTURES") -> dict[tuple[str, str], object]:
    """{(lesson, or '', name): example} of all in a folder's `examples.py`, as PICTURES or as PANELS."""
    shared = {"PICTURES": "tests.plots.examples", "PANELS": "tests.widgets.examples"}[kind]
    names = [f"tests.lessons.{each.parent.name}.examples" for each in sorted(LESSONS.glob("*/examples.py"))]
    found = {name: getattr(importlib.import_module(name), kind, {}) for name in [shared, *names]}
    return {(of_lesson(name), title): each for name, group in found.items() for title, each in group.items()}
