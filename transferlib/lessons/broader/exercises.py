"""The exercises of lesson 17."""

import numpy as np
from scipy.stats import rankdata, spearmanr  # noqa: F401 the solutions and mistakes, which are text, use both
from sklearn.linear_model import Ridge  # noqa: F401

from transferlib.exercises import code_exercise
from transferlib.tasks import rng_for

DIAGONAL = {
    "the penalty belongs on the diagonal alone: penalty * np.eye(X.shape[1]).": "penalty * np.eye(X.shape[1]) → penalty"
}


@code_exercise(
    "Write W = W0 + V. What is the problem for V?",
    "Ridge regression towards zero, on what W0 leaves unexplained: Y - X @ W0.",
    "W0 + np.linalg.solve(X.T @ X + penalty * np.eye(X.shape[1]), X.T @ (Y - X @ W0)).",
    solution="""def answer(X, Y, W0, penalty):
    ridge = X.T @ X + penalty * np.eye(X.shape[1])
    return W0 + np.linalg.solve(ridge, X.T @ (Y - X @ W0))""",
    mistakes={
        "that is ridge regression towards zero; W0 has no part in it.":
            "np.linalg.solve(X.T @ X + penalty * np.eye(X.shape[1]), X.T @ Y)",
        "that is the change only. Add W0 to it.": "return W0 + → return",
        "that pulls W0 + V towards 2·W0: the rows are to explain Y - X @ W0.": "X.T @ (Y - X @ W0) → X.T @ Y",
        "W0 is subtracted; it is what the weights are pulled towards.":
            ("return W0 + → return -W0 +", "return W0 + → return W0 -"),
        "there is no penalty in it.": "W0 + np.linalg.pinv(X) @ (Y - X @ W0)",
        **DIAGONAL,
        "the penalty is squared, or its root: it multiplies the squared distance once.":
            ("penalty * → penalty**2 *", "penalty * → penalty**0.5 *"),
        "the penalty is divided or multiplied by the number of rows; the error here is a sum, not a mean.":
            ("penalty * → penalty * len(X) *", "penalty * → penalty / len(X) *"),
        "that is W0 as it was.": "W0",
        "W0 is pulled at as firmly as the rest: on the right side stands X.T @ Y + penalty * W0.":
            "np.linalg.solve(X.T @ X + penalty * np.eye(X.shape[1]), X.T @ Y + W0)",
        "it is pulled away from W0, towards its opposite: turn the sign of penalty * W0.":
            "np.linalg.solve(X.T @ X + penalty * np.eye(X.shape[1]), X.T @ Y - penalty * W0)",
        "there is no 2 and no half: both squares have the same factor when one takes the slope.":
            ("penalty * → 2 * penalty *", "penalty * → penalty / 2 *"),
        "it fits a constant as well, as scikit-learn does unless fit_intercept=False; here there is none.":
            "W0 + Ridge(penalty).fit(X, Y - X @ W0).coef_.T",
    },
    praise="the less the rows say, the nearer it stays to the source.",
)  # fmt: skip
def prior():
    rng = rng_for(17, "prior")
    for n, d, c, g in ((6, 4, 2, 3.0), (5, 8, 3, 0.5), (9, 3, 2, 20.0)):
        yield rng.normal(size=(n, d)), rng.normal(size=(n, c)), rng.normal(size=(d, c)), g


