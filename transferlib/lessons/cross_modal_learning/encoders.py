"""Cross-modal learning: one thing seen in two ways, as pairs of rows; and what has no picture, named by its code.

The two ways are two encoders' business: a contrastive loss makes the two vectors of one thing alike and those of two things
not (after CLIP, Radford et al. 2021). No label is needed for that, and what labels of the one way taught
can be asked of the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from numbers import Real

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics.pairwise import cosine_similarity

from transferlib.experiments import Progress, over_seeds
from transferlib.loops import compiled_loop, run_loop, xla_works
from transferlib.storage import kept
from transferlib.tasks import Task, stream, whole
from transferlib.training import Budget

UNITS, SIZE = 128, 32  # of an encoder: hidden units, and how many numbers come out
VIEWS = "upper", "lower"


def two_views(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (n, 100), ten rows of ten, as two views of one thing: upper halves (n, 50) and lower halves (n, 50)."""
    pictures = np.asarray(pictures, np.float32)
    if pictures.ndim != 2 or pictures.shape[1] != 100:
        raise ValueError(f"pictures must be (n, 100), ten rows of ten pixels each, not {pictures.shape}")
    return pictures[:, :50], pictures[:, 50:]


def alike(a: ArrayLike, b: ArrayLike) -> np.ndarray:
    """Cosine of each row of a (n, d) with each row of b (m, d): (n, m). A row of zeros is like nothing: 0."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:
        raise ValueError(f"a (n, d) and b (m, d) are wanted, of one length d, not {a.shape} and {b.shape}")
    return cosine_similarity(a, b)


def recall(scores: ArrayLike, k: int = 1) -> float:
    """How often the partner, on the diagonal of scores (n, n), is among the k best of its row. Ties count against it.

    Along the rows it is "which lower half goes with this upper one?"; of `scores.T` the way back.
    """
    scores = np.asarray(scores, float)
    if scores.ndim != 2 or scores.shape[0] != scores.shape[1] or not np.isfinite(scores).all():
        raise ValueError(f"scores must be finite numbers (n, n), row i's partner in column i; their shape is {scores.shape}")
    better = (scores >= np.diag(scores)[:, None]).sum(1) - 1
    return float((better < whole(k, "k", 1)).mean())


@dataclass(frozen=True, eq=False)
class Matched:
    """Two encoders that were trained to find each other's partner.

    step             (e,) after how many steps
    there, back      (e,) recall@1 on the held-out pairs: the lower half of an upper one, and the other way
    loss             (e,) the contrastive loss on the last batch before; NaN at step 0
    weights          {"upper": θ, "lower": θ, "scale": its logarithm}: see `embed`
    """

    seed: int
    step: np.ndarray
    there: np.ndarray
    back: np.ndarray
    loss: np.ndarray
    weights: dict


def match(
    task: Task,
    *,
    pairs: int | None = None,
    shuffled: bool = False,
    seed: int = 0,
    steps: int = 2000,
    batch: int = 128,
    rate: float = 1e-3,
    every: int = 500,
) -> Matched:
    """Train an encoder for upper halves and one for lower halves on pairs of them; no label is looked at.

    pairs     how many of the training pictures (a new choice each seed); None: all
    shuffled  the control: each upper half gets the lower half of another picture
    The loss of a batch is the mean cross-entropy of "which of these is my partner?", both ways, of cosines times a learned
    scale that begins at 1/0.07 and ends at 100, as CLIP has it. batch is at most the number of pairs.
    """
    budget, n = Budget(steps, batch, rate, every), len(task.x_train)
    pairs = n if pairs is None else whole(pairs, "pairs", 2)
    if pairs > n:
        raise ValueError(f"pairs: {task.name} has {n} training pictures, {pairs} were asked for")
    rng = stream(seed, "pairs")
    chosen = rng.permutation(n)[:pairs]
    upper, lower = two_views(task.x_train[chosen])
    if shuffled:  # one step along a circle: nobody keeps their own
        lower = np.roll(lower, 1, 0)
    size = min(budget.batch, pairs)
    epochs = -(-budget.steps // (pairs // size))
    order = np.concatenate([rng.permutation(pairs)[: pairs // size * size].reshape(-1, size) for _ in range(epochs)])
    tests = two_views(task.x_test)
    data = dict(upper=upper, lower=lower, order=order[: budget.steps].astype(np.int32))
    data |= {f"{view}_test": x for view, x in zip(VIEWS, tests)}
    theta = {view: _fresh(50, seed, number) for number, view in enumerate(VIEWS)} | {"scale": np.float32([np.log(1 / 0.07)])}
    theta, _, curves = run_loop(_loop(), theta, {}, data, {}, budget.rate, budget.evaluations)
    return Matched(seed, budget.evaluations, weights={part: np.array(v) for part, v in theta.items()}, **curves)


def embed(weights: dict, view: str, x: np.ndarray) -> np.ndarray:
    """The vectors of rows x (n, 50) of a view, "upper" or "lower", each of length 1: (n, 32)."""
    if view not in VIEWS:
        raise ValueError(f"view must be one of {', '.join(VIEWS)}, not {view!r}")
    return encoder(tf.constant(weights[view]), tf.constant(x, tf.float32)).numpy()


def encoder(theta: tf.Tensor, x: tf.Tensor) -> tf.Tensor:
    """One hidden layer (ReLU), then vectors of length 1: θ as one vector and rows (n, d) → (n, 32)."""
    d = x.shape[1]
    w, b, v, c = tf.split(theta, [d * UNITS, UNITS, UNITS * SIZE, SIZE])
    hidden = tf.nn.relu(tf.matmul(x, tf.reshape(w, (d, UNITS))) + b)
    return tf.math.l2_normalize(tf.matmul(hidden, tf.reshape(v, (UNITS, SIZE))) + c, axis=1)


def contrastive(a: tf.Tensor, b: tf.Tensor, scale: tf.Tensor) -> tf.Tensor:
    """The loss of a batch of pairs, vectors a (n, d) and b (n, d) of length 1: cross-entropy along rows and columns."""
    logits = scale * tf.matmul(a, b, transpose_b=True)
    own = tf.linalg.diag_part(logits)
    rows, columns = (tf.reduce_mean(tf.reduce_logsumexp(logits, axis) - own) for axis in (1, 0))
    return (rows + columns) / 2


def _fresh(inputs, seed, number):
    """Random weights of an encoder, Glorot-uniform, as one vector."""
    rng = stream(seed, "encoder", number)
    w, v = (rng.uniform(-1, 1, n * m) * np.sqrt(6 / (n + m)) for n, m in ((inputs, UNITS), (UNITS, SIZE)))
    return np.concatenate([w, np.zeros(UNITS), v, np.zeros(SIZE)]).astype(np.float32)


@lru_cache(maxsize=1)
def _loop():
    def step(theta, state, data, dial, done, last):
        rows = tf.gather(data["order"], done)
        with tf.GradientTape() as tape:
            tape.watch(theta)
            a, b = (encoder(theta[view], tf.gather(data[view], rows)) for view in VIEWS)
            loss = contrastive(a, b, tf.minimum(tf.exp(theta["scale"][0]), 100.0))
        return tape.gradient(loss, theta), {}, state, {"loss": loss}

    def report(theta, state, data, dial, at_an_end):
        a, b = (encoder(theta[view], data[f"{view}_test"]) for view in VIEWS)
        scores = tf.matmul(a, b, transpose_b=True)
        own = tf.linalg.diag_part(scores)
        found = (tf.reduce_sum(tf.cast(s >= own[:, None], tf.int32), 1) < 2 for s in (scores, tf.transpose(scores)))
        return {name: tf.reduce_mean(tf.cast(f, tf.float32)) for name, f in zip(("there", "back"), found)}

    return compiled_loop(step, report, jit=xla_works())


@kept
def _matched(task, pairs, shuffled, seed, steps, rate):
    return match(task, pairs=pairs, shuffled=shuffled, seed=seed, steps=steps, rate=rate, every=max(steps // 4, 1))


def matches(
    task: Task,
    arms: dict[str, dict],
    *,
    seeds: int | Iterable[int] = 10,
    progress: Progress = None,
) -> dict[str, list[Matched]]:
    """Every arm over the same seeds: {name: dict(pairs=…, shuffled=…, steps=…, rate=…)} → {name: [Matched, …]}, kept."""
    for name, settings in arms.items():
        if unknown := set(settings) - {"pairs", "shuffled", "steps", "rate"}:
            every = "pairs, shuffled, steps and rate"
            raise ValueError(f"the arm {name!r} sets {', '.join(sorted(unknown))}; an arm sets {every}")

    def one(name, seed):
        s = arms[name]
        return _matched(task, s.get("pairs"), s.get("shuffled", False), seed, s.get("steps", 2000), s.get("rate", 1e-3))

    return over_seeds(one, arms, seeds, progress)


def features(weights: dict, x: np.ndarray) -> np.ndarray:
    """The shared part's features of rows x, for a shared part of one Dense(relu) layer: (n, inputs) → (n, units)."""
    matrix, bias = weights["shared"]
    return np.maximum(x @ matrix + bias, 0)


