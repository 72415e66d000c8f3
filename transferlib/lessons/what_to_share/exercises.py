"""The exercises of lesson 14, what to share."""

import numpy as np

from transferlib.exercises import compare, exercise
from transferlib.tasks import rng_for


@exercise(
    "The last layer always moves. When does the layer below it join in? And the first?",
    "Counted from 0, layer i joins in when done reaches (3 - i) / 4.",
    solution="""def answer(done):
    return [float(done >= (3 - layer) / 4) for layer in range(4)]""",
)
def gradual(answer):
    def far(joins):
        return lambda done: [float(joins(layer, done)) for layer in range(4)]

    compare(answer, "done", far(lambda i, d: d >= (3 - i) / 4), {
        "it thaws from the first layer upward; the last layer comes first.": far(lambda i, d: d >= i / 4),
        "only one layer moves at a time in yours; a layer that has joined in goes on.":
            far(lambda i, d: (3 - i) / 4 <= d < (4 - i) / 4 or d == 1 and i == 0),
        "it waits a quarter too long: the last layer moves from the beginning.": far(lambda i, d: d >= (4 - i) / 4),
        "at a quarter itself a layer joins in already: >= and not >.":
            (far(lambda i, d: i == 3 or d > (3 - i) / 4), far(lambda i, d: d > (3 - i) / 4)),
        "a layer joins in when a quarter is *over*: round 4 · done down.":
            (far(lambda i, d: np.ceil(4 * d) >= 3 - i), far(lambda i, d: np.round(4 * d) >= 3 - i)),
        "all four layers move all the time in yours.": far(lambda i, d: True),
        "that is how much stays frozen: 0 and 1 are exchanged.": far(lambda i, d: d < (3 - i) / 4),
        "the first layer never moves in yours; it joins in at three quarters.": far(lambda i, d: i and d >= (3 - i) / 4),
        "three layers join in, at one, two and three quarters: a quarter apart.":
            (far(lambda i, d: d >= (3 - i) / 3), far(lambda i, d: i == 3 or d >= 0.8 - 0.2 * i)),
        "a layer moves fully or stands still, 1 or 0; yours move by parts.":
            (lambda d: np.clip(4 * d + np.arange(-2, 2), 0, 1), lambda d: np.clip(4 * d + np.arange(-3, 1), 0, 1)),
        "it is a quarter too early: at the beginning only the last layer moves.": far(lambda i, d: d >= (2 - i) / 4),
        "only the last layer ever moves in yours; done goes from 0 to 1.": far(lambda i, d: i == 3),
        "the last layer stands still in yours; it moves all the time.": far(lambda i, d: i < 3 and d >= (3 - i) / 4),
        "after the last layer the one just below it joins in, and the first comes at the end.":
            far(lambda i, d: i == 3 or d >= (i + 1) / 4),
        "at a quarter all of yours join in together; each full quarter brings one more.":
            far(lambda i, d: i == 3 or d >= 0.25),
    }, [(d,) for d in (0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0)])  # fmt: skip
    return "gradual unfreezing, from the top down."


