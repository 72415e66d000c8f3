"""What lesson 16 compares: 36 pairs of pictures, nine sources of MNIST and four questions about the UCI digits, and what a
source gives. The pairs of texts are in `texts`."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from scipy.special import softmax

from transferlib import changes
from transferlib.cache import cached
from transferlib.datasets import crop, leans_right, mnist, uci_tasks
from transferlib.experiments import over_seeds, source_weights, which_seeds
from transferlib.measures import PerSeed
from transferlib.networks import Pair
from transferlib.strategies import Strategy, checked, how_far, starting_weights
from transferlib.tasks import Task
from transferlib.training import SOURCE_STEPS, learn

WHAT = "accuracy", "loss"


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
def _side_by_side(sources, target, classes, strategy, seed, rate, every):
    """(sources, 2, evaluations): accuracies and losses on the target's test rows, in 300 steps on its training rows.

    The networks of all sources learn in one program, from the same batches: Python's work around a run takes longer than the
    run. classes: at least as many as the target has, and the same for all targets, so that they share a program.
    """
    pair = _pair(target.x_train.shape[1], 2, len(target.classes))  # the source's head does not train
    given = [pair.weights() | {"shared": _learned(source, seed)[1]["shared"]} for source in sources]
    begun = [starting_weights(pair, strategy, each, seed) for each in given]
    shared, heads = ([np.vstack(each[part]) for each in begun] for part in ("shared", "target"))  # the last row: the bias
    begin = dict(shared=np.hstack(shared), target=_wide(np.array(heads), classes))
    settings = {} if strategy.frozen else {"move": how_far(pair, strategy)[0], "head_first": strategy.head_first}
    budget = dict(seed=seed, steps=300, every=every, rate=rate)
    blank = {part: np.zeros_like(each) for part, each in begin.items()}
    run = learn(_own_losses, blank, {"target": target}, weights=begin, report=_told, **budget, **settings)
    return np.array([[run.curves[f"{what} {place}"][1:] for what in WHAT] for place in range(len(sources))])


def _wide(heads, classes):
    """Heads (sources, 65, classes) with further classes, of which each is so unlikely, exactly 0, that it learns nothing."""
    more = np.zeros((*heads.shape[:2], classes - heads.shape[2]), np.float32)
    more[:, -1] = -1e9
    return np.concatenate([heads, more], axis=2)


def _own_losses(parts, batch, done, settings):
    """Each network follows its own loss, which is the sum's only term that it is in."""
    loss = tf.reduce_sum(_read(parts, *batch["target"])[1])
    return {"target": loss} | ({"shared": (loss, settings["move"])} if "move" in settings else {})


def _told(parts, tasks, settings):
    read = zip(WHAT, _read(parts, *tasks["target"]))
    return {f"{what} {place}": each for what, values in read for place, each in enumerate(tf.unstack(values))}


def _read(parts, x, y):
    """(accuracies, losses), each (sources,)."""
    count, rows = parts.target.shape[0], x.shape[0]
    hidden = tf.nn.relu(x @ parts.shared[:-1] + parts.shared[-1])
    scores = tf.einsum("nsf,sfc->nsc", tf.reshape(hidden, (rows, count, -1)), parts.target[:, :-1]) + parts.target[:, -1]
    labels = tf.repeat(y[:, None], count, axis=1)
    losses = keras.losses.sparse_categorical_crossentropy(labels, tf.nn.softmax(scores))
    right = tf.cast(tf.equal(tf.argmax(scores, -1, tf.int32), labels), tf.float32)
    return tf.reduce_mean(right, 0), tf.reduce_mean(losses, 0)


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

    if checked(strategy).alpha:
        raise ValueError(f"a gradient of the source joins in {strategy.name!r}, and here no source learns on: take alpha 0")
    classes = max(len(target.classes) for target in targets.values())

    def one(name, seed):
        target = targets[name]
        rows = target.few(per_class, seed)
        if validation:
            held = changes.held_out(target, per_class - validation, validation, seed)
            rows = _repeated(held, len(target.y_test), validation)
        return _side_by_side(tuple(asked[name].values()), rows, classes, strategy, seed, rate, every or 300)

    made = np.array(list(over_seeds(one, targets, seeds, progress).values()))  # (targets, draws, sources, 2, evaluations)
    made = made.swapaxes(1, 2)
    return {what: made[:, :, :, place] if every else made[..., place, -1] for place, what in enumerate(WHAT)}


def scored(
    score: Callable[[Seen], float], per_class: int = 5, seeds: int | Iterable[int] = 10, world: World | None = None
) -> np.ndarray:
    """A score of every pair and draw: (targets, sources, draws); higher is better. world: None is the pictures."""
    targets, sources = world or pictures()

    def one(name, seed):
        return [score(seen(source, targets[name], per_class, seed)) for source in sources[name].values()]

    return np.array(list(over_seeds(one, targets, seeds).values())).swapaxes(1, 2)


def per_draw(values: np.ndarray, seeds: int | Iterable[int]) -> PerSeed:
    """One number a draw, (draws,), that knows which draw it is of."""
    return PerSeed(np.asarray(values), which_seeds(seeds))
