"""The letters of lesson 14: 26 of them cut at random into two halves of 13, a source and a target."""

from dataclasses import replace
from functools import cache, lru_cache

import numpy as np

from transferlib.keel import letters
from transferlib.tasks import Task, rng_for

TRAIN, TEST, CHOOSE = 300, 110, 60  # rows of each letter


@lru_cache(maxsize=64)
def halves(seed: int) -> tuple[Task, Task, Task]:
    """(source, target, the target once more), 13 letters each, other ones for each seed.

    Of each letter 300 rows are learned from and 110 are tested on. The third task is the second with 60 other rows of each
    letter held out: for choosing a learning rate. These are always the same rows, and no seed learns from or tests on them.
    """
    order = rng_for(seed, "halves").permutation(26)
    source, target = order[:13], order[13:]
    rows = {letter: rng_for(seed, "rows", letter).permutation(each[CHOOSE:]) for letter, each in _rows().items()}
    learn = {letter: each[:TRAIN] for letter, each in rows.items()}
    test = {letter: each[TRAIN : TRAIN + TEST] for letter, each in rows.items()}
    to_read = _task("target", target, learn, test)
    held, labels = _of(target, {letter: each[:CHOOSE] for letter, each in _rows().items()})
    return _task("source", source, learn, test), to_read, replace(to_read, x_test=held, y_test=labels)


@cache
def _rows():
    """{letter: its rows in an order that is always the same}; of rows with the same 16 numbers one."""
    x, y = letters()
    order = rng_for(0, "choosing").permutation(np.unique(x, axis=0, return_index=True)[1])
    return {letter: order[y[order] == letter] for letter in range(26)}


def _of(half, rows):
    x, _ = letters()
    return x[np.concatenate([rows[letter] for letter in half])], np.repeat(range(13), [len(rows[letter]) for letter in half])


def _task(name, half, learn, test):
    names = tuple(chr(ord("A") + letter) for letter in half)
    return Task(f"{name}: {''.join(names)}", *_of(half, learn), *_of(half, test), names)
