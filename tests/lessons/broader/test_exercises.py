"""The exercises of lesson 17."""

import numpy as np
from scipy import linalg, optimize, stats
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import LeaveOneOut, cross_val_predict

from tests.exercises import Tried, every, holds
from tests.page import page
from transferlib.lessons.broader import exercises

NEAREST = page("17").nearest


def eye(X, penalty):
    return penalty * np.eye(X.shape[1])


def stacked(X, Y, W0, penalty):
    """The pull as rows of their own."""
    rows = np.vstack([X, np.sqrt(penalty) * np.eye(X.shape[1])])
    return np.linalg.lstsq(rows, np.vstack([Y, np.sqrt(penalty) * W0]), rcond=None)[0]


def downhill(X, Y, W0, penalty):
    def cost(w):
        W = w.reshape(W0.shape)
        return np.sum((Y - X @ W) ** 2) + penalty * np.sum((W - W0) ** 2)

    return optimize.minimize(cost, np.zeros(W0.size), tol=1e-12, options=dict(gtol=1e-9)).x.reshape(W0.shape)


def class_by_class(X, Y, W0, penalty):
    fits = [Ridge(penalty, fit_intercept=False).fit(X, Y[:, c] - X @ W0[:, c]).coef_ for c in range(Y.shape[1])]
    return W0 + np.transpose(fits)


def dual(X, Y, W0, penalty):
    return W0 + X.T @ np.linalg.solve(X @ X.T + penalty * np.eye(len(X)), Y - X @ W0)


def test_prior():
    right = [
        stacked, downhill, class_by_class, dual,
        lambda X, Y, W0, penalty: NEAREST(X, Y, W0, np.full(X.shape[1], penalty))[0],
        lambda X, Y, W0, penalty: linalg.solve(X.T @ X + eye(X, penalty), X.T @ Y + penalty * W0, assume_a="pos"),
        lambda X, Y, W0, penalty: np.linalg.inv(X.T @ X + eye(X, penalty)) @ (X.T @ Y + penalty * W0),
        lambda x, y, w, g: (w + Ridge(g, fit_intercept=False).fit(x, y - x @ w).coef_.T).tolist(),
    ]  # fmt: skip

    def to(penalty=lambda g, X: g, start=0, add=1):
        return lambda X, Y, W0, g: add * W0 + np.linalg.solve(X.T @ X + eye(X, penalty(g, X)), X.T @ (Y - X @ W0))

    wrong = [
        (lambda X, Y, W0, g: Ridge(g, fit_intercept=False).fit(X, Y).coef_.T, "towards zero; W0 has no part"),
        (to(add=0), "the change only"),
        (lambda X, Y, W0, g: W0 + Ridge(g, fit_intercept=False).fit(X, Y).coef_.T, "towards 2·W0"),
        (to(add=-1), "W0 is subtracted"),
        (lambda X, Y, W0, g: W0 + np.linalg.lstsq(X, Y - X @ W0, rcond=None)[0], "there is no penalty"),
        (to(lambda g, X: g**2), "squared, or its root"),
        (to(lambda g, X: g * len(X)), "number of rows"),
        (lambda X, Y, W0, g: W0, "W0 as it was"),
        (lambda X, Y, W0, g: W0.T, "shape"),
        (lambda X, Y, W0, g: linalg.solve(X.T @ X + eye(X, g), X.T @ Y + W0), "as firmly as the rest"),
        (lambda X, Y, W0, g: linalg.solve(X.T @ X + eye(X, g), X.T @ Y - g * W0), "towards its opposite"),
        (to(lambda g, X: g / 2), "no half"),
        (lambda X, Y, W0, g: W0 + Ridge(g).fit(X, Y - X @ W0).coef_.T, "a constant as well"),
        (lambda X, Y, W0, g: W0 + np.linalg.solve(X.T @ X + g, X.T @ (Y - X @ W0)), "on the diagonal alone"),
    ]
    holds(exercises.prior, Tried(right, wrong))


