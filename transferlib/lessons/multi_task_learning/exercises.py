"""The exercises of lesson 10, multi-task learning."""

import numpy as np

from transferlib.exercises import compare, exercise, match, need, number, numbers, short
from transferlib.measures import in_points, interval
from transferlib.tasks import stream


@exercise(
    "The digit is odd when it is 1, 3, 5, 7 or 9. Their probabilities add up: no two can be true at once.",
    "p[:, 1::2] are the columns of the odd digits; sum them along axis 1.",
    solution="""def answer(p):
    return p[:, 1::2].sum(1)""",
)
def parity(answer):
    cases = [(stream(3, "exercise", n).dirichlet(np.full(10, 0.5), 30),) for n in range(2)]
    compare(answer, "p", lambda p: p[:, 1::2].sum(1), {
        "these are the *even* digits: the columns start at 0.": lambda p: p[:, ::2].sum(1),
        "0 or 1, for the likeliest digit, is no probability of odd.": lambda p: p.argmax(1) % 2,
        "0 or 1 (> 0.5) only says what is likelier; give the probability.": lambda p: p[:, 1::2].sum(1) > 0.5,
        "it takes the mean of the five; they add up.": lambda p: p[:, 1::2].mean(1),
        "it multiplies the five, as if all were true at once; they add up.": lambda p: p[:, 1::2].prod(1),
        "it sums over the pictures: axis 1 is along the digits.": lambda p: p[:, 1::2].sum(0),
        "it sums all into one number: axis 1 gives one for each picture.": lambda p: p[:, 1::2].sum(),
    }, cases)  # fmt: skip
    return "one head answers two questions; a second head would have to learn it again."


@exercise(
    "Two gradients are in conflict where their inner product, g @ other, is below 0. Elsewhere g stays.",
    "What g has of the other's direction is (g @ other) / (other @ other) * other. Take it off.",
    solution="""def answer(g, other):
    dot = g @ other
    return g - dot / (other @ other) * other if dot < 0 else g""",
)
def project(answer):
    def less(g, o, below=None, times=1.0, dot=lambda d: min(d, 0)):
        return g - times * dot(g @ o) / (o @ o if below is None else below) * o

    def norm(*vectors):
        return np.prod([np.linalg.norm(v) for v in vectors])

    a, b = stream(4, "exercise").normal(size=(2, 5))
    a = a if a @ b < 0 else -a
    compare(answer, "g, other", less, {
        "g is changed though the two agree; only where g @ other < 0.": lambda g, o: less(g, o, dot=float),
        "it changes g where the two *agree*; change it in a conflict.": lambda g, o: -less(-g, o),
        "the length of `other` counts: divide by other @ other.": lambda g, o: less(g, o, 1.0),
        "it divides by `other`'s length; by its square, other @ other.": lambda g, o: less(g, o, norm(o)),
        "it divides by both lengths, as a cosine; by other @ other.": lambda g, o: less(g, o, norm(g, o)),
        "the part is added; it should be taken off.": lambda g, o: less(g, o, times=-1),
        "the part is taken off twice, which reflects g; once is enough.": lambda g, o: less(g, o, times=2),
        "it returns what is taken off, and not what is left of g.": lambda g, o: g - less(g, o),
        "that is the gate, which drops g; keep what does not oppose.": lambda g, o: g * (g @ o >= 0),
        "it returns both gradients, or their sum; g alone was asked for.":
            (lambda g, o: (less(g, o), less(o, g)), lambda g, o: less(g, o) + less(o, g)),
    }, [(a, b), (-a, b), (b, 3 * a), (2 * b, -a)])  # fmt: skip
    return "what is left stands at a right angle to the other, or as it was."


@exercise(
    "One hidden layer: 100 × units weights, units biases; then units × classes weights, classes biases.",
    "Alone there are two such networks. Together the first layer is there once and both heads stay.",
    solution="""digit, writer = 8 * 10 + 10, 8 * 14 + 14
answer = 2 * (100 * 8 + 8) + digit + writer, (100 * 8 + 8) + digit + writer""",
)
def parameters(answer):
    got = numbers(answer, "two numbers are asked for: apart, together.")
    need(got.shape == (2,), "two numbers are asked for: apart, together.")
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
        "together there is *one* hidden layer.": (apart, apart),
        "apart there are two networks with one head each, not with both.": (2 * together, together),
    }, "{:g} and {:g}? Count weights and biases, layer by layer.".format(*got))  # fmt: skip
    return "sharing saves nearly half here; whether that is what you are short of is another question."


