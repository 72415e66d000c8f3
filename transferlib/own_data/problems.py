"""A reader's folder of pictures, table or texts as a `Problem`.

What cannot be used is said in a sentence, a ValueError; what can be used and is often wrong, in a warning.
"""

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import shorten

import numpy as np
import pandas as pd

from transferlib.experiments import source_weights
from transferlib.minilm import minilm_missing, whole_words
from transferlib.networks import Pair
from transferlib.own_data import copies
from transferlib.own_data import texts as words
from transferlib.own_data.columns import (
    as_text,
    check_spelling,
    columns_of,
    ranges_of,
    warn_of_other_texts,
    warn_of_units,
    where,
)
from transferlib.own_data.pictures import check_size, imagenet_features, pictures_in, read_pictures, warn_of_sizes
from transferlib.own_data.problem import EFFICIENTNET, LEAST, Problem, for_the_source, read, with_features
from transferlib.own_data.tables import check_names, fill_of, filled, labels_of, numbers_of, read_table
from transferlib.tasks import Task


def of_folder(
    path: str | Path,
    *,
    size: tuple[int, int] = (48, 48),
    mode: str = "RGB",
    source: tuple[Pair, Task] | str | None = EFFICIENTNET,
    cut: str | None = None,
    groups: Callable[[Path], object] | None = None,
    white: float | None = None,
    name: str | None = None,
) -> Problem:
    """Pictures in one folder a class.

    source       "efficientnet": EfficientNet-lite0, which learned from ImageNet; it reads each picture at its own
                 224 × 224 pixels, and models without a source at `size`. "vgg16": VGG16 at `size`. (pair, source
                 task) of flat rows of that size. None: no source
    size, mode   (height, width) to which each is stretched or shrunk; "RGB", or "L" for grey; transparent turns white
    cut      VGG16 is taken up to this layer (None: block4_pool); its features are the means of its maps there
    groups   from a picture's path its writer, patient or day, such as lambda path: path.name[:3]
    white    for pictures of more than 8 bits: see `pictures.read_pictures`
    """
    if groups is not None and not callable(groups):
        raise ValueError(f"groups must be a function of a path, such as lambda path: path.name[:3]; not {groups!r}")
    size, files = check_size(size, mode), pictures_in(path)
    every, classes = [file for found in files.values() for file in found], tuple(files)
    name = name or Path(path).resolve().name
    if len(classes) < 2:
        raise ValueError(f"{path}: there is one class only, {classes[0]!r}; put each class into a folder of its own")
    if cut and source != "vgg16":
        raise ValueError(f"cut={cut!r} is a layer of VGG16: say source='vgg16' too, or leave cut away")
    if source == "vgg16" and min(size) < 16:
        raise ValueError(f"size must be 16 pixels or more each way for VGG16, not {size!r}")
    check_spelling(f"{name}: among the folders {path}", classes, "put their pictures into one folder")
    pictures, white = read_pictures(every, size, mode, white)
    warn_of_sizes(name, files)
    y = np.repeat(np.arange(len(files)), [len(found) for found in files.values()])
    who = None if groups is None else [groups(file) for file in every]
    if who and None in who:
        raise ValueError(f"{name}: groups gives None for {every[who.index(None)]}; each picture belongs to a group")
    who = who and np.array(list(map(str, who)))
    shown = np.array([f"{file.parent.name}/{file.name}" for file in every])
    same = copies.equal([each.tobytes() for each in pictures])
    copies.refuse_two_labels(name, same, np.array(classes)[y], shown, "picture")
    copies.warn_of(name, same, who, shown, "picture")
    near = set(copies.near_pictures(pictures)) - set(same)
    copies.warn_of(name, sorted(near), who, shown, "picture", "nearly ")
    copies.warn_of_two_labels(name, sorted(near), np.array(classes)[y], shown, "nearly the same picture")
    cut = {"vgg16": cut or "block4_pool", EFFICIENTNET: EFFICIENTNET}.get(source if isinstance(source, str) else None, "")
    reading = dict(kind="pictures", size=list(size), mode=mode, cut=cut, white=white)
    x = imagenet_features(every, white) if cut == EFFICIENTNET else for_the_source(pictures, reading)
    given = with_features(x, len(classes), cut) if cut else with_source(source, x, classes)
    plain = pictures.reshape(len(pictures), -1)
    if isinstance(source, tuple):
        known = np.concatenate([source[1].x_train, source[1].x_test])
        copies.refuse_seen(name, copies.flat_pictures_in(known, plain), len(y))
    given["files"] = np.array(every, object)
    return Problem(name, plain=plain, y=y, classes=classes, groups=who, reading=reading, shown=shown, **given)


