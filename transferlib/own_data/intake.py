"""A reader's own data as a `Task`: a folder of pictures, or a table. What is wrong is said in a sentence, a ValueError."""

from __future__ import annotations  # pandas and scikit-learn are imported when a table is read

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from transferlib.tasks import Task, hold_out, whole

if TYPE_CHECKING:
    import pandas as pd


def from_folder(
    path: str | Path,
    *,
    size: tuple[int, int],
    test: int,
    mode: str = "RGB",
    name: str | None = None,
    groups: Callable[[Path], object] | None = None,
    seed: int = 0,
) -> Task:
    """A task from a folder of pictures, in which each class has a folder of its own that bears its name.

    size    (height, width) to which every picture is stretched or shrunk
    mode    "RGB" gives rows (height, width, 3), "L" (grey) (height, width, 1); values 0 … 1. What is transparent turns white
    groups  from a picture's path its writer, patient or day, such as lambda path: path.name[:3]
    test, seed   as for `Task.split`

    Files that are no pictures by their names, and hidden ones, are passed over.
    """
    path, files = Path(path), pictures_in(path)
    every = [file for found in files.values() for file in found]
    return Task.split(
        name or path.resolve().name,
        read_pictures(every, size, mode),
        np.repeat(list(files), [len(found) for found in files.values()]),
        tuple(files),
        test=test,
        groups=None if groups is None else [groups(file) for file in every],
        seed=seed,
    )


def pictures_in(path: str | Path) -> dict[str, list[Path]]:
    """{class: its picture files} of a folder in which each class has a folder of its own that bears its name."""
    from PIL import Image

    path = Path(path)
    if not path.is_dir():
        raise ValueError(f"there is no folder {path}; give the folder that holds one folder a class")
    folders = sorted(each for each in path.iterdir() if each.is_dir() and not each.name.startswith("."))
    if not folders:
        raise ValueError(f"{path} holds no folder; put the pictures of each class into a folder with the name of the class")
    known, files = Image.registered_extensions(), {}
    for folder in folders:
        found = (each for each in sorted(folder.rglob("*")) if each.is_file() and not each.name.startswith("."))
        files[folder.name] = [each for each in found if each.suffix.lower() in known]
        if not files[folder.name]:
            raise ValueError(f"{folder} holds no picture; add some, or take that folder away")
    return files


def read_pictures(files: Sequence[str | Path], size: tuple[int, int], mode: str = "RGB") -> np.ndarray:
    """Picture files as (n, height, width, channels) float32 in 0 … 1; size and mode as for `from_folder`."""
    if np.shape(size) != (2,):
        raise ValueError(f"size must be (height, width) in pixels, such as (32, 32), not {size!r}")
    size = tuple(whole(n, "size, (height, width),", 1) for n in size)
    if mode not in ("RGB", "L"):
        raise ValueError(f"mode must be 'RGB' or 'L' (grey), not {mode!r}")
    return np.stack([_picture(file, size, mode) for file in files])


