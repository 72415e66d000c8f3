"""Many trainings on a mapped source, and how far a map's cloud is from the target's.

The maps themselves stand on the lesson's page. A *map* is a function (X, Y) → M: it learns from source rows X (n, d) and
target rows Y (m, d), without a label, and M takes rows (k, d) of the source into the target's space.
"""

from collections.abc import Callable, Iterable
from numbers import Integral

import numpy as np

from transferlib.cache import get_or_make
from transferlib.experiments import over_seeds
from transferlib.networks import Pair
from transferlib.strategies import SCRATCH
from transferlib.tasks import Task, rng_for
from transferlib.training import train

SOURCE_ROWS = 2000
NO_SOURCE = "no source"  # among the maps of `carry`: the arm that learns from the target's labels alone


def draw(task: Task, rows: int, seed: int) -> np.ndarray:
    """(rows,) which training rows a seed sees."""
    if not isinstance(rows, Integral) or not 1 <= rows <= len(task.y_train):
        raise ValueError(f"{task.name} has {len(task.y_train)} training rows; cannot draw {rows!r} of them")
    return rng_for(seed, "rows").permutation(len(task.y_train))[:rows]


def draw_source(source: Task, seed: int) -> np.ndarray:
    """(n,) which of the source's training rows a seed sees, 2,000 at most."""
    return draw(source, min(SOURCE_ROWS, len(source.y_train)), seed)


def carry(
    pair: Pair,
    source: Task,
    target: Task,
    maps: dict[str, Callable | str | None],
    *,
    rows: int = 400,
    labels: int = 0,
    back: bool = False,
    seeds: int | Iterable[int] = 10,
    steps: int = 1000,
    rate: float = 1e-3,
    progress: Callable | None = None,
) -> dict[str, np.ndarray]:
    """Train on M(source), test on the target: {name: accuracy on the target's test rows, (seeds,)}.

    maps      {name: a map, None for no map, or NO_SOURCE}. A seed draws 2,000 source rows and `rows` target rows,
              *without* their labels; all maps learn from these. The network begins at the same weights for all maps
    labels    labelled target rows per class: half of the training rows are these, repeated; with NO_SOURCE all are
    back      the other way: the source stays as it is, and what comes from the target goes through M: target → source
    seeds, progress   as for `compare`
    """
    least = int(NO_SOURCE in maps.values())
    if not isinstance(labels, Integral) or labels < least:
        raise ValueError(f"labels must be a whole number per class, {least} or more for these arms, not {labels!r}")

    def rows_of(name, seed):
        drawn, few, m = draw_source(source, seed), target.few(labels, seed) if labels else None, maps[name]
        if m == NO_SOURCE:
            return few.x_train, few.y_train, target.x_test
        x, seen = source.x_train[drawn].astype(float), target.x_train[draw(target, rows, seed)].astype(float)
        here = there = np.asarray
        if m is not None and back:
            there = m(seen, x)
        elif m is not None:
            here = m(x, seen)
        return *with_labels(here(x), source.y_train[drawn], few, there), there(target.x_test.astype(float))

    return accuracies(pair, target, maps, rows_of, seeds, steps, rate, progress)


def with_labels(x, y, few: Task | None, there: Callable = np.asarray) -> tuple[np.ndarray, np.ndarray]:
    """Source rows and labels with as many of the few target rows, repeated; as they are where there are none."""
    if few is None:
        return x, y
    again = np.resize(np.arange(len(few.y_train)), len(y))
    return np.concatenate([x, there(few.x_train.astype(float))[again]]), np.concatenate([y, few.y_train[again]])


