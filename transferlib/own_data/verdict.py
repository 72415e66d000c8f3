"""A verdict on a source in words, from splits of one data set, and what would decide it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from transferlib.measures import half_width, in_brackets, resampled_interval

MATTERS = 0.02  # a difference of two points is worth speaking of
TWIN, SCRATCH = "random network + linear", "from scratch"
SENTENCES, SENTENCES_TWIN = "MiniLM + linear", "random MiniLM + linear"
# The control of a rung is the same network without what the source taught it, asked in the same way.
CONTROLS = {
    "features + linear": TWIN,
    SENTENCES: SENTENCES_TWIN,
    "frozen": TWIN,
    "head first, then all": SCRATCH,
    "untouched source": SCRATCH,
}


def word_of(low: float, high: float, matters: float = MATTERS) -> str:
    """The word for a difference whose interval is [low, high]: the whole rule, asked in this order.

    helped        all of it lies above 0
    hurt          all of it lies below 0
    nothing       all of it lies between -matters and +matters: whatever there is, it is too small to matter
    not decided   none of these
    """
    return "helped" if low > 0 else "hurt" if high < 0 else "nothing" if max(-low, high) < matters else "not decided"


def size_of(low: float, high: float, matters: float = MATTERS) -> str:
    """How an interval on one side of 0 stands to what matters: a difference may be sure and too small."""
    near, far = sorted((abs(low), abs(high)))
    return "by more than matters" if near > matters else f"{'' if far < matters else 'perhaps '}by less than matters"


@dataclass(frozen=True)
class Verdict:
    """What the runs allow to say about the source, for *new rows of the same kind*.

    word     of `word_of`. "helped" and "hurt" speak of the source, and are said only where its control agrees, the same
             network without the source; else it is "not decided" whose doing the difference between two kinds of model is
    effect, low, high   the best rung with a source less the best without; its interval is that of Nadeau & Bengio for splits
             of one data set, widened for the choice among `tried` rungs on each side (Bonferroni)
    naive    the interval that takes the splits for new data, (low, high): too narrow
    control, of_source   the control, and (effect, low, high) of the rung with a source less that; "" and None: not climbed.
             None alone: every split gave the same difference
    advice   what would decide, where nothing is decided
    """

    word: str
    with_source: str
    without: str
    effect: float
    low: float
    high: float
    naive: tuple[float, float]
    control: str
    of_source: tuple[float, float, float] | None
    splits: int
    rows: int
    tried: int
    matters: float
    unit: str
    advice: str

    @classmethod
    def of(
        cls, with_source: Mapping, without: Mapping, test: int, train: int, matters: float = MATTERS, unit: str = "points"
    ) -> "Verdict":
        """The verdict of {rung: its measure, one number a split} with a source and without; test + train rows."""
        a, b = (max(group, key=lambda rung: np.mean(group[rung])) for group in (with_source, without))
        tried = max(len(with_source), len(without))
        differences, level = np.asarray(with_source[a] - without[b], float), 1 - 0.05 / tried
        n = len(differences)
        if n < 2:
            raise ValueError("one split says nothing of its error: take twenty")
        effect, low, high = resampled_interval(differences, test, train, level)
        half = half_width(differences.std(ddof=1), n)
        word = word_of(low, high, matters)
        advice = "" if word != "not decided" else needed(differences, test, train, level, matters)
        if np.ptp(differences) == 0:  # no spread is no certainty: so few rows that the two never differed otherwise
            word = "not decided"
            advice = "Every split gave the same difference: more rows are needed to see how far it varies."
        control, of_source = "", None
        if CONTROLS.get(a) in without:  # then the stricter of the two
            own = (SENTENCES_TWIN,) if a == SENTENCES else (TWIN, SCRATCH)
            control = max((rung for rung in own if rung in without), key=lambda rung: np.mean(without[rung]))
            apart = np.asarray(with_source[a] - without[control], float)
            of_source = resampled_interval(apart, test, train, level) if np.ptp(apart) else None
        if word in ("helped", "hurt") and (not of_source or word_of(*of_source[1:], matters) != word):
            word = "not decided"
        rest = n, test + train, tried, matters, unit, advice
        return cls(word, a, b, effect, low, high, (effect - half, effect + half), control, of_source, *rest)

    @property
    def ahead(self) -> str:
        """What `word_of` says of the best rung with a source less the best without, whoever's doing it is."""
        return word_of(self.low, self.high, self.matters)

    def _points(self, effect, low, high):
        return f"{in_brackets(100 * effect, 100 * low, 100 * high, self.splits)} {self.unit}"

    def __repr__(self):
        size = size_of(self.low, self.high, self.matters)
        own = self.of_source and word_of(*self.of_source[1:], self.matters)
        tell = {
            "helped": f"the source HELPED, {size}",
            "hurt": f"the source HURT, {size}",
            "nothing": f"with the source or without it, NOTHING that matters (± {100 * self.matters:g} {self.unit})",
            "not decided": "NOT DECIDED",
        }[self.word]
        why = self.advice
        if self.word != self.ahead and not why:  # a difference that is sure, and not who made it
            where = "AHEAD with the source" if self.ahead == "helped" else "BEHIND with the source"
            tell = f"{where}; whether that is the source's doing is NOT DECIDED"
            why = "Two kinds of model are compared."
            if own and own != self.ahead and own in ("helped", "hurt"):
                tell = f"{where}, and yet it {own.upper()} its own network"
            elif not self.control and self.with_source in CONTROLS:
                why += f" Its control was not climbed: {CONTROLS[self.with_source]!r}."
        splits = f"{self.splits} splits of the same {self.rows} rows"
        lines = [
            f"Verdict: {tell}. “{self.with_source}” less “{self.without}”: {self._points(self.effect, self.low, self.high)}",
            f"  ({splits}; for new rows, and for the best of {self.tried} step{'s' * (self.tried > 1)})",
        ]
        if self.of_source and self.control != self.without:
            less = f"“{self.with_source}” less “{self.control}”"
            lines.append(f"  The same network with the source and without it: {less}: {self._points(*self.of_source)}")
        return "\n".join([*lines, *([f"  {why}"] if why else [])])


def needed(differences: np.ndarray, test: int, train: int, level: float = 0.95, matters: float = MATTERS) -> str:
    """How many splits, or else how many rows, would decide, in words, if mean and spread stay what they are.

    To decide is to be away from zero by more than the half width, or to lie within ± matters by it. More splits make 1/n
    small and leave test/train; more rows make the spread smaller, about as 1/√rows.
    """
    differences = np.asarray(differences, float)
    effect, spread = abs(differences.mean()), differences.std(ddof=1)
    target = max(effect, matters - effect)
    for splits in (20, 50, 100):
        if splits > len(differences) and half_width(spread, splits, level, test / train) < target:
            return f"About {splits} splits would decide, if the difference stays what it is."
    rows = (test + train) * (half_width(spread, 100, level, test / train) / target) ** 2
    rows = int(np.ceil(rows / 10 ** (d := max(0, int(np.log10(rows)) - 1))) * 10**d)
    return f"More splits will not decide it. About {rows:,} labelled rows would, if the difference stays what it is."
