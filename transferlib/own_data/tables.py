"""A table: how it is read, what is to be predicted, and how its rows, old and new, become numbers."""

import re
import warnings
from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype, is_numeric_dtype

from transferlib.own_data.columns import as_text, check_spelling, listed, numbers_as_texts, warn_of_stand_in, where


def read_table(table: str | Path | pd.DataFrame, what: str = "table") -> pd.DataFrame:
    """The rows of a CSV file or a DataFrame, numbered from 0, columns named by texts; what: "table" or "source"."""
    if isinstance(table, pd.DataFrame):
        rows = table
    elif not isinstance(table, str | Path):
        raise ValueError(f"{what} must be the path of a CSV file or a DataFrame, not {type(table).__name__}")
    elif not Path(table).is_file():
        raise ValueError(f"there is no file {table}; give the path of a CSV file, or a DataFrame")
    elif _is_workbook(table):
        cure = "open it there, save it as CSV (File, Save as, type CSV UTF-8), and give that file"
        raise ValueError(f"{table} is a file of a spreadsheet program, and no CSV; {cure}")
    else:
        try:
            rows = pd.read_csv(table)
        except (ValueError, OSError) as error:  # pandas's own errors, and those of decoding, are ValueErrors
            cure = "read it with pandas.read_csv and its sep= and encoding=, and give the DataFrame"
            raise ValueError(f"{table} cannot be read as CSV ({str(error).strip()}); {cure}") from None
    if not len(rows):
        raise ValueError(f"the {what} has no rows")
    if rows is not table:
        _check_header(table, rows)
    named = rows.index.is_unique and not is_float_dtype(rows.index)  # as in some rows of a longer table
    off = rows is not table or not named and rows.iloc[:, -1].isna().all()
    if off and not isinstance(rows.index, pd.RangeIndex):
        told = f"the {what} has more fields in a row than names above them, as a comma at the end of each row makes it"
        why = "its first column became the index, and all names are off by one"
        raise ValueError(f"{told}: {why}; read it with pandas.read_csv(…, index_col=False)")
    rows = rows.reset_index(drop=True).set_axis([str(column) for column in rows.columns], axis=1)
    if twice := sorted({column for column in rows.columns if list(rows.columns).count(column) > 1}):
        raise ValueError(f"the {what} has two columns of the name {listed(twice)}; rename one")
    if _is_a_total(rows.select_dtypes("number").to_numpy(float, na_value=np.nan)):
        told = f"the last row of the {what}, row {len(rows) - 1}, is the sum of all rows above it"
        raise ValueError(f"{told}; leave it out, as with pandas.read_csv(…).iloc[:-1]")
    return rows


def _is_a_total(numbers):
    """Whether the last row of (n, d) holds the sum of each column, as far as it holds numbers."""
    above, last = np.nan_to_num(numbers[:-1]), numbers[-1]
    told = (above != 0).any(0) & np.isfinite(last)
    several = (above != 0).sum(0) >= 5  # fewer numbers may make up another by chance
    return bool((told & several).any()) and np.allclose(above[:, told].sum(0), last[told], rtol=1e-6, atol=0)


def _is_workbook(path):
    """Whether a file is one of Excel, LibreOffice or Numbers, by its name or, whatever it is called, by how it begins."""
    with open(path, "rb") as file:
        begin = file.read(8)
    named = Path(path).suffix.lower() in (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".numbers")
    return named or Path(path).suffix != ".zip" and begin.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


def _check_header(path, rows):
    """ValueError where the first line of a file shows that its fields are parted by another sign, or that it is a title."""
    names = list(map(str, rows.columns))
    for sign, code in ((";", ";"), ("\t", "\\t"), ("|", "|")):
        if "".join(names).count(sign) >= len(names):
            how = f"pandas.read_csv(…, sep='{code}'), and decimal=',' where 3,5 means three and a half"
            raise ValueError(f"the names in {path} are parted by '{code}', not by commas; read it with {how}")
    if rows.index.nlevels > 1:
        told = f"{path} has {rows.index.nlevels} fields more in a row than names in its first line, {names[0]!r}"
        raise ValueError(f"{told}; if that is a title, read it with pandas.read_csv(…, skiprows=1)")


def check_names(rows: pd.DataFrame, label: str, groups: str | None, what: str = "table") -> None:
    """ValueError unless the label and the groups are columns of the table, and leave one to learn from."""
    for role, column in (("label", label), ("groups", groups)):
        if column is not None and not isinstance(column, str):
            hint = f"; names are texts here: say {str(column)!r}" if str(column) in rows.columns else ""
            raise ValueError(f"{role} must be the name of one column, not {column!r}{hint}")
        if column is not None and column not in rows.columns:
            hint = "; if that is one column, it is not the comma that parts them" if len(rows.columns) == 1 else ""
            alike = [each for each in rows.columns if str(each).strip().lower() == column.strip().lower()]
            hint = f"; {alike[0]!r} differs in blanks or capitals only: rename it" if alike else hint
            raise ValueError(f"{role}: the {what} has no column {column!r}; it has {listed(rows.columns)}{hint}")
    if label == groups or not set(rows.columns) - {label, groups}:
        raise ValueError(f"label {label!r} and groups {groups!r} leave no column to learn from")


