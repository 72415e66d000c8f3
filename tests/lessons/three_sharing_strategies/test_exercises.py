"""The exercises of lesson 04."""

import numpy as np
import pytest

from tests.exercises import Run, Tried, every, holds
from transferlib import strategies
from transferlib.lessons.three_sharing_strategies import exercises as three_sharing_strategies
from transferlib.measures import value_at
from transferlib.strategies import FIX_COMMON, SCRATCH, SHARE_GRADIENTS, SHARE_WEIGHTS, Strategy

LEAD = {1: 0.04, 2: 0.02, 5: 0.003, 10: -0.003, 20: -0.01, 50: -0.02}
WOBBLE = 0.01 * np.sin(range(10))
TABLE = {k: {"fix common": [Run(0.8 + d + w) for w in WOBBLE], "share weights": [Run(0.8)] * 10} for k, d in LEAD.items()}


def opposed(t, s):
    return t @ s < 0


def along(a, b):
    return a @ b / (b @ b) * b


def loops(t, s):
    return [a + b if sum(x * y for x, y in zip(t, s)) >= 0 else a for a, b in zip(t, s)]


def growing(t, s):
    if t @ s >= 0:
        t += s
    return t


def projected(t, s):
    if opposed(t, s):
        t, s = t - along(t, s), s - along(s, t)
    return t + s


def by_unit(t, s):
    u, v = t / np.linalg.norm(t), s / np.linalg.norm(s)
    return t - min(t @ v, 0) * v + s - min(s @ u, 0) * u


def in_place(t, s):
    old = t.copy()
    if t @ s < 0:
        t -= along(old, s)
        s -= along(s, old)
    return t + s


def in_turn(t, s):
    if opposed(t, s):
        t = t - along(t, s)
        s = s - min(t @ s, 0) / (t @ t) * t
    return t + s


