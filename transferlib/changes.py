"""How one task is made from another: other pictures, other labels, other rows. Nothing here trains."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from scipy import ndimage

from transferlib.tasks import stream


def changed(task, name, how):
    """The same task with `how` (rows (n, d) → rows (n, d)) done to every picture, training and test."""
    return replace(task, name=name, x_train=how(task.x_train), x_test=how(task.x_test))


def only(task, name, classes):
    """The same task with training rows of these classes only; the test rows stay as they are."""
    kept = np.isin(task.y_train, list(classes))
    return replace(task, name=name, x_train=task.x_train[kept], y_train=task.y_train[kept])


@lru_cache(maxsize=4)  # each is a megabyte; what comes next is mostly another seed of the same
def without(task, digits):
    """The task with no training row of the classes in the tuple `digits`; its test rows stay."""
    kept = ~np.isin(task.y_train, digits)
    return replace(task, x_train=task.x_train[kept], y_train=task.y_train[kept])


def renamed(task):
    """Every class bears the next one's name: the pictures are the same, the answers systematically wrong."""
    n = len(task.classes)
    return replace(task, name=f"{task.name}, renamed", y_train=(task.y_train + 1) % n, y_test=(task.y_test + 1) % n)


def scrambled(task, seed=0):
    """One fixed shuffle of the pixels of every picture: the classes are still there, what is near to what is not."""
    order = np.random.default_rng(seed).permutation(task.x_train.shape[1])
    return replace(task, name=f"{task.name}, scrambled", x_train=task.x_train[:, order], x_test=task.x_test[:, order])


def coin_labels(task, seed=0):
    """Labels drawn by lot: there is nothing to learn but by heart."""
    rng = np.random.default_rng(seed)
    y = {side: rng.integers(0, len(task.classes), len(getattr(task, side))) for side in ("y_train", "y_test")}
    return replace(task, name=f"{task.name}, labels by lot", **y)


def inverted(task):
    """White on black becomes black on white, for values in 0 … 1."""
    return replace(task, name=f"{task.name}, inverted", x_train=1 - task.x_train, x_test=1 - task.x_test)


@lru_cache(maxsize=16)
def standardised(task):
    """The task with each input centred and scaled by its *own* training rows: the adaptation that needs no method.

    .01 is added to each deviation, so that a pixel that is always empty stays at 0 and does not become noise.
    """
    mean, deviation = task.x_train.mean(0), task.x_train.std(0) + 0.01
    return replace(task, x_train=(task.x_train - mean) / deviation, x_test=(task.x_test - mean) / deviation)


def held_out(task, per_class, validation, seed=0):
    """`task.few(per_class, seed)` with `validation` further training rows a class in the place of the test rows.

    A run on it is the same run as on `task.few(per_class, seed)`; only its curves are drawn on other pictures, so that
    choosing by them looks at no test label. These rows are labels too: they belong to the label budget.
    """
    many = task.few(per_class + validation, seed)
    x = many.x_train.reshape(len(task.classes), per_class + validation, -1)  # few() deals class by class
    y = many.y_train.reshape(len(task.classes), -1)
    learn, choose = np.s_[:, :per_class], np.s_[:, per_class:]
    rows = dict(x_train=x[learn], x_test=x[choose])
    rows = {key: value.reshape(-1, x.shape[-1]) for key, value in rows.items()}
    return replace(task, **rows, y_train=y[learn].ravel(), y_test=y[choose].ravel())


def halves(task):
    """The task twice, each with one half of the training rows: what the one learned from, the other has not seen."""
    cut = len(task.y_train) // 2
    return tuple(replace(task, x_train=task.x_train[s], y_train=task.y_train[s]) for s in (slice(cut), slice(cut, None)))


def twice(task):
    """Reading one digit, with each picture given twice: rows (n, 200), so that both halves of a network meet it."""
    both = {f"x_{side}": np.tile(getattr(task, f"x_{side}"), 2) for side in ("train", "test")}
    return replace(task, **both, picture=(2, task.x_train.shape[1]))


SUMS = tuple(map(str, range(19)))


def couples(x, y, per_sum, seed=0):
    """Two pictures side by side, every sum equally often: rows (19·per_sum, 200) and their two digits (19·per_sum, 2).

    x, y   pictures (n, 100) and their digits (n,); for each sum one of the ways to make it is drawn, then the pictures
    """
    rng, total = stream(seed, "sums"), np.repeat(np.arange(19), per_sum)
    left = rng.integers(np.maximum(0, total - 9), np.minimum(9, total) + 1)
    digits = np.stack([left, total - left], 1)
    places = [np.flatnonzero(y == c) for c in range(10)]
    rows = np.array([[rng.choice(places[c]) for c in two] for two in digits])
    return x[rows].reshape(len(rows), -1), digits


@lru_cache(maxsize=4)
def sums(task, per_sum=100, test=40):
    """The task of adding two digits of `task`: rows (n, 200), labelled 0 … 18 with the sum and with nothing else."""
    (x, two), (x_test, two_test) = couples(task.x_train, task.y_train, per_sum), couples(task.x_test, task.y_test, test)
    parts = dict(x_train=x, y_train=two.sum(1), x_test=x_test, y_test=two_test.sum(1))
    return replace(task, name=f"sums of two {task.name}", **parts, classes=SUMS, picture=(2, x.shape[1] // 2))


def redrawn(picture, right=0.0, down=0.0, thicker=0.0):
    """A picture (h, w) in 0 … 1, moved by so many pixels and with thicker (or, below 0, thinner) strokes: (h, w).

    What is moved over the edge is lost, and what comes in is empty. `thicker` goes from -1 to 1: 1 gives each pixel the
    darkest value of itself and its four neighbours (grey dilation), -1 the lightest (erosion), and between them a mixture
    with the picture as it was.
    """
    if not -1 <= thicker <= 1:
        raise ValueError(f"thicker must lie between -1 and 1, not {thicker!r}")
    picture = np.asarray(picture, np.float32)
    if picture.ndim != 2:
        raise ValueError(f"one picture (height, width) is wanted, not an array of shape {picture.shape}")
    cross = ndimage.generate_binary_structure(2, 1)
    strokes = (ndimage.grey_dilation if thicker > 0 else ndimage.grey_erosion)(picture, footprint=cross, mode="constant")
    moved = ndimage.shift((1 - abs(thicker)) * picture + abs(thicker) * strokes, (down, right), order=1)
    return np.clip(moved, 0, 1).astype(np.float32)
