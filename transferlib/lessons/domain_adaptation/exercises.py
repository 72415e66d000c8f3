"""The exercises of lesson 11, domain adaptation."""

import numpy as np

from transferlib.exercises import by_number, code_exercise, exercise, need
from transferlib.measures import value_at
from transferlib.tasks import rng_for


@exercise(
    "The rule may look at the accuracy on the source only.",
    "value_at(tuning[name], 'source_accuracy').mean() is the mean of one arm; take the name with the largest.",
    solution='answer = max(tuning, key=lambda name: value_at(tuning[name], "source_accuracy").mean())',
)
def rule(answer, tuning):
    answer = by_number(answer, tuning, "arms")
    on_source = {name: value_at(runs, "source_accuracy").mean() for name, runs in tuning.items()}
    right, by_target = max(on_source, key=on_source.get), max(tuning, key=lambda n: value_at(tuning[n]).mean())
    if answer != right:
        need(answer != by_target, "that is the best on the *target's* labels; look at the source only.")
        lowest = answer == min(on_source, key=on_source.get)
        more = "the *lowest* of all" if lowest else "and another arm has more"
        need(False, f"its mean source accuracy is {on_source[answer]:.4f}, {more}.")
    return f"the rule chooses {right}, while the target's labels would have chosen {by_target}."


@code_exercise(
    "The optimizer goes *down* the gradient that it gets. The task's loss should fall, the domain's rise.",
    "Turn the sign of one of the two round, and multiply that one by the strength.",
    solution="""def answer(g_task, g_domain, strength):
    return g_task - strength * g_domain""",
    mistakes={
        "the domain's sign is not turned round: this helps the domain classifier.": "- strength → + strength",
        "the task's gradient is missing: such an encoder never learns to read.": ("-strength * g_domain", "-g_domain"),
        "the domain's gradient is missing: this is source-only training.": "g_task",
        "the strength is missing: λ multiplies the domain's gradient.": "strength * g_domain → g_domain",
        "that is the step; the optimizer puts the minus before what it gets.": "strength * g_domain - g_task",
        "both signs are turned; the optimizer goes *down* the task's already.": "g_task - → -g_task -",
        "the strength belongs to the domain's gradient alone.":
            ("strength * (g_task - g_domain)", "strength * g_task - g_domain"),
        "the task's gradient counts in full, and not by 1 − λ.": "g_task - → (1 - strength) * g_task -",
    },
    praise="towards the task, and away from whatever tells the domains apart.",
)  # fmt: skip
def direction():
    return [(*rng_for(8, "exercise").normal(size=(2, 5)), s) for s in (0.0, 0.5, 2.0)]


@code_exercise(
    "k(x, y) is large where x and y are near. Three means: over all pairs within a, within b, and across.",
    "((x[:, None] - y[None]) ** 2).sum(-1) are the squared distances of all pairs of rows, (len(x), len(y)).",
    "MMD² = mean k(a, a) + mean k(b, b) − 2 · mean k(a, b).",
    solution="""def answer(a, b, width):
    def near(x, y):
        squares = ((x[:, None] - y[None]) ** 2).sum(-1)
        return np.exp(-squares / (2 * width**2)).mean()

    return near(a, a) + near(b, b) - 2 * near(a, b)""",
    mistakes={
        "what lies across counts twice: the factor 2 is missing.": "- 2 * near → - near",
        "what lies across is subtracted: pairs across that are near make the distance smaller.":
            "- 2 * → + 2 *",
        "that is how near the two are; the pairs within a and within b are missing.":
            "near(a, a) + near(b, b) - 2 * →",
        "the minus is missing: k falls with the distance.": "-squares → squares",
        "it takes the distance where the kernel has its square.": "-squares → -np.sqrt(squares)",
        "below stands 2 · width².": ("(2 * width**2) → width**2", "(2 * width**2) → (2 * width)",
                                     "(2 * width**2) → width", "* width**2 →", "/ (2 * width**2) → * width"),
        "it adds the pairs up; take their mean, for a and b may hold unequally many rows.": "mean() → sum()",
        "the sign is turned round: a distance is never below 0.": "-answer(a, b, width)",
        "that is MMD; its square was asked for.": "answer(a, b, width) ** 0.5",
        "the sum over the columns is missing: one kernel for a pair of rows, not one for each number.":
            ".sum(-1) →",
        "it takes the mean over the columns, where a squared distance is their sum.": ".sum(-1) → .mean(-1)",
        "it compares the two means; the kernel's mean sees more of a batch than that.":
            "((a.mean(0) - b.mean(0)) ** 2).sum()",
        "pairs by their place in the batch only; all rows of the one go with all of the other.":
            "x[:, None] - y[None] → x[: len(y)] - y[: len(x)]",
        "a row's pair with itself is left out in yours; here all pairs count.":
            "near(a, a) + near(b, b) → sum((len(x) * near(x, x) - 1) / (len(x) - 1) for x in (a, b))",
    },
    praise="it sees any difference of two clouds about as large as the width, not means or spreads alone.",
)  # fmt: skip
def mmd():
    rng = rng_for(9, "exercise")
    for n, m, d, width in ((6, 6, 3, 1.0), (8, 5, 4, 2.0), (5, 9, 2, 0.7)):
        yield rng.normal(size=(n, d)), rng.normal(size=(m, d)) + 0.5, width


@code_exercise(
    "The entropy of probabilities q is −Σ q log q. Take it twice: of the mean answer, and of each row's.",
    "mean = p.mean(0) is (classes,): its entropy should be large. The rows' are (n,): their mean small.",
    solution="""def answer(p):
    mean = p.mean(0)
    return -(mean * np.log(mean)).sum() + (p * np.log(p)).sum(1).mean()""",
    mistakes={
        "the sign is turned round: a larger score should be better.": "-answer(p)",
        "it adds the two; the rows' mean entropy counts *against* a model.": ".sum() + (p → .sum() - (p",
        "that is the entropy of the mean answer alone: it does not see whether a row is sure.":
            "+ (p * np.log(p)).sum(1).mean() →",
        "that sees single rows, and not if all get one class.":
            ("(p * np.log(p)).sum(1).mean()", "-(p * np.log(p)).sum(1).mean()"),
        "natural logarithms (nats) were asked for, not base 2 or 10.": ("np.log → np.log2", "np.log → np.log10"),
        "the rows' entropies are added; take their mean.": ".sum(1).mean() → .sum()",
        "np.mean of all p·log p divides by the classes too: sum along a row, then take the mean.":
            (".sum(1).mean() → .mean()", "answer(p) / len(p.T)"),
        "the mean answer is p.mean(0), over the rows.": ("p.mean(0) → p.mean(1)", "p.mean(0) → p.sum(0)"),
    },
    praise="sure of each row, and of many kinds over all: no label needed, but equal classes assumed.",
)  # fmt: skip
def information():
    rng = rng_for(11, "exercise")
    return [(rng.dirichlet(np.linspace(0.5, 2, c), size=n),) for n, c in ((12, 4), (30, 6))]
