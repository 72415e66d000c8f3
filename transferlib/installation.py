"""Is everything there that the course needs? Says in plain words what is missing; imports nothing that could be missing."""

import json
import os
import sys
from contextlib import suppress
from importlib import metadata
from pathlib import Path

LIST = Path(__file__).resolve().parents[1] / "requirements.txt"
PYTHONS = (3, 10), (3, 13)


def problems() -> list[str]:
    """What is missing or of another version than the course was tried with: a list of sentences, empty when all is well."""
    found = []
    if not PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        low, high = (".".join(map(str, v)) for v in PYTHONS)
        found.append(f"This is Python {sys.version.split()[0]}; TensorFlow needs {low} to {high}. Install one of those.")
    settings = _keras_settings()
    if (backend := os.environ.get("KERAS_BACKEND", settings.get("backend", "tensorflow"))) != "tensorflow":
        needed = "the course needs the TensorFlow backend: KERAS_BACKEND=tensorflow"
        found.append(f"Keras is set to the backend '{backend}'; {needed}.")
    for key, needed in (("image_data_format", "channels_last"), ("floatx", "float32")):
        if (value := settings.get(key, needed)) != needed:
            found.append(f"{_keras_file()} sets {key} to {value!r}; the course needs {needed!r} there, or no such line.")
    try:
        from packaging.requirements import Requirement
    except ModuleNotFoundError:
        return found + ["The package 'packaging' is missing, so JupyterLab was not installed with the course's list."]
    for line in LIST.read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if not line or line.startswith("-"):
            continue
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate():
            continue
        try:
            version = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            found.append(f"{wanted.name} is not installed; the course needs {wanted.name}{wanted.specifier}.")
            continue
        if version not in wanted.specifier:
            found.append(f"{wanted.name} is {version}; the course was tried with {wanted.specifier}.")
    return found


def _keras_file():
    return Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"), "keras.json")


def _keras_settings():
    """What Keras's own settings say. A file that cannot be read says nothing: Keras passes over it too."""
    with suppress(OSError, ValueError, TypeError):
        return dict(json.loads(_keras_file().read_text("utf-8")))
    return {}


def check() -> None:
    """Print one line when all is well, and otherwise what to do."""
    if not (found := problems()):
        print("✓ Everything that the course needs is installed.")
        return
    print("\n".join(found))
    print("To mend it, in the course's folder: python -m pip install -r requirements.txt, then restart the kernel.")