def labels_of(name: str, column: pd.Series, regression: bool | None, allow: Collection[str] = ()) -> tuple:
    """(what is to be predicted (n,): class numbers or decimals, the names of the classes or None)"""
    what = f"{name}: the label {column.name!r}"
    if column.isna().any():
        told = f"{name}: {where(column.isna())} no label in {column.name!r}; drop them, or fill it in"
        keeps = ". A class named None or NA pandas.read_csv(…, keep_default_na=False) keeps"
        raise ValueError(told if is_numeric_dtype(column) else told + keeps)
    numeric = is_numeric_dtype(column) and not is_bool_dtype(column)
    if not numeric and (blank := column.map(lambda each: isinstance(each, str) and not each.strip()).to_numpy(bool)).any():
        raise ValueError(f"{name}: {where(blank)} a blank label in {column.name!r}; drop them, or fill it in")
    if not numeric and regression is not False and (hint := numbers_as_texts(column)):
        raise ValueError(f"{what} {hint}; or, if these are classes, say regression=False")
    if regression is None:
        if numeric and not (is_float_dtype(column) and (column % 1 != 0).any()):
            either = "which may be classes or amounts: say regression=False or regression=True"
            raise ValueError(f"{what} holds whole numbers, {either}")
        regression = numeric
    if regression:
        if not numeric:
            told = f"{what} holds {as_text(column.iloc[0])!r}, and a regression predicts numbers"
            raise ValueError(f"{told}; give a column of numbers, or say regression=False for classes")
        if not np.isfinite(y := column.to_numpy(float)).all():
            raise ValueError(f"{what}: {where(~np.isfinite(y))} an infinite label; drop them")
        if np.ptp(y) == 0:
            raise ValueError(f"{what} is {y[0]:g} in every row; there is nothing to predict")
        warn_of_stand_in(what, y)
        return y, None
    try:
        codes, found = pd.factorize(column, sort=numeric)
    except TypeError:
        raise ValueError(f"{what} holds {column.iloc[0]!r}, no name of a class") from None
    names = [as_text(each) for each in found]
    if column.name not in allow:
        check_spelling(what, names)
    classes = tuple(names if numeric else sorted(set(names)))
    if len(classes) < 2:
        raise ValueError(f"{name}: every row has the label {classes[0]!r}; two classes are the least")
    if len(classes) > len(column) / 2:
        told = f"{what} holds {len(classes):,} different classes in {len(column):,} rows, and each needs two rows at least"
        raise ValueError(f"{told}; give the column that is to be predicted, or make fewer classes of it")
    signs = [label for label in classes if not re.search(r"\w", label) or label.lower() in ("n/a", "na", "nan", "null")]
    if signs and len(classes) - len(signs) > 1:
        told = f"{what} holds {signs[0]!r} beside names; it is read as a class"
        warnings.warn(f"{told}. If it stands for a missing label, drop its rows", stacklevel=3)
    return np.array([classes.index(each) for each in names], np.int32)[codes], classes


def numbers_of(rows: pd.DataFrame, reading: dict, what: str = "table") -> np.ndarray:
    """(n, d) one column for each column of numbers, one for each category of the others; NaN is a missing number.

    reading   of a problem: its "columns", and of those that hold no numbers the categories, "texts"
    """
    if absent := [column for column in reading["columns"] if column not in rows.columns]:
        raise ValueError(f"the {what} has no column {listed(absent)}; wanted are {listed(reading['columns'])}")
    made = []
    for column in reading["columns"]:
        known = reading["texts"].get(column)
        if known is None:
            told = f"the {what}'s column {column!r} must hold numbers, as when it was learned"
            if rows[column].dtype.kind in "mMc":
                raise ValueError(f"{told}, not {rows[column].iloc[0]}")
            try:
                numbers = rows[column].to_numpy(float, na_value=np.nan)
            except (TypeError, ValueError) as error:
                raise ValueError(f"{told}: {error}") from None
            if (infinite := np.isinf(numbers)).any():
                raise ValueError(f"{told}: {where(infinite)} infinity; make it a missing value, or drop them")
            made.append(numbers[:, None])
            continue
        place = {text: number for number, text in enumerate(known)}
        codes, found = pd.factorize(rows[column])  # what is missing is -1: the last of `numbers`
        numbers = np.array([*(place.get(as_text(each), -1) for each in found), -1])
        if (unknown := numbers[:-1] < 0).any():
            some = "nothing that is known" if unknown.all() else "what is not known"
            told = f"the {what}'s column {column!r} holds {some}, {as_text(found[unknown.argmax()])!r} first"
            warnings.warn(f"{told}; known are {listed(known[:6])}", stacklevel=4)
        made.append(numbers[codes][:, None] == np.arange(len(known)))
    return np.hstack(made).astype(float, copy=False)


def fill_of(numbers: np.ndarray) -> dict:
    """By what `filled` fills and scales: median, mean, spread of each column of (n, d); 0: it never changed."""
    empty = np.isnan(numbers).all(0)
    median = np.nanmedian(np.where(empty, 0, numbers), 0)
    whole = np.where(np.isnan(numbers), median, numbers)
    spread = np.where(whole.std(0) > 1e-12 * np.abs(whole).max(0), whole.std(0), 0)  # less is rounding, of any unit
    return dict(median=median.tolist(), centre=whole.mean(0).tolist(), spread=spread.tolist())


def filled(numbers: np.ndarray, fill: dict) -> np.ndarray:
    """(n, d) float32, filled by the median and scaled by mean and spread; a column that never changed is 0."""
    median, centre, spread = (np.array(fill[key]) for key in ("median", "centre", "spread"))
    scale = np.divide(1, spread, where=spread > 0, out=0 * spread)
    return ((np.where(np.isnan(numbers), median, numbers) - centre) * scale).astype(np.float32)
