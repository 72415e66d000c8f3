"""Feature mapping 特征映射: M takes source features into the target's feature space. Every M here is linear.

Without labels, M makes the source's cloud of points look like the target's: both have the same d features, and nothing but
their means and covariances is looked at. With pairs, M is a regression, scikit-learn's `Ridge`, and the two spaces may
differ in dimension. The maps follow scikit-learn's convention: `fit(X, Y)` learns from source rows X and target rows Y,
`transform(X)` maps rows of the source.
"""

from collections.abc import Iterable
from numbers import Integral, Real

import numpy as np
from scipy.linalg import eigh
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.linear_model import Ridge
from sklearn.utils.validation import check_array, check_is_fitted

from transferlib.experiments import over_seeds
from transferlib.networks import Pair
from transferlib.storage import remembered
from transferlib.strategies import SCRATCH
from transferlib.tasks import Task, stream
from transferlib.training import train

LIMITS = {  # of what a map is told: kind of number, least, most, in words
    "strength": (Real, 0, 1, "a number from 0, no map, to 1, the whole map"),
    "ridge": (Real, 0, np.finfo(float).max, "0 or a positive number"),
}


class LinearMap(TransformerMixin, BaseEstimator):
    """M(x) = mean_t + (x - mean_s) A, taken part of the way: x + strength · (M(x) - x). Subclasses find A (d, d).

    From a single row, of either domain, nothing but the mean can be learned: then M shifts.
    ridge   added to each variance, so that a pixel that never varies is not blown up
    turn    let the third moments say on which side the cloud lies: A times 1 or -1, as `side` finds it
    """

    def __init__(self, ridge: float = 0.01, strength: float = 1.0, turn: bool = False):
        self.ridge, self.strength, self.turn = ridge, strength, turn

    def check(self) -> "LinearMap":
        """The map itself; ValueError when a number that it was told makes no sense."""
        for name, (kind, least, most, words) in LIMITS.items():
            value = getattr(self, name)
            if not isinstance(value, kind) or isinstance(value, bool) or not least <= value <= most:
                raise ValueError(f"{name} must be {words}, not {value!r}")
        return self

    def fit(self, X: np.ndarray, Y: np.ndarray) -> "LinearMap":
        """Learn from source rows X (n, d) and target rows Y (m, d); neither needs labels. ValueError when d differs."""
        X, Y = check_array(X, dtype=float), check_array(Y, dtype=float)
        if X.shape[1] != Y.shape[1]:
            differ = f"the source has {X.shape[1]} features and the target {Y.shape[1]}"
            raise ValueError(f"{differ}: only pairs could say which belong together, and pairs are for Ridge")
        self.check()
        self.n_features_in_, self.source_mean_, self.target_mean_ = X.shape[1], X.mean(0), Y.mean(0)
        self.matrix_ = self._matrix(X, Y) if min(len(X), len(Y)) > 1 else np.eye(X.shape[1])
        self.side_ = side(X, Y) if self.turn else 1
        self.matrix_ = self.side_ * self.matrix_
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Source rows (n, d) → rows (n, d) in the target's space."""
        X = self._rows(X)
        return X + self.strength * (self.target_mean_ + (X - self.source_mean_) @ self.matrix_ - X)

    def _rows(self, X):
        """X as an array of rows as long as those that the map was fitted on, or a readable error."""
        check_is_fitted(self)
        X = check_array(X, dtype=float)
        if X.shape[1] != self.n_features_in_:
            raise ValueError(f"the rows have {X.shape[1]} features; the map was fitted on {self.n_features_in_}")
        return X


class MeanShift(LinearMap):
    """The source moved onto the target's mean, and nothing else: A = I. The first baseline; the ridge plays no part."""

    def _matrix(self, X, Y):
        return np.eye(X.shape[1])


class Standardise(LinearMap):
    """Each feature gets the target's mean and spread: A = diag √((var_t + ridge) / (var_s + ridge)).

    The same as z-scoring each domain by its own statistics, but for the target's units, which a classifier's weights absorb.
    """

    def _matrix(self, X, Y):
        before, after = (np.square(_centred(rows)).mean(0) + self.ridge for rows in (X, Y))
        return np.diag(np.sqrt(np.divide(after, before, out=np.ones_like(after), where=before > 0)))


class Coral(LinearMap):
    """Whiten by the source's covariance, colour by the target's: A = C_s^-½ C_t^½ (Sun, Feng & Saenko 2016, algorithm 1)."""

    def _matrix(self, X, Y):
        return _power(_covariance(X, self.ridge), -0.5) @ _power(_covariance(Y, self.ridge), 0.5)


class OptimalTransport(LinearMap):
    """The linear map to the target's mean and covariance that moves least: A = C_s^-½ (C_s^½ C_t C_s^½)^½ C_s^-½.

    The Monge map between two Gaussians (Peyré & Cuturi 2019, remark 2.31; as adaptation: Flamary, Lounici & Ferrari 2019).
    """

    def _matrix(self, X, Y):
        C_s, C_t = _covariance(X, self.ridge), _covariance(Y, self.ridge)
        root, inverse = _power(C_s, 0.5), _power(C_s, -0.5)
        return inverse @ _power(root @ C_t @ root, 0.5) @ inverse


