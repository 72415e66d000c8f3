"""The one training function. It takes any strategy, any seed and any two tasks, and changes nothing behind your back.

Weights go in and come out as values: the Keras models of the pair only lend their layers, so runs cannot disturb each
other, may go in parallel, and need no resetting. The loop is compiled once for all networks of one build.
"""

import warnings
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from transferlib.budget import Budget, batch_order, check_fit, task_arrays
from transferlib.loops import program, run_loop
from transferlib.networks import TASKS, Pair, glorot
from transferlib.parts import Parts, spread
from transferlib.strategies import COMBINATIONS, SCRATCH, Strategy, checked, combine, how_far, starting_weights
from transferlib.tasks import Task, rng_for, whole_number

SOURCE_STEPS = 1000


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


CURVES = *(f"{task}_{what}" for what in ("loss", "accuracy", "norm") for task in ("target", "source")), "cosine"


@dataclass(frozen=True, eq=False)
class Learned:
    """What `learn` returns.

    step     (e,) after how many steps the curves have their points: 0 is before any training
    curves   {name: (e,)} what the report, and the method itself, told; also as `learned.name`
    weights  the final weights, {part: …}: of a Pair for `pair.load`, of a Keras model for `set_weights`, an array as it is
    """

    seed: int
    step: np.ndarray
    curves: dict
    weights: dict

    def __getattr__(self, name):
        curves = vars(self).get("curves", {})
        if name not in curves:
            raise AttributeError(f"there is no {name}; the curves are {', '.join(curves)}")
        return curves[name]


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


def learn(
    method: Callable,
    parts: Pair | dict,
    tasks: dict[str, Task],
    *,
    seed: int = 0,
    steps: int = 300,
    batch: int = 32,
    rate: float = 1e-3,
    every: int = 10,
    weights: dict | None = None,
    report: Callable | None = None,
    head_first: int = 0,
    order: dict | None = None,
    **settings,
) -> Learned:
    """Train any networks by any method, with Adam, and return a `Learned`. The networks' own weights stay as they are.

    method    (parts, batch, done, settings) → a loss, one number, which all parts follow; or {part: what it follows}, a
              loss or a vector such as parts.gradient(loss, "shared"), and parts that are not named stay. (what, how far)
              in the place of what scales Adam's step, 0 … 1, a number or one for each weight
    parts     a `Pair`, whose parts are shared, source and target; or {name: a Keras model, a number or array that learns}.
              A Pair in such a dict stands for its three parts
    tasks     {role: Task}; the first has the batches that `train` gives the learner, the second the partner's
    weights   where parts start, {part: weights}, as far as not fresh from the seed; each may be a function of the seed
    report    (parts, tasks, settings) → {curve: number}, at each evaluation, with tasks {role: (x_test, y_test)}. None: loss
              and accuracy of each task that has a private part
    head_first   so many steps in which the shared part stays where it is; then Adam starts afresh
    order     {role: (steps, batch) row numbers, or a function of the seed}, in place of random epochs
    settings  numbers or arrays by name, for the method: another number is no other program

    In the method `parts.shared(x)` and `parts["domain"](x)` are outputs with the weights of this step, an array is itself,
    `parts.source.scores(h)` is what comes before the softmax, `batch` is {role: (x, y)}, `done` the part of training that
    is done, 0 … 1, and `parts.tell(name=number)` makes a curve; a loss is told by itself, as the curve "loss".

    >>> def plain(parts, batch, done, settings):
    ...     x, y = batch["source"]
    ...     return parts.loss("source", y, parts.source(parts.shared(x)))
    """
    budget = Budget(steps, batch, rate, every)
    head_first = whole_number(head_first, "head_first")
    begin = starts(parts, weights, seed)
    if report is None:
        report = each_task if any(role in spread(parts) for role in tasks) else nothing
    return _learn(method, parts, tasks, seed, budget, begin, report, head_first, order or {}, settings)


