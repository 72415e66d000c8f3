"""Rows that are there twice: under two labels one is wrong; under one label a split may know what it holds out."""

import warnings
from collections.abc import Hashable, Sequence

import numpy as np


def look_for_copies(
    name: str,
    rows: Sequence[Hashable],
    labels: Sequence,
    groups: np.ndarray | None,
    shown: Sequence[str],
    classes: bool = True,
    what: str = "row",
) -> None:
    """ValueError for two equal rows of two classes; a warning, one sentence, for those that a split can pull apart.

    rows     (n,) what of each row is compared; shown: what to call each
    classes  whether equal rows of two labels are refused: of a regression, and in a table, they may well be right
    """
    first, apart = {}, []
    for row, key in enumerate(rows):
        before = first.setdefault(key, row)
        if before == row:
            continue
        if classes and labels[before] != labels[row]:
            raise ValueError(
                f"{name}: {shown[before]} and {shown[row]} are the same {what}, once labelled {labels[before]!s} and once "
                f"{labels[row]!s}: one of the two is wrong; look at it, and take one away"
            )
        if groups is None or groups[before] != groups[row]:
            apart.append((before, row))
    if apart:
        many = f"{len(apart):,} {what}s are copies of others" if len(apart) > 1 else f"one {what} is a copy of another"
        before, row = apart[0]
        warnings.warn(
            f"{name}: {many} ({shown[row]}{', for one,' if len(apart) > 1 else ''} of {shown[before]}); with copies on "
            "both sides of a split what is held out is known beforehand: take them away, or keep copies in one group "
            "with groups=",
            stacklevel=3,
        )
