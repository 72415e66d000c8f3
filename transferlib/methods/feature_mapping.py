"""Feature mapping 特征映射: M takes source features into the target's feature space. Every M here is linear.

Without labels, M makes the source's cloud of points look like the target's: both have the same d features, and nothing but
their means and covariances is looked at. With pairs, M is a regression, and the two spaces may differ in dimension.
All follow scikit-learn's convention: `fit(X, Y)` learns from source rows X and target rows Y, `transform(X)` maps rows of
the source.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.linalg import eigh, solve
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils.validation import check_array, check_is_fitted

from transferlib.strategies import SCRATCH
from transferlib.tasks import Task, stream
from transferlib.training import train


class _Linear(TransformerMixin, BaseEstimator):
    """M(x) = mean_t + (x - mean_s) A, taken part of the way: x + strength · (M(x) - x). Subclasses find A (d, d).

    From a single row, of either domain, nothing but the mean can be learned: then M shifts.
    """

    def fit(self, X, Y):
        """Learn from source rows X (n, d) and target rows Y (m, d); neither needs labels. ValueError when d differs."""
        X, Y = check_array(X, dtype=float), check_array(Y, dtype=float)
        if X.shape[1] != Y.shape[1]:
            raise ValueError(
                f"the source has {X.shape[1]} features and the target {Y.shape[1]}: without pairs nothing says which "
                "belongs to which. Give pairs to PairedRidge instead"
            )
        if getattr(self, "ridge", 0) < 0 or getattr(self, "components", 1) < 1:
            raise ValueError(f"ridge must be 0 or more and components 1 or more: {self!r}")
        self.n_features_in_, self.source_mean_, self.target_mean_ = X.shape[1], X.mean(0), Y.mean(0)
        several = min(len(X), len(Y)) > 1
        self.matrix_ = self._matrix(X - self.source_mean_, Y - self.target_mean_) if several else np.eye(X.shape[1])
        return self

    def transform(self, X):
        """Source rows (n, d) → rows (n, d) in the target's space."""
        X = _rows(self, X)
        return X + self.strength * (self.target_mean_ + (X - self.source_mean_) @ self.matrix_ - X)

    def target(self, Y):
        """Target rows (m, d) as M(source) meets them: as they are, but for subspace alignment."""
        return _rows(self, Y)


class Standardise(_Linear):
    """Each feature gets the target's mean and spread: A = diag √((var_t + ridge) / (var_s + ridge)).

    The same as z-scoring each domain by its own statistics, but for the target's units, which a classifier's weights absorb.
    """

    def __init__(self, ridge=0.01, strength=1.0):
        self.ridge, self.strength = ridge, strength

    def _matrix(self, X, Y):
        before, after = X.var(0) + self.ridge, Y.var(0) + self.ridge
        return np.diag(np.sqrt(np.divide(after, before, out=np.ones_like(after), where=before > 0)))


class Coral(_Linear):
    """Whiten by the source's covariance, colour by the target's: A = C_s^-½ C_t^½ (Sun, Feng & Saenko 2016, algorithm 1)."""

    def __init__(self, ridge=0.01, strength=1.0):
        self.ridge, self.strength = ridge, strength

    def _matrix(self, X, Y):
        return _power(_covariance(X, self.ridge), -0.5) @ _power(_covariance(Y, self.ridge), 0.5)


class OptimalTransport(_Linear):
    """The linear map to the target's mean and covariance that moves least: A = C_s^-½ (C_s^½ C_t C_s^½)^½ C_s^-½.

    The Monge map between two Gaussians (Peyré & Cuturi 2019, remark 2.31; as adaptation: Flamary, Lounici & Ferrari 2019).
    """

    def __init__(self, ridge=0.01, strength=1.0):
        self.ridge, self.strength = ridge, strength

    def _matrix(self, X, Y):
        C_s, C_t = _covariance(X, self.ridge), _covariance(Y, self.ridge)
        root, inverse = _power(C_s, 0.5), _power(C_s, -0.5)
        return inverse @ _power(root @ C_t @ root, 0.5) @ inverse


class SubspaceAlignment(_Linear):
    """The source's main directions turned onto the target's: A = P_s P_sᵀ P_t P_tᵀ (Fernando et al. 2013, section 3.2).

    P (d, k) has the first k principal directions as columns; fewer where either cloud spans fewer. `target` projects the
    target's rows onto P_t, as far as `strength` says, so that both clouds lie in one k-dimensional subspace.
    """

    def __init__(self, components=20, strength=1.0):
        self.components, self.strength = components, strength

    def _matrix(self, X, Y):
        P_s, P_t = _directions(X), _directions(Y)
        k = min(self.components, P_s.shape[1], P_t.shape[1])
        P_s, self.directions_ = P_s[:, :k], P_t[:, :k]
        return P_s @ P_s.T @ self.directions_ @ self.directions_.T if k else np.eye(len(P_s))

    def target(self, Y):
        Y, P = _rows(self, Y), getattr(self, "directions_", np.zeros((0, 0)))
        if not P.size:
            return Y
        return Y + self.strength * (self.target_mean_ + (Y - self.target_mean_) @ P @ P.T - Y)