# What can be had without a network


def canonical(a: np.ndarray, b: np.ndarray, size: int = SIZE, ridge: float = 0.01) -> tuple:
    """CCA (Hotelling 1936), a little regularised: two functions, rows (n, d) → (n, size), from pairs a (n, d), b (n, e).

    The directions of the two that are most correlated, each times its correlation, so that a weak one counts little.
    """
    if len(a) != len(b) or not 0 < whole(size, "size", 1) <= min(a.shape[1], b.shape[1]):
        raise ValueError(f"a and b must be pairs, and size at most their width; they are {a.shape} and {b.shape}, {size}")
    if not isinstance(ridge, Real) or ridge <= 0:
        raise ValueError(f"ridge must be a number above 0, not {ridge!r}")
    means = a.mean(0), b.mean(0)
    centred = [np.asarray(x, float) - mean for x, mean in zip((a, b), means)]

    def whitening(x):
        values, vectors = np.linalg.eigh(x.T @ x / len(x) + ridge * np.eye(x.shape[1]))
        return vectors / np.sqrt(values) @ vectors.T

    left, right = map(whitening, centred)
    u, correlation, v = np.linalg.svd(left @ (centred[0].T @ centred[1] / len(a)) @ right)
    maps = left @ u[:, :size] * correlation[:size], right @ v[:size].T * correlation[:size]
    return tuple(lambda x, mean=mean, to=to: (x - mean) @ to for mean, to in zip(means, maps))


