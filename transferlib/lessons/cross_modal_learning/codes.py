"""Codes of the ten digits, a second modality of the *class*: the segments of a display, the letters of its name."""

import numpy as np
from sklearn.metrics.pairwise import cosine_similarity

from transferlib.tasks import rng_for

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
LETTERS = tuple(sorted(set("".join(WORDS))))

_LIT = ("abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg")

SEGMENTS = np.array([[1.0 if s in lit else -1.0 for s in "abcdefg"] for lit in _LIT])
"""(10, 7): +1 where segment a … g of a display is lit for the digit, −1 where it is dark."""

SPELLING = np.array([[1.0 if letter in word else -1.0 for letter in LETTERS] for word in WORDS])
"""(10, 15): +1 where the letter occurs in the digit's English name, −1 where it does not."""


def shuffled_codes(codes: np.ndarray, n: int = 20) -> dict[str, np.ndarray]:
    """The control: the same codes (k, c) dealt out to the wrong classes, n times: {"shuffled 0": (k, c), …}."""
    return {f"shuffled {i}": codes[rng_for(i, "codes").permutation(len(codes))] for i in range(n)}


def answers(
    unseen: tuple[int, int],
    codes: np.ndarray,
    mixture: np.ndarray,
    share: np.ndarray,
    truth: np.ndarray,
    handicap: float = 0.0,
) -> dict:
    """How pictures of two unseen digits are read, as `plots.unseen_answers` draws it.

    codes      (10, c); mixture (n, 10), how much of each digit the map sees in a picture; share (10,), of each digit among
               the rows that the map learned from; truth (n,), which digit each picture shows
    handicap   taken off every seen digit's score before all ten compete (calibrated stacking, Chao et al. 2016)
    """
    said, centre = mixture @ codes, share @ codes
    scores = cosine_similarity(said - centre, codes - centre)
    named = (scores - handicap * ~np.isin(range(len(codes)), unseen)).argmax(1)
    return dict(
        unseen=unseen,
        codes=codes[list(unseen)],
        mapped=np.stack([said[truth == digit].mean(0) for digit in unseen]),
        answers=np.bincount(named, minlength=len(codes)) / len(truth),
        told_apart=float((np.array(unseen)[scores[:, list(unseen)].argmax(1)] == truth).mean()),
        right=float((named == truth).mean()),
    )
