"""The exercises of lesson 14, what to share."""

import numpy as np  # noqa: F401 — the mistakes use it

from transferlib.exercises import code_exercise
from transferlib.tasks import rng_for


@code_exercise(
    "The last layer always moves. When does the layer below it join in? And the first?",
    "Counted from 0, layer i joins in when done reaches (3 - i) / 4.",
    solution="""def answer(done):
    return [float(done >= (3 - layer) / 4) for layer in range(4)]""",
    mistakes={
        "it thaws from the first layer upward; the last layer comes first.": "(3 - layer) → layer",
        "only one layer moves at a time in yours; a layer that has joined in goes on.":
            "done >= (3 - layer) / 4 → (3 - layer) / 4 <= done < (4 - layer) / 4 or done == 1 and layer == 0",
        "it waits a quarter too long: the last layer moves from the beginning.": "(3 - layer) → (4 - layer)",
        "at a quarter itself a layer joins in already: >= and not >.": ("done >= → layer == 3 or done >", ">= → >"),
        "a layer joins in when a quarter is *over*: round 4 · done down.":
            tuple(f"done >= (3 - layer) / 4 → {near}(4 * done) >= 3 - layer" for near in ("np.ceil", "np.round")),
        "all four layers move all the time in yours.": "done >= (3 - layer) / 4 → True",
        "that is how much stays frozen: 0 and 1 are exchanged.": ">= → <",
        "the first layer never moves in yours; it joins in at three quarters.": "done >= → layer and done >=",
        "three layers join in, at one, two and three quarters: a quarter apart.":
            ("/ 4 → / 3", "done >= (3 - layer) / 4 → layer == 3 or done >= 0.8 - 0.2 * layer"),
        "a layer moves fully or stands still, 1 or 0; yours move by parts.":
            ("np.clip(4 * done + np.arange(-2, 2), 0, 1)", "np.clip(4 * done + np.arange(-3, 1), 0, 1)"),
        "it is a quarter too early: at the beginning only the last layer moves.": "(3 - layer) → (2 - layer)",
        "only the last layer ever moves in yours; done goes from 0 to 1.": "done >= (3 - layer) / 4 → layer == 3",
        "the last layer stands still in yours; it moves all the time.": "done >= → layer < 3 and done >=",
        "after the last layer the one just below it joins in, and the first comes at the end.":
            "done >= (3 - layer) → layer == 3 or done >= (layer + 1)",
        "at a quarter all of yours join in together; each full quarter brings one more.":
            "done >= (3 - layer) / 4 → layer == 3 or done >= 0.25",
    },
    praise="gradual unfreezing, from the top down.",
)  # fmt: skip
def gradual():
    return [(done,) for done in (0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0)]


@code_exercise(
    "Where is the penalty smallest? A step *down* its gradient must lead there.",
    "The derivative of (w - start)² is 2 · (w - start).",
    solution="""def answer(w, start, strength):
    return 2 * strength * (w - start)""",
    mistakes={
        "it pulls to zero, as weight decay does; L2-SP pulls to the start.": ("2 * strength * w", "strength * w"),
        "a step down this gradient leads away from the start: w - start, not start - w.":
            ("2 * strength * (start - w)", "strength * (start - w)", "2 * (start - w)", "start - w"),
        "the 2 of the square's derivative is missing.": "2 * →",
        "that is the penalty itself, one number; asked for is its gradient, a number for each weight.":
            "strength * ((w - start) ** 2).sum()",
        "those are the penalty's terms; asked for is its gradient.": ("strength * (w - start) ** 2", "(w - start) ** 2"),
        "the square is still there: the derivative of u² is 2 · u.": "2 * strength * (w - start) ** 2",
        "that is the pull of |w - start|, the same however far w is.":
            ("strength * np.sign(w - start)", "2 * strength * np.sign(w - start)"),
        "strength is left out.": ("strength * →", "w - start"),
        "it is divided by the number of weights; the penalty is a sum.":
            ("2 * strength * (w - start) / len(w)", "strength * (w - start) / len(w)"),
        "it is divided by its length: far or near, the pull is the same in yours.":
            "strength * (w - start) / np.linalg.norm(w - start)",
        "that is w after a step; asked for is the gradient alone.":
            ("w - 2 * strength * (w - start)", "w - strength * (w - start)"),
        "the sign is lost: a weight below its start is pulled up, one above it down.":
            ("2 * strength * abs(w - start)", "strength * abs(w - start)"),
        "strength multiplies the whole difference; is a bracket missing?":
            ("2 * strength * w - start", "2 * (w - strength * start)", "2 * (strength * w - start)"),
        "the difference is squared, and not each of the two: (w - start)².":
            ("strength * (w**2 - start**2)", "2 * strength * (w**2 - start**2)"),
        "the derivative of what stands in the bracket is 1, not w.": "2 * strength * (w - start) * w",
    },
    praise="the farther from the start, the stronger the pull back.",
)  # fmt: skip
def pull():
    rng = rng_for(14, "exercise")
    return [(rng.normal(size=n), rng.normal(size=n), s) for n, s in ((3, 0.1), (4, 1.0), (2, 2.5))]