def each_task(parts: Parts, tasks: dict, settings: dict) -> dict[str, tf.Tensor]:
    """Loss and accuracy of each task by its own private part: what is told unless one asks for another report."""
    scores = {role: parts.evaluate(role, *rows) for role, rows in tasks.items() if role in parts}
    return {f"{role}_{name}": each for role in scores for name, each in zip(("loss", "accuracy"), scores[role])}


def nothing(parts: Parts, tasks: dict, settings: dict) -> dict:
    """The report of networks that nobody asks for a class."""
    return {}


def starts(parts: Pair | dict, weights: dict | None, seed: int) -> dict:
    """Where the parts start: {part: weights}, those that are given, else random ones of the seed; an array as it is."""
    networks, begin = spread(parts), {}
    given = {name: each(seed) if callable(each) else each for name, each in (weights or {}).items()}
    if strange := set(given) - set(networks):
        raise ValueError(f"weights names {', '.join(sorted(strange))}; the parts are {', '.join(networks)}")
    for pair in [parts] if isinstance(parts, Pair) else [part for part in parts.values() if isinstance(part, Pair)]:
        fresh = pair.fresh(seed, keep_given=True)
        pair.check_weights(fresh | given)
        begin |= {part: pair.with_noise_of(part, given.get(part, fresh[part]), fresh[part]) for part in fresh}
    for name, part in networks.items():
        if name not in begin:
            begin[name] = given[name] if name in given else _fresh(name, part, seed)
            model = isinstance(part, keras.Model)
            wanted = [tuple(v.shape) for v in part.variables] if model else np.shape(part)
            came = [np.shape(a) for a in begin[name]] if model else np.shape(begin[name])
            if wanted != came:
                raise ValueError(f"the part {name!r} needs weights of the shapes {wanted}; those given have {came}")
    return begin


_as_new = weakref.WeakKeyDictionary()


def _fresh(name, part, seed):
    """Random weights of a part that is not a Pair's, as `Pair.fresh` makes them; an array starts as it is."""
    if not isinstance(part, keras.Model):
        return np.asarray(part, np.float32)
    rng, noise, drawn = rng_for(seed, f"weights of {name}"), rng_for(seed, f"noise of {name}"), []
    if part not in _as_new:  # a model may have learned biases too; a clone has not
        _as_new[part] = [v.numpy() for v in keras.models.clone_model(part).variables]
    for value in _as_new[part]:
        if value.dtype in (np.uint32, np.int64):  # the seeds of Dropout and its like
            value = np.array([noise.integers(2**31), 0], value.dtype)
        drawn.append(glorot(rng, value) if value.ndim >= 2 else value)
    return drawn


def _learn(method, parts, tasks, seed, budget, begin, report, head_first, order, settings):
    """`learn`, its arguments being right."""
    for pair in [parts] if isinstance(parts, Pair) else [part for part in parts.values() if isinstance(part, Pair)]:
        check_fit(pair, {role: task for role, task in tasks.items() if role in TASKS})
    data = {}
    for place, (role, task) in enumerate(tasks.items()):
        rows = order[role](seed) if callable(order.get(role)) else order.get(role)
        data[role] = task_arrays(task, seed, place, budget, order=rows)
    net, loop = program(parts, method, report, tuple(tasks))
    numbers = {name: _number(name, value) for name, value in settings.items()} | {"head_first": np.int32(head_first)}
    dial = dict(settings=numbers, head_first=np.int32(head_first), steps=np.float32(budget.steps))
    theta, state, curves = run_loop(loop, *net.split(begin), data, dial, budget.rate, budget.evaluations)
    _say_where_numbers_end(theta, curves, budget.evaluations)
    return Learned(seed, budget.evaluations, curves, net.join(theta, state))


def _say_where_numbers_end(theta, curves, steps):
    """A warning where the weights are no numbers any more: since which step, by the curves that were numbers before."""
    if broken := [part for part, values in theta.items() if not np.isfinite(np.array(values)).all()]:
        ended = [np.isfinite(curve) for curve in curves.values() if not np.isfinite(curve[-1])]
        last = max((np.flatnonzero(sound)[-1] for sound in ended if sound.any()), default=0)
        warnings.warn(
            f"between step {steps[last]} and step {steps[min(last + 1, len(steps) - 1)]} the weights of {', '.join(broken)} "
            "became NaN or infinite, and what is told from there on is no number either. Look at the loss and at the rows "
            "that were learned from, or take a smaller rate",
            stacklevel=4,
        )


