"""The one training function. It takes any strategy, any seed and any two tasks, and changes nothing behind your back.

`train` is compiled once per network and pair of tasks. Weights go in and come out as values: the Keras models of the pair
only lend their layers, so runs cannot disturb each other, may go in parallel, and need no resetting.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import tensorflow as tf

from transferlib.functional import Functional
from transferlib.networks import PARTS
from transferlib.strategies import COMBINATIONS, SCRATCH, Strategy, combine
from transferlib.tasks import stream

# A new network is a new function to TensorFlow, which warns after the fifth that it had to trace them all.
tf.get_logger().setLevel("ERROR")

CURVES = ["target_loss", "target_accuracy", "source_loss", "source_accuracy", "target_norm", "source_norm", "cosine"]


@dataclass(frozen=True, eq=False)
class Run:
    """What one training run showed: one number in each curve per evaluation, the first before any training.

    step             (e,) after how many steps
    target_loss, target_accuracy, source_loss, source_accuracy   (e,) on the test rows of the two tasks
    target_norm, source_norm   (e,) ‖g_t‖ and ‖g_s‖ at the shared part, on the batch of the step before; NaN at step 0
    cosine           (e,) cos(g_t, g_s) on those batches
    weights          the final weights, for `pair.load`
    target, source   the names of the two tasks; None where there was none
    The curves of a source that was not given are NaN.
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


def train(pair, target, strategy=SCRATCH, *, source=None, weights=None, seed=0, steps=300, batch=32, rate=1e-3, every=10):
    """Train the target by a strategy, with Adam on the cross-entropy, and return a `Run`.

    pair      the network, a `Pair`; its models are not changed
    target    the `Task` to learn; its test rows are used to draw the curves and for nothing else
    source    the `Task` that came before; needed where its gradient joins in (alpha > 0) and for its curves
    weights   the trained source's weights, `train_source(...).weights`; needed where anything starts from the source
    seed      fixes the random starting weights and the order of the batches, so that arms with one seed are paired
    steps, batch, rate, every   updates in all, rows in a batch, learning rate, steps between two evaluations

    Raises ValueError when something that the strategy needs is missing, or a number makes no sense.
    """
    if source is None and strategy.alpha > 0:
        raise ValueError(f"'{strategy.name}' lets the source's gradient join in (alpha > 0): give train the source task")
    begin = starting_weights(pair, strategy, weights, seed)
    return _run(pair, "target", begin, target, source, strategy, seed, steps, batch, rate, every)


def train_source(pair, source, *, seed=0, steps=1000, batch=32, rate=1e-3, every=100, only_private=False):
    """Train the source from random weights, step 1 of three; the target's private part stays random. Returns a `Run`.

    Its `weights` are what `train` starts from; the target's curves are NaN. only_private=True leaves the shared part as it
    was drawn, which is the article's step 1 read literally.
    """
    strategy = SCRATCH.but(move=0.0) if only_private else SCRATCH
    return _run(pair, "source", pair.fresh(seed), source, None, strategy, seed, steps, batch, rate, every)


def starting_weights(pair, strategy=SCRATCH, weights=None, seed=0):
    """Where `train` with the same arguments starts: weights for `pair.load`, before any step.

    Raises ValueError when the strategy starts from the source and its `weights` are missing or do not fit.
    """
    if weights is None and "source" in (strategy.start, strategy.head):
        raise ValueError(f"'{strategy.name}' starts from the trained source: give train weights=train_source(...).weights")
    fresh = pair.fresh(seed)
    begin = {
        "shared": weights["shared"] if strategy.start == "source" else fresh["shared"],
        "source": fresh["source"] if weights is None else weights["source"],
        "target": weights["source"] if strategy.head == "source" else fresh["target"],
    }
    if strategy.head == "source" and [a.shape for a in begin["target"]] != [a.shape for a in fresh["target"]]:
        raise ValueError("head='source' needs private parts of the same shape, with the same number of classes")
    return begin


