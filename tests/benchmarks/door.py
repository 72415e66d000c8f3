"""A method as a page says it against the same numbers by a step written for the compiled loop alone, in turn.

Lesson 11's two terms, DANN and Deep CORAL (1,000 steps of 32 + 32 rows), and lesson 12's contrastive loss (of 128 pairs).
"""

import keras
import numpy as np
import tensorflow as tf

from tests.benchmarks.timing import alternating
from transferlib.datasets import mnist, uci_digits
from transferlib.functional import Functional, scores_of
from transferlib.loops import compiled_loop, run_loop
from transferlib.networks import Pair
from transferlib.tasks import Task, rng_for
from transferlib.training import Budget, Learned, learn, task_arrays

UNITS, SIZE, HIDDEN = 128, 32, 64


def glorot(rng, *sizes):
    """[w, b] of each dense layer of so many units, one after the other."""
    return [
        array.astype(np.float32)
        for n, m in zip(sizes, sizes[1:])
        for array in ((rng.uniform(-1, 1, n * m) * np.sqrt(6 / (n + m))).reshape(n, m), np.zeros(m))
    ]


def dense(*sizes):
    layers = [keras.layers.Dense(n, activation="relu") for n in sizes[1:-1]]
    return keras.Sequential([keras.Input(sizes[:1]), *layers, keras.layers.Dense(sizes[-1])])


# Lesson 11


def reverse(x, strength):
    return (1 + strength) * tf.stop_gradient(x) - strength * x


def coral_loss(a, b):
    def covariance(x):
        centred = x - tf.reduce_mean(x, 0)
        return tf.matmul(centred, centred, transpose_a=True) / (x.shape[0] - 1)

    return tf.reduce_sum(tf.square(covariance(a) - covariance(b))) / (4 * a.shape[1] ** 2)


def terms(f_s, f_t, z_s, z_t, y_s, domain_of, done, settings):
    """The three terms, for both ways alike."""
    task = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y_s, z_s, from_logits=True))
    rise = 2 / (1 + tf.exp(-10 * done)) - 1
    logit = domain_of(reverse(tf.concat([f_s, f_t], 0), settings["dann"] * rise))
    is_target = tf.concat([tf.zeros(f_s.shape[0]), tf.ones(f_t.shape[0])], 0)
    domain = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(is_target, logit))
    return task + domain + settings["coral"] * coral_loss(z_s, z_t)


def dann_and_coral(parts, batch, done, settings):
    """The source's loss, and two terms that need no label of the target."""
    (x_s, y_s), (x_t, _) = batch["source"], batch["target"]
    f_s, f_t = parts.shared(x_s), parts.shared(x_t)
    z_s, z_t = parts.source.scores(f_s), parts.source.scores(f_t)
    return terms(f_s, f_t, z_s, z_t, y_s, lambda f: parts.domain(f)[:, 0], done, settings)


def by_the_sources_part(parts, tasks, settings):
    curves, right = {}, []
    for role, (x, y) in tasks.items():
        features = parts.shared(x)
        answer = tf.argmax(parts.source(features), -1, tf.int32)
        curves[f"{role}_accuracy"] = tf.reduce_mean(tf.cast(answer == y, tf.float32))
        right.append(tf.reduce_mean(tf.cast((parts.domain(features)[:, 0] > 0) == (role == "target"), tf.float32)))
    return curves | {"domain_accuracy": (right[0] + right[1]) / 2}


def with_domain(pair):
    return {"pair": pair, "domain": dense(64, HIDDEN, 1)}


def adapted(parts, tasks, seed, steps, **settings):
    starts = {"domain": lambda seed: glorot(rng_for(seed, "domain classifier"), 64, HIDDEN, 1)}
    given = dict(report=by_the_sources_part, seed=seed, steps=steps, every=100, weights=starts)
    return learn(dann_and_coral, parts, tasks, **given, **settings)


