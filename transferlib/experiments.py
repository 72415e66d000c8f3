"""Many runs: over seeds, label budgets and arms, on all cores, with progress and cancel; and the only caches of runs."""

import functools
import itertools
import os
import threading
import weakref
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from numbers import Integral

import numpy as np

from transferlib.functional import Functional, predict
from transferlib.measures import PerSeed
from transferlib.networks import Pair
from transferlib.strategies import NAMED, Strategy, checked
from transferlib.tasks import Task
from transferlib.training import SOURCE_STEPS, Budget, Run, train, train_source

Progress = Callable[[int, int], object] | None  # called as progress(done, of all)


class _Kept:
    """What was computed for pairs, the latest `size` of it; what belongs to a pair goes when the pair goes."""

    def __init__(self, size):
        self.size, self.places, self.lock = size, OrderedDict(), threading.Lock()
        self.known, self.gone = weakref.WeakSet(), deque()

    def place(self, pair, key):
        """A list for the value, empty until it is there, and the lock to hold while it is computed."""
        with self.lock:
            while self.gone:  # before the number of a pair that is gone can be another's
                number = self.gone.popleft()
                self.places = OrderedDict((key, place) for key, place in self.places.items() if key[0] != number)
            if pair not in self.known:
                self.known.add(pair)
                weakref.finalize(pair, self.gone.append, id(pair))
            place = self.places.setdefault((id(pair), *key), ([], threading.Lock()))
            self.places.move_to_end((id(pair), *key))
            while len(self.places) > self.size:
                self.places.popitem(last=False)
        return place


_kept = _Kept(2048)


def forget() -> None:
    """Forget every run, so that the same call computes anew."""
    with _kept.lock:
        _kept.places.clear()


def kept(function: Callable) -> Callable:
    """function(pair, *arguments) that computes each result once, also when two threads ask for it at the same time.

    Tasks and strategies are told apart as objects and values; arguments come by place, so that one call has one spelling.
    """

    @functools.wraps(function)
    def asked(pair, *arguments):
        value, lock = _kept.place(pair, (function, *arguments))
        if not value:
            with lock:
                if not value:
                    value.append(function(pair, *arguments))
        return value[0]

    return asked


def source_weights(
    pair: Pair, source: Task, seed: int = 0, steps: int = SOURCE_STEPS, only_private: bool = False
) -> dict[str, list[np.ndarray]]:
    """The pair's weights after the source was trained (step 1), once per seed."""
    return _source_weights(pair.source_pair, source, seed, steps, only_private)


@kept
def _source_weights(pair, source, seed, steps, only_private):
    return train_source(pair, source, seed=seed, steps=steps, only_private=only_private).weights


@kept
def _run(pair, source, target, strategy, per_class, seed, only_private, budget):
    few = target if per_class is None else target.few(per_class, seed)
    weights = source_weights(pair, source, seed, only_private=only_private)
    return train(pair, few, strategy, source=source, weights=weights, seed=seed, **vars(budget))


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


@functools.cache
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


def over_seeds(
    one: Callable, arms: Iterable, seeds: int | Iterable[int] = 10, progress: Progress = None
) -> dict[object, list]:
    """{arm: [one(arm, seed) for each seed]}, all in the pool: what every study of this course is made of.

    seeds: how many, or which. progress and errors as for `in_parallel`.
    """
    arms, seeds = list(arms), which_seeds(seeds)
    if not arms:
        raise ValueError("there is nothing to compare: give one arm at least")
    _different(arms, "an arm stands twice in the comparison: {}")
    made = iter(in_parallel(one, list(itertools.product(arms, seeds)), progress))
    return {arm: list(itertools.islice(made, len(seeds))) for arm in arms}


def _different(things, message):
    if len(set(things)) < len(things):
        raise ValueError(message.format(", ".join(map(str, things))))


