"""The exercises of lesson 04, three sharing strategies."""

import numpy as np

from transferlib.exercises import code_exercise, exercise, match, need, numbers, several, short
from transferlib.measures import interval, value_at
from transferlib.strategies import Strategy
from transferlib.tasks import rng_for


@exercise(
    "Take the difference, value_at(early[k]['fix common']) - value_at(early[k]['share weights']), and its interval.",
    "interval(difference) gives the mean and both ends. Clearly ahead: the *lower* end is above 0.",
    solution="""from transferlib.measures import interval

answer = []
for k, arms in early.items():
    mean, low, high = interval(value_at(arms["fix common"]) - value_at(arms["share weights"]))
    if low > 0:
        answer.append(k)""",
)
def clearly(answer, table):
    asked = f"a list of numbers of labels is asked for, out of {', '.join(map(str, table))}."
    not_that = f"{asked} You gave {short(answer)}."
    answer = several(answer, not_that)
    answer = numbers(answer, not_that) if answer else np.zeros(0)
    need(answer.ndim == 1, not_that)
    strange = answer[~np.isin(answer, list(table))]
    need(not len(strange), f"{strange[:1].tolist()} was not run. In short: {asked}")
    lead = {k: 100 * (value_at(arms["fix common"]) - value_at(arms["share weights"])) for k, arms in table.items()}
    lead = {k: interval(difference) for k, difference in lead.items()}
    span = {k: "{:+.1f} [{:+.1f}, {:+.1f}] points".format(*three) for k, three in lead.items()}
    given, behind = {int(k) for k in answer}, {k for k, (*_, high) in lead.items() if high < 0}
    need(not given or given != behind, "the other way round: there *share weights* is clearly ahead.")
    for k in sorted(given):
        need(lead[k][0] > 0, f"with {k} labels per class fix common is not even ahead in mean: {span[k]}.")
        need(lead[k][1] > 0, f"with {k} labels per class the mean is above 0, its interval not: {span[k]}.")
    for k in table:
        need(k in given or lead[k][1] <= 0, f"with {k} too: {span[k]}, even where the picture's bands overlap.")
    return "elsewhere these runs cannot tell, or share weights is ahead. 'Cannot tell' is an answer too."


@exercise(
    "Look at the table of the dial: which column is 'how far it moves'?",
    "SHARE_WEIGHTS.but(name=..., move=...) changes one setting and keeps the others.",
    solution='answer = SHARE_WEIGHTS.but(name="gentle", move=0.1)',
)
def gentle(answer):
    need(isinstance(answer, Strategy), f"a Strategy is asked for, not {type(answer).__name__}.")
    start = "it starts at random; then nothing is transferred. Which value of `start` brings θ_c along?"
    need(answer.start == "source", start)
    match(list({*answer.moves}), [0.1], {
        "its shared part moves at full speed: that is share weights. Turn `move` down to a tenth.": [1],
        "its shared part does not move at all: that is fix common. A tenth is 0.1.": [0],
        "it is slower *by* a tenth; a tenth of the full speed was asked for.": [0.9],
        "that is a hundredth; a tenth is 0.1.": [0.01],
    }, f"its shared part moves at {answer.move} of the full speed; a tenth was asked for.")  # fmt: skip
    need(answer.alpha == 0, "the source's gradient joins in (alpha > 0); here it only lends its weights.")
    return "between fix common and share weights: fine-tuning with a smaller rate for the shared layers."


def _gradients():
    """Pairs of gradients that agree, disagree, and stand at right angles."""
    yield from (tuple(pair) for pair in rng_for(4, "exercise").normal(size=(20, 2, 6)))
    yield np.array([1.0, 0.0]), np.array([0.0, 2.0])