def pooled(power=0.5, rows=True, answers=True, target=True, source=True, penalty=1.0):
    def answer(X, Y, Xs, Ys, a, g):
        parts = [(X, Y)] * target + [(a**power * Xs if rows else Xs, a**power * Ys if answers else Ys)] * source
        A, B = (np.vstack(each) for each in zip(*parts))
        return np.linalg.solve(A.T @ A + eye(X, penalty * g), A.T @ B)

    return answer


def pooled_by_sklearn(X, Y, Xs, Ys, a, penalty):
    weight = np.append(np.ones(len(X)), np.full(len(Xs), a))
    return Ridge(penalty, fit_intercept=False).fit(np.vstack([X, Xs]), np.vstack([Y, Ys]), weight).coef_.T


def as_a_prior(X, Y, Xs, Ys, a, penalty):
    held = a * Xs.T @ Xs + eye(X, penalty)
    W0 = np.linalg.solve(held, a * Xs.T @ Ys)
    return W0 + np.linalg.solve(held + X.T @ X, X.T @ (Y - X @ W0))


def one_row_more(X, Y, Xs, Ys, a, penalty):
    A = np.vstack([X, np.sqrt(a) * Xs, np.sqrt(penalty) * np.eye(X.shape[1])])
    B = np.vstack([Y, np.sqrt(a) * Ys, np.zeros((X.shape[1], Y.shape[1]))])
    return LinearRegression(fit_intercept=False).fit(A, B).coef_.T


def test_pool():
    right = [
        pooled(), pooled_by_sklearn, as_a_prior, one_row_more,
        lambda x, y, u, v, a, g: np.linalg.pinv(x.T @ x + a * u.T @ u + eye(x, g)) @ (x.T @ y + a * u.T @ v),
        lambda x, y, u, v, a, g: linalg.solve(
            sum(np.outer(r, r) for r in [*x, *(a**0.5 * u)]) + eye(x, g), x.T @ y + a * (u.T @ v)
        ),
        lambda x, y, u, v, a, g: np.linalg.inv(x.T @ x / a + u.T @ u + eye(x, g / a)) @ (x.T @ y / a + u.T @ v),
        lambda x, y, u, v, a, g: pooled()(x, y, u, v, a, g).tolist(),
    ]  # fmt: skip
    wrong = [
        (pooled(0), "no effect"),
        (pooled(1), "a² times"),
        (lambda X, Y, Xs, Ys, a, g: pooled()(Xs, Ys, X, Y, a, g), "on the target's rows"),
        (
            lambda X, Y, Xs, Ys, a, g: np.linalg.solve(X.T @ X + a * Xs.T @ Xs + eye(X, g), X.T @ Y + Xs.T @ Ys),
            "one of the two parts",
        ),
        (pooled(source=False), "the source's rows are left out"),
        (pooled(target=False), "the target's rows are left out"),
        (pooled(penalty=0), "there is no penalty"),
        (
            lambda X, Y, Xs, Ys, a, g: (
                (np.linalg.solve(X.T @ X + eye(X, g), X.T @ Y) + a * np.linalg.solve(Xs.T @ Xs + eye(X, g), Xs.T @ Ys))
                / (1 + a)
            ),
            "mean of two readers",
        ),
        (lambda X, Y, Xs, Ys, a, g: pooled()(X, Y, Xs, Ys, a**0.5, g), "a itself"),
        (lambda X, Y, Xs, Ys, a, g: pooled()((1 - a) ** 0.5 * X, (1 - a) ** 0.5 * Y, Xs, Ys, a, g), "not 1 - a"),
        (lambda X, Y, Xs, Ys, a, g: pooled()(X, Y, Xs, Ys, a, a * g), "on the penalty too"),
        (lambda X, Y, Xs, Ys, a, g: pooled()(X, Y, Xs, Ys, 1 / a, g), "1 / a times"),
        (
            lambda X, Y, Xs, Ys, a, g: linalg.solve(X.T @ X + a * Xs.T @ Xs + eye(X, g), X.T @ Y + a**0.5 * Xs.T @ Ys),
            "the root of a belongs",
        ),
        (
            lambda X, Y, Xs, Ys, a, g: (
                Ridge(g).fit(np.vstack([X, Xs]), np.vstack([Y, Ys]), np.repeat([1, a], [len(X), len(Xs)])).coef_.T
            ),
            "a constant as well",
        ),
        (
            lambda X, Y, Xs, Ys, a, g: linalg.solve(X.T @ X + a * Xs.T @ Xs + g, X.T @ Y + a * Xs.T @ Ys),
            "on the diagonal alone",
        ),
    ]

    def apart(X, Y, Xs, Ys, a, g):
        return (1 - a) * plain(X, Y, g) + a * plain(Xs, Ys, g)

    alike = [(apart, "mean of two readers"), (pooled(penalty=2), "on the penalty too")]
    holds(exercises.pool, Tried(right, wrong, alike))


