"""Task nesting: the source's function is an inner part of the target's, f_t(x) = h(x, f_s(x)).

Here f_s reads one digit and f_t adds two, so a row of either task is two pictures, 200 numbers. The shared part of a nested
pair is f_s whole, applied to both pictures by the same weights; the target's private part is h; the source's has no weights.
So the dial turns a nested network like any other: `train` and `compare` take it as it is.
"""

import keras
import numpy as np
from scipy.optimize import linear_sum_assignment

from transferlib.experiments import compare
from transferlib.functional import Functional
from transferlib.networks import Pair
from transferlib.tasks import stream


class Nested(Pair):
    """A pair whose shared part is the reader f_s (100 → 64 → 10, softmax), run on both pictures of a row.

    outer   h: a function of three Keras tensors, pictures (n, 2, 100), hidden (n, 2, 64) and reading (n, 2, 10), the
            reader's hidden layer and its output; it returns the sum's probabilities (n, 19)
    like    another nested pair whose trained reader this one takes: the reader is the same, and need not be trained twice

    >>> Nested(stacked).model("target").output_shape
    (None, 19)
    """

    def __init__(self, outer, like=None):
        x = keras.Input((200,))
        pictures = keras.layers.Reshape((2, 100))(x)
        hidden = keras.layers.Dense(64, activation="relu")(pictures)
        reading = keras.layers.Dense(10, activation="softmax")(hidden)
        self.shared = keras.Model(x, [pictures, hidden, reading], name="shared")
        inner = [keras.Input(t.shape[1:], name=n) for t, n in zip(self.shared.outputs, ("pictures", "hidden", "reading"))]
        self.source = keras.Model(inner, inner[-1][:, 0], name="source_private")
        self.target = keras.Model(inner, outer(*inner), name="target_private")
        self._join((200,))
        self.reader = like or self


def stacked(pictures, hidden, reading):
    """h sees the two readings and nothing else: stacking (Wolpert 1992). 2,579 weights."""
    x = keras.layers.Dense(64, activation="relu")(keras.layers.Flatten()(reading))
    return keras.layers.Dense(19, activation="softmax")(x)


def progressive(pictures, hidden, reading):
    """h is a column of its own, and each of its layers also sees the reader's layer below (Rusu et al. 2016, eq. 1).

    9,683 weights: as many to train as the un-nested network has (9,671).
    """
    flat, join = keras.layers.Flatten(), keras.layers.Concatenate()
    x = keras.layers.Dense(16, activation="relu")(flat(pictures))
    x = keras.layers.Dense(37, activation="relu")(join([x, keras.layers.Flatten()(hidden)]))
    return keras.layers.Dense(19, activation="softmax")(keras.layers.Concatenate()([x, keras.layers.Flatten()(reading)]))


def adding(pictures, hidden, reading):
    """h is known: P(sum = s) = Σ P(left = a)·P(right = s − a), and has no weights (as in Manhaeve et al. 2018)."""
    table = np.array([[np.eye(19)[a + b] for b in range(10)] for a in range(10)], np.float32)
    return keras.ops.einsum("na,nb,abs->ns", reading[:, 0], reading[:, 1], table)


def unnested():
    """The control: the same sizes (9,671 weights against 9,693), but no layer looks at one picture alone."""
    return Pair(200, shared=(32, 20), private=(64,), classes=(10, 19))


def compare_grades(grades, source, target, progress=None, **settings):
    """`compare` for arms that differ in the network too: {name: (pair, strategy)} → {name: [Run, …]}."""
    results = {}
    for number, (name, (pair, strategy)) in enumerate(grades.items()):
        tell = progress and (lambda done, n, number=number: progress(number * n + done, n * len(grades)))
        results[name] = compare(pair, source, target, [strategy], progress=tell, **settings)[strategy.name]
    return results


def readings(pair, run, x):
    """What the inner reader of a trained nested pair says of rows x (n, 200): probabilities (n, 2, 10)."""
    return _inside(pair, run, x)[-1]


def _inside(pair, run, x):
    net = Functional(pair)
    return [t.numpy() for t in net.call("shared", *net.split(run.weights), x, False)[0]]


def reads(pair, runs, task, rename=False):
    """How often the inner reader is right about the test digits of `task`, one number a run: (runs,).

    rename   first give the ten outputs the names that fit best, one name each: a reader that was never told a digit may
             keep the ten apart and call them anything. The names are found on training digits, the score is on test digits
    """
    scores = []
    for run in runs:
        said = {s: readings(pair, run, np.tile(getattr(task, f"x_{s}"), 2))[:, 0].argmax(1) for s in ("train", "test")}
        names = np.arange(10)
        if rename:
            table = np.zeros((10, 10))
            np.add.at(table, (said["train"], task.y_train), 1)
            names = linear_sum_assignment(table, maximize=True)[1]
        scores.append((names[said["test"]] == task.y_test).mean())
    return np.array(scores)


def shuffled(pair, runs, x, y, groups=None):
    """Accuracy on rows x (n, 200), y (n,) when what the reader says of a picture is swapped with what it says of another.

    groups   (n, 2) or None: swap only between pictures with the same number, such as those of one digit
    The pictures themselves, which h may see too, stay where they are. One number a run: (runs,).
    """
    labels = np.zeros(2 * len(x)) if groups is None else np.ravel(groups)
    scores = []
    for run in runs:
        rng, places = stream(run.seed, "swaps"), np.arange(len(labels))
        for label in np.unique(labels):
            mine = np.flatnonzero(labels == label)
            places[mine] = rng.permutation(mine)
        pictures, *inner = _inside(pair, run, x)
        swapped = [t.reshape(len(places), -1)[places].reshape(t.shape) for t in inner]
        net = Functional(pair)
        output, _ = net.call("target", *net.split(run.weights), [pictures, *swapped], False)
        scores.append((output.numpy().argmax(1) == y).mean())
    return np.array(scores)


def inner_readers(grades, results, task):
    """`reads` for every nested arm of `compare_grades`: {name: (runs,)}; the un-nested arms have no reader to ask."""
    return {n: reads(grades[n][0], runs, task) for n, runs in results.items() if isinstance(grades[n][0], Nested)}