def built_in_adaptation(pair):
    """(pair's tasks, seed, steps, settings) → Learned, by a loop of its own."""
    net = Functional(pair)
    scores = scores_of(net.layers["source"])

    def domain_logit(weights, features):
        w, b, v, c = tf.split(weights, [64 * HIDDEN, HIDDEN, HIDDEN, 1])
        return tf.linalg.matvec(tf.nn.relu(tf.matmul(features, tf.reshape(w, (64, HIDDEN))) + b), v) + c

    def step(theta, state, data, dial, done, last):
        (x_s, y_s), (x_t, _) = ([tf.gather(d[k], tf.gather(d["order"], done)) for k in "xy"] for d in data.values())
        with tf.GradientTape() as tape:
            tape.watch(theta)
            kernels = [
                tf.reshape(v, s) for v, s in zip(tf.split(theta["source"], net.sizes["source"]), net.shapes["source"])
            ]
            f_s, f_t = (net.call("shared", theta, state, x, True)[0] for x in (x_s, x_t))
            z_s, z_t = (scores.stateless_call(kernels, [], f, training=True)[0] for f in (f_s, f_t))
            part = tf.cast(done, tf.float32) / dial["steps"]
            loss = terms(f_s, f_t, z_s, z_t, y_s, lambda f: domain_logit(theta["domain"], f), part, dial)
        return tape.gradient(loss, theta, unconnected_gradients=tf.UnconnectedGradients.ZERO), {}, state, {}

    def report(theta, state, data, dial, at_an_end):
        told, right = {}, []
        for role, d in data.items():
            told[f"{role}_accuracy"] = net.evaluate("source", theta, state, d["x_test"], d["y_test"])[1]
            logit = domain_logit(theta["domain"], net.call("shared", theta, state, d["x_test"], False)[0])
            right.append(tf.reduce_mean(tf.cast((logit > 0) == (role == "target"), tf.float32)))
        return told | {"domain_accuracy": (right[0] + right[1]) / 2}

    loop = compiled_loop(step, report, jit=True)

    def run(tasks, seed, steps, dann=0.0, coral=0.0):
        budget = Budget(steps, every=100)
        theta, state = net.split(pair.fresh(seed, keep_given=True))
        w, b, v, c = glorot(rng_for(seed, "domain classifier"), 64, HIDDEN, 1)
        theta["domain"] = np.concatenate([w.ravel(), b, v.ravel(), c])
        data = {role: task_arrays(task, seed, place, budget) for place, (role, task) in enumerate(tasks.items())}
        dial = dict(dann=np.float32(dann), coral=np.float32(coral), steps=np.float32(steps))
        theta, state, curves = run_loop(loop, theta, state, data, dial, budget.rate, budget.evaluations)
        domain = theta.pop("domain")
        return Learned(seed, budget.evaluations, curves, net.join(theta, state) | {"domain": np.array(domain)})

    return run


# Lesson 12


def contrastive(a, b, scale):
    logits = scale * tf.matmul(a, b, transpose_b=True)
    own = tf.linalg.diag_part(logits)
    rows, columns = (tf.reduce_mean(tf.reduce_logsumexp(logits, axis) - own) for axis in (1, 0))
    return (rows + columns) / 2


def match(parts, batch, done, settings):
    """Which lower half belongs to which upper half?"""
    x, _ = batch["pictures"]
    a, b = (tf.math.l2_normalize(z, axis=1) for z in (parts.upper(x[:, :50]), parts.lower(x[:, 50:])))
    return contrastive(a, b, tf.minimum(tf.exp(parts["scale"]), 100.0))


def recalls(a, b):
    scores = tf.matmul(a, b, transpose_b=True)
    own = tf.linalg.diag_part(scores)
    found = (tf.reduce_sum(tf.cast(s >= own[:, None], tf.int32), 1) < 2 for s in (scores, tf.transpose(scores)))
    return {name: tf.reduce_mean(tf.cast(f, tf.float32)) for name, f in zip(("there", "back"), found)}


def recall_at_1(parts, tasks, settings):
    x, _ = tasks["pictures"]
    return recalls(*(tf.math.l2_normalize(z, axis=1) for z in (parts.upper(x[:, :50]), parts.lower(x[:, 50:]))))


