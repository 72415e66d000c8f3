"""The letters of lesson 14: 26 of them cut at random into two halves of 13, a source and a target."""

from functools import lru_cache

import numpy as np

from transferlib.keel import letters
from transferlib.tasks import Task, stream

TRAIN, TEST = 350, 150  # rows of each letter


@lru_cache(maxsize=64)
def halves(seed: int) -> tuple[Task, Task]:
    """(source, target), 13 letters each, other ones for each seed: 350 training and 150 test rows of each letter."""
    x, y = letters()
    order, rows = stream(seed, "halves").permutation(26), stream(seed, "rows").permutation(len(y))
    return tuple(_task(name, half, x, y, rows) for name, half in (("source", order[:13]), ("target", order[13:])))


def _task(name, half, x, y, rows):
    of_letter = [rows[y[rows] == letter][: TRAIN + TEST] for letter in half]
    learn, held = (np.concatenate([some[cut] for some in of_letter]) for cut in (slice(TRAIN), slice(TRAIN, None)))
    label = np.select([y == letter for letter in half], range(len(half)))
    names = tuple(chr(ord("A") + letter) for letter in half)
    return Task(f"{name}: {''.join(names)}", x[learn], label[learn], x[held], label[held], names)