@code_exercise(
    "Two vectors oppose each other when their inner product, g_t @ g_s, is negative.",
    "Return g_t + g_s in one case, and g_t alone in the other.",
    solution="""def answer(g_t, g_s):
    return g_t + g_s if g_t @ g_s >= 0 else g_t""",
    mistakes={
        "it lets the source through always: that is the plain sum. Look at the sign of g_t @ g_s first.":
            "g_t + g_s",
        "it opens in a conflict only: the comparison is the wrong way round.": ">= → <",
        "it never lets the source through: that is share weights.": "g_t",
        "in a conflict it stops the target as well as the source.": "else g_t → else 0 * g_t",
        "in a conflict it stops the target: the two are exchanged.": "else g_t → else g_s",
        "it shuts at a right angle. A product of 0 is no conflict: use >=.": ">= → >",
        "it looks number by number; g_t @ g_s is one number for all.": (
            "np.where(g_t * g_s >= 0, g_t + g_s, g_t)",
            "g_t + g_s if (g_t * g_s >= 0).all() else g_t",
            "g_t + g_s if (g_t * g_s >= 0).any() else g_t",
            "g_t + g_s if np.sign(g_t * g_s).sum() >= 0 else g_t",
        ),
        "that is `weighted`, which takes g_s times the cosine; the gate takes all of it.":
            "g_t + max(0, g_t @ g_s) / np.linalg.norm(g_t) / np.linalg.norm(g_s) * g_s",
        "that is `one-sided`, which takes a component off g_s; the gate drops g_s as a whole.":
            "g_t + g_s - min(g_t @ g_s, 0) / (g_t @ g_t) * g_t",
    },
    praise="the source speaks only while it does not contradict.",
)  # fmt: skip
def gate():
    return _gradients()


@code_exercise(
    "In agreement it is the sum. In a conflict, take from each vector its component along the other.",
    "The component of g_t along g_s is (g_t @ g_s) / (g_s @ g_s) * g_s.",
    "Keep the originals: compute both projections from g_t and g_s as they came in, and add them at the end.",
    solution="""def answer(g_t, g_s):
    conflict = min(g_t @ g_s, 0)
    return (g_t - conflict / (g_s @ g_s) * g_s) + (g_s - conflict / (g_t @ g_t) * g_t)""",
    mistakes={
        "it is the plain sum: nothing is taken away in a conflict.": "g_t + g_s",
        "it projects in agreement too; only what *opposes* goes.": "min(g_t @ g_s, 0) → g_t @ g_s",
        "it projects in agreement and not in a conflict: the comparison is the wrong way round.": "min → max",
        "only g_t gives way. g_s must too, to the *original* g_t: to the changed one nothing is left.":
            "- conflict / (g_t @ g_t) * g_t →",
        "only g_s gives way: the one-sided projection. In PCGrad both do.":
            "- conflict / (g_s @ g_s) * g_s →",
        "it divides by the length; a projection by the *squared* length, g @ g.":
            "g_t + g_s - min(g_t @ g_s, 0) * (g_s / (g_s @ g_s) ** 0.5 + g_t / (g_t @ g_t) ** 0.5)",
        "a component along a vector is divided by that vector's squared length; yours by another.": (
            "g_t + g_s - min(g_t @ g_s, 0) * (g_s / (g_t @ g_t) + g_t / (g_s @ g_s))",
            "g_t + g_s - min(g_t @ g_s, 0) * (g_s + g_t) / np.linalg.norm(g_t) / np.linalg.norm(g_s)",
        ),
        "it adds what opposes once more; take it away.":
            "g_t + g_s + min(g_t @ g_s, 0) * (g_s / (g_s @ g_s) + g_t / (g_t @ g_t))",
        "that is half of it: the two are added, not averaged.": "answer(g_t, g_s) / 2",
        "g_s is missing; both are added at the end.": "+ (g_s - conflict / (g_t @ g_t) * g_t) →",
        "the division by the squared length is missing.": "g_t + g_s - min(g_t @ g_s, 0) * (g_t + g_s)",
        "in a conflict the source is left out: that is the gate.": "g_t + g_s if g_t @ g_s >= 0 else g_t",
    },
    praise="each gave up what opposed the other, and nothing else.",
)  # fmt: skip
def pcgrad():
    return _gradients()
