"""Task nesting: the source's function is an inner part of the target's, f_t(x) = h(x, f_s(x)).

Here f_s reads one digit and f_t adds two, so a row of either task is two pictures, 200 numbers. The shared part of a nested
pair is f_s whole, applied to both pictures by the same weights; the target's private part is h; the source's has no weights.
So the dial turns a nested network like any other: `train` and `compare` take it as it is.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

import keras
import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import confusion_matrix

from transferlib.experiments import Progress, compare, over_seeds
from transferlib.functional import Functional, predict
from transferlib.measures import PerSeed
from transferlib.networks import Pair
from transferlib.storage import remembered
from transferlib.strategies import Strategy
from transferlib.tasks import Task, stream
from transferlib.training import Run, train

WAYS = "mean", "swap", "swap within a digit", "truth"


class Nested(Pair):
    """A pair whose shared part is the reader f_s (100 → 64 → 10, softmax), run on both pictures of a row.

    outer   h: a function of three Keras tensors, pictures (n, 2, 100), hidden (n, 2, 64) and reading (n, 2, 10), the
            reader's hidden layer and its output; it returns the sum's probabilities (n, 19)
    like    another nested pair whose trained reader this one takes: the reader is the same, and need not be trained twice

    >>> Nested(stacked).model("target").output_shape
    (None, 19)
    """

    def __init__(self, outer: Callable, like: "Nested | None" = None):
        if not (like is None or isinstance(like, Nested)):
            raise ValueError(f"like must be another nested pair, whose trained reader this one takes, not {like!r}")
        x = keras.Input((200,))
        pictures = keras.layers.Reshape((2, 100))(x)
        hidden = keras.layers.Dense(64, activation="relu")(pictures)
        reading = keras.layers.Dense(10, activation="softmax")(hidden)
        self.shared = keras.Model(x, [pictures, hidden, reading], name="shared")
        inner = [keras.Input(t.shape[1:], name=n) for t, n in zip(self.shared.outputs, ("pictures", "hidden", "reading"))]
        # Joined and cut again, so that a part may ignore an input: before Keras 3.14 a model refuses one that leads nowhere.
        all_three = keras.layers.Concatenate()(inner)
        seen = all_three[..., :100], all_three[..., 100:164], all_three[..., 164:]
        self.source = keras.Model(inner, seen[-1][:, 0], name="source_private")
        self.target = keras.Model(inner, outer(*seen), name="target_private")
        self._join((200,))
        self._like = like

    @property
    def source_pair(self) -> Pair:
        return self._like.source_pair if self._like else self


def stacked(pictures, hidden, reading):
    """h sees the two readings and nothing else: stacking (Wolpert 1992). 2,579 weights."""
    x = keras.layers.Dense(64, activation="relu")(keras.layers.Flatten()(reading))
    return keras.layers.Dense(19, activation="softmax")(x)


def through_hidden(pictures, hidden, reading):
    """h sees the reader's hidden layer and not its answer (Søgaard & Goldberg 2016). 9,491 weights."""
    x = keras.layers.Dense(64, activation="relu")(keras.layers.Flatten()(hidden))
    return keras.layers.Dense(19, activation="softmax")(x)


def narrowed(pictures, hidden, reading):
    """The control of `through_hidden`: ten fresh units a picture stand between the hidden layer and h. 3,229 weights."""
    return stacked(pictures, hidden, keras.layers.Dense(10, activation="relu")(hidden))


def progressive(pictures, hidden, reading):
    """h is a column of its own; each layer also sees the reader's layer below, through an adapter (Rusu et al. 2016, eq. 2).

    An adapter is a small non-linear layer. 9,523 weights to train; the un-nested network has 9,671.
    """
    flat, join = keras.layers.Flatten, keras.layers.Concatenate

    def dense(units, x):
        return keras.layers.Dense(units, activation="relu")(x)

    x = dense(32, join()([dense(16, flat()(pictures)), dense(16, flat()(hidden))]))
    return keras.layers.Dense(19, activation="softmax")(join()([x, dense(64, flat()(reading))]))


def adding(pictures, hidden, reading):
    """h is known: P(sum = s) = Σ P(left = a)·P(right = s − a), and has no weights (as in Manhaeve et al. 2018)."""
    table = np.array([[np.eye(19)[a + b] for b in range(10)] for a in range(10)], np.float32)
    return keras.ops.einsum("na,nb,abs->ns", reading[:, 0], reading[:, 1], table)


def unnested() -> Pair:
    """The control: the same sizes (9,671 weights against 9,693), but no layer looks at one picture alone."""
    return Pair(200, shared=(32, 20), private=(64,), classes=(10, 19))


def compare_grades(
    grades: dict[str, tuple[Pair, Strategy]], source: Task, target: Task, *, seeds=10, progress: Progress = None, **settings
) -> dict[str, list[Run]]:
    """`compare` for arms that differ in the network too: {name: (pair, strategy)} → {name: [Run, …]}."""

    def one(name, seed):
        pair, strategy = grades[name]
        return compare(pair, source, target, [strategy], seeds=[seed], **settings)[strategy.name][0]

    return over_seeds(one, grades, seeds, progress)