@code_exercise(
    "Two sums of squared errors, the source's times a, and the penalty.",
    "A row that counts a times is a row, and its answer, times the root of a. Or: add a * Xs.T @ Xs to X.T @ X.",
    "np.linalg.solve(X.T @ X + a * Xs.T @ Xs + penalty * np.eye(d), X.T @ Y + a * Xs.T @ Ys).",
    solution="""def answer(X, Y, Xs, Ys, a, penalty):
    both = X.T @ X + a * Xs.T @ Xs
    right = X.T @ Y + a * Xs.T @ Ys
    return np.linalg.solve(both + penalty * np.eye(X.shape[1]), right)""",
    mistakes={
        "the weight has no effect in it: all rows count alike.": ("a * → 1 *",),
        "the source counts a² times: to weigh a row by a, multiply it by the root of a.": "a * → a**2 *",
        "the weight is on the target's rows; it belongs to the source's.":
            "np.linalg.solve(a * X.T @ X + Xs.T @ Xs + penalty * np.eye(X.shape[1]), a * X.T @ Y + Xs.T @ Ys)",
        "the weight is on one of the two parts only; rows *and* answers are weighed.":
            ("Y + a * → Y +", "X + a * → X +"),
        "the source's rows are left out.": "np.linalg.solve(X.T @ X + penalty * np.eye(X.shape[1]), X.T @ Y)",
        "the target's rows are left out.": "np.linalg.solve(a * Xs.T @ Xs + penalty * np.eye(X.shape[1]), a * Xs.T @ Ys)",
        "there is no penalty in it.": "penalty * → 0 *",
        **DIAGONAL,
        "that is the mean of two readers; asked for is one fit on both tables.":
            tuple(f"{target} * answer(X, Y, Xs, Ys, 0, penalty) + {source} * answer(Xs, Ys, X, Y, 0, penalty)"
                  for target, source in (("1 / (1 + a)", "a / (1 + a)"), ("(1 - a)", "a"), ("1", "a"))),
        "a itself is the weight in the sum of squares; only rows are multiplied by its root.": "a * → a**0.5 *",
        "the target's rows count 1, and not 1 - a.":
            "np.linalg.solve((1 - a) * X.T @ X + a * Xs.T @ Xs + penalty * np.eye(X.shape[1]), (1 - a) * X.T @ Y "
            "+ a * Xs.T @ Ys)",
        "the weight is on the penalty too; there is one penalty, for the whole fit.":
            tuple(f"penalty * → penalty * {by} *" for by in ("a", "1 / a", "(1 + a)", "2")),
        "the source's rows count 1 / a times; multiply by a.": "a * → 1 / a *",
        "the root of a belongs on the source's rows *and* on its answers: together that is a * Xs.T @ Ys.":
            ("Y + a * → Y + a**0.5 *", "X + a * → X + a**2 *"),
        "it fits a constant as well, as scikit-learn does unless fit_intercept=False; here there is none.":
            "Ridge(penalty).fit(np.vstack([X, Xs]), np.vstack([Y, Ys]), [1] * len(X) + [a] * len(Xs)).coef_.T",
    },
    praise="with a → 0 it is own rows, and the larger a, the more it is the source alone.",
)  # fmt: skip
def pool():
    rng = rng_for(17, "pool")
    for n, m, d, c, a, g in ((6, 9, 4, 2, 0.1, 3.0), (8, 12, 3, 3, 0.5, 0.7), (5, 30, 6, 2, 0.01, 2.0)):
        yield rng.normal(size=(n, d)), rng.normal(size=(n, c)), rng.normal(size=(m, d)), rng.normal(size=(m, c)), a, g


@code_exercise(
    "Go through the kinds: np.unique(kind).",
    "rows = kind == each; then the rank correlation of guess[rows] and gain[rows].",
    "The mean of these, each kind counted once.",
    solution="""def answer(guess, gain, kind):
    each = [spearmanr(guess[kind == one], gain[kind == one])[0] for one in np.unique(kind)]
    return np.mean(each)""",
    mistakes={
        "that is over all pairs at once; take it within each kind, and the mean of those.": "spearmanr(guess, gain)[0]",
        "that is Pearson's correlation, of the numbers; asked for is that of their ranks.":
            "spearmanr(guess[kind == one], gain[kind == one])[0] → np.corrcoef(guess[kind == one], gain[kind == one])[0, 1]",
        "it weighs the kinds by their pairs; each kind counts once.":
            "np.mean([spearmanr(guess[kind == one], gain[kind == one])[0] for one in kind])",
        "it adds the kinds up; take their mean.": "np.mean(each) → np.sum(each)",
        "it ranks the means of the kinds; that is what is *between* kinds.":
            "spearmanr(*[[v[kind == one].mean() for one in np.unique(kind)] for v in (guess, gain)])[0]",
        "that is the p-value; the correlation is the first of the two, [0].": "[0] → [1]",
        "that is the largest or the smallest of the kinds; take their mean.":
            ("np.mean(each) → np.max(each)", "np.mean(each) → np.min(each)"),
        "a kind is left out; np.unique(kind) has them all.":
            ("np.mean(each) → np.mean(each[1:])", "np.mean(each) → np.mean(each[:-1])", "np.mean(each) → np.mean(each[:3])"),
        "it ranks all pairs together; rank them anew within each kind.":
            "np.mean([np.corrcoef(*[rankdata(v)[kind == one] for v in (guess, gain)])[0, 1] for one in np.unique(kind)])",
        "argsort gives the order, and not the ranks: take spearmanr, or rankdata.":
            "np.mean([np.corrcoef(*[v[kind == one].argsort() for v in (guess, gain)])[0, 1] for one in np.unique(kind)])",
        "that is one correlation over all pairs, after each kind's mean or ranks; take one in each kind, and their mean.":
            tuple(f"spearmanr(*[np.concatenate([{of} for one in np.unique(kind)]) for v in (guess, gain)])[0]"
                  for of in ("v[kind == one] - v[kind == one].mean()", "rankdata(v[kind == one])")),
        "that is one kind only; go through all of them.": ("np.mean(each) → each[0]", "np.mean(each) → each[-1]"),
        "spearmanr gives two numbers, the correlation and a p-value; take the first, [0].":
            ("[0] →", "spearmanr(guess, gain)"),
        "that is their median; take their mean.": "np.mean(each) → np.median(each)",
        "it leaves the signs out: a kind that goes the other way counts against the rest.":
            "np.mean(each) → np.mean(np.abs(each))",
        "those are the correlations of all kinds; take their mean.": "np.mean(each) → each",
    },
    praise="what is left of a correlation when one already knows the kind.",
)  # fmt: skip
def within():
    rng = rng_for(17, "within")
    for sizes in ((9, 6, 5), (7, 12, 6, 5)):
        kind = np.repeat(np.arange(len(sizes)), sizes)
        gain = 3.0 * kind + rng.normal(size=len(kind))
        yield np.exp(kind + 0.5 * gain + rng.normal(size=len(kind))), gain, kind
    yield np.exp(3 * kind - gain + rng.normal(size=len(kind))), gain, kind  # below 0 in most kinds


