"""Domain adaptation: the target's pictures are there, and not one of its labels.

Two methods, each a term beside the source's loss that draws the features of the two domains together: DANN, by gradient
reversal, and Deep CORAL. The compiled loop is handed the target's training rows without their labels; the labels of the
test rows serve to draw the curves, and for nothing else.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from numbers import Real

import keras
import numpy as np
import tensorflow as tf

from transferlib.experiments import Progress, kept, over_seeds
from transferlib.functional import Functional
from transferlib.loops import program, run_loop
from transferlib.networks import Pair
from transferlib.tasks import Task, stream
from transferlib.training import SOURCE_STEPS, Budget, check_fit, task_arrays

HIDDEN = 64  # units in the hidden layer of the domain classifier


def reverse(x: tf.Tensor, strength: float | tf.Tensor) -> tf.Tensor:
    """Gradient reversal: x on the way forward, −strength times the gradient on the way back (Ganin & Lempitsky 2015)."""
    return (1 + strength) * tf.stop_gradient(x) - strength * x


def coral_loss(a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
    """How far two batches' covariances lie apart, a (n, d) and b (m, d): ‖C_a − C_b‖²_F / 4d² (Sun & Saenko 2016, eq. 1)."""

    def covariance(x):
        centred = x - tf.reduce_mean(x, 0)
        return tf.matmul(centred, centred, transpose_a=True) / (x.shape[0] - 1)

    return tf.reduce_sum(tf.square(covariance(a) - covariance(b))) / (4 * a.shape[1] ** 2)


def domain_logit(weights: tf.Tensor, features: tf.Tensor) -> tf.Tensor:
    """The domain classifier, features (n, d) → (n,): above 0 it says "target". One hidden layer; weights as one vector."""
    d = features.shape[1]
    w, b, v, c = tf.split(weights, [d * HIDDEN, HIDDEN, HIDDEN, 1])
    return tf.linalg.matvec(tf.nn.relu(tf.matmul(features, tf.reshape(w, (d, HIDDEN))) + b), v) + c


def loss(net: Functional, theta: dict, state: dict, s: tuple, t: tf.Tensor, dann, coral) -> tf.Tensor:
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

    seed: int
    step: np.ndarray
    source_accuracy: np.ndarray
    target_accuracy: np.ndarray
    target_entropy: np.ndarray
    domain_accuracy: np.ndarray
    weights: dict


def adapt(
    pair: Pair,
    source: Task,
    target: Task,
    *,
    dann: float = 0.0,
    coral: float = 0.0,
    seed: int = 0,
    steps: int = SOURCE_STEPS,
    batch: int = 32,
    rate: float = 1e-3,
    every: int = 100,
) -> Adapted:
    """Train the source from random weights, with the target's *unlabelled* rows drawn close; returns an `Adapted`.

    dann    λ of the reversed gradient; it rises from 0 as 2/(1+exp(−10p)) − 1, p the part of training that is done
    coral   λ of the CORAL term, taken on the last layer's class scores, as the paper does
    The rest is as for `train`. With dann = coral = 0 it is `train_source`, to the last digit.

    Raises ValueError when a strength is negative or the two tasks do not have the same classes and inputs.
    """
    for name, strength in (("dann", dann), ("coral", coral)):
        if not isinstance(strength, Real) or not 0 <= strength < float("inf"):
            raise ValueError(f"{name} must be 0 or a positive number, not {strength!r}")
    budget = Budget(steps, batch, rate, every)
    check_fit(pair, {"source": source})
    if source.classes != target.classes or source.x_train.shape[1:] != target.x_train.shape[1:]:
        raise ValueError(
            f"adaptation carries the source's classifier over: {source.name} and {target.name} must agree in both"
        )
    net, loop = program(pair, _adapting)
    theta, state = net.split(pair.fresh(seed, keep_given=True))
    theta["domain"] = _fresh_domain(pair, seed)
    s, t = (task_arrays(task, seed, place, budget, least=1024) for place, task in enumerate((source, target)))
    t["rows"] = np.int32(len(t.pop("y")) and len(target.x_train))  # the loop cannot learn from what it was not given
    dial = dict(dann=np.float32(dann), coral=np.float32(coral), steps=np.float32(budget.steps))
    theta, state, curves = run_loop(loop, theta, state, dict(source=s, target=t), dial, budget.rate, budget.evaluations)
    theta.pop("domain")
    return Adapted(seed, budget.evaluations, weights=net.join(theta, state), **curves)


