"""What an example of a panel is made of: the things that its lesson has, and small runs."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from transferlib.datasets import mnist, uci_digits
from transferlib.networks import Pair
from transferlib.tasks import Task


def packed(pixels: np.ndarray) -> str:
    """32×32 pixels, black or not, as the drawing pad sends them: eight to a byte, the bytes in base 64."""
    return base64.b64encode(np.packbits(np.asarray(pixels, bool)).tobytes()).decode() if np.any(pixels) else ""


@dataclass
class PanelExample:
    """What a panel is made of, and how it begins.

    has    () → {name: thing}, made anew: what the panel is given and its code speaks of, by the names that
           the lesson uses
    small  {control: value} to begin with, so that a run takes little
    first  {control: {control: value}}: what has to be set before a control makes a difference
    """

    has: Callable[[], dict] = dict
    small: dict = field(default_factory=dict)
    first: dict = field(default_factory=dict)


PAIR = Pair(100, (64,), (64,))


def three() -> dict:
    """The main example: a pair of networks, MNIST, the UCI digits; tasks of which no run is remembered."""
    return dict(pair=PAIR, source=replace(mnist()), target=replace(uci_digits()))


def noise(*shape, seed):
    """A task of two classes, twenty rows of each to learn from; the classes are a little apart."""
    x, y = np.random.default_rng(seed).random((80, *shape), np.float32), np.tile([0, 1], 40)
    x[y == 1] *= 0.6
    return Task(f"noise {seed}", x[:40], y[:40], x[40:], y[40:], ("a", "b"))
