"""Domain adaptation: the target's pictures are there, and not one of its labels.

Two methods, each a term beside the source's loss that draws the features of the two domains together: DANN, by gradient
reversal, and Deep CORAL. The compiled loop is handed the target's training rows without their labels; the labels of the
test rows serve to draw the curves, and for nothing else.
"""

from dataclasses import dataclass
from functools import lru_cache

import keras
import numpy as np
import tensorflow as tf

from transferlib.experiments import in_parallel
from transferlib.functional import Functional
from transferlib.tasks import stream
from transferlib.training import adam, batch_arrays, pays_to_jit, rounded_up, xla_works

HIDDEN = 64  # units in the hidden layer of the domain classifier


CURVES = ["source_accuracy", "target_accuracy", "target_entropy", "domain_accuracy"]


def reverse(x, strength):
    """Gradient reversal: x on the way forward, −strength times the gradient on the way back (Ganin & Lempitsky 2015)."""
    return (1 + strength) * tf.stop_gradient(x) - strength * x


def coral_loss(a, b):
    """How far two batches' covariances lie apart, a (n, d) and b (m, d): ‖C_a − C_b‖²_F / 4d² (Sun & Saenko 2016, eq. 1)."""

    def covariance(x):
        centred = x - tf.reduce_mean(x, 0)
        return tf.matmul(centred, centred, transpose_a=True) / (x.shape[0] - 1)

    return tf.reduce_sum(tf.square(covariance(a) - covariance(b))) / (4 * a.shape[1] ** 2)


def domain_logit(weights, features):
    """The domain classifier, features (n, d) → (n,): above 0 it says "target". One hidden layer; weights as one vector."""
    d = features.shape[1]
    w, b, v, c = tf.split(weights, [d * HIDDEN, HIDDEN, HIDDEN, 1])
    return tf.linalg.matvec(tf.nn.relu(tf.matmul(features, tf.reshape(w, (d, HIDDEN))) + b), v) + c


def loss(net, theta, state, s, t, dann, coral):
    """The whole difference from training the source alone: two terms, for which nobody has to label the target.

    s = (x, y) is a batch of the source, t = x one of the target. The domain classifier always learns; `dann` says how
    much of its gradient reaches the shared part, with the sign turned round. With dann = coral = 0 it only watches.
    """
    f_s, f_t = (net.call("shared", theta, state, x, True)[0] for x in (s[0], t))
    p_s, p_t = (net.call("source", theta, state, f, True)[0] for f in (f_s, f_t))
    task = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(s[1], p_s))
    logit = domain_logit(theta["domain"], reverse(tf.concat([f_s, f_t], 0), dann))
    is_target = tf.concat([tf.zeros(f_s.shape[0]), tf.ones(f_t.shape[0])], 0)
    domain = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(is_target, logit))
    return task + domain + coral * coral_loss(tf.math.log(p_s + 1e-7), tf.math.log(p_t + 1e-7))


@dataclass(frozen=True, eq=False)
class Adapted:
    """One run: a number in each curve per evaluation, the first before any training.

    step             (e,) after how many steps
    source_accuracy, target_accuracy   (e,) of the source's private part, on the test rows of the two tasks
    target_entropy   (e,) mean entropy of its answers to the target's *training* rows, in nats: needs no label
    domain_accuracy  (e,) how often the domain classifier is right on the test rows, mean of the two domains; .5 is chance
    weights          the final weights, for `pair.load`
    """

    step: np.ndarray
    source_accuracy: np.ndarray
    target_accuracy: np.ndarray
    target_entropy: np.ndarray
    domain_accuracy: np.ndarray
    weights: dict