@exercise(
    "Where is the penalty smallest? A step *down* its gradient must lead there.",
    "The derivative of (w - start)² is 2 · (w - start).",
    solution="""def answer(w, start, strength):
    return 2 * strength * (w - start)""",
)
def pull(answer):
    rng = rng_for(14, "exercise")
    cases = [(rng.normal(size=n), rng.normal(size=n), s) for n, s in ((3, 0.1), (4, 1.0), (2, 2.5))]
    compare(answer, "w, start, strength", lambda w, o, s: 2 * s * (w - o), {
        "it pulls to zero, as weight decay does; L2-SP pulls to the start.":
            (lambda w, o, s: 2 * s * w, lambda w, o, s: s * w),
        "a step down this gradient leads away from the start: w - start, not start - w.":
            (lambda w, o, s: 2 * s * (o - w), lambda w, o, s: s * (o - w),
             lambda w, o, s: 2 * (o - w), lambda w, o, s: o - w),
        "the 2 of the square's derivative is missing.": lambda w, o, s: s * (w - o),
        "that is the penalty itself, one number; asked for is its gradient, a number for each weight.":
            lambda w, o, s: s * ((w - o) ** 2).sum(),
        "those are the penalty's terms; asked for is its gradient.":
            (lambda w, o, s: s * (w - o) ** 2, lambda w, o, s: (w - o) ** 2),
        "the square is still there: the derivative of u² is 2 · u.": lambda w, o, s: 2 * s * (w - o) ** 2,
        "that is the pull of |w - start|, the same however far w is.":
            (lambda w, o, s: s * np.sign(w - o), lambda w, o, s: 2 * s * np.sign(w - o)),
        "strength is left out.": (lambda w, o, s: 2 * (w - o), lambda w, o, s: w - o),
        "it is divided by the number of weights; the penalty is a sum.":
            (lambda w, o, s: 2 * s * (w - o) / len(w), lambda w, o, s: s * (w - o) / len(w)),
        "it is divided by its length: far or near, the pull is the same in yours.":
            lambda w, o, s: s * (w - o) / np.linalg.norm(w - o),
        "that is w after a step; asked for is the gradient alone.":
            (lambda w, o, s: w - 2 * s * (w - o), lambda w, o, s: w - s * (w - o)),
        "the sign is lost: a weight below its start is pulled up, one above it down.":
            (lambda w, o, s: 2 * s * abs(w - o), lambda w, o, s: s * abs(w - o)),
        "strength multiplies the whole difference; is a bracket missing?":
            (lambda w, o, s: 2 * s * w - o, lambda w, o, s: 2 * (w - s * o), lambda w, o, s: 2 * (s * w - o)),
        "the difference is squared, and not each of the two: (w - start)².":
            (lambda w, o, s: s * (w**2 - o**2), lambda w, o, s: 2 * s * (w**2 - o**2)),
        "the derivative of what stands in the bracket is 1, not w.": lambda w, o, s: 2 * s * (w - o) * w,
    }, cases)  # fmt: skip
    return "the farther from the start, the stronger the pull back."


