"""The runs that are too slow for the lesson: `python -m tools.whole_network` makes the file, and nothing else writes it."""

import json
from functools import lru_cache
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_suffix(".json")
SEEDS = tuple(range(10))
PER_CLASS = 5  # labels


@lru_cache(maxsize=1)
def runs() -> list[dict]:
    """The runs of the file: arm, seed, accuracy, loss (of each step), seconds."""
    return json.loads(FILE.read_text("utf-8"))["runs"]


def accuracies() -> dict[str, np.ndarray]:
    """{arm: test accuracy (seeds,)}, in the order of SEEDS."""
    return {arm: np.array([each["accuracy"] for each in rows]) for arm, rows in _by_arm().items()}


def losses() -> dict[str, np.ndarray]:
    """{arm: training loss (seeds, steps)}, each before its step."""
    return {arm: np.array([each["loss"] for each in rows]) for arm, rows in _by_arm().items()}


def _by_arm():
    found = {}
    for each in sorted(runs(), key=lambda each: each["seed"]):
        found.setdefault(each["arm"], []).append(each)
    return found