def kinds_of(kind):
    return [kind == one for one in sorted(set(kind.tolist()))]


def test_within():
    def ranks(v):
        return v.argsort().argsort()

    right = [
        lambda guess, gain, kind: (
            sum(stats.spearmanr(guess[k], gain[k]).statistic for k in kinds_of(kind)) / len(kinds_of(kind))
        ),
        lambda guess, gain, kind: np.mean([np.corrcoef(ranks(guess[k]), ranks(gain[k]))[0, 1] for k in kinds_of(kind)]),
        lambda guess, gain, kind: np.mean(
            [stats.pearsonr(stats.rankdata(guess[k]), stats.rankdata(gain[k]))[0] for k in kinds_of(kind)]
        ),
        lambda a, b, c: [float(np.mean([stats.spearmanr(b[k], a[k])[0] for k in kinds_of(c)]))],
    ]

    def of(correlate, fold=np.mean, kinds=kinds_of):
        return lambda guess, gain, kind: fold([correlate(guess[k], gain[k]) for k in kinds(kind)])

    def within(change, values, kind):
        return np.concatenate([change(values[k]) for k in kinds_of(kind)])

    def centred(values):
        return values - values.mean()

    def rank(a, b):
        return stats.spearmanr(a, b)[0]

    wrong = [
        (lambda guess, gain, kind: rank(guess, gain), "over all pairs at once"),
        (of(lambda a, b: stats.pearsonr(a, b)[0]), "Pearson's"),
        (of(rank, kinds=lambda kind: [kind == one for one in kind]), "each kind counts once"),
        (of(rank, np.sum), "take their mean"),
        (
            lambda guess, gain, kind: rank(
                [guess[k].mean() for k in kinds_of(kind)], [gain[k].mean() for k in kinds_of(kind)]
            ),
            "*between*",
        ),
        (of(lambda a, b: stats.spearmanr(a, b)[1]), "p-value"),
        (of(rank, np.max), "the largest"),
        (of(rank, lambda each: each[0]), "one kind only"),
        (of(stats.spearmanr), "two numbers"),
        (of(rank, np.median), "median"),
        (of(rank, lambda each: np.mean(np.abs(each))), "signs out"),
        (of(rank, list), "of all kinds"),
        (of(rank, kinds=lambda kind: kinds_of(kind)[:-1]), "a kind is left out"),
        (lambda guess, gain, kind: of(lambda a, b: stats.pearsonr(a, b)[0])(ranks(guess), ranks(gain), kind), "anew within"),
        (of(lambda a, b: np.corrcoef(a.argsort(), b.argsort())[0, 1]), "argsort gives the order"),
        (lambda guess, gain, kind: rank(within(ranks, guess, kind), within(ranks, gain, kind)), "over all pairs, after"),
        (of(lambda a, b: stats.kendalltau(a, b)[0]), "instead of"),
        (lambda guess, gain, kind: abs(of(rank)(guess, gain, kind)), "instead of -"),
    ]
    alike = [
        (of(rank, np.min), "the smallest"),
        (of(rank, kinds=lambda kind: kinds_of(kind)[1:]), "a kind is left out"),
        (lambda guess, gain, kind: rank(within(centred, guess, kind), within(centred, gain, kind)), "over all pairs, after"),
    ]
    holds(exercises.within, Tried(right, wrong, alike, names=dict(spearmanr=stats.spearmanr)))