def batches(task, *, seed=0, steps=300, batch=32, partner=False):
    """The rows that `train` feeds to the learner, one batch after the other: x (steps · batch, d), y (steps · batch,).

    For `model.fit(x, y, batch_size=batch, shuffle=False)`, which then sees what `train` sees with the same seed.
    partner=True gives the rows of the other task, the source, where its gradient joins in.
    """
    order = batch_arrays(task, seed, int(partner), steps, batch)["order"][:steps].ravel()
    return task.x_train[order], task.y_train[order]


def _run(pair, learner, begin, task, other, strategy, seed, steps, batch, rate, every):
    """Check, prepare the arrays, call the compiled loop, and sort what comes back into a `Run`."""
    for name, value in (("steps", steps), ("batch", batch), ("every", every)):
        if int(value) != value or value < 1:
            raise ValueError(f"{name} must be a whole number, 1 or more, not {value!r}")
    if not 0 < rate < float("inf"):
        raise ValueError(f"rate must be a positive number, not {rate!r}")
    pair.check_trainable()
    partner = "source" if learner == "target" else "target"
    for role, t in ((learner, task), (partner, other)):
        model = pair.model(role)
        if t and (t.x_train[0].shape != model.input_shape[1:] or len(t.classes) != model.output_shape[-1]):
            raise ValueError(
                f"the network's {role} model takes {model.input_shape[1:]} and knows {model.output_shape[-1]} classes; "
                f"{t.name} has rows of {t.x_train[0].shape} and {len(t.classes)} classes"
            )
    evaluations = -(-steps // every)
    data = [batch_arrays(t, seed, number, steps, batch) for number, t in enumerate((task, other)) if t]
    dial = dict(
        move=np.float32(strategy.move),
        alpha=np.float32(strategy.alpha),
        combine=np.int32(list(COMBINATIONS).index(strategy.combine)),
        rate=np.float32(rate),
    )
    net, loop = _compiled(pair, learner)
    room = np.zeros(rounded_up(evaluations + 1, 64), np.float32)  # only its length matters: space for that many evaluations
    theta, state, table = loop(*net.split(begin), data, dial, np.int32(steps), np.int32(every), room)
    table = np.array(table)[: evaluations + 1].T  # the learner's curves first, the partner's after them
    curves = dict(zip(CURVES, table if learner == "target" else table[[2, 3, 0, 1, 5, 4, 6]]))
    step = np.minimum(np.arange(evaluations + 1) * every, steps)
    names = {learner: task.name, partner: other.name if other else None}
    return Run(strategy, seed, step, weights=net.join(theta, state), **curves, **names)


def rounded_up(n, least):
    """n rounded up to a power of two: arrays of few different lengths, so that a new number of labels compiles nothing."""
    return max(least, 1 << (int(n) - 1).bit_length())


def batch_arrays(task, seed, role, steps, batch, least=4096):
    """A task's arrays and the order of its batches (steps, batch): epoch after epoch, each in a new order.

    Rows are added up to `least`, so that ten labels and four thousand compile to one program; no batch ever holds them.
    """
    rng, n = stream(seed, "batches", role), len(task.y_train)
    epochs = -(-steps * batch // n)
    order = np.concatenate([rng.permutation(n) for _ in range(epochs)])[: steps * batch].reshape(steps, batch)
    room, rows = rounded_up(n, least) - n, rounded_up(steps, 1024) - steps
    return dict(
        x=np.pad(task.x_train, ((0, room), (0, 0))),
        y=np.pad(task.y_train, (0, room)),
        order=np.pad(order.astype(np.int32), ((0, rows), (0, 0))),
        x_test=task.x_test,
        y_test=task.y_test,
    )


@lru_cache(maxsize=1)
def xla_works():
    """Whether this TensorFlow can compile with XLA at all; some platforms' builds cannot."""
    try:
        return bool(tf.function(lambda x: x > 0, jit_compile=True)(tf.constant(1.0)))
    except (tf.errors.OpError, ValueError):
        return False


def pays_to_jit(pair):
    """Whether XLA makes this network faster on a CPU: it does for small dense layers, not for convolutions or wide ones."""
    variables = pair.model("source").variables + pair.model("target").variables
    return all(len(v.shape) <= 2 and np.prod(v.shape) <= 2**15 for v in variables)


@lru_cache(maxsize=32)
def _compiled(pair, learner):
    """(the pair as a function, the compiled training loop) for one network and one of its two tasks as the learner."""
    net, partner = Functional(pair), "source" if learner == "target" else "target"

    def update(theta, state, moments, data, dial, done, last):
        """One step: both gradients, their combination, and Adam on every part."""
        batches = [[tf.gather(d[key], tf.gather(d["order"], done)) for key in "xy"] for d in data]
        frozen, joins = tf.equal(dial["move"], 0.0), dial["alpha"] > 0
        g_t, g_learner, state = net.gradients(learner, theta, state, *batches[0], frozen)
        alone = g_t, tf.zeros_like(theta[partner]), state

        def with_partner():
            g_s, g_partner, new = net.gradients(partner, theta, state, *batches[1], frozen)
            together = combine(dial["combine"], g_t, dial["alpha"] * g_s, done), g_partner, new
            norms = tf.norm(g_t), tf.norm(g_s)
            cosine = tf.math.divide_no_nan(tf.reduce_sum(g_t * g_s), norms[0] * norms[1])
            return *tf.nest.map_structure(lambda a, b: tf.where(joins, a, b), together, alone), tf.stack([*norms, cosine])

        def without():
            return *alone, tf.stack([tf.norm(g_t), np.nan, np.nan])

        if len(data) == 2:  # g_s costs as much as g_t: take it where it joins in, or is about to be reported
            g_shared, g_partner, state, facts = tf.cond(joins | last, with_partner, without)
        else:
            g_shared, g_partner, state, facts = without()
        gradients = {"shared": g_shared, learner: g_learner, partner: g_partner}
        steps = {part: adam(moments[part], gradients[part], tf.cast(done + 1, tf.float32)) for part in PARTS}
        scale = {"shared": dial["rate"] * dial["move"], learner: dial["rate"], partner: dial["rate"]}
        theta = {part: theta[part] - scale[part] * steps[part][0] for part in PARTS}
        return theta, state, {part: steps[part][1] for part in PARTS}, facts

    def loop(theta, state, data, dial, steps, every, room):
        """All steps, an evaluation after each `every` of them: (θ, state, table (len(room), len(CURVES)))."""

        def report(table, row, theta, state, facts):
            roles = zip((learner, partner), data)
            scores = [tf.stack(net.evaluate(role, theta, state, d["x_test"], d["y_test"])) for role, d in roles]
            scores += [tf.fill([2], np.nan)] * (2 - len(data))
            return tf.tensor_scatter_nd_update(table, [[row]], [tf.concat([*scores, facts], 0)])

        def interval(theta, state, moments, table, done, row):
            end = tf.minimum(done + every, steps)

            def one(theta, state, moments, facts, done):
                return *update(theta, state, moments, data, dial, done, tf.equal(done + 1, end)), done + 1

            begin = theta, state, moments, tf.zeros(3), done
            theta, state, moments, facts, done = tf.while_loop(lambda *now: now[-1] < end, one, begin)
            return theta, state, moments, report(table, row, theta, state, facts), done, row + 1

        theta, state = tf.nest.map_structure(tf.convert_to_tensor, (theta, state))
        moments = {part: (tf.zeros_like(v), tf.zeros_like(v)) for part, v in theta.items()}
        table = report(tf.zeros((room.shape[0], len(CURVES))), 0, theta, state, tf.fill([3], np.nan))
        begin = theta, state, moments, table, tf.constant(0), tf.constant(1)
        theta, state, _, table, _, _ = tf.while_loop(lambda *now: now[-2] < steps, interval, begin)
        return theta, state, table

    return net, tf.function(loop, jit_compile=xla_works() and pays_to_jit(pair), autograph=False)


def adam(moments, gradient, t):
    """Adam (Kingma & Ba 2015, alg. 1, with Keras's ε): how far to go at rate 1, and the new moments."""
    m, v = moments
    m, v = m + 0.1 * (gradient - m), v + 0.001 * (tf.square(gradient) - v)
    return m * tf.sqrt(1 - 0.999**t) / (1 - 0.9**t) / (tf.sqrt(v) + 1e-7), (m, v)
