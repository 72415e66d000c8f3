"""The exercises of lesson 08, feature mapping."""

import numpy as np
from scipy.linalg import cholesky, sqrtm

from transferlib.exercises import compare, exercise, need
from transferlib.tasks import stream


def _plain(name):
    """A name as it is compared: "optimal transport", OptimalTransport and OptimalTransport() are one map."""
    if not isinstance(name, str):
        name = getattr(name, "__name__", type(name).__name__)
    return "".join(letter for letter in name.lower() if letter.isalnum())


@exercise(
    "In the picture of gains, find the block of the uneven lamp; which mark is furthest to the right?",
    "table[domains][name].mean() is an arm's accuracy; take the name with the largest.",
    solution='arms = table["uneven lamp"]\nanswer = max(arms, key=lambda name: arms[name].mean())',
)
def best(answer, table, domains):
    arms = {name: values.mean() for name, values in table[domains].items()}
    names = {_plain(name): name for name in arms}
    fit = isinstance(answer, str) or _plain(answer) in names
    need(fit, f"the name of a map is asked for, in quotes, not a {type(answer).__name__}.")
    need(_plain(answer) in names, f"{answer!r} is not one of the arms: {', '.join(arms)}.")
    answer, right = names[_plain(answer)], max(arms, key=arms.get)
    need(answer != "no map" or right == answer, f"without a map the accuracy is {arms['no map']:.3f}; some maps do better.")
    gain = 100 * (arms[answer] - arms["no map"])
    need(gain > 0 or right == answer, f"{answer} loses {-gain:.1f} points here; the arm that gains most was asked for.")
    need(answer == right, f"{answer} gains {gain:+.1f} points here, and another map gains more.")
    return f"{right}, by {gain:+.1f} points: one mean and one spread a feature are what the lamp has changed."


def _clouds():
    rng = stream(6, "exercise")
    for n, m, d in ((30, 20, 4), (12, 40, 3)):
        mix = rng.normal(size=(2, d, d))
        yield rng.normal(size=(n, d)) @ mix[0] + 1, rng.normal(size=(m, d)) @ mix[1] - 2


@exercise(
    "Three moves: take the source's mean away, change the spread, add the target's mean.",
    "The spread is X.std(0) before and should be Y.std(0) after: divide by the one, multiply by the other.",
    solution="""def answer(X, Y):
    return Y.mean(0) + (X - X.mean(0)) / X.std(0) * Y.std(0)""",
)
def standard(answer):
    def scaled(factor, mean=lambda X, Y: Y.mean(0)):
        return lambda X, Y: mean(X, Y) + (X - X.mean(0)) * factor(X, Y)

    def ratio(X, Y):
        return Y.std(0) / X.std(0)

    mistakes = {
        "it gives z-scores; the target's spread and mean are still missing.": lambda X, Y: (X - X.mean(0)) / X.std(0),
        "it moves the mean and leaves the spread as it was.": scaled(lambda X, Y: 1),
        "the factor is upside down: divide by X's spread, multiply by Y's.": scaled(lambda X, Y: 1 / ratio(X, Y)),
        "it scales by the variances; the spread is their square root.": scaled(lambda X, Y: ratio(X, Y) ** 2),
        "it uses one mean and one spread for all features; take them feature by feature, with axis 0.": lambda X, Y: (
            Y.mean() + (X - X.mean()) / X.std() * Y.std()
        ),
        "the spread is right, and the target's mean is missing at the end.": scaled(ratio, lambda X, Y: 0),
        "the source's mean is added back at the end; it should be the target's.": scaled(ratio, lambda X, Y: X.mean(0)),
        "X's spread is not taken out: divide by it before you multiply by Y's.": scaled(lambda X, Y: Y.std(0)),
        "it maps the target to the source: X should come out, like Y.": lambda X, Y: (
            X.mean(0) + (Y - Y.mean(0)) / ratio(X, Y)
        ),
        "it returns X as it was.": lambda X, Y: X,
        "Y's spread has n − 1 below and X's n: take the same for both.": scaled(lambda X, Y: Y.std(0, ddof=1) / X.std(0)),
        "X's spread has n − 1 below and Y's n: take the same for both.": scaled(lambda X, Y: Y.std(0) / X.std(0, ddof=1)),
    }
    right = scaled(ratio), scaled(lambda X, Y: Y.std(0, ddof=1) / X.std(0, ddof=1))
    compare(answer, "X, Y", right, mistakes, _clouds())
    return "feature by feature, the source has the target's mean and spread."


