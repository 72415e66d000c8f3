"""What lesson 16 compares: 36 pairs of pictures, nine sources of MNIST and four questions about the UCI digits, and what a
source gives. The pairs of texts are in `texts`."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import tensorflow as tf
from scipy.special import softmax

from transferlib import changes
from transferlib.cache import cached
from transferlib.datasets import crop, leans_right, mnist, uci_tasks
from transferlib.experiments import over_seeds, source_weights, which_seeds
from transferlib.measures import PerSeed
from transferlib.networks import Pair
from transferlib.strategies import FIX_COMMON, Strategy
from transferlib.tasks import Task
from transferlib.training import SOURCE_STEPS, learn, train


class World(NamedTuple):
    """What there is to choose among: targets by name, and for each target its sources by name, for each as many."""

    targets: dict[str, Task]
    sources: dict[str, dict[str, Task]]


def _asked(task, name, classes, label):
    """The task's pictures with another question: label(x, y) → (n,) class numbers."""
    y = {f"y_{side}": label(getattr(task, f"x_{side}"), getattr(task, f"y_{side}")) for side in ("train", "test")}
    return replace(task, name=name, classes=classes, **y)


@lru_cache(maxsize=1)
def nine_sources() -> dict[str, Task]:
    """{name: Task}: MNIST with its own question, with three others, with half of its digits, and with four changes."""
    digits = mnist()
    return {
        "digit": digits,
        "parity": _asked(digits, "MNIST, parity", ("even", "odd"), lambda x, y: y % 2),
        "slant": _asked(digits, "MNIST, slant", ("left", "right"), lambda x, y: leans_right(x.reshape(-1, 10, 10), y)),
        "5 or more": _asked(digits, "MNIST, 5 or more", ("0 to 4", "5 to 9"), lambda x, y: y // 5),
        "five digits": changes.only(digits, "MNIST, 0 to 4", range(5)),
        "cropped": mnist(crop),
        "inverted": changes.inverted(digits),
        "scrambled": changes.scrambled(digits),
        "random labels": changes.coin_labels(digits),
    }


@lru_cache(maxsize=1)
def pictures() -> World:
    """The nine sources for each of the four questions about the UCI digits."""
    targets = uci_tasks()
    return World(targets, dict.fromkeys(targets, nine_sources()))


@lru_cache(maxsize=16)
def _pair(width, source_classes, target_classes):
    return Pair(width, shared=(64,), private=(), classes=(source_classes, target_classes))


@lru_cache(maxsize=400)
def _learned(source, seed):
    """(the pair of the source alone, its weights): one training a source and seed, for all targets; so many steps as it has
    rows, and a thousand at most."""
    alone = _pair(source.x_train.shape[1], len(source.classes), 2)
    return alone, source_weights(alone, _without_curves(source), seed, min(SOURCE_STEPS, len(source.y_train)))


@lru_cache(maxsize=32)
def _without_curves(source):
    """The source with a hundred test rows, since nobody looks at its curves: sources of as many classes share a program."""
    return replace(source, x_test=source.x_test[:100], y_test=source.y_test[:100])


class Seen(NamedTuple):
    """What can be known of a source before anything is trained on the target. No test row is among it.

    pixels   (n, inputs) the target's labelled rows: pictures, or what MiniLM makes of texts; y (n,) their labels
    F        (n, 64) the source's shared layer on them: the features
    answers  (n, classes of the source) the probabilities that the source's own network gives them
    home     (500 or fewer, 64) the source's shared layer on rows of its own
    """

    pixels: np.ndarray
    y: np.ndarray
    F: np.ndarray
    answers: np.ndarray
    home: np.ndarray


@lru_cache(maxsize=4000)
def seen(source: Task, target: Task, per_class: int, seed: int) -> Seen:
    """What one draw of labels shows of one source."""
    _, weights = _learned(source, seed)
    few, (kernel, bias) = target.few(per_class, seed), weights["source"]
    pixels, home = few.x_train.astype(float), source.x_train[:500].astype(float)
    F = _features(weights, pixels)
    return Seen(pixels, few.y_train, F, softmax(F @ kernel + bias, axis=1), _features(weights, home))


def _features(weights, x):
    kernel, bias = weights["shared"]
    return np.maximum(0, x @ kernel + bias)


@cached
def _outcome(source, target, strategy, seed, rate, every):
    """(accuracies, losses) on the target's test rows, each (evaluations,), in 300 steps on its training rows."""
    pair = _pair(target.x_train.shape[1], 2, len(target.classes))  # the source's head does not train: one program for all
    budget, learned = dict(seed=seed, steps=300, every=every, rate=rate), _learned(source, seed)[1]
    if strategy == FIX_COMMON:  # what stands still is computed once, and the head is trained alone
        rows = {f"x_{side}": _features(learned, getattr(target, f"x_{side}")) for side in ("train", "test")}
        begin, task = {"target": pair.fresh(seed)["target"]}, replace(target, picture=None, **rows)
        run = learn(_alone, {"target": pair.target}, {"target": task}, weights=begin, report=_read, **budget)
    else:
        run = train(pair, target, strategy, weights=pair.weights() | {"shared": learned["shared"]}, **budget)
    return np.array([run.target_accuracy[1:], run.target_loss[1:]])


def _alone(parts, batch, done, settings):
    x, y = batch["target"]
    return parts.loss("target", y, parts.target(x))


def _read(parts, tasks, settings):
    x, y = tasks["target"]
    said = parts.target(x)
    right = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(said, -1, tf.int32), y), tf.float32))
    return {"target_accuracy": right, "target_loss": parts.loss("target", y, said)}


