"""Multi-task learning on a `Pair`: both tasks at once, from random weights, and both are wanted.

On the dial it is share gradients with another start; what differs is that the source's accuracy counts as much as
the target's.
"""

from collections.abc import Iterable

import numpy as np

from transferlib.experiments import in_parallel, kept, which_seeds
from transferlib.networks import Pair
from transferlib.strategies import SCRATCH, SHARE_GRADIENTS
from transferlib.tasks import Task
from transferlib.training import train, train_source

MULTI_TASK = SHARE_GRADIENTS.but(name="multi-task", start="random")


@kept
def _source_alone(pair, source, labels, seed, steps):
    """The source's test accuracy when it shares nothing: the same network, labels, steps and starting weights."""
    return train_source(pair, source.few(labels, seed), seed=seed, steps=steps, every=steps).source_accuracy[-1]


@kept
def _target_alone(pair, source, target, labels, seed, steps):
    """The same for the target. `source` only watches: with it, one compiled program serves this and `_together`."""
    few = target.few(labels, seed)
    return train(pair, few, SCRATCH, source=source, seed=seed, steps=steps, every=steps).target_accuracy[-1]


def _together(pair, source, target, labels, seed, steps):
    """Test accuracies (source, target) of the two tasks, learned at once."""
    few = target.few(labels[1], seed)
    run = train(pair, few, MULTI_TASK, source=source.few(labels[0], seed), seed=seed, steps=steps, every=steps)
    return run.source_accuracy[-1], run.target_accuracy[-1]


def gains(
    pair: Pair, source: Task, target: Task, labels: tuple[int, int], *, seeds: int | Iterable = 20, steps: int = 300
) -> np.ndarray:
    """What each task gains by company: accuracy together minus accuracy alone, (2, seeds): the source's, the target's.

    labels  (a, b): labels per class of the source and of the target; a new choice each seed, the same in both arms
    seeds   how many, or which
    """
    if np.shape(labels) != (2,):
        raise ValueError(f"labels must be two numbers, labels per class of the source and of the target, not {labels!r}")

    def one(seed):
        source_alone = _source_alone(pair, source, labels[0], seed, steps)
        target_alone = _target_alone(pair, source, target, labels[1], seed, steps)
        return np.subtract(_together(pair, source, target, labels, seed, steps), (source_alone, target_alone))

    return np.stack(in_parallel(one, [(seed,) for seed in which_seeds(seeds)]), 1)
