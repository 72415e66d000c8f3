"""Cross-modal learning: one thing seen in two ways, as pairs of rows; and what has no picture, named by its code.

The two ways are two encoders' business: a contrastive loss makes the two vectors of one thing alike and those of two things
not (after CLIP, Radford et al. 2021). A digit's code, which segments of a display are lit, is a second modality of the
*class*: a linear map takes pictures to codes, and what was never seen as a picture can still be named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from numbers import Real

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import Ridge
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.preprocessing import StandardScaler

from transferlib.changes import without
from transferlib.experiments import Progress, kept, over_seeds
from transferlib.loops import compiled_loop, run_loop, xla_works
from transferlib.networks import Pair
from transferlib.tasks import Task, stream, whole
from transferlib.training import Budget, train_source

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
    The loss of a batch is the mean cross-entropy of "which of these is my partner?", both ways, of the cosines times a learned
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

    return compiled_loop(step, report, ("loss",), jit=xla_works())


@kept
def _matched(task, pairs, shuffled, seed, steps):
    return match(task, pairs=pairs, shuffled=shuffled, seed=seed, steps=steps, every=max(steps // 4, 1))


def matches(
    task: Task,
    arms: dict[str, dict],
    *,
    seeds: int | Iterable[int] = 10,
    progress: Progress = None,
) -> dict[str, list[Matched]]:
    """Every arm over the same seeds: {name: dict(pairs=…, shuffled=…, steps=…)} → {name: [Matched, …]}, each kept."""
    for name, settings in arms.items():
        if unknown := set(settings) - {"pairs", "shuffled", "steps"}:
            raise ValueError(f"the arm {name!r} sets {', '.join(sorted(unknown))}; an arm sets pairs, shuffled and steps")

    def one(name, seed):
        s = arms[name]
        return _matched(task, s.get("pairs"), s.get("shuffled", False), seed, s.get("steps", 2000))

    return over_seeds(one, arms, seeds, progress)


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


# Codes of classes

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
LETTERS = tuple(sorted(set("".join(WORDS))))

_LIT = ("abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg")

SEGMENTS = np.array([[1.0 if s in lit else -1.0 for s in "abcdefg"] for lit in _LIT])
"""(10, 7): +1 where segment a … g of a display is lit for the digit, −1 where it is dark."""

SPELLING = np.array([[1.0 if letter in word else -1.0 for letter in LETTERS] for word in WORDS])
"""(10, 15): +1 where the letter occurs in the digit's English name, −1 where it does not."""


def similarity(code_map: TransformedTargetRegressor, features: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Cosine of each picture's mapped code with each code, both about the mean code: (n, d) and (k, c) → (n, k).

    Read along a row it ranks the codes for a picture; down a column it ranks the pictures for a code.
    """
    return cosine_similarity(code_map.regressor_.predict(features), code_map.transformer_.transform(codes))


def features(weights: dict, x: np.ndarray) -> np.ndarray:
    """The shared part's features of rows x, for a shared part of one Dense(relu) layer: (n, inputs) → (n, units)."""
    matrix, bias = weights["shared"]
    return np.maximum(x @ matrix + bias, 0)


@kept
def _encoder(pair, task, unseen, seed, steps):
    """Weights of a network trained on the seen digits only, so that no picture of the others shaped its features."""
    return train_source(pair, without(task, unseen), seed=seed, steps=steps, every=steps).weights


def _classes(unseen, n):
    """`unseen` as a sorted tuple of different classes, of which there are n; ValueError where it is not."""
    chosen = list(unseen) if isinstance(unseen, Iterable) else [unseen]
    if not all(c in range(n) for c in chosen) or not len(set(chosen)) == len(chosen) < n:
        raise ValueError(f"unseen must hold different whole numbers 0 … {n - 1}, and not all of them; it is {unseen!r}")
    return tuple(sorted(map(int, chosen)))


def unseen_map(
    pair: Pair, task: Task, codes: np.ndarray, unseen: Iterable[int], seed: int = 0, *, leak: bool = False, steps: int = 200
) -> tuple[TransformedTargetRegressor, np.ndarray]:
    """A network and a map that never met a picture of `unseen`: (the map, features of the test rows (m, d)).

    codes   (classes, c): the code of each class
    unseen  the digits that are left out of the network's training and of the map's
    leak    let the *network* see all ten digits, as a ready-made one would have, and only the map miss `unseen`

    The map is a ridge regression on centred codes: `code_map.predict(features)` (m, c), in the codes' own units.
    """
    if len(codes) != len(task.classes):
        raise ValueError(f"codes must hold one row for each of the {len(task.classes)} classes, not {len(codes)} rows")
    unseen = _classes(unseen, len(codes))
    weights, seen = _encoder(pair, task, () if leak else unseen, seed, steps), without(task, unseen)
    code_map = TransformedTargetRegressor(Ridge(alpha=10), transformer=StandardScaler(with_std=False))
    code_map.fit(features(weights, seen.x_train).astype(float), codes[seen.y_train])
    return code_map, features(weights, task.x_test).astype(float)


def zero_shot(scores: np.ndarray, labels: np.ndarray, unseen: Iterable[int], handicap: float = 0.0) -> tuple[float, float]:
    """(accuracy among the unseen digits, accuracy among all digits), on the test rows (n,) of the unseen ones.

    scores    (n, classes), the similarity of each row to each digit's code; labels (n,)
    handicap  taken off every seen digit's score before all ten compete (calibrated stacking, Chao et al. 2016)
    """
    unseen = np.array(_classes(unseen, scores.shape[1]), int)
    rows, seen = np.isin(labels, unseen), ~np.isin(np.arange(scores.shape[1]), unseen)
    if not rows.any():
        raise ValueError(f"no row bears a label of the unseen classes {unseen.tolist()}")
    among = unseen[scores[rows][:, unseen].argmax(1)]
    everyone = (scores[rows] - handicap * seen).argmax(1)
    return float((among == labels[rows]).mean()), float((everyone == labels[rows]).mean())


def unseen_answers(
    code_map: TransformedTargetRegressor,
    features: np.ndarray,
    labels: np.ndarray,
    codes: np.ndarray,
    unseen: Iterable[int],
    handicap: float = 0.0,
) -> dict:
    """How pictures of the unseen digits are read, as `plots.unseen_answers` draws it, by what `unseen_map` returned."""
    unseen, scores = _classes(unseen, len(codes)), similarity(code_map, features, codes)
    rows, seen = np.isin(labels, unseen), ~np.isin(np.arange(len(codes)), unseen)
    said = np.bincount((scores[rows] - handicap * seen).argmax(1), minlength=len(codes))
    told_apart, right = zero_shot(scores, labels, unseen, handicap)
    mapped = np.stack([code_map.predict(features[labels == digit]).mean(0) for digit in unseen])
    found = dict(codes=codes[list(unseen)], mapped=mapped, answers=said / rows.sum())
    return dict(unseen=unseen, told_apart=told_apart, right=right, **found)


def each_pair_unseen(
    pair: Pair, task: Task, codes: np.ndarray, *, seeds=10, leak: bool = False, progress: Progress = None
) -> dict[tuple[int, int], list[np.ndarray]]:
    """Leave out each of the 45 pairs of digits in turn, for each seed: {pair: [scores (test rows, 10), one a seed]}."""

    def one(unseen, seed):
        return similarity(*unseen_map(pair, task, codes, unseen, seed, leak=leak), codes)

    return over_seeds(one, combinations(range(len(codes)), 2), seeds, progress)
