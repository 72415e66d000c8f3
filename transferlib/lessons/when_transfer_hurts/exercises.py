"""The exercises of lesson 13, when transfer hurts."""

import numpy as np
from scipy import stats

from transferlib.exercises import compare, exercise, function_of, need
from transferlib.strategies import Strategy
from transferlib.tasks import stream


@exercise(
    "Which arm does everything that *fix common* does, and has never met a source?",
    "The shared layer starts random and does not move. SCRATCH starts random; `but` changes one setting of it.",
    solution="""from transferlib.strategies import SCRATCH

answer = SCRATCH.but(name="frozen at random", move=0.0)""",
)
def control(answer):
    need(isinstance(answer, Strategy), f"a Strategy is asked for, such as SCRATCH.but(...), not a {type(answer).__name__}.")
    need(answer.alpha == 0, "with α above 0 it trains the source along: a control knows no source.")
    need(answer.start == "random", "its shared layer starts from the source. The control must not know the source.")
    need(answer.head == "random", "its head starts from the source. The control must not know the source.")
    need(
        any(move == 0 for move in answer.moves),
        "its shared layer moves, and that of *fix common* does not. So two things differ: the source, and the freezing.",
    )
    need(all(move == 0 for move in answer.moves), "a part of its shared layer still moves; in *fix common* none does.")
    return "the same algorithm without the source. What is left between the two is the source's doing."


def _below(high):
    """The names whose gains have high(values) below 0."""
    return lambda gains: {name for name, values in gains.items() if high(np.asarray(values)) < 0}


def _end(t, sign=1, root=0.5, ddof=1):
    return lambda v: v.mean() + sign * (t(len(v)) if callable(t) else t) * v.std(ddof=ddof) / len(v) ** root


def _student(p):
    return lambda n: stats.t.ppf(p, n - 1)


def _sources(seed):
    """Gains over 10 seeds whose mean lies so many standard errors from 0, some of them between two rules."""
    rng, made = stream(seed, "exercise"), {}
    for name, distance, n in (
        ("digits", 3, 10),
        ("letters", -0.5, 10),
        ("faces", -1.5, 10),
        ("maps", -1.9, 10),
        ("bells", -1.98, 10),
        ("tables", -2.1, 10),
        ("sounds", -2.6, 10),
        ("hum", -6.6, 10),
        ("noise", -30, 10),
        ("words", 0.4, 10),
        ("speech", -2.2, 40),
    ):
        z = rng.normal(size=n)
        z = (z - z.mean()) / z.std(ddof=1)
        made[name] = 0.01 * (z + distance / n**0.5)
    return made


