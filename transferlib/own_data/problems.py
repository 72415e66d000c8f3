"""A reader's own problem: her rows, read once, and a source that may help with them.

Pictures from a folder, a table, or texts become a `Problem`. What cannot be used is said in a sentence, a ValueError.
"""

from __future__ import annotations  # pandas is imported when a table is read

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from transferlib.experiments import source_weights
from transferlib.functional import Functional
from transferlib.networks import Pair
from transferlib.own_data.copies import look_for_copies
from transferlib.own_data.intake import from_table, pictures_in, read_pictures, read_table
from transferlib.own_data.reading import filled, for_the_source, mean_of, numbers, read, words_of
from transferlib.pretrained import glove, vgg16
from transferlib.tasks import Task, class_numbers, hold_out, whole

if TYPE_CHECKING:
    import pandas as pd

LEAST = 12  # rows: with fewer no quarter can be held out that says anything
LONGEST = 100  # words of a text that are read


@dataclass(frozen=True, eq=False)
class Problem:
    """Rows and labels, and a source network that takes the rows.

    x        (n, …) rows as the source's network takes them; None without a source
    plain    (n, d) rows for models without a source; NaN is a missing number
    y        (n,) class numbers, or what a regression predicts
    classes  their names; None: a regression
    groups   (n,) the writer, patient or day of each row, or None
    pair, weights   the network, and its weights after the source was learned; None without a source
    known    whether the source's own head answers the same question
    source   the source, in words
    reading  how raw rows become x and plain, as JSON holds it: see `read`
    shown    (n,) what to call each row: a file, a text, its number
    """

    name: str
    x: np.ndarray | None
    plain: np.ndarray
    y: np.ndarray
    classes: tuple | None
    groups: np.ndarray | None
    pair: Pair | None
    weights: dict | None
    known: bool
    source: str
    reading: dict
    shown: np.ndarray

    def __post_init__(self):
        if len(self.y) < LEAST:
            raise ValueError(
                f"{self.name}: {len(self.y)} rows are too few to hold some out and say anything; {LEAST} are the least"
            )
        self.split(0)  # what cannot be split is said now

    def __repr__(self):
        kind = "a number to predict" if self.classes is None else f"{len(self.classes)} classes"
        return f"Problem({self.name!r}: {len(self.y)} rows, {kind}; source: {self.source})"

    @cached_property
    def features(self) -> np.ndarray:
        """(n, d) what the source's shared part makes of the rows: computed once, and kept."""
        net = Functional(self.pair)
        theta, state = net.split(self.weights)
        parts = [self.x[at : at + 64] for at in range(0, len(self.x), 64)]
        return np.concatenate([np.asarray(net.call("shared", theta, state, part, False)[0], float) for part in parts])

    @cached_property
    def heads(self) -> Pair:
        """The pair's private parts alone, as the pair has them, for `features`: what lies below is frozen."""
        outputs = [self.pair.model(task).output_shape[-1] for task in ("source", "target")]
        hidden = self.pair.target.layers[:-1]
        return Pair(self.features.shape[1:], (), hidden, [None if n == 1 else n for n in outputs])

    @property
    def test(self) -> int:
        """How many rows a split holds out: a quarter."""
        return len(self.y) // 4

    def split(self, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """(the rows to learn from, the rows held out): a quarter of each class, or of the groups, another one each seed."""
        y = self.y if self.classes else np.zeros(len(self.y), int)
        return hold_out(self.name, y, self.classes, test=self.test, groups=self.groups, seed=seed)[:2]

    def few(self, rows: int, seed: int = 0) -> Problem:
        """A smaller data set: `rows` of the rows, each class in its share."""
        if whole(rows, "rows", LEAST) == len(self.y):
            return self
        y = self.y if self.classes else np.zeros(len(self.y), int)
        chosen = np.sort(hold_out(self.name, y, self.classes, test=rows, groups=self.groups, seed=seed)[1])
        rows_of = {
            key: None if (value := getattr(self, key)) is None else value[chosen]
            for key in ("x", "plain", "y", "groups", "shown")
        }
        return replace(self, **rows_of)


def of_folder(
    path: str | Path,
    *,
    size: tuple[int, int] = (48, 48),
    mode: str = "RGB",
    source: tuple[Pair, Task] | str | None = "vgg16",
    cut: str = "block4_pool",
    layers: bool = False,
    groups: Callable[[Path], object] | None = None,
    name: str | None = None,
) -> Problem:
    """Pictures in one folder a class. source: "vgg16"; or (pair, source task) of flat rows of the same size; or None.

    cut      VGG16 is taken up to this layer, and its maps there are averaged over the picture: these are its features
    layers   whether its layers may be trained too, as the rungs "from scratch" and "head first, then all" do. False: only
             its features are used, which are computed once, and these rungs are left out
    groups   from a picture's path its writer, patient or day, such as lambda path: path.name[:3]
    """
    if groups is not None and not callable(groups):
        raise ValueError(f"groups must be a function of a path, such as lambda path: path.name[:3], not {groups!r}")
    files = pictures_in(path)
    every = [file for found in files.values() for file in found]
    pictures, name = read_pictures(every, size, mode), name or Path(path).resolve().name
    y, classes = np.repeat(np.arange(len(files)), [len(found) for found in files.values()]), tuple(files)
    if len(classes) < 2:
        raise ValueError(f"{path}: there is one class only, {classes[0]!r}; put each class into a folder of its own")
    if source == "vgg16" and min(size) < 16:
        raise ValueError(f"size must be 16 pixels or more each way for VGG16, not {size!r}")
    who = None if groups is None else np.array([str(groups(file)) for file in every])
    shown = np.array([f"{file.parent.name}/{file.name}" for file in every])
    look_for_copies(name, [each.tobytes() for each in pictures], np.array(classes)[y], who, shown, what="picture")
    reading = dict(kind="pictures", size=list(size), mode=mode, cut=cut if source == "vgg16" else "", layers=layers)
    x = for_the_source(pictures, reading)
    given = dict(x=x) | _of_vgg(x, len(classes), cut, layers) if source == "vgg16" else _with(source, x, classes)
    plain = pictures.reshape(len(pictures), -1)
    return Problem(name, plain=plain, y=y, classes=classes, groups=who, reading=reading, shown=shown, **given)


def _of_vgg(x, classes, cut, layers):
    """The fields of a problem whose source is VGG16 up to a layer, or its features alone."""
    if layers:
        import keras

        base = vgg16(cut), keras.layers.GlobalAveragePooling2D()
        pair, source = Pair(x.shape[1:], base, private=(), classes=(2, classes)), f"VGG16 up to {cut}"
    else:
        pair, source = Pair(x.shape[1], shared=(), private=(), classes=(2, classes)), f"VGG16, its features at {cut}"
    return dict(pair=pair, weights=pair.fresh(0, keep_given=True), known=False, source=source)


def _with(source, x, classes):
    """The fields of a problem that tell of its source: a pair and the task that it learns, or None."""
    if source is None:
        return dict(x=None, pair=None, weights=None, known=False, source="none")
    if not (isinstance(source, tuple) and len(source) == 2 and isinstance(source[0], Pair) and isinstance(source[1], Task)):
        raise ValueError(f"source must be (pair, source task), or None, not {source!r}")
    pair, task = source
    takes, knows = pair.model("target").input_shape[1:], pair.model("target").output_shape[-1]
    wanted = 1 if classes is None else len(classes)
    if x.shape[1:] != takes or knows != wanted:
        raise ValueError(
            f"the pair's target takes {takes} and knows {knows} classes; these rows are {x.shape[1:]}, {wanted}"
        )
    known = task.classes == classes
    return dict(x=x, pair=pair, weights=source_weights(pair, task, 0), known=known, source=task.name)


# Tables


def of_table(
    table: str | Path | pd.DataFrame,
    *,
    label: str,
    source: pd.DataFrame | str | Path | None = None,
    groups: str | None = None,
    regression: bool | None = None,
    units: tuple[int, ...] = (32,),
    allow: tuple[str, ...] = (),
    name: str | None = None,
) -> Problem:
    """The rows of a CSV file or DataFrame; `label` is the column to predict, as for `intake.from_table`.

    source   another table with the same columns and label, such as an earlier year's or another country's: a network with
             layers of `units` learns it first. None: no source, and the ladder ends with the models that need none
    groups   the column with the writer, patient or day of each row
    allow    columns that may stand for the label one-to-one, as for `intake.from_table`
    """
    import pandas as pd

    name = name or (Path(table).stem if isinstance(table, (str, Path)) else str(label))
    rows, _ = read_table(table, name)
    n = len(rows)
    # from_table looks at everything, and says what is wrong
    task, prepare = from_table(
        rows, label=label, test=max(1, n // 4), groups=groups, regression=regression, allow=allow, name=name
    )
    texts = {c: sorted(map(str, rows[c].dropna().unique())) for c in prepare.columns if c not in prepare._numbers}
    reading = dict(kind="table", columns=list(prepare.columns), texts=texts, mean=0.0, scale=1.0)
    values = rows[label]
    if task.classes is None:
        y, reading["mean"], reading["scale"] = values.to_numpy(float), float(values.mean()), float(values.std(ddof=0))
    else:
        y = class_numbers(name, [_as_class(value) for value in values], task.classes)
    who = None if groups is None else rows[groups].astype(str).to_numpy()
    shown = np.array([f"row {row}" for row in range(len(rows))])
    look_for_copies(name, list(map(str, rows.to_numpy().tolist())), y, who, shown, classes=False)
    if source is None:
        given, plain = _with(None, None, task.classes), numbers(rows, reading)
    else:
        if not isinstance(source, (str, Path, pd.DataFrame)):
            raise ValueError(f"source must be the path of a CSV file or a DataFrame, not {type(source).__name__}")
        other, _ = read_table(source, "the source")
        learned, _ = from_table(
            other, label=label, test=max(1, len(other) // 10), regression=regression, allow=allow, name="the source"
        )
        for column, found in texts.items():
            reading["texts"][column] = sorted(set(found) | set(map(str, other[column].dropna().unique())))
        plain, far = numbers(rows, reading), numbers(other, reading)
        median = np.nan_to_num(np.nanmedian(far, 0))
        far = np.where(np.isnan(far), median, far)
        fill = dict(
            median=median.tolist(), centre=far.mean(0).tolist(), spread=np.where(far.std(0) > 1e-9, far.std(0), 1).tolist()
        )
        reading |= dict(fill=fill)
        if task.classes is None:
            reading |= dict(mean=float(other[label].mean()), scale=float(other[label].std(ddof=0)))
            far_y = (other[label].to_numpy(float) - reading["mean"]) / reading["scale"]
            source_task = Task.split("the source", filled(far, fill), far_y, None, test=max(1, len(other) // 10))
            wanted = (None, None)
        else:
            far_y = [_as_class(value) for value in other[label]]
            source_task = Task.split("the source", filled(far, fill), far_y, learned.classes, test=max(1, len(other) // 10))
            wanted = (len(learned.classes), len(task.classes))
        x = filled(plain, fill)
        given = _with((Pair(x.shape[1], units, (), wanted), source_task), x, task.classes)
    if task.classes is None:
        y = (y - reading["mean"]) / reading["scale"]
    return Problem(name, plain=plain, y=y, classes=task.classes, groups=who, reading=reading, shown=shown, **given)


def _as_class(value):
    return (
        f"{value:g}"
        if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
        else str(value)
    )


# Texts


def of_texts(texts: Sequence[str], labels: Sequence, *, groups: Sequence | None = None, name: str = "texts") -> Problem:
    """Texts with labels: names are classes, decimals a regression. The source is GloVe: a text is the mean of its words.

    Models without a source read how often short strings of letters occur in a text.
    """
    if not all(hasattr(each, "__len__") for each in (texts, labels)) or isinstance(texts, str) or len(texts) != len(labels):
        raise ValueError(f"{name}: texts and labels must be two lists of one length")
    if strange := [(row, text) for row, text in enumerate(texts) if not isinstance(text, str) or not text.strip()]:
        row, text = strange[0]
        raise ValueError(f"{name}: {len(strange)} texts are none, the first in row {row}: {text!r}; leave them out")
    if len(texts) < LEAST:
        raise ValueError(f"{name}: {len(texts)} texts are too few to hold some out; {LEAST} are the least")
    labels = np.asarray(labels)
    if labels.dtype.kind == "O" and (none := [i for i, each in enumerate(labels) if each is None or each != each]):
        raise ValueError(f"{name}: {len(none)} texts have no label, row {none[0]} first; leave them out")
    if labels.dtype.kind in "iub":
        raise ValueError(f"{name}: labels holds whole numbers; give names for classes, decimals for a regression")
    regression = labels.dtype.kind == "f"
    if regression and not np.isfinite(labels).all():
        raise ValueError(f"{name}: row {np.flatnonzero(~np.isfinite(labels))[0]} has no label; leave it out")
    if regression and np.ptp(labels) == 0:
        raise ValueError(f"{name}: every text has the label {labels[0]:g}; there is nothing to predict")
    classes = None if regression else tuple(sorted(set(map(str, labels))))
    if classes and len(classes) < 2:
        raise ValueError(f"{name}: every text has the label {classes[0]!r}; two classes are the least")
    rows = glove()[0]
    words = sorted({word for text in texts for word in words_of(text) if word in rows})
    if not words:
        raise ValueError(f"{name}: GloVe knows none of the words; it reads English, in Latin letters")
    length = min(LONGEST, max(1, *(sum(word in rows for word in words_of(text)) for text in texts)))
    mean, scale = (float(labels.mean()), float(labels.std()) or 1.0) if regression else (0.0, 1.0)
    y = (labels - mean) / scale if regression else class_numbers(name, labels.astype(str), classes)
    who, shown = (
        None if groups is None else np.asarray(groups).astype(str),
        [f"{text!r} (row {row})" for row, text in enumerate(texts)],
    )
    keys = [" ".join(text.split()) for text in texts]
    look_for_copies(name, keys, labels, who, shown, classes is not None, "text")
    reading = dict(kind="texts", words=words, length=length, mean=mean, scale=scale)
    pair = Pair(length, shared=mean_of(words, length), private=(), classes=(2, None if regression else len(classes)))
    x, plain = read(reading, texts)
    given = dict(pair=pair, weights=pair.fresh(0, keep_given=True), known=False, source="GloVe")
    return Problem(name, x=x, plain=plain, y=y, classes=classes, groups=who, reading=reading, shown=np.array(texts), **given)
