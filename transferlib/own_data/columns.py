"""The columns of a table: which are numbers and which categories, and what looks like what it is not."""

import re
import unicodedata
import warnings
from collections.abc import Collection
from os.path import commonprefix

import numpy as np
import pandas as pd
from pandas.api.types import infer_dtype, is_datetime64_any_dtype, is_numeric_dtype, is_timedelta64_dtype
from scipy.stats import spearmanr

NUMBER = re.compile(r"[-+]?\s*[€$£¥]?\s*[-+]?(\d+|\d{1,3}([.,' ]\d{3})+)([.,]\d+)?\s*([€$£¥%]|EUR|USD|GBP)?")

UNIT = r"\s*[-+]?\d+(?:\.\d+)?\s*([^\W\d_]+)\s*"
DATE = re.compile(r"\d{1,4}[-./]\d\d?[-./]\d{1,4}.*")

MOST = 2**28  # numbers, 2 GB of them, that the categories of a table may become


def as_text(value) -> str:
    """A category or a class as text, however its column was read: 1, 1.0 and '1' are '1'."""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, (float, np.floating)) and np.isfinite(value) and value == np.floor(value):
        return str(int(value))
    return str(value)


def check_spelling(what: str, values, cure: str = "make one of them, such as with .str.strip().str.lower()") -> None:
    """ValueError for two names that differ in blanks, capitals or how signs are written only."""
    first = {}
    for value in map(str, values):
        same = " ".join(unicodedata.normalize("NFKC", value).casefold().split())
        if (other := first.setdefault(same, value)) != value:
            two = f"{what} holds {ascii(other)} and {ascii(value)}"
            differ = "which differ in blanks, capitals or the way signs are written only"
            raise ValueError(f"{two}, {differ}; {cure}")


def columns_of(
    name: str, inputs: pd.DataFrame, y: np.ndarray, classes: tuple | None, allow: Collection[str] = (), source: bool = False
) -> dict[str, list[str] | None]:
    """{column: its categories, or None for numbers}; ValueError for what teaches nothing or tells the label.

    A warning for what may be right and is often wrong. allow: columns that may stand for the label, count the rows or hold
    texts that look alike. source: a column may then be empty or constant, as long as the target's is not.
    """
    kinds = {}
    for column, values in inputs.items():
        what = f"{name}: the column {column!r}"
        kind = infer_dtype(values, skipna=True) if values.dtype == object else ""
        parts = (complex, np.complexfloating)
        if "complex" in (kind or str(values.dtype)) or "mixed" in kind and any(isinstance(v, parts) for v in values):
            raise ValueError(f"{what} holds complex numbers; make two of it, real and imaginary part")
        if kind.startswith("mixed") and any(isinstance(value, list | tuple | dict | set | np.ndarray) for value in values):
            raise ValueError(f"{what} holds lists; make a column of each number in them")
        if kind.startswith(("date", "time")) or is_datetime64_any_dtype(values) or is_timedelta64_dtype(values):
            raise ValueError(f"{what} holds times; make numbers of them, such as values.dt.dayofyear")
        if not source and values.isna().all():
            raise ValueError(f"{what} is empty in every row; drop it")
        codes, found = pd.factorize(values, use_na_sentinel=False)
        if not source and len(found) < 2:
            raise ValueError(f"{what} is {_plain(found[0])!r} in every row; drop it")
        if is_numeric_dtype(values) or kind in ("integer", "floating", "mixed-integer-float", "decimal"):
            numbers = values.to_numpy(float, na_value=np.nan)
            if (infinite := np.isinf(numbers)).any():
                raise ValueError(f"{what}: {where(infinite)} infinity; make it a missing value, or drop them")
            if column not in allow:
                _check_counter(what, column, numbers, y, classes, codes)
            warn_of_stand_in(what, numbers)
            warn_of_two_units(what, numbers)
            kinds[column] = None
        else:
            numbers, kinds[column] = None, sorted({as_text(each) for each in found if not pd.isna(each)})
            if column not in allow:
                if hint := numbers_as_texts(values):
                    raise ValueError(f"{what} {hint}; or, if these are categories, say allow=({column!r},)")
                dates = sum(bool(DATE.fullmatch(text)) for text in kinds[column]) > len(kinds[column]) / 2
                if (different := len(kinds[column])) > (20 if dates else max(20, len(values) / 2)):
                    hint = "dates? pandas.to_datetime(…).dt.dayofyear makes numbers of them" if dates else (
                        "names and not categories; drop it, or make categories of it")  # fmt: skip
                    raise ValueError(f"{what} holds {different:,} different texts in {len(values):,} rows, {hint}")
                check_spelling(what, kinds[column])
                _warn_of_slips(what, values)
        if column not in allow:
            _check_disguise(what, column, codes, len(found), numbers, y, classes)
    many = {column: len(texts) for column, texts in kinds.items() if texts}
    if (size := len(y) * sum(many.values())) > MOST:
        worst = max(many, key=many.get)
        told = f"{name}: a number for each category in each row would take {size * 8 / 1e9:.0f} GB; the column {worst!r}"
        raise ValueError(f"{told} holds {many[worst]:,} different texts: drop it, or make fewer categories of it")
    if classes is None:
        _warn_of_sum(name, inputs[[c for c, texts in kinds.items() if texts is None and c not in allow]], y)
    return kinds