MAPPINGS = {each.__name__: each for each in (MeanShift, Standardise, Coral, OptimalTransport)}


def side(X: np.ndarray, Y: np.ndarray) -> int:
    """1 where the third moments of the features of X (n, d) and Y (m, d) agree, summed over the features, else -1.

    E(x - μ)³ of a feature turns its sign when the feature is mirrored; a mean can be moved and a variance stays.
    """
    third = [(_centred(rows) ** 3).mean(0) for rows in (X, Y)]
    return 1 if third[0] @ third[1] >= 0 else -1


def _centred(rows):
    """Rows (n, d) about their mean: exactly 0 where a feature never varies, and not the rounding of the mean."""
    return np.where((rows == rows[0]).all(0), 0.0, rows - rows.mean(0))


def _covariance(rows, ridge=0.0):
    """Rows (n, d) → (d, d) covariance, nothing from a single row, with `ridge` added to each variance."""
    centred = _centred(rows)
    return centred.T @ centred / max(len(rows) - 1, 1) + ridge * np.eye(rows.shape[1])


def _eigen(C):
    """Eigenvalues (r,) and vectors (d, r) of a symmetric positive (d, d) matrix; directions without variance left out."""
    values, vectors = eigh(C)
    seen = values > max(values[-1], 0) * len(C) * np.finfo(float).eps
    return values[seen], vectors[:, seen]


def _power(C, p):
    """C^p; a direction without variance stays without, as in a pseudo-inverse."""
    values, vectors = _eigen(C)
    return (vectors * values**p) @ vectors.T


def strengths(mapping: LinearMap, values: Iterable[float] = (0.0, 0.25, 0.5, 0.75, 1.0)) -> dict[float, LinearMap]:
    """A mapping from none to full: {strength: the same mapping at that strength}."""
    return {value: clone(mapping).set_params(strength=value).check() for value in values}


SOURCE_ROWS = 2000
NO_SOURCE = "no source"  # among the mappings of `carry`: the arm that learns from the target's labels alone


def _draw(task, rows, seed):
    """Which training rows a seed sees: `rows` row numbers, or ValueError when there are not so many."""
    if not isinstance(rows, Integral) or not 1 <= rows <= len(task.y_train):
        raise ValueError(f"{task.name} has {len(task.y_train)} training rows; cannot draw {rows!r} of them")
    return stream(seed, "rows").permutation(len(task.y_train))[:rows]


def _draw_source(source, seed):
    """Which rows of the source a seed sees, and those rows and labels: (n,), (n, d), (n,)."""
    drawn = _draw(source, min(SOURCE_ROWS, len(source.y_train)), seed)
    return drawn, source.x_train[drawn].astype(float), source.y_train[drawn]


def _accuracies(pair, target, arms, rows_of, seeds, steps, progress):
    """Train from random weights on rows_of(arm, seed) = x, y, and the target's test rows: {arm: accuracy (seeds,)}."""

    def one(arm, seed):
        x, y, x_test = rows_of(arm, seed)
        task = Task("mapped", x, y, x_test, target.y_test, target.classes)
        return remembered(train, pair, task, SCRATCH, seed=seed, steps=steps, every=steps).target_accuracy[-1]

    return {arm: np.array(values) for arm, values in over_seeds(one, arms, seeds, progress).items()}


def carry(
    pair: Pair,
    source: Task,
    target: Task,
    mappings: dict,
    *,
    rows: int = 400,
    labels: int = 0,
    back: bool = False,
    seeds=10,
    steps: int = 1000,
    progress=None,
) -> dict:
    """Train on M(source), test on the target: {name: accuracy on the target's test rows, (seeds,)}.

    mappings  {name: a mapping, None for no map, or NO_SOURCE}. A seed draws 2,000 source rows and `rows` target rows,
              *without* their labels; all maps are fitted on these. The network begins at the same weights for all maps
    labels    labelled target rows per class: half of the training rows are these, repeated; with NO_SOURCE all are
    back      the other way: the source stays as it is, and what comes from the target goes through M: target → source
    seeds, progress   as for `compare`
    """
    if not isinstance(mappings, dict) or not all(
        m in (None, NO_SOURCE) or isinstance(m, LinearMap) for m in mappings.values()
    ):
        raise ValueError(f"mappings must be a dictionary, {{name: a mapping such as Coral(), or None}}, not {mappings!r}")
    least = int(NO_SOURCE in mappings.values())
    if not isinstance(labels, Integral) or labels < least:
        raise ValueError(f"labels must be a whole number per class, {least} or more for these arms, not {labels!r}")

    def rows_of(name, seed):
        (_, x, y), unlabelled = _draw_source(source, seed), target.x_train[_draw(target, rows, seed)]
        few, m = target.few(labels, seed) if labels else None, mappings[name]
        if m == NO_SOURCE:
            return few.x_train, few.y_train, target.x_test
        here = there = np.asarray
        if m is not None and back:
            there = clone(m).fit(unlabelled, x).transform
        elif m is not None:
            here = clone(m).fit(x, unlabelled).transform
        mapped, y = _with_labels(here(x), y, few, there)
        return mapped, y, there(target.x_test)

    return _accuracies(pair, target, mappings, rows_of, seeds, steps, progress)