def whole_epochs(n, seed, steps, batch=128):
    """(steps, batch) row numbers: in a batch no row stands twice, which would be its own wrong partner."""
    rng = rng_for(seed, "pairs")
    rng.permutation(n)
    return np.concatenate(
        [rng.permutation(n)[: n // batch * batch].reshape(-1, batch) for _ in range(-(-steps // (n // batch)))]
    )[:steps]


def two_encoders():
    return {"upper": dense(50, UNITS, SIZE), "lower": dense(50, UNITS, SIZE), "scale": np.log(1 / 0.07)}


def matched(parts, task, seed, steps):
    """task: its training rows are those of the seed, `chosen`."""
    starts = {
        v: lambda seed, i=i: glorot(rng_for(seed, "encoder", i), 50, UNITS, SIZE) for i, v in enumerate(("upper", "lower"))
    }
    order = {"pictures": whole_epochs(len(task.x_train), seed, steps)}
    given = dict(report=recall_at_1, seed=seed, steps=steps, every=steps // 4, weights=starts, order=order)
    return learn(match, parts, {"pictures": task}, **given)


def chosen(task, seed):
    rows = rng_for(seed, "pairs").permutation(len(task.x_train))
    return Task(task.name, task.x_train[rows], task.y_train[rows], task.x_test, task.y_test, task.classes)


def built_in_matching():
    def encoder(theta, x):
        w, b, v, c = tf.split(theta, [50 * UNITS, UNITS, UNITS * SIZE, SIZE])
        hidden = tf.nn.relu(tf.matmul(x, tf.reshape(w, (50, UNITS))) + b)
        return tf.math.l2_normalize(tf.matmul(hidden, tf.reshape(v, (UNITS, SIZE))) + c, axis=1)

    def step(theta, state, data, dial, done, last):
        rows = tf.gather(data["order"], done)
        with tf.GradientTape() as tape:
            tape.watch(theta)
            a, b = (encoder(theta[view], tf.gather(data[view], rows)) for view in ("upper", "lower"))
            loss = contrastive(a, b, tf.minimum(tf.exp(theta["scale"][0]), 100.0))
        return tape.gradient(loss, theta), {}, state, {"loss": loss}

    def report(theta, state, data, dial, at_an_end):
        return recalls(*(encoder(theta[view], data[f"{view}_test"]) for view in ("upper", "lower")))

    loop = compiled_loop(step, report, jit=True)

    def run(task, seed, steps):
        budget = Budget(steps, 128, every=steps // 4)
        halves = {"upper": slice(0, 50), "lower": slice(50, 100)}
        data = {view: task.x_train[:, half] for view, half in halves.items()}
        data |= {f"{view}_test": task.x_test[:, half] for view, half in halves.items()}
        data["order"] = whole_epochs(len(task.x_train), seed, steps).astype(np.int32)
        theta = {"scale": np.float32([np.log(1 / 0.07)])}
        for number, view in enumerate(halves):
            weights = glorot(rng_for(seed, "encoder", number), 50, UNITS, SIZE)
            theta[view] = np.concatenate([a.ravel() for a in weights])
        theta, _, curves = run_loop(loop, theta, {}, data, {}, budget.rate, budget.evaluations)
        return Learned(seed, budget.evaluations, curves, {part: np.array(v) for part, v in theta.items()})

    return run


def main():
    pair, tasks = Pair(), {"source": mnist(), "target": uci_digits()}
    parts, encoders = with_domain(pair), two_encoders()
    adapt, find = built_in_adaptation(pair), built_in_matching()
    pictures = {seed: chosen(mnist(), seed) for seed in range(22)}
    took = alternating(
        {
            "adaptation, built in": lambda seed: adapt(tasks, seed, 1000, dann=1.0, coral=1.0),
            "adaptation, a page's method": lambda seed: adapted(parts, tasks, seed, 1000, dann=1.0, coral=1.0),
            "matching, built in": lambda seed: find(pictures[seed], seed, 1000),
            "matching, a page's method": lambda seed: matched(encoders, pictures[seed], seed, 1000),
        },
        20,
    )
    for name, each in took.items():
        print(f"{name:<30} {each * 1e3:8.1f} ms")


if __name__ == "__main__":
    main()
