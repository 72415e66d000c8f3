"""Zero-shot recognition: naming a class of which no picture was seen, by its code.

The code of a digit is a second modality of the *class*: which of seven segments light up on a display, or which letters
spell its name. A linear map takes a picture, or a network's features of it, to the code.
"""

from collections.abc import Iterable
from itertools import combinations

import numpy as np
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import Ridge
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.preprocessing import StandardScaler

from transferlib.changes import without
from transferlib.lessons.cross_modal_learning.encoders import features
from transferlib.networks import Pair
from transferlib.storage import kept
from transferlib.tasks import Task, stream
from transferlib.training import train_source

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


def shuffled_codes(codes: np.ndarray, n: int = 20) -> dict[str, np.ndarray]:
    """The control: the same codes (k, c) dealt out to the wrong classes, n times: {"shuffled 0": (k, c), …}."""
    return {f"shuffled {i}": codes[stream(i, "codes").permutation(len(codes))] for i in range(n)}


def from_pixels(task: Task, codes: dict[str, np.ndarray], seed: int = 0, rows: int = 2000) -> dict[str, dict[str, float]]:
    """Zero-shot without a network, a ridge regression from pixels to codes: {codes' name: {what: mean over the 45 pairs}}.

    Each pair of digits is left out in turn. A seed draws `rows` of the training pictures.
    told_apart  accuracy between the two unseen digits; among_all: when the codes of all ten compete
    read        the share of an unseen digit's code that the sign of the map has right
    constant    the same share for one answer for all pictures: the sign of the mean *seen* code
    """
    chosen = stream(seed, "rows").permutation(len(task.x_train))[:rows]
    x, y, names = task.x_train[chosen].astype(float), task.y_train[chosen], list(codes)
    together = np.concatenate([codes[name] for name in names], 1)
    ends = np.cumsum([codes[name].shape[1] for name in names])[:-1]
    found = {name: [] for name in names}
    # Each class's sums are taken once: leaving two out is a subtraction.
    of = [x[y == c] for c in range(len(together))]
    count, total, square = np.array([len(rows) for rows in of]), np.array([r.sum(0) for r in of]), [r.T @ r for r in of]
    for unseen in combinations(range(len(together)), 2):
        seen, new = ~np.isin(range(len(together)), unseen), np.isin(task.y_test, unseen)
        n = count[seen].sum()
        mean, centre = total[seen].sum(0) / n, count[seen] @ together[seen] / n
        gram = sum(square[c] for c in np.flatnonzero(seen)) - n * np.outer(mean, mean)
        cross = total[seen].T @ together[seen] - n * np.outer(mean, centre)
        mapped, labels = (task.x_test[new] - mean) @ np.linalg.solve(gram + 10 * np.eye(len(mean)), cross), task.y_test[new]
        for name, part, own in zip(names, np.split(mapped, ends, 1), np.split(centre, ends)):
            apart, every = zero_shot(_cosines(part, codes[name] - own), labels, unseen)
            truth = codes[name][labels] > 0
            read, constant = (float(((guess > 0) == truth).mean()) for guess in (part + own, own))
            found[name].append((apart, every, read, constant))
    what = "told_apart", "among_all", "read", "constant"
    return {name: dict(zip(what, np.mean(rows, 0).tolist())) for name, rows in found.items()}


def _cosines(a, b):
    lengths = np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=1)
    return a @ b.T / np.maximum(lengths, 1e-12)
