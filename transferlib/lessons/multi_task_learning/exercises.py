"""The exercises of lesson 10, multi-task learning."""

import numpy as np

from transferlib.exercises import by_number, code_exercise, exercise, match, need, numbers, several
from transferlib.measures import in_points, interval
from transferlib.tasks import rng_for


@code_exercise(
    "The digit is odd when it is 1, 3, 5, 7 or 9. Their probabilities add up: no two can be true at once.",
    "p[:, 1::2] are the columns of the odd digits; sum them along axis 1.",
    solution="""def answer(p):
    return p[:, 1::2].sum(1)""",
    mistakes={
        "these are the *even* digits: the columns start at 0.": ("1::2 → ::2", "1::2 → 2::2"),
        "9 is odd, too: 1:9:2 stops before it.": "1::2 → 1:9:2",
        "0 or 1, for the likeliest digit, is no probability of odd.": "p.argmax(1) % 2",
        "0 or 1 (> 0.5) only says what is likelier; give the probability.": "answer(p) > 0.5",
        "it takes the mean of the five; they add up.": "sum → mean",
        "it multiplies the five, as if all were true at once; they add up.": "sum → prod",
        "it sums over the pictures: axis 1 is along the digits.": "sum(1) → sum(0)",
        "it sums all into one number: axis 1 gives one for each picture.": "sum(1) → sum()",
    },
    praise="one head answers two questions; a second head would have to learn it again.",
)
def parity():
    return [(rng_for(3, "exercise", n).dirichlet(np.full(10, 0.5), 30),) for n in range(2)]


@code_exercise(
    "Between the two stand w * g + (1 - w) * other, w from 0 to 1. For which w is the square smallest?",
    "Without the ends: the derivative is 0 at w = (other - g) @ other / ((other - g) @ (other - g)).",
    "np.clip(w, 0, 1) keeps it between the two.",
    solution="""def answer(g, other):
    apart = other - g
    w = np.clip(apart @ other / (apart @ apart), 0, 1)
    return w * g + (1 - w) * other""",
    mistakes={
        "w may leave 0 … 1 in yours: then it is no vector between the two.":
            "np.clip(apart @ other / (apart @ apart), 0, 1) → apart @ other / (apart @ apart)",
        "it stops at one of the two ends only; w has to stay between 0 *and* 1.":
            ("0, 1) → 0, None)", "0, 1) → None, 1)"),
        "it takes the middle, where w is ½; the shortest stands nearer to the shorter one.":
            "(g + other) / 2",
        "it takes the shorter of the two; between them there may be a shorter one still.":
            "min(g, other, key=np.linalg.norm)",
        "the two weights are exchanged.": "w * g + (1 - w) * other → (1 - w) * g + w * other",
        "it returns w; the vector was asked for.": "w * g + (1 - w) * other → w",
        "it divides by the length of the difference, and not by its square.":
            "(apart @ apart) → np.linalg.norm(apart)",
        "that is PCGrad's: it takes off what opposes, and adds what is left.":
            "g + other - min(g @ other, 0) * (other / (other @ other) + g / (g @ g))",
        "it is the sum of the two.": "g + other",
        "w is one of a few steps in yours; there is a formula for it, by the derivative.":
            tuple(f"min((w * g + (1 - w) * other for w in np.linspace(0, 1, {n})), key=np.linalg.norm)"
                  for n in (11, 21, 101)),
        "it weighs by the lengths alone; the angle between the two counts too.":
            tuple(f"({b} * g + {a} * other) / ({a} + {b})"
                  for a, b in (("np.linalg.norm(g)", "np.linalg.norm(other)"), ("(g @ g)", "(other @ other)"))),
    },
    praise="a small step against it raises neither loss; where it is 0, no small step lowers both.",
)  # fmt: skip
def shortest():
    a, b = rng_for(4, "exercise").normal(size=(2, 5))
    return [(a, b), (-a, b), (b, 3 * a), (2 * b, -a), (b, 4 * b + a), (4 * b + a, b)]