@exercise(
    "C^½ is scipy.linalg.sqrtm(C), and C^-½ is its inverse.",
    "Rows are multiplied from the right: in x @ A the leftmost factor of A acts first, and that one whitens.",
    "np.linalg.inv(sqrtm(C_s)) @ sqrtm(C_t)",
    solution="""from scipy.linalg import sqrtm

def answer(C_s, C_t):
    return np.linalg.inv(sqrtm(C_s)) @ sqrtm(C_t)""",
)
def coral(answer):
    def root(C):
        return np.real(sqrtm(C))

    def inverse(C):
        return np.linalg.inv(root(C))

    mistakes = {
        "np.sqrt and ** take roots of entries; a matrix root has R @ R = C.": lambda s, t: (
            np.linalg.inv(np.sqrt(s)) @ np.sqrt(t)
        ),
        "the roots are missing: with C_s⁻¹ C_t, A.T @ C_s @ A is not C_t.": lambda s, t: np.linalg.inv(s) @ t,
        "the factors are in the other order: x @ A should whiten first.": lambda s, t: root(t) @ inverse(s),
        "it maps the target to the source: whiten with C_s, colour with C_t.": lambda s, t: inverse(t) @ root(s),
        "these are Cholesky factors; CORAL uses the symmetric roots.": lambda s, t: np.linalg.inv(cholesky(s)) @ cholesky(t),
        "this is optimal transport: the right covariance too, but another matrix than CORAL's.": lambda s, t: (
            inverse(s) @ root(root(s) @ t @ root(s)) @ inverse(s)
        ),
        "the first factor is not inverted: C_s is to be undone.": lambda s, t: root(s) @ root(t),
        "it only whitens: the factor with C_t is missing.": lambda s, t: inverse(s),
        "* multiplies entry by entry; matrices are multiplied by @.": lambda s, t: inverse(s) * root(t),
    }
    cases = [(np.cov(X.T), np.cov(Y.T)) for X, Y in _clouds()]
    compare(answer, "C_s, C_t", lambda s, t: inverse(s) @ root(t), mistakes, cases, near=1e-3)
    return "and A.T @ C_s @ A is C_t."


@exercise(
    "Centre X and Y by their own means, take the third power, then the mean over the rows: one number a feature.",
    "Multiply the two rows of third moments feature by feature and add them up; only the sign of the sum counts.",
    solution="""def answer(X, Y):
    third = [((Z - Z.mean(0)) ** 3).mean(0) for Z in (X, Y)]
    return 1 if third[0] @ third[1] >= 0 else -1""",
)
def side(answer):
    rng, cases = stream(9, "exercise"), []
    way = np.array([1, 1, -1, 1])
    for turned, at in ((1, 4), (-1, 4), (1, -4), (-1, -4), (1, np.array([-4, 2, 2, 2]))):
        X, Y = ((rng.exponential(size=(n, 4)) - 1) * way for n in (400, 300))
        Y[:, 0] *= 3
        cases.append((X + 4, turned * Y + at))

    def agree(moment, sign=1):
        return lambda X, Y: sign if moment(X) @ moment(Y) >= 0 else -sign

    def third(Z):
        return ((Z - Z.mean(0)) ** 3).mean(0)

    mistakes = {
        "nothing is centred: where the cloud lies decides, not how it leans.": agree(lambda Z: (Z**3).mean(0)),
        "it asks whether the means agree; a shift changes them, and a mirror need not.": agree(lambda Z: Z.mean(0)),
        "it is always 1: a second moment (a variance) is the same in a mirror. Take the third power.": (
            agree(lambda Z: Z.var(0)),
            lambda X, Y: 1,
        ),
        "it is always −1: some of the cases are not turned.": lambda X, Y: -1,
        "the sign is the wrong way round: 1 is for moments that agree.": agree(third, -1),
        "the sum is asked for its sign only: 1 or −1.": (
            lambda X, Y: third(X) @ third(Y),
            lambda X, Y: third(X) @ third(Y) / (np.linalg.norm(third(X)) * np.linalg.norm(third(Y))),
            lambda X, Y: (third(X) * third(Y)).mean(),
        ),
        "it gives True and False; 1 and −1 are asked for.": lambda X, Y: float(third(X) @ third(Y) >= 0),
        "it gives one sign a feature; add the products up first.": lambda X, Y: np.sign(third(X) * third(Y)),
        "the mean of X is taken from both: each has its own.": agree_with_one_mean,
    }
    compare(answer, "X, Y", agree(third), mistakes, cases)
    return "a mirror turns the third moment, and no label was needed."


