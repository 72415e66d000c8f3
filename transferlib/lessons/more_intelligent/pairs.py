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
from transferlib.experiments import over_seeds, which_seeds
from transferlib.measures import PerSeed
from transferlib.networks import Pair
from transferlib.strategies import Strategy, checked, how_far, starting_weights
from transferlib.tasks import Task
from transferlib.training import SOURCE_STEPS, learn

WHAT = "accuracy", "loss"
CLASSES, ROWS = 14, 800  # of a task, and rows to judge it on; smaller ones are filled up, so that all share a program


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
    return alone, alone.fresh(seed) | _trained(source, seed)


@cached
def _trained(source, seed):
    """{"shared", "source": (kernel, bias)} of a source, by the program of a single network that learns a target."""
    fresh = _pair(source.x_train.shape[1], len(source.classes), 2).fresh(seed)
    steps = min(SOURCE_STEPS, len(source.y_train))
    budget = dict(seed=seed, steps=steps, every=steps, rate=1e-3)
    run = _side_by_side([fresh["shared"]], [fresh["source"]], _source_filled(source), ROWS, moves=[1.0], **budget)
    shared, head = run.weights["shared"], run.weights["target"][0, :, : len(source.classes)]
    return {"shared": [shared[:-1], shared[-1]], "source": [head[:-1], head[-1]]}


def _filled(task):
    """The task with ROWS rows to judge, or more: filled up with its own."""
    rows = max(ROWS, len(task.y_test))
    return replace(task, x_test=np.resize(task.x_test, (rows, task.x_test.shape[1])), y_test=np.resize(task.y_test, rows))


_source_filled = lru_cache(maxsize=16)(_filled)  # a source learns with every seed


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
def _outcomes(sources, target, strategies, seed, rate, every):
    """(strategies, sources, 2, evaluations): accuracies and losses on the target's test rows, in 300 steps on its training
    rows."""
    pair = _pair(target.x_train.shape[1], 2, len(target.classes))  # the source's head does not train
    given = [pair.weights() | {"shared": _learned(source, seed)[1]["shared"]} for source in sources]
    begun = [starting_weights(pair, strategy, each, seed) for strategy in strategies for each in given]
    shared, heads = ([each[part] for each in begun] for part in ("shared", "target"))
    moves = np.repeat([how_far(pair, strategy)[0] for strategy in strategies], len(sources))
    budget = dict(seed=seed, steps=300, every=every, rate=rate, head_first=strategies[0].head_first)
    run = _side_by_side(shared, heads, _filled(target), len(target.y_test), moves, **budget)
    told = [[run.curves[f"{what} {place}"][1:] for what in WHAT] for place in range(len(begun))]
    return np.reshape(told, (len(strategies), len(sources), len(WHAT), -1))


def _side_by_side(shared, heads, task, judged, moves, **budget):
    """Networks learn a task in one program, from the same batches: Python's work around a run takes longer than the run.

    shared, heads   for each network (kernel, bias); judged: how many of the task's test rows count, from the first
    moves           how far each network's shared layer moves; where none does, its gradient is not taken
    """
    begin = dict(shared=np.hstack([*map(np.vstack, shared)]), target=_wide(np.array([*map(np.vstack, heads)])))
    blank = {part: np.zeros_like(each) for part, each in begin.items()}
    settings = dict(judged=judged)
    if np.any(moves):  # a number for each weight; the last row of a layer is its bias
        widths = [bias.size for _, bias in shared]
        settings["move"] = np.tile(np.repeat(np.float32(moves), widths), len(begin["shared"]))
    return learn(_own_losses, blank, {"target": task}, weights=begin, report=_told, **budget, **settings)


def _wide(heads):
    """Heads (networks, 65, classes) with more classes, each so unlikely, exactly 0, that it learns nothing."""
    more = np.zeros((*heads.shape[:2], max(0, CLASSES - heads.shape[2])), np.float32)
    more[:, -1] = -1e9
    return np.concatenate([heads, more], axis=2)


def _own_losses(parts, batch, done, settings):
    """Each network follows its own loss, which is the sum's only term that it is in."""
    loss = tf.reduce_sum(tf.reduce_mean(_read(parts, *batch["target"])[1], 0))
    return {"target": loss} | ({"shared": (loss, settings["move"])} if "move" in settings else {})


def _told(parts, tasks, settings):
    told = {}
    for what, each in zip(WHAT, _read(parts, *tasks["target"])):
        counts = tf.range(each.shape[0], dtype=tf.float32)[:, None] < settings["judged"]
        means = tf.reduce_sum(tf.where(counts, each, 0.0), 0) / settings["judged"]
        told |= {f"{what} {place}": mean for place, mean in enumerate(tf.unstack(means))}
    return told


def _read(parts, x, y):
    """(whether each answer is right, its loss), each (rows, networks)."""
    count, rows = parts.target.shape[0], x.shape[0]
    hidden = tf.nn.relu(x @ parts.shared[:-1] + parts.shared[-1])
    scores = tf.einsum("nsf,sfc->nsc", tf.reshape(hidden, (rows, count, -1)), parts.target[:, :-1]) + parts.target[:, -1]
    labels = tf.repeat(y[:, None], count, axis=1)
    right = tf.cast(tf.equal(tf.argmax(scores, -1, tf.int32), labels), tf.float32)
    return right, keras.losses.sparse_categorical_crossentropy(labels, tf.nn.softmax(scores))


def outcomes(
    strategy: Strategy | list[Strategy],
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

    strategy     of a list of them (strategies, targets, sources, draws); they learn side by side
    validation   0: on the test rows. Otherwise so many of the labels of each class are set apart, and judged on
    world        None: the pictures
    sources      None: those of the world; otherwise these for every target
    every        0: judged after the 300 steps alone. Otherwise (…, draws, 300 / every): after each so many steps
    """
    targets, asked = world or pictures()
    asked = dict.fromkeys(targets, sources) if sources else asked

    strategies = tuple(strategy) if isinstance(strategy, list) else (strategy,)
    for each in strategies:
        if checked(each).alpha:
            raise ValueError(f"a gradient of the source joins in {each.name!r}, and here no source learns on: take alpha 0")
        if each.head_first != strategies[0].head_first:
            raise ValueError("strategies that learn side by side need one head_first")

    def one(name, seed):
        target = targets[name]
        rows = target.few(per_class, seed)
        if validation:
            rows = changes.held_out(target, per_class - validation, validation, seed)
        return _outcomes(tuple(asked[name].values()), rows, strategies, seed, rate, every or 300)

    made = np.array(list(over_seeds(one, targets, seeds, progress).values()))  # (targets, draws, strategies, sources, 2, …)
    made = made.transpose(2, 0, 3, 1, 4, 5) if isinstance(strategy, list) else made[:, :, 0].swapaxes(1, 2)
    return {what: made[..., place, :] if every else made[..., place, -1] for place, what in enumerate(WHAT)}


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
