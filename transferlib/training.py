"""The one training function. It takes any strategy, any seed and any two tasks, and changes nothing behind your back.

Weights go in and come out as values: the Keras models of the pair only lend their layers, so runs cannot disturb each
other, may go in parallel, and need no resetting. The loop is compiled once for all networks of one build.
"""

from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real

import numpy as np
import tensorflow as tf

from transferlib.functional import Functional
from transferlib.loops import program, rounded_up, run_loop
from transferlib.networks import Pair
from transferlib.strategies import COMBINATIONS, SCRATCH, Strategy, checked, combine, how_far, starting_weights
from transferlib.tasks import Task, stream, whole

SOURCE_STEPS = 1000


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


@dataclass(frozen=True, eq=False)
class Run:
    """What one training run showed: one number in each curve per evaluation, the first before any training.

    step             (e,) after how many steps
    target_loss, target_accuracy, source_loss, source_accuracy   (e,) on the test rows of the two tasks. A regression's loss
                     is the mean squared error, and its accuracy R²: 1 is perfect, 0 no better than the mean of all labels
    target_norm, source_norm   (e,) ‖g_t‖ and ‖g_s‖ at the shared part, on the batch of the step before; NaN at step 0
    cosine           (e,) cos(g_t, g_s) on those batches
    weights          the final weights, for `pair.load`
    target, source   the names of the two tasks
    The curves of a task that was not given are NaN, and its name is None; those of the task that was not learned are NaN
    between the first evaluation and the last, unless `both_curves` was asked for.
    """

    strategy: Strategy
    seed: int
    step: np.ndarray
    target_loss: np.ndarray
    target_accuracy: np.ndarray
    source_loss: np.ndarray
    source_accuracy: np.ndarray
    target_norm: np.ndarray
    source_norm: np.ndarray
    cosine: np.ndarray
    weights: dict
    target: str | None = None
    source: str | None = None


def train(
    pair: Pair,
    target: Task,
    strategy: Strategy = SCRATCH,
    *,
    source: Task | None = None,
    weights: dict | None = None,
    seed: int = 0,
    steps: int = 300,
    batch: int = 32,
    rate: float = 1e-3,
    every: int = 10,
    both_curves: bool = False,
) -> Run:
    """Train the target by a strategy, with Adam on the cross-entropy (a regression: the squared error), and return a `Run`.

    pair      the network, a `Pair`; its models are not changed
    target    the `Task` to learn; its test rows are used to draw the curves and for nothing else
    source    the `Task` that came before; needed where its gradient joins in (alpha > 0) and to see what is forgotten
    weights   the trained source's weights, `train_source(...).weights`; needed where anything starts from the source
    seed      fixes the random starting weights, the order of the batches and what Dropout drops, so that arms with one seed
              are paired
    steps, batch, rate, every, both_curves   as in `Budget`

    Raises ValueError when something that the strategy needs is missing, or a number makes no sense.
    """
    if checked(strategy).alpha > 0 and source is None:
        raise ValueError(f"'{strategy.name}' lets the source's gradient join in (alpha > 0): give train the source task")
    begin = starting_weights(pair, strategy, weights, seed)
    budget = Budget(steps, batch, rate, every, both_curves)
    return _run(pair, ("target", "source"), (target, source), begin, strategy, seed, budget)


def train_source(
    pair: Pair,
    source: Task,
    *,
    seed: int = 0,
    steps: int = SOURCE_STEPS,
    batch: int = 32,
    rate: float = 1e-3,
    every: int = 100,
    only_private: bool = False,
) -> Run:
    """Train the source, step 1 of three, from random weights and what was handed to the pair ready-made. Returns a `Run`.

    Its `weights` are what `train` starts from; the target's private part stays as it began and its curves are NaN.
    only_private=True leaves the shared part as it began, which is the article's step 1 read literally.
    """
    strategy = SCRATCH.but(move=0.0) if only_private else SCRATCH
    begin = pair.fresh(seed, keep_given=True)
    return _run(pair, ("source", "target"), (source, None), begin, strategy, seed, Budget(steps, batch, rate, every))


