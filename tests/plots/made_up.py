"""Made-up measurements of which every arm, seed and step has a number of its own, so that no mix-up goes unseen."""

from types import SimpleNamespace

import numpy as np

from transferlib.datasets import DIGITS
from transferlib.tasks import Task

FOUR = ("from scratch", "fix common", "share weights", "share gradients")
STEP = np.arange(0, 301, 20)
RNG = np.random.default_rng(0)


def run(seed, name, high):
    """What `train` tells of a run."""

    def curve(end):
        return end - (end - 0.1) * np.exp(-STEP / 60) + RNG.normal(0, 0.01, len(STEP))

    strategy = SimpleNamespace(start="random" if name == "from scratch" else "source", alpha=0.0)
    curves = dict(target_accuracy=curve(high), source_accuracy=curve(0.9), domain_accuracy=curve(0.8))
    return SimpleNamespace(seed=seed, step=STEP, strategy=strategy, target="cats", source="dogs", **curves)


def runs(names=FOUR, n=5):
    return {name: [run(seed, name, 0.6 + 0.3 * i / len(names)) for seed in range(n)] for i, name in enumerate(names)}


def values(names, shape=(5,), mean=0.6):
    return {name: mean + RNG.normal(0, 0.02, shape) for name in names}


def task(name, width=1):
    x = RNG.random((60, 100 * width))
    return Task(name, x, np.arange(60) % 10, x[:1], [0], DIGITS, (10, 10 * width))


def curves(group, what="target_accuracy"):
    """(seeds, evaluations) of the runs of one arm."""
    return np.array([getattr(run, what) for run in group])


def ends(group, what="target_accuracy"):
    return curves(group, what)[:, -1]
