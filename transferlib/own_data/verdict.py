"""A verdict on a source in words, from splits of one data set, and what would decide it."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from transferlib.measures import in_brackets, resampled_interval

MATTERS = 0.02  # a difference of two points is worth speaking of


@dataclass(frozen=True)
class Verdict:
    """What the runs allow to say about the source, for *new rows of the same kind*.

    word     "helped", "hurt", "nothing" (whatever there is, it is smaller than `matters`) or "not decided"
    effect, low, high   the difference; its interval is that of Nadeau & Bengio for splits of one data set, widened for
             the choice of the best of `tried` rungs (Bonferroni)
    naive    the interval that takes the splits for new data, (low, high): too narrow
    advice   what would decide, where nothing is decided
    """

    word: str
    with_source: str
    without: str
    effect: float
    low: float
    high: float
    naive: tuple[float, float]
    splits: int
    rows: int
    tried: int
    matters: float
    unit: str
    advice: str

    @classmethod
    def of(cls, with_source, without, differences, test, train, tried=1, matters=MATTERS, unit="points") -> "Verdict":
        """The verdict of differences (splits,), with a source less without, of splits of test + train rows."""
        differences, level = np.asarray(differences, float), 1 - 0.05 / tried
        n, rows = len(differences), test + train
        if n < 2:
            raise ValueError("one split says nothing of its error: take twenty")
        effect, low, high = resampled_interval(differences, test, train, level)
        half = stats.t.ppf(0.975, n - 1) * differences.std(ddof=1) / np.sqrt(n)
        word = "helped" if low > 0 else "hurt" if high < 0 else "nothing" if max(-low, high) < matters else "not decided"
        if np.ptp(differences) == 0:  # no spread is no certainty: so few rows that the two never differed by another number
            word, advice = (
                "not decided",
                "Every split gave the same difference: more rows are needed to see how far it varies.",
            )
        else:
            advice = "" if word != "not decided" else needed(differences, test, train, level, matters)
        naive = (effect - half, effect + half)
        return cls(word, with_source, without, effect, low, high, naive, n, rows, tried, matters, unit, advice)

    def __repr__(self):
        said = f"{in_brackets(100 * self.effect, 100 * self.low, 100 * self.high, self.splits)} {self.unit}"
        tell = {
            "helped": "the source HELPED",
            "hurt": "the source HURT",
            "nothing": f"the source did NOTHING that matters (± {100 * self.matters:g} {self.unit})",
            "not decided": "NOT DECIDED",
        }[self.word]
        rungs = f"{self.tried} rungs" if self.tried > 1 else "1 rung"
        lines = [
            f"Verdict: {tell}. “{self.with_source}” less “{self.without}”: {said}",
            f"  ({self.splits} splits of the same {self.rows} rows; for new rows, and for the best of {rungs})",
        ]
        return "\n".join([*lines, *([f"  {self.advice}"] if self.advice else [])])


def needed(differences: np.ndarray, test: int, train: int, level: float = 0.95, matters: float = MATTERS) -> str:
    """How many splits, or else how many rows, would decide, in words, if mean and spread stay what they are.

    To decide is to be away from zero by more than the half width, or to lie within ± matters by it. More splits make 1/n
    small and leave test/train; more rows make the spread smaller, about as 1/√rows.
    """
    differences = np.asarray(differences, float)
    effect, spread = abs(differences.mean()), differences.std(ddof=1)
    target = max(effect, matters - effect)
    for splits in (20, 50, 100):
        if splits > len(differences) and _half(spread, splits, test, train, level) < target:
            return f"About {splits} splits would decide, if the difference stays what it is."
    rows = (test + train) * (_half(spread, 100, test, train, level) / target) ** 2
    rows = int(np.ceil(rows / 10 ** (d := max(0, int(np.log10(rows)) - 1))) * 10**d)
    return f"More splits will not decide it. About {rows:,} labelled rows would, if the difference stays what it is."


def _half(spread, splits, test, train, level):
    return stats.t.ppf((1 + level) / 2, splits - 1) * spread * np.sqrt(1 / splits + test / train)
