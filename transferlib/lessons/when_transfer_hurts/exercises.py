"""The exercises of lesson 13, when transfer hurts."""

import numpy as np
from scipy import stats

from transferlib.exercises import code_exercise, compare, exercise, need, several, short
from transferlib.strategies import Strategy
from transferlib.tasks import rng_for


@exercise(
    "Which arm does everything that *fix common* does, and has never met a source?",
    "The shared layer starts random and does not move. SCRATCH starts random; `but` changes a setting.",
    solution="""from transferlib.strategies import SCRATCH

answer = SCRATCH.but(name="frozen at random", move=0.0)""",
)
def control(answer):
    strategy = isinstance(answer, Strategy)
    need(strategy, f"a Strategy is asked for, such as SCRATCH.but(...), not a {type(answer).__name__}.")
    need(answer.alpha == 0, "with α above 0 it trains the source along: a control knows no source.")
    need(answer.start == "random", "its shared layer starts from the source. The control must not know the source.")
    need(answer.head == "random", "its head starts from the source. The control must not know the source.")
    two = "two things differ: the source, and the freezing."
    need(0 in answer.moves, f"its shared layer moves, and that of *fix common* does not. So {two}")
    need(not any(answer.moves), "a part of its shared layer still moves; in *fix common* none does.")
    return "the same algorithm without the source. What is left between the two is the source's doing."


def _end(p=0.975, t=None, sign=1, root=0.5):
    """An end of an interval of the mean, with one thing in it done in another way."""
    return lambda v: v.mean() + sign * (t or stats.t.ppf(p, len(v) - 1)) * v.std(ddof=1) / len(v) ** root


def _sources(seed):
    """Gains over 10 seeds whose mean lies so many standard errors from 0, some of them between two rules."""
    rng, made = rng_for(seed, "exercise"), {}
    for name, distance in dict(
        digits=3, words=0.4, letters=-0.5, faces=-1.5, maps=-1.9, tables=-2.1, drums=-2.2, flutes=-2.24,
        speech=-2.2, sounds=-2.6, crowds=-3.1, rain=-4, hum=-6, noise=-30, hiss=-8,
    ).items():  # fmt: skip
        n = 40 if name == "speech" else 10
        z = stats.norm.ppf((rng.permutation(n) + 0.5) / n)
        made[name] = 0.01 * (z / z.std(ddof=1) + distance / n**0.5)
    return made | {"silence": np.zeros(10)}  # its interval ends at 0


@exercise(
    "`interval(values)` gives (mean, low, high). Which of the three has to be below zero?",
    "The whole interval lies below zero if its *high* end does.",
    solution="""from transferlib.measures import interval

def answer(gains):
    return [name for name, values in gains.items() if interval(values)[2] < 0]""",
)
def harm(answer):
    cases = [(_sources(seed),) for seed in range(3)]
    gains = cases[0][0]

    def below(high):
        return lambda gains: [name for name, values in gains.items() if high(values) < 0]

    def read(got):
        asked = f"it should return a list of names, and returns a {type(got).__name__}."
        if isinstance(got, dict) and all(isinstance(value, (bool, np.bool_)) for value in got.values()):
            got = [name for name in got if got[name]]  # {name: whether it is harmful}
        got = [name if isinstance(name, str) else short(name) for name in several(got, asked)]
        strange = ", ".join(repr(name) for name in got[:3] if name not in gains)
        need(set(got) <= set(gains), f"it returns {strange or 'others':.99}: no name of a source in gains.")
        return np.isin([*gains], got).astype(float)

    def tell(got, want):
        name, named = next((name, g) for name, g, w in zip(gains, got, want) if g != w)
        low, high = (100 * _end(sign=sign)(gains[name]) for sign in (-1, 1))  # the same for all seeds
        names = "names" if named else "does not name"
        return f"it {names} {name!r}, whose gain is [{low:+.2f}, {high:+.2f}] points."

    compare(answer, "gains", below(_end()), {
        "a mean below zero may be luck: the whole interval has to be.": below(np.mean),
        "its *low* end lies below zero for nearly all; its high end has to.": below(_end(sign=-1)),
        "it adds one standard error; the interval's half width is t · s / √n.": below(_end(t=1)),
        "1.96 or 2 is too narrow: over ten seeds t is 2.26.": below(_end(t=2)),
        "it leaves 5 % out on each side; a 95 % interval leaves 2.5 % on each.": below(_end(0.95)),
        "it asks more than a 95 % interval does, as a 99 % interval would.": below(_end(0.995)),
        "√n is missing in s / √n.": below(_end(root=0)),
        "one seed above zero does not acquit: it asks whether *every* seed lies below.": below(np.max),
        "an interval that ends at zero does not lie below it: ask for < 0, and not <= 0.":
            lambda gains: [name for name, values in gains.items() if _end()(values) <= 0],
        "it names the worst source only; go through all.": lambda gains: [min(gains, key=lambda name: gains[name].mean())],
        "it calls nothing harmful, whatever the gains.": below(lambda v: 1),
        "it calls everything harmful, whatever the gains.": below(lambda v: -1),
    }, cases, read=read, otherwise=tell)  # fmt: skip
    return "harm is what the whole interval says, and the others are *not decided* or better."


