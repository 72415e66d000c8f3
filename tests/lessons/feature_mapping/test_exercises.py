"""The exercises of lesson 08."""

import numpy as np
import pytest
from scipy import linalg, stats
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

from tests.exercises import Tried, every, holds, solved
from tests.page import page
from transferlib.lessons.feature_mapping import exercises as feature_mapping

TABLE = {"uneven lamp": {"no map": np.full(10, 0.5), "standardise": np.full(10, 0.6), "CORAL": np.full(10, 0.55)}}
TABLE["uneven lamp"] |= {"optimal transport": np.full(10, 0.4), "mean shift": np.full(10, 0.58)}


def to(X, Y, factor, mean=None):
    return (Y.mean(0) if mean is None else mean) + (X - X.mean(0)) * factor


def third(Z):
    return ((Z - Z.mean(0)) ** 3).mean(0)


def root(C):
    return linalg.sqrtm(C).real


def power(C, p):
    values, vectors = np.linalg.eigh(C)
    return vectors * values**p @ vectors.T


def by_svd(s, t):
    (u, a, _), (v, b, _) = np.linalg.svd(s), np.linalg.svd(t)
    return u / np.sqrt(a) @ u.T @ (v * np.sqrt(b)) @ v.T


def by_axes(s, t):
    """PCA whitening: it does not turn back."""
    (a, u), (b, v) = np.linalg.eigh(s), np.linalg.eigh(t)
    return u / np.sqrt(a) @ (v * np.sqrt(b)).T


def overwriting(X, Y):
    X -= X.mean(0)
    X /= X.std(0)
    X *= Y.std(0)
    X += Y.mean(0)
    return X


def fitted(X, Y, new, r):
    return Ridge(alpha=r).fit(X, Y).predict(new)


def centred(X, Y):
    return X - X.mean(0), Y - Y.mean(0)


def augmented(X, Y, new, r):
    x, y = centred(X, Y)
    stacked = np.r_[x, np.sqrt(r) * np.eye(x.shape[1])], np.r_[y, np.zeros((x.shape[1], y.shape[1]))]
    return (new - X.mean(0)) @ np.linalg.lstsq(*stacked, rcond=None)[0] + Y.mean(0)


def dual(X, Y, new, r):
    x, y = centred(X, Y)
    return (new - X.mean(0)) @ x.T @ np.linalg.inv(x @ x.T + r * np.eye(len(x))) @ y + Y.mean(0)


def with_intercept(X, Y, new, r):
    one, D = np.c_[X, np.ones(len(X))], np.diag([r] * X.shape[1] + [0])
    return np.c_[new, np.ones(len(new))] @ np.linalg.solve(one.T @ one + D, one.T @ Y)


def by_svd_of_x(X, Y, new, r):
    u, s, v = np.linalg.svd(centred(X, Y)[0], full_matrices=False)
    return (new - X.mean(0)) @ (v.T * s / (s**2 + r)) @ (u.T @ (Y - Y.mean(0))) + Y.mean(0)


def plain(X, Y, new, r, scale=1):
    return new @ np.linalg.solve(X.T @ X + r * np.eye(4), X.T @ Y)


