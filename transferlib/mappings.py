"""Feature mapping 特征映射: M takes source features into the target's feature space. Every M here is linear.

Without labels, M makes the source's cloud of points look like the target's: both have the same d features, and nothing but
their means and covariances is looked at. With pairs, M is a regression, and the two spaces may differ in dimension.
All follow scikit-learn's convention: `fit(X, Y)` learns from source rows X and target rows Y, `transform(X)` maps rows of
the source.
"""

import numpy as np
from scipy.linalg import eigh, solve
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_array, check_is_fitted


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