def batches(
    task: Task, *, seed: int = 0, steps: int = 300, batch: int = 32, partner: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """The rows that `train` feeds to the learner, one batch after the other: x (steps · batch, …), y (steps · batch,).

    For `model.fit(x, y, batch_size=batch, shuffle=False)`, which then sees what `train` sees with the same seed.
    partner=True gives the rows of the other task, the source, where its gradient joins in.
    """
    order = batch_order(task, seed, int(partner), Budget(steps, batch)).ravel()
    return task.x_train[order], task.y_train[order]


def batch_order(task: Task, seed: int, place: int, budget: Budget) -> np.ndarray:
    """(steps, batch) row numbers: epoch after epoch, each in a new order. place: 0 the learner, 1 its partner."""
    rng, n = stream(seed, "batches", place), len(task.y_train)
    epochs = -(-budget.steps * budget.batch // n)
    order = np.concatenate([rng.permutation(n) for _ in range(epochs)])
    return order[: budget.steps * budget.batch].reshape(budget.steps, budget.batch).astype(np.int32)


def task_arrays(task: Task, seed: int, place: int, budget: Budget, least: int = 4096) -> dict[str, np.ndarray]:
    """What a compiled loop reads of a task: x, y, the order of their rows, x_test, y_test.

    Rows are added up to `least` or a power of two, so that ten labels and four thousand compile to one program; the order
    holds none of them. Of large rows no more are added than 16 MB hold.
    """
    order = batch_order(task, seed, place, budget)
    least = min(least, 1 << max(1, 2**22 // task.x_train[0].size).bit_length() - 1)
    room, rows = (rounded_up(len(a), low) - len(a) for a, low in ((task.y_train, least), (order, 1024)))
    return dict(
        x=np.pad(task.x_train, ((0, room), *[(0, 0)] * (task.x_train.ndim - 1))),
        y=np.pad(task.y_train, (0, room)),
        order=np.pad(order, ((0, rows), (0, 0))),
        x_test=task.x_test,
        y_test=task.y_test,
    )


def _run(pair, roles, tasks, begin, strategy, seed, budget):
    """Train the first of the two tasks, in its role, and read the compiled loop's curves into a `Run`."""
    given = {role: task for role, task in zip(roles, tasks) if task is not None}
    check_fit(pair, given)
    data = {role: task_arrays(task, seed, place, budget) for place, (role, task) in enumerate(given.items())}
    net, loop = program(pair, _sharing, *roles)
    theta, state = net.split(begin)
    dial = dict(
        move=how_far(pair, strategy),
        alpha=np.float32(strategy.alpha),
        combine=np.int32(list(COMBINATIONS).index(strategy.combine)),
        head_first=np.int32(strategy.head_first),
        inference=np.bool_(strategy.frozen or strategy.batchnorm == "frozen"),
        pull=np.float32(strategy.pull),
        begin=theta["shared"],
        both_curves=np.bool_(budget.both_curves),
    )
    theta, state, curves = run_loop(loop, theta, state, data, dial, budget.rate, budget.evaluations)
    names = {role: task.name for role, task in given.items()}
    return Run(strategy, seed, budget.evaluations, weights=net.join(theta, state), **curves, **names)


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


def _sharing(net: Functional, learner: str, partner: str) -> tuple[Callable, Callable, tuple]:
    """The dial as a step of the loop: both gradients, and what each part follows. Also its report and the facts it tells."""
    facts = f"{learner}_norm", f"{partner}_norm", "cosine"

    def step(theta, state, data, dial, done, last):
        batch = {role: [tf.gather(d[key], tf.gather(d["order"], done)) for key in "xy"] for role, d in data.items()}
        still, joins = done < dial["head_first"], dial["alpha"] > 0
        inference = dial["inference"] | still
        g_t, g_learner, state = net.gradients(learner, theta, state, *batch[learner], inference)
        alone = g_t, tf.zeros_like(theta[partner]), state

        def with_partner():
            g_s, g_partner, new = net.gradients(partner, theta, state, *batch[partner], inference)
            together = combine(dial["combine"], g_t, dial["alpha"] * g_s, done), g_partner, new
            norms = tf.norm(g_t), tf.norm(g_s)
            cosine = tf.math.divide_no_nan(tf.reduce_sum(g_t * g_s), norms[0] * norms[1])
            return *tf.nest.map_structure(lambda a, b: tf.where(joins, a, b), together, alone), (*norms, cosine)

        def without():
            return *alone, (tf.norm(g_t), tf.constant(np.nan), tf.constant(np.nan))

        if partner in data:  # g_s costs as much as g_t: take it where it joins in, or is about to be reported
            g_shared, g_partner, state, told = tf.cond(joins | last, with_partner, without)
        else:
            g_shared, g_partner, state, told = without()
        g_shared += dial["pull"] * (theta["shared"] - dial["begin"])
        gradients = {"shared": g_shared, learner: g_learner, partner: g_partner}
        return gradients, {"shared": tf.where(still, 0.0, dial["move"])}, state, dict(zip(facts, told))

    def report(theta, state, data, dial, at_an_end):
        def scores(role):
            return net.evaluate(role, theta, state, data[role]["x_test"], data[role]["y_test"])

        none = tf.constant(np.nan), tf.constant(np.nan)
        told = {learner: scores(learner), partner: none}
        if partner in data:
            told[partner] = tf.cond(at_an_end | dial["both_curves"], lambda: scores(partner), lambda: none)
        return {f"{role}_{name}": each for role in told for name, each in zip(("loss", "accuracy"), told[role])}

    return step, report, facts
