"""How one task is made from another: other pictures, other labels, other rows. Nothing here trains.

What a lesson or a panel makes again and again is cached: the same change of the same task is the same task.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy import ndimage

from transferlib.tasks import Task, rng_for, whole_number


def _flat(task):
    """The task itself, or ValueError where its rows are not flat."""
    if task.x_train.ndim != 2:
        came = f"not (n, {', '.join(map(str, task.x_train.shape[1:]))})"
        cure = "flatten them first: changed(task, task.name, lambda x: x.reshape(len(x), -1))"
        raise ValueError(f"{task.name}: rows of numbers (n, d) are wanted, {came}; {cure}")
    return task


def _classified(task, classes=()):
    """The task itself, or ValueError where it has no classes, or none of these numbers."""
    if task.regression:
        raise ValueError(f"{task.name}: a task with classes is wanted, and this one is a regression")
    if strange := set(classes) - set(range(len(task.classes))):
        raise ValueError(f"classes must be class numbers of {task.name}, 0 … {len(task.classes) - 1}, not {strange}")
    return task


# Other pictures


def changed(task: Task, name: str, how: Callable[[np.ndarray], np.ndarray]) -> Task:
    """The same task with `how` (rows (n, …) → rows (n, …)) done to every picture, training and test."""
    return replace(task, name=name, x_train=how(task.x_train), x_test=how(task.x_test))


def inverted(task: Task) -> Task:
    """White on black becomes black on white, for values in 0 … 1."""
    return changed(task, f"{task.name}, inverted", lambda x: 1 - x)


@lru_cache(maxsize=4)  # lesson 05 and the panels of lesson 04 scramble one source again and again
def scrambled(task: Task, seed: int = 0) -> Task:
    """One fixed shuffle of the pixels of every picture: the classes are still there, what is near to what is not."""
    order = rng_for(seed, "scrambled").permutation(_flat(task).x_train.shape[1])
    return changed(task, f"{task.name}, scrambled", lambda x: x[:, order])


@lru_cache(maxsize=8)  # the panel of lesson 11 centres both tasks at every setting
def centred(task: Task) -> Task:
    """The task with the mean of its *own* training rows taken off each input: the first adaptation to try."""
    mean = _flat(task).x_train.mean(0)
    return changed(task, task.name, lambda x: x - mean)


@lru_cache(maxsize=16)  # and standardises them
def standardised(task: Task, by: Task | None = None) -> Task:
    """The task with each input centred and scaled by its *own* training rows, or by those of another task, `by`.

    .01 is added to each deviation, so that a pixel that is always empty stays at 0 and does not become noise.
    """
    rows = (by or task).x_train
    mean, deviation = rows.mean(0), rows.std(0) + 0.01
    return changed(task, task.name, lambda x: (x - mean) / deviation)


# Other labels


def renamed(task: Task) -> Task:
    """Every class bears the next one's name: the pictures are the same, the answers systematically wrong."""
    n = len(_classified(task).classes)
    return replace(task, name=f"{task.name}, renamed", y_train=(task.y_train + 1) % n, y_test=(task.y_test + 1) % n)


def coin_labels(task: Task, seed: int = 0) -> Task:
    """Labels drawn at random: there is nothing to learn but by heart."""
    rng, n = rng_for(seed, "coin labels"), len(_classified(task).classes)
    y = {side: rng.integers(0, n, len(getattr(task, side))) for side in ("y_train", "y_test")}
    return replace(task, name=f"{task.name}, random labels", **y)


# Other rows


def only(task: Task, name: str, classes: Iterable[int]) -> Task:
    """The same task with training rows of these classes (numbers) only; the test rows stay as they are."""
    kept = np.isin(_classified(task, classes := list(classes)).y_train, classes)
    return replace(task, name=name, x_train=task.x_train[kept], y_train=task.y_train[kept])


@lru_cache(maxsize=4)  # the panel of lesson 11 asks for the same rows again and again
def rarer(task: Task, classes: tuple[int, ...], share: float = 0.1, seed: int = 0) -> Task:
    """The same task with only a share of the rows of these classes (numbers), training and test: its labels have shifted.

    A row of another class is as it was: what differs is how common each class is.
    """
    _classified(task, classes)
    if not 0 < share <= 1:
        raise ValueError(f"share must lie above 0 and be 1 at most, not {share!r}")
    rng, parts = rng_for(seed, "rarer"), {}
    for side in ("train", "test"):
        x, y = getattr(task, f"x_{side}"), getattr(task, f"y_{side}")
        kept = ~np.isin(y, classes) | (rng.random(len(y)) < share)
        parts |= {f"x_{side}": x[kept], f"y_{side}": y[kept]}
    return replace(task, **parts)


