"""Many runs: over seeds, label budgets and arms, on all cores, with progress and cancel; and the only caches of runs."""

import itertools
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from numbers import Integral

import numpy as np

from transferlib.functional import Functional
from transferlib.strategies import NAMED
from transferlib.training import train, train_source

SOURCE_STEPS = 1000


Progress = Callable[[int, int], object] | None  # called as progress(done, of all)


@lru_cache(maxsize=256)
def source_weights(pair, source, seed=0, steps=SOURCE_STEPS, only_private=False):
    """The pair's weights after the source was trained (step 1), once per seed."""
    return train_source(pair, source, seed=seed, steps=steps, only_private=only_private).weights


@lru_cache(maxsize=384)  # about 25 MB of weights and curves
def _run(pair, source, target, strategy, per_class, seed, only_private, **budget):
    few = target if per_class is None else target.few(per_class, seed)
    reader = getattr(pair, "reader", pair)  # nested pairs may lend each other the trained source
    weights = source_weights(reader, source, seed, only_private=only_private)
    return train(pair, few, strategy, source=source, weights=weights, seed=seed, **budget)


def in_parallel(job: Callable, jobs: Iterable, progress: Progress = None) -> list:
    """[job(*arguments) for arguments in jobs], on all cores: TensorFlow lets go of Python's lock while it computes.

    progress(done, of all) is called after each in turn; what it raises, or a job raises, cancels the jobs not yet begun.
    A job may itself call this: its jobs then run one after the other, in its own thread, so that nobody waits for a place.
    """
    jobs = list(jobs)
    nested = getattr(_here, "works", False)
    waiting = [_Now(job, each) if nested else _pool().submit(_work, job, each) for each in jobs]
    results = []
    try:
        for each in waiting:
            results.append(each.result())
            if progress:
                progress(len(results), len(jobs))
    except BaseException:
        for each in waiting:
            each.cancel()
        raise
    return results


class _Now:
    """A job of a job: done when its result is asked for."""

    def __init__(self, job, arguments):
        self.result, self.cancel = (lambda: job(*arguments)), (lambda: None)


_here = threading.local()


def _work(job, arguments):
    _here.works = True
    return job(*arguments)


@lru_cache(maxsize=1)
def _pool():
    """One pool for good, a thread a core: every new thread would take memory of its own."""
    return ThreadPoolExecutor(cores())


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def which_seeds(seeds: int | Iterable) -> tuple[int, ...]:
    """`seeds` as every experiment takes it, how many or which, as a tuple; ValueError where it makes no sense."""
    chosen = range(seeds) if isinstance(seeds, Integral) and not isinstance(seeds, bool) else seeds
    if isinstance(chosen, str) or not isinstance(chosen, Iterable):
        raise ValueError(f"seeds must be how many (a whole number) or which (a list of them), not {seeds!r}")
    chosen = tuple(chosen)
    for seed in chosen:
        if not isinstance(seed, Integral) or isinstance(seed, bool) or seed < 0:
            raise ValueError(f"a seed is a whole number, 0 or more; seeds holds {seed!r}")
    if not chosen:
        raise ValueError(f"one seed at least is needed; seeds is {seeds!r}")
    if len(set(chosen)) < len(chosen):
        raise ValueError(f"seeds holds a seed more than once: {list(chosen)}; the same run again is no further measurement")
    return tuple(map(int, chosen))


def over_seeds(one: Callable, arms: Iterable, seeds: int | Iterable = 10, progress: Progress = None) -> dict:
    """{arm: [one(arm, seed) for each seed]}, all of them in the pool: what every study of this course is made of.

    Arms are told apart by their names where they have one (`strategy.name`), else by themselves. seeds: how many, or which.
    """
    arms, seeds = list(arms), which_seeds(seeds)
    names = [getattr(arm, "name", arm) for arm in arms]
    if not arms:
        raise ValueError("there is nothing to compare: give one arm at least")
    if len(set(names)) < len(names):
        raise ValueError(f"two arms bear one name ({', '.join(map(str, names))}); give each its own: strategy.but(name=...)")
    made = iter(in_parallel(one, itertools.product(arms, seeds), progress))
    return {name: list(itertools.islice(made, len(seeds))) for name in names}


