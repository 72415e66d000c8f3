"""The exercises of lesson 13."""

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

from tests.exercises import Tried, every, holds
from transferlib import measures
from transferlib.lessons.when_transfer_hurts import exercises as when_transfer_hurts
from transferlib.measures import interval
from transferlib.strategies import FIX_COMMON, NAMED, SCRATCH, Strategy

FROZEN = SCRATCH.but(name="control", move=0.0)


def ece(weigh=np.mean, gap=abs, total=sum, inside=lambda sure, b: (sure > b / 10) & (sure <= (b + 1) / 10), empty=None):
    def answer(sure, right):
        parts = []
        for b in range(10):
            rows = inside(sure, b)
            if rows.any():
                parts.append(weigh(rows) * gap(right[rows].mean() - sure[rows].mean()))
            elif empty is not None:
                parts.append(empty)
        return total(parts)

    return answer


def by_edges(edges, **how):
    def answer(sure, right):
        place = np.digitize(sure, edges, **how)
        return sum(abs(sum(right[place == b] - sure[place == b])) for b in set(place)) / len(sure)

    return answer


def by_floor(sure, right):
    place = np.floor(sure * 10).astype(int)
    return sum(abs(sum(right[place == b] - sure[place == b])) for b in set(place)) / len(sure)


def by_pandas(sure, right):
    frame = pd.DataFrame(dict(sure=sure, right=right)).groupby(pd.cut(sure, np.arange(11) / 10), observed=True)
    return (frame.size() * (frame.mean()["sure"] - frame.mean()["right"]).abs()).sum() / len(sure)


def by_bincount(sure, right):
    return np.abs(np.bincount(np.ceil(sure * 10).astype(int) - 1, right - sure, 10)).sum() / len(sure)


def by_rows(sure, right):
    total = 0.0
    for b in range(10):
        rows = [i for i in range(len(sure)) if b / 10 < sure[i] <= (b + 1) / 10]
        total += abs(sum(right[i] for i in rows) - sum(sure[i] for i in rows))
    return total / len(sure)


def by_middles(sure, right):
    place = np.ceil(10 * sure)
    return sum(abs(sum(right[place == b] - (b - 0.5) / 10)) for b in set(place)) / len(sure)


def as_measured(sure, right):
    """By the library's own function, which takes probabilities."""
    left = (1 - sure) / 99
    return measures.calibration_error(np.column_stack([sure, *[left] * 99]), np.where(right > 0, 0, 1))


def below(high, make=list):
    return lambda gains: make(name for name, v in gains.items() if high(np.asarray(v), len(v)) < 0)


def end(t, sign=1):
    return lambda v, n: v.mean() + sign * (t(n) if callable(t) else t) * stats.sem(v)


def student(p):
    return lambda n: stats.t.ppf(p, n - 1)


def by_frame(gains):
    high = pd.Series({name: stats.ttest_1samp(v, 0).confidence_interval().high for name, v in gains.items()})
    return high[high < 0].index.to_numpy()


def by_del(gains):
    for name in list(gains):
        if interval(gains[name])[2] >= 0:
            del gains[name]
    return gains


def two_sided(gains):
    return {name for name, v in gains.items() if v.mean() < 0 and stats.ttest_1samp(v, 0).pvalue < 0.05}


def soft(z, axis=1):
    return np.exp(z) / np.exp(z).sum(axis, keepdims=True)


def by_rows_of(p, T):
    made = []
    for row in p:
        powers = [value ** (1 / T) for value in row]
        made.append([value / sum(powers) for value in powers])
    return made


