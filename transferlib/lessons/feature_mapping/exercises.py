"""The exercises of lesson 08, feature mapping."""

import numpy as np

from transferlib.exercises import code_exercise, exercise, need, short
from transferlib.tasks import rng_for


def _plain(name):
    """A name as it is compared: "optimal transport", "Optimal-Transport" and optimal_transport are one."""
    name = "".join(letter for letter in getattr(name, "__name__", short(name)).lower() if letter.isalnum())
    return "standardise" if name in ("standardize", "standardising", "standardizing", "zscore", "zscores") else name


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
    rng = rng_for(6, "exercise")
    for n, m, d in ((30, 20, 4), (12, 40, 3)):
        mix = rng.normal(size=(2, d, d))
        yield rng.normal(size=(n, d)) @ mix[0] + 1, rng.normal(size=(m, d)) @ mix[1] - 2


@code_exercise(
    "Like *standardise*, with one number in place of a spread for each feature.",
    "X.var(0).sum() is the whole variance of X, all features together. A spread is the root of a variance.",
    solution="""def answer(X, Y):
    factor = np.sqrt(Y.var(0).sum() / X.var(0).sum())
    return Y.mean(0) + (X - X.mean(0)) * factor""",
    right="Y.mean(0) + (X - X.mean(0)) * np.sqrt(Y.var(0, ddof=1).sum() / X.var(0, ddof=1).sum())",
    mistakes={
        "at the end it does not add the target's mean.": "Y.mean(0) + →",
        "it moves the mean and leaves the spread as it was: that is the mean shift.": "* factor →",
        "the factor is upside down: divide by X's spread.": "* factor → / factor",
        "it scales by the variances; the spread is their root.": "np.sqrt →",
        "that is standardise, a factor for each feature; one for all was asked for.": ".sum() →",
        "add the variances up first; then one division, and one root.": (
            "Y.mean(0) + (X - X.mean(0)) * (Y.std(0) / X.std(0)).mean()",
            "Y.mean(0) + (X - X.mean(0)) * Y.std(0).sum() / X.std(0).sum()",
            "Y.mean(0) + (X - X.mean(0)) * np.sqrt((Y.var(0) / X.var(0)).mean())",
            "Y.mean(0) + (X - X.mean(0)) * np.sqrt((Y.var(0) / X.var(0)).sum())",
        ),
        "the spread of all numbers in one heap holds the features' means too; take variances along axis 0.":
            ("np.sqrt(Y.var(0).sum() / X.var(0).sum()) → Y.std() / X.std()",
             "Y.mean() + (X - X.mean()) * Y.std() / X.std()"),
        "X is not centred first.": "(X - X.mean(0)) → X",
        "each feature has its own mean: mean(0).": ("Y.mean(0) → Y.mean()", "X.mean(0) → X.mean()"),
        "X and Y need not have equally many rows: take variances, and not sums of squares.":
            "Y.mean(0) + (X - X.mean(0)) * np.linalg.norm(Y - Y.mean(0)) / np.linalg.norm(X - X.mean(0))",
    },
    praise="between the mean shift and standardise: the cloud grows or shrinks, and keeps its shape.",
)  # fmt: skip
def one_spread():
    return _clouds()


@code_exercise(
    "A row x goes to x @ A, so it moves by x @ A − x = x @ B. What is B?",
    "The squared length of x @ B is on average the trace of B.T @ C @ B.",
    solution="""def answer(A, C):
    B = A - np.eye(len(A))
    return np.trace(B.T @ C @ B)""",
    mistakes={
        "that is how far from 0 the rows lie at the end; how far they *move* was asked for: x @ A − x.":
            "- np.eye(len(A)) →",
        "C says how far from 0 the rows lie, and it is missing.": "@ C →",
        "rows are multiplied from the right: B.T @ C @ B, and not the other way round.":
            ("B.T @ C @ B → B @ C @ B.T", "B.T @ C @ B → B @ C @ B"),
        "the square of a difference has a middle term: −2 · np.trace(C @ A).":
            ("np.trace(A.T @ C @ A) + np.trace(C)", "np.trace(A.T @ C @ A) + np.trace(C) - np.trace(C @ A)"),
        "x @ A − x is x @ (A − I): take 1 off the diagonal only.": "np.eye(len(A)) → 1",
        "it compares the two covariances; single rows can move a great deal where these stay the same.":
            "np.trace(A.T @ C @ A - C)",
        "that is the distance; asked for is its square.": "answer(A, C) ** 0.5",
        "it takes the mean over the features; their squares add up to the squared distance.":
            "answer(A, C) / len(A)",
        "it adds up the whole matrix; the squared lengths stand on its diagonal.": "np.trace → np.sum",
        "that is the whole matrix; its trace was asked for.": "np.trace →",
    },
    praise="CORAL and transport both reach the target's covariance, and transport moves the rows least.",
)  # fmt: skip
def distance():
    for X, Y in _clouds():
        yield np.cov(X.T)[:3, :3] @ np.cov(Y.T)[:3, :3] + np.triu(np.ones(3)), np.cov(X.T)[:3, :3]


