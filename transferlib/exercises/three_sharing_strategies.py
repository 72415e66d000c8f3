"""The exercises of lesson 04, three sharing strategies."""

import numpy as np

from transferlib.exercises import Exercise, need, number
from transferlib.measures import at
from transferlib.strategies import Strategy


def _crossing(answer, table):
    number(answer)
    need(answer in table, f"{answer} is not one of the label budgets that were run: {', '.join(map(str, table))}.")
    lead = {k: at(arms["share weights"]).mean() - at(arms["fix common"]).mean() for k, arms in table.items()}
    right = next(k for k in lead if lead[k] > 0)
    need(lead[answer] > 0, f"at {answer} labels per class fix common is still ahead, by {-100 * lead[answer]:.1f} points.")
    need(answer == right, f"share weights is ahead at {answer}, but it was ahead with fewer labels already.")
    return f"from {right} labels per class on, moving the shared part pays."


crossing = Exercise(
    "crossing",
    _crossing,
    (
        "Compare the blue and the orange line of the label-budget picture, from left to right.",
        "at(table[k]['share weights']).mean() is the height of the orange line at k labels; do the same for 'fix common'.",
    ),
    """for k in table:
    if at(table[k]["share weights"]).mean() > at(table[k]["fix common"]).mean():
        break
answer = k""",
)


def _gentle(answer):
    need(isinstance(answer, Strategy), f"a Strategy is asked for, not {type(answer).__name__}.")
    need(
        answer.start == "source",
        "it starts at random; then nothing is transferred. Which value of `start` brings θ_c along?",
    )
    need(answer.move != 1, "its shared part moves at full speed: that is share weights. Turn `move` down to a tenth.")
    need(answer.move != 0, "its shared part does not move at all: that is fix common. A tenth is 0.1.")
    need(answer.move == 0.1, f"its shared part moves at {answer.move} of the full speed; a tenth was asked for.")
    need(
        answer.alpha == 0,
        "the source's gradient joins in (alpha > 0); here the source is finished and only lends its weights.",
    )
    return "a point between fix common and share weights: fine-tuning with a smaller rate for the shared layers."


gentle = Exercise(
    "gentle",
    _gentle,
    (
        "Look at the table of the dial: which column is 'how far it moves'?",
        "SHARE_WEIGHTS.but(name=..., move=...) changes one setting and keeps the others.",
    ),
    'answer = SHARE_WEIGHTS.but(name="gentle", move=0.1)',
)


def _vectors():
    """Pairs of gradients that agree, disagree, and stand at right angles."""
    rng = np.random.default_rng(4)
    for _ in range(20):
        g_t, g_s = rng.normal(size=(2, 6))
        yield g_t, g_s
    yield np.array([1.0, 0.0]), np.array([0.0, 2.0])


def _tried(answer, expected, mistakes):
    """Compare a function with the expected one, and name the mistake if it is one of `mistakes`: {message: function}."""
    need(callable(answer), f"a function of (g_t, g_s) is asked for, not {type(answer).__name__}.")
    cases = [(g_t, g_s, np.asarray(answer(g_t.copy(), g_s.copy()))) for g_t, g_s in _vectors()]
    need(all(np.shape(got) == g_t.shape for g_t, _, got in cases), "it must return one vector, as long as g_t.")
    if all(np.allclose(got, expected(g_t, g_s)) for g_t, g_s, got in cases):
        return
    for message, mistaken in mistakes.items():
        need(not all(np.allclose(got, mistaken(g_t, g_s)) for g_t, g_s, got in cases), message)
    g_t, g_s, got = next(c for c in cases if not np.allclose(c[2], expected(*c[:2])))
    need(
        False,
        f"for g_t = {g_t.round(2)} and g_s = {g_s.round(2)}, whose product is {g_t @ g_s:+.2f}, it gives {got.round(2)} "
        f"instead of {expected(g_t, g_s).round(2)}.",
    )


def _gate(answer):
    _tried(
        answer,
        lambda t, s: t + (s if t @ s >= 0 else 0),
        {
            "it lets the source through always: that is the plain sum. Look at the sign of g_t @ g_s first.": lambda t, s: (
                t + s
            ),
            "it lets the source through in a conflict and stops it in agreement: the comparison is the wrong way round.": (
                lambda t, s: t + (s if t @ s < 0 else 0)
            ),
            "it never lets the source through: that is share weights.": lambda t, s: t,
            "it stops the target as well in a conflict; the gate is for the source alone.": (
                lambda t, s: t + s if t @ s >= 0 else 0 * t
            ),
            "it shuts at a right angle. A product of exactly 0 is no conflict: use >=.": lambda t, s: (
                t + (s if t @ s > 0 else 0)
            ),
        },
    )
    return "the source speaks only while it does not contradict."


gate = Exercise(
    "gate",
    _gate,
    (
        "Two vectors oppose each other when their inner product, g_t @ g_s, is negative.",
        "Return g_t + g_s in one case, and g_t alone in the other.",
    ),
    """def answer(g_t, g_s):
    return g_t + g_s if g_t @ g_s >= 0 else g_t""",
)


def _pcgrad(answer):
    def expected(t, s):
        c = min(t @ s, 0)
        return (t - c / (s @ s) * s) + (s - c / (t @ t) * t)

    _tried(
        answer,
        expected,
        {
            "it is the plain sum: nothing is taken away in a conflict.": lambda t, s: t + s,
            "it projects in agreement too. Only what *opposes* is taken away: when g_t @ g_s is negative.": (
                lambda t, s: (t - t @ s / (s @ s) * s) + (s - t @ s / (t @ t) * t)
            ),
            "only g_t gives way. Both must, each against the other's *original*: then g_t opposes nothing.": lambda t, s: (
                t - min(t @ s, 0) / (s @ s) * s + s
            ),
            "only g_s gives way, which is the one-sided projection. In PCGrad both do.": (
                lambda t, s: s - min(t @ s, 0) / (t @ t) * t + t
            ),
            "you divide by the length; the projection divides by the *squared* length, g @ g.": (
                lambda t, s: t - min(t @ s, 0) / np.linalg.norm(s) * s + s - min(t @ s, 0) / np.linalg.norm(t) * t
            ),
        },
    )
    return "each gave up what opposed the other, and nothing else."


pcgrad = Exercise(
    "pcgrad",
    _pcgrad,
    (
        "In agreement it is the sum. In a conflict, take from each vector its component along the other.",
        "The component of g_t along g_s is (g_t @ g_s) / (g_s @ g_s) * g_s.",
        "Keep the originals: compute both projections from g_t and g_s as they came in, and add them at the end.",
    ),
    """def answer(g_t, g_s):
    conflict = min(g_t @ g_s, 0)
    return (g_t - conflict / (g_s @ g_s) * g_s) + (g_s - conflict / (g_t @ g_t) * g_t)""",
)