def _warn_of_slips(what, values):
    """A warning for a category of one row that is one letter off one of many rows: 'Hambrug', say."""
    count = values.dropna().map(as_text).value_counts()
    words = [text for text in count.index if text.isalpha() and len(text) >= 5]
    for often in (text for text in words if count[text] >= 20):
        for rare in (text for text in words if count[text] == 1 and _one_slip(text.casefold(), often.casefold())):
            told = f"{what} holds {rare!r} in one row and {often!r} in {count[often]:,}"
            warnings.warn(f"{told}: a slip of the pen? Each is a category of its own", stacklevel=4)


def _one_slip(a, b):
    """Whether one letter more, less, or another, or two that are swapped, make b of a."""
    same = len(commonprefix([a, b]))
    a, b = a[same:], b[same:]
    return a[1:] in (b, b[1:]) or a == b[1:] or a[:2] == b[1::-1] and a[2:] == b[2:]


def numbers_as_texts(values: pd.Series) -> str:
    """What to say of texts most of which are numbers in another way of writing; "" where they are not."""
    count = values.dropna().astype(str).value_counts(sort=False)
    texts = pd.Series(count.index)
    strange = pd.to_numeric(texts, errors="coerce").isna().to_numpy()
    odd, mixed = texts[strange], 0 < count[strange].sum() < count.sum() / 2
    mixed |= len(odd) == 1 and len(texts) > 20  # one text, however often, among many numbers
    like = odd[[bool(NUMBER.fullmatch(text.strip())) for text in odd]]
    # Most of the odd ones look like numbers, and with the others most of all.
    if len(like) > len(odd) / 2 and len(texts) - len(odd) + len(like) > len(texts) / 2:
        how = f"holds numbers that are written as texts, such as {like.iloc[0]!r}"
        if like.str.contains(r"[€$£¥%A-Z]").any():
            return f"{how}; take the signs away, and make numbers of them: .str.strip('€$£¥% ').astype(float)"
        if like.str.fullmatch(r"\s*[-+]?\d{1,3}(,\d{3})+\s*").all():
            return f"{how}; pandas.read_csv(…, thousands=',') reads them, or decimal=',' if the comma means that"
        thousands = ", thousands='.'" if like.str.contains(r"\.\d{3}").any() else ""
        return f"{how}; pandas.read_csv(…, decimal=','{thousands}) reads them"
    units = odd.str.extract(f"^{UNIT}$", expand=False).dropna()
    if len(units) > max(20, len(texts) / 2) and units.nunique() == 1:
        cure = f".str.removesuffix({units.iloc[0]!r}).astype(float) makes numbers of them"
        return f"holds numbers with a unit, such as {odd[units.index[0]]!r}; {cure}"
    if mixed:
        row = values.index[values.astype(str) == odd.iloc[0]][0]
        cure = f"if it stands for a missing number, pandas.read_csv(…, na_values={odd.iloc[0]!r}) reads it so"
        return f"holds numbers and {odd.iloc[0]!r}, in row {row}; {cure}"
    if not len(odd) and len(texts) > 20:
        return f"holds numbers as texts, such as {texts.iloc[0]!r}; .astype(float) makes numbers of them"
    return ""


