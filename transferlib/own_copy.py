"""A learner's own copy of the lessons, without the stored outputs that would give the predictions away.

python -m transferlib.own_copy makes it, or brings it up to date, in the folder my_course. What a learner has changed is
never written over. And it has JupyterLab save panels and answers with a lesson, for when it is opened again.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

COURSE = Path(__file__).resolve().parents[1] / "notebooks"
OWN = COURSE.parent / "my_course"
EDITIONS = ".editions.json"  # {file: the SHA-256 of what was written last}
# JupyterLab's defaults are made of all files in this folder of an environment; a user's own choice goes before them.
SETTINGS = Path("etc", "jupyter", "labconfig", "default_setting_overrides.d", "transferlib.json")
SAVE = {"@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True}}


def make(course: Path = COURSE, own: Path = OWN) -> list[str]:
    """Copy each file that is new, or that the learner never changed; notebooks without outputs. → what to tell her.

    Raises ValueError when there is no course, or `own` is a file.
    """
    files = [path for path in sorted(course.glob("*")) if path.is_file() and not path.name.startswith(".")]
    if not any(path.suffix == ".ipynb" for path in files):
        raise ValueError(f"{course} holds no lesson; run this in the folder of the course")
    if own.exists() and not own.is_dir():
        raise ValueError(f"{own} is a file; move it away, since your copy of the lessons becomes a folder of that name")
    own.mkdir(exist_ok=True)
    written, told = _editions(own), []
    for path in files:
        content = unanswered(path.read_text("utf-8")).encode() if path.suffix == ".ipynb" else path.read_bytes()
        edition, mine = _digest(content), own / path.name
        there = _digest(mine.read_bytes()) if mine.exists() else None
        if there in (None, written.get(path.name)):
            if there != edition:
                write(mine, content)
            written[path.name] = edition
        elif there == edition:
            written[path.name] = edition
        elif written.get(path.name) != edition:
            newer = f"{path.name} has a newer edition than yours, in which you have worked: yours is kept."
            told.append(f"{newer} To start the newer one, rename yours and run this again.")
    write(own / EDITIONS, json.dumps(written, indent=1).encode())
    return told


def keep_panels(environment: Path = Path(sys.prefix)) -> list[str]:
    """Have this environment's JupyterLab save widgets with their notebook, by a file of our own; → what to tell."""
    try:
        (environment / SETTINGS).parent.mkdir(parents=True, exist_ok=True)
        write(environment / SETTINGS, json.dumps(SAVE, indent=1).encode())
    except OSError as error:
        told = f"JupyterLab could not be told to save panels with a lesson ({error}): one that is opened again shows none"
        tick = "In its Settings, under Jupyter Widgets, tick Save Jupyter widget state in notebooks."
        return [f"{told} until its cells are run. {tick}"]
    return []


def unanswered(notebook: str) -> str:
    """A notebook's text without outputs and without the numbers of its runs."""
    content = json.loads(notebook)
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _editions(own):
    try:
        return dict(json.loads((own / EDITIONS).read_text("utf-8")))
    except (OSError, ValueError, TypeError):  # lost or damaged: then all that differs counts as the learner's work
        return {}


def _digest(content):
    return hashlib.sha256(content).hexdigest()


def write(path: Path, content: bytes) -> None:
    """Write a file by way of another file, so that an interruption leaves the old one and not half of the new."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)


if __name__ == "__main__":
    print(*make(), *keep_panels(), f"Your own copy of the lessons, without their outputs, is in {OWN.name}/.", sep="\n")
