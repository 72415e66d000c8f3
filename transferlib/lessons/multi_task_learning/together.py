"""Multi-task learning: several questions about one picture, learned at once by one shared part, and all of them wanted.

Two tasks at a time, on a `Pair`. On the dial it is share gradients with another start; what differs is that both count.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import tensorflow as tf

from transferlib.changes import coin_labels
from transferlib.experiments import Progress, in_parallel, over_seeds, which_seeds
from transferlib.functional import Functional
from transferlib.measures import PerSeed
from transferlib.networks import Pair
from transferlib.storage import kept
from transferlib.strategies import SHARE_GRADIENTS, Strategy
from transferlib.tasks import Task
from transferlib.training import train, train_source

MULTI_TASK = SHARE_GRADIENTS.but(name="multi-task", start="random")
BY_LOT = "labels by lot"


@lru_cache(maxsize=64)
def network(units: int, *classes: int) -> Pair:
    """One hidden layer of so many shared units on pictures of 100 numbers, and a softmax for each of the two tasks."""
    return Pair(100, shared=(units,), private=(), classes=classes)


def weights_of(weight: float, name: str | None = None) -> Strategy:
    """Learning together with the source's loss weighted `weight` and the target's 1, at the shared part."""
    return MULTI_TASK.but(name=name or f"weight {weight:g}", alpha=float(weight))


@kept
def _alone(pair, task, labels, seed, steps):
    """Test accuracy of a task with a network of its own."""
    few = task if labels is None else task.few(labels, seed)
    return float(train_source(pair, few, seed=seed, steps=steps, every=steps).source_accuracy[-1])


@kept
def _together(pair, source, target, strategy, labels, seed, steps, rate=1e-3):
    """The run of both tasks at once; labels (of the source, of the target), None: all."""
    source, target = (task if k is None else task.few(k, seed) for task, k in zip((source, target), labels))
    return train(pair, target, strategy, source=source, seed=seed, steps=steps, every=steps, rate=rate)


def alone(
    task: Task, units: int, *, seeds: int | Iterable[int] = 10, steps: int = 1000, labels: int | None = None
) -> PerSeed:
    """Test accuracy of a task that shares nothing, its network with so many hidden units: (seeds,).

    labels: training labels of each class, a new choice each seed; None: all
    """
    pair, seeds = network(units, *[len(task.classes)] * 2), which_seeds(seeds)
    return PerSeed(in_parallel(_alone, [(pair, task, labels, seed, steps) for seed in seeds]), seeds)


def together(
    source: Task,
    target: Task,
    strategies: Iterable[Strategy],
    units: int,
    *,
    seeds: int | Iterable[int] = 10,
    steps: int = 1000,
    rate: float = 1e-3,
    progress: Progress = None,
) -> dict[str, dict[str, PerSeed]]:
    """Both tasks at once on one layer of so many units: {strategy: {task's name: test accuracy (seeds,)}}.

    A strategy is `MULTI_TASK` with another loss weight (alpha) or another way to combine the two gradients.
    """
    pair, by_name = network(units, len(source.classes), len(target.classes)), {each.name: each for each in strategies}

    def one(name, seed):
        run = _together(pair, source, target, by_name[name], (None, None), seed, steps, rate)
        return run.source_accuracy[-1], run.target_accuracy[-1]

    seeds = which_seeds(seeds)
    found = {name: np.array(pairs).T for name, pairs in over_seeds(one, by_name, seeds, progress).items()}
    names = source.name, target.name
    return {name: {task: PerSeed(v, seeds) for task, v in zip(names, two)} for name, two in found.items()}


def company(
    tasks: dict[str, Task],
    labels: dict[str, int],
    *,
    of: Iterable[str] | None = None,
    units: int = 64,
    seeds: int | Iterable[int] = 10,
    steps: int = 1000,
    progress: Progress = None,
) -> dict[tuple[str, str], PerSeed]:
    """Who gains by whose company: {(task, partner): test accuracy in company minus alone, (seeds,)}.

    The task has `labels[task]` labels a class, the partner all of its labels. A partner more, "labels by lot", is the first
    task's pictures with labels that mean nothing: the control for what another loss does, whatever it asks.
    of: the tasks whose gain is wanted; None: all
    """
    if not tasks or set(labels) != set(tasks):
        raise ValueError(f"labels must name the tasks, {', '.join(tasks)}; it names {', '.join(labels)}")
    of = list(tasks) if of is None else list(of)
    if not of or not set(of) <= set(tasks):
        raise ValueError(f"of must name some of the tasks, {', '.join(tasks)}, not {of!r}")
    partners = tasks | {BY_LOT: _by_lot(next(iter(tasks.values())))}

    def one(arm, seed):
        task, other = tasks[arm[0]], partners[arm[1]]
        classes, few = (len(task.classes), len(other.classes)), labels[arm[0]]
        own = _alone(network(units, classes[0], classes[0]), task, few, seed, steps)
        first = classes[0] >= classes[1]  # who has more classes is called the source, so that one program serves both orders
        two, k = ((task, other), (few, None)) if first else ((other, task), (None, few))
        run = _together(network(units, *sorted(classes)[::-1]), *two, MULTI_TASK, k, seed, steps)
        return (run.source_accuracy if first else run.target_accuracy)[-1] - own

    arms, seeds = [(a, b) for a in of for b in partners if a != b], which_seeds(seeds)
    return {arm: PerSeed(gains, seeds) for arm, gains in over_seeds(one, arms, seeds, progress).items()}


@lru_cache(maxsize=4)
def _by_lot(task):
    return coin_labels(task)


def agreement(pair: Pair, weights: dict, source: Task, target: Task) -> float:
    """The cosine of the two tasks' gradients at the shared part, each over *all* training rows: −1 … 1.

    A cosine of two small batches is mostly the noise of the batches.
    """
    net = Functional(pair)
    theta, state = net.split(weights)
    theta = {part: tf.constant(v) for part, v in theta.items()}
    g_s, g_t = (
        net.gradients(role, theta, state, task.x_train, task.y_train, tf.constant(False))[0].numpy()
        for role, task in (("source", source), ("target", target))
    )
    return float(g_s @ g_t / max(np.linalg.norm(g_s) * np.linalg.norm(g_t), 1e-30))


def agreements(
    source: Task,
    target: Task,
    units: Iterable[int],
    steps: Iterable[int],
    *,
    seeds: int | Iterable[int] = 10,
    progress: Progress = None,
) -> dict[int, dict[int, PerSeed]]:
    """`agreement` on the way: {units: {after so many steps of learning together: (seeds,)}}."""
    steps, seeds, units = list(steps), which_seeds(seeds), list(units)

    def one(arm, seed):
        pair = network(arm[0], len(source.classes), len(target.classes))
        return agreement(
            pair, _together(pair, source, target, MULTI_TASK, (None, None), seed, arm[1]).weights, source, target
        )

    found = over_seeds(one, [(h, n) for h in units for n in steps], seeds, progress)
    return {h: {n: PerSeed(found[h, n], seeds) for n in steps} for h in units}
