"""What to measure once runs are there: many seeds, bands, paired differences, and what forgetting costs."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache

import numpy as np
from scipy import stats

from transferlib.functional import Functional
from transferlib.strategies import NAMED
from transferlib.training import train, train_source

SOURCE_STEPS = 1000
WORKERS = ThreadPoolExecutor(2)  # kept for good: every new thread would take memory of its own


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


def in_parallel(job, jobs, progress=None):
    """[job(*arguments) for arguments in jobs], two at a time: TensorFlow lets go of Python's lock while it computes.

    progress(done, of all) is called after each in turn; what it raises stops the rest.
    """
    results, waiting = [], [WORKERS.submit(job, *arguments) for arguments in jobs]
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


# The measures of transfer of Taylor & Stone (Transfer Learning for Reinforcement Learning Domains, JMLR 2009, section 2.1).
# Each compares a curve with the control's. Curves are (evaluations,) or (runs, evaluations), as `curves` gives them.


def jumpstart(curve, control):
    """How far ahead a curve (…, e) starts, before any step on the target: (…)."""
    return np.asarray(curve)[..., 0] - np.asarray(control)[..., 0]


def asymptote(curve, control):
    """How far ahead a curve (…, e) ends: (…). It is the asymptote only if both curves have stopped rising."""
    return np.asarray(curve)[..., -1] - np.asarray(control)[..., -1]


def time_to_threshold(step, curve, level):
    """The first of the steps (e,) at which a curve (…, e) has reached a level: (…), NaN where it never does."""
    reached = np.asarray(curve) >= level
    return np.where(reached.any(-1), np.asarray(step)[reached.argmax(-1)], np.nan)


def area_ratio(step, curve, control):
    """(area under the curve - area under the control) / area under the control: (…); 0 where nothing is gained."""
    step, areas = np.asarray(step, float), []
    for line in (np.asarray(curve, float), np.asarray(control, float)):
        areas.append(((line[..., 1:] + line[..., :-1]) / 2 * np.diff(step)).sum(-1))  # trapezoids
    return areas[0] / areas[1] - 1


def forgetting(runs):
    """Source accuracy before the target's training minus after it, one number a run: (runs,)."""
    return at(runs, "source_accuracy", 0) - at(runs, "source_accuracy")


def held_out(task, per_class, validation, seed=0):
    """`task.few(per_class, seed)` with `validation` further training rows a class in the place of the test rows.

    A run on it is the same run as on `task.few(per_class, seed)`; only its curves are drawn on other pictures, so that
    choosing by them looks at no test label. These rows are labels too: they belong to the label budget.
    """
    many = task.few(per_class + validation, seed)
    x = many.x_train.reshape(len(task.classes), per_class + validation, -1)  # few() deals class by class
    y = many.y_train.reshape(len(task.classes), -1)
    learn, choose = np.s_[:, :per_class], np.s_[:, per_class:]
    rows = dict(x_train=x[learn], x_test=x[choose])
    rows = {key: value.reshape(-1, x.shape[-1]) for key, value in rows.items()}
    return replace(task, **rows, y_train=y[learn].ravel(), y_test=y[choose].ravel())


def reliability(probability, y, bins=10):
    """(confidence, accuracy, share of the rows), each (bins,), by how sure the network was; NaN in an empty bin.

    probability (n, classes), y (n,). Confidence is the largest probability of a row; bins are equally wide (0, 1].
    """
    sure, right = probability.max(1), probability.argmax(1) == y
    place = np.clip(np.ceil(sure * bins).astype(int) - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        means = [np.bincount(place, values, bins) / count for values in (sure, right)]
    return *means, count / len(y)


def calibration_error(probability, y, bins=10):
    """ECE: the mean distance between confidence and accuracy, bins weighted by their rows (Guo et al. 2017, eq. 3)."""
    confidence, accuracy, share = reliability(probability, y, bins)
    return float(np.nansum(share * np.abs(confidence - accuracy)))


def confusion(predicted, y, classes):
    """(classes, classes): how many rows of class i (down) were read as class j (across). predicted and y are (n,)."""
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (y, predicted), 1)
    return counts


def in_points(differences):
    """Differences of accuracies (seeds,) as words, their mean and its 95 % interval: '+1.2 [+0.9, +1.5] points'."""
    return "{:+.1f} [{:+.1f}, {:+.1f}] points".format(*interval(100 * np.asarray(differences)))


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