def _repeated(task, rows, each):
    """The task with its rows to judge, `each` of a class, repeated to about so many: one program serves any number."""
    times = max(1, rows // (10 * len(task.classes)) * 10 // each)
    return replace(task, x_test=np.tile(task.x_test, (times, 1)), y_test=np.tile(task.y_test, times))


def outcomes(
    strategy: Strategy,
    per_class: int = 5,
    seeds: int | Iterable[int] = 10,
    validation: int = 0,
    rate: float = 3e-3,
    world: World | None = None,
    sources: dict[str, Task] | None = None,
    every: int = 0,
    progress: Callable | None = None,
) -> dict[str, np.ndarray]:
    """{"accuracy", "loss": (targets, sources, draws)} of a strategy on every pair, after 300 steps.

    validation   0: on the test rows. Otherwise so many of the labels of each class are set apart, and judged on
    world        None: the pictures
    sources      None: those of the world; otherwise these for every target
    every        otherwise (targets, sources, draws, 300 / every): judged after each so many steps
    """
    targets, asked = world or pictures()
    asked = dict.fromkeys(targets, sources) if sources else asked

    def one(arm, seed):
        source, target = asked[arm[0]][arm[1]], targets[arm[0]]
        learn = per_class - validation
        rows = target.few(per_class, seed)
        if validation:
            rows = _repeated(changes.held_out(target, learn, validation, seed), len(target.y_test), validation)
        return _outcome(source, rows, strategy, seed, rate, every or 300)

    arms = [(target, source) for target in targets for source in asked[target]]
    made = np.array(list(over_seeds(one, arms, seeds, progress).values()))  # (pairs, draws, 2, evaluations)
    made = made.reshape(len(targets), -1, *made.shape[1:])
    return {what: made[:, :, :, place] if every else made[..., place, -1] for place, what in enumerate(("accuracy", "loss"))}


def scored(
    score: Callable[[Seen], float], per_class: int = 5, seeds: int | Iterable[int] = 10, world: World | None = None
) -> np.ndarray:
    """A score of every pair and draw: (targets, sources, draws); higher is better. world: None is the pictures."""
    targets, sources = world or pictures()
    given = [[(source, task) for source in sources[name].values()] for name, task in targets.items()]
    return np.array([[[score(seen(*two, per_class, n)) for n in which_seeds(seeds)] for two in row] for row in given])


def per_draw(values: np.ndarray, seeds: int | Iterable[int]) -> PerSeed:
    """One number a draw, (draws,), that knows which draw it is of."""
    return PerSeed(np.asarray(values), which_seeds(seeds))