CASES = {
    "best": Tried(
        right=[
            "standardise",
            "Standardise",
            "STANDARDISE",
            " standardise ",
            "standardise()",
            np.str_("standardise"),
            ["standardise"],
            "standardize",
            "z-score",
            max(TABLE["uneven lamp"], key=lambda name: TABLE["uneven lamp"][name].mean()),
        ],
        wrong=[
            ("no map", "without a map the accuracy is 0.500"),
            ("CORAL", "CORAL gains +5.0 points"),
            ("mean shift", "mean shift gains +8.0 points"),
            ("optimal transport", "optimal transport loses 10.0 points"),
            ("Coral map", "'Coral map' is not one of"),
            (3, "in quotes"),
            (0.6, "in quotes"),
        ],
        given=(TABLE, "uneven lamp"),
        names=dict(table=TABLE),
    ),
    "standard": Tried(
        right=[
            overwriting,
            lambda X, Y: to(X, Y, Y.std(0, ddof=1) / X.std(0, ddof=1)),
            lambda X, Y: to(X, Y, np.sqrt(Y.var(0) / X.var(0))),
            lambda X, Y: stats.zscore(X, ddof=1) * Y.std(0, ddof=1) + Y.mean(0),
            lambda X, Y: StandardScaler().fit(Y).inverse_transform(StandardScaler().fit_transform(X)),
            lambda X, Y: (X - X.mean(0)) / X.std(0) @ np.diag(Y.std(0)) + Y.mean(0),
            lambda X, Y: [[(v - a.mean()) / a.std() * b.std() + b.mean() for v, a, b in zip(x, X.T, Y.T)] for x in X],
            lambda X, Y: (to(X, Y, Y.std(0) / X.std(0))).astype(np.float32),
            lambda X, Y: X * (Y.std(0) / X.std(0)) + (Y.mean(0) - X.mean(0) * (Y.std(0) / X.std(0))),
        ],
        wrong=[
            (lambda X, Y: (X - X.mean(0)) / X.std(0), "z-scores"),
            (lambda X, Y: to(X, Y, 1), "leaves the spread"),
            (lambda X, Y: to(X, Y, X.std(0) / Y.std(0)), "upside down"),
            (lambda X, Y: to(X, Y, Y.var(0) / X.var(0)), "variances"),
            (lambda X, Y: Y.mean() + (X - X.mean()) / X.std() * Y.std(), "for all features"),
            (lambda X, Y: to(X, Y, Y.std(0) / X.std(0), 0), "it does not add the target's mean"),
            (lambda X, Y: to(Y, X, X.std(0) / Y.std(0)), "the shape (30, 4), and returns"),
            (lambda X, Y: to(X, Y, Y.std(0, ddof=1) / X.std(0)), "instead of"),
            (lambda X, Y: to(X, Y, Y.std(0) / X.std(0, ddof=1)), "instead of"),
            (lambda X, Y: to(X, Y, np.sqrt((Y.var(0) + 0.01) / (X.var(0) + 0.01))), "a ridge of 0.01"),
            (lambda X, Y: Y.mean(0) + X - X.mean(0) / X.std(0) * Y.std(0), "in brackets"),
            (lambda X, Y: (X - X.mean(1)[:, None]) / X.std(1)[:, None] * Y.std(0) + Y.mean(0), "axis 1"),
            (lambda X, Y: X[:1], "the shape (1, 4)"),
            (lambda X, Y: X, "the first wrong one of its 120"),
            (lambda X, Y: 7 * X, "the first wrong one of its 120 numbers"),
            (lambda X, Y: None, "`return`"),
        ],
    ),
    "coral": Tried(
        right=[
            by_svd,
            lambda s, t: power(s, -0.5) @ power(t, 0.5),
            lambda s, t: linalg.sqrtm(linalg.inv(s)) @ linalg.sqrtm(t),
            lambda s, t: np.linalg.solve(linalg.sqrtm(s), linalg.sqrtm(t)),
            lambda s, t: linalg.fractional_matrix_power(s, -0.5) @ linalg.fractional_matrix_power(t, 0.5),
            lambda s, t: linalg.inv(linalg.sqrtm(s)).dot(linalg.sqrtm(t)) + 0j,
            lambda s, t: (linalg.sqrtm(t) @ linalg.inv(linalg.sqrtm(s))).T.tolist(),
            lambda s, t: linalg.expm(-0.5 * linalg.logm(s)) @ linalg.expm(0.5 * linalg.logm(t)),
        ],
        wrong=[
            (lambda s, t: np.linalg.inv(np.sqrt(s)) @ np.sqrt(t), "np.sqrt takes roots of entries"),
            (lambda s, t: np.linalg.inv(s) @ t, "the roots are missing"),
            (lambda s, t: root(t) @ linalg.inv(root(s)), "in the other order"),
            (lambda s, t: linalg.inv(root(t)) @ root(s), "maps the target to the source"),
            (lambda s, t: linalg.inv(linalg.cholesky(s)) @ linalg.cholesky(t), "Cholesky"),
            (lambda s, t: linalg.inv(s) @ root(s @ t), "optimal transport"),
            (lambda s, t: root(s) @ root(t), "at [0, 0], is"),
            (lambda s, t: linalg.inv(root(s)) * root(t), "of its 16 numbers, at [0, 0], is 2.44"),
            (lambda s, t: linalg.inv(root(s)), "instead of"),
            (lambda s, t: linalg.inv(root(s + np.eye(len(s)))) @ root(t + np.eye(len(t))), "adds a ridge"),
            (by_axes, "stays in the eigenvectors' axes"),
            (lambda s, t: 2 * s, "of its 16 numbers"),
            (lambda s, t: s.nothing, "your answer raised AttributeError"),
        ],
    ),
    "side": Tried(
        right=[
            lambda X, Y: np.sign(third(X) @ third(Y)),
            lambda X, Y: np.sign(np.sum(stats.moment(X, 3) * stats.moment(Y, 3))),
            lambda X, Y: 1 if (third(X) * third(Y)).sum() >= 0 else -1,
            lambda X, Y: np.int64(1) if np.dot(third(X), third(Y)) > 0 else np.int64(-1),
            lambda X, Y: np.float32(np.copysign(1, third(X) @ third(Y))),
            lambda X, Y: [1 if np.inner(third(X), third(Y)) > 0 else -1][0],
            lambda X, Y: 2 * int(third(X) @ third(Y) >= 0) - 1,
            lambda X, Y: 1.0 if sum(a**2 * b for a, b in zip(np.cbrt(third(X)), third(Y) * np.cbrt(third(X)))) > 0 else -1.0,
        ],
        wrong=[
            (lambda X, Y: np.sign((X**3).mean(0) @ (Y**3).mean(0)), "nothing is centred"),
            (lambda X, Y: np.sign(X.mean(0) @ Y.mean(0)), "the means agree"),
            (lambda X, Y: np.sign(X.var(0) @ Y.var(0)), "always 1"),
            (lambda X, Y: np.sign(third(X).sum() * third(Y).sum()), "it adds up each cloud's moments first"),
            (lambda X, Y: 1 if stats.skew(X) @ stats.skew(Y) > 0 else -1, "it divides by the spreads"),
            (lambda X, Y: 1 if np.sign(third(X) * third(Y)).sum() > 0 else -1, "each feature counts the same"),
            (lambda X, Y: -1, "it gives -1 instead of 1"),
            (lambda X, Y: -np.sign(third(X) @ third(Y)), "wrong way round"),
            (lambda X, Y: third(X) @ third(Y), "its sign only"),
            (lambda X, Y: third(X) @ third(Y) >= 0, "True and False"),
            (lambda X, Y: np.sign(third(X) * third(Y)), "one number, and returns numbers of the shape (4,)"),
            (lambda X, Y: np.sign(third(X) @ ((Y - X.mean(0)) ** 3).mean(0)), "each has its own"),
            (lambda X, Y: None, "`return`"),
            (lambda X: 1, "yours takes (X)"),
        ],
    ),
    "ridge": Tried(
        right=[
            fitted,
            augmented,
            dual,
            with_intercept,
            by_svd_of_x,
            lambda X, Y, new, r: Ridge(alpha=r).fit(X, Y).predict(new),
            lambda X, Y, new, r: np.array([Ridge(alpha=r).fit(X, y).predict(new) for y in Y.T]).T,
            lambda X, Y, new, ridge: fitted(X, Y, new, ridge).tolist(),
        ],
        wrong=[
            (plain, "nothing is centred"),
            (lambda X, Y, new, r: fitted(X, Y, new, r) - Y.mean(0), "not added back"),
            (lambda X, Y, new, r: fitted(X, Y, new, 1e-12), "plain least squares"),
            (lambda X, Y, new, r: fitted(X, Y, new, r * len(X)), "multiplied or divided by the number of pairs"),
            (lambda X, Y, new, r: fitted(X, Y, new, r**2), "instead of"),
            (lambda X, Y, new, r: fitted(X, Y, new + X.mean(0), r), "new rows are not centred"),
            (lambda X, Y, new, r: plain(X, Y, new, r) + Y.mean(0), "instead of"),
            (lambda X, Y, new, r: fitted(X, Y, new - new.mean(0) + X.mean(0), r), "their own mean"),
            (lambda X, Y, new, r: fitted(X, Y, X, r), "it maps the rows of X"),
            (lambda X, Y, new, r: new, "the shape (5, 3), and returns numbers of the shape (5, 4)"),
            (lambda X, Y, new: new, "yours takes (X, Y, new)"),
        ],
    ),
}