def accuracies(pair, target, arms, rows_of, seeds, steps, rate=1e-3, progress=None) -> dict:
    """Train from random weights on rows_of(arm, seed) = x, y, and the target's test rows: {arm: accuracy (seeds,)}."""

    def one(arm, seed):
        x, y, x_test = rows_of(arm, seed)
        task = Task("mapped", x, y, x_test, target.y_test, target.classes)
        budget = dict(steps=steps, every=steps, rate=rate)
        return get_or_make(train, pair, task, SCRATCH, seed=seed, **budget).target_accuracy[-1]

    return {arm: np.array(values) for arm, values in over_seeds(one, arms, seeds, progress).items()}


def carry_paired(
    pair: Pair,
    source: Task,
    target: Task,
    per_class: int,
    arms: dict[object, Callable | None],
    *,
    twin: Task,
    seeds: int | Iterable[int] = 10,
    steps: int = 1000,
) -> dict[object, np.ndarray]:
    """As `carry`, from a source whose rows may be of another length, with `per_class` labels: {arm: (seeds,)}.

    arms   {name: a function (x, y, z, few) → rows (m, d) in the target's space and their labels (m,)}: x and y are a seed's
           2,000 source rows and labels, z the same pictures in the target's form, few the labelled target rows, a `Task`.
           Half of the training rows are these, half labelled target rows, repeated. None: the labelled target rows alone
    twin   the source in the target's form, row by row the same pictures as `source`
    """
    if not np.array_equal(twin.y_train, source.y_train):
        raise ValueError(f"twin must be the source row by row, but the labels of {twin.name} are not those of {source.name}")

    def rows_of(arm, seed):
        few, drawn = target.few(per_class, seed), draw_source(source, seed)
        if arms[arm] is None:
            return few.x_train, few.y_train, target.x_test
        made = arms[arm](source.x_train[drawn].astype(float), source.y_train[drawn], twin.x_train[drawn], few)
        return *with_labels(*made, few), target.x_test

    return accuracies(pair, target, arms, rows_of, seeds, steps)


def part_way(learn: Callable, strength: float) -> Callable:
    """The map, taken part of the way: x + strength · (M(x) − x), from 0, no map, to 1, the whole map."""

    def learned(X, Y):
        M = learn(X, Y)
        return lambda x: x + strength * (M(x) - x)

    return learned


def clouds(source: Task, target: Task, learn: Callable, *, rows: int = 400) -> dict[str, np.ndarray]:
    """What seed 0's map does: {"before", "after": the source's rows, "y": their labels, "seen": rows of the target, "test",
    "y_test": its test rows, which no map looks at, and their labels}.
    """
    drawn, seen = draw_source(source, 0), target.x_train[draw(target, rows, 0)].astype(float)
    x, test = source.x_train[drawn].astype(float), target.x_test.astype(float)
    return dict(before=x, after=learn(x, seen)(x), y=source.y_train[drawn], seen=seen, test=test, y_test=target.y_test)


def gaps(cloud: dict, which: str = "after") -> dict[str, float]:
    """How far the source is from the target: {"means", "covariances"} as the map saw them, {"digits"} as the labels tell.

    means ‖μ - μ'‖ · covariances ‖C - C'‖_F · digits: ‖δ_c - δ'_c‖, the mean over the classes c, where δ_c is a class's mean
    less the middle of them all, on the target's test rows: no map can see this one.
    """
    x, seen, classes = cloud[which], cloud["seen"], np.intersect1d(cloud["y"], cloud["y_test"])
    here, there = (class_means(*rows, classes) for rows in ((x, cloud["y"]), (cloud["test"], cloud["y_test"])))
    apart = (here - here.mean(0)) - (there - there.mean(0))
    return {
        "means": float(np.linalg.norm(x.mean(0) - seen.mean(0))),
        "covariances": float(np.linalg.norm(np.cov(x.T) - np.cov(seen.T))),
        "digits": float(np.linalg.norm(apart, axis=1).mean()),
    }


def class_means(x: np.ndarray, y: np.ndarray, classes: Iterable[int]) -> np.ndarray:
    """(classes, d) the mean row of each class."""
    return np.stack([x[y == c].mean(0) for c in classes])