def simple_rivals(task: Task, pairs: int | None = None, seed: int = 0) -> dict[str, np.ndarray]:
    """Scores (m, m) of held-out upper halves with held-out lower halves, without a network: {rival: scores}.

    From the pairs that `match` gets with this seed. "ridge": a linear map predicts the lower half. "nearest": the lower half
    of the training picture whose upper half is nearest. Both compare by the cosine about the mean. "CCA": see `canonical`.
    """
    chosen = stream(seed, "pairs").permutation(len(task.x_train))[:pairs]
    (a, b), (x, y) = two_views(task.x_train[chosen]), two_views(task.x_test)
    mean = b.mean(0)
    squares = (x**2).sum(1)[:, None] - 2 * x @ a.T + (a**2).sum(1)
    one, other = canonical(a, b)
    return {
        "ridge": alike(Ridge(1.0).fit(a, b).predict(x) - mean, y - mean),
        "nearest": alike(b[squares.argmin(1)] - mean, y - mean),
        "CCA": alike(one(x), other(y)),
    }


# From pairs to few labels


def encoders_of(matched: Matched) -> tuple:
    """Two functions, upper halves (n, 50) → (n, 32) and lower halves (n, 50) → (n, 32)."""
    return tuple(lambda x, view=view: embed(matched.weights, view, x) for view in VIEWS)


def reads_upper(task: Task, encoders: tuple, per_class: int, seed: int, labelled: str = "upper") -> float:
    """Test accuracy on *upper* halves of a logistic regression on vectors of a few labelled pictures.

    encoders  two functions, of upper and of lower halves, into one space
    labelled  "upper": it learns from labelled upper halves. "lower": from labelled lower halves alone
    """
    if labelled not in VIEWS:
        raise ValueError(f"labelled must be one of {', '.join(VIEWS)}, not {labelled!r}")
    few, place = task.few(per_class, seed), VIEWS.index(labelled)
    reader = LogisticRegression(C=10, max_iter=500).fit(encoders[place](two_views(few.x_train)[place]), few.y_train)
    return float(reader.score(encoders[0](two_views(task.x_test)[0]), task.y_test))


def found(
    task: Task,
    *,
    pairs: int = 4000,
    steps: int = 1000,
    rival: str = "CCA",
    back: bool = False,
    first: int = 0,
    shown: int = 5,
    seeds: int | Iterable[int] = 3,
    progress: Progress = None,
) -> dict:
    """What the encoders and a simple rival take for the partners of held-out halves, as `plots.partners` draws it.

    back   False: the lower half of an upper one is looked for; True: the other way. steps 0: encoders as they began
    first  the first of the held-out pictures that are drawn; what is drawn is of the first of the seeds
    """
    trained = matches(task, {"encoders": dict(pairs=pairs, steps=max(steps, 1))}, seeds=seeds, progress=progress)["encoders"]
    views, scores = two_views(task.x_test), {"two encoders": [], rival: []}
    for each in trained:
        weights = each.weights if steps else {view: _fresh(50, each.seed, i) for i, view in enumerate(VIEWS)}
        scores["two encoders"].append(alike(*(embed(weights, view, x) for view, x in zip(VIEWS, views))))
        scores[rival].append(simple_rivals(task, pairs, each.seed)[rival])
    scores = {name: [each.T if back else each for each in several] for name, several in scores.items()}
    rows = slice(first, first + shown)
    best = {name: several[0][rows].argsort(1)[:, ::-1][:, :shown] for name, several in scores.items()}
    at_k = {name: {k: np.array([recall(each, k) for each in several]) for k in (1, 10)} for name, several in scores.items()}
    given, wanted = views[::-1] if back else views
    return dict(given=given[rows], wanted=wanted, own=np.arange(first, first + shown), best=best, recalls=at_k, back=back)
