"""The exercises of lesson 11, domain adaptation."""

import contextlib

import numpy as np

from transferlib.exercises import compare, exercise, need, short
from transferlib.measures import at
from transferlib.tasks import stream


@exercise(
    "The rule may look at one column of the table above only.",
    "at(tuning[name], 'source_accuracy').mean() is the mean of one arm; take the name with the largest.",
    solution='answer = max(tuning, key=lambda name: at(tuning[name], "source_accuracy").mean())',
)
def rule(answer, tuning):
    said = short(answer).lower().replace("lambda", "λ").strip("' ").removeprefix("λ").strip(" =:")
    with contextlib.suppress(ValueError):
        said = f"{float(said):g}"
    names = {name.removeprefix("λ = "): name for name in tuning}
    need(said in names, f"{short(answer)} is not one of the arms; they are {', '.join(tuning)}.")
    answer = names[said]
    on_source = {name: at(runs, "source_accuracy").mean() for name, runs in tuning.items()}
    right, by_target = max(on_source, key=on_source.get), max(tuning, key=lambda n: at(tuning[n]).mean())
    if answer != right:
        need(answer != by_target, "that is the best on the *target's* labels; look at the source only.")
        lowest = answer == min(on_source, key=on_source.get)
        more = "the *lowest* of all" if lowest else "and another arm has more"
        need(False, f"its mean source accuracy is {on_source[answer]:.4f}, {more}.")
    return f"the rule chooses {right}, while the target's labels would have chosen {by_target}."


@exercise(
    "The optimizer goes *down* the gradient that it gets. The task's loss should fall, the domain's rise.",
    "Turn the sign of one of the two round, and multiply that one by the strength.",
    solution="""def answer(g_task, g_domain, strength):
    return g_task - strength * g_domain""",
)
def direction(answer):
    cases = [(*stream(8, "exercise").normal(size=(2, 5)), s) for s in (0.0, 0.5, 2.0)]
    compare(answer, "g_task, g_domain, strength", lambda t, d, s: t - s * d, {
        "the domain's sign is not turned round: this helps the domain classifier.": lambda t, d, s: t + s * d,
        "the task's gradient is missing: such an encoder never learns to read.": lambda t, d, s: -s * d,
        "the domain's gradient is missing: this is source-only training.": lambda t, d, s: t,
        "the strength is missing: λ multiplies the domain's gradient.": lambda t, d, s: t - d,
        "that is the step; the optimizer puts the minus before what it gets.": lambda t, d, s: s * d - t,
        "both signs are turned; the optimizer goes *down* the task's already.": lambda t, d, s: -t - s * d,
        "the strength belongs to the domain's gradient alone.":
            (lambda t, d, s: s * (t - d), lambda t, d, s: s * t - d),
        "the task's gradient counts in full, and not by 1 − λ.": lambda t, d, s: (1 - s) * t - s * d,
    }, cases)  # fmt: skip
    return "towards the task, and away from whatever tells the domains apart."