def adapt(pair, source, target, *, dann=0.0, coral=0.0, seed=0, steps=1000, batch=32, rate=1e-3, every=100):
    """Train the source from random weights, with the target's *unlabelled* rows drawn close; returns an `Adapted`.

    dann    λ of the reversed gradient; it rises from 0 as 2/(1+exp(−10p)) − 1, p the part of training that is done
    coral   λ of the CORAL term, taken on the last layer's class scores, as the paper does
    The rest is as for `train`. With dann = coral = 0 it is `train_source`, to the last digit.

    Raises ValueError when a strength is negative or the two tasks do not have the same classes and inputs.
    """
    if not (0 <= dann < float("inf") and 0 <= coral < float("inf")):
        raise ValueError(f"dann and coral must be 0 or positive numbers, not {dann!r} and {coral!r}")
    if source.classes != target.classes or source.x_train.shape[1] != target.x_train.shape[1]:
        raise ValueError(
            f"adaptation carries the source's classifier over: {source.name} and {target.name} must agree in both"
        )
    net, loop = _compiled(pair)
    theta, state = net.split(pair.fresh(seed))
    theta["domain"] = _fresh_domain(pair, seed)
    s, t = (batch_arrays(task, seed, role, steps, batch, least=1024) for role, task in enumerate((source, target)))
    t.pop("y")  # the loop cannot learn from what it was not given
    numbers = (np.float32(v) for v in (dann, coral, rate))
    room = np.zeros(rounded_up(-(-steps // every) + 1, 64), np.float32)
    rows = np.int32(len(target.x_train))
    theta, table = loop(theta, state, s, t, rows, *numbers, np.int32(steps), np.int32(every), room)
    step = np.minimum(np.arange(-(-steps // every) + 1) * every, steps)
    theta.pop("domain")
    return Adapted(step, *np.array(table)[: len(step)].T, net.join(theta, state))


def _fresh_domain(pair, seed):
    """Random weights for the domain classifier, Glorot-uniform, as one vector."""
    rng, d = stream(seed, "domain classifier"), pair.shared.output_shape[-1]
    w, v = (rng.uniform(-1, 1, n * m) * np.sqrt(6 / (n + m)) for n, m in ((d, HIDDEN), (HIDDEN, 1)))
    return np.concatenate([w, np.zeros(HIDDEN), v, [0.0]]).astype(np.float32)


@lru_cache(maxsize=8)
def _compiled(pair):
    """(the pair as a function, the compiled loop) of one network; one program for every strength of both methods."""
    net = Functional(pair)

    def report(table, row, theta, state, s, t, rows):
        right = [net.evaluate("source", theta, state, d["x_test"], d["y_test"])[1] for d in (s, t)]
        p, _ = net.call("source", theta, state, net.call("shared", theta, state, t["x"], False)[0], False)
        entropy = -tf.reduce_sum(p * tf.math.log(p + 1e-7), 1)
        real = tf.cast(tf.range(tf.shape(p)[0]) < rows, tf.float32)  # the rest is padding
        says = [domain_logit(theta["domain"], net.call("shared", theta, state, d["x_test"], False)[0]) > 0 for d in (s, t)]
        target, not_source = (tf.reduce_mean(tf.cast(x, tf.float32)) for x in (says[1], ~says[0]))
        facts = [*right, tf.reduce_sum(entropy * real) / tf.reduce_sum(real), (target + not_source) / 2]
        return tf.tensor_scatter_nd_update(table, [[row]], [tf.stack(facts)])

    def loop(theta, state, s, t, rows, dann, coral, rate, steps, every, room):
        def one(theta, moments, done, end):
            order = (tf.gather(d["order"], done) for d in (s, t))
            rows_s, rows_t = order
            batch, unlabelled = (tf.gather(s["x"], rows_s), tf.gather(s["y"], rows_s)), tf.gather(t["x"], rows_t)
            rise = 2 / (1 + tf.exp(-10 * tf.cast(done, tf.float32) / tf.cast(steps, tf.float32))) - 1
            with tf.GradientTape() as tape:
                tape.watch(theta)
                value = loss(net, theta, state, batch, unlabelled, dann * rise, coral)
            g = tape.gradient(value, theta, unconnected_gradients=tf.UnconnectedGradients.ZERO)
            far = {part: adam(moments[part], g[part], tf.cast(done + 1, tf.float32)) for part in theta}
            theta = {part: v - rate * far[part][0] for part, v in theta.items()}
            return theta, {part: far[part][1] for part in theta}, done + 1, end

        def interval(theta, moments, table, done, row):
            end = tf.minimum(done + every, steps)
            theta, moments, done, _ = tf.while_loop(lambda *now: now[2] < now[3], one, (theta, moments, done, end))
            return theta, moments, report(table, row, theta, state, s, t, rows), done, row + 1

        theta = tf.nest.map_structure(tf.convert_to_tensor, theta)
        moments = {part: (tf.zeros_like(v), tf.zeros_like(v)) for part, v in theta.items()}
        table = report(tf.zeros((room.shape[0], len(CURVES))), 0, theta, state, s, t, rows)
        begin = theta, moments, table, tf.constant(0), tf.constant(1)
        theta, _, table, _, _ = tf.while_loop(lambda *now: now[3] < steps, interval, begin)
        return theta, table

    return net, tf.function(loop, jit_compile=xla_works() and pays_to_jit(pair), autograph=False)


@lru_cache(maxsize=1024)
def _run(pair, source, target, seed, dann, coral, steps):
    return adapt(pair, source, target, dann=dann, coral=coral, seed=seed, steps=steps)


def adaptations(pair, source, target, arms, *, seeds=10, steps=1000, progress=None):
    """Every arm over the same seeds, steps and batches: {name: dict(dann=…, coral=…)} → {name: [Adapted, …]}.

    A run that was made before, with the same arguments, is not made again. seeds and progress as for `compare`.
    """
    seeds = range(seeds) if isinstance(seeds, int) else seeds
    jobs = [(name, seed) for name in arms for seed in seeds]
    results = {name: [] for name in arms}

    def job(name, seed):
        return _run(pair, source, target, seed, arms[name].get("dann", 0.0), arms[name].get("coral", 0.0), steps)

    for (name, _), run in zip(jobs, in_parallel(job, jobs, progress)):
        results[name].append(run)
    return results