def left_out(fit, fold=np.mean, power=2):
    def answer(X, Y, penalty):
        gaps = []
        for i in range(len(X)):
            others = np.arange(len(X)) != i
            gaps.append(np.abs(Y[i] - X[i] @ fit(X[others], Y[others], penalty)) ** power)
        return fold(gaps)

    return answer


def plain(X, Y, g):
    return Ridge(g, fit_intercept=False, solver="svd").fit(X, Y).coef_.T


def by_the_hat(X, Y, penalty):
    H = X @ np.linalg.solve(X.T @ X + eye(X, penalty), X.T)
    return np.mean(((Y - H @ Y) / (1 - np.diag(H))[:, None]) ** 2)


def test_leave_one_out():
    right = [
        left_out(plain), by_the_hat,
        lambda X, Y, penalty: NEAREST(X, Y, np.zeros((X.shape[1], Y.shape[1])), np.full(X.shape[1], penalty))[1],
        lambda X, Y, penalty: np.mean([left_out(plain)(X, Y[:, [c]], penalty) for c in range(Y.shape[1])]),
        lambda X, Y, penalty: left_out(plain, np.sum)(X, Y, penalty) / Y.size,
        lambda X, Y, penalty: [left_out(plain)(X, Y, penalty)],
    ]  # fmt: skip
    wrong = [
        (lambda X, Y, g: np.mean((Y - X @ plain(X, Y, g)) ** 2), "still among those"),
        (left_out(plain, np.sum), "adds the errors up"),
        (left_out(plain, power=1), "absolute errors"),
        (
            lambda X, Y, g: np.mean((Y - cross_val_predict(Ridge(g), X, Y, cv=LeaveOneOut())) ** 2),
            "a constant as well",
        ),
        (lambda X, Y, g: left_out(plain)(X, Y[:, :1], g), "one class only"),
        (lambda X, Y, g: left_out(plain)(X, Y, g) / 2, "half of it"),
        (lambda X, Y, g: left_out(plain, np.sum)(X, Y, g) / Y.shape[1] / (len(Y) - 1), "one less"),
        (lambda X, Y, g: np.var(Y - cross_val_predict(Ridge(g, fit_intercept=False), X, Y, cv=LeaveOneOut())), "spread"),
        (left_out(plain, lambda gaps: np.mean(np.sqrt(np.sum(gaps, 1)))), "lengths of the errors"),
        (lambda X, Y, g: left_out(plain)(X, Y, g) ** 0.5, "its root"),
        (left_out(lambda X, Y, g: np.linalg.lstsq(X, Y, rcond=None)[0]), "there is no penalty"),
        (
            lambda X, Y, g: np.mean(
                [
                    np.mean((np.delete(Y - X @ plain(np.delete(X, i, 0), np.delete(Y, i, 0), g), i, 0)) ** 2)
                    for i in range(len(X))
                ]
            ),
            "not on those left out",
        ),
        (
            lambda X, Y, g: (
                np.mean([Y[i] - X[i] @ plain(np.delete(X, i, 0), np.delete(Y, i, 0), g) for i in range(len(X))]) ** 2
            ),
            "opposite sign",
        ),
        (lambda X, Y, g: np.mean(Y**2), "fits zero"),
        (left_out(lambda X, Y, g: linalg.solve(X.T @ X + g, X.T @ Y)), "on the diagonal alone"),
        (left_out(plain, lambda gaps: np.mean(gaps[:-1])), "never left out"),
        (
            lambda X, Y, g: np.mean(
                [(Y - X @ plain(np.delete(X, i, 0), np.delete(Y, i, 0), g)) ** 2 for i in range(len(X))]
            ),
            "of all rows",
        ),
    ]
    alike = [(left_out(plain, lambda gaps, some=some: np.mean(gaps[some])), "never left out") for some in (0, -1)]
    holds(exercises.leave_one_out, Tried(right, wrong, alike))


def test_all_of_them():
    assert list(every(exercises)) == ["prior", "pool", "within", "leave_one_out"]