@pytest.mark.parametrize("feature", range(4))
def test_no_single_feature_says_the_side(feature):
    def answer(X, Y):
        return 1 if third(X)[feature] * third(Y)[feature] >= 0 else -1

    assert "✗" in feature_mapping.side.check(answer).text


def test_the_side_is_asked_of_third_moments():
    def leaning(Z):
        return Z.mean(0) - np.median(Z, 0)

    def fifth(Z):
        return ((Z - Z.mean(0)) ** 5).mean(0)

    for moment in (leaning, fifth):
        said = feature_mapping.side.check(lambda X, Y, moment=moment: 1 if moment(X) @ moment(Y) >= 0 else -1).text
        assert "✗" in said and "instead of" in said


@pytest.mark.parametrize("name", every(feature_mapping))
def test_exercise(name):
    holds(every(feature_mapping)[name], CASES[name])


def test_each_map_is_a_reference_implementation_of_its_exercise():
    rng = np.random.default_rng(0)
    X, Y = (rng.normal(size=(n, 6)) @ rng.normal(size=(6, 6)) for n in (40, 30))
    C_s, C_t = np.cov(X.T), np.cov(Y.T)
    assert np.allclose(solved(feature_mapping.coral)(C_s, C_t), page("08").coral(X, Y, 0))
    assert solved(feature_mapping.side)(X, Y) == page("08").side(X, Y)
    assert np.allclose(solved(feature_mapping.ridge)(X[:30], Y, X, 0.7), fitted(X[:30], Y, X, 0.7))
