"""Which rows are held out: each class in its share, or whole groups, and something of each class left to learn from."""

from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import cdist


def whole_number(value: int, name: str, least: int = 0) -> int:
    """`value` as an int; ValueError where it is not a whole number of `least` or more."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} must be a whole number, {least} or more, not {value!r}")
    return int(value)


def as_given(values: ArrayLike) -> np.ndarray:
    """Labels or groups as an array. Of a missing one among names NumPy makes a name, "nan": here it stays what it is."""
    array = np.asarray(values)
    things = np.asarray(values, object) if array.dtype.kind == "U" else array
    return things if any(not isinstance(each, str) for each in things.flat) else array


def hold_out(
    name: str, y: np.ndarray, classes: tuple | None, *, test: int, groups: ArrayLike | None = None, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """(the rows to learn from, the rows held out) for labels y (n,) of a task.

    Each class gives its share, as nearly as whole rows allow, or whole groups: (n,), such as the writer of each row.
    """
    n, strata = len(y), np.zeros(len(y), int) if classes is None else y
    if not 0 < whole_number(test, f"{name}: test, how many rows are held out,", 1) < n:
        raise ValueError(f"{name}: cannot hold out {test} of {n} rows; 1 to {n - 1} can be")
    sizes = np.bincount(strata, minlength=len(classes or [""]))
    for label, size in zip(classes or (), sizes):
        if size < 2:
            found = f"{name}: {'one row only' if size else 'no row of y'} is of the class {label!r}"
            raise ValueError(f"{found}, and each side needs one; leave it out, or look at the labels")
    rng = np.random.default_rng(whole_number(seed, "seed"))
    order = rng.permutation(n)
    if groups is None:
        # Sorting by (rank within the class / size of the class) deals the classes out evenly, whatever their sizes.
        share = np.empty(n)
        for c in np.unique(strata):
            mine = order[strata[order] == c]
            share[mine] = (np.arange(len(mine)) + 0.5) / len(mine)
        order = order[np.argsort(share[order], kind="stable")]
        never = [(share < 0.5 / size - 1e-9).sum() >= test for size in sizes]
        held, kept = _each_side(order[:test], order[test:], strata, sizes * test / n, never, rng)
    else:
        group, number = _group_numbers(name, groups, n)
        rows_of = np.bincount(group)
        if test > n - rows_of.min():
            most = f"no more than {n - rows_of.min()} of {n} rows"
            raise ValueError(f"{name}: with whole groups {most} can be held out; test is {test}")
        counts = np.zeros((number, len(sizes)))
        np.add.at(counts, (group, strata), 1)
        out = _whole_groups(counts, sizes * test / n, rng)[group]
        held, kept = order[out[order]], order[~out[order]]
    left = sizes - np.bincount(strata[held], minlength=len(sizes))
    if classes and not left.all():
        why = ", since whole groups were held out" * (groups is not None)
        gone = f"{name}: no row of the class {classes[left.argmin()]!r} is left to learn from{why}"
        raise ValueError(f"{gone}; hold out fewer rows, take another seed, or leave that class out")
    return kept, held


def _each_side(held, kept, strata, wanted, never, rng):
    """(held, kept) rows, exchanged where a small class is on one side only; wanted (classes,) are the classes' shares.

    A class of which such a deal `never` holds out a row gives one as often as its share says, and of each class one is left
    to learn from.
    """
    came = []
    for c in np.argsort(wanted, kind="stable"):
        for one, other, due, least in ((held, kept, wanted[c] * never[c], 1), (kept, held, np.inf, 2)):
            if (strata[one] == c).any() or not (strata[other] == c).any() or rng.random() >= due:
                continue
            count = np.bincount(strata[one], minlength=len(wanted))
            surplus = np.where(count < least, -np.inf, count - wanted * len(one) / len(held))
            surplus[came] = -np.inf
            if surplus.max() > -np.inf:  # the class that has most beyond its share gives up a row
                a, b = np.flatnonzero(strata[one] == surplus.argmax())[-1], np.flatnonzero(strata[other] == c)[0]
                one[a], other[b] = other[b], one[a]
                came.append(c)
    return held, kept


def _group_numbers(name, groups, n):
    """(the number of each row's group (n,), how many groups there are)"""
    import pandas as pd  # where there are groups only: `measures` needs NumPy and SciPy alone

    groups = as_given(groups)
    if groups.shape != (n,):
        raise ValueError(f"{name}: groups must hold one writer, patient or day for each of the {n} rows, not {groups.shape}")
    group, values = pd.factorize(groups)
    if (missing := np.flatnonzero(group < 0)).size:
        some = f"{len(missing)} rows, row {missing[0]} first,"
        raise ValueError(f"{name}: {some} have no group; fill them in, or leave them out")
    if len(values) < 2:
        one = f"{name}: every row is of the group {groups.tolist()[0]!r}"
        raise ValueError(f"{one}; two groups at least are needed, one a side")
    return group, len(values)


def _whole_groups(counts, wanted, rng):
    """(groups,) which to hold out, so that their rows come near to wanted (classes,); counts (groups, classes).

    From a random deal downhill: one group in or out, or one for another, as long as the distance Σ|held - wanted| falls. Of
    few groups most seeds would so hold out the same ones: of fewer than 30, the rows of a mean group are near enough.
    """
    held, gap = np.zeros(len(counts), bool), wanted
    several = (counts > 0).sum(0) > 1  # classes that can be on both sides
    _, alike = np.unique(counts, axis=0, return_inverse=True)  # groups of the same rows are as good as each other

    def flip(*groups):
        nonlocal gap
        for g in groups:
            gap = gap + (counts[g] if held[g] else -counts[g])
            held[g] = ~held[g]

    def cost(gaps):
        return np.abs(gaps).sum(-1)

    for g in rng.permutation(len(counts)):
        if held.sum() < len(held) - 1 and cost(gap - counts[g]) < cost(gap):
            flip(g)
    if not held.any():
        flip(cost(gap - counts).argmin())
    near = counts.sum() / len(counts) if len(counts) < 30 else -1
    while cost(gap) > near or (several & ((gap >= wanted) | (gap <= wanted - counts.sum(0)))).any():
        alone = cost(gap + np.where(held, 1, -1)[:, None] * counts)
        if held.sum() == 1:
            alone[held] = np.inf
        if held.sum() == len(held) - 1:
            alone[~held] = np.inf
        best = alone.min() - 1e-9, (alone.argmin(),)
        kept = np.flatnonzero(~held)
        for g in _nearest(counts, np.flatnonzero(held), kept, gap, alike.ravel()):
            swaps = cost(gap + counts[g] - counts[kept])
            best = min(best, (swaps.min(), (g, kept[swaps.argmin()])), key=lambda each: each[0])
        if best[0] >= cost(gap) - 1e-6:
            break
        flip(*best[1])
    return held


def _nearest(counts, held, kept, gap, alike):
    """Of the held groups those that one could best exchange for a kept one: first a quick look at all of the pairs.

    Their distances are the rests that the exchange would leave, but for rounding. Of groups alike the first one stands.
    """
    held = held[np.sort(np.unique(alike[held], return_index=True)[1])]
    kept = kept[np.unique(alike[kept], return_index=True)[1]]
    step = max(1, 2**22 // len(kept))  # 32 MB of distances at a time
    parts = (held[start : start + step] for start in range(0, len(held), step))
    rests = np.concatenate([cdist(gap + counts[part], counts[kept], "cityblock").min(1) for part in parts])
    return held[rests <= rests.min() + 1e-6]
