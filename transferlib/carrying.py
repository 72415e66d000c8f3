"""A source's model carried over to a target through a map, measured over seeds; and what the map did to the two clouds."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from sklearn.base import clone

from transferlib.mappings import PairedRidge
from transferlib.strategies import SCRATCH
from transferlib.tasks import Task
from transferlib.training import train

SOURCE_ROWS = 2000


def changed(task, name, how):
    """The same task with `how` (rows (n, d) → rows (n, d)) done to every picture, training and test."""
    return replace(task, name=name, x_train=how(task.x_train), x_test=how(task.x_test))


def only(task, name, classes):
    """The same task with training rows of these classes only; the test rows stay as they are."""
    kept = np.isin(task.y_train, list(classes))
    return replace(task, name=name, x_train=task.x_train[kept], y_train=task.y_train[kept])


def strengths(mapping, values=(0.0, 0.25, 0.5, 0.75, 1.0)):
    """A mapping from none to full: {strength: the same mapping at that strength}."""
    return {value: clone(mapping).set_params(strength=value) for value in values}


def _draw(task, rows, seed):
    """Which training rows a seed sees: `rows` row numbers, or ValueError when there are not so many."""
    if not 1 <= rows <= len(task.y_train):
        raise ValueError(f"{task.name} has {len(task.y_train)} training rows; cannot draw {rows} of them")
    return np.random.default_rng([seed, 3]).permutation(len(task.y_train))[:rows]


def carry(pair, source, target, mappings, *, rows=400, seeds=10, steps=1000, progress=None):
    """Train on M(source) alone, test on the target: {name: accuracy on the target's test rows, (seeds,)}.

    mappings  {name: a mapping, or None for no map}. A seed draws 2,000 source rows and `rows` target rows, *without* their
              labels; all maps are fitted on these. Then the network is trained from random weights, the same for all maps
    progress  called as progress(done, of all); what it raises stops the runs
    """

    def arms(seed):
        x, y = (a[_draw(source, min(SOURCE_ROWS, len(source.y_train)), seed)] for a in (source.x_train, source.y_train))
        unlabelled = target.x_train[_draw(target, rows, seed)]
        for mapping in mappings.values():
            if mapping is None:
                yield x, y, target.x_test
            else:
                m = clone(mapping).fit(x, unlabelled)
                yield m.transform(x), y, m.target(target.x_test)

    return _accuracies(pair, target, list(mappings), arms, seeds, steps, progress)


def class_means(x, y, few, seed):
    """Pairs (classes, d_s), (classes, d_t): the mean of a class here with its mean there."""
    return tuple(
        np.stack([rows[labels == c].mean(0) for c in np.unique(few.y_train)]) for rows, labels in ((x, y), _of(few))
    )


def class_pairs(x, y, few, seed):
    """Pairs (n, d_s), (n, d_t): every source row with a labelled target row of its class, drawn at random."""
    rng = np.random.default_rng([seed, 4])
    return x, np.stack([few.x_train[rng.choice(np.flatnonzero(few.y_train == c))] for c in y])


def _of(task):
    return task.x_train, task.y_train


def carry_paired(pair, source, target, per_class, *, twin, seeds=10, steps=1000, progress=None):
    """As `carry`, from a source whose rows are of another length, with `per_class` labels: {arm: (seeds,)}.

    Every arm but the first trains on half labelled target rows, half mapped source rows, and differs in the map alone:
    target labels only   no source at all: every row of a batch is the target's
    class means, class pairs   `PairedRidge` on what the target's few labels pair up
    same pictures        `PairedRidge` on 10·per_class source pictures that are known in both forms
    made by hand         no learning: all source pictures in the form that a person made of them, which is `twin`
    twin                 the source in the target's form, row by row the same pictures as `source`
    """

    def arms(seed):
        few, rows = target.few(per_class, seed), _draw(source, SOURCE_ROWS, seed)
        x, y = source.x_train[rows], source.y_train[rows]
        known = rows[: 10 * per_class]
        yield *_of(few), target.x_test
        for pairs in (class_means(x, y, few, seed), class_pairs(x, y, few, seed), (x[: len(known)], twin.x_train[known])):
            yield *_half(PairedRidge().fit(*pairs).transform(x), y, few), target.x_test
        yield *_half(twin.x_train[rows], y, few), target.x_test

    names = ["target labels only", "class means", "class pairs", "same pictures", "made by hand"]
    return _accuracies(pair, target, names, arms, seeds, steps, progress)


def _half(x, y, few):
    """Source rows and labels, and as many rows again of the few from the target, repeated."""
    again = np.resize(np.arange(len(few.y_train)), len(y))
    return np.concatenate([x, few.x_train[again]]), np.concatenate([y, few.y_train[again]])


def _accuracies(pair, target, names, arms, seeds, steps, progress):
    """Train each arm (x, y, x_test) of each seed from random weights: {name: accuracy (seeds,)}."""
    found = {name: [] for name in names}

    def accuracy(seed, x, y, x_test):
        task = Task("mapped", x, y, x_test, target.y_test, target.classes)
        return train(pair, task, SCRATCH, seed=seed, steps=steps, every=steps).target_accuracy[-1]

    with ThreadPoolExecutor(2) as pool:  # while one arm is trained, the next is mapped
        for seed in range(seeds):
            for name, run in zip(names, [pool.submit(accuracy, seed, *arm) for arm in arms(seed)]):
                found[name].append(run.result())
                if progress:
                    progress(sum(map(len, found.values())), seeds * len(names))
    return {name: np.array(values) for name, values in found.items()}


def clouds(source, target, mapping, *, rows=400, seed=0):
    """What one seed's map does, as a dict: `before` and `after`, the source's rows, with their labels `y`; what was `seen`
    of the target; and the target's `test` rows with their labels `y_test`, which no map looks at.
    """
    x, y = (a[_draw(source, min(SOURCE_ROWS, len(source.y_train)), seed)] for a in (source.x_train, source.y_train))
    m = clone(mapping).fit(x, seen := target.x_train[_draw(target, rows, seed)])
    after, seen, test = m.transform(x), m.target(seen), m.target(target.x_test)
    return dict(before=x, after=after, y=y, seen=seen, test=test, y_test=target.y_test, strength=m.strength)


def gaps(cloud, which="after"):
    """How far the source is from the target: {"means", "covariances"} as the map saw them, {"digits"} as the labels tell.

    means ‖μ - μ'‖ · covariances ‖C - C'‖_F · digits: ‖δ_c - δ'_c‖, the mean over the classes c, where δ_c is the place of a
    class's mean relative to the middle of them all, on the target's test rows. No map can see this one.
    """
    x, seen, labels = cloud[which], cloud["seen"], np.unique(cloud["y_test"])
    spread = [np.cov(rows.T) if len(rows) > 1 else np.zeros((rows.shape[1],) * 2) for rows in (x, seen)]
    places = [np.stack([rows[y == c].mean(0) for c in labels]) for rows, y in ((x, cloud["y"]), _test(cloud))]
    here, there = (place - place.mean(0) for place in places)
    return {
        "means": float(np.linalg.norm(x.mean(0) - seen.mean(0))),
        "covariances": float(np.linalg.norm(spread[0] - spread[1])),
        "digits": float(np.linalg.norm(here - there, axis=1).mean()),
    }


def _test(cloud):
    return cloud["test"], cloud["y_test"]