MAPPINGS = {each.__name__: each for each in (Standardise, Coral, OptimalTransport, SubspaceAlignment)}


class PairedRidge(TransformerMixin, BaseEstimator):
    """A map learned from pairs, row by row: W = argmin ‖X W - Y‖² + ridge ‖W‖², both centred (Hoerl & Kennard 1970).

    The two spaces may differ in dimension. With n pairs below d_s, the same W from an n × n system: Xᵀ (X Xᵀ + ridge I)⁻¹ Y.
    """

    def __init__(self, ridge=10.0):
        self.ridge = ridge

    def fit(self, X, Y):
        """Learn from source rows X (n, d_s) and the target row that belongs to each, Y (n, d_t). ValueError: not paired."""
        X, Y = check_array(X, dtype=float), check_array(Y, dtype=float)
        if len(X) != len(Y):
            raise ValueError(f"{len(X)} source rows and {len(Y)} target rows are not pairs: give one target row for each")
        if not self.ridge > 0:
            raise ValueError(f"ridge must be above 0, not {self.ridge!r}")
        self.n_features_in_, self.source_mean_, self.target_mean_ = X.shape[1], X.mean(0), Y.mean(0)
        X, Y = X - self.source_mean_, Y - self.target_mean_
        if len(X) < X.shape[1]:
            self.matrix_ = X.T @ solve(X @ X.T + self.ridge * np.eye(len(X)), Y, assume_a="pos")
        else:
            self.matrix_ = solve(X.T @ X + self.ridge * np.eye(X.shape[1]), X.T @ Y, assume_a="pos")
        return self

    def transform(self, X):
        """Source rows (n, d_s) → rows (n, d_t) in the target's space."""
        return self.target_mean_ + (_rows(self, X) - self.source_mean_) @ self.matrix_


def _rows(fitted, X):
    """X as an array of rows as long as those that the map was fitted on, or a readable error."""
    check_is_fitted(fitted)
    X = check_array(X, dtype=float)
    if X.shape[1] != fitted.n_features_in_:
        raise ValueError(f"the rows have {X.shape[1]} features; the map was fitted on {fitted.n_features_in_}")
    return X


def _covariance(centred, ridge):
    """(n, d) centred rows, n > 1 → (d, d) covariance with `ridge` added to each variance."""
    return centred.T @ centred / (len(centred) - 1) + ridge * np.eye(centred.shape[1])


def _eigen(C):
    """Eigenvalues (r,) and vectors (d, r) of a symmetric positive (d, d) matrix; directions without variance left out."""
    values, vectors = eigh(C)
    seen = values > max(values[-1], 0) * len(C) * np.finfo(float).eps
    return values[seen], vectors[:, seen]


def _power(C, p):
    """C^p; a direction without variance stays without, as in a pseudo-inverse."""
    values, vectors = _eigen(C)
    return (vectors * values**p) @ vectors.T


def _directions(centred):
    """The principal directions of centred rows (n, d), as columns (d, rank), the largest variance first."""
    return _eigen(_covariance(centred, 0.0))[1][:, ::-1]


SOURCE_ROWS = 2000


def strengths(mapping, values=(0.0, 0.25, 0.5, 0.75, 1.0)):
    """A mapping from none to full: {strength: the same mapping at that strength}."""
    return {value: clone(mapping).set_params(strength=value) for value in values}


def _draw(task, rows, seed):
    """Which training rows a seed sees: `rows` row numbers, or ValueError when there are not so many."""
    if not 1 <= rows <= len(task.y_train):
        raise ValueError(f"{task.name} has {len(task.y_train)} training rows; cannot draw {rows} of them")
    return stream(seed, "rows").permutation(len(task.y_train))[:rows]


def carry(pair, source, target, mappings, *, rows=400, seeds=10, steps=1000, progress=None):
    """Train on M(source) alone, test on the target: {name: accuracy on the target's test rows, (seeds,)}.

    mappings  {name: a mapping, or None for no map}. A seed draws 2,000 source rows and `rows` target rows, *without* their
              labels; all maps are fitted on these. Then the network is trained from random weights, the same for all maps
    progress  called as progress(done, of all); what it raises stops the runs
    """

    def arms(seed):
        x, y = (a[_draw(source, min(SOURCE_ROWS, len(source.y_train)), seed)] for a in (source.x_train, source.y_train))
        unlabelled = target.x_train[_draw(target, rows, seed)]
        for mapping in mappings.values():
            if mapping is None:
                yield x, y, target.x_test
            else:
                m = clone(mapping).fit(x, unlabelled)
                yield m.transform(x), y, m.target(target.x_test)

    return _accuracies(pair, target, list(mappings), arms, seeds, steps, progress)