def with_source(source, x, classes):
    """The fields of a problem that tell of its source: a pair and the task that it learns, or None."""
    if source is None:
        return dict(x=None, pair=None, weights=None, known=None, source="none")
    if not isinstance(source, tuple) or [isinstance(*each) for each in zip(source, (Pair, Task))] != [True, True]:
        named = f"{EFFICIENTNET!r}, 'vgg16', "
        raise ValueError(f"source must be {named}(pair, source task) or None, not {source!r}")
    pair, task = source
    takes, knows = pair.model("target").input_shape[1:], pair.model("target").output_shape[-1]
    wanted = 1 if classes is None else len(classes)
    if x.shape[1:] != takes or knows != wanted:
        has = f"the pair's target takes {takes} and knows {knows} classes"
        raise ValueError(f"{has}; these rows are {x.shape[1:]}, {wanted}")
    known = np.zeros(1, int) if task.classes is classes is None else None
    if classes and task.classes and sorted(map(str, task.classes)) == sorted(classes):
        known = np.array([classes.index(str(each)) for each in task.classes])
    return dict(x=x, pair=pair, weights=source_weights(pair, task, 0), known=known, source=task.name)


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
    """The rows of a CSV file or DataFrame; `label` is the column to predict.

    Text is a class, decimals are a regression; of whole numbers `regression` says which. A missing number is the median.

    source   another table with the same columns and label, such as an earlier year's or another country's: a network with
             layers of `units` learns it first. None: no source, and the ladder ends with the models that need none
    groups   the column with the writer, patient or day of each row; it is not learned from
    allow    columns that may do what is otherwise refused: tell the label, count the rows, hold texts that look alike
    """
    name = name or (Path(table).stem if isinstance(table, str | Path) else str(label))
    rows = read_table(table)
    check_names(rows, label, groups)
    y, classes = labels_of(name, rows[label], regression, allow)
    inputs = rows.drop(columns=[label, *([groups] if groups else [])])
    texts = columns_of(name, inputs, y, classes, allow)
    reading = dict(kind="table", columns=list(texts), mean=0.0, scale=1.0)
    reading["texts"] = {column: found for column, found in texts.items() if found is not None}
    who = None if groups is None else _groups(name, rows[groups], groups not in allow)
    if source is not None:
        other = read_table(source, "source")
        check_names(other, label, None, "source")
        far_y, far_classes = labels_of("the source", other[label], regression, allow)
        if (classes is None) != (far_classes is None):
            kinds = "classes and the source's numbers" if far_classes is None else "numbers and the source's classes"
            raise ValueError(f"{name}: the labels are {kinds}; give a source with labels of the same kind")
        if classes and label not in allow:
            check_spelling(f"{name}: the label {label!r}, here and in the source,", [*classes, *far_classes])
        numbers_of(other.head(0), reading, "source")  # a column that is absent is said first
        far_texts = columns_of("the source", other[list(texts)], far_y, far_classes, (*allow, *inputs.columns), source=True)
        for column, found in reading["texts"].items():
            reading["texts"][column] = sorted(set(found) | set(far_texts[column] or ()))
            if column not in allow:
                check_spelling(f"{name}: the column {column!r}, here and in the source,", reading["texts"][column])
                warn_of_other_texts(name, column, found, far_texts[column] or found)
        far = numbers_of(other, reading, "source")
        reading["fill"] = fill_of(far)
        warn_of_units(name, inputs[[column for column in texts if column not in reading["texts"]]], other)
    plain = numbers_of(rows, reading)
    reading["ranges"] = ranges_of(rows[[column for column in texts if column not in reading["texts"]]])
    shown = np.array([f"row {row}" for row in range(len(rows))])
    again = copies.near_rows(np.column_stack([plain, y]))
    copies.warn_of(name, again, who, shown, "row")
    if classes:
        near = [(a, b) for a, b in copies.near_rows(plain) if y[a] != y[b]]
        if len(near) <= len(y) / 10:  # more of them: the columns are too few to tell rows apart
            copies.warn_of_two_labels(name, near, np.array(classes)[y], shown, "the same in all other columns")
    given = with_source(None, None, classes)
    if source is not None:
        labels = y if classes is None else np.array([far_classes.index(c) if c in far_classes else -1 for c in classes])[y]
        found = copies.rows_in(np.column_stack([far, far_y]), np.column_stack([plain, labels]))
        copies.refuse_seen(name, found, len(y), len(again))
    if classes is None:
        known = y if source is None else far_y
        reading["mean"], reading["scale"] = mean, scale = float(known.mean()), float(known.std())
        y, far_y = (y - mean) / scale, (known - mean) / scale
    if source is not None:
        x, far = filled(plain, reading["fill"]), filled(far, reading["fill"])
        outputs = [None if each is None else len(each) for each in (far_classes, classes)]
        task = Task.split("the source", far, far_y, far_classes, test=max(2, len(far) // 10))
        given = with_source((Pair(x.shape[1], units, (), outputs), task), x, classes)
        given["source"] = Path(source).stem if isinstance(source, str | Path) else "another table"
    return Problem(name, plain=plain, y=y, classes=classes, groups=who, reading=reading, shown=shown, **given)


def _groups(name, column, strict):
    """(n,) the group of each row as text."""
    groups = np.array([as_text(each) for each in column])
    if (none := column.isna().to_numpy() | (np.char.strip(groups) == "")).any():
        raise ValueError(f"{name}: {where(none)} no group in {column.name!r}; fill it in")
    if strict:
        check_spelling(f"{name}: groups", np.unique(groups))
    return groups


def of_texts(
    texts: Sequence[str],
    labels: Sequence,
    *,
    groups: Sequence | None = None,
    regression: bool | None = None,
    name: str = "texts",
) -> Problem:
    """Texts with labels: names are classes, decimals a regression; of whole numbers `regression` says which.

    There are two sources. GloVe: a text is the mean of its words' vectors. MiniLM: the mean of what a transformer makes of
    its tokens, in windows of 128. Models without a source read how often words, or short strings of letters, occur.
    """
    unlisted = str | dict | set | pd.DataFrame
    listed = all(hasattr(each, "__len__") and not isinstance(each, unlisted) for each in (texts, labels))
    if not listed or len(texts) != len(labels):
        lengths = f", not of {len(texts):,} and {len(labels):,}" if listed else ""
        cure = "of a table give two columns, table[…]"
        raise ValueError(f"{name}: texts and labels must be two lists of one length{lengths}; {cure}")
    texts = list(texts)
    if strange := [(row, text) for row, text in enumerate(texts) if not isinstance(text, str) or not text.strip()]:
        row, text = strange[0]
        raise ValueError(f"{name}: {len(strange)} texts are none, the first in row {row}: {text!r}; leave them out")
    if len(texts) < LEAST:
        raise ValueError(f"{name}: {len(texts)} texts are too few to hold some out; {LEAST} are the least")
    y, classes = labels_of(name, pd.Series(labels, name="labels").reset_index(drop=True), regression)
    who = None if groups is None else _groups(name, pd.Series(groups, name="groups").reset_index(drop=True), True)
    words.warn_of_signs(name, texts)
    if classes:
        words.warn_of_telling(name, texts, y, classes)
    known, share, empty, unknown = words.known_words(texts)
    if not known:
        raise ValueError(f"{name}: GloVe knows none of the words; it reads English, in Latin letters")
    if share < 0.8:
        told = f"{name}: GloVe knows {100 * share:.0f} of 100 words only, not {', '.join(map(repr, unknown))} for some"
        why = "it reads English, and in another language the words that it knows mean something else"
        warnings.warn(f"{told}; {why}", stacklevel=2)
    elif len(strange := words.rarely_english(texts)) >= max(3, len(texts) / 10):
        first = f"row {strange[0]}, for one: {shorten(texts[strange[0]], 60)!r}"
        told = f"{name}: {len(strange)} of {len(texts)} texts ({first})"
        why = "are mostly of words that are rare in English, as in another language"
        warnings.warn(f"{told} {why}: the sources read English, and understand little there", stacklevel=2)
    if empty:
        some = f"{len(empty)} texts hold" if len(empty) > 1 else "one text holds"
        told = f"{name}: {some} no word that GloVe knows (row {empty[0]}: {texts[empty[0]]!r})"
        warnings.warn(f"{told}; the source reads nothing there", stacklevel=2)
    shown = [f"{shorten(text, 60)!r} (row {row})" for row, text in enumerate(texts)]
    same = copies.equal([" ".join(text.split()) for text in texts])
    if classes:
        copies.refuse_two_labels(name, same, np.array(classes)[y], shown, "text")
    copies.warn_of(name, same, who, shown, "text")
    near = sorted(set(copies.near_texts(texts)) - set(same))
    copies.warn_of(name, near, who, shown, "text", "nearly ")
    if classes:
        copies.warn_of_two_labels(name, near, np.array(classes)[y], shown, "nearly the same text")
    mean, scale = (0.0, 1.0) if classes else (float(y.mean()), float(y.std()))
    reading = dict(kind="texts", words=known, mean=mean, scale=scale)
    base = words.mean_of(words.vectors_of(known))
    pair = Pair(len(known), shared=(base,), private=(), classes=(2, len(classes) if classes else None))
    x, plain = read(reading, texts)
    sources = [f"GloVe, which knows {100 * share:.0f} of 100 words"]
    if not minilm_missing():
        sources.append(f"MiniLM, which has {100 * whole_words(texts):.0f} of 100 whole")
    given = dict(pair=pair, weights=pair.fresh(0, keep_given=True), known=None, source="; ".join(sources))
    y = y if classes else (y - mean) / scale
    return Problem(name, x=x, plain=plain, y=y, classes=classes, groups=who, reading=reading, shown=np.array(texts), **given)