@code_exercise(
    "Centre X and Y by their own means, take the third power, then the mean over the rows, for each feature.",
    "Multiply the two rows of third moments feature by feature and add them up; only the sum's sign counts.",
    solution="""def answer(X, Y):
    third = [((Z - Z.mean(0)) ** 3).mean(0) for Z in (X, Y)]
    agreement = third[0] @ third[1]
    return 1 if agreement >= 0 else -1""",
    mistakes={
        "nothing is centred: where the cloud lies decides, not how it leans.": "(Z - Z.mean(0)) → Z",
        "X's mean is taken from both; each has its own.": "Z.mean(0) → X.mean(0)",
        "it asks whether the means agree; a shift changes them too.":
            "third[0] @ third[1] → X.mean(0) @ Y.mean(0)",
        "it is always 1; a variance is the same in a mirror. Take the third power.": "** 3 → ** 2",
        "the sign is the wrong way round: 1 is for moments that agree.": "-answer(X, Y)",
        "the sum is asked for its sign only: 1 or −1.": "1 if agreement >= 0 else -1 → agreement",
        "it gives True and False; 1 and −1 are asked for.": "1 if agreement >= 0 else -1 → agreement >= 0",
        "it adds up each cloud's moments first; multiply feature by feature, and add the products.":
            "third[0] @ third[1] → third[0].sum() * third[1].sum()",
        "each feature counts the same in yours; add the products themselves, so that large ones count more.":
            ("third[0] @ third[1] → np.sign(third[0] * third[1]).sum()",
             "third[0] @ third[1] → np.sign(third[0]) @ third[1]", "third[0] @ third[1] → third[0] @ np.sign(third[1])"),
        "it divides by the spreads (the skewness); where a feature never changes, that is 0 / 0.":
            (".mean(0) for → .mean(0) / Z.std(0) ** 3 for", ".mean(0) for → .mean(0) / Z.std(0) * Z.std(0) for"),
    },
    praise="a mirror turns the third moment, and no label was needed.",
)  # fmt: skip
def side():
    rng = rng_for(9, "exercise")
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
        ((2, 1, 1, 1), (-1, 1, 1, 1), 4),  # one feature outweighs three, by what it is in one of the clouds
        ((-1, 1, 1, 1), (2, 1, 1, 1), -4),
    ):
        X, Y = (np.stack([rng.permutation(a) for _ in range(4)], 1) * way for a, way in zip(lean, (x, y)))
        yield X + 4, Y + at


@code_exercise(
    "Centre X and Y by their own means first, and remember both means.",
    "W solves (XᵀX + ridge·I) W = XᵀY, for the centred X and Y: np.linalg.solve.",
    "A new row is mapped by (new - mean of X) @ W + mean of Y.",
    solution="""def answer(X, Y, new, ridge):
    m, k = X.mean(0), Y.mean(0)
    W = np.linalg.solve((X - m).T @ (X - m) + ridge * np.eye(X.shape[1]), (X - m).T @ (Y - k))
    return (new - m) @ W + k""",
    mistakes={
        "nothing is centred: the ridge pulls Y's mean to 0 too.": "X.mean(0), Y.mean(0) → 0, 0",
        "X is not centred: take its mean away first.": "X.mean(0), Y.mean(0) → 0, Y.mean(0)",
        "the ridge belongs on the diagonal alone: ridge * np.eye(X.shape[1]).": "ridge * np.eye(X.shape[1]) → ridge",
        "the target's mean is not added back at the end.": "@ W + k → @ W",
        "the ridge is missing: this is plain least squares.": "ridge * → 0 *",
        "the ridge is multiplied or divided by the number of pairs; add it as it is.":
            ("ridge * → ridge * len(X) *", "ridge * → ridge / len(X) *"),
        "the new rows are not centred: take the mean of X away from them too.": "(new - m) → new",
        "the new rows are centred by their own mean; take that of X, which the map was fitted with.":
            "(new - m) → (new - new.mean(0))",
        "it maps the rows of X; the new rows were asked for.": "(new - m) → (X - m)",
    },
    praise="a map between two spaces, learned from pairs.",
)  # fmt: skip
def ridge():
    rng, rows = rng_for(7, "exercise"), lambda n, d, at: rng.normal(size=(n, d)) + at
    return [(rows(n, 4, 2), rows(n, 3, -1), rows(5, 4, 2), 0.5) for n in (9, 20)]