@exercise(
    "A point is beaten where another is at least as good in both tasks, and better in one.",
    "For each row: any((points >= row).all(1) & (points > row).any(1)); return the opposite.",
    solution="""def answer(points):
    beaten = [((points >= row).all(1) & (points > row).any(1)).any() for row in points]
    return ~np.array(beaten)""",
)
def front(answer):
    def unbeaten(beats=lambda p, row: (p >= row).all(1) & (p > row).any(1)):
        return lambda p: np.array([not beats(p, row).any() for row in p])

    cases = [
        ([0.9, 0.1], [0.8, 0.2], [0.7, 0.15], [0.9, 0.05], [0.5, 0.3]),
        ([0.5, 0.5], [0.5, 0.5], [0.4, 0.6], [0.5, 0.4], [0.1, 0.6], [0.3, 0.2]),
        ([0.9, 0.9], [0.8, 0.2], [0.2, 0.8]),
        ([0.6, 0.6], [0.7, 0.1], [0.65, 0.55], [0.2, 0.7]),  # the unbeaten lie on both sides of the best sum
    ]
    compare(answer, "points", unbeaten(), {
        "these are the *beaten* points; those that nothing beats were asked for.": lambda p: ~unbeaten()(p),
        "as good in one, better in the other beats too: >= and >.": unbeaten(lambda p, r: (p > r).all(1)),
        "every point is >= itself; it must not beat itself.": unbeaten(lambda p, r: (p >= r).all(1)),
        "one task better is not enough: the other must not be worse.": unbeaten(lambda p, r: (p > r).any(1)),
        "it takes the best sum; a point can be unbeaten without it.": lambda p: p.sum(1) == p.sum(1).max(),
        "it takes the best of each task; some between them are unbeaten.": lambda p: (p == p.max(0)).any(1),
        "it calls every point unbeaten.": lambda p: np.ones(len(p)),
    }, [(np.array(points),) for points in cases])  # fmt: skip
    return "these are the trades worth choosing from; which of them is yours to say."


@exercise(
    "For each weight the use is worth 0.9 · digit + 0.1 · writer. Take means over the seeds.",
    'weighted[name]["digit"].mean() is the digit\'s; max(weighted, key=...) is the name of the best.',
    solution="""def worth(name):
    return 0.9 * weighted[name]["digit"].mean() + 0.1 * weighted[name]["writer"].mean()


answer = max(weighted, key=worth)""",
)
def choose(answer, weighted):
    said = f"{number(answer):g}" if isinstance(answer, (int, float, np.number)) else short(answer).strip("'")
    said = said.strip().lower().removeprefix("weight").removeprefix("w").strip(" =:")
    names = {name.removeprefix("weight ").strip(): name for name in weighted}
    need(said in names, f"{short(answer)} is not one of the weights; they are {', '.join(names)}.")

    def worth(name, digit=0.9):
        return digit * weighted[name]["digit"] + (1 - digit) * weighted[name]["writer"]

    def best(digit=0.9):
        return max(weighted, key=lambda name: worth(name, digit).mean())

    chosen, right = names[said], best()
    behind = worth(right) - worth(chosen)
    if interval(behind)[1] > 0:
        need(chosen != best(0.1), "that is the best where the *writer* counts nine tenths.")
        need(chosen != best(0), "that is the best for the writer alone.")
        need(chosen != best(0.5), "that is the best where both count the same.")
        need(chosen != best(1), "that is the best for the digit alone; the writer counts one tenth.")
        need(False, f"another is worth more, 0.9 · digit + 0.1 · writer, by {in_points(behind)}.")
    tie = "" if chosen == right else f" ({right} has a higher mean, but the seeds do not tell the two apart.)"
    return f"{chosen}.{tie} The test labels chose it, though: in earnest keep labels apart for choosing."
