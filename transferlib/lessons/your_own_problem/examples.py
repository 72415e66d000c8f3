"""The small problems that lesson 07 ships with, as a reader would bring them: two folders, a table, a list of texts."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from mlxtend.data import autompg_data
from PIL import Image
from sklearn.datasets import load_digits

from transferlib.datasets import (
    DIGITS,
    PHOTOGRAPHS,
    families,
    framed,
    photograph_files,
    polar_words,
    uci_digits,
    uci_writers,
)
from transferlib.tasks import hold_out, rng_for, whole_number

CARS = "cylinders", "displacement", "horsepower", "weight", "acceleration", "year"


@lru_cache(maxsize=1)
def cars() -> dict[str, pd.DataFrame]:
    """{country: its cars}, mpg and six numbers a car: 245 of the USA, 68 of Europe, 79 of Japan, 1970 to 1982 (UCI)."""
    x, mpg = autompg_data()
    table = pd.DataFrame(x[:, :6], columns=list(CARS)).assign(mpg=mpg)
    countries = {1: "USA", 2: "Europe", 3: "Japan"}
    return {place: table[x[:, 6] == number].reset_index(drop=True) for number, place in countries.items()}


def all_digits() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(rows (1797, 100), labels (1797,), writers (1797,)) of all UCI digits."""
    data = load_digits()
    return framed(data.images / 16), data.target.astype(np.int32), uci_writers()


def write_digits(folder: str | Path, rows: int = 60) -> Path:
    """Write `rows` of the UCI digits into a folder, as pictures in one folder a class: a reader's own data."""
    task = uci_digits()
    x, y = np.concatenate([task.x_train, task.x_test]), np.concatenate([task.y_train, task.y_test])
    for number in hold_out("digits", y, DIGITS, test=rows, seed=0)[1]:
        home = Path(folder) / DIGITS[y[number]]
        home.mkdir(parents=True, exist_ok=True)
        Image.fromarray((x[number].reshape(10, 10) * 255).round().astype(np.uint8)).save(home / f"{number:04d}.png")
    return Path(folder)


def some_words(rows: int = 200) -> tuple[list[str], list[str], list[str]]:
    """(words, how each sounds, its family): some of the words that VADER's judges called good or bad."""
    words, scores = polar_words()
    chosen = rng_for(0, "some words").permutation(len(words))[:rows]
    texts = [words[i] for i in chosen]
    return texts, ["positive" if scores[i] > 0 else "negative" for i in chosen], families(texts)


def write_photographs(folder: str | Path, places: int = 6) -> Path:
    """Write patches of ten colour photographs into a folder, one folder a photograph: from which one does a patch come?

    A photograph of 320 × 448 pixels has 15 places, 64 × 64 pixels each, with 32 between them. Of each some
    are drawn, and cut into four patches of 32 × 32: "cat/03 b.png" is the second patch of place 3.
    """
    for number, (name, picture) in enumerate(zip(PHOTOGRAPHS, photograph_files())):
        home = Path(folder) / name
        home.mkdir(parents=True, exist_ok=True)
        small = picture.convert("RGB").resize((448, 320), Image.BOX)
        for place in rng_for(0, "places", number).permutation(15)[: whole_number(places, "places", 1)]:
            top, left = 32 + 96 * (place // 5), 96 * (place % 5)
            for part, letter in enumerate("abcd"):
                y, x = top + 32 * (part // 2), left + 32 * (part % 2)
                small.crop((x, y, x + 32, y + 32)).save(home / f"{place:02d} {letter}.png")
    return Path(folder)


def place_of(path: Path) -> str:
    """From which place of which photograph a patch of `write_photographs` comes: its group."""
    return f"{path.parent.name} {path.name[:2]}"