def compare(pair, source, target, strategies, *, per_class=None, seeds=10, only_private=False, progress=None, **budget):
    """Every strategy over the same seeds, labels, steps and batches: {strategy's name: [Run, …]}.

    per_class     labels per class that the target may learn from (a new choice each seed); None: all of them
    seeds         how many (0 … n-1), or which. Each has its own source training, labels, starting weights and batches
    only_private  read the article's step 1 literally: train the source with its shared part left random
    progress      called as progress(done, of all) after each run; what it raises stops the comparison
    budget        steps, batch, rate, every: as for `train`, one setting for all arms

    A run that was made before, with the same arguments, is not made again.
    """
    seeds = range(seeds) if isinstance(seeds, (int, np.integer)) else seeds
    if len(strategies := list(strategies)) == 0 or len(seeds) == 0:
        raise ValueError("compare needs one strategy and one seed at least")
    if len({s.name for s in strategies}) < len(strategies):
        raise ValueError("two strategies bear one name; give each its own: strategy.but(name=...)")
    jobs = [(strategy, seed) for strategy in strategies for seed in seeds]
    results = {s.name: [] for s in strategies}

    def job(strategy, seed):
        return _run(pair, source, target, strategy, per_class, seed, only_private, **budget)

    for (strategy, _), run in zip(jobs, in_parallel(job, jobs, progress)):
        results[strategy.name].append(run)
    return results


def label_budget(pair, source, target, strategies, per_class, **settings):
    """`compare` for each number of labels: {labels per class: {strategy's name: [Run, …]}}."""
    progress = settings.pop("progress", None)
    table = {}
    for number, k in enumerate(per_class):
        tell = progress and (lambda done, n, number=number: progress(number * n + done, n * len(per_class)))
        table[k] = compare(pair, source, target, strategies, per_class=k, progress=tell, **settings)
    return table


def on_training_rows(pair, target, runs, per_class):
    """Accuracy of finished runs on the very rows that each of them learned from, one number a run: (runs,)."""
    net, scores = Functional(pair), []
    for run in runs:
        few = target if per_class is None else target.few(per_class, run.seed)
        scores.append(float(net.evaluate("target", *net.split(run.weights), few.x_train, few.y_train)[1]))
    return np.array(scores)


def predict(pair, weights, x, task="target"):
    """What the model of `task` says with these weights: rows x (n, d) → probabilities (n, classes).

    Nothing is loaded into the pair's own models, so panels may ask from any thread.
    """
    net = Functional(pair)
    theta, state = net.split(weights)
    hidden, _ = net.call("shared", theta, state, np.asarray(x, np.float32), training=False)
    return np.array(net.call(task, theta, state, hidden, training=False)[0])


def untouched(pair, source, target, seeds=10):
    """Test accuracy on `target` of the source's own model, nothing trained on the target: one number a seed, (seeds,).

    With `target` the source itself it is how well the source does at home.
    """
    said = (predict(pair, source_weights(pair, source, seed), target.x_test, "source").argmax(1) for seed in range(seeds))
    return np.array([(answer == target.y_test).mean() for answer in said])


def opinions(pair, source, target, x, *, per_class, seeds=10, progress=None):
    """What the models say of one row x (1, d): {name: probabilities (seeds, classes)}.

    First the source's own model, untouched; then the target's after each of the named strategies, on `per_class` labels.
    """
    arms = compare(pair, source, target, NAMED.values(), per_class=per_class, seeds=seeds, progress=progress)
    before = [source_weights(pair, source, seed) for seed in range(seeds)]
    said = {"source, untouched": np.concatenate([predict(pair, weights, x, "source") for weights in before])}
    return said | {name: np.concatenate([predict(pair, run.weights, x) for run in runs]) for name, runs in arms.items()}