@exercise(
    "`interval(values)` gives (mean, low, high). Which of the three has to be below zero?",
    "The whole interval lies below zero if its *high* end does.",
    solution="""from transferlib.measures import interval

def answer(gains):
    return [name for name, values in gains.items() if interval(values)[2] < 0]""",
)
def harm(answer):
    answer, right = function_of("gains", answer), _below(_end(_student(0.975)))
    mistakes = {
        "a mean below zero may be luck. Ask whether the whole interval lies below zero.": _below(np.mean),
        "its *low* end lies below zero for nearly all of them: the whole interval does if its high end does.": (
            _below(_end(_student(0.975), -1))
        ),
        "those are the sources that helped.": lambda gains: {
            n for n, v in gains.items() if _end(_student(0.975), -1)(v) > 0
        },
        "those are the sources that did no harm that one can show; asked for are the others.": (
            lambda gains: set(gains) - right(gains)
        ),
        "it adds one standard error to the mean; the interval's half width is t · s / √n.": _below(_end(1)),
        "it uses the normal's 1.96, and over ten seeds Student's t is wider (2.26).": _below(_end(1.96)),
        "it uses 2 for t: over ten seeds t is 2.26.": _below(_end(2)),
        "it leaves 5 % out on each side; a 95 % interval leaves 2.5 % on each.": _below(_end(_student(0.95))),
        "it forgets √n: whether *every* seed lies below zero is another question.": _below(_end(_student(0.975), root=0)),
        "one seed above zero does not acquit a source: it asks whether *every* seed lies below zero.": _below(np.max),
        "the median below zero may be luck too. Ask for the interval of the mean.": _below(np.median),
        "it calls nothing harmful, whatever the gains.": lambda gains: set(),
        "it calls everything harmful, whatever the gains.": set,
    }
    got, rights, cases = [], [], [_sources(seed) for seed in range(3)]
    for gains in cases:
        names = answer(dict(gains))
        need(names is not None, "it returns nothing: is there a `return`?")
        fit = isinstance(names, (list, tuple, set, frozenset, dict, np.ndarray, type({}.keys())))
        need(fit, f"it should return a list of names, and returns a {type(names).__name__}.")
        names = {str(name) for name in names}
        strange = ", ".join(map(repr, sorted(names - set(gains))))
        need(not strange, f"it returns {strange}: no name of a source in gains.")
        got.append(names)
        rights.append(right(gains))
    if got == rights:
        return "harm is what the whole interval says, and the others are *not decided* or better."
    for message, mistaken in mistakes.items():
        need(got != [mistaken(gains) for gains in cases], message)
    at = next(i for i, (g, r) in enumerate(zip(got, rights)) if g != r)
    name = sorted(got[at] ^ rights[at])[0]
    which = "names" if name in got[at] else "does not name"
    low, high = (100 * _end(_student(0.975), sign)(cases[at][name]) for sign in (-1, 1))
    need(False, f"it {which} {name!r}, whose gain is [{low:+.1f}, {high:+.1f}] points.")


def _ece(weigh=lambda rows: rows.mean(), gap=np.abs, total=sum, below=np.less, upto=np.less_equal, first=0, empty=0.0):
    """The ECE with one thing in it done in another way, as a function of (sure, right)."""

    def function(sure, right):
        parts = []
        for b in range(first, 10):
            rows = below(b / 10, sure) & upto(sure, (b + 1) / 10)
            parts.append(weigh(rows) * gap(right[rows].mean() - sure[rows].mean()) if rows.any() else empty)
        return total(parts)

    return function


