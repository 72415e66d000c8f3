"""The exercises of lesson 10, multi-task learning."""

import numpy as np

from transferlib.exercises import compare, exercise, match, need, number, numbers
from transferlib.tasks import stream


@exercise(
    "The digit is odd when it is 1, 3, 5, 7 or 9. Their probabilities add up: no two can be true at once.",
    "p[:, 1::2] are the columns of the odd digits; sum them along axis 1.",
    solution="""def answer(p):
    return p[:, 1::2].sum(1)""",
)
def parity(answer):
    cases = [(stream(3, "exercise", n).dirichlet(np.full(10, 0.5), 30),) for n in range(2)]
    mistakes = {
        "these are the *even* digits: the columns start at 0.": lambda p: p[:, ::2].sum(1),
        "it takes whether the most probable digit is odd: 0 or 1. The probability was asked for.": lambda p: p.argmax(1) % 2,
        "it takes the largest of the five; they add up.": lambda p: p[:, 1::2].max(1),
        "it takes the mean of the five; they add up.": lambda p: p[:, 1::2].mean(1),
        "it multiplies the five, as if all were true at once; they add up.": lambda p: p[:, 1::2].prod(1),
        "it sums over the pictures: axis 1 is along the digits.": lambda p: p[:, 1::2].sum(0),
        "it sums all that there is into one number: axis 1 gives one for each picture.": lambda p: p[:, 1::2].sum(),
        "it adds up digits 1 to 9, or 5 to 9; every second column was asked for.": (
            lambda p: p[:, 1:].sum(1),
            lambda p: p[:, 5:].sum(1),
        ),
    }
    compare(answer, "p", lambda p: p[:, 1::2].sum(1), mistakes, cases)
    return "one head answers two questions; a second head would have to learn it again."


def _project(g, other, dot=None, below=None):
    dot = g @ other if dot is None else dot
    return g - min(dot, 0) / (other @ other if below is None else below) * other


@exercise(
    "Two gradients are in conflict where their inner product, g @ other, is below 0. Elsewhere g stays as it is.",
    "What g has of the other's direction is (g @ other) / (other @ other) * other. Take it off.",
    solution="""def answer(g, other):
    dot = g @ other
    return g - dot / (other @ other) * other if dot < 0 else g""",
)
def project(answer):
    rng = stream(4, "exercise")
    a, b = rng.normal(size=(2, 5))
    a = a if a @ b < 0 else -a
    cases = [(a, b), (-a, b), (b, 3 * a), (2 * b, -a)]
    mistakes = {
        "g is changed though the two agree: only where g @ other is below 0.": lambda g, o: g - g @ o / (o @ o) * o,
        "it changes g where the two *agree*, and leaves it where they are in conflict.": lambda g, o: (
            g - max(g @ o, 0) / (o @ o) * o
        ),
        "the length of `other` counts: divide by other @ other.": lambda g, o: g - min(g @ o, 0) * o,
        "it divides by the length of `other`; by its square, other @ other.": lambda g, o: _project(
            g, o, below=np.linalg.norm(o)
        ),
        "it divides by g @ g; what is taken off is measured along `other`.": lambda g, o: _project(g, o, below=g @ g),
        "the part is added; it should be taken off.": lambda g, o: g + min(g @ o, 0) / (o @ o) * o,
        "it returns what is taken off, and not what is left of g.": lambda g, o: min(g @ o, 0) / (o @ o) * o,
        "it leaves g as it is, conflict or not.": lambda g, o: g,
        "in a conflict it drops g altogether (that is the gate); PCGrad keeps what does not oppose.": lambda g, o: (
            g * (g @ o >= 0)
        ),
        "it changes the other gradient; g was asked for.": lambda g, o: _project(o, g),
        "it returns the sum of the two; g alone was asked for.": lambda g, o: _project(g, o) + o,
    }
    compare(answer, "g, other", _project, mistakes, cases)
    return "what is left stands at a right angle to the other, or as it was."


