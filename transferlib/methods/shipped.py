"""The three small problems that lesson 07 ships with, as a reader would bring them: a folder, a table, a list of texts."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from transferlib.datasets import DIGITS, families, polar_words, uci_digits, uci_writers
from transferlib.tasks import hold_out, stream

CARS = "cylinders", "displacement", "horsepower", "weight", "acceleration", "year"


@lru_cache(maxsize=1)
def cars() -> dict[str, pd.DataFrame]:
    """{country: its cars}, mpg and six numbers a car: 245 of the USA, 68 of Europe, 79 of Japan, 1970 to 1982 (UCI)."""
    from mlxtend.data import autompg_data

    x, mpg = autompg_data()
    table = pd.DataFrame(x[:, :6], columns=list(CARS)).assign(mpg=mpg)
    return {
        place: table[x[:, 6] == number].reset_index(drop=True) for number, place in enumerate(("USA", "Europe", "Japan"), 1)
    }


def all_digits() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(rows (1797, 100), labels (1797,), writers (1797,)) of all UCI digits."""
    from sklearn.datasets import load_digits

    from transferlib.datasets import framed

    data = load_digits()
    return framed(data.images / 16), data.target.astype(np.int32), uci_writers()


def write_digits(folder: str | Path, rows: int = 60, seed: int = 0) -> Path:
    """Write `rows` of the UCI digits into a folder, as pictures in one folder a class: a reader's own data."""
    task = uci_digits()
    x, y = np.concatenate([task.x_train, task.x_test]), np.concatenate([task.y_train, task.y_test])
    for number in hold_out("digits", y, DIGITS, test=rows, seed=seed)[1]:
        home = Path(folder) / DIGITS[y[number]]
        home.mkdir(parents=True, exist_ok=True)
        Image.fromarray((x[number].reshape(10, 10) * 255).round().astype(np.uint8)).save(home / f"{number:04d}.png")
    return Path(folder)


def some_words(rows: int = 200, seed: int = 0) -> tuple[list[str], list[str], list[str]]:
    """(words, how each sounds, its family): some of the words that VADER's judges called good or bad."""
    words, scores = polar_words()
    chosen = stream(seed, "some words").permutation(len(words))[:rows]
    texts = [words[i] for i in chosen]
    return texts, ["positive" if scores[i] > 0 else "negative" for i in chosen], families(texts)
