"""The exercises of lesson 06, feature mapping."""

import numpy as np
from scipy.linalg import cholesky, sqrtm

from transferlib.exercises import Exercise, need


def _best(answer, table, domains):
    arms = {name: values.mean() for name, values in table[domains].items()}
    need(isinstance(answer, str), f"the name of a map is asked for, in quotes, not {answer!r}.")
    need(answer in arms, f"{answer!r} is not one of the arms: {', '.join(arms)}.")
    right = max(arms, key=arms.get)
    need(answer != "no map", f"without a map the accuracy is {arms['no map']:.3f}; some of the maps do better.")
    gain = 100 * (arms[answer] - arms["no map"])
    need(answer == right, f"{answer} gains {gain:+.1f} points here, and another map gains more.")
    return f"{right}, by {gain:+.1f} points: one mean and one spread a feature, and no covariance at all."


best = Exercise(
    "best",
    _best,
    (
        "In the picture of gains, find the block of the cropped source; which mark is furthest to the right?",
        "table[domains][name].mean() is an arm's accuracy; take the name with the largest.",
    ),
    'arms = table["cropped source"]\nanswer = max(arms, key=lambda name: arms[name].mean())',
)


def _tried(answer, expected, mistakes, cases, arguments):
    """Compare a function with the expected one, and name the mistake if it is one of `mistakes`: {message: function}."""
    need(callable(answer), f"a function of ({arguments}) is asked for, not {type(answer).__name__}.")
    got = [np.asarray(answer(*(np.copy(a) for a in case)), float) for case in cases]
    wanted = [expected(*case) for case in cases]
    for g, w in zip(got, wanted):
        need(g.shape == w.shape, f"it returns an array of shape {g.shape}; {w.shape} is asked for.")
    if all(np.allclose(g, w, atol=1e-6) for g, w in zip(got, wanted)):
        return
    for message, mistaken in mistakes.items():
        with np.errstate(all="ignore"):
            same = [np.allclose(g, mistaken(*case), atol=1e-6, equal_nan=True) for g, case in zip(got, cases)]
        need(not all(same), message)
    need(all(np.isfinite(g).all() for g in got), "there are NaN or infinite numbers in what it returns.")
    off = max(np.abs(g - w).max() for g, w in zip(got, wanted))
    need(False, f"it is off by up to {off:.3g} on random data. Check it step by step against the formula.")


def _clouds():
    rng = np.random.default_rng(6)
    for n, m, d in ((30, 20, 4), (12, 40, 3)):
        mix = rng.normal(size=(2, d, d))
        yield rng.normal(size=(n, d)) @ mix[0] + 1, rng.normal(size=(m, d)) @ mix[1] - 2


def _standard(answer):
    _tried(
        answer,
        lambda X, Y: Y.mean(0) + (X - X.mean(0)) / X.std(0) * Y.std(0),
        {
            "it gives z-scores of the source; the target's spread and mean are still missing.": lambda X, Y: (
                (X - X.mean(0)) / X.std(0)
            ),
            "it moves the mean and leaves the spread as it was.": lambda X, Y: X - X.mean(0) + Y.mean(0),
            "the factor is upside down: divide by the source's spread, multiply by the target's.": lambda X, Y: (
                Y.mean(0) + (X - X.mean(0)) / Y.std(0) * X.std(0)
            ),
            "it scales by the variances; the spread is their square root.": lambda X, Y: (
                Y.mean(0) + (X - X.mean(0)) / X.var(0) * Y.var(0)
            ),
            "it uses one mean and one spread for all features; take them feature by feature, with axis 0.": lambda X, Y: (
                Y.mean() + (X - X.mean()) / X.std() * Y.std()
            ),
        },
        list(_clouds()),
        "X, Y",
    )
    return "feature by feature, the source has the target's mean and spread."


standard = Exercise(
    "standard",
    _standard,
    (
        "Three moves: take the source's mean away, change the spread, add the target's mean.",
        "The spread is X.std(0) before and should be Y.std(0) after: divide by the one, multiply by the other.",
    ),
    """def answer(X, Y):
    return Y.mean(0) + (X - X.mean(0)) / X.std(0) * Y.std(0)""",
)


