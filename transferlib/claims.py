"""A sentence that compares, bound to the runs that it speaks of.

`claim` measures a paired difference over seeds and prints one line. When the difference does not clear the margin, it
raises, so that a lesson whose sentence has become untrue cannot pass.
"""

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from transferlib.measures import interval

LEAST_SEEDS = 10


class ClaimFailed(AssertionError):
    """The measurement does not back the sentence."""


@dataclass(frozen=True)
class Claim:
    """A claim that held. Its line: ✓ sentence: mean [95 % interval] unit, n seeds, margin."""

    sentence: str
    effect: float
    low: float
    high: float
    seeds: int
    margin: str
    unit: str

    def __repr__(self):
        mark = "≈" if self.margin.startswith("within") else "✓"
        numbers = f"{self.effect:+.1f} [{self.low:+.1f}, {self.high:+.1f}] {self.unit}"
        return f"{mark} {self.sentence}: {numbers}, {self.seeds} seeds, margin {self.margin}"


LINE = re.compile(
    r"^[✓≈] (?P<sentence>.+): (?P<effect>[+-][\d.]+) \[(?P<low>[+-][\d.]+), (?P<high>[+-][\d.]+)\] (?P<unit>.+), "
    r"(?P<seeds>\d+) seeds, margin (?P<margin>.+)$"
)


def claim(sentence, more, less=0.0, *, above=None, within=None, unit="points", scale=100.0):
    """Assert that `more` exceeds `less`, seed by seed, and return a `Claim` that shows by how much.

    more, less  (seeds,) arrays, paired by seed; `less` may be one number
    above       the whole 95 % interval of the mean difference must lie above this margin (in `unit`)
    within      or: the whole interval must lie within ± this margin, for a claim that nothing differs
    unit, scale what the difference times `scale` is measured in; accuracies become percentage points

    Raises ClaimFailed with the measurement, and ValueError under 10 seeds or when a value is missing.
    """
    if (above is None) == (within is None):
        raise ValueError("say what is claimed: above=margin for a difference, or within=margin for none")
    differences = (np.asarray(more, float) - np.asarray(less, float)) * scale
    if differences.ndim != 1 or len(differences) < LEAST_SEEDS:
        raise ValueError(f"a claim needs one number a seed, {LEAST_SEEDS} seeds or more; got {np.shape(differences)}")
    if not np.isfinite(differences).all():
        raise ValueError(f"'{sentence}': some of the measurements are missing (NaN)")
    effect, low, high = (float(v) for v in interval(differences))
    holds = low > above if above is not None else max(abs(low), abs(high)) < within
    margin = f"{above:+g}" if above is not None else f"within ±{within:g}"
    made = Claim(sentence, effect, low, high, len(differences), margin, unit)
    if not holds:
        raise ClaimFailed(
            f"not backed by this run: {sentence}. Measured {effect:+.1f} [{low:+.1f}, {high:+.1f}] {unit} over "
            f"{len(differences)} seeds; the interval should lie {'above ' if above is not None else ''}{margin}"
        )
    return made


def collect(notebooks):
    """All claims stored in executed notebooks: one dict each (lesson, sentence, effect, low, high, unit, seeds, margin)."""
    rows = []
    for path in sorted(map(Path, notebooks)):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                text = output.get("text") or output.get("data", {}).get("text/plain") or ""
                for line in "".join(text).splitlines():
                    if found := LINE.match(line):
                        rows.append({"lesson": path.stem, **found.groupdict()})
    return rows


def table(rows):
    """The claims as a Markdown table."""
    lines = ["| lesson | claim | effect | 95 % interval | margin | seeds |", "|---|---|---|---|---|---|"]
    for r in rows:
        lines.append(
            f"| {r['lesson'][:2]} | {r['sentence']} | {r['effect']} {r['unit']} | {r['low']} … {r['high']} "
            f"| {r['margin']} | {r['seeds']} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(collect(sys.argv[1:] or Path("notebooks").glob("*.ipynb"))))