def compare(
    pair: Pair,
    source: Task,
    target: Task,
    strategies: Iterable[Strategy],
    *,
    per_class: int | None = None,
    seeds: int | Iterable[int] = 10,
    only_private: bool = False,
    progress: Progress = None,
    **budget,
) -> dict[str, list[Run]]:
    """Every strategy over the same seeds, labels, steps and batches: {strategy's name: [Run, …]}.

    per_class     labels per class that the target may learn from (a new choice each seed); None: all of them
    seeds         how many (0 … n-1), or which. Each has its own source training, labels, starting weights and batches
    only_private  read the article's step 1 literally: train the source with its shared part left random
    progress      called as progress(done, of all) after each run; what it raises stops the comparison
    budget        steps, batch, rate, every: as for `train`, one setting for all arms

    A run that was made before, with the same arguments, is not made again.
    """
    given = dict(seeds=seeds, only_private=only_private, progress=progress)
    return label_budget(pair, source, target, strategies, [per_class], **given, **budget)[per_class]


def label_budget(
    pair: Pair,
    source: Task,
    target: Task,
    strategies: Iterable[Strategy],
    per_class: Iterable[int],
    *,
    seeds: int | Iterable[int] = 10,
    only_private: bool = False,
    progress: Progress = None,
    **budget,
) -> dict[int, dict[str, list[Run]]]:
    """`compare` for each number of labels: {labels per class: {strategy's name: [Run, …]}}."""
    budget, strategies, seeds, per_class = Budget(**budget), list(strategies), which_seeds(seeds), list(per_class)
    names = [checked(strategy).name for strategy in strategies]
    if not names or not per_class:
        raise ValueError("there is nothing to compare: give one strategy and one number of labels at least")
    _different(names, "two strategies bear one name ({}); give each its own: strategy.but(name=...)")

    def one(arm, seed):
        labels, strategy = arm
        return _run(pair, source, target, strategy, labels, seed, only_private, budget)

    runs = over_seeds(one, itertools.product(per_class, strategies), seeds, progress)
    return {k: {strategy.name: runs[k, strategy] for strategy in strategies} for k in per_class}


def on_training_rows(pair: Pair, target: Task, runs: Iterable[Run], per_class: int | None) -> PerSeed:
    """Accuracy of finished runs on the very rows that each of them learned from, one number a run: (runs,)."""
    net, scores, runs = Functional(pair), [], list(runs)
    for run in runs:
        few = target if per_class is None else target.few(per_class, run.seed)
        scores.append(float(net.evaluate("target", *net.split(run.weights), few.x_train, few.y_train)[1]))
    return PerSeed(scores, [run.seed for run in runs])


def untouched(pair: Pair, source: Task, target: Task, seeds: int | Iterable[int] = 10) -> PerSeed:
    """Test accuracy on `target` of the source's own model, nothing trained on the target: one number a seed, (seeds,).

    With `target` the source itself it is how well the source does at home.
    """
    seeds = which_seeds(seeds)

    def one(seed):
        said = predict(pair, source_weights(pair, source, seed), target.x_test, "source").argmax(1)
        return (said == target.y_test).mean()

    return PerSeed(in_parallel(one, [(seed,) for seed in seeds]), seeds)


def opinions(
    pair: Pair,
    source: Task,
    target: Task,
    x: np.ndarray,
    *,
    per_class: int,
    seeds: int | Iterable[int] = 10,
    progress: Progress = None,
) -> dict[str, np.ndarray]:
    """What the models say of one row x (1, d): {name: probabilities (seeds, classes)}.

    First the source's own model, untouched; then the target's after each of the named strategies, on `per_class` labels.
    """
    seeds = which_seeds(seeds)
    arms = compare(pair, source, target, NAMED.values(), per_class=per_class, seeds=seeds, progress=progress)
    before = [source_weights(pair, source, seed) for seed in seeds]
    said = {"source, untouched": np.concatenate([predict(pair, weights, x, "source") for weights in before])}
    return said | {name: np.concatenate([predict(pair, run.weights, x) for run in runs]) for name, runs in arms.items()}