def _check_counter(what, column, numbers, y, classes, codes):
    """ValueError for a column that numbers the rows: in a sorted table it is the label."""
    if np.isnan(numbers).any() or (numbers != np.floor(numbers)).any() or codes.max() + 1 < len(numbers):
        return
    steps, order = np.diff(numbers), np.argsort(numbers)
    if column.startswith("Unnamed:") or (steps > 0).all() or (steps < 0).all():
        told = "only numbers the rows; drop it, or read with index_col=0"
    elif classes and (np.diff(y[order]) != 0).sum() < len(classes):
        told = "numbers the rows in the order of their labels; drop it"
    else:
        return
    raise ValueError(f"{what} {told}. If it is known before the label is, say allow=({column!r},)")


def warn_of_stand_in(what, numbers):
    """A warning for -999 and its like, far from all other numbers."""
    found = np.unique(numbers[~np.isnan(numbers)])
    for value, rest in ((found[0], found[1:]), (found[-1], found[:-1])) if len(found) > 3 else ():
        times = int((numbers == value).sum())
        far = np.abs(rest - value).min() > np.ptp(rest)
        if (times > 1 or re.fullmatch(r"-?9{3,}", f"{value:g}")) and far and re.fullmatch(r"-?9{2,}|-1", f"{value:g}"):
            rows = f"{times} row{'s' * (times > 1)}"
            told = f"{what} holds {value:g} in {rows}, far from all others ({rest.min():g} … {rest.max():g})"
            cure = f"if it stands for a missing number, pandas.read_csv(…, na_values={value:g}) reads it so"
            warnings.warn(f"{told}; {cure}", stacklevel=4)


def warn_of_two_units(what: str, numbers: np.ndarray) -> None:
    """A warning for a column in two heaps, one ten times and more the other: kilograms and grams, say."""
    known = np.unique(numbers[numbers > 0])
    if len(known) < 10 or (numbers < 0).any():
        return
    steps = known[1:] / known[:-1]
    gap = int(steps.argmax())
    heaps = known[: gap + 1], known[gap + 1 :]
    if steps[gap] >= 10 and all(len(heap) >= 5 and heap[-1] / heap[0] < steps[gap] for heap in heaps):
        row = int(np.flatnonzero(numbers == heaps[1][0])[0])
        low, high = (f"{heap[0]:g} … {heap[-1]:g}" for heap in heaps)
        told = f"{what} holds {low}, and {high} (row {row}, for one)"
        warnings.warn(f"{told}, and nothing between: are all in one unit?", stacklevel=4)


def warn_of_units(name: str, numbers: pd.DataFrame, source: pd.DataFrame) -> None:
    """A warning for a column whose numbers are of another size in the source: metres and millimetres, say."""
    for column, values in numbers.items():
        here, there = (each.to_numpy(float, na_value=np.nan) for each in (values, source[column]))
        if np.isnan(there).all():
            continue
        spreads = sorted((np.nanstd(here), np.nanstd(there)))
        apart = abs(np.nanmedian(here) - np.nanmedian(there))
        if spreads[0] > 0 and (spreads[1] > 100 * spreads[0] or apart > 20 * spreads[1]):
            ranges = [f"{np.nanmin(each):g} … {np.nanmax(each):g}" for each in (here, there)]
            told = f"{name}: the column {column!r} holds {ranges[0]}, and {ranges[1]} in the source"
            warnings.warn(f"{told}: are both in one unit?", stacklevel=3)


def warn_of_other_texts(name: str, column: str, here: list[str], there: list[str]) -> None:
    """A warning for a column whose categories are none of the source's: 'f' and 'female', say."""
    if not set(here) & set(there):
        told = f"{name}: the column {column!r} holds {listed(here[:3])}, and {listed(there[:3])} in the source"
        cure = f"write them alike, or, if they are others, say allow=({column!r},)"
        warnings.warn(f"{told}: none is in both, and the source teaches nothing about them; {cure}", stacklevel=3)


def ranges_of(numbers: pd.DataFrame) -> dict[str, list[float]]:
    """{column: the least and the greatest number}, of numbers that a model learns from."""
    arrays = {column: values.to_numpy(float, na_value=np.nan) for column, values in numbers.items()}
    return {column: [float(np.nanmin(each)), float(np.nanmax(each))] for column, each in arrays.items()}