def _picture(file, size, mode):
    """A file as (height, width, channels) float32 in 0 … 1."""
    from PIL import Image, ImageOps

    try:
        with Image.open(file) as opened:
            picture = ImageOps.exif_transpose(opened)  # upright, as the camera was held
            if picture.mode.startswith("I"):  # 16 bits a pixel
                picture = Image.fromarray((np.clip(np.asarray(picture), 0, 2**16 - 1) // 257).astype(np.uint8))
            if picture.has_transparency_data:
                picture = picture.convert("RGBA")
                picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
            pixels = np.asarray(picture.convert(mode).resize(size[::-1], Image.BILINEAR), np.float32) / 255
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f"{file} is no picture that can be read ({error}); mend it, or take it away") from None
    return pixels.reshape(*size, -1)


# Tables

MISSING = "(missing)"


@dataclass(frozen=True, eq=False)
class Preparation:
    """How the rows of a table became numbers; call it to prepare new rows the same way: a DataFrame → x (n, d) float32.

    columns  the table's columns that are read
    names    (d,) what each of the d numbers is
    label    the column that is predicted
    mean, scale   a regression's labels are (number - mean) / scale, of the training rows: `in_units` takes them back
    """

    columns: tuple
    names: tuple
    label: str
    mean: float
    scale: float
    _numbers: tuple
    _fitted: object

    def __call__(self, rows: pd.DataFrame) -> np.ndarray:
        if absent := [column for column in self.columns if column not in rows.columns]:
            raise ValueError(f"the table has no column {_listed(absent)}; wanted are {_listed(self.columns)}")
        return self._fitted.transform(_inputs(rows, self.columns, self._numbers)).astype(np.float32)

    def in_units(self, y: np.ndarray) -> np.ndarray:
        """A regression's predictions in the units of the table."""
        return np.asarray(y) * self.scale + self.mean


def from_table(
    table: str | Path | pd.DataFrame,
    *,
    label: str,
    test: int,
    groups: str | None = None,
    regression: bool | None = None,
    name: str | None = None,
    allow: Collection[str] = (),
    prepare: Preparation | None = None,
    seed: int = 0,
) -> tuple[Task, Preparation]:
    """(a task from a table, how its rows were prepared). Nothing of a test row goes into the preparation.

    table       a CSV file or a DataFrame, one example a row
    label       the column to predict: text is a class, decimals are a regression; of whole numbers `regression` says which
    test, seed  as for `Task.split`
    groups      the column with the writer, patient or day of each row; it is not learned from
    allow       columns that may stand for the label one-to-one
    prepare     the preparation of another table with the same columns, so that a source and a target mean the same by their
                numbers; None: one of its own

    A missing number becomes the median of the training rows, and a further column says that it was missing; numbers are
    then centred and scaled. A text becomes one column a category; what is new in a test row is 0 in all of them. The labels
    of a regression are centred and scaled too, so that a few hundred steps reach them.
    """
    rows, name = read_table(table, name or str(label))
    _check_columns(rows, label, groups)
    y, classes = _labels(name, rows[label], regression)
    inputs = rows.drop(columns=[label, *([groups] if groups else [])])
    if prepare is None:
        columns, numbers = tuple(inputs.columns), _check_inputs(name, inputs)
    else:
        columns, numbers = prepare.columns, prepare._numbers
        if absent := [column for column in columns if column not in inputs.columns]:
            raise ValueError(f"{name}: there is no column {_listed(absent)}, which the preparation reads")
    inputs = _inputs(inputs, columns, numbers)
    for column in set(columns) - set(allow):
        if _tells(inputs[column], y, classes):
            raise ValueError(
                f"{name}: the column {column!r} is the label {label!r} in disguise: each tells the other, nearly always. "
                f"Drop it, or, if it is known before the label is, say allow=({column!r},)"
            )
    who = rows[groups] if groups else None
    if groups and who.isna().any():
        raise ValueError(f"{name}: {_where(who.isna())} no {groups!r} to group by; fill it in, or drop them")
    kept, held, told = hold_out(name, y, classes, test=test, groups=None if who is None else who.to_numpy(object), seed=seed)
    gaps = inputs.isna().sum()
    told += "".join(f"; {column}: {n:,} missing" for column, n in gaps[gaps > 0].items())
    mean, scale = (0.0, 1.0) if classes else (float(y[kept].mean()), float(y[kept].std()) or 1.0)
    if prepare is None:
        fitted = _transformer(numbers, [c for c in columns if c not in numbers]).fit(inputs.iloc[kept])
        names = tuple(each.split("__", 1)[1] for each in fitted.get_feature_names_out())
        prepare = Preparation(columns, names, label, mean, scale, numbers, fitted)
    elif label != prepare.label:  # the same label keeps the source's units
        prepare = replace(prepare, label=label, mean=mean, scale=scale)
    if not classes:
        y = (y - prepare.mean) / prepare.scale
    x = prepare(inputs)
    return Task(name, x[kept], y[kept], x[held], y[held], classes, told=told), prepare


def _transformer(numbers, texts):
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import MissingIndicator, SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    filled = SimpleImputer(strategy="median", keep_empty_features=True)
    steps = [
        ("numbers", make_pipeline(filled, StandardScaler()), list(numbers)),
        ("missing", MissingIndicator(error_on_new=False), list(numbers)),
        ("texts", OneHotEncoder(handle_unknown="ignore", sparse_output=False), texts),
    ]
    return ColumnTransformer([step for step in steps if step[2]], sparse_threshold=0)


def read_table(table: str | Path | pd.DataFrame, name: str) -> tuple[pd.DataFrame, str]:
    """(the rows as a DataFrame with texts for column names, the name of the task)"""
    import pandas as pd

    if isinstance(table, pd.DataFrame):
        rows = table.reset_index(drop=True)
    elif not isinstance(table, (str, Path)):
        raise ValueError(f"table must be the path of a CSV file or a DataFrame, not {type(table).__name__}")
    elif not Path(table).is_file():
        raise ValueError(f"there is no file {table}; give the path of a CSV file, or a DataFrame")
    else:
        try:
            rows = pd.read_csv(table)
        except (ValueError, OSError) as error:  # pandas's own errors, and those of decoding, are ValueErrors
            raise ValueError(
                f"{table} cannot be read as CSV ({str(error).strip()}); read it with pandas.read_csv "
                "and its sep= and encoding=, and give the DataFrame"
            ) from None
    rows = rows.set_axis([str(column) for column in rows.columns], axis=1)
    if not len(rows):
        raise ValueError(f"{name}: the table has no rows")
    if twice := sorted({column for column in rows.columns if list(rows.columns).count(column) > 1}):
        raise ValueError(f"{name}: the table has two columns of the name {_listed(twice)}; rename one")
    for column in rows.columns:
        if rows[column].map(lambda value: isinstance(value, (complex, np.complexfloating))).any():
            raise ValueError(f"{name}: the column {column!r} holds complex numbers; make two of it, real and imaginary part")
    return rows, name


def _check_columns(rows, label, groups):
    for what, column in (("label", label), ("groups", groups)):
        if column is not None and not isinstance(column, str):
            raise ValueError(f"{what} must be the name of one column, not {column!r}")
        if column is not None and column not in rows.columns:
            hint = "; if that is one column, it is not the comma that parts them" if len(rows.columns) == 1 else ""
            raise ValueError(f"{what}: the table has no column {column!r}; it has {_listed(rows.columns)}{hint}")
    if label == groups or not set(rows.columns) - {label, groups}:
        raise ValueError(f"label {label!r} and groups {groups!r} leave no column to learn from")


def _labels(name, column, regression):
    """(labels (n,), their classes or None)"""
    from pandas.api.types import is_bool_dtype, is_float_dtype, is_numeric_dtype

    if column.isna().any():
        raise ValueError(f"{name}: {_where(column.isna())} no label in {column.name!r}; drop them, or fill it in")
    numeric = is_numeric_dtype(column) and not is_bool_dtype(column)
    if regression is None:
        if numeric and not (is_float_dtype(column) and (column % 1 != 0).any()):
            raise ValueError(
                f"{name}: the label {column.name!r} holds whole numbers, which may be classes or amounts: "
                "say regression=False or regression=True"
            )
        regression = numeric
    if regression:
        if not numeric:
            raise ValueError(f"{name}: a regression predicts numbers; the label {column.name!r} holds {column.iloc[0]!r}")
        if not np.isfinite(y := column.to_numpy(float)).all():
            raise ValueError(f"{name}: {_where(~np.isfinite(y))} an infinite label in {column.name!r}; drop them")
        return y, None
    values = column.to_numpy(object)
    values = values.astype(float) if numeric else values.astype(str)
    classes, y = np.unique(values, return_inverse=True)
    classes = tuple(f"{label:g}" for label in classes) if numeric else tuple(map(str, classes))
    if len(classes) < 2:
        raise ValueError(f"{name}: every row has the label {classes[0]!r}; two classes are the least")
    return y.astype(np.int32), classes


def _check_inputs(name, inputs):
    """The columns that are numbers; ValueError where a column can teach nothing, or is of no kind that is known."""
    import pandas as pd
    from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype, is_timedelta64_dtype

    numbers = []
    for column, values in inputs.items():
        if values.isna().all():
            raise ValueError(f"{name}: the column {column!r} is empty in every row; drop it")
        if values.map(lambda value: isinstance(value, (list, dict, set))).any():
            raise ValueError(f"{name}: the column {column!r} holds lists; make a column of each number in them")
        if values.nunique(dropna=False) < 2:
            same = values.iloc[0].item() if isinstance(values.iloc[0], np.generic) else values.iloc[0]
            raise ValueError(f"{name}: the column {column!r} is {same!r} in every row; drop it")
        if column.startswith("Unnamed:") and (values.to_numpy() == np.arange(len(values))).all():
            raise ValueError(f"{name}: the column {column!r} only numbers the rows; drop it, or read with index_col=0")
        if is_datetime64_any_dtype(values) or is_timedelta64_dtype(values):
            raise ValueError(f"{name}: the column {column!r} holds times; make numbers of them, such as values.dt.dayofyear")
        if is_numeric_dtype(values):
            if (infinite := np.isinf(values.to_numpy(float, na_value=np.nan))).any():
                raise ValueError(f"{name}: {_where(infinite)} infinity in {column!r}; make it a missing value, or drop them")
            numbers.append(column)
            continue
        read = pd.to_numeric(values, errors="coerce")
        if read.notna().sum() > values.notna().sum() / 2 and len(odd := values[values.notna() & read.isna()]):
            raise ValueError(
                f"{name}: the column {column!r} holds numbers and {odd.iloc[0]!r}, in row {odd.index[0]}; if it stands for "
                f"a missing number, pandas.read_csv(..., na_values={odd.iloc[0]!r}) reads it so"
            )
        if (different := values.nunique()) > max(20, len(values) / 2):
            raise ValueError(
                f"{name}: the column {column!r} holds {different:,} different texts in {len(values):,} rows, names and not "
                "categories; drop it, or make categories of it"
            )
    return tuple(numbers)


def _inputs(rows, columns, numbers):
    """The columns that are read, each a float or a text; what is missing in a text is a category."""
    made = {}
    for column in columns:
        values = rows[column]
        try:
            made[column] = values.astype(float) if column in numbers else values.astype(object).map(str).where(
                values.notna(), MISSING
            )  # fmt: skip
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"the column {column!r} must hold numbers, as it did in the rows first prepared: {error}"
            ) from None
    return type(rows)(made)


def _tells(column, y, classes):
    """Whether a column and the labels stand for each other, one-to-one, in 99 rows of 100."""
    import pandas as pd

    if not classes:
        return column.dtype == float and abs(column.rank().corr(pd.Series(y).rank())) > 0.999
    table = pd.crosstab(column.fillna(np.inf) if column.dtype == float else column, y).to_numpy()
    value, label = table.argmax(0), np.arange(table.shape[1])  # of each class the value that goes with it
    wrong = table.sum() - table[value, label][table[value].argmax(1) == label].sum()
    # Where one class has nearly every row, a column that never changes would agree as well.
    return wrong <= min(table.sum() / 100, (table.sum() - table.sum(0).max()) / 10)


def _where(wrong):
    """'3 rows, row 7 first, have' for a mask of rows."""
    rows = np.flatnonzero(wrong)
    return f"row {rows[0]} has" if len(rows) == 1 else f"{len(rows):,} rows, row {rows[0]} first, have"


def _listed(columns: Sequence[str]):
    return ", ".join(map(repr, columns))
