"""A task: what goes in, what should come out, and which examples may be learned from.

A `Task` cannot be changed, and training reads `x_train` and `y_train` only: no strategy can leak a test example into it.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike

from transferlib.splits import as_given, hold_out, whole_number


def rng_for(seed: int, purpose: str, *numbers: int) -> np.random.Generator:
    """Random numbers of their own for each seed and purpose, such as rng_for(3, "batches", role): no two meet.

    A bare list would not do: NumPy fills it up with zeros, so that [3, 2] and [3, 2, 0] are the same.
    """
    entropy = [whole_number(seed, "seed"), zlib.crc32(purpose.encode()), *(number + 1 for number in numbers)]
    return np.random.default_rng(entropy)


@dataclass(frozen=True, eq=False)
class Task:
    """A labelled task, classification or regression, split once and for all.

    name     what plots and tables call it
    x_train  (n, …) float32, one example a row, of any shape: numbers (d,), a picture (h, w, c), word numbers (words,)
    y_train  (n,) int32: a class number, 0 … len(classes) - 1; class names are turned into numbers.
             A regression has (n,) float32: the number to predict, best of about -1 … 1, as far as a network reaches soon
    x_test   (m, …), y_test (m,): held out; looked at by evaluation only
    classes  what the class numbers mean; None: a regression
    picture  the shape to draw a row in: (height, width), or (height, width, 3) in colour. None: no picture, unless x
             has the shape of pictures, (n, h, w), (n, h, w, 1) or (n, h, w, 3)

    Raises ValueError, with the name of the task, where these do not fit together.
    """

    name: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    classes: tuple | None
    picture: tuple | None = None

    def __post_init__(self):
        classes = None if self.classes is None else _names(self.name, self.classes)
        for side in ("train", "test"):
            try:
                x = np.array(getattr(self, f"x_{side}"), np.float32)
            except (TypeError, ValueError) as error:
                raise ValueError(f"{self.name}: x_{side} must hold numbers, one example a row: {error}") from None
            y, what = getattr(self, f"y_{side}"), f"{self.name}: y_{side}"
            y = _decimals(what, y) if classes is None else class_numbers(what, y, classes)
            if x.ndim < 2 or y.shape != x.shape[:1]:
                shapes = f"x_{side} has shape {x.shape} and y_{side} {y.shape}"
                raise ValueError(f"{self.name}: {shapes}; expected (n, …) and (n,): an example a row, and a label a row")
            if not x.size:
                raise ValueError(f"{self.name}: x_{side} is empty, of shape {x.shape}; one row of one number is the least")
            if not np.isfinite(x).all():
                raise ValueError(f"{self.name}: x_{side} holds NaN or infinity; drop or fill those rows first")
            for key, value in (("x", x), ("y", y)):
                value.setflags(write=False)
                object.__setattr__(self, f"{key}_{side}", value)
        came, wanted = self.x_test.shape[1:], self.x_train.shape[1:]
        if came != wanted:
            raise ValueError(f"{self.name}: a training row is of shape {wanted} and a test row of {came}; make them alike")
        if classes is None and np.ptp(self.y_test) == 0:
            same = f"{self.name}: every test row has the label {self.y_test[0]}"
            raise ValueError(f"{same}; R² needs two that differ: hold out more rows")
        object.__setattr__(self, "picture", _picture(self.name, self.picture, wanted))
        object.__setattr__(self, "classes", classes)

    @property
    def regression(self) -> bool:
        """Whether a number is to be predicted, and not a class."""
        return self.classes is None

    @classmethod
    def split(
        cls,
        name: str,
        x: ArrayLike,
        y: ArrayLike,
        classes: Sequence | None = None,
        *,
        test: int,
        groups: ArrayLike | None = None,
        seed: int = 0,
        picture: tuple | None = None,
    ) -> "Task":
        """A task from rows x (n, …) and labels y (n,): `test` are held out, each class in its share; see `hold_out`.

        classes  what the class numbers mean. None: names in y are classes, in the order of the alphabet; decimals are what a
                 regression predicts; whole numbers could be either, so that y has to say: give classes, or y.astype(float)
        groups   (n,) the writer, patient or day of each row: none of them is then on both sides
        """
        x, y = np.asarray(x), as_given(y)
        if classes is None:
            classes = _classes_of(name, y)
        classes = None if classes is None else _names(name, classes)
        y = _decimals(f"{name}: y", y) if classes is None else class_numbers(f"{name}: y", y, classes)
        if x.shape[:1] != y.shape:
            raise ValueError(f"{name}: x has shape {x.shape} and y {y.shape}; expected one label a row, (n, …) and (n,)")
        kept, held = hold_out(name, y, classes, test=test, groups=groups, seed=seed)
        return cls(name, x[kept], y[kept], x[held], y[held], classes, picture)

    def few(self, per_class: int, seed: int = 0) -> "Task":
        """The same task with only `per_class` training labels of each class; the test rows stay.

        A regression has no classes: there it is how many rows in all.

        With one seed the choices are nested (what is in `few(2)` is in `few(5)`), so that along a label budget only the
        number of labels changes. Raises ValueError when a class has too few examples.
        """
        whole_number(per_class, "per_class", 1)
        order = rng_for(seed, "labels").permutation(len(self.y_train))
        groups = {f"class {label}": order[self.y_train[order] == c] for c, label in enumerate(self.classes or ())}
        groups = groups or {"the task": order}
        for which, rows in groups.items():
            if len(rows) < per_class:
                raise ValueError(f"{self.name}: {which} has {len(rows)} training examples, {per_class} were asked for")
        chosen = np.concatenate([rows[:per_class] for rows in groups.values()])
        return replace(self, x_train=self.x_train[chosen], y_train=self.y_train[chosen])

    def __repr__(self):
        shape = "×".join(map(str, self.x_train.shape[1:]))
        rows = f"{len(self.y_train)} training and {len(self.y_test)} test rows of {shape}"
        kind = "a number to predict" if self.regression else f"{len(self.classes)} classes"
        return f"Task({self.name!r}: {rows} numbers, {kind})"


def _names(task, classes):
    """`classes` as a tuple, each name once."""
    if not np.iterable(classes) or not (names := tuple(classes)) or len(set(names)) < len(names):
        names = "the names of the classes, each once, such as ('cat', 'dog')"
        raise ValueError(f"{task}: classes must be {names}; not {classes!r}")
    if len(names) < 2:
        raise ValueError(f"{task}: there is one class only, {names[0]!r}, and nothing to tell it from; two are the least")
    return names


def _classes_of(task, y):
    """The classes that labels (n,) name, or None where they are decimals."""
    if y.dtype.kind == "f":
        return None
    if y.dtype.kind in "iu":
        either = f"For classes name them, such as classes=range({int(y.max(initial=0)) + 1}); for a regression give decimals"
        raise ValueError(f"{task}: y holds whole numbers. {either}, y.astype(float)")
    labels = y.ravel().tolist()
    if strange := [(row, label) for row, label in enumerate(labels) if not isinstance(label, (str, bool))]:
        row, label = strange[0]
        cure = "no class's name; give classes, or look at the labels"
        raise ValueError(f"{task}: the label of row {row} is {label!r}, {cure}")
    return tuple(sorted(set(labels)))


def _picture(task, picture, shape):
    """The shape in which rows of `shape` are drawn, or None."""
    if picture is None:
        by_itself = len(shape) == 2 or len(shape) == 3 and shape[2] in (1, 3)
        return (shape if shape[2:] == (3,) else shape[:2]) if by_itself else None
    whole_numbers = np.ndim(picture) == 1 and all(isinstance(n, Integral) and n > 0 for n in picture)
    if not whole_numbers or len(picture) != 2 and tuple(picture[2:]) != (3,):
        shapes = "(height, width), two whole numbers, or None"
        raise ValueError(f"{task}: picture must be {shapes}; not {picture!r}. In colour it is (height, width, 3)")
    if np.prod(picture) != np.prod(shape):
        raise ValueError(f"{task}: a picture of {picture} does not hold {np.prod(shape)} numbers")
    return tuple(map(int, picture))


def _decimals(what, y):
    """What a regression is to predict, as float32."""
    y = np.asarray(y)
    if y.dtype.kind not in "iuf":
        raise ValueError(f"{what} must hold numbers for a regression, not {y.ravel()[:1].tolist()}; names need classes")
    if wrong := np.flatnonzero(~np.isfinite(y)).tolist():
        raise ValueError(f"{what}: the label of row {wrong[0]} is {y.ravel()[wrong[0]]}; drop the rows without a label")
    return y.astype(np.float32)


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