@code_exercise(
    "For each row i: np.delete(X, i, 0) and np.delete(Y, i, 0) are the others.",
    "Fit them: np.linalg.solve(A.T @ A + penalty * np.eye(d), A.T @ B). What does it say of X[i]?",
    "The mean of (Y[i] - X[i] @ W) ** 2 over rows and classes.",
    solution="""def answer(X, Y, penalty):
    gaps = []
    for i in range(len(X)):
        A, B = np.delete(X, i, 0), np.delete(Y, i, 0)
        W = np.linalg.solve(A.T @ A + penalty * np.eye(X.shape[1]), A.T @ B)
        gaps.append(Y[i] - X[i] @ W)
    return np.mean(np.square(gaps))""",
    mistakes={
        "each row is still among those that are fitted; leave it out.": "np.delete(X, i, 0), np.delete(Y, i, 0) → X, Y",
        "it adds the errors up; take their mean over rows and classes.":
            ("np.mean(np → np.sum(np", "return np.mean(np.square(gaps)) → return np.sum(np.square(gaps)) / len(X)"),
        "those are absolute errors; square them.": "np.square → np.abs",
        "that is its root; asked for is the mean of the squares.":
            "return np.mean(np.square(gaps)) → return np.mean(np.square(gaps)) ** 0.5",
        "there is no penalty in it.": "penalty * → 1e-12 *",
        **DIAGONAL,
        "that is the error on the rows that were fitted, not on those left out.":
            "gaps.append(Y[i] - X[i] @ W) → gaps.append(np.mean((B - A @ W) ** 2) ** 0.5)",
        "errors of opposite sign cancel; square each first.": "np.mean(np.square(gaps)) → np.mean(gaps) ** 2",
        "it leaves out the row, and fits zero: that is the mean of Y².": "np.mean(Y**2)",
        "it fits a constant as well, as scikit-learn does unless fit_intercept=False; here there is none.":
            "gaps.append(Y[i] - X[i] @ W) → gaps.append(Y[i] - Ridge(penalty).fit(A, B).predict(X[[i]])[0])",
        "it asks the fit of all rows, and not of the one left out.": "gaps.append(Y[i] - X[i] @ W) → gaps.extend(Y - X @ W)",
        "some rows are never left out; go through all of them.":
            tuple(f"np.square(gaps) → np.square(gaps[{some}])" for some in (":1", "-1:", "1:", ":-1")),
        "one class only would count: take the mean over all classes.": "Y[i] - X[i] @ W → (Y[i] - X[i] @ W)[:1]",
        "that is half of it.": "return np.mean(np.square(gaps)) → return np.mean(np.square(gaps)) / 2",
        "divide by the number of rows, and not by one less.":
            "return np.mean(np.square(gaps)) → return np.mean(np.square(gaps)) * len(X) / (len(X) - 1)",
        "that is their spread round their own mean; take the mean of the squares.":
            "np.mean(np.square(gaps)) → np.var(gaps)",
        "those are the lengths of the errors; square them.":
            "np.mean(np.square(gaps)) → np.mean(np.linalg.norm(gaps, axis=1))",
    },
    praise="the page's formula gives the same number, and fits once.",
)  # fmt: skip
def leave_one_out():
    rng = rng_for(17, "leave one out")
    for n, d, c, g in ((7, 3, 2, 1.0), (9, 4, 3, 5.0), (12, 5, 2, 0.3)):
        X = rng.normal(size=(n, d))
        yield X, X @ rng.normal(size=(d, c)) + rng.normal(size=(n, c)), g