def _number(name, value):
    """A setting as the compiled loop takes it, so that 1 and 1.0 are one program."""
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise ValueError(f"settings are numbers or arrays of them; {name} is {value!r}: let the method itself hold it")
    return array if isinstance(value, np.generic | np.ndarray | bool) else array.astype(np.float32)


def _run(pair, roles, tasks, begin, strategy, seed, budget):
    """Train the first of the two tasks, in its role, and read the curves into a `Run`."""
    given = {role: task for role, task in zip(roles, tasks) if task is not None}
    dial = dict(
        move=how_far(pair, strategy),
        alpha=float(strategy.alpha),
        combine=np.int32(list(COMBINATIONS).index(strategy.combine)),
        inference=strategy.frozen or strategy.batchnorm == "frozen",
        both_curves=budget.both_curves,
    )
    learned = _learn(sharing, pair, given, seed, budget, begin, both_tasks, strategy.head_first, {}, dial)
    names = {role: task.name for role, task in given.items()}
    none = dict.fromkeys(CURVES, np.full(len(learned.step), np.nan, np.float32))
    return Run(strategy, seed, learned.step, weights=learned.weights, **none | learned.curves, **names)


def sharing(parts: Parts, batch: Mapping, done: tf.Tensor, settings: dict) -> dict:
    """The dial as a method: both gradients of the shared part, and what each part follows. The first task is learned."""
    learner, *partner = batch
    still, joins = parts.step < settings["head_first"], settings["alpha"] > 0
    live = ~(settings["inference"] | still)

    def gradients(role):
        x, y = batch[role]
        loss = parts.loss(role, y, parts[role](parts.shared(x, training=live)))
        return parts.gradient(loss, "shared"), parts.gradient(loss, role)

    g_t, g_learner = gradients(learner)
    before, follow = parts.state, {learner: g_learner}
    norm_t = parts.when_told(lambda: tf.norm(g_t))
    curves, nan, g_shared = {f"{learner}_norm": norm_t}, tf.constant(np.nan), g_t
    if partner:

        def joined():
            g_s, g_partner = gradients(partner[0])
            both = combine(settings["combine"], g_t, settings["alpha"] * g_s, parts.step), g_partner
            parts.state = tf.nest.map_structure(lambda new, old: tf.where(joins, new, old), parts.state, before)

            def told():
                norm_s = tf.norm(g_s)
                return norm_s, tf.math.divide_no_nan(tf.reduce_sum(g_t * g_s), norm_t * norm_s)

            moves = (tf.where(joins, new, old) for new, old in zip(both, alone))
            return *moves, *tf.cond(parts.last, told, lambda: (nan, nan))

        # g_s costs as much as g_t: it is taken where it joins in, or is about to be told.
        alone = g_t, tf.zeros_like(parts.vector(partner[0]))
        g_shared, g_partner, norm, angle = parts.when(joins | parts.last, joined, lambda: (*alone, nan, nan))
        follow |= {partner[0]: g_partner}
        curves |= {f"{partner[0]}_norm": norm, "cosine": angle}
    parts.tell(**curves)
    return follow | {"shared": (g_shared, settings["move"])}


def both_tasks(parts: Parts, tasks: dict, settings: dict) -> dict[str, tf.Tensor]:
    """Loss and accuracy of the task that is learned, and of the other at the first and the last evaluation only."""
    (learner, rows), *partner = tasks.items()
    scores, nan = {learner: parts.evaluate(learner, *rows)}, tf.constant(np.nan)
    for role, rows in partner:
        asked = parts.last | settings["both_curves"]
        scores[role] = tf.cond(asked, lambda role=role, rows=rows: parts.evaluate(role, *rows), lambda: (nan, nan))
    return {f"{role}_{name}": each for role in scores for name, each in zip(("loss", "accuracy"), scores[role])}
