"""The exercises of lesson 08."""

import numpy as np
import pytest
from scipy import linalg, stats
from sklearn.linear_model import Ridge

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


def one(X, Y):
    return np.sqrt(np.sum((Y - Y.mean(0)) ** 2) / len(Y) / (np.sum((X - X.mean(0)) ** 2) / len(X)))


def scaling_in_place(X, Y):
    factor = one(X, Y)
    X -= X.mean(0)
    X *= factor
    X += Y.mean(0)
    return X


def went(A, C):
    """The mean squared way of rows of covariance C."""
    rows = np.linalg.cholesky(C) @ np.eye(len(C)) * len(C) ** 0.5
    return np.mean(np.sum((rows.T @ A - rows.T) ** 2, 1))


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


def not_on_the_diagonal(X, Y, new, r):
    x, y = centred(X, Y)
    return (new - X.mean(0)) @ np.linalg.solve(x.T @ x + r, x.T @ y) + Y.mean(0)


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
            "standardising",
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
    "one_spread": Tried(
        right=[
            scaling_in_place,
            lambda X, Y: to(X, Y, (Y.var(0).sum() / X.var(0).sum()) ** 0.5),
            lambda X, Y: to(X, Y, np.sqrt(np.trace(np.cov(Y.T)) / np.trace(np.cov(X.T)))),
            lambda X, Y: X * one(X, Y) + Y.mean(0) - X.mean(0) * one(X, Y),
            lambda X, Y: to(X, Y, np.sqrt(Y.var(0).mean() / X.var(0).mean())).astype(np.float32),
            lambda X, Y: to(X, Y, np.sqrt(((Y - Y.mean(0)) ** 2).sum(1).mean() / ((X - X.mean(0)) ** 2).sum(1).mean())),
            lambda X, Y: to(X, Y, (Y - Y.mean(0)).std() / (X - X.mean(0)).std()).tolist(),
        ],
        wrong=[
            (lambda X, Y: one(X, Y) * (X - X.mean(0)), "does not add the target's mean"),
            (lambda X, Y: to(X, Y, 1), "the mean shift"),
            (lambda X, Y: to(X, Y, 1 / one(X, Y)), "upside down"),
            (lambda X, Y: to(X, Y, one(X, Y) ** 2), "variances; the spread"),
            (lambda X, Y: to(X, Y, Y.std(0) / X.std(0)), "that is standardise"),
            (lambda X, Y: to(X, Y, np.mean(Y.std(0) / X.std(0))), "add the variances up first"),
            (lambda X, Y: to(X, Y, Y.std() / X.std()), "in one heap"),
            (lambda X, Y: Y.mean(0) + X * one(X, Y), "not centred first"),
            (lambda X, Y: to(X, Y, np.linalg.norm(Y - Y.mean(0)) / np.linalg.norm(X - X.mean(0))), "equally many rows"),
            (lambda X, Y: to(Y, X, 1 / one(X, Y)), "the shape (30, 4), and returns"),
            (lambda X, Y: Y.mean() + to(X, Y, one(X, Y)) - Y.mean(0), "its own mean: mean(0)"),
            (lambda X, Y: 7 * X, "the first wrong one of its 120 numbers"),
            (lambda X, Y: None, "`return`"),
        ],
        alike=[(lambda X, Y: to(X, Y, np.mean(Y.var(0) / X.var(0)) ** 0.5), "add the variances up first")],
    ),
    "distance": Tried(
        right=[
            lambda A, C: np.trace((A - np.eye(len(A))).T @ C @ (A - np.eye(len(A)))),
            lambda A, C: np.trace(A.T @ C @ A) + np.trace(C) - 2 * np.trace(C @ A),
            lambda A, C: np.sum((np.linalg.cholesky(C).T @ (A - np.eye(len(A)))) ** 2),
            lambda A, C: np.einsum("ij,ik,kj->", A - np.eye(len(A)), C, A - np.eye(len(A))),
            lambda A, C: [np.linalg.norm(root(C) @ (A - np.identity(len(A)))) ** 2],
            lambda A, C: np.float32(((A - np.eye(len(A))) * (C @ (A - np.eye(len(A))))).sum()),
        ],
        wrong=[
            (lambda A, C: np.trace(A.T @ C @ A), "how far they *move*"),
            (lambda A, C: np.sum((A - np.eye(len(A))) ** 2), "it is missing"),
            (lambda A, C: np.trace((A - np.eye(len(A))) @ C @ (A - np.eye(len(A))).T), "from the right"),
            (lambda A, C: np.trace(A.T @ C @ A) - np.trace(C), "compares the two covariances"),
            (lambda A, C: went(A, C) ** 0.5, "that is the distance"),
            (lambda A, C: went(A, C) / len(C), "the mean over the features"),
            (lambda A, C: ((A - np.eye(len(A))).T @ C @ (A - np.eye(len(A)))).sum(), "adds up the whole matrix"),
            (lambda A, C: (A - np.eye(len(A))).T @ C @ (A - np.eye(len(A))), "its trace was asked for"),
            (lambda A, C: np.trace(A.T @ C @ A) + np.trace(C), "a middle term"),
            (lambda A, C: np.trace((A - 1).T @ C @ (A - 1)), "the diagonal only"),
            (lambda A, C: went(A, C) + 1, "instead of"),
            (lambda A, C: A.nothing, "your answer raised AttributeError"),
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
        alike=[
            (lambda X, Y: 1 if np.sign(third(X)) @ third(Y) > 0 else -1, "each feature counts the same"),
            (lambda X, Y: 1 if third(X) @ np.sign(third(Y)) > 0 else -1, "each feature counts the same"),
            (lambda X, Y: 1 if np.abs(third(X) - third(Y)).sum() < np.abs(third(X) + third(Y)).sum() else -1, "instead of"),
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
            (lambda X, Y, new, r: plain(X, Y - Y.mean(0), new, r) + Y.mean(0), "X is not centred"),
            (not_on_the_diagonal, "on the diagonal alone"),
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


def test_what_the_exercises_say_of_the_page_s_maps_is_true():
    rng, here = np.random.default_rng(0), page("08")
    X, Y = (rng.normal(size=(n, 6)) @ rng.normal(size=(6, 6)) for n in (40, 30))
    far = solved(feature_mapping.distance)
    assert far(here.transport(X, Y, 0), np.cov(X.T)) < far(here.coral(X, Y, 0), np.cov(X.T))
    spread = solved(feature_mapping.one_spread)(X, Y).var(0)
    assert np.isclose(spread.sum(), Y.var(0).sum()) and np.allclose(spread / X.var(0), spread[0] / X.var(0)[0])
    assert solved(feature_mapping.side)(X, Y) == here.side(X, Y)
    assert np.allclose(solved(feature_mapping.ridge)(X[:30], Y, X, 0.7), fitted(X[:30], Y, X, 0.7))