def class_means(x, y, few, seed):
    """Pairs (classes, d_s), (classes, d_t): the mean of a class here with its mean there."""
    return tuple(
        np.stack([rows[labels == c].mean(0) for c in np.unique(few.y_train)]) for rows, labels in ((x, y), _of(few))
    )


def class_pairs(x, y, few, seed):
    """Pairs (n, d_s), (n, d_t): every source row with a labelled target row of its class, drawn at random."""
    rng = stream(seed, "class pairs")
    return x, np.stack([few.x_train[rng.choice(np.flatnonzero(few.y_train == c))] for c in y])


def _of(task):
    return task.x_train, task.y_train


def carry_paired(pair, source, target, per_class, *, twin, seeds=10, steps=1000, progress=None):
    """As `carry`, from a source whose rows are of another length, with `per_class` labels: {arm: (seeds,)}.

    Every arm but the first trains on half labelled target rows, half mapped source rows, and differs in the map alone:
    target labels only   no source at all: every row of a batch is the target's
    class means, class pairs   `PairedRidge` on what the target's few labels pair up
    same pictures        `PairedRidge` on 10·per_class source pictures that are known in both forms
    made by hand         no learning: all source pictures in the form that a person made of them, which is `twin`
    twin                 the source in the target's form, row by row the same pictures as `source`
    """

    def arms(seed):
        few, rows = target.few(per_class, seed), _draw(source, SOURCE_ROWS, seed)
        x, y = source.x_train[rows], source.y_train[rows]
        known = rows[: 10 * per_class]
        yield *_of(few), target.x_test
        for pairs in (class_means(x, y, few, seed), class_pairs(x, y, few, seed), (x[: len(known)], twin.x_train[known])):
            yield *_half(PairedRidge().fit(*pairs).transform(x), y, few), target.x_test
        yield *_half(twin.x_train[rows], y, few), target.x_test

    names = ["target labels only", "class means", "class pairs", "same pictures", "made by hand"]
    return _accuracies(pair, target, names, arms, seeds, steps, progress)


def _half(x, y, few):
    """Source rows and labels, and as many rows again of the few from the target, repeated."""
    again = np.resize(np.arange(len(few.y_train)), len(y))
    return np.concatenate([x, few.x_train[again]]), np.concatenate([y, few.y_train[again]])


def _accuracies(pair, target, names, arms, seeds, steps, progress):
    """Train each arm (x, y, x_test) of each seed from random weights: {name: accuracy (seeds,)}."""
    found = {name: [] for name in names}

    def accuracy(seed, x, y, x_test):
        task = Task("mapped", x, y, x_test, target.y_test, target.classes)
        return train(pair, task, SCRATCH, seed=seed, steps=steps, every=steps).target_accuracy[-1]

    with ThreadPoolExecutor(2) as pool:  # while one arm is trained, the next is mapped
        for seed in range(seeds):
            for name, run in zip(names, [pool.submit(accuracy, seed, *arm) for arm in arms(seed)]):
                found[name].append(run.result())
                if progress:
                    progress(sum(map(len, found.values())), seeds * len(names))
    return {name: np.array(values) for name, values in found.items()}


def clouds(source, target, mapping, *, rows=400, seed=0):
    """What one seed's map does, as a dict: `before` and `after`, the source's rows, with their labels `y`; what was `seen`
    of the target; and the target's `test` rows with their labels `y_test`, which no map looks at.
    """
    x, y = (a[_draw(source, min(SOURCE_ROWS, len(source.y_train)), seed)] for a in (source.x_train, source.y_train))
    m = clone(mapping).fit(x, seen := target.x_train[_draw(target, rows, seed)])
    after, seen, test = m.transform(x), m.target(seen), m.target(target.x_test)
    return dict(before=x, after=after, y=y, seen=seen, test=test, y_test=target.y_test, strength=m.strength)


def gaps(cloud, which="after"):
    """How far the source is from the target: {"means", "covariances"} as the map saw them, {"digits"} as the labels tell.

    means ‖μ - μ'‖ · covariances ‖C - C'‖_F · digits: ‖δ_c - δ'_c‖, the mean over the classes c, where δ_c is the place of a
    class's mean relative to the middle of them all, on the target's test rows. No map can see this one.
    """
    x, seen, labels = cloud[which], cloud["seen"], np.unique(cloud["y_test"])
    spread = [np.cov(rows.T) if len(rows) > 1 else np.zeros((rows.shape[1],) * 2) for rows in (x, seen)]
    places = [np.stack([rows[y == c].mean(0) for c in labels]) for rows, y in ((x, cloud["y"]), _test(cloud))]
    here, there = (place - place.mean(0) for place in places)
    return {
        "means": float(np.linalg.norm(x.mean(0) - seen.mean(0))),
        "covariances": float(np.linalg.norm(spread[0] - spread[1])),
        "digits": float(np.linalg.norm(here - there, axis=1).mean()),
    }


def _test(cloud):
    return cloud["test"], cloud["y_test"]
