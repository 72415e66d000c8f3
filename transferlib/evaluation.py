"""What to measure once runs are there: many seeds, bands, paired differences, and what forgetting costs."""

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
from scipy import stats

from transferlib.training import train, train_source

SOURCE_STEPS = 1000


@lru_cache(maxsize=256)
def source_weights(pair, source, seed=0, steps=SOURCE_STEPS, only_private=False):
    """The pair's weights after the source was trained (step 1), once per seed."""
    return train_source(pair, source, seed=seed, steps=steps, only_private=only_private).weights


@lru_cache(maxsize=512)
def _run(pair, source, target, strategy, per_class, seed, only_private, **budget):
    few = target if per_class is None else target.few(per_class, seed)
    reader = getattr(pair, "reader", pair)  # nested pairs may lend each other the trained source
    weights = source_weights(reader, source, seed, only_private=only_private)
    return train(pair, few, strategy, source=source, weights=weights, seed=seed, **budget)


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
    results, done = {s.name: [] for s in strategies}, 0

    def job(strategy, seed):
        return _run(pair, source, target, strategy, per_class, seed, only_private, **budget)

    results[jobs[0][0].name].append(job(*jobs[0]))  # the first alone: it compiles what the others use
    with ThreadPoolExecutor(2) as pool:  # TensorFlow lets go of Python's lock while it computes
        waiting = [pool.submit(job, *each) for each in jobs[1:]]
        try:
            for (strategy, _), run in zip(jobs, [None, *waiting]):
                if run is not None:
                    results[strategy.name].append(run.result())
                done += 1
                if progress:
                    progress(done, len(jobs))
        except BaseException:
            for each in waiting:
                each.cancel()
            raise
    return results


def label_budget(pair, source, target, strategies, per_class, **settings):
    """`compare` for each number of labels: {labels per class: {strategy's name: [Run, …]}}."""
    progress = settings.pop("progress", None)
    table = {}
    for number, k in enumerate(per_class):
        tell = progress and (lambda done, n, number=number: progress(number * n + done, n * len(per_class)))
        table[k] = compare(pair, source, target, strategies, per_class=k, progress=tell, **settings)
    return table


def curves(runs, what="target_accuracy"):
    """One curve of many runs as an array (runs, evaluations)."""
    return np.stack([getattr(run, what) for run in runs])


def at(runs, what="target_accuracy", step=None):
    """The value of a curve at a step (the last one at or before it; None: the end), one number a run: (runs,)."""
    last = -1 if step is None else int(np.searchsorted(runs[0].step, step, side="right")) - 1
    return curves(runs, what)[:, last]


def interval(values, level=0.95):
    """(mean, low, high) of values (n, …) over n seeds: Student's t interval of the mean; with one seed low = high = mean."""
    values = np.asarray(values, float)
    n, mean = len(values), values.mean(0)
    if n < 2:
        return mean, mean, mean
    half = stats.t.ppf((1 + level) / 2, n - 1) * values.std(0, ddof=1) / np.sqrt(n)
    return mean, mean - half, mean + half