@exercise(
    "Which array may choose, and which may only tell what came of it?",
    "valid.mean(0) has one number a block. Which block has the largest? What is its column of test?",
    solution="""def answer(valid, test):
    block = valid.mean(0).argmax()
    return test[:, block].mean()""",
)
def chosen(answer):
    rng, cases = rng_for(15, "exercise"), []
    for n in (6, 9):
        valid, test = rng.normal(0.6, 0.01, (2, n, 6))
        valid[:, 4] += 0.06  # a little better in most draws: in the first and the last, and by the median
        valid[1 : 1 + n // 3, 1] += 0.3  # much better in a third of them, and so the best on average
        valid[-2, n % 2] = 0.99  # once the best of all
        test[:, 3] += 0.1  # the best on test is another one
        cases.append((valid, test))
    compare(answer, "valid, test", lambda v, t: t[:, v.mean(0).argmax()].mean(), {
        "it looks at test to choose: the best of several is best by luck, too.":
            (lambda v, t: t.mean(0).max(), lambda v, t: t[:, (v + t).mean(0).argmax()].mean()),
        "that is the best single number of test.": lambda v, t: t.max(),
        "it chooses anew in every draw; choose one block by its mean.":
            (lambda v, t: t[np.arange(len(v)), v.argmax(1)].mean(), lambda v, t: t[np.arange(len(v)), t.argmax(1)].mean()),
        "that is its accuracy on valid, which was used to choose.":
            (lambda v, t: v.mean(0).max(), lambda v, t: v.max(1).mean(), lambda v, t: v.max()),
        "that is the block's number; asked for is its accuracy on test.":
            (lambda v, t: v.mean(0).argmax(), lambda v, t: v.mean(0).argmax() + 1),
        "it takes the worst block on valid.": lambda v, t: t[:, v.mean(0).argmin()].mean(),
        "it takes the first or the last block and does not choose.":
            (lambda v, t: t[:, 0].mean(), lambda v, t: t[:, -1].mean()),
        "that is the mean over all blocks.": lambda v, t: t.mean(),
        "one number a draw comes back; take their mean.": lambda v, t: t[:, v.mean(0).argmax()],
        "it chooses by one number of a block, by its median, or by how often it is ahead; take the largest mean.":
            (lambda v, t: t[:, np.median(v, 0).argmax()].mean(), lambda v, t: t[:, v.max(0).argmax()].mean(),
             lambda v, t: t[:, v.min(0).argmax()].mean(), lambda v, t: t[:, v[0].argmax()].mean(),
             lambda v, t: t[:, v[-1].argmax()].mean(), lambda v, t: t[:, np.bincount(v.argmax(1)).argmax()].mean(),
             lambda v, t: t.flat[v.argmax()]),
        "it chooses a draw; each block is a column, and its mean is over axis 0.":
            (lambda v, t: t[v.mean(1).argmax()].mean(), lambda v, t: t[:, v.mean(1).argmax()].mean()),
        "valid and test have changed places: valid chooses.": lambda v, t: v[:, t.mean(0).argmax()].mean(),
        "the block is right; return the mean of its accuracies on test.":
            (lambda v, t: np.median(t[:, v.mean(0).argmax()]), lambda v, t: t[:, v.mean(0).argmax()].max(),
             lambda v, t: t[:, v.mean(0).argmax()].min(),
             lambda v, t: t[0, v.mean(0).argmax()], lambda v, t: t[:, v.mean(0).argmax()].sum()),
    }, cases)  # fmt: skip
    return "one array chooses, the other tells."


@exercise(
    "The last layer has rate 1. What has the one below it? And the one below that?",
    "Layer i of n, counted from 0, has n - 1 - i layers above it: divide by the factor so often.",
    solution="""def answer(n, factor):
    return [factor ** (layer + 1 - n) for layer in range(n)]""",
)
def rates(answer):
    compare(answer, "n, factor", lambda n, f: f ** (np.arange(n) + 1.0 - n), {
        "the first layer is the fastest in yours; the last one should be.": lambda n, f: f ** -np.arange(float(n)),
        "the last layer's rate should be 1.":
            (lambda n, f: f ** (np.arange(n) - float(n)), lambda n, f: f ** np.arange(float(n))),
        "the rates grow downward: divide by the factor, do not multiply.": lambda n, f: f ** (n - 1.0 - np.arange(n)),
        "it subtracts equal steps; each layer's rate is the next one's divided by the factor.":
            (lambda n, f: np.linspace(1 / f, 1, n), lambda n, f: (np.arange(n) + 1.0) / n,
             lambda n, f: np.linspace(f ** (1.0 - n), 1, n)),
        "all but the last layer have one rate in yours.": lambda n, f: np.r_[np.full(n - 1, 1 / f), 1.0],
        "it divides by the factor times the number of layers above.":
            lambda n, f: 1 / np.maximum(1, f * (n - 1.0 - np.arange(n))),
        "the factor is left out.": (lambda n, f: np.ones(n), lambda n, f: 1 / (n - np.arange(n))),
        "the rates should be divided by their layer's power of the factor, not of 10.":
            lambda n, f: 10.0 ** (np.arange(n) + 1 - n),
        "the *first* layer is slower by one factor in all; each layer should be slower by a factor than the next.":
            lambda n, f: np.geomspace(1 / f, 1, n),
        "they add up to 1; the last layer's rate is 1.":
            lambda n, f: f ** (np.arange(n) + 1.0 - n) / (f ** (np.arange(n) + 1.0 - n)).sum(),
        "all layers have one rate in yours.": (lambda n, f: np.full(n, 1 / f), lambda n, f: np.full(n, float(f))),
        "it divides by 1 + the factor times the number of layers above; divide by the factor so often.":
            lambda n, f: 1 / (1 + f * (n - 1.0 - np.arange(n))),
        "all but the last layer stand still in yours.": lambda n, f: (np.arange(n) == n - 1.0) * 1.0,
    }, [(4, 2.6), (3, 10.0), (6, 2.0)])  # fmt: skip
    return "each layer is so many times slower than the one above it."
