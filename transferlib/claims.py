"""A sentence that compares, bound to the runs that it speaks of.

`claim` measures a paired difference over seeds and prints one line. When the difference does not clear the margin, it
raises, so that a lesson whose sentence has become untrue cannot pass.
"""

import html
import os
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from transferlib.measures import in_brackets, interval, same_seeds

LEAST_SEEDS = 10
REPLICATING = "TRANSFERLIB_REPLICATING"  # where the environment has it, a claim that does not hold is printed, not raised
CHIPS = {"✓": ("measured", "#0B6B4F"), "≈": ("level", "#0F5E8C"), "✗": ("does not hold", "#A3262A")}  # word, colour
CHIP = "padding:1px 8px;border-radius:9px;color:white;font-weight:bold;background:"


class ClaimFailed(AssertionError):
    """The measurement does not back the sentence."""


@dataclass(frozen=True)
class Claim:
    """A claim that was measured. Its line: ✓ sentence: mean [95 % interval] unit, n seeds, margin; ≈ for no difference.

    One that does not hold, ✗, is only met while a lesson is replicated: elsewhere it is an error.
    """

    sentence: str
    effect: float
    low: float
    high: float
    seeds: int
    margin: str
    unit: str
    holds: bool = True

    @property
    def measured(self) -> str:
        """Mean, interval and unit in words, with the digits that the spread over the seeds supports."""
        return f"{in_brackets(self.effect, self.low, self.high, self.seeds)} {self.unit}"

    @property
    def mark(self) -> str:
        return "✗" if not self.holds else "≈" if self.margin.startswith("within") else "✓"

    def __repr__(self):
        return f"{self.mark} {self.sentence}: {self.measured}, {self.seeds} seeds, margin {self.margin}"

    def _repr_html_(self):
        word, colour = CHIPS[self.mark]
        numbers = html.escape(f"{self.measured}, {self.seeds} seeds, margin {self.margin}")
        chip = f'<span style="{CHIP}{colour}">{self.mark} {word}</span>'
        return f"<p>{chip} <b>{html.escape(self.sentence)}</b><br>{numbers}</p>"


LINE = re.compile(
    r"^(?P<mark>[✓≈✗]) (?P<sentence>.+): (?P<effect>[+-][\d.]+) \[(?P<low>[+-][\d.]+), (?P<high>[+-][\d.]+)\] (?P<unit>.+), "
    r"(?P<seeds>\d+) seeds, margin (?P<margin>.+)$"
)


def claim(
    sentence: str,
    more: ArrayLike,
    less: ArrayLike = 0.0,
    *,
    above: float | None = None,
    within: float | None = None,
    unit: str = "points",
    scale: float = 100.0,
) -> Claim:
    """Assert that `more` exceeds `less`, seed by seed, and return a `Claim` that shows by how much.

    more, less  (seeds,) arrays, paired by seed; one of the two may be one number
    above       the whole 95 % interval of the mean difference must lie above this margin (in `unit`)
    within      or: the whole interval must lie within ± this margin, for a claim that nothing differs
    unit, scale what the difference times `scale` is measured in; accuracies become percentage points

    Raises ClaimFailed with the measurement, and ValueError where there is none: under 10 seeds, a seed counted twice, seeds
    that do not belong together, a value that is missing.
    """
    if (above is None) == (within is None):
        raise ValueError("say what is claimed: above=margin for a difference, or within=margin for none")
    for name, value, least in (("above", above, -np.inf), ("within", within, 0), ("scale", scale, 0)):
        if value is not None and not least < value < np.inf:
            raise ValueError(f"{name} must be a number{' above 0' if least == 0 else ''}, not {value!r}")
    if len(sentence.splitlines()) != 1:
        raise ValueError(f"the sentence of a claim is one line, not {sentence!r}")
    shapes = {np.shape(side) for side in (more, less)} - {()}
    if len(shapes) != 1 or len(*shapes) != 1:
        came = f"{np.shape(more)} against {np.shape(less)}"
        raise ValueError(f"'{sentence}': one number a seed is wanted, in pairs; got {came}")
    seeds = same_seeds(more, less) or range(*next(iter(shapes)))
    if len(set(seeds)) < max(len(seeds), LEAST_SEEDS):
        raise ValueError(f"'{sentence}': a claim needs {LEAST_SEEDS} seeds or more, each once; these are {list(seeds)}")
    differences = (np.asarray(more, float) - np.asarray(less, float)) * scale
    if not np.isfinite(differences).all():
        raise ValueError(f"'{sentence}': some of the measurements are missing (NaN)")
    effect, low, high = map(float, interval(differences))
    holds = low > above if within is None else max(-low, high) < within
    margin = f"{above:+g}" if within is None else f"within ±{within:g}"
    made = Claim(sentence, effect, low, high, len(differences), margin, unit, holds)
    if not holds and REPLICATING not in os.environ:
        found = f"{sentence}. Measured {made.measured} over {len(differences)} seeds"
        wanted = f"the interval should lie {'above ' if within is None else ''}{margin}"
        raise ClaimFailed(f"not backed by this run: {found}; {wanted}")
    return made