BIN = "(sure > b / 10) & (sure <= (b + 1) / 10)"


@code_exercise(
    "Go through the ten bins: which rows are in it? Their mean confidence, and their mean `right`?",
    "For b in range(10): rows = (sure > b / 10) & (sure <= (b + 1) / 10). Skip b when no row is in it.",
    "Add up rows.mean() * abs(right[rows].mean() - sure[rows].mean()).",
    solution="""def answer(sure, right):
    total = 0
    for b in range(10):
        rows = (sure > b / 10) & (sure <= (b + 1) / 10)
        if rows.any():
            total += rows.mean() * abs(right[rows].mean() - sure[rows].mean())
    return total""",
    mistakes={
        "every bin counts alike in yours. Weight each by its share of the rows.": (
            "rows.mean() * →", "rows.mean() * → 0.1 *",
            "rows.mean() * → 1 / len(np.unique(np.ceil(10 * sure))) *",
        ),
        "all rows are in one bin; take ten.": "abs(right.mean() - sure.mean())",
        "gaps of opposite sign cancel: take each bin's |accuracy - confidence|.": "abs →",
        "that is the largest gap (MCE); asked for is their weighted mean.":
            "total += rows.mean() * abs(right[rows].mean() - sure[rows].mean()) → "
            "total = max(total, abs(right[rows].mean() - sure[rows].mean()))",
        "bins are weighted by their number of rows; divide by that of all rows.":
            "rows.mean() * → rows.sum() *",
        "np.linspace(0, 1, 10) has ten edges, and so nine bins; ten bins have eleven.":
            f"range(10):\n        rows = {BIN} → range(9):\n        rows = (sure > b / 9) & (sure <= (b + 1) / 9)",
        "a bin is left out: range(10) goes from 0 to 9.": ("range(10) → range(9)", "range(10) → range(1, 10)"),
        "take the mean of the confidences in a bin, and not its middle.": "sure[rows].mean() → (b + 0.5) / 10",
        "some bins are empty, and the mean of nothing is NaN. Leave those out.": "rows.any() → True",
        "an edge falls into the bin above; the upper edge belongs to the bin: > and <=.":
            f"{BIN} → (sure >= b / 10) & ((sure < (b + 1) / 10) | (b == 9))",
        "an edge falls into the bin above, 1.0 into one of its own: np.digitize(…, right=True), or np.ceil.":
            f"range(10):\n        rows = {BIN} → range(11):\n        rows = (sure >= b / 10) & (sure < (b + 1) / 10)",
        "an edge falls into the bin above, and 1.0 into none; it belongs to the lower one: > and <=.":
            f"{BIN} → (sure >= b / 10) & (sure < (b + 1) / 10)",
        "an edge belongs to two bins in yours; it belongs to the lower one only: > and <=.":
            "sure > → sure >=",
        "it goes row by row; take means in each bin first.": "np.mean(abs(right - sure))",
    },
    praise="the mean distance between what it says and how often it is right.",
)  # fmt: skip
def calibration():
    rng = rng_for(6, "exercise")
    for n in (200, 37):
        sure = rng.uniform(0.2, 1, n) ** 0.5
        sure[:9] = np.repeat([0.5, 0.9, 1.0], 3)  # on edges that all ways to write them have in common
        right = (rng.random(n) < sure**1.7 + 0.1 * np.sin(9 * sure)).astype(float)
        right[:9] = [1, 1, 0, 1, 1, 1, 1, 0, 0]
        sure[9:12], right[9:12] = 0.05, [1, 0, 1]  # in the first bin, and some bins above it are empty
        yield sure, right


@code_exercise(
    "The softmax can be undone: up to a constant, np.log(p) are the numbers that went into it.",
    "Divide those by T and take the softmax again: np.exp(np.log(p) / T), each row divided by its sum.",
    solution="""import numpy as np

def answer(p, T):
    q = np.exp(np.log(p) / T)
    return q / q.sum(1, keepdims=True)""",
    mistakes={
        "it makes the network surer where T is large: divide by T.": "/ T → * T",
        "the rows do not add up to 1: after the division take the softmax again.":
            ("p ** (1 / T)", "p / T", "np.log(p) / T"),
        "it divides by the sums of the columns, or of all rows; each *row* must add up to 1 (axis 1).":
            ("sum(1, → sum(0,", "sum(1, → sum("),
        "it takes the softmax of p / T. First undo the old softmax: np.log(p).": "np.log(p) → p",
        "that is p as it was; dividing all of p by T drops out when rows are normalised.": "p",
        "the softmax is undone by the natural logarithm, np.log.": ("np.log(p) → np.log2(p)", "np.log(p) → np.log10(p)"),
        "those are logarithms; take np.exp.": "np.log(answer(p, T))",
    },
    praise="no answer changes, and no accuracy: only how sure the network says it is.",
)  # fmt: skip
def temperature():
    rng = rng_for(8, "exercise")
    return [(rng.dirichlet(np.ones(3), n) * 0.97 + 0.01, t) for n, t in ((4, 2.0), (3, 0.5), (5, 1.7))]
