"""Score what was handed in for the course's project: python -m tools.hand_in LABELS ANSWERS [CONTROL]

LABELS is lecturer/labels.csv. ANSWERS are those of a model with a source; CONTROL, those of the same without: then what the
source gave is told too. Each is a CSV file with the heading `digit` and a digit for each picture of `new`, in its order:
np.savetxt("answers.csv", answers, "%d", header="digit", comments="")
"""

import csv
import sys
from pathlib import Path

import numpy as np

from tools.pen_digits import NEW
from transferlib.measures import in_brackets, interval, of_count


def read(path: Path) -> np.ndarray:
    """The digits of a hand-in; ValueError says what is wrong with it."""
    try:
        lines = [row[0].strip() if row else "" for row in csv.reader(Path(path).read_text("utf-8-sig").splitlines())]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path} cannot be read as text ({error}). Hand in a CSV file, as np.savetxt writes it") from None
    if lines[:1] != ["digit"] or len(lines) != NEW + 1:
        raise ValueError(
            f"{path} must have the heading `digit` and {NEW} lines, one a picture, in the order of `new`; it has "
            f"{len(lines)} lines, the first is {(lines or [''])[0]!r}"
        )
    if wrong := [f"line {i}: {line!r}" for i, line in enumerate(lines[1:], 2) if line not in set("0123456789")]:
        raise ValueError(f"{path}: each line holds one digit, 0 … 9; not so: {', '.join(wrong[:3])}")
    return np.array(lines[1:], int)


def score(labels: Path, answers: Path, control: Path | None = None) -> str:
    """What to tell those who handed in; with the answers of a model without the source, also what the source gave."""
    truth = read(labels)
    right = [(read(each) == truth).astype(float) for each in (answers, control) if each]
    told = "".join(f"{name}: {of_count(each.mean(), NEW)} % right\n" for name, each in zip(("answers", "control"), right))
    if control:
        gain = in_brackets(*interval(100 * (right[0] - right[1])), NEW)
        told += f"answers less control: {gain} points, 95 % interval over pictures\n"
    return told


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(f"two files are wanted, or three; these are {sys.argv[1:]}\n\n{__doc__}")
    try:
        print(score(*sys.argv[1:]), end="")
    except ValueError as error:
        sys.exit(str(error))