@exercise(
    "np.cov(a, rowvar=False) is the (d, d) covariance of the columns, with n − 1 below.",
    "Take the difference of the two covariances, square each entry, add them all, and divide by 4 * d**2.",
    solution="""def answer(a, b):
    difference = np.cov(a, rowvar=False) - np.cov(b, rowvar=False)
    return (difference**2).sum() / (4 * a.shape[1] ** 2)""",
)
def coral(answer):
    def cov(x, mean=None, n=None):
        x = x - (x.mean(0) if mean is None else mean)
        return x.T @ x / ((n or len(x)) - 1)

    def loss(below=lambda d: 4 * d**2, cov=lambda x, a, b: cov(x), norm=lambda c: (c**2).sum()):
        """The loss with one thing done in another way; cov(x, a, b) is x's covariance, x being a or b."""
        return lambda a, b: norm(cov(a, a, b) - cov(b, a, b)) / below(a.shape[1])

    mistakes = {
        "the rows are not centred: subtract each column's mean first.": loss(cov=lambda x, a, b: cov(x, 0)),
        "both batches are centred by one mean; each has its own.":
            (loss(cov=lambda x, a, b: cov(x, np.r_[a, b].mean(0))),
             loss(cov=lambda x, a, b: cov(x, a.mean(0)))),
        "both are divided by the same n − 1; b's is m − 1.": loss(cov=lambda x, a, b: cov(x, n=len(a))),
        "rows are cut off; batches need not be equally long, as each covariance is (d, d).":
            lambda a, b: loss()(a[: len(b)], b[: len(a)]),
        "the covariance divides by n; n − 1 was asked for.": loss(cov=lambda x, a, b: cov(x, n=len(x) + 1)),
        "the division is by 4d², four times the square of d.":
            tuple(map(loss, (lambda d: 1, lambda d: 4 * d, lambda d: d**2, lambda d: (4 * d) ** 2))),
        "the norm is not squared.": loss(norm=np.linalg.norm),
        "it compares means; CORAL compares covariances.": lambda a, b: ((a.mean(0) - b.mean(0)) ** 2).sum(),
        "variances alone are compared; covariances count.": loss(norm=lambda c: (c.diagonal() ** 2).sum()),
        "those are correlations; a covariance keeps the spreads.": loss(cov=lambda x, a, b: np.corrcoef(x.T)),
        "np.cov takes *rows* for the variables: rowvar=False, or a.T.": loss(cov=lambda x, a, b: np.cov(x)),
    }  # fmt: skip
    rng, cases = stream(9, "exercise"), []
    for n, m, d in ((6, 6, 3), (8, 8, 4), (6, 9, 3), (8, 5, 4)):
        cases.append((rng.normal(size=(n, d)) @ rng.normal(size=(d, d)), rng.normal(size=(m, d)) + 1))
    compare(answer, "a, b", loss(), mistakes, cases[:2])  # as many rows: there np.cov(a) - np.cov(b) exists
    compare(answer, "a, b", loss(), mistakes, cases[2:])
    return "second moments, and nothing about the labels."


@exercise(
    "The entropy of probabilities q is −Σ q log q. Take it twice: of the mean answer, and of each row's.",
    "mean = p.mean(0) is (classes,): its entropy should be large. The rows' are (n,): their mean small.",
    solution="""def answer(p):
    mean = p.mean(0)
    return -(mean * np.log(mean)).sum() + (p * np.log(p)).sum(1).mean()""",
)
def information(answer):
    def many(p):
        return -(p.mean(0) * np.log(p.mean(0))).sum()

    def unsure(p):
        return -(p * np.log(p)).sum(1).mean()

    rng = stream(11, "exercise")
    cases = [(rng.dirichlet(np.linspace(0.5, 2, c), size=n),) for n, c in ((12, 4), (30, 6))]
    compare(answer, "p", lambda p: many(p) - unsure(p), {
        "the sign is turned round: a larger score should be better.": lambda p: unsure(p) - many(p),
        "it adds the two; the rows' mean entropy counts *against* a model.": lambda p: many(p) + unsure(p),
        "that is the entropy of the mean answer alone: it does not see whether a row is sure.": many,
        "that sees single rows, and not if all get one class.": (unsure, lambda p: -unsure(p)),
        "natural logarithms (nats) were asked for, not base 2.": lambda p: (many(p) - unsure(p)) / np.log(2),
        "the rows' entropies are added; take their mean.": lambda p: many(p) - len(p) * unsure(p),
        "np.mean of all p·log p divides by the classes too: sum along a row, then take the mean.":
            (lambda p: many(p) - unsure(p) / len(p.T), lambda p: (many(p) - unsure(p)) / len(p.T)),
        "the mean answer is p.mean(0), over the rows.": lambda p: many(p.T) - unsure(p),
    }, cases)  # fmt: skip
    return "sure of each row, and of many kinds over all: no label needed, but equal classes assumed."
