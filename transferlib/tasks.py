"""A task: what goes in, what should come out, and which examples may be learned from.

A `Task` cannot be changed: its arrays are read-only, and the training function reads `x_train` and `y_train` only, so that
no strategy can leak a test picture into training.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike


def whole(value: int, name: str, least: int = 0) -> int:
    """`value` as an int; ValueError where it is not a whole number of `least` or more."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} must be a whole number, {least} or more, not {value!r}")
    return int(value)


def stream(seed: int, purpose: str, *numbers: int) -> np.random.Generator:
    """Random numbers of their own for each seed and purpose, such as stream(3, "batches", role): no two streams meet.

    A bare list would not do: NumPy fills it up with zeros, so that [3, 2] and [3, 2, 0] are one stream.
    """
    return np.random.default_rng([whole(seed, "seed"), zlib.crc32(purpose.encode()), *(number + 1 for number in numbers)])


@dataclass(frozen=True, eq=False)
class Task:
    """A labelled classification task, split once and for all.

    name     what plots and tables call it
    x_train  (n, d) float32: one example a row
    y_train  (n,) int32: a class number, 0 … len(classes) - 1; class names are turned into numbers
    x_test   (m, d), y_test (m,): held out; looked at by evaluation only
    classes  what the class numbers mean
    picture  (height, width) when a row is a picture, else None

    Raises ValueError, with the name of the task, where these do not fit together.
    """

    name: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    classes: tuple
    picture: tuple | None = None

    def __post_init__(self):
        classes = _names(self.name, self.classes)
        for side in ("train", "test"):
            try:
                x = np.array(getattr(self, f"x_{side}"), np.float32)
            except (TypeError, ValueError) as error:
                raise ValueError(f"{self.name}: x_{side} must hold numbers, one example a row: {error}") from None
            y = class_numbers(f"{self.name}: y_{side}", getattr(self, f"y_{side}"), classes)
            if x.ndim != 2 or y.shape != x.shape[:1]:
                raise ValueError(
                    f"{self.name}: x_{side} has shape {x.shape} and y_{side} {y.shape}; "
                    "expected (n, d) and (n,): flatten the pictures, and give one label a row"
                )
            if not x.size:
                raise ValueError(f"{self.name}: x_{side} is empty, of shape {x.shape}; one row of one number is the least")
            if not np.isfinite(x).all():
                raise ValueError(f"{self.name}: x_{side} holds NaN or infinity; drop or fill those rows first")
            for key, value in (("x", x), ("y", y)):
                value.setflags(write=False)
                object.__setattr__(self, f"{key}_{side}", value)
        numbers = self.x_train.shape[1]
        if numbers != self.x_test.shape[1]:
            raise ValueError(f"{self.name}: train rows have {numbers} numbers and test rows {self.x_test.shape[1]}")
        if (picture := self.picture) is not None:
            if np.shape(picture) != (2,) or not all(isinstance(n, Integral) and n > 0 for n in picture):
                raise ValueError(
                    f"{self.name}: picture must be (height, width), two whole numbers, or None; not {picture!r}"
                )
            if np.prod(picture) != numbers:
                raise ValueError(f"{self.name}: a picture of {picture} does not hold {numbers} numbers")
            object.__setattr__(self, "picture", tuple(map(int, picture)))
        object.__setattr__(self, "classes", classes)

    @classmethod
    def split(
        cls,
        name: str,
        x: ArrayLike,
        y: ArrayLike,
        classes: Sequence,
        *,
        test: int,
        seed: int = 0,
        picture: tuple | None = None,
    ) -> "Task":
        """A task from rows x (n, d) and labels y (n,), numbers or names: `test` are held out, each class in its share."""
        x, classes = np.asarray(x), _names(name, classes)
        y = class_numbers(f"{name}: y", y, classes)
        if x.shape[:1] != y.shape:
            raise ValueError(f"{name}: x has shape {x.shape} and y {y.shape}; expected one label a row, (n, d) and (n,)")
        if not 0 < whole(test, f"{name}: test, how many rows are held out,", 1) < len(y):
            raise ValueError(f"{name}: cannot hold out {test} of {len(y)} rows; choose a number between")
        if missing := set(range(len(classes))) - set(y.tolist()):
            raise ValueError(
                f"{name}: no row of y is of the class {classes[min(missing)]!r}; leave it out, or look at the labels"
            )
        # Sorting by (rank within the class / size of the class) deals the classes out evenly, whatever their sizes.
        order = np.random.default_rng(whole(seed, "seed")).permutation(len(y))
        share = np.empty(len(y))
        for c in np.unique(y):
            mine = order[y[order] == c]
            share[mine] = (np.arange(len(mine)) + 0.5) / len(mine)
        order = order[np.argsort(share[order], kind="stable")]
        held, kept = order[:test], order[test:]
        return cls(name, x[kept], y[kept], x[held], y[held], classes, picture)

    def few(self, per_class: int, seed: int = 0) -> "Task":
        """The same task with only `per_class` training labels of each class; the test rows stay.

        With one seed the choices are nested (what is in `few(2)` is in `few(5)`), so that along a label budget only the
        number of labels changes. Raises ValueError when a class has too few examples.
        """
        whole(per_class, "per_class", 1)
        order = stream(seed, "labels").permutation(len(self.y_train))
        chosen = []
        for c, label in enumerate(self.classes):
            mine = order[self.y_train[order] == c][:per_class]
            if len(mine) < per_class:
                raise ValueError(f"{self.name}: class {label} has {len(mine)} training examples, {per_class} were asked for")
            chosen.append(mine)
        chosen = np.concatenate(chosen)
        return replace(self, x_train=self.x_train[chosen], y_train=self.y_train[chosen])

    def __repr__(self):
        return (
            f"Task({self.name!r}: {len(self.y_train)} training and {len(self.y_test)} test rows of "
            f"{self.x_train.shape[1]} numbers, {len(self.classes)} classes)"
        )


def _names(task, classes):
    """`classes` as a tuple, each name once."""
    if not np.iterable(classes) or not (names := tuple(classes)) or len(set(names)) < len(names):
        raise ValueError(
            f"{task}: classes must be the names of the classes, each once, such as ('cat', 'dog'); not {classes!r}"
        )
    return names


def class_numbers(what: str, y: ArrayLike, classes: Sequence) -> np.ndarray:
    """Labels of any shape, class names or numbers, as int32 numbers 0 … len(classes) - 1."""
    y = np.asarray(y)
    if y.dtype.kind in "UO":  # names
        number = {label: place for place, label in enumerate(classes)}
        if strange := [label for label in y.ravel().tolist() if label not in number]:
            raise ValueError(f"{what} holds the label {strange[0]!r}; the classes are {', '.join(map(str, classes))}")
        y = np.array([number[label] for label in y.ravel().tolist()]).reshape(y.shape)
    wrong = ~((y >= 0) & (y < len(classes)) & (np.floor(y) == y)) if y.dtype.kind in "biuf" else np.ones(y.shape, bool)
    if wrong.any():
        raise ValueError(f"{what} must hold whole numbers 0 … {len(classes) - 1}, one per class; it holds {y[wrong][0]!r}")
    return y.astype(np.int32)