def halves(task: Task) -> tuple[Task, Task]:
    """The task twice, each with one half of the training rows: what the one learned from, the other has not seen."""
    cut = len(task.y_train) // 2
    return tuple(replace(task, x_train=task.x_train[s], y_train=task.y_train[s]) for s in (slice(cut), slice(cut, None)))


def held_out(task: Task, per_class: int, validation: int, seed: int = 0) -> Task:
    """`task.few(per_class, seed)` with `validation` further training rows a class in the place of the test rows.

    The run is the same; its curves are drawn on other pictures, so that choosing by them looks at no test label. These rows
    are labels too: they belong to the label budget.
    """
    many = task.few(whole_number(per_class, "per_class", 1) + whole_number(validation, "validation", 1), seed)
    learn = np.arange(len(many.y_train)) % (per_class + validation) < per_class  # few() deals class by class
    rows = dict(x_train=many.x_train[learn], y_train=many.y_train[learn])
    return replace(task, **rows, x_test=many.x_train[~learn], y_test=many.y_train[~learn])


# Two pictures in a row


def twice(task: Task) -> Task:
    """Reading one digit, with each picture given twice: rows (n, 200), so that both halves of a network meet it."""
    both = {f"x_{side}": np.tile(getattr(_flat(task), f"x_{side}"), 2) for side in ("train", "test")}
    return replace(task, **both, picture=(2, task.x_train.shape[1]))


SUMS = tuple(map(str, range(19)))


def couples(x: np.ndarray, y: np.ndarray, per_sum: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two pictures side by side, every sum equally often: rows (19·per_sum, 200) and their two digits (19·per_sum, 2).

    x, y   pictures (n, 100) and their digits (n,); for each sum one of the ways to make it is drawn, then the pictures
    """
    if np.ndim(x) != 2 or np.shape(y) != np.shape(x)[:1] or set(np.unique(y).tolist()) != set(range(10)):
        came = f"{np.shape(x)} and {np.shape(y)}, and {np.unique(y).tolist()} in y"
        raise ValueError(f"x (n, d) and y (n,), the ten digits 0 … 9, are wanted; got {came}")
    rng, total = rng_for(seed, "sums"), np.repeat(np.arange(19), whole_number(per_sum, "per_sum", 1))
    left = rng.integers(np.maximum(0, total - 9), np.minimum(9, total) + 1)
    digits = np.stack([left, total - left], 1)
    places = [np.flatnonzero(y == c) for c in range(10)]
    rows = np.array([[rng.choice(places[c]) for c in two] for two in digits])
    return x[rows].reshape(len(rows), -1), digits


@lru_cache(maxsize=4)  # the panel of lesson 09 asks for the sums at every setting
def sums(task: Task, per_sum: int = 100, test: int = 40) -> Task:
    """The task of adding two digits of `task`: rows (n, 200), labelled 0 … 18 with the sum and with nothing else."""
    _flat(_classified(task))
    (x, two), (x_test, two_test) = couples(task.x_train, task.y_train, per_sum), couples(task.x_test, task.y_test, test)
    parts = dict(x_train=x, y_train=two.sum(1), x_test=x_test, y_test=two_test.sum(1))
    return replace(task, name=f"sums of two {task.name}", **parts, classes=SUMS, picture=(2, x.shape[1] // 2))


# One picture, by hand


def redrawn(picture: ArrayLike, right: float = 0.0, down: float = 0.0, thicker: float = 0.0) -> np.ndarray:
    """A picture (h, w) in 0 … 1, moved by so many pixels and with thicker (or, below 0, thinner) strokes: (h, w).

    What is moved over the edge is lost. `thicker` goes from -1 to 1: 1 gives each pixel the darkest value of itself and its
    four neighbours (grey dilation), -1 the lightest (erosion), and between them a mixture with the picture as it was.
    """
    if not -1 <= thicker <= 1:
        raise ValueError(f"thicker must lie between -1 and 1, not {thicker!r}")
    if not np.isfinite([right, down]).all():
        raise ValueError(f"right and down must be numbers of pixels, not {right!r} and {down!r}")
    picture = np.asarray(picture, np.float32)
    if picture.ndim != 2:
        raise ValueError(f"one picture (height, width) is wanted, not an array of shape {picture.shape}")
    cross = ndimage.generate_binary_structure(2, 1)
    strokes = (ndimage.grey_dilation if thicker > 0 else ndimage.grey_erosion)(picture, footprint=cross, mode="constant")
    moved = ndimage.shift((1 - abs(thicker)) * picture + abs(thicker) * strokes, (down, right), order=1)
    return np.clip(moved, 0, 1).astype(np.float32)
