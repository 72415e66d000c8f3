"""What every run of a comparison gets: its budget of steps, the rows of each step, and tasks that fit the network."""

from dataclasses import dataclass
from numbers import Real

import numpy as np

from transferlib.loops import rounded_up
from transferlib.networks import Pair
from transferlib.tasks import Task, stream, whole


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
            object.__setattr__(self, name, whole(getattr(self, name), name, 1))
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
    rng, n = stream(seed, "batches", place), len(task.y_train)
    epochs = -(-budget.steps * budget.batch // n)
    order = np.concatenate([rng.permutation(n) for _ in range(epochs)])
    return order[: budget.steps * budget.batch].reshape(budget.steps, budget.batch).astype(np.int32)


def task_arrays(
    task: Task, seed: int, place: int, budget: Budget, least: int = 4096, order: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """What a compiled loop reads of a task: x, y, the order of their rows, x_test, y_test.

    Rows are added up to `least` or a power of two, so that ten labels and four thousand compile to one program; the order
    holds none of them. Of large rows no more are added than 16 MB hold.
    """
    order = batch_order(task, seed, place, budget) if order is None else _checked_order(task, order, budget)
    least = min(least, 1 << max(1, 2**22 // task.x_train[0].size).bit_length() - 1)
    room, rows = (rounded_up(len(a), low) - len(a) for a, low in ((task.y_train, least), (order, 1024)))
    return dict(
        x=np.pad(task.x_train, ((0, room), *[(0, 0)] * (task.x_train.ndim - 1))),
        y=np.pad(task.y_train, (0, room)),
        order=np.pad(order, ((0, rows), (0, 0))),
        x_test=task.x_test,
        y_test=task.y_test,
    )


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
            raise ValueError(
                f"the {role} must be a Task, not {type(task).__name__}; Task.split makes one of rows and labels"
            )
        (_, *shape), outputs = pair.model(role).input_shape, pair.model(role).output_shape[-1]
        wanted = 1 if task.regression else len(task.classes)
        if list(task.x_train[0].shape) != shape or wanted != outputs:
            knows, has = (f"{n} classes" if n > 1 else "a regression's one number" for n in (outputs, wanted))
            raise ValueError(
                f"the network's {role} model takes {tuple(shape)} and knows {knows}; "
                f"{task.name} has rows of {task.x_train[0].shape} and {has}"
            )
