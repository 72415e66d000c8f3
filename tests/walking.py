"""What the package holds, found by walking its folders: no list of pictures, panels or exercises has to be kept."""

import importlib
import inspect
import pkgutil
from types import SimpleNamespace

import transferlib


def modules(room: str) -> list:
    """The modules of a shared room, such as 'plots', and those of this name in the lessons' folders."""
    names = [each.name for each in pkgutil.walk_packages(transferlib.__path__, "transferlib.")]
    own = f"transferlib.{room}"
    wanted = [n for n in names if n.startswith(own + ".") or n.startswith("transferlib.lessons.") and n.endswith(f".{room}")]
    return [importlib.import_module(name) for name in wanted]


def public(room: str) -> SimpleNamespace:
    """All public functions that are defined in those modules, by name."""
    found = {}
    for module in modules(room):
        for name, value in vars(module).items():
            if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_"):
                assert name not in found, f"{name} stands in {module.__name__} and in {found[name].__module__}"
                found[name] = value
    return SimpleNamespace(**found)