@code_exercise(
    "Which array may choose, and which may only tell what came of it?",
    "valid.mean(0) has one number a block. Which block has the largest? What is its column of test?",
    solution="""def answer(valid, test):
    block = valid.mean(0).argmax()
    return test[:, block].mean()""",
    mistakes={
        "it looks at test to choose: the best of several is best by luck, too.":
            ("test.mean(0).max()", "valid.mean(0) → (valid + test).mean(0)"),
        "that is the best single number of test.": "test.max()",
        "it chooses anew in every draw; choose one block by its mean.": "test[range(len(test)), valid.argmax(1)].mean()",
        "that is its accuracy on valid, which was used to choose.":
            ("valid.mean(0).max()", "valid.max(1).mean()", "valid.max()"),
        "that is the block's number; asked for is its accuracy on test.":
            ("valid.mean(0).argmax()", "valid.mean(0).argmax() + 1"),
        "it takes the worst block on valid.": "argmax → argmin",
        "it takes the first or the last block and does not choose.": ("test[:, 0].mean()", "test[:, -1].mean()"),
        "that is the mean over all blocks.": "test.mean()",
        "one number a draw comes back; take their mean.": "block].mean() → block]",
        "it chooses by one number of a block, by its median, or by how often it is ahead; take the largest mean.":
            ("valid.mean(0) → np.median(valid, 0)", "mean(0) → max(0)", "test.flat[valid.argmax()]"),
        "it chooses a draw; each block is a column, and its mean is over axis 0.": "test[valid.mean(1).argmax()].mean()",
        "valid and test have changed places: valid chooses.": "answer(test, valid)",
        "the block is right; return the mean of its accuracies on test.":
            ("test[:, block].mean() → np.median(test[:, block])",
             *(f"block].mean() → {one}" for one in ("block].max()", "block].min()", "block].sum()", "block][0]"))),
    },
    praise="one array chooses, the other tells.",
)  # fmt: skip
def chosen():
    rng = rng_for(15, "exercise")
    for n in (6, 9):
        valid, test = rng.normal(0.6, 0.01, (2, n, 6))
        valid[:, 4] += 0.06  # a little better in most draws: in the first and the last, and by the median
        valid[1 : 1 + n // 3, 1] += 0.3  # much better in a third of them, and so the best on average
        valid[-2, n % 2] = 0.99  # once the best of all
        test[:, 3] += 0.1  # the best on test is another one
        yield valid, test


@code_exercise(
    "The last layer has rate 1. What has the one below it? And the one below that?",
    "Layer i of n, counted from 0, has n - 1 - i layers above it: divide by the factor so often.",
    solution="""def answer(n, factor):
    return [factor ** (layer + 1 - n) for layer in range(n)]""",
    mistakes={
        "the first layer is the fastest in yours; the last one should be.": "layer + 1 - n → -layer",
        "the last layer's rate should be 1.": ("+ 1 - n → - n", "+ 1 - n →"),
        "the rates grow downward: divide by the factor, do not multiply.": "layer + 1 - n → n - 1 - layer",
        "it subtracts equal steps; each layer's rate is the next one's divided by the factor.":
            ("np.linspace(1 / factor, 1, n)", "(np.arange(n) + 1) / n", "np.linspace(factor ** (1 - n), 1, n)"),
        "all but the last layer have one rate in yours.": "[1 / factor] * (n - 1) + [1]",
        "it divides by the factor times the number of layers above.":
            "1 / np.maximum(1, factor * (n - 1 - np.arange(n)))",
        "the factor is left out.": ("[1] * n", "1 / (n - np.arange(n))"),
        "the rates should be divided by their layer's power of the factor, not of 10.": "[factor → [10.0",
        "the *first* layer is slower by one factor in all; each layer should be slower by a factor than the next.":
            "np.geomspace(1 / factor, 1, n)",
        "they add up to 1; the last layer's rate is 1.": "np.array(answer(n, factor)) / sum(answer(n, factor))",
        "all layers have one rate in yours.": ("[1 / factor] * n", "[factor] * n"),
        "it divides by 1 + the factor times the number of layers above; divide by the factor so often.":
            "1 / (1 + factor * (n - 1 - np.arange(n)))",
        "all but the last layer stand still in yours.": "[0] * (n - 1) + [1]",
    },
    praise="each layer is so many times slower than the one above it.",
)  # fmt: skip
def rates():
    return (4, 2.6), (3, 10.0), (6, 2.0)