CASES = {
    "control": Tried(
        right=[
            FROZEN,
            SCRATCH.but(name="x", move=0),
            SCRATCH.but(name="x", move=(0.0,)),
            SCRATCH.but(name="x", move=np.float32(0)),
            SCRATCH.but(name="x", move=[0]),
            Strategy("random features", start="random", move=0.0),
            FIX_COMMON.but(name="x", start="random"),
            SCRATCH.but(name="x", move=0.0, head_first=10),
            SCRATCH.but(name="x", move=0.0, combine="gate"),
        ],
        wrong=[
            ("frozen at random", "a Strategy is asked for, such as SCRATCH.but(...), not a str"),
            (dict(move=0.0), "not a dict"),
            (Strategy, "not a type"),
            (SCRATCH, "two things differ"),
            (FIX_COMMON, "shared layer starts from the source"),
            (NAMED["share gradients"], "α above 0"),
            (FROZEN.but(head="source"), "head starts from the source"),
            (SCRATCH.but(name="x", move=(0.0, 1.0)), "a part of its shared layer"),
        ],
    ),
    "harm": Tried(
        right=[
            below(lambda v, n: interval(v)[2]),
            below(lambda v, n: interval(v)[2], set),
            below(lambda v, n: interval(100 * v)[2], tuple),
            below(end(student(0.975)), lambda names: np.array(list(names))),
            below(lambda v, n: stats.ttest_1samp(v, 0).confidence_interval(0.95).high, lambda names: list(names)[::-1]),
            below(lambda v, n: stats.t.interval(0.95, n - 1, v.mean(), stats.sem(v))[1], lambda n: dict.fromkeys(n).keys()),
            by_frame,
            by_del,
            two_sided,
            lambda gains: (name for name in gains if interval(gains[name])[2] < 0),
            lambda gains: filter(lambda name: interval(gains[name])[2] < 0, gains),
            lambda gains: {name: interval(v)[2] < 0 for name, v in gains.items()},
            lambda gains: pd.Index(sorted(two_sided(gains))),
        ],
        wrong=[
            (["noise"], "a function of (gains)"),
            (lambda gains: print(end=""), "`return`"),
            (lambda gains: True, "a list of names, and returns a bool"),
            (lambda gains: [0, 1], "'0', '1': no name"),
            (below(lambda v, n: v.mean()), "a mean below zero"),
            (below(end(student(0.975), -1)), "its *low* end"),
            (lambda gains: [name for name, v in gains.items() if interval(v)[1] > 0], "'digits', whose gain is [+"),
            (below(end(1)), "one standard error"),
            (below(end(1.96)), "1.96 or 2"),
            (below(end(student(0.995))), "as a 99 % interval would"),
            (below(end(student(0.95))), "5 % out on each side"),
            (below(lambda v, n: v.max()), "does not acquit"),
            (below(lambda v, n: v.mean() + student(0.975)(n) * v.std(ddof=1)), "√n is missing"),
            (below(lambda v, n: v.mean() + stats.t.ppf(0.975, n) * stats.sem(v)), "'flutes', whose gain is ["),
            (below(lambda v, n: v.mean() + student(0.975)(n) * v.std() / n**0.5), "'drums', whose gain is ["),
            (lambda gains: [name for name, v in gains.items() if interval(v)[2] <= 0], "ask for < 0, and not <= 0"),
            (lambda gains: [], "nothing harmful"),
            (lambda gains: [min(gains, key=lambda name: np.mean(gains[name]))], "the worst source only"),
            (list, "everything harmful"),
            (lambda gains: ["letters"], "'letters', whose gain is ["),
            (lambda gains: gains["air"], "raised KeyError"),
        ],
        alike=[(below(end(2)), "1.96 or 2"), (below(lambda v, n: np.median(v)), "may be luck")],
    ),
    "calibration": Tried(
        right=[
            by_edges(np.linspace(0, 1, 11), right=True),
            by_pandas,
            by_bincount,
            by_rows,
            as_measured,
            ece(),
            ece(empty=0),
            ece(inside=lambda sure, b: (sure > b / 10) & (sure <= b / 10 + 0.1)),
            lambda s, r: np.float32(ece()(s, r)),
        ],
        wrong=[
            (0.1, "a function of"),
            (ece(lambda rows: 1, total=np.mean), "every bin counts alike in yours. Weight"),
            (ece(gap=lambda gap: gap), "opposite sign cancel"),
            (ece(lambda rows: 1, total=max), "(MCE)"),
            (ece(gap=np.square), "instead of"),
            (ece(np.sum), "by that of all rows"),
            (ece(empty=np.nan), "the mean of nothing is NaN"),
            (lambda sure, right: abs(right.mean() - sure.mean()), "all rows are in one bin"),
            (
                ece(inside=lambda s, b: (s >= b / 10) & (s < (b + 1) / 10 + (b == 9))),
                "an edge falls into the bin above; the",
            ),
            (ece(inside=lambda s, b: (s >= b / 10) & (s < (b + 1) / 10)), "and 1.0 into none"),
            (ece(inside=lambda s, b: (s >= b / 10) & (s <= (b + 1) / 10)), "to two bins"),
            (lambda sure, right: abs(right - sure).mean(), "row by row"),
            (lambda sure, right: ((right - sure) ** 2).mean(), "instead of"),
            (by_floor, "1.0 into one of its own"),
            (lambda sure, right: 0.5, "0.5 instead of"),
            (lambda sure, right: abs(right - sure), "the shape (200,)"),
            (by_edges(np.linspace(0, 1, 10), right=True), "eleven"),
            (ece(total=lambda parts: sum(parts[1:])), "a bin is left out"),
            (by_middles, "not its middle"),
        ],
        alike=[
            (ece(total=lambda parts: sum(parts[:-1])), "a bin is left out"),
            (by_edges(np.linspace(0, 1, 11)), "1.0 into one of its own"),
            (by_edges(np.arange(11) / 10), "1.0 into one of its own"),
        ],
    ),
    "temperature": Tried(
        right=[
            by_rows_of,
            lambda p, T: soft(np.log(p) / T),
            lambda p, T: special.softmax(np.log(p) / T, axis=1),
            lambda p, T: special.softmax(np.log(p) / T, axis=-1).astype(np.float32),
            lambda p, T: np.exp(special.log_softmax(np.log2(p) * np.log(2) / T, axis=1)),
            lambda p, T: (p ** (1 / T) / (p ** (1 / T)).sum(1)[:, None]).tolist(),
            lambda p, T: pd.DataFrame(soft(np.log(p) / T)),
            lambda p, T: soft((np.log(p) - np.log(p).max()) / T),
        ],
        wrong=[
            (2.0, "a function of (p, T)"),
            (lambda p: p, "yours takes (p)"),
            (lambda p, T: soft(np.log(p) * T), "divide by T."),
            (lambda p, T: np.log(p) / T, "do not add up to 1"),
            (lambda p, T: soft(np.log(p) / T, 0), "sums of the columns"),
            (lambda p, T: soft(p / T), "First undo the old softmax"),
            (lambda p, T: p / T / (p / T).sum(1, keepdims=True), "p as it was"),
            (lambda p, T: p.argmax(1), "the shape (4, 3), and returns numbers of the shape (4,)"),
            (lambda p, T: np.log(soft(np.log(p) / T)), "logarithms"),
            (lambda p, T: soft(np.log10(p) / T), "natural logarithm"),
            (lambda p, T: p**0, "instead of"),
        ],
    ),
}


@pytest.mark.parametrize("name", every(when_transfer_hurts))
def test_exercise(name):
    holds(every(when_transfer_hurts)[name], CASES[name])


def test_a_strategy_that_takes_no_layer_from_the_source_is_a_control():
    """`depth=0` is the random start by another name, as long as strategies have a depth."""
    if hasattr(FIX_COMMON, "depth"):
        assert "✓" in when_transfer_hurts.control.check(FIX_COMMON.but(name="x", depth=0)).text