def agree_with_one_mean(X, Y):
    """A mistake of `side`: both clouds about the source's mean."""
    return 1 if ((X - X.mean(0)) ** 3).mean(0) @ ((Y - X.mean(0)) ** 3).mean(0) >= 0 else -1


@exercise(
    "Centre X and Y by their own means first, and remember both means.",
    "W solves (XᵀX + ridge·I) W = XᵀY, for the centred X and Y: np.linalg.solve.",
    "A new row is mapped by (new - mean of X) @ W + mean of Y.",
    solution="""def answer(X, Y, new, ridge):
    m, k = X.mean(0), Y.mean(0)
    W = np.linalg.solve((X - m).T @ (X - m) + ridge * np.eye(X.shape[1]), (X - m).T @ (Y - k))
    return (new - m) @ W + k""",
)
def ridge(answer):
    def fitted(scale=lambda X, r: r, centre=(1, 1), back=1):
        """The map with its ridge scaled, the pairs and the new rows centred or not, and Y's mean added back or not."""

        def function(X, Y, new, r):
            m, k = X.mean(0), Y.mean(0)
            x, y, z = X - centre[0] * m, Y - centre[0] * k, new - centre[1] * m
            return z @ np.linalg.solve(x.T @ x + scale(X, r) * np.eye(X.shape[1]), x.T @ y) + back * k

        return function

    rng = stream(7, "exercise")
    cases = [(rng.normal(size=(n, 4)) + 2, rng.normal(size=(n, 3)) - 1, rng.normal(size=(5, 4)) + 2, 0.5) for n in (9, 20)]
    mistakes = {
        "nothing is centred: the ridge then pulls the mean of the target towards 0 too.": fitted(centre=(0, 0), back=0),
        "the target's mean is not added back at the end.": fitted(back=0),
        "the ridge is missing: this is plain least squares.": fitted(lambda X, r: 0),
        "the ridge is multiplied by the number of pairs; here it is added as it is.": fitted(lambda X, r: r * len(X)),
        "the ridge is divided by the number of pairs; here it is added as it is.": fitted(lambda X, r: r / len(X)),
        "the ridge is squared; here it is added as it is.": fitted(lambda X, r: r**2),
        "the new rows are not centred: take the mean of X away from them too.": fitted(centre=(1, 0)),
        "Y is not centred, and its mean is added all the same: it counts twice.": fitted(centre=(0, 0)),
        "the new rows are centred by their own mean; take that of X, which the map was fitted with.": lambda X, Y, new, r: (
            fitted()(X, Y, new - new.mean(0) + X.mean(0), r)
        ),
        "it returns the rows of X, mapped; the new rows were asked for.": lambda X, Y, new, r: fitted()(X, Y, X, r),
    }
    compare(answer, "X, Y, new, ridge", fitted(), mistakes, cases)
    return "a map between two spaces, learned from pairs."
