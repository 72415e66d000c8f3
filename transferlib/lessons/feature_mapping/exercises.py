"""The exercises of lesson 08, feature mapping."""

import numpy as np
from scipy.linalg import cholesky, sqrtm

from transferlib.exercises import compare, exercise, need, short
from transferlib.tasks import stream


def _plain(name):
    """A name as it is compared: "optimal transport", "Optimal-Transport" and optimal_transport are one."""
    name = "".join(letter for letter in getattr(name, "__name__", short(name)).lower() if letter.isalnum())
    return "standardise" if name in ("standardize", "zscore", "zscores") else name


@exercise(
    "In the picture of gains, find the block of the uneven lamp; which mark is furthest to the right?",
    "table[domains][name].mean() is an arm's accuracy; take the name with the largest.",
    solution='arms = table["uneven lamp"]\nanswer = max(arms, key=lambda name: arms[name].mean())',
)
def best(answer, table, domains):
    arms = {name: values.mean() for name, values in table[domains].items()}
    names, right = {_plain(name): name for name in arms}, max(arms, key=arms.get)
    answer = answer[0] if isinstance(answer, (list, tuple)) and len(answer) == 1 else answer
    fit = isinstance(answer, str) or _plain(answer) in names
    need(fit, f"the name of a map is asked for, in quotes, not a {type(answer).__name__}.")
    need(_plain(answer) in names, f"{short(answer)} is not one of the arms: {', '.join(arms)}.")
    answer = names[_plain(answer)]
    gain = 100 * (arms[answer] - arms["no map"])
    if answer != right:
        need(answer != "no map", f"without a map the accuracy is {arms['no map']:.3f}; some maps do better.")
        need(gain > 0, f"{answer} loses {-gain:.1f} points here; the arm that gains most was asked for.")
        need(False, f"{answer} gains {gain:+.1f} points here, and another map gains more.")
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
    def scaled(factor, add=lambda X, Y: Y.mean(0), less=lambda X: X.mean(0)):
        return lambda X, Y: add(X, Y) + (X - less(X)) * factor(X, Y)

    def ratio(X, Y, ridge=0.0, n=0):
        return np.sqrt((Y.var(0, ddof=n) + ridge) / (X.var(0, ddof=n) + ridge))

    def of_all(X, Y):
        return Y.std() / X.std()

    def by_row(X, Y):
        return Y.std(0) / X.std(1)[:, None]

    compare(answer, "X, Y", (scaled(ratio), scaled(lambda X, Y: ratio(X, Y, n=1))), {
        "these are z-scores: Y's spread and mean are missing.": lambda X, Y: (X - X.mean(0)) / X.std(0),
        "it moves the mean and leaves the spread as it was.": scaled(lambda X, Y: 1),
        "the factor is upside down: divide by X's spread.": scaled(lambda X, Y: 1 / ratio(X, Y)),
        "it scales by the variances; the spread is their root.": scaled(lambda X, Y: ratio(X, Y) ** 2),
        "it has one spread for all features; axis 0 takes each by itself.":
            (scaled(of_all), scaled(of_all, lambda X, Y: Y.mean(), lambda X: X.mean())),
        "axis 1 goes along a row; features are columns.": scaled(by_row, less=lambda X: X.mean(1)[:, None]),
        "at the end it does not add the target's mean.": scaled(ratio, lambda X, Y: 0),
        "it adds a ridge of 0.01; none is needed here.": scaled(lambda X, Y: ratio(X, Y, 0.01)),
        "/ and * come before + and −: put (X - X.mean(0)) in brackets.":
            lambda X, Y: Y.mean(0) + X - X.mean(0) / X.std(0) * Y.std(0),
    }, _clouds())  # fmt: skip
    return "feature by feature, the source has the target's mean and spread."


@exercise(
    "C^½ is scipy.linalg.sqrtm(C), and C^-½ is its inverse.",
    "Rows are multiplied from the right: in x @ A the leftmost factor of A acts first, and that one whitens.",
    solution="""from scipy.linalg import sqrtm

def answer(C_s, C_t):
    return np.linalg.inv(sqrtm(C_s)) @ sqrtm(C_t)""",
)
def coral(answer):
    inv = np.linalg.inv

    def root(C, ridge=0.0):
        return np.real(sqrtm(C + ridge * np.eye(len(C))))

    def axes(C, p):
        values, vectors = np.linalg.eigh(C)
        return vectors * values**p

    cases = [(np.cov(X.T), np.cov(Y.T)) for X, Y in _clouds()]
    compare(answer, "C_s, C_t", lambda s, t: inv(root(s)) @ root(t), {
        "np.sqrt takes roots of entries; R @ R = C is wanted.": lambda s, t: inv(np.sqrt(s)) @ np.sqrt(t),
        "the roots are missing: with inv(C_s) @ C_t, A.T @ C_s @ A is not C_t.": lambda s, t: inv(s) @ t,
        "the factors are in the other order: x @ A should whiten first.": lambda s, t: root(t) @ inv(root(s)),
        "it maps the target to the source: C_s whitens, C_t colours.": lambda s, t: inv(root(t)) @ root(s),
        "these are Cholesky factors, not the symmetric roots.": lambda s, t: inv(cholesky(s)) @ cholesky(t),
        "this is optimal transport: the right covariance too, but another matrix than CORAL's.":
            lambda s, t: inv(root(s)) @ root(root(s) @ t @ root(s)) @ inv(root(s)),
        "it adds a ridge, such as the paper's I; none was asked for.":
            tuple(lambda s, t, r=r: inv(root(s, r)) @ root(t, r) for r in (1, 0.01)),
        "it stays in the eigenvectors' axes; the symmetric root turns back: (V * values**p) @ V.T.":
            (lambda s, t: axes(s, -0.5) @ axes(t, 0.5).T, lambda s, t: axes(s, -0.5) @ root(t)),
    }, cases, near=1e-3)  # fmt: skip
    return "and A.T @ C_s @ A is C_t."