def _with_labels(x, y, few, there=np.asarray):
    """Source rows and labels with as many of the few target rows, repeated; as they are where there are none."""
    if few is None:
        return x, y
    again = np.resize(np.arange(len(few.y_train)), len(y))
    return np.concatenate([x, there(few.x_train)[again]]), np.concatenate([y, few.y_train[again]])


def _means(x, y, classes):
    return np.stack([x[y == c].mean(0) for c in classes])


def carry_paired(
    pair: Pair,
    source: Task,
    target: Task,
    per_class: int,
    pairs: Iterable[int],
    *,
    twin: Task,
    seeds=10,
    steps: int = 1000,
    progress=None,
) -> dict:
    """As `carry`, from a source whose rows are of another length, with `per_class` labels: {arm: (seeds,)}.

    Every arm but the first trains on half labelled target rows, half source rows, and differs in what these are:
    "labels only"   no source at all: every row of a batch is the target's
    "class means"   `Ridge` on the pairs that labels make: a class's mean here, its mean among the labelled target rows
    10, 50, …       `Ridge` on so many source pictures that are known in both forms (`pairs`); no label is used
    "10, no map", … the simplest rival: those pictures themselves, in the target's form, with their labels in the source
    "by hand"       no learning: all source pictures in the form that a person made of them, which is `twin`
    twin            the source in the target's form, row by row the same pictures as `source`
    """
    if not np.array_equal(twin.y_train, source.y_train):
        raise ValueError(f"twin must be the source row by row, but the labels of {twin.name} are not those of {source.name}")
    pairs, most = list(pairs), min(SOURCE_ROWS, len(source.y_train))
    if strange := [n for n in pairs if not isinstance(n, Integral) or not 1 <= n <= most]:
        raise ValueError(
            f"pairs must be whole numbers from 1 to {most}, the source rows that a seed draws, not {strange[0]!r}"
        )

    alone = {f"{n}, no map": n for n in pairs}

    def rows_of(arm, seed):
        few, (drawn, x, y) = target.few(per_class, seed), _draw_source(source, seed)
        if arm == "labels only":
            return few.x_train, few.y_train, target.x_test
        mapped = twin.x_train[drawn]
        if arm in alone:
            again = np.resize(np.arange(alone[arm]), len(y))
            mapped, y = mapped[again], y[again]
        elif arm == "class means":
            classes = np.unique(few.y_train)
            told = _means(x, y, classes), _means(few.x_train, few.y_train, classes)
            mapped = Ridge(alpha=10).fit(*told).predict(x)
        elif arm != "by hand":
            mapped = Ridge(alpha=10).fit(x[:arm], mapped[:arm]).predict(x)
        return *_with_labels(mapped, y, few), target.x_test

    arms = ["labels only", "class means", *pairs, *alone, "by hand"]
    return _accuracies(pair, target, arms, rows_of, seeds, steps, progress)


def clouds(source: Task, target: Task, mapping: LinearMap, *, rows: int = 400, seed: int = 0) -> dict:
    """What one seed's map does, as a dict: `before` and `after`, the source's rows, with their labels `y`; what was `seen`
    of the target; and the target's `test` rows with their labels `y_test`, which no map looks at.
    """
    _, x, y = _draw_source(source, seed)
    m = clone(mapping).fit(x, seen := target.x_train[_draw(target, rows, seed)])
    found = dict(before=x, after=m.transform(x), y=y, seen=seen, test=target.x_test.astype(float), y_test=target.y_test)
    return found | dict(strength=m.strength)


def gaps(cloud: dict, which: str = "after") -> dict[str, float]:
    """How far the source is from the target: {"means", "covariances"} as the map saw them, {"digits"} as the labels tell.

    means ‖μ - μ'‖ · covariances ‖C - C'‖_F · digits: ‖δ_c - δ'_c‖, the mean over the classes c, where δ_c is the place of a
    class's mean relative to the middle of them all, on the target's test rows. No map can see this one.
    """
    x, seen, classes = cloud[which], cloud["seen"], np.intersect1d(cloud["y"], cloud["y_test"])
    here, there = (_means(*rows, classes) for rows in ((x, cloud["y"]), (cloud["test"], cloud["y_test"])))
    apart = (here - here.mean(0)) - (there - there.mean(0))
    return {
        "means": float(np.linalg.norm(x.mean(0) - seen.mean(0))),
        "covariances": float(np.linalg.norm(_covariance(x) - _covariance(seen))),
        "digits": float(np.linalg.norm(apart, axis=1).mean()),
    }