CASES = {
    "clearly": Tried(
        right=[
            [1, 2],
            (2, 1),
            {1, 2},
            range(1, 3),
            np.array([1, 2]),
            [np.int64(1), 2.0],
            list(TABLE)[:2],
            dict.fromkeys((1, 2)),
            filter(lambda k: LEAD[k] > 0.01, LEAD),
        ],
        wrong=[
            ([20, 50], "the other way round"),
            ([1, 2, 5], "its interval not"),
            ([1, 2, 50], "not even ahead in mean"),
            ([1, 2, 10], "not even ahead in mean"),
            ([1], "with 2 too"),
            ([], "with 1 too"),
            ([1, 3], "[3.0] was not run"),
            (1, "a list of numbers"),
            ("1, 2", "a list of numbers"),
            (["1", "2"], "a list of numbers"),
        ],
        given=(TABLE,),
        names=dict(early=TABLE, value_at=value_at),
    ),
    "gentle": Tried(
        right=[
            SHARE_WEIGHTS.but(move=1 - 0.9),
            SHARE_WEIGHTS.but(move=1 / 10),
            SHARE_WEIGHTS.but(move=[0.1]),
            SHARE_WEIGHTS.but(move=np.float32(0.1)),
            Strategy("mine", move=0.1),
            Strategy("mine", "source", 0.1, 0.0),
            FIX_COMMON.but(move=0.1),
            SCRATCH.but(start="source", move=0.1),
            SHARE_GRADIENTS.but(alpha=0.0, move=0.1),
        ],
        wrong=[
            (SHARE_WEIGHTS, "at full speed"),
            (SCRATCH.but(move=0.1), "at random"),
            (SHARE_WEIGHTS.but(move=0.0), "does not move at all"),
            (SHARE_WEIGHTS.but(move=0.5), "at 0.5 of the full speed"),
            (SHARE_WEIGHTS.but(move=0.9), "slower *by* a tenth"),
            (SHARE_WEIGHTS.but(move=0.01), "a hundredth"),
            (SHARE_GRADIENTS.but(move=0.1), "joins in"),
            (0.1, "a Strategy is asked for"),
        ],
        names=vars(strategies),
    ),
    "gate": Tried(
        right=[
            loops,
            growing,
            lambda t, s: t + s * (t @ s >= 0),
            lambda t, s: np.where(np.dot(t, s) < 0, t, t + s),
            lambda t, s: t if np.sum(t * s) < 0 else np.add(t, s),
            lambda t, s: t + np.heaviside(t @ s, 1) * s,
            lambda t, s: list(t) if opposed(t, s) else list(t + s),
            lambda t, s: (t + (not opposed(t, s)) * s).astype(np.float32),
        ],
        wrong=[
            (lambda t, s: t + s, "plain sum"),
            (lambda t, s: t + s if opposed(t, s) else t, "wrong way round"),
            (lambda t, s: t, "share weights"),
            (lambda t, s: t + s if t @ s >= 0 else 0 * t, "stops the target as well"),
            (lambda t, s: t + s if t @ s > 0 else t, "right angle"),
            (lambda t, s: np.where(t * s >= 0, t + s, t), "number by number"),
            (lambda t, s: s if opposed(t, s) else t + s, "exchanged"),
            (lambda t, s: t @ s, "returns one number"),
            (lambda t, s: t + max(0, t @ s / np.linalg.norm(t) / np.linalg.norm(s)) * s, "`weighted`"),
            (lambda t, s: t + s - opposed(t, s) * along(s, t), "`one-sided`"),
            (lambda t, s: s, "instead of"),
            (lambda t: t, "yours takes (t)"),
            (1.0, "a function of (g_t, g_s)"),
        ],
        alike=[
            (lambda t, s: t + s if all(t * s >= 0) else t, "number by number"),
            (lambda t, s: t + s if any(t * s >= 0) else t, "number by number"),
            (lambda t, s: t + s if sum(np.sign(t) * np.sign(s)) >= 0 else t, "number by number"),
        ],
    ),
    "pcgrad": Tried(
        right=[
            projected,
            by_unit,
            in_place,
            lambda t, s: t + s - min(t @ s, 0) * (s / (s @ s) + t / (t @ t)),
            lambda t, s: t + s - (opposed(t, s) and along(t, s) + along(s, t)),
            lambda t, s: t + s if t @ s >= 0 else (t + s) - along(t, s) - along(s, t),
            lambda t, s: (np.eye(len(t)) - opposed(t, s) * np.outer(s, s) / (s @ s)) @ t + s - opposed(t, s) * along(s, t),
            lambda t, s: projected(s, t).tolist(),
        ],
        wrong=[
            (lambda t, s: t + s, "plain sum"),
            (lambda t, s: t - along(t, s) + s - along(s, t), "in agreement too"),
            (lambda t, s: t + s - (along(t, s) + along(s, t)) * (t @ s > 0), "the wrong way round"),
            (lambda t, s: t + s - opposed(t, s) * along(t, s), "only g_t gives way"),
            (lambda t, s: t + s - opposed(t, s) * along(s, t), "only g_s gives way"),
            (lambda t, s: t + s - min(t @ s, 0) * (s / np.linalg.norm(s) + t / np.linalg.norm(t)), "*squared* length"),
            (lambda t, s: t + s - min(t @ s, 0) * (s + t), "squared length is missing"),
            (lambda t, s: t if opposed(t, s) else t + s, "the gate"),
            (lambda t, s: t + s - min(t @ s, 0) * (s / (t @ t) + t / (s @ s)), "yours by another"),
            (lambda t, s: t + s + opposed(t, s) * (along(t, s) + along(s, t)), "once more"),
            (lambda t, s: projected(t, s) / 2, "not averaged"),
            (lambda t, s: t - opposed(t, s) * along(t, s), "g_s is missing"),
            (lambda t, s: 2 * t, "instead of"),
            ("pcgrad", "a function of"),
        ],
        alike=[
            (
                lambda t, s: t + s - min(t @ s, 0) * (s + t) / np.linalg.norm(t) / np.linalg.norm(s),
                "yours by another",
            ),
        ],
    ),
}


@pytest.mark.parametrize("name", every(three_sharing_strategies))
def test_exercise(name):
    holds(every(three_sharing_strategies)[name], CASES[name])


def test_projecting_in_turn_is_projecting_one():
    """Once g_t opposes nothing, nothing is left for g_s to give up."""
    said = three_sharing_strategies.pcgrad.check(in_turn).text
    assert "only g_t gives way" in said and "to the changed one nothing is left" in said
