"""The exercises of lesson 11, domain adaptation."""

import contextlib

import numpy as np

from transferlib.exercises import compare, exercise, need
from transferlib.measures import at
from transferlib.tasks import stream


@exercise(
    "The rule may look at one column of the table above only.",
    "at(tuning[name], 'source_accuracy').mean() is the mean of one arm; take the name with the largest.",
    solution='answer = max(tuning, key=lambda name: at(tuning[name], "source_accuracy").mean())',
)
def rule(answer, tuning):
    said = str(answer).replace(" ", "").lower().replace("lambda", "λ").removeprefix("λ=")
    with contextlib.suppress(ValueError):
        said = f"{float(said):g}"
    names = {name.replace(" ", "").removeprefix("λ="): name for name in tuning}
    need(said in names, f"{answer!r} is not one of the arms; they are {', '.join(tuning)}.")
    answer, means = names[said], {name: at(runs, "source_accuracy").mean() for name, runs in tuning.items()}
    right = max(means, key=means.get)
    by_target = max(tuning, key=lambda name: at(tuning[name], "target_accuracy").mean())
    need(
        answer == right or answer != by_target,
        "that is the best on the *target's* labels. The rule may look at the source only.",
    )
    need(answer != min(means, key=means.get), f"its mean source accuracy, {means[answer]:.4f}, is the *lowest* of all.")
    need(answer == right, f"its mean source accuracy is {means[answer]:.4f}; another arm has more.")
    return f"the rule chooses {right}, while the target's labels would have chosen {by_target}."


@exercise(
    "The optimizer goes *down* the gradient that it is given. The task's loss should fall, the domain's should rise.",
    "Turn the sign of one of the two round, and multiply that one by the strength.",
    solution="""def answer(g_task, g_domain, strength):
    return g_task - strength * g_domain""",
)
def direction(answer):
    cases = [(*stream(8, "exercise").normal(size=(2, 5)), s) for s in (0.0, 0.5, 2.0)]
    mistakes = {
        "the domain's sign is not turned round: this helps the domain classifier.": lambda t, d, s: t + s * d,
        "the task's gradient is missing: such an encoder never learns to read.": lambda t, d, s: -s * d,
        "the domain's gradient is missing: this is source-only training.": lambda t, d, s: t,
        "the strength is missing: λ multiplies the domain's gradient.": lambda t, d, s: t - d,
        "that is the step itself; the optimizer puts the minus before what it is given.": lambda t, d, s: s * d - t,
        "both signs are turned round: the optimizer goes *down* the task's gradient already.": lambda t, d, s: -t - s * d,
        "the strength belongs to the domain's gradient alone.": lambda t, d, s: s * (t - d),
        "the strength stands at the task's gradient; it belongs to the domain's.": lambda t, d, s: s * t - d,
        "it weighs the two by 1 − λ and λ; the task's gradient counts in full.": lambda t, d, s: (1 - s) * t - s * d,
    }
    compare(answer, "g_task, g_domain, strength", lambda t, d, s: t - s * d, mistakes, cases)
    return "towards the task, and away from whatever tells the domains apart."


@exercise(
    "np.cov(a, rowvar=False) is the (d, d) covariance of the columns, with n − 1 below.",
    "Take the difference of the two covariances, square each entry, add them all, and divide by 4 * d**2.",
    solution="""def answer(a, b):
    difference = np.cov(a, rowvar=False) - np.cov(b, rowvar=False)
    return (difference**2).sum() / (4 * a.shape[1] ** 2)""",
)
def coral(answer):
    def loss(below=lambda d: 4 * d**2, cov=lambda a: np.cov(a, rowvar=False), norm=lambda c: (c**2).sum()):
        return lambda a, b: norm(cov(a) - cov(b)) / below(a.shape[1])

    mistakes = {
        "the rows are not centred: subtract each column's mean first.": loss(cov=lambda a: a.T @ a / (len(a) - 1)),
        "the covariance divides by n; n − 1 was asked for.": loss(cov=lambda a: np.cov(a, rowvar=False, ddof=0)),
        "the division by 4d² is missing.": loss(lambda d: 1),
        "it divides by 4d; the paper has d squared.": loss(lambda d: 4 * d),
        "it divides by d²; the 4 is missing.": loss(lambda d: d**2),
        "the norm is not squared.": loss(norm=lambda c: np.sqrt((c**2).sum())),
        "it compares the means; CORAL compares the covariances.": lambda a, b: ((a.mean(0) - b.mean(0)) ** 2).sum(),
        "it compares the variances alone; the covariances count too.": loss(norm=lambda c: (c.diagonal() ** 2).sum()),
        "np.cov takes the *rows* for the variables: rowvar=False, or np.cov(a.T).": loss(cov=np.cov),
    }
    rng = stream(9, "exercise")
    for sizes in (((6, 6, 3), (8, 8, 4)), ((6, 9, 3), (8, 5, 4))):  # as many rows first: there np.cov(a) - np.cov(b) exists
        cases = [(rng.normal(size=(n, d)) @ rng.normal(size=(d, d)), rng.normal(size=(m, d)) + 1) for n, m, d in sizes]
        compare(answer, "a, b", loss(), mistakes, cases)
    return "second moments, and nothing about the labels."


@exercise(
    "The entropy of probabilities q is −Σ q log q. Take it twice: of the mean answer, and of each row's answer.",
    "mean = p.mean(0) is (classes,): its entropy should be large. The rows' entropies are (n,): their mean should be small.",
    solution="""def answer(p):
    mean = p.mean(0)
    return -(mean * np.log(mean)).sum() + (p * np.log(p)).sum(1).mean()""",
)
def information(answer):
    def many(p, log=np.log):
        mean = p.mean(0)
        return -(mean * log(mean)).sum()

    def unsure(p, log=np.log):
        return -(p * log(p)).sum(1).mean()

    mistakes = {
        "the sign is turned round: a larger score should be better.": lambda p: unsure(p) - many(p),
        "it adds the two: an unsure model then scores well. The rows' mean entropy counts *against* it.": (
            lambda p: many(p) + unsure(p)
        ),
        "that is the entropy of the mean answer alone: it does not see whether a row is sure.": (many),
        "that is the confidence alone: a model that says one class for every row would win.": lambda p: -unsure(p),
        "that is the rows' mean entropy: how *unsure* the model is, and nothing about how many classes it uses.": unsure,
        "the logarithm is to base 2; natural logarithms (nats) were asked for.": lambda p: (
            many(p, np.log2) - unsure(p, np.log2)
        ),
        "the rows' entropies are added; take their mean.": lambda p: many(p) - len(p) * unsure(p),
        "np.mean over all of p·log p divides by the classes too: sum along a row, then take the mean.": (
            lambda p: many(p) + (p * np.log(p)).mean()
        ),
        "the entropy of the mean answer is divided by the classes: add its terms.": (
            lambda p: many(p) / p.shape[1] - unsure(p)
        ),
        "the mean answer is taken along a row: p.mean(0) is the mean over the rows.": lambda p: many(p.T) - unsure(p),
    }
    rng = stream(11, "exercise")
    cases = [(rng.dirichlet(np.linspace(0.5, 2, c), size=n),) for n, c in ((12, 4), (30, 6))]
    compare(answer, "p", lambda p: many(p) - unsure(p), mistakes, cases)
    return "sure of each row, and of many kinds over all: no label was needed, and equal classes were assumed."
