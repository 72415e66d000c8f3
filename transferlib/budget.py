"""What every run of a comparison gets: its budget of steps, the rows of each step, and tasks that fit the network."""

import weakref
from dataclasses import dataclass
from numbers import Real

import numpy as np
import tensorflow as tf

from transferlib.loops import rounded_up
from transferlib.networks import Pair
from transferlib.tasks import Task, rng_for, whole_number


@dataclass(frozen=True)
class Budget:
    """What every arm of a comparison gets: updates in all, rows in a batch, learning rate, steps between two evaluations.

    both_curves: the task that is not learned is evaluated as often; else at the first and last evaluation, NaN between.
    """

    steps: int = 300
    batch: int = 32
    rate: float = 1e-3
    every: int = 10
    both_curves: bool = False

    def __post_init__(self):
        for name in ("steps", "batch", "every"):
            object.__setattr__(self, name, whole_number(getattr(self, name), name, 1))
        if not isinstance(self.rate, Real) or isinstance(self.rate, bool) or not 0 < self.rate < float("inf"):
            raise ValueError(f"rate must be a positive number, not {self.rate!r}")
        object.__setattr__(self, "rate", float(self.rate))
        if not isinstance(self.both_curves, bool):
            raise ValueError(f"both_curves must be True or False, not {self.both_curves!r}")

    @property
    def evaluations(self) -> np.ndarray:
        """(e,) after how many steps the curves have their points: 0, every, 2·every, …, steps."""
        return np.minimum(np.arange(-(-self.steps // self.every) + 1) * self.every, self.steps).astype(np.int32)


def batch_order(task: Task, seed: int, place: int, budget: Budget) -> np.ndarray:
    """(steps, batch) row numbers: epoch after epoch, each in a new order. place: 0 the learner, 1 its partner."""
    rng, n = rng_for(seed, "batches", place), len(task.y_train)
    epochs = -(-budget.steps * budget.batch // n)
    rows = np.tile(np.arange(n, dtype=np.int32), (epochs, 1))
    order = rng.permuted(rows, axis=1).ravel()  # the same as rng.permutation(n) again and again
    return order[: budget.steps * budget.batch].reshape(budget.steps, budget.batch)


def task_arrays(task: Task, seed: int, place: int, budget: Budget, order: np.ndarray | None = None) -> dict:
    """What a compiled loop reads of a task: x, y, the order of their rows, x_test, y_test."""
    order = batch_order(task, seed, place, budget) if order is None else _checked_order(task, order, budget)
    return _tensors(task) | {"order": _with_rows(order, 1024)}


AT_MOST = 2**24  # bytes of a task that is kept ready; a larger one would lie in memory twice
_ready = weakref.WeakKeyDictionary()


def _tensors(task):
    """A task's arrays as a compiled loop takes them, made once a task.

    Rows are added up to 4096 or a power of two, so that ten labels and four thousand compile to one program; the order
    holds none of them. Of large rows no more are added than 16 MB hold.
    """
    if task in _ready:
        return _ready[task]
    least = min(4096, 1 << max(1, AT_MOST // 4 // task.x_train[0].size).bit_length() - 1)
    made = dict(x=_with_rows(task.x_train, least), y=_with_rows(task.y_train, least), x_test=task.x_test, y_test=task.y_test)
    made = {key: tf.constant(a) for key, a in made.items()}
    if task.x_train.nbytes + task.x_test.nbytes <= AT_MOST:
        _ready[task] = made
    return made


def _with_rows(a, least):
    return np.pad(a, ((0, rounded_up(len(a), least) - len(a)), *[(0, 0)] * (a.ndim - 1)))


def _checked_order(task, order, budget):
    """Row numbers (steps, batch) of the caller's own, or ValueError."""
    order = np.asarray(order)
    if order.ndim != 2 or len(order) < budget.steps or order.dtype.kind not in "iu":
        raise ValueError(f"order must be whole numbers ({budget.steps}, batch), not {order.dtype} {order.shape}")
    if order.size and not 0 <= order.min() <= order.max() < len(task.y_train):
        raise ValueError(f"order names rows that {task.name} has not; it has {len(task.y_train)} training rows")
    return order[: budget.steps].astype(np.int32)


def check_fit(pair: Pair, tasks: dict[str, Task]) -> None:
    """Raise ValueError unless each task, {role: task}, fits the pair's model of its role, and no part was frozen by hand."""
    pair.check_trainable()
    for role, task in tasks.items():
        if not isinstance(task, Task):
            kind = type(task).__name__
            raise ValueError(f"the {role} must be a Task, not {kind}; Task.split makes one of rows and labels")
        (_, *shape), outputs = pair.model(role).input_shape, pair.model(role).output_shape[-1]
        wanted = 1 if task.regression else len(task.classes)
        if list(task.x_train[0].shape) != shape or wanted != outputs:
            knows, has = (f"{n} classes" if n > 1 else "a regression's one number" for n in (outputs, wanted))
            takes = f"the network's {role} model takes {tuple(shape)} and knows {knows}"
            raise ValueError(f"{takes}; {task.name} has rows of {task.x_train[0].shape} and {has}")
