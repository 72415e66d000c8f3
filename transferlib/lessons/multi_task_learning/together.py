"""Multi-task learning: many trainings of two questions about one picture, by a method of the lesson's page.

Two tasks at a time, on a `Pair`: the one is called its target, the other its source; both count. A *method* here is what
`learn` takes, with the setting `weight`: how much the source's loss counts in the shared part.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np
import tensorflow as tf

from transferlib.cache import cached
from transferlib.changes import coin_labels
from transferlib.experiments import Progress, in_parallel, over_seeds, study, which_seeds
from transferlib.functional import Functional
from transferlib.measures import PerSeed, value_at
from transferlib.networks import Pair
from transferlib.tasks import Task
from transferlib.training import train_source

RANDOM, random_labels = "random labels", lru_cache(maxsize=4)(coin_labels)


@lru_cache(maxsize=64)
def network(units: int, *classes: int) -> Pair:
    """One hidden layer of so many shared units on pictures of 100 numbers, and a softmax for each of the two tasks."""
    return Pair(100, shared=(units,), private=(), classes=classes)


@cached
def _alone(pair, task, labels, seed, steps, rate=1e-3):
    """Test accuracy of a task with a network of its own."""
    few = task if labels is None else task.few(labels, seed)
    return float(train_source(pair, few, seed=seed, steps=steps, rate=rate, every=steps).source_accuracy[-1])


def alone(
    task: Task,
    units: int,
    *,
    seeds: int | Iterable[int] = 10,
    steps: int = 1000,
    rate: float = 1e-3,
    labels: int | None = None,
) -> PerSeed:
    """Test accuracy of a task that shares nothing, its network with so many hidden units: (seeds,).

    labels: training labels of each class, a new choice each seed; None: all
    """
    pair, seeds = network(units, *[len(task.classes)] * 2), which_seeds(seeds)
    return PerSeed(in_parallel(_alone, [(pair, task, labels, seed, steps, rate) for seed in seeds]), seeds)


def together(
    method: Callable,
    source: Task,
    target: Task,
    arms: dict[str, dict],
    units: int,
    *,
    steps: int = 1000,
    labels: tuple[int | None, int | None] = (None, None),
    **budget,
) -> dict[str, dict[str, PerSeed]]:
    """Both tasks at once on one layer of so many units: {arm: {task's name: test accuracy (seeds,)}}.

    arms     {name: what is its own}: dict(weight=3.0), dict(method=another)
    labels   of the source, of the target: training labels of each class, a new choice each seed; None: all
    budget   seeds, rate, progress: as for `study`
    """

    def tasks(seed):
        two = {"target": target, "source": source}
        return {role: two[role] if k is None else two[role].few(k, seed) for role, k in zip(two, labels[::-1])}

    pair = network(units, len(source.classes), len(target.classes))
    arms = {name: dict(weight=1.0) | arm for name, arm in arms.items()}
    runs = study(method, pair, tasks, arms, steps=steps, every=steps, **budget)
    return {
        name: {task.name: value_at(made, f"{role}_accuracy") for role, task in (("source", source), ("target", target))}
        for name, made in runs.items()
    }


def company(
    method: Callable,
    tasks: dict[str, Task],
    labels: dict[str, int],
    *,
    of: Iterable[str] | None = None,
    units: int = 64,
    seeds: int | Iterable[int] = 10,
    steps: int = 1000,
    weight: float = 1.0,
    progress: Progress = None,
) -> dict[tuple[str, str], PerSeed]:
    """Who gains by whose company: {(task, partner): test accuracy in company minus alone, (seeds,)}.

    The task has `labels[task]` labels a class, the partner all of its labels. One partner more, "random labels", the first
    task's pictures with labels that mean nothing, is the control: what another loss does, whatever it asks.
    of      the tasks whose gain is wanted; None: all
    weight  how much the partner's loss counts in the shared part, against the task's own (Adam sees the ratio alone)
    """
    if set(labels) != set(tasks):
        raise ValueError(f"labels must name the tasks, {', '.join(tasks)}; it names {', '.join(labels)}")
    of = list(tasks) if of is None else list(of)
    if not of or not set(of) <= set(tasks):
        raise ValueError(f"of must name some of the tasks, {', '.join(tasks)}, not {of!r}")
    partners = tasks | {RANDOM: random_labels(next(iter(tasks.values())))}

    def one(arm, seed):
        task, other = tasks[arm[0]], partners[arm[1]]
        classes, few = (len(task.classes), len(other.classes)), labels[arm[0]]
        own = _alone(network(units, classes[0], classes[0]), task, few, seed, steps)
        first = classes[0] >= classes[1]  # who has more classes is called the source, so that one program serves both orders
        two, k = ((task, other), (few, None)) if first else ((other, task), (None, few))
        arm = {"both": dict(weight=1 / weight if first else weight)}
        both = together(method, *two, arm, units, steps=steps, labels=k, seeds=[seed])["both"]
        return both[task.name][0] - own

    arms, seeds = [(a, b) for a in of for b in partners if a != b], which_seeds(seeds)
    return {arm: PerSeed(gains, seeds) for arm, gains in over_seeds(one, arms, seeds, progress).items()}


def agreement(pair: Pair, weights: dict, source: Task, target: Task) -> float:
    """The cosine of the two tasks' gradients at the shared part, each over *all* training rows: −1 … 1.

    A cosine of two small batches is mostly the noise of the batches.
    """
    net = Functional(pair)
    theta, state = net.split(weights)
    theta = {part: tf.constant(v) for part, v in theta.items()}
    both = {"source": source, "target": target}
    g_s, g_t = (net.gradients(role, theta, state, t.x_train, t.y_train)[0].numpy() for role, t in both.items())
    return float(g_s @ g_t / max(np.linalg.norm(g_s) * np.linalg.norm(g_t), 1e-30))


def agreements(
    method: Callable,
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
        pair, (_, n) = network(arm[0], len(source.classes), len(target.classes)), arm
        budget = dict(weight=1.0, steps=n, every=n, seeds=[seed])
        (run,) = study(method, pair, {"target": target, "source": source}, {"": {}}, **budget)[""]
        return agreement(pair, run.weights, source, target)

    found = over_seeds(one, [(h, n) for h in units for n in steps], seeds, progress)
    return {h: {n: PerSeed(found[h, n], seeds) for n in steps} for h in units}
