"""Sources that ought not to help: each takes a task and returns it with one thing spoilt, so that harm can be measured."""

from dataclasses import replace

import numpy as np


def renamed(task):
    """Every class bears the next one's name: the pictures are the same, the answers systematically wrong."""
    n = len(task.classes)
    return replace(task, name=f"{task.name}, renamed", y_train=(task.y_train + 1) % n, y_test=(task.y_test + 1) % n)


def scrambled(task, seed=0):
    """One fixed shuffle of the pixels of every picture: the classes are still there, what is near to what is not."""
    order = np.random.default_rng(seed).permutation(task.x_train.shape[1])
    return replace(task, name=f"{task.name}, scrambled", x_train=task.x_train[:, order], x_test=task.x_test[:, order])


def coin_labels(task, seed=0):
    """Labels drawn by lot: there is nothing to learn but by heart."""
    rng = np.random.default_rng(seed)
    y = {side: rng.integers(0, len(task.classes), len(getattr(task, side))) for side in ("y_train", "y_test")}
    return replace(task, name=f"{task.name}, labels by lot", **y)


def inverted(task):
    """White on black becomes black on white, for values in 0 … 1."""
    return replace(task, name=f"{task.name}, inverted", x_train=1 - task.x_train, x_test=1 - task.x_test)
