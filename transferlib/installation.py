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
    if (backend := _backend()) != "tensorflow":
        found.append(
            f"Keras is set to the backend '{backend}'; the course needs the TensorFlow backend: KERAS_BACKEND=tensorflow."
        )
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


def _backend():
    """The backend that Keras will choose: the environment's, else that of Keras's own settings."""
    settings = {}
    with suppress(OSError, ValueError):  # Keras passes over a file that it cannot read
        settings = json.loads(Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"), "keras.json").read_text("utf-8"))
    return os.environ.get("KERAS_BACKEND", settings.get("backend", "tensorflow"))


def check() -> None:
    """Print one line when all is well, and otherwise what to do."""
    if not (found := problems()):
        print("✓ Everything that the course needs is installed.")
        return
    print("\n".join(found))
    print("To mend it, in the course's folder: python -m pip install -r requirements.txt, then restart the kernel.")