def readings(pair: Nested, run: Run, x: np.ndarray) -> np.ndarray:
    """What the inner reader of a trained nested pair says of rows x (n, 200): probabilities (n, 2, 10)."""
    return _inside(pair, run, x)[-1]


def _inside(pair, run, x):
    """What h is given for rows x (n, 200): pictures (n, 2, 100), hidden (n, 2, 64), reading (n, 2, 10)."""
    if not isinstance(pair, Nested):
        raise ValueError(f"there is a reader to ask inside a Nested pair only, not inside {pair!r}")
    net = Functional(pair)
    return [t.numpy() for t in net.call("shared", *net.split(run.weights), x, False)[0]]


def reads(pair: Nested, runs: Iterable[Run], task: Task, rename: bool = False) -> np.ndarray:
    """How often the inner reader is right about the test digits of `task`, one number a run: (runs,).

    rename   first give the ten outputs the names that fit best, one name each: a reader that was never told a digit may
             keep the ten apart and call them anything. The names are found on training digits, the score is on test digits
    """

    def answers(run, x):
        return readings(pair, run, np.tile(x, 2))[:, 0].argmax(1)

    def score(run):
        names, answer = np.arange(10), answers(run, task.x_test)
        if rename:
            table = confusion_matrix(answers(run, task.x_train), task.y_train, labels=names)  # answers down, digits across
            names = linear_sum_assignment(table, maximize=True)[1]
        return (names[answer] == task.y_test).mean()

    return np.array([score(run) for run in runs])


def ablated(pair: Nested, runs: Iterable[Run], x: np.ndarray, digits: np.ndarray, how: str) -> np.ndarray:
    """Accuracy on the sums of rows x (n, 200) when what the reader gives h is replaced; the pictures stay. (runs,)

    digits   (n, 2), the two digits of a row; their sum is the right answer
    how      one of WAYS: "mean": the mean over all pictures, the same for each, which says nothing of any one of them;
             "swap": what it says of another picture, at random, which is wrong evidence; "swap within a digit": of another
             picture of the same digit; "truth": an oracle's reading, 1 for the right digit (the hidden layer is left)
    """
    if how not in WAYS:
        raise ValueError(f"how must be one of {', '.join(map(repr, WAYS))}, not {how!r}")
    x, digits = np.asarray(x), np.asarray(digits)
    if digits.shape != (len(x), 2):
        raise ValueError(f"digits must hold two numbers a row, ({len(x)}, 2); it has the shape {digits.shape}")
    net, groups = Functional(pair), digits.ravel() if how == "swap within a digit" else np.zeros(digits.size)

    def score(run):
        rng, places = stream(run.seed, "swaps"), np.arange(digits.size)
        for group in np.unique(groups):
            mine = np.flatnonzero(groups == group)
            places[mine] = rng.permutation(mine)
        pictures, hidden, reading = _inside(pair, run, x)
        given = {
            "mean": lambda: [np.broadcast_to(t.mean((0, 1)), t.shape) for t in (hidden, reading)],
            "truth": lambda: [hidden, np.eye(10, dtype=np.float32)[digits]],
        }.get(how, lambda: [t.reshape(len(places), -1)[places].reshape(t.shape) for t in (hidden, reading)])()
        output, _ = net.call("target", *net.split(run.weights), [pictures, *given], False)
        return (output.numpy().argmax(1) == digits.sum(1)).mean()

    return PerSeed(np.array([score(run) for run in runs]), [run.seed for run in runs])


def added_by_hand(pair: Nested, runs: Iterable[Run], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How often the sum of the two *likeliest* digits is right, on rows x (n, 200) with sums y (n,): (runs,)."""
    right = [(readings(pair, run, x).argmax(-1).sum(1) == y).mean() for run in runs]
    return PerSeed(np.array(right), [run.seed for run in runs])


def distilled(
    teacher: Nested, runs: Iterable[Run], student: Pair, target: Task, *, progress: Progress = None, **budget
) -> list[Run]:
    """Train a student from scratch on all training rows of `target`, with the labels that each teacher gives them."""
    runs = {run.seed: run for run in runs}

    def one(_, seed):
        said = predict(teacher, runs[seed].weights, target.x_train).argmax(1)
        task = replace(target, y_train=said.astype(target.y_train.dtype))
        return remembered(train, student, task, seed=seed, **budget)

    return over_seeds(one, ["student"], list(runs), progress)["student"]


def inner_readers(grades: dict, results: dict, task: Task) -> dict[str, np.ndarray]:
    """`reads` for every nested arm of `compare_grades`: {name: (runs,)}; the un-nested arms have no reader to ask."""
    return {n: reads(grades[n][0], runs, task) for n, runs in results.items() if isinstance(grades[n][0], Nested)}