@exercise(
    "A network of one hidden layer: 100 × units weights and units biases, then units × classes weights and classes biases.",
    "Alone there are two such networks. Together the first layer is there once and both heads stay.",
    solution="""digit, writer = 8 * 10 + 10, 8 * 14 + 14
answer = 2 * (100 * 8 + 8) + digit + writer, (100 * 8 + 8) + digit + writer""",
)
def parameters(answer):
    got = numbers(answer, "two numbers are asked for: apart, together.")
    need(got.shape == (2,), "two numbers are asked for: apart, together.")
    first, heads = 808, 90 + 126
    right = np.array([2 * first + heads, first + heads])
    mistakes = {
        "the two are the other way round: apart comes first, and it is more.": right[::-1],
        "the biases are missing: one for each unit, and one for each class.": [2 * 800 + 80 + 112, 800 + 80 + 112],
        "the hidden layer's 8 biases are missing.": [2 * 800 + heads, 800 + heads],
        "the heads' biases are missing, one for each class.": [2 * first + 192, first + 192],
        "the heads are missing: each task has its own, apart and together.": [2 * first, first],
        "together there are two heads still; you count one of them.": ([2 * first + heads, first + 90]),
        "together there are *two* heads still, the digit's too.": [2 * first + heads, first + 126],
        "apart there are two hidden layers, one a network.": [first + heads, first + heads],
        "together there is *one* hidden layer.": [2 * first + heads, 2 * first + heads],
        "apart there are two networks with one head each, not with both.": [2 * (first + heads), first + heads],
    }
    said = f"that is {np.array2string(got, separator=', ')}; count weights and biases, layer by layer."
    match(got, right, mistakes, said)
    return "sharing saves nearly half here; whether that is what you are short of is another question."


@exercise(
    "A point is beaten where another is at least as good in both tasks, and better in one.",
    "For each row: any((points >= row).all(1) & (points > row).any(1)); return the opposite.",
    solution="""def answer(points):
    beaten = [((points >= row).all(1) & (points > row).any(1)).any() for row in points]
    return ~np.array(beaten)""",
)
def front(answer):
    cases = [
        (np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.15], [0.9, 0.05], [0.5, 0.3]]),),
        (np.array([[0.5, 0.5], [0.5, 0.5], [0.4, 0.6], [0.5, 0.4], [0.1, 0.6], [0.3, 0.2]]),),
        (np.array([[0.9, 0.9], [0.8, 0.2], [0.2, 0.8]]),),
    ]

    def beaten(how):
        return lambda p: np.array([how(p, row).any() for row in p])

    def strictly(p, row):
        return (p > row).all(1)

    def properly(p, row):
        return (p >= row).all(1) & (p > row).any(1)

    mistakes = {
        "these are the *beaten* points; those that nothing beats were asked for.": beaten(properly),
        "a point that is as good in one task and better in the other beats too: >= in both, > in one.": (
            lambda p: ~beaten(strictly)(p)
        ),
        "every point is >= itself: it must not beat itself, nor a twin of it.": lambda p: (
            ~beaten(lambda q, row: (q >= row).all(1))(p)
        ),
        "one task better is not enough: the other must not be worse.": lambda p: ~beaten(lambda q, row: (q > row).any(1))(p),
        "it looks for the best sum; a point can be unbeaten without it.": lambda p: p.sum(1) == p.sum(1).max(),
        "it takes the best of each task; between them are points that nothing beats.": lambda p: (p == p.max(0)).any(1),
        "it calls every point unbeaten.": lambda p: np.ones(len(p)),
        "a point has to be better than *one* other in both, and that does not make it unbeaten.": lambda p: np.array(
            [(row > p).all(1).any() for row in p]
        ),
    }
    compare(answer, "points", lambda p: ~beaten(properly)(p), mistakes, cases)
    return "these are the trades worth choosing from; which of them is yours to say."


@exercise(
    "For each weight the use is worth 0.9 · digit + 0.1 · writer. Take means over the seeds.",
    'weighted[name]["digit"].mean() is the digit\'s; max(weighted, key=...) is the name of the best.',
    solution="""def worth(name):
    return 0.9 * weighted[name]["digit"].mean() + 0.1 * weighted[name]["writer"].mean()


answer = max(weighted, key=worth)""",
)
def choose(answer, weighted):
    said = f"{number(answer):g}" if isinstance(answer, (int, float, np.number)) else str(answer)
    names = {name.removeprefix("weight ").strip(): name for name in weighted}
    said = said.strip().lower().removeprefix("weight").strip(" =")
    need(said in names, f"{answer!r} is not one of the weights; they are {', '.join(names)}.")

    def best(digit, writer):
        worth = {n: digit * np.mean(two["digit"]) + writer * np.mean(two["writer"]) for n, two in weighted.items()}
        return max(worth, key=worth.get)

    chosen, right = names[said], best(0.9, 0.1)
    if chosen != right:
        need(chosen != best(0.1, 0.9), "that is the best where the *writer* counts nine tenths.")
        need(chosen != best(0, 1), "that is the best for the writer alone.")
        need(chosen != best(0.5, 0.5), "that is the best where both count the same.")
        need(chosen != best(1, 0), "that is the best for the digit alone; the writer counts one tenth.")
        need(False, "another weight is worth more: 0.9 · digit + 0.1 · writer, means over the seeds.")
    return f"{right}. The test labels chose it, though: in earnest take labels that are kept apart for choosing."
