"""Cross-modal learning: one thing, seen as a picture and as something that is not a picture.

The other modality is a code for each digit: which of seven segments light up on a display, or which letters spell its
name. A linear map takes a picture's features to the code; what is never seen as a picture can still be named by its code.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from threadpoolctl import threadpool_limits

from transferlib.changes import without
from transferlib.training import train_source

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


LETTERS = tuple(sorted(set("".join(WORDS))))


_LIT = ("abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg")


SEGMENTS = np.array([[1.0 if s in lit else -1.0 for s in "abcdefg"] for lit in _LIT])
"""(10, 7): +1 where segment a … g of a display is lit for the digit, −1 where it is dark."""


SPELLING = np.array([[1.0 if letter in word else -1.0 for letter in LETTERS] for word in WORDS])
"""(10, 15): +1 where the letter occurs in the digit's English name, −1 where it does not."""


@dataclass(frozen=True, eq=False)
class CodeMap:
    """A linear map from features to codes: code ≈ (features − centre) @ matrix + offset."""

    matrix: np.ndarray
    centre: np.ndarray
    offset: np.ndarray

    def __call__(self, features):
        """(n, d) → (n, c)."""
        return (features - self.centre) @ self.matrix + self.offset


def fit_map(features, codes, ridge=10.0):
    """The least-squares map from features (n, d) to codes (n, c), a code a row; `ridge` keeps its weights small.

    min over W of Σ‖(f − mean f) W − (z − mean z)‖² + ridge·‖W‖²  (Hoerl & Kennard 1970).
    """
    features, codes = np.asarray(features, float), np.asarray(codes, float)
    if len(features) != len(codes):
        raise ValueError(f"{len(features)} rows of features and {len(codes)} codes: give one code a row, codes[labels]")
    if not ridge > 0:
        raise ValueError(f"ridge must be a positive number, not {ridge!r}")
    centre, offset = features.mean(0), codes.mean(0)
    f, z = features - centre, codes - offset
    return CodeMap(np.linalg.solve(f.T @ f + ridge * np.eye(f.shape[1]), f.T @ z), centre, offset)


def similarity(code_map, features, codes):
    """Cosine of each picture's mapped code with each code, both about the map's offset: (n, d) and (k, c) → (n, k).

    Read along a row it ranks the codes for a picture; down a column it ranks the pictures for a code.
    """
    a, b = code_map(features) - code_map.offset, codes - code_map.offset
    lengths = np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=1)
    return np.divide(a @ b.T, lengths, out=np.zeros_like(lengths), where=lengths > 0)


def average_precision(scores, relevant):
    """How well scores (n,) rank the relevant (n,) ones first: mean precision at each; chance is about their share."""
    hits = np.asarray(relevant, bool)[np.argsort(-np.asarray(scores), kind="stable")]
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean())


def features(weights, x):
    """The shared part's features of rows x, for a shared part of one Dense(relu) layer: (n, inputs) → (n, units)."""
    matrix, bias = weights["shared"]
    return np.maximum(x @ matrix + bias, 0)


@lru_cache(maxsize=2048)
def _encoder(pair, task, unseen, seed, steps):
    """Weights of a network trained on the seen digits only, so that no picture of the others shaped its features."""
    return train_source(pair, without(task, unseen), seed=seed, steps=steps, every=steps).weights


def unseen_map(pair, task, codes, unseen, seed=0, *, leak=False, steps=200):
    """A network and a map that never met a picture of `unseen`: (CodeMap, features of the test rows (m, d)).

    unseen  a tuple of digits: left out of the network's training and of the map's
    leak    let the *network* see all ten digits, as a ready-made one would have, and only the map miss `unseen`
    """
    weights = _encoder(pair, task, () if leak else unseen, seed, steps)
    seen = without(task, unseen)
    code_map = fit_map(features(weights, seen.x_train), codes[seen.y_train])
    return code_map, features(weights, task.x_test)


def zero_shot(scores, labels, unseen, handicap=0.0):
    """(accuracy among the unseen digits, accuracy among all digits), on the test rows (n,) of the unseen ones.

    handicap  taken off every seen digit's score before all ten compete (calibrated stacking, Chao et al. 2016)
    """
    rows, unseen = np.isin(labels, unseen), np.array(unseen)
    among = unseen[scores[rows][:, unseen].argmax(1)]
    seen = ~np.isin(np.arange(scores.shape[1]), unseen)
    everyone = (scores[rows] - handicap * seen).argmax(1)
    return float((among == labels[rows]).mean()), float((everyone == labels[rows]).mean())


def each_pair_unseen(pair, task, codes, *, seeds=10, leak=False, progress=None):
    """Leave out each of the 45 pairs of digits in turn, for each seed: {pair: [scores (test rows, 10), one a seed]}."""
    jobs = [(unseen, seed) for unseen in combinations(range(len(codes)), 2) for seed in range(seeds)]

    def one(job):
        return similarity(*unseen_map(pair, task, codes, *job, leak=leak), codes)

    results = {unseen: [] for unseen, _ in jobs}
    one(jobs[0])  # alone: it compiles what the others use
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(2) as pool:  # small products wait for each other's threads
        for done, ((unseen, _), scores) in enumerate(zip(jobs, pool.map(one, jobs)), 1):
            results[unseen].append(scores)
            if progress:
                progress(done, len(jobs))
    return results
