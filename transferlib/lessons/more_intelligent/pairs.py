"""Thirty-six pairs for lesson 16: nine sources made of MNIST, four questions about the UCI digits, and what each gives."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from transferlib import changes
from transferlib.cache import cached
from transferlib.datasets import crop, mnist, slant, uci_tasks
from transferlib.experiments import over_seeds, source_weights, which_seeds
from transferlib.functional import predict
from transferlib.measures import PerSeed
from transferlib.networks import Pair
from transferlib.strategies import Strategy
from transferlib.tasks import Task
from transferlib.training import train


def _asked(task, name, classes, label):
    """The task's pictures with another question: label(x, y) → (n,) class numbers."""
    y = {f"y_{side}": label(getattr(task, f"x_{side}"), getattr(task, f"y_{side}")) for side in ("train", "test")}
    return replace(task, name=name, classes=classes, **y)


def _leaning(x, y):
    """Whether each picture leans further to the right than the middle one of its digit."""
    lean = slant(x.reshape(len(x), 10, 10))
    return (lean > np.array([np.median(lean[y == c]) for c in range(10)])[y]).astype(int)


@lru_cache(maxsize=1)
def nine_sources() -> dict[str, Task]:
    """{name: Task}: MNIST with its own question, with three others, with half of its digits, and with four changes."""
    digits = mnist()
    return {
        "digit": digits,
        "parity": _asked(digits, "MNIST, parity", ("even", "odd"), lambda x, y: y % 2),
        "slant": _asked(digits, "MNIST, slant", ("left", "right"), _leaning),
        "5 or more": _asked(digits, "MNIST, 5 or more", ("0 to 4", "5 to 9"), lambda x, y: y // 5),
        "five digits": changes.only(digits, "MNIST, 0 to 4", range(5)),
        "cropped": mnist(crop),
        "inverted": changes.inverted(digits),
        "scrambled": changes.scrambled(digits),
        "random labels": changes.coin_labels(digits),
    }


@lru_cache(maxsize=16)
def _pair(source_classes, target_classes):
    return Pair(100, shared=(64,), private=(), classes=(source_classes, target_classes))


def _learned(source, seed):
    """(the pair of the source alone, its weights): one training a source and seed, for all targets."""
    alone = _pair(len(source.classes), 2)
    return alone, source_weights(alone, source, seed)


class Seen(NamedTuple):
    """What can be known of a source before anything is trained on the target. No test row is among it.

    pixels   (n, 100) the target's labelled pictures; y (n,) their labels
    F        (n, 64) the source's shared layer on them: the features
    answers  (n, classes of the source) the probabilities that the source's own network gives them
    home     (500, 64) the source's shared layer on 500 pictures of its own
    """

    pixels: np.ndarray
    y: np.ndarray
    F: np.ndarray
    answers: np.ndarray
    home: np.ndarray


@lru_cache(maxsize=2000)
def seen(source: Task, target: Task, per_class: int, seed: int) -> Seen:
    """What one draw of labels shows of one source."""
    alone, weights = _learned(source, seed)
    few, (kernel, bias) = target.few(per_class, seed), weights["shared"]
    pixels, home = few.x_train.astype(float), source.x_train[:500].astype(float)
    features = [np.maximum(0, x @ kernel + bias) for x in (pixels, home)]
    return Seen(pixels, few.y_train, features[0], predict(alone, weights, few.x_train, "source").astype(float), features[1])


@cached
def _outcome(source, target, strategy, seed, rate):
    """(accuracy, loss) on the target's test rows after 300 steps on its training rows."""
    pair = _pair(2, len(target.classes))  # the source's head does not train along: one program for all sources
    weights = pair.weights() | {"shared": _learned(source, seed)[1]["shared"]}
    run = train(pair, target, strategy, weights=weights, seed=seed, steps=300, every=300, rate=rate)
    return np.array([run.target_accuracy[-1], run.target_loss[-1]])


def outcomes(
    strategy: Strategy,
    per_class: int = 5,
    seeds: int | Iterable[int] = 10,
    validation: int = 0,
    rate: float = 3e-3,
    sources: dict[str, Task] | None = None,
    progress: Callable | None = None,
) -> dict[str, np.ndarray]:
    """{"accuracy", "loss": (4 targets, sources, draws)} of a strategy on every pair.

    validation   0: on the test rows. Otherwise so many of the labels of each class are set apart, and judged on
    sources      None: the nine
    """
    sources, targets = sources or nine_sources(), uci_tasks()

    def one(arm, seed):
        source, target = sources[arm[1]], targets[arm[0]]
        if validation:
            rows = changes.held_out(target, per_class - validation, validation, seed)
        else:
            rows = target.few(per_class, seed)
        return _outcome(source, rows, strategy, seed, rate)

    arms = [(target, source) for target in targets for source in sources]
    made = np.array(list(over_seeds(one, arms, seeds, progress).values())).reshape(len(targets), len(sources), -1, 2)
    return {"accuracy": made[..., 0], "loss": made[..., 1]}


def scored(score: Callable[[Seen], float], per_class: int = 5, seeds: int | Iterable[int] = 10) -> np.ndarray:
    """A score of every pair and draw: (4 targets, 9 sources, draws); higher is better."""
    given = [[(source, target) for source in nine_sources().values()] for target in uci_tasks().values()]
    return np.array([[[score(seen(*two, per_class, n)) for n in which_seeds(seeds)] for two in row] for row in given])


def per_draw(values: np.ndarray, seeds: int | Iterable[int]) -> PerSeed:
    """One number a draw, (draws,), that knows which draw it is of."""
    return PerSeed(np.asarray(values), which_seeds(seeds))
