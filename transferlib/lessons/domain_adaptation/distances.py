"""How far apart two domains lie in what a network makes of them, and what can be seen of a model without target labels."""

from collections.abc import Callable

import numpy as np

from transferlib.cache import get_or_make
from transferlib.changes import centred, standardised
from transferlib.functional import Functional, predict
from transferlib.networks import Pair
from transferlib.strategies import SCRATCH
from transferlib.tasks import Task, rng_for
from transferlib.training import train

HIDDEN = 64  # units in the hidden layer of a fresh probe

INPUTS = {
    "as they are": lambda source, target: (source, target),
    "own mean": lambda source, target: (centred(source), centred(target)),
    "own scale": lambda source, target: (standardised(source), standardised(target)),
    "source's scale": lambda source, target: (standardised(source), standardised(target, source)),
}
"""{how the two tasks' inputs are prepared: (source, target) → (source, target)}; the last is the control of the third."""


def features(pair: Pair, weights: dict, x: np.ndarray) -> np.ndarray:
    """What the shared part makes of rows x (n, …), in inference: (n, d)."""
    pair.check_weights(weights)
    net = Functional(pair)
    return np.array(net.call("shared", *net.split(weights), np.asarray(x, np.float32), False)[0])


def _probe(task, hidden, seed, steps):
    """(test rows, classes) the probabilities of a network trained on a task of features, with a hidden layer or without."""
    n = len(task.classes)
    pair = Pair(task.x_train.shape[1], (), (HIDDEN,) if hidden else (), (n, n))
    run = get_or_make(train, pair, task, SCRATCH, seed=seed, steps=steps, rate=3e-3, every=steps)
    return predict(pair, run.weights, task.x_test)


def _two(pair, weights, source, target, seed):
    """Features of both domains' rows, as many of each, scaled as one: training rows, and test rows (source, target)."""
    few = rng_for(seed, "probe").permutation(len(source.y_train))[: len(target.y_train)]
    x = [features(pair, weights, rows) for rows in (source.x_train[few], target.x_train[: len(few)])]
    tests = [features(pair, weights, task.x_test) for task in (source, target)]
    both = np.concatenate(x)
    mean, deviation = both.mean(0), both.std(0) + 1e-3
    return (both - mean) / deviation, [(t - mean) / deviation for t in tests], few


def told_apart(
    pair: Pair, weights: dict, source: Task, target: Task, *, hidden: bool = True, seed: int = 0, steps: int = 1000
) -> float:
    """How well a *fresh* classifier tells the two domains apart by the frozen features: accuracy on test rows, .5 is chance.

    hidden   one hidden layer of 64 units, or none (a linear classifier)
    It learns from as many training rows of either domain; the accuracy is the mean of the two domains' own.
    """
    x, tests, few = _two(pair, weights, source, target, seed)
    y = np.repeat([0, 1], [len(few), len(x) - len(few)])
    task = Task("domains", x, y, np.concatenate(tests), np.repeat([0, 1], [len(t) for t in tests]), ("source", "target"))
    says = _probe(task, hidden, seed, steps).argmax(1)
    return float(np.mean([(says[task.y_test == side] == side).mean() for side in (0, 1)]))


def joint_error(pair: Pair, weights: dict, source: Task, target: Task, *, seed: int = 0) -> float:
    """Ben-David's λ*: the source error plus the target error of one classifier that was given *both* tasks' labels.

    It has one hidden layer, reads the frozen features, and learns from as many rows of either task. It explains, and cannot
    choose: it needs the target's labels.
    """
    x, tests, few = _two(pair, weights, source, target, seed)
    y = np.concatenate([source.y_train[few], target.y_train[: len(few)]])
    answers = np.concatenate([source.y_test, target.y_test])
    says = _probe(Task("both", x, y, np.concatenate(tests), answers, source.classes), True, seed, 1000).argmax(1)
    wrong, cut = says != answers, len(source.y_test)
    return float(wrong[:cut].mean() + wrong[cut:].mean())


# What can be seen without a target label: (n, classes) answers to target rows → a number, the larger the better


def confidence(p: np.ndarray) -> float:
    """Minus the mean entropy of the answers, in nats: how sure the model is."""
    return float(np.mean(np.sum(p * np.log(np.maximum(p, 1e-12)), 1)))


def information(p: np.ndarray) -> float:
    """Sure of each, and of many kinds: the entropy of the mean answer minus the answers' mean entropy, in nats.

    The mutual information of input and answer (Bridle, Heading & MacKay 1991), as information maximisation uses it.
    """
    mean = np.mean(p, 0)
    return float(-np.sum(mean * np.log(np.maximum(mean, 1e-12)))) + confidence(p)


def nuclear_norm(p: np.ndarray) -> float:
    """The singular values of the table of answers added up, by √n (Cui et al. 2020): large where sure and of many kinds."""
    return float(np.linalg.svd(p, compute_uv=False).sum() / np.sqrt(len(p)))


RULES: dict[str, Callable[[np.ndarray], float]] = {
    "confidence": confidence,
    "information maximisation": information,
    "nuclear norm": nuclear_norm,
}