def _fresh_domain(pair, seed):
    """Random weights for the domain classifier, Glorot-uniform, as one vector."""
    rng, d = stream(seed, "domain classifier"), pair.shared.output_shape[-1]
    w, v = (rng.uniform(-1, 1, n * m) * np.sqrt(6 / (n + m)) for n, m in ((d, HIDDEN), (HIDDEN, 1)))
    return np.concatenate([w, np.zeros(HIDDEN), v, [0.0]]).astype(np.float32)


def _adapting(net: Functional) -> tuple[Callable, Callable, tuple]:
    """Adaptation as a step of the loop, and its report; one program for every strength of both methods."""

    def step(theta, state, data, dial, done, last):
        rows = {role: tf.gather(d["order"], done) for role, d in data.items()}
        batch = [tf.gather(data["source"][key], rows["source"]) for key in "xy"]
        unlabelled = tf.gather(data["target"]["x"], rows["target"])
        rise = 2 / (1 + tf.exp(-10 * tf.cast(done, tf.float32) / dial["steps"])) - 1
        with tf.GradientTape() as tape:
            tape.watch(theta)
            value = loss(net, theta, state, batch, unlabelled, dial["dann"] * rise, dial["coral"])
        return tape.gradient(value, theta, unconnected_gradients=tf.UnconnectedGradients.ZERO), {}, state, {}

    def report(theta, state, data, dial, at_an_end):
        domains = data["source"], data["target"]
        right = [net.evaluate("source", theta, state, d["x_test"], d["y_test"])[1] for d in domains]
        t = data["target"]
        p, _ = net.call("source", theta, state, net.call("shared", theta, state, t["x"], False)[0], False)
        entropy = -tf.reduce_sum(p * tf.math.log(p + 1e-7), 1)
        real = tf.cast(tf.range(tf.shape(p)[0]) < t["rows"], tf.float32)  # the rest is padding
        features = [net.call("shared", theta, state, d["x_test"], False)[0] for d in domains]
        says_source, says_target = (domain_logit(theta["domain"], f) > 0 for f in features)
        told = tf.reduce_mean(tf.cast(says_target, tf.float32)) + tf.reduce_mean(tf.cast(~says_source, tf.float32))
        return dict(
            source_accuracy=right[0],
            target_accuracy=right[1],
            target_entropy=tf.reduce_sum(entropy * real) / tf.reduce_sum(real),
            domain_accuracy=told / 2,
        )

    return step, report, ()


@kept
def _one(pair, source, target, seed, dann, coral, steps):
    return adapt(pair, source, target, dann=dann, coral=coral, seed=seed, steps=steps)


def adaptations(
    pair: Pair,
    source: Task,
    target: Task,
    arms: dict[str, dict[str, float]],
    *,
    seeds: int | Iterable[int] = 10,
    steps: int = SOURCE_STEPS,
    progress: Progress = None,
) -> dict[str, list[Adapted]]:
    """Every arm over the same seeds, steps and batches: {name: dict(dann=…, coral=…)} → {name: [Adapted, …]}.

    A run that was made before, with the same arguments, is not made again. seeds and progress as for `compare`.
    """
    for name, strengths in arms.items():
        if unknown := set(strengths) - {"dann", "coral"}:
            raise ValueError(f"the arm {name!r} sets {', '.join(sorted(unknown))}; an arm is a dict of dann and coral")

    def one(name, seed):
        return _one(pair, source, target, seed, arms[name].get("dann", 0.0), arms[name].get("coral", 0.0), steps)

    return over_seeds(one, arms, seeds, progress)