@exercise(
    "One hidden layer: 100 × units weights, units biases; then units × classes weights, classes biases.",
    "Alone there are two such networks. Together the first layer is there once and both heads stay.",
    solution="""digit, writer = 8 * 10 + 10, 8 * 14 + 14
answer = 2 * (100 * 8 + 8) + digit + writer, (100 * 8 + 8) + digit + writer""",
)
def parameters(answer):
    asked = "two numbers are asked for: apart, together."
    got = numbers(several(answer, asked, 2), asked).ravel()
    first, heads = 808, 90 + 126
    apart, together = 2 * first + heads, first + heads
    match(got, (apart, together), {
        "the two are the other way round: apart comes first, and it is more.": (together, apart),
        "the biases are missing: one for each unit, and one for each class.": (1792, 992),
        "the hidden layer's 8 biases are missing.": (apart - 16, together - 8),
        "the heads' biases are missing, one for each class.": (apart - 24, together - 24),
        "the heads are missing: each task has its own, apart and together.": (2 * first, first),
        "together there are two heads still; you count the digit's only.": (apart, first + 90),
        "together there are two heads still; you count the writer's only.": (apart, first + 126),
        "together the heads are missing; each task has its own.": (apart, first),
        "those are the two networks apart: add them up, and then count the one that shares.": (898, 934),
        "together there is *one* hidden layer.": (apart, apart),
        "apart there are two networks with one head each, not with both.": (2 * together, together),
    }, "{:g} and {:g}? Count weights and biases, layer by layer.".format(*got))  # fmt: skip
    return "sharing saves nearly half here; whether that is what you are short of is another question."


@code_exercise(
    "A point is beaten where another is at least as good in both tasks, and better in one.",
    "For each row: any((points >= row).all(1) & (points > row).any(1)); return the opposite.",
    solution="""def answer(points):
    beaten = [((points >= row).all(1) & (points > row).any(1)).any() for row in points]
    return ~np.array(beaten)""",
    mistakes={
        "these are the *beaten* points; those that nothing beats were asked for.": "~np → np",
        "as good in one, better in the other beats too: >= and >.": "points >= row → points > row",
        "every point is >= itself; it must not beat itself.": "& (points > row).any(1) →",
        "two points that are equal do not beat each other.":
            "[not ((points >= row).all(1) & (np.arange(len(points)) != i)).any() for i, row in enumerate(points)]",
        "one task better is not enough: the other must not be worse.": "(points >= row).all(1) & →",
        "it takes the best sum; a point can be unbeaten without it.": "points.sum(1) == points.sum(1).max()",
        "it takes the best of each task; some between them are unbeaten.": "(points == points.max(0)).any(1)",
        "it calls every point unbeaten.": "np.ones(len(points))",
    },
    praise="these are the trades worth choosing from; which of them is yours to say.",
)  # fmt: skip
def front():
    cases = [
        ([0.9, 0.1], [0.8, 0.2], [0.7, 0.15], [0.9, 0.05], [0.5, 0.3]),
        ([0.5, 0.5], [0.5, 0.5], [0.4, 0.6], [0.5, 0.4], [0.1, 0.6], [0.3, 0.2]),
        ([0.9, 0.9], [0.8, 0.2], [0.2, 0.8]),
        ([0.6, 0.6], [0.7, 0.1], [0.65, 0.55], [0.2, 0.7]),  # the unbeaten lie on both sides of the best sum
    ]
    return [(np.array(points),) for points in cases]


@exercise(
    "For each weight the use is worth 0.9 · digit + 0.1 · writer. Take means over the seeds.",
    'weighted[name]["digit"].mean() is the digit\'s; max(weighted, key=...) is the name of the best.',
    solution="""def worth(name):
    return 0.9 * weighted[name]["digit"].mean() + 0.1 * weighted[name]["writer"].mean()


answer = max(weighted, key=worth)""",
)
def choose(answer, weighted):
    chosen = by_number(answer, weighted, "weights")

    def worth(name, digit=0.9):
        return digit * weighted[name]["digit"] + (1 - digit) * weighted[name]["writer"]

    def best(digit=0.9):
        return max(weighted, key=lambda name: worth(name, digit).mean())

    right = best()
    behind = worth(right) - worth(chosen)
    if interval(behind)[1] > 0:
        need(chosen != best(0.1), "that is the best where the *writer* counts nine tenths.")
        need(chosen != best(0), "that is the best for the writer alone.")
        need(chosen != best(0.5), "that is the best where both count the same.")
        need(chosen != best(1), "that is the best for the digit alone; the writer counts one tenth.")
        need(False, f"another is worth more, 0.9 · digit + 0.1 · writer, by {in_points(behind)}.")
    tie = "" if chosen == right else f" ({right} has a higher mean, but the seeds do not tell the two apart.)"
    return f"{chosen}.{tie} The test labels chose it, though: in earnest keep labels apart for choosing."
