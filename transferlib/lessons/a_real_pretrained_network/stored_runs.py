"""The runs that are too slow for the lesson: `python -m tools.whole_network` makes the file, and nothing else writes it."""

import json
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_suffix(".json")
SEEDS = tuple(range(10))
PER_CLASS = 5  # labels
POINTS = 0, 20, 40  # after how many steps the test pictures were looked at


@lru_cache(maxsize=1)
def runs() -> list[dict]:
    """The runs of the file: arm, target, seed, points, accuracy, seconds, and megabytes, the peak of the process."""
    return json.loads(FILE.read_text("utf-8"))["runs"]


def curves() -> dict[tuple[str, str], np.ndarray]:
    """{(arm, target): test accuracy (seeds, points)}; the seeds are SEEDS."""
    found = defaultdict(dict)
    for run in runs():
        found[run["arm"], run["target"]][run["seed"]] = run["accuracy"]
    return {arm: np.array([by_seed[seed] for seed in SEEDS]) for arm, by_seed in found.items()}


def costs() -> dict[str, tuple[float, int, int]]:
    """{arm: (seconds of its quickest run, of so many steps, peak of the process in megabytes)}."""
    of_arm = defaultdict(list)
    for run in runs():
        of_arm[run["arm"]].append(run)
    return {
        arm: (min(r["seconds"] for r in rows), rows[0]["points"][-1], max(r["megabytes"] or 0 for r in rows))
        for arm, rows in of_arm.items()
    }
