"""Domain adaptation: the target's pictures are there, and not one of its labels.

Methods from the plainest up: each domain's mean taken off, each domain standardised, BatchNorm's statistics changed for the
target's (AdaBN), two terms beside the source's loss (DANN, by gradient reversal, and Deep CORAL), and self-training. What
learns is handed the target's training rows without their labels; the labels of the test rows draw the curves, no more.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from numbers import Real

import keras
import numpy as np
import tensorflow as tf

from transferlib.changes import centred, standardised
from transferlib.experiments import Progress, over_seeds
from transferlib.functional import Functional, predict
from transferlib.layers import leaves
from transferlib.loops import compiled_loop, pays_to_jit, run_loop, xla_works
from transferlib.networks import Pair
from transferlib.storage import kept, remembered
from transferlib.strategies import SHARE_WEIGHTS
from transferlib.tasks import Task, stream, whole
from transferlib.training import SOURCE_STEPS, Budget, check_fit, task_arrays, train

HIDDEN = 64  # units in the hidden layer of the domain classifier

INPUTS = {
    "as they are": lambda source, target: (source, target),
    "own mean": lambda source, target: (centred(source), centred(target)),
    "own scale": lambda source, target: (standardised(source), standardised(target)),
    "source's scale": lambda source, target: (standardised(source), standardised(target, source)),
}
"""{how the two tasks' inputs are prepared: (source, target) → (source, target)}; the last is the control of the third."""


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


def scores_of(part: keras.Model) -> keras.Model:
    """A private part without its softmax: of the same variables, in the same order, it makes the class scores (logits)."""
    config = part.get_config()
    config["layers"][-1]["config"]["activation"] = "linear"
    return keras.Sequential.from_config(config)


def _loss(net, scores, theta, state, s, t, dann, coral):
    """The whole difference from training the source alone: two terms, for which nobody has to label the target.

    s = (x, y) is a batch of the source, t = x one of the target. The domain classifier always learns; `dann` says how
    much of its gradient reaches the shared part, with the sign turned round. With dann = coral = 0 it only watches.
    """
    pieces = [tf.reshape(v, shape) for v, shape in zip(tf.split(theta["source"], net.sizes["source"]), net.shapes["source"])]
    f_s, f_t = (net.call("shared", theta, state, x, True)[0] for x in (s[0], t))
    z_s, z_t = (scores.stateless_call(pieces, state["source"], f, training=True)[0] for f in (f_s, f_t))
    task = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(s[1], z_s, from_logits=True))
    logit = domain_logit(theta["domain"], reverse(tf.concat([f_s, f_t], 0), dann))
    is_target = tf.concat([tf.zeros(f_s.shape[0]), tf.ones(f_t.shape[0])], 0)
    domain = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(is_target, logit))
    return task + domain + coral * coral_loss(z_s, z_t)


@dataclass(frozen=True, eq=False)
class Adapted:
    """One run: a number in each curve per evaluation, the first before any training.

    step             (e,) after how many steps
    source_accuracy, target_accuracy   (e,) of the source's private part, on the test rows of the two tasks
    domain_accuracy  (e,) how often the domain classifier is right on the test rows, mean of the two domains; .5 is chance
    says             (n, classes) its final answers to the target's *training* rows: what one sees without a label
    weights          the final weights, for `pair.load`
    """

    seed: int
    step: np.ndarray
    source_accuracy: np.ndarray
    target_accuracy: np.ndarray
    domain_accuracy: np.ndarray
    says: np.ndarray
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
    coral   λ of the CORAL term, taken on the class scores before the softmax, as the paper does
    The rest is as for `train`. With dann = coral = 0 it is `train_source`, to the last digit.

    Raises ValueError when a strength is negative, the two tasks do not have the same classes and inputs, or the network
    keeps a state (BatchNorm, Dropout): whose batches would it be of?
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
    net, loop = _program(pair)
    theta, state = net.split(pair.fresh(seed, keep_given=True))
    if any(state.values()):
        raise ValueError("adapt takes networks without BatchNorm and Dropout; for BatchNorm there is adabn")
    theta["domain"] = _fresh_domain(pair, seed)
    s, t = (task_arrays(task, seed, place, budget, least=1024) for place, task in enumerate((source, target)))
    t.pop("y")  # the loop cannot learn from what it was not given
    dial = dict(dann=np.float32(dann), coral=np.float32(coral), steps=np.float32(budget.steps))
    theta, state, curves = run_loop(loop, theta, state, dict(source=s, target=t), dial, budget.rate, budget.evaluations)
    theta.pop("domain")
    weights = net.join(theta, state)
    return Adapted(
        seed, budget.evaluations, says=predict(pair, weights, target.x_train, "source"), weights=weights, **curves
    )


def _fresh_domain(pair, seed):
    """Random weights for the domain classifier, Glorot-uniform, as one vector."""
    rng, d = stream(seed, "domain classifier"), pair.shared.output_shape[-1]
    w, v = (rng.uniform(-1, 1, n * m) * np.sqrt(6 / (n + m)) for n, m in ((d, HIDDEN), (HIDDEN, 1)))
    return np.concatenate([w, np.zeros(HIDDEN), v, [0.0]]).astype(np.float32)


@lru_cache(maxsize=8)
def _program(pair):
    net = Functional(pair)
    return net, compiled_loop(*_adapting(net), jit=xla_works() and pays_to_jit(net.layers))