@exercise(
    "Centre X and Y by their own means, take the third power, then the mean over the rows, for each feature.",
    "Multiply the two rows of third moments feature by feature and add them up; only the sum's sign counts.",
    solution="""def answer(X, Y):
    third = [((Z - Z.mean(0)) ** 3).mean(0) for Z in (X, Y)]
    return 1 if third[0] @ third[1] >= 0 else -1""",
)
def side(answer):
    def third(Z, mean=None):
        return ((Z - (Z.mean(0) if mean is None else mean)) ** 3).mean(0)

    def sign(number):
        return 1 if number >= 0 else -1

    def agree(moment):
        return lambda X, Y: sign(moment(X) @ moment(Y))

    rng, cases = stream(9, "exercise"), []
    lean = [-np.log1p(-(np.arange(n) + 0.5) / n) - 1 for n in (400, 300)]  # an exponential's, without chance
    for x, y, at in (  # how far each feature of X and Y leans to the right (or left, below 0); where Y lies
        ((1, 1, -1, 1), (3, 1, -1, 1), 4),
        ((1, 1, 1, 1), (-3, -3, -3, -3), 0.5),
        ((1, 1, 1, 1.2), (1.2, 1, 1, 1), -4),
        ((1, 1, -1, 1), (3, 1, -1, 1), np.array([-9, 2, 2, 2])),
        ((1, 1, 1, 1.5), (-1, -1, -1, 1.5), 4),  # most features disagree, and their sum agrees
        ((1, 1, 1, 3), (1, 1, 1, -3), 4),
        ((1, 1, 1, 1.15), (-1, -1, -1, 1.15), -4),
        ((2, -1, -1, 0), (1, -2, -2, 0), 4),  # one never changes, as a pixel at the edge
        ((1, 2, 1, 0), (-1, 2, 1, 0), -4),
        ((1, 1, 2, 0), (1, -1, 2, 0), 4),
        ((2, 1, 1, 0), (2, 1, -1, 0), -4),
    ):
        X, Y = (np.stack([rng.permutation(a) for _ in range(4)], 1) * way for a, way in zip(lean, (x, y)))
        cases.append((X + 4, Y + at))
    compare(answer, "X, Y", agree(third), {
        "nothing is centred: where the cloud lies decides, not how it leans.": agree(lambda Z: third(Z, 0)),
        "X's mean is taken from both; each has its own.": lambda X, Y: sign(third(X) @ third(Y, X.mean(0))),
        "it asks whether the means agree; a shift changes them too.": agree(lambda Z: Z.mean(0)),
        "it is always 1; a variance is the same in a mirror. Take the third power.": lambda X, Y: 1,
        "the sign is the wrong way round: 1 is for moments that agree.": lambda X, Y: -agree(third)(X, Y),
        "the sum is asked for its sign only: 1 or −1.": lambda X, Y: third(X) @ third(Y),
        "it gives True and False; 1 and −1 are asked for.": lambda X, Y: third(X) @ third(Y) >= 0,
        "it adds up each cloud's moments first; multiply feature by feature, and add the products.":
            lambda X, Y: sign(third(X).sum() * third(Y).sum()),
        "each feature counts the same in yours; add the products themselves, so that large ones count more.":
            lambda X, Y: sign(np.sign(third(X) * third(Y)).sum()),
        "it divides by the spreads (the skewness); where a feature never changes, that is 0 / 0.":
            (agree(lambda Z: third(Z) / Z.std(0) ** 3), agree(lambda Z: third(Z) / Z.std(0) * Z.std(0))),
    }, cases)  # fmt: skip
    return "a mirror turns the third moment, and no label was needed."


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
    def fitted(scale=lambda r, n: r, x=1, y=1, z=1, back=1):
        """The map with another ridge, X, Y and the new rows centred or not, Y's mean added back or not."""

        def function(X, Y, new, r):
            m, k = X.mean(0), Y.mean(0)
            A, B, D = X - x * m, Y - y * k, scale(r, len(X)) * np.eye(len(X.T))
            return (new - z * m) @ np.linalg.solve(A.T @ A + D, A.T @ B) + back * k

        return function

    rng, rows = stream(7, "exercise"), lambda n, d, at: rng.normal(size=(n, d)) + at
    cases = [(rows(n, 4, 2), rows(n, 3, -1), rows(5, 4, 2), 0.5) for n in (9, 20)]
    compare(answer, "X, Y, new, ridge", fitted(), {
        "nothing is centred: the ridge pulls Y's mean to 0 too.": fitted(x=0, y=0, z=0, back=0),
        "the target's mean is not added back at the end.": fitted(back=0),
        "the ridge is missing: this is plain least squares.": fitted(lambda r, n: 0),
        "the ridge is multiplied or divided by the number of pairs; add it as it is.":
            (fitted(lambda r, n: r * n), fitted(lambda r, n: r / n)),
        "the new rows are not centred: take the mean of X away from them too.": fitted(z=0),
        "the new rows are centred by their own mean; take that of X, which the map was fitted with.":
            lambda X, Y, new, r: fitted()(X, Y, new - new.mean(0) + X.mean(0), r),
        "it maps the rows of X; the new rows were asked for.": lambda X, Y, new, r: fitted()(X, Y, X, r),
    }, cases)  # fmt: skip
    return "a map between two spaces, learned from pairs."
