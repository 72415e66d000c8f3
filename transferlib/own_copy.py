"""A learner's own copy of the lessons, without the stored outputs that would give the predictions away.

python -m transferlib.own_copy makes it, or brings it up to date, in the folder my_course. What a learner has changed is
never written over: where the course has a newer edition of such a lesson, that is said.
"""

import hashlib
import json
import os
from pathlib import Path

COURSE = Path(__file__).resolve().parents[1] / "notebooks"
OWN = COURSE.parent / "my_course"
EDITIONS = ".editions.json"  # {file: the SHA-256 of what was written last}


def make(course: Path = COURSE, own: Path = OWN) -> list[str]:
    """Copy what is new or was never changed, notebooks without outputs; → what there is to tell, a list of sentences.

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
                _write(mine, content)
            written[path.name] = edition
        elif there == edition:
            written[path.name] = edition
        elif written.get(path.name) != edition:
            told.append(
                f"{path.name} has a newer edition than yours, in which you have worked: yours is kept. To start the newer "
                f"one, rename yours and run this again."
            )
    _write(own / EDITIONS, json.dumps(written, indent=1).encode())
    return told


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


def _write(path, content):
    """Whole or not at all: an interruption leaves no half a lesson."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)


if __name__ == "__main__":
    print(*make(), f"Your own copy of the lessons, without their outputs, is in {OWN.name}/.", sep="\n")