def _coral(answer):
    def root(C):
        return np.real(sqrtm(C))

    def inverse(C):
        return np.linalg.inv(root(C))

    _tried(
        answer,
        lambda C_s, C_t: inverse(C_s) @ root(C_t),
        {
            "np.sqrt takes the root of each entry; a matrix root is R with R @ R = C: sqrtm.": lambda s, t: (
                np.linalg.inv(np.sqrt(s)) @ np.sqrt(t)
            ),
            "the roots are missing: with A = C_s⁻¹ C_t the covariance A.T @ C_s @ A is not C_t.": lambda s, t: (
                np.linalg.inv(s) @ t
            ),
            "the factors are in the other order. Rows are multiplied from the right: x @ A whitens first.": lambda s, t: (
                root(t) @ inverse(s)
            ),
            "it maps the target to the source: whiten with C_s, colour with C_t.": lambda s, t: inverse(t) @ root(s),
            "this gives the right covariance, by Cholesky factors; CORAL uses the symmetric roots.": lambda s, t: (
                np.linalg.inv(cholesky(s)) @ cholesky(t)
            ),
            "this is optimal transport: the right covariance too, but another matrix than CORAL's.": lambda s, t: (
                inverse(s) @ root(root(s) @ t @ root(s)) @ inverse(s)
            ),
        },
        [(np.cov(X.T), np.cov(Y.T)) for X, Y in _clouds()],
        "C_s, C_t",
    )
    return "and A.T @ C_s @ A is C_t."


coral = Exercise(
    "coral",
    _coral,
    (
        "C^½ is scipy.linalg.sqrtm(C), and C^-½ is its inverse.",
        "Rows are multiplied from the right: in x @ A the leftmost factor of A acts first, and that one whitens.",
        "np.linalg.inv(sqrtm(C_s)) @ sqrtm(C_t)",
    ),
    """from scipy.linalg import sqrtm

def answer(C_s, C_t):
    return np.linalg.inv(sqrtm(C_s)) @ sqrtm(C_t)""",
)


def _ridge(answer):
    def fitted(X, Y, new, r, centred=True, back=True):
        m, k = (X.mean(0), Y.mean(0)) if centred else (0, 0)
        W = np.linalg.solve((X - m).T @ (X - m) + r * np.eye(X.shape[1]), (X - m).T @ (Y - k))
        return (new - m) @ W + (k if back else 0)

    rng = np.random.default_rng(7)
    cases = [(rng.normal(size=(n, 4)) + 2, rng.normal(size=(n, 3)) - 1, rng.normal(size=(5, 4)) + 2, 0.5) for n in (9, 20)]
    _tried(
        answer,
        fitted,
        {
            "nothing is centred: the ridge then pulls the mean of the target towards 0 too.": lambda X, Y, new, r: fitted(
                X, Y, new, r, centred=False
            ),
            "the target's mean is not added back at the end.": lambda X, Y, new, r: fitted(X, Y, new, r, back=False),
            "the ridge is missing: this is plain least squares.": lambda X, Y, new, r: fitted(X, Y, new, 0.0),
            "the ridge is multiplied by the number of pairs; here it is added as it is.": lambda X, Y, new, r: fitted(
                X, Y, new, r * len(X)
            ),
        },
        cases,
        "X, Y, new, ridge",
    )
    return "a map between two spaces, learned from pairs."


ridge = Exercise(
    "ridge",
    _ridge,
    (
        "Centre X and Y by their own means first, and remember both means.",
        "W solves (XᵀX + ridge·I) W = XᵀY, for the centred X and Y: np.linalg.solve.",
        "A new row is mapped by (new - mean of X) @ W + mean of Y.",
    ),
    """def answer(X, Y, new, ridge):
    m, k = X.mean(0), Y.mean(0)
    W = np.linalg.solve((X - m).T @ (X - m) + ridge * np.eye(X.shape[1]), (X - m).T @ (Y - k))
    return (new - m) @ W + k""",
)
