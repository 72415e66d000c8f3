"""A sentence that compares, bound to the runs that it speaks of.

`claim` measures a paired difference over seeds and prints one line. When the difference does not clear the margin, it
raises, so that a lesson whose sentence has become untrue cannot pass. `python -m transferlib.claims` lists all claims.
"""

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from transferlib.measures import interval, with_interval

LEAST_SEEDS = 10


class ClaimFailed(AssertionError):
    """The measurement does not back the sentence."""


@dataclass(frozen=True)
class Claim:
    """A claim that held. Its line: ✓ sentence: mean [95 % interval] unit, n seeds, margin."""

    sentence: str
    measured: str
    seeds: int
    margin: str
    unit: str

    def __repr__(self):
        mark = "≈" if self.margin.startswith("within") else "✓"
        return f"{mark} {self.sentence}: {self.measured} {self.unit}, {self.seeds} seeds, margin {self.margin}"


LINE = re.compile(
    r"^[✓≈] (?P<sentence>.+): (?P<effect>[+-][\d.]+) \[(?P<low>[+-][\d.]+), (?P<high>[+-][\d.]+)\] (?P<unit>.+), "
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

    more, less  (seeds,) arrays, paired by seed; `less` may be one number
    above       the whole 95 % interval of the mean difference must lie above this margin (in `unit`)
    within      or: the whole interval must lie within ± this margin, for a claim that nothing differs
    unit, scale what the difference times `scale` is measured in; accuracies become percentage points

    Raises ClaimFailed with the measurement, and ValueError under 10 seeds, or when a value is missing or not paired.
    """
    if (above is None) == (within is None):
        raise ValueError("say what is claimed: above=margin for a difference, or within=margin for none")
    margin = above if within is None else within
    if not isfinite(margin) or (within is not None and within <= 0):
        raise ValueError(f"{'above' if within is None else 'within, above 0,'} must be a finite number, not {margin!r}")
    shapes = np.shape(more), np.shape(less)
    if shapes[1] not in ((), shapes[0]):
        raise ValueError(
            f"more and less must be paired, one number a seed each; their shapes are {shapes[0]} and {shapes[1]}"
        )
    seeds = getattr(more, "seeds", None) or getattr(less, "seeds", None) or ()
    if len(set(seeds)) < len(seeds):
        raise ValueError(f"each seed counts once; these are {list(seeds)}")
    differences = np.asarray((np.asanyarray(more) - np.asanyarray(less)) * scale, float)
    if differences.ndim != 1 or len(differences) < LEAST_SEEDS:
        raise ValueError(f"a claim needs one number a seed, {LEAST_SEEDS} seeds or more; got {np.shape(differences)}")
    if not np.isfinite(differences).all():
        raise ValueError(f"'{sentence}': some of the measurements are missing (NaN)")
    _, low, high = interval(differences)
    holds = low > above if within is None else max(abs(low), abs(high)) < within
    told = f"{above:+g}" if within is None else f"within ±{within:g}"
    made = Claim(sentence, with_interval(differences), len(differences), told, unit)
    if not holds:
        raise ClaimFailed(
            f"not backed by this run: {sentence}. Measured {made.measured} {unit} over "
            f"{len(differences)} seeds; the interval should lie {'above ' if within is None else ''}{told}"
        )
    return made


def collect(notebooks: Iterable[str | Path]) -> list[dict[str, str]]:
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


def table(rows: list[dict[str, str]]) -> str:
    """The claims as a Markdown table."""
    lines = ["| lesson | claim | effect | 95 % interval | margin | seeds |", "|---|---|---|---|---|---|"]
    for row in rows:
        effect, between = f"{row['effect']} {row['unit']}", f"{row['low']} … {row['high']}"
        cells = row["lesson"][:2], row["sentence"], effect, between, row["margin"], row["seeds"]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # Windows' own code page has no ✓, … or ±
    print(table(collect(sys.argv[1:] or Path("notebooks").glob("*.ipynb"))))
