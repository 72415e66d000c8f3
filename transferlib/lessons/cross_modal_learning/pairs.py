"""Pairs of half pictures: which of them a seed learns from, the rivals without a network, and what is found with vectors.

`encoders` below are two functions, of upper and of lower halves, into one space, whoever made them.
"""

from collections.abc import Callable

import keras
import numpy as np
from numpy.typing import ArrayLike
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics.pairwise import cosine_similarity

from transferlib.tasks import Task, rng_for, whole_number

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
    return float((better < whole_number(k, "k", 1)).mean())


def drawn_pairs(
    task: Task, pairs: int | None = None, *, shuffled: bool = False, steps: int = 1000, batch: int = 128
) -> dict:
    """What `study` needs of an arm that learns from pairs: dict(tasks=, order=, steps=, batch=), functions of the seed.

    pairs     how many of the training pictures, a new choice each seed; None: all. No label is looked at
    shuffled  the control: each upper half gets the lower half of another picture
    No picture stands twice in a batch, which is at most as large as the number of pairs.
    """
    n = len(task.x_train)
    pairs = n if pairs is None else whole_number(pairs, "pairs", 2)
    if pairs > n:
        raise ValueError(f"pairs: {task.name} has {n} training pictures, {pairs} were asked for")
    size = min(batch, pairs)

    def tasks(seed):
        chosen = rng_for(seed, "pairs").permutation(n)[:pairs]
        upper, lower = two_views(task.x_train[chosen])
        if shuffled:  # one step along a circle: nobody keeps their own
            lower = np.roll(lower, 1, 0)
        x = np.concatenate([upper, lower], 1)
        return {"pairs": Task(task.name, x, task.y_train[chosen], task.x_test, task.y_test, task.classes)}

    def order(seed):
        rng, epochs = rng_for(seed, "batches of pairs"), -(-steps // (pairs // size))
        return np.concatenate([rng.permutation(pairs)[: pairs // size * size].reshape(-1, size) for _ in range(epochs)])

    return dict(tasks=tasks, order={"pairs": order}, steps=steps, batch=size)


def encoders_of(parts: dict[str, keras.Model], weights: dict) -> tuple[Callable, Callable]:
    """Two functions, upper halves (n, 50) and lower halves (n, 50) → vectors (n, d), by these weights."""
    return tuple(lambda x, v=v: parts[v].stateless_call(weights[v], [], x)[0].numpy() for v in VIEWS)


def found_by(encoders: tuple[Callable, Callable], task: Task) -> np.ndarray:
    """Scores (m, m) of held-out upper halves with held-out lower halves, by the cosine of their vectors."""
    return alike(*(encoder(x) for encoder, x in zip(encoders, two_views(task.x_test))))


def canonical(a: np.ndarray, b: np.ndarray, size: int = 32, ridge: float = 0.01) -> tuple:
    """CCA (Hotelling 1936), a little regularised: two functions, rows (n, d) → (n, size), from pairs a (n, d), b (n, e).

    The directions of the two that are most correlated, each times its correlation, so that a weak one counts little.
    """
    if len(a) != len(b) or not 0 < whole_number(size, "size", 1) <= min(a.shape[1], b.shape[1]):
        raise ValueError(f"a and b must be pairs, and size at most their width; they are {a.shape} and {b.shape}, {size}")
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

    From the pairs of this seed. "ridge": a linear map predicts the lower half. "nearest": the lower half of the training
    picture whose upper half is nearest. Both compare by the cosine about the mean. "CCA": see `canonical`.
    """
    chosen = rng_for(seed, "pairs").permutation(len(task.x_train))[:pairs]
    (a, b), (x, y) = two_views(task.x_train[chosen]), two_views(task.x_test)
    mean = b.mean(0)
    squares = (x**2).sum(1)[:, None] - 2 * x @ a.T + (a**2).sum(1)
    one, other = canonical(a, b)
    return {
        "ridge": alike(Ridge(1.0).fit(a, b).predict(x) - mean, y - mean),
        "nearest": alike(b[squares.argmin(1)] - mean, y - mean),
        "CCA": alike(one(x), other(y)),
    }


def reads_upper(task: Task, encoders: tuple, per_class: int, seed: int, labelled: str = "upper") -> float:
    """Test accuracy on *upper* halves of a logistic regression on vectors of a few labelled "upper" or "lower" halves."""
    few, place = task.few(per_class, seed), VIEWS.index(labelled)
    reader = LogisticRegression(C=10, max_iter=500).fit(encoders[place](two_views(few.x_train)[place]), few.y_train)
    return float(reader.score(encoders[0](two_views(task.x_test)[0]), task.y_test))


def shown(task: Task, ways: dict[str, dict[int, np.ndarray]], *, back: bool = False, first: int = 0) -> dict:
    """What several ways take for the partners of held-out halves, as `plots.partners` draws it.

    ways   {name: {seed: scores (m, m) of upper with lower halves}}; what is drawn is of the first seed
    back   False: the lower half of an upper one is looked for; True: the other way. first: the first picture drawn
    """
    views, some = two_views(task.x_test), slice(first, first + 5)
    scores = {name: [each.T if back else each for each in by_seed.values()] for name, by_seed in ways.items()}
    best = {name: several[0][some].argsort(1)[:, ::-1][:, :5] for name, several in scores.items()}
    at_k = {name: {k: np.array([recall(each, k) for each in several]) for k in (1, 10)} for name, several in scores.items()}
    given, wanted = views[::-1] if back else views
    return dict(given=given[some], wanted=wanted, own=np.arange(first, first + 5), best=best, recalls=at_k, back=back)
