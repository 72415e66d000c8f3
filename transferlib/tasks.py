"""A task: what goes in, what should come out, and which examples may be learned from.

A `Task` cannot be changed: its arrays are read-only, and the training function reads `x_train` and `y_train` only, so that
no strategy can leak a test picture into training.
"""

import zlib
from dataclasses import dataclass, replace
from numbers import Integral

import numpy as np


def stream(seed: int, purpose: str, *numbers: int) -> np.random.Generator:
    """Random numbers of their own for each seed and purpose, such as stream(3, "batches", role): no two streams meet.

    A bare list would not do: NumPy fills it up with zeros, so that [3, 2] and [3, 2, 0] are one stream.
    """
    if not isinstance(seed, Integral) or isinstance(seed, bool) or seed < 0:
        raise ValueError(f"seed must be a whole number, 0 or more, not {seed!r}")
    return np.random.default_rng([seed, zlib.crc32(purpose.encode()), *(number + 1 for number in numbers)])


@dataclass(frozen=True, eq=False)
class Task:
    """A labelled classification task, split once and for all.

    name     what plots and tables call it
    x_train  (n, d) float32: one example a row
    y_train  (n,) int32: a class number, 0 … len(classes) - 1
    x_test   (m, d), y_test (m,): held out; looked at by evaluation only
    classes  what the class numbers mean
    picture  (height, width) when a row is a picture, else None
    """

    name: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    classes: tuple
    picture: tuple | None = None

    def __post_init__(self):
        for side in ("train", "test"):
            x = np.array(getattr(self, f"x_{side}"), np.float32)
            y = np.array(getattr(self, f"y_{side}"))
            if x.ndim != 2 or y.shape != x.shape[:1]:
                raise ValueError(
                    f"{self.name}: x_{side} has shape {x.shape} and y_{side} {y.shape}; "
                    "expected (n, d) and (n,): flatten the pictures, and give one label a row"
                )
            if not np.isfinite(x).all():
                raise ValueError(f"{self.name}: x_{side} holds NaN or infinity; drop or fill those rows first")
            if len(y) and not (np.equal(y, y.astype(int)).all() and y.min() >= 0 and y.max() < len(self.classes)):
                raise ValueError(f"{self.name}: y_{side} must hold whole numbers 0 … {len(self.classes) - 1}, one per class")
            y = y.astype(np.int32)
            for key, value in (("x", x), ("y", y)):
                value.setflags(write=False)
                object.__setattr__(self, f"{key}_{side}", value)
        if self.x_train.shape[1] != self.x_test.shape[1]:
            raise ValueError(
                f"{self.name}: train rows have {self.x_train.shape[1]} numbers and test rows {self.x_test.shape[1]}"
            )
        if self.picture and np.prod(self.picture) != self.x_train.shape[1]:
            raise ValueError(f"{self.name}: a picture of {self.picture} does not hold {self.x_train.shape[1]} numbers")

    @classmethod
    def split(cls, name, x, y, classes, *, test, seed=0, picture=None):
        """A task from rows x (n, d) and labels y (n,): `test` rows are held out, each class in its share."""
        x, y = np.asarray(x), np.asarray(y)
        if not 0 < test < len(y):
            raise ValueError(f"{name}: cannot hold out {test} of {len(y)} rows; choose a number between")
        # Sorting by (rank within the class / size of the class) deals the classes out evenly, whatever their sizes.
        order = np.random.default_rng(seed).permutation(len(y))
        share = np.empty(len(y))
        for c in np.unique(y):
            mine = order[y[order] == c]
            share[mine] = (np.arange(len(mine)) + 0.5) / len(mine)
        order = order[np.argsort(share[order], kind="stable")]
        held, kept = order[:test], order[test:]
        return cls(name, x[kept], y[kept], x[held], y[held], tuple(classes), picture)

    def few(self, per_class, seed=0):
        """The same task with only `per_class` training labels of each class; the test rows stay.

        With one seed the choices are nested (what is in `few(2)` is in `few(5)`), so that along a label budget only the
        number of labels changes. Raises ValueError when a class has too few examples.
        """
        if per_class < 1:
            raise ValueError(f"labels per class must be 1 or more, not {per_class}")
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