def _adapting(net: Functional) -> tuple[Callable, Callable]:
    """Adaptation as a step of the loop, and its report; one program for every strength of both methods."""
    scores = scores_of(net.layers["source"])

    def step(theta, state, data, dial, done, last):
        rows = {role: tf.gather(d["order"], done) for role, d in data.items()}
        batch = [tf.gather(data["source"][key], rows["source"]) for key in "xy"]
        unlabelled = tf.gather(data["target"]["x"], rows["target"])
        rise = 2 / (1 + tf.exp(-10 * tf.cast(done, tf.float32) / dial["steps"])) - 1
        with tf.GradientTape() as tape:
            tape.watch(theta)
            value = _loss(net, scores, theta, state, batch, unlabelled, dial["dann"] * rise, dial["coral"])
        return tape.gradient(value, theta, unconnected_gradients=tf.UnconnectedGradients.ZERO), {}, state, {}

    def report(theta, state, data, dial, at_an_end):
        domains = data["source"], data["target"]
        right = [net.evaluate("source", theta, state, d["x_test"], d["y_test"])[1] for d in domains]
        features = [net.call("shared", theta, state, d["x_test"], False)[0] for d in domains]
        says_source, says_target = (domain_logit(theta["domain"], f) > 0 for f in features)
        told = tf.reduce_mean(tf.cast(says_target, tf.float32)) + tf.reduce_mean(tf.cast(~says_source, tf.float32))
        return dict(source_accuracy=right[0], target_accuracy=right[1], domain_accuracy=told / 2)

    return step, report


def adabn(pair: Pair, weights: dict, x: np.ndarray) -> dict:
    """The source model's weights with BatchNorm's means and variances taken from rows x (n, …): AdaBN (Li et al. 2016).

    Nothing is trained. weights of a network with BatchNorm; the target's private part stays. → weights, for `pair.load`.
    """
    pair.check_weights(weights)
    if not any(isinstance(each, keras.layers.BatchNormalization) for each in leaves(pair.shared) + leaves(pair.source)):
        raise ValueError("adabn changes the statistics of BatchNorm, and this network has no BatchNorm layer")
    new = dict(weights)
    for part in ("shared", "source"):
        clone = keras.models.clone_model(getattr(pair, part), clone_function=_forgetful)
        for variable, value in zip(clone.variables, weights[part]):
            variable.assign(value)
        x = clone(x, training=True)  # each layer by the rows' own statistics, which a momentum of 0 keeps
        new[part] = [v.numpy() for v in clone.variables]
    return new


def _forgetful(layer):
    """The layer anew, of BatchNorm with statistics that are those of the last batch; a Dropout lets all pass."""
    changes = {keras.layers.BatchNormalization: dict(momentum=0.0), keras.layers.Dropout: dict(rate=0.0)}
    return layer.__class__.from_config(layer.get_config() | changes.get(layer.__class__, {}))


def self_train(
    pair: Pair, source: Task, target: Task, weights: dict, *, seed: int = 0, rounds: int = 5, steps: int = 400
) -> dict:
    """Let the source's model label the target's rows, and learn from its own labels: → weights (Yarowsky 1995; Lee 2013).

    In round r of R it keeps the r/R of the rows of which it is surest, and trains `steps` steps on source rows and as many
    of these. The target's labels are not looked at; what reads the target is the source's private part.
    """
    for part in range(1, whole(rounds, "rounds", 1) + 1):
        p = predict(pair, weights, target.x_train, "source")
        surest = np.argsort(-p.max(1), kind="stable")[: -(-part * len(p) // rounds)]
        rows = np.resize(surest, len(source.y_train))
        x, y = np.concatenate([source.x_train, target.x_train[rows]]), np.concatenate([source.y_train, p.argmax(1)[rows]])
        task = replace(target, x_train=x, y_train=y)
        settings = dict(weights=weights, seed=seed, steps=steps, every=steps)
        run = remembered(train, pair, task, SHARE_WEIGHTS.but(head="source"), **settings)
        weights = run.weights | {"source": run.weights["target"]}
    return weights


@kept
def _one(pair, source, target, seed, dann, coral, budget):
    return adapt(
        pair, source, target, dann=dann, coral=coral, seed=seed, steps=budget.steps, rate=budget.rate, every=budget.every
    )


def adaptations(
    pair: Pair,
    source: Task,
    target: Task,
    arms: dict[str, dict],
    *,
    seeds: int | Iterable[int] = 10,
    steps: int = SOURCE_STEPS,
    rate: float = 1e-3,
    every: int = 100,
    progress: Progress = None,
) -> dict[str, list[Adapted]]:
    """Every arm over the same seeds, steps and batches: {name: dict(dann=…, coral=…, inputs=…)} → {name: [Adapted, …]}.

    inputs is one of `INPUTS`. A run that was made before, with the same arguments, is not made again. seeds and progress as
    for `compare`.
    """
    for name, settings in arms.items():
        if unknown := set(settings) - {"dann", "coral", "inputs"}:
            raise ValueError(
                f"the arm {name!r} sets {', '.join(sorted(unknown))}; an arm is a dict of dann, coral and inputs"
            )
        if settings.get("inputs", "as they are") not in INPUTS:
            raise ValueError(f"the arm {name!r}: inputs must be one of {', '.join(INPUTS)}, not {settings['inputs']!r}")

    budget = Budget(steps, rate=rate, every=every)

    def one(name, seed):
        arm = dict(dann=0.0, coral=0.0, inputs="as they are") | arms[name]
        two = INPUTS[arm["inputs"]](source, target)
        return _one(pair, *two, seed, float(arm["dann"]), float(arm["coral"]), budget)

    return over_seeds(one, arms, seeds, progress)