def warn_of_far(rows: pd.DataFrame, reading: dict) -> None:
    """A warning for new numbers far outside of those that were learned, centimetres there and metres here, say.

    Far is: of five rows or more, most lie outside. Or some lie outside by more than five ranges; if all that was learned is
    above 0, they do by more than the square of its greatest / its least: one or the other of a long tail lies a little
    outside. A warning too for a column in which five new rows or more, all of them, have nothing.
    """
    told, gone = [], [column for column in reading["columns"] if len(rows) >= 5 and rows[column].isna().all()]
    if gone:
        warnings.warn(f"nothing stands in {listed(gone)} of the new rows: the usual value is taken for each", stacklevel=5)
    for column, (low, high) in reading.get("ranges", {}).items():
        values = rows[column].to_numpy(float, na_value=np.nan)
        far, known = (values < low) | (values > high), (~np.isnan(values)).sum()
        if known < 5 or far.sum() <= known / 2:
            beyond = np.maximum(low - values, values - high) > 5 * (high - low)
            if low > 0:
                with np.errstate(divide="ignore"):
                    beyond = (values > 0) & (np.maximum(low / values, values / high) > max(4, (high / low) ** 2))
            far &= beyond
        if far.any():
            row, more = int(far.argmax()), int(far.sum()) - 1
            place = f"row {row} and {more:,} more" if more else f"row {row}"
            told.append(f"{column!r} holds {values[row]:g} ({place}), learned was {low:g} … {high:g}")
    if told:
        warnings.warn(f"far outside of what was learned: {'; '.join(told)}; is it in the same unit?", stacklevel=5)


def _check_disguise(what, column, codes, values, numbers, y, classes):
    """ValueError where a column and the label stand for each other, a warning where the column tells the label.

    Both in 99 rows of 100. codes (n,): which of so many different values each row has
    """
    n = len(y)
    if classes is None:
        some = numbers is not None and values > np.isnan(numbers).any() + 1
        alike = some and abs(spearmanr(np.nan_to_num(numbers, nan=np.nanmedian(numbers)), y)[0]) > 0.999
        means = np.bincount(codes, y) / np.bincount(codes)
        alone = values <= n / 5 and ((y - means[codes]) ** 2).mean() < 0.001 * y.var()
    else:
        table = np.bincount(codes * len(classes) + y, minlength=values * len(classes)).reshape(values, -1)
        # Where one class has nearly every row, a column that never changes would agree as well.
        allowed = min(n / 100, (n - table.sum(0).max()) / 10)
        value, label = table.argmax(0), np.arange(len(classes))  # of each class the value that goes with it
        alike = n - table[value, label][table[value].argmax(1) == label].sum() <= allowed
        alone = values <= n / 5 and n - table.max(1).sum() <= allowed
        if numbers is not None and not np.isnan(numbers).any() and values > len(classes):
            order = np.lexsort((y, numbers))
            turns = np.flatnonzero(np.diff(y[order]))
            alone |= len(turns) < len(classes) and (np.diff(numbers[order])[turns] > 0).all()
    if alike:
        cure = f"Drop it, or, if it is known before the label is, say allow=({column!r},)"
        raise ValueError(f"{what} is the label in disguise: each tells the other, nearly always. {cure}")
    if alone:
        cure = f"If not, drop it; if so, allow=({column!r},) says so"
        told = f"{what} alone tells the label, nearly always: is it known before the label is? {cure}"
        warnings.warn(told, stacklevel=4)


def _warn_of_sum(name, numbers, y):
    """A warning where the label of a regression is a sum of columns."""
    x = np.nan_to_num(numbers.to_numpy(float, na_value=np.nan))
    if len(x) < 2 * x.shape[1] + 4 or x.shape[1] < 2:
        return
    x = np.hstack([(x - x.mean(0)) / np.where(x.std(0) > 0, x.std(0), 1), np.ones((len(x), 1))])
    weights = np.linalg.lstsq(x, y, rcond=None)[0]
    if np.mean((x @ weights - y) ** 2) < 1e-9 * y.var():
        used = [c for c, w in zip(numbers.columns, weights) if abs(w) > 1e-3 * np.abs(weights[:-1]).max()]
        told = f"{name}: the label is a sum of {listed(used)}, to the last digit: are they known before it is?"
        warnings.warn(f"{told} If so, allow={tuple(used)!r} says so", stacklevel=4)


def _plain(value):
    return value.item() if isinstance(value, np.generic) else value


def where(wrong) -> str:
    """'3 rows, row 7 first, have' for a mask of rows."""
    rows = np.flatnonzero(wrong)
    return f"row {rows[0]} has" if len(rows) == 1 else f"{len(rows):,} rows, row {rows[0]} first, have"


def listed(names) -> str:
    """'a', 'b'"""
    return ", ".join(map(repr, names))