@exercise(
    "Go through the ten bins: which rows have a confidence in it? Their mean confidence, and their mean `right`?",
    "For b in range(10): rows = (sure > b / 10) & (sure <= (b + 1) / 10). Skip b when no row is in it.",
    "Add up rows.mean() * abs(right[rows].mean() - sure[rows].mean()).",
    solution="""def answer(sure, right):
    total = 0
    for b in range(10):
        rows = (sure > b / 10) & (sure <= (b + 1) / 10)
        if rows.any():
            total += rows.mean() * abs(right[rows].mean() - sure[rows].mean())
    return total""",
)
def calibration(answer):
    rng, cases = stream(6, "exercise"), []
    for n in (200, 37):
        sure = rng.uniform(0.2, 1, n) ** 0.5
        sure[:9] = np.repeat([0.5, 0.8, 1.0], 3)  # on the edges
        right = (rng.random(n) < sure**1.7 + 0.1 * np.sin(9 * sure)).astype(float)
        right[:9] = [1, 1, 0, 0, 0, 1, 1, 0, 1]
        cases.append((sure, right))

    def alone(rows):
        return 1.0

    def filled(parts):
        return np.mean([part for part in parts if part])

    mistakes = {
        "every bin counts alike in yours. Weight each by its share of the rows.": _ece(alone, total=filled),
        "every bin counts alike in yours, empty ones too. Weight each by its share of the rows.": _ece(alone, total=np.mean),
        "the gaps are added as they are. Weight each by its bin's share of the rows.": _ece(alone),
        "all rows are in one bin; take ten, and add their |accuracy - confidence|.": lambda sure, right: abs(
            right.mean() - sure.mean()
        ),
        "gaps of opposite sign cancel. Take |accuracy - confidence| in each bin, then add.": (
            _ece(gap=np.positive),
            _ece(gap=np.negative),
        ),
        "that is the largest gap of all bins (called MCE); asked for is their weighted mean.": _ece(alone, total=max),
        "distances are squared in yours; ECE takes them as they are.": _ece(gap=np.square),
        "bins are weighted by their number of rows; divide by the number of all rows.": _ece(np.sum),
        "it gives NaN: some of the ten bins are empty, and the mean of nothing is NaN. Leave those out.": _ece(empty=np.nan),
        "an edge falls into the bin above; the upper edge belongs to the bin: > and <=.": (
            _ece(below=np.less_equal, upto=lambda sure, edge: (sure < edge) | (edge == 1))
        ),
        "an edge falls into the bin above, and 1.0 into none; it belongs to the lower one: > and <=.": (
            _ece(below=np.less_equal, upto=np.less)
        ),
        "an edge belongs to two bins in yours; it belongs to the lower one only: > and <=.": _ece(below=np.less_equal),
        "an edge belongs to no bin in yours; it belongs to the lower one: > and <=.": _ece(upto=np.less),
        "that is the mean of |right - sure| row by row; take means within each bin first.": lambda sure, right: np.abs(
            right - sure
        ).mean(),
        "that is Brier's score, a mean square; ECE compares means within bins.": lambda sure, right: np.square(
            right - sure
        ).mean(),
    }
    compare(answer, "sure, right", _ece(), mistakes, cases)
    return "the mean distance between what it says and how often it is right."


def _softened(p, t, power=lambda t: 1 / t, axis=1):
    q = p ** power(t)
    return q / q.sum(axis, keepdims=True)


@exercise(
    "The softmax can be undone: up to a constant, np.log(p) are the numbers that went into it.",
    "Divide those by T and take the softmax again: np.exp(np.log(p) / T), each row divided by its sum.",
    solution="""import numpy as np

def answer(p, T):
    q = np.exp(np.log(p) / T)
    return q / q.sum(1, keepdims=True)""",
)
def temperature(answer):
    rng, cases = stream(8, "exercise"), []
    for n, t in ((4, 2.0), (3, 0.5), (5, 1.7)):
        cases.append((rng.dirichlet(np.ones(3), n) * 0.97 + 0.01, t))

    def soft(z):
        return np.exp(z) / np.exp(z).sum(1, keepdims=True)

    mistakes = {
        "it makes the network surer where T is large: divide by T, do not multiply.": lambda p, t: _softened(
            p, t, lambda t: t
        ),
        "the rows do not add up to 1: after the division take the softmax again.": (
            lambda p, t: p ** (1 / t),
            lambda p, t: p / t,
            lambda p, t: np.log(p) / t,
        ),
        "it divides by the sums of the columns; each *row* must add up to 1 (axis 1).": lambda p, t: _softened(p, t, axis=0),
        "it divides by the sum of all rows; each row must add up to 1 by itself.": lambda p, t: (
            p ** (1 / t) / (p ** (1 / t)).sum()
        ),
        "it takes the softmax of p / T. First undo the old softmax: np.log(p).": lambda p, t: soft(p / t),
        "that is p as it was; dividing all of p by T drops out when a row is divided by its sum.": lambda p, t: p,
        "that is the largest of each row; all the probabilities are asked for.": lambda p, t: _softened(p, t).max(1),
        "that is the class of each row, which no T can change; the probabilities are asked for.": lambda p, t: p.argmax(1),
        "those are logarithms; take np.exp.": lambda p, t: np.log(_softened(p, t)),
    }
    compare(answer, "p, T", _softened, mistakes, cases)
    return "no answer changes, and no accuracy: only how sure the network says it is."
