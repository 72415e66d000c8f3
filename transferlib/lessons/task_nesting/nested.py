"""Task nesting: the source's function is an inner part of the target's, f_t(x) = h(x, f_s(x)).

Here f_s reads one digit and f_t adds two: a row of either task is two pictures, 200 numbers. A nested pair's shared part is
f_s, applied to both pictures by the same weights; the target's private part is h; the source's has no weights. `train` and
`compare` take it as it is. What f_s and h are, the lesson's page says.
"""

from collections.abc import Callable, Iterable

import keras
import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import confusion_matrix

from transferlib.experiments import Progress, compare, over_seeds
from transferlib.functional import Functional
from transferlib.measures import PerSeed
from transferlib.networks import Pair
from transferlib.strategies import Strategy
from transferlib.tasks import Task, rng_for
from transferlib.training import Run


class Nested(Pair):
    """A pair whose shared part is a reader f_s, run on both pictures of a row by the same weights.

    outer    h: a function of three Keras tensors, pictures (n, 2, 100), hidden (n, 2, u) and reading (n, 2, 10), the
             reader's hidden layer and its output; it returns the sum's probabilities (n, 19)
    reader   f_s: a function of a Keras tensor, pictures (n, 2, 100) → hidden (n, 2, u), reading (n, 2, 10)
    like     another nested pair whose trained reader this one takes: the reader is the same, and need not be trained twice
    """

    def __init__(self, outer: Callable, reader: Callable, like: "Nested | None" = None):
        if not (like is None or isinstance(like, Nested)):
            raise ValueError(f"like must be another nested pair, whose trained reader this one takes, not {like!r}")
        x = keras.Input((200,))
        pictures = keras.layers.Reshape((2, 100))(x)
        self.shared = keras.Model(x, [pictures, *reader(pictures)], name="shared")
        inner = [keras.Input(t.shape[1:], name=n) for t, n in zip(self.shared.outputs, ("pictures", "hidden", "reading"))]
        # Joined and cut again, so that a part may ignore an input: before Keras 3.14 a model refuses one that leads nowhere.
        joined, (first, second, _) = keras.layers.Concatenate()(inner), np.cumsum([t.shape[-1] for t in inner])
        seen = joined[..., :first], joined[..., first:second], joined[..., second:]
        self.source = keras.Model(inner, seen[-1][:, 0], name="source_private")
        self.target = keras.Model(inner, outer(*seen), name="target_private")
        self._join((200,))
        self._like = like

    @property
    def source_pair(self) -> Pair:
        return self._like.source_pair if self._like else self


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

    rename   first give the ten outputs the names that fit training digits best, one name each: a reader that was never told
             a digit may keep the ten apart and call them anything
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


def broken(pair: Nested, runs: Iterable[Run], x: np.ndarray, digits: np.ndarray, how: Callable) -> np.ndarray:
    """Accuracy on the sums of rows x (n, 200) when what the reader gives h is replaced; the pictures stay. (runs,)

    digits   (n, 2), the two digits of a row; their sum is the right answer
    how      a function ([hidden (m, u), reading (m, 10)], digits (m,), random generator) → the two that h is given in their
             place: of all m = 2n pictures, one after the other
    """
    net = Functional(pair)

    def score(run):
        pictures, *inner = _inside(pair, run, x)
        flat = [t.reshape(-1, t.shape[-1]) for t in inner]
        given = [np.reshape(t, old.shape) for t, old in zip(how(flat, digits.ravel(), rng_for(run.seed, "swaps")), inner)]
        output, _ = net.call("target", *net.split(run.weights), [pictures, *given], False)
        return (output.numpy().argmax(1) == digits.sum(1)).mean()

    return PerSeed(np.array([score(run) for run in runs]), [run.seed for run in runs])


def added_by_hand(pair: Nested, runs: Iterable[Run], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How often the sum of the two *likeliest* digits is right, on rows x (n, 200) with sums y (n,): (runs,)."""
    right = [(readings(pair, run, x).argmax(-1).sum(1) == y).mean() for run in runs]
    return PerSeed(np.array(right), [run.seed for run in runs])


def inner_readers(grades: dict, results: dict, task: Task) -> dict[str, np.ndarray]:
    """`reads` for every nested arm of `compare_grades`: {name: (runs,)}; the un-nested arms have no reader to ask."""
    return {n: reads(grades[n][0], runs, task) for n, runs in results.items() if isinstance(grades[n][0], Nested)}
