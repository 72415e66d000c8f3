"""Rows that are there twice, or nearly: with two labels one is wrong, with one a split may know it beforehand."""

import re
import warnings
from collections.abc import Hashable, Sequence

import numpy as np

Pairs = list[tuple[int, int]]  # (the earlier row, the later row)


def equal(keys: Sequence[Hashable]) -> Pairs:
    """Rows that equal an earlier one, with the first such."""
    first = {}
    return [(before, row) for row, key in enumerate(keys) if (before := first.setdefault(key, row)) != row]


def near_rows(rows: np.ndarray) -> Pairs:
    """Rows (n, d) that agree with an earlier one but for a 100,000th of each column's spread; NaN: missing.

    Sorted by their projection on one random direction such rows are neighbours: three are looked at, not all n² pairs.
    """
    direction = np.random.default_rng(0).normal(size=2 * rows.shape[1])
    order = np.argsort(sum(direction[place] * column for place, column in _comparable(rows)), kind="stable")
    close, first = [np.ones(max(0, len(rows) - step), bool) for step in (1, 2, 3)], {}
    for _, column in _comparable(rows):
        column = column[order]
        for step, still in enumerate(close, 1):
            still &= np.abs(column[step:] - column[:-step]) <= 1e-5
    for step, found in enumerate(close, 1):
        for a, b in np.sort(np.stack([order[:-step], order[step:]], 1)[found], 1).tolist():
            first[b] = min(a, first.get(b, a))
    return sorted(((a, b) for b, a in first.items()), key=lambda pair: pair[1])


def _comparable(rows):
    """(its number, column (n,) over its spread), one after the other, of rows (n, d); its gaps are column number + d."""
    for begin in range(0, rows.shape[1], 64):
        for number, column in enumerate(np.ascontiguousarray(rows[:, begin : begin + 64].T), begin):
            gaps = np.isnan(column)
            known = column[~gaps]
            if not ((known == 0) | (known == 1)).all():  # no category
                lower, middle, upper = np.percentile(known, (25, 50, 75))
                column = (column - middle) / (upper - lower or 1)
            yield number, np.where(gaps, 0, column)
            if gaps.any():
                yield number + rows.shape[1], gaps.astype(float)


def near_pictures(pictures: np.ndarray) -> Pairs:
    """Pictures (n, h, w, c) that are an earlier one saved again (another quality, another size).

    Grey thumbnails of 16 × 16 are compared. A copy correlates by 0.9 or more, and ten times as near to 1 as the picture with
    its 4th best, or, of n > 400 pictures, its n/100th best: digits of one class are all alike and no copies. Pictures of
    fewer pixels are left out: so few agree by chance.
    """
    n, h, w, _ = pictures.shape
    if min(h, w) < 16:
        return []
    small = pictures.mean(-1)
    for axis, size in ((1, h), (2, w)):
        edges = np.linspace(0, size, 17).astype(int)
        small = np.add.reduceat(small, edges[:-1], axis) / np.expand_dims(np.diff(edges), (0, 3 - axis))
    small = small.reshape(n, -1)
    shape = small - small.mean(1, keepdims=True)
    length, usual, found = np.linalg.norm(shape, axis=1, keepdims=True), max(4, n // 100), []
    one_colour = length[:, 0] < 0.01 * np.sqrt(small.shape[1])
    shape = np.where(one_colour[:, None], 0, shape / np.maximum(length, 1e-9))
    for begin in range(0, n if n > usual + 1 else 0, 1000):
        like = shape[begin : begin + 1000] @ shape.T
        like[np.arange(len(like)), np.arange(begin, begin + len(like))] = -1
        limit = 1 - 0.1 * (1 - np.partition(like, -usual, 1)[:, -usual])
        rows, others = np.nonzero(like > np.maximum(limit, 0.9)[:, None])
        found += [(b, a + begin) for a, b in zip(rows.tolist(), others.tolist()) if b < a + begin]
    found = [(a, b) for a, b in found if np.abs(small[a] - small[b]).mean() < 0.1]
    return [(a, b) for b, a in {b: a for a, b in reversed(found)}.items()][::-1]


def near_texts(texts: Sequence[str]) -> Pairs:
    """Texts that equal an earlier one but for capitals, blanks and signs."""
    return equal([" ".join(re.findall(r"\w+", text.casefold())) or text for text in texts])


def refuse_two_labels(name: str, pairs: Pairs, labels: Sequence, shown: Sequence[str], what: str) -> None:
    """ValueError for two equal rows of two classes."""
    for before, row in pairs:
        if labels[before] != labels[row]:
            told = f"{name}: {shown[before]} and {shown[row]} are the same {what}, once labelled {labels[before]!s}"
            raise ValueError(f"{told} and once {labels[row]!s}: one of the two is wrong; look at it, and take one away")


def warn_of_two_labels(name: str, pairs: Pairs, labels: Sequence, shown: Sequence[str], how: str) -> None:
    """A warning for rows of two classes that are the same or nearly; how: in what."""
    if two := [(before, row) for before, row in pairs if labels[before] != labels[row]]:
        before, row = two[0]
        told = f"{shown[row]} is labelled {labels[row]!s}, and {shown[before]}, {how}, is labelled {labels[before]!s}"
        many = f" ({len(two):,} such pairs)" if len(two) > 1 else ""
        warnings.warn(f"{name}: {told}{many}: is one of the labels wrong?", stacklevel=4)


def warn_of(name: str, pairs: Pairs, groups: np.ndarray | None, shown: Sequence[str], what: str, nearly: str = "") -> None:
    """A warning, one sentence, for copies that a split can pull apart."""
    apart = [(a, b) for a, b in pairs if groups is None or groups[a] != groups[b]]
    if not apart:
        return
    (before, row), several = apart[0], len(apart) > 1
    many = f"{len(apart):,} {what}s are {nearly}copies of others" if several else f"one {what} is {nearly}a copy of another"
    told = f"{name}: {many} ({shown[row]}{', for one,' * several} of {shown[before]})"
    why = "with copies on both sides of a split what is held out is known beforehand"
    warnings.warn(f"{told}; {why}: take them away, or keep copies in one group with groups=", stacklevel=4)


def rows_in(source: np.ndarray, rows: np.ndarray) -> list[int]:
    """Which rows (n, d) stand among those of the source (m, d) too: see `near_rows`."""
    return sorted({b - len(source) for a, b in near_rows(np.concatenate([source, rows])) if b >= len(source) > a})


def flat_pictures_in(source: np.ndarray, rows: np.ndarray) -> list[int]:
    """Which flat pictures (n, d) stand among those of the source (m, d) too, but for the rounding to 256 greys."""
    found, squares, rows = [], (source.astype(float) ** 2).sum(1), rows.astype(float)
    for at in range(0, len(rows), 500):
        part = rows[at : at + 500]
        apart = (part**2).sum(1) + (squares[:, None] - 2 * source @ part.T).min(0)
        found += (at + np.flatnonzero(apart <= rows.shape[1] / 400**2)).tolist()
    return found


def refuse_seen(name: str, found: list[int], rows: int, repeated: int = 0) -> None:
    """ValueError where so many of the rows stand in the source too; a warning where that may be chance.

    Chance: as many rows repeat among themselves, as in a table of a few categories.
    """
    if not found:
        return
    told = f"{name}: {len(found):,} of {rows:,} rows (row {found[0]} first) stand in the source too"
    if len(found) > 2 * repeated and len(found) > rows / 100:
        raise ValueError(f"{told}: it has learned what is to be tested; take them out of the source")
    warnings.warn(f"{told}; unless that is chance, take them out of the source", stacklevel=3)
