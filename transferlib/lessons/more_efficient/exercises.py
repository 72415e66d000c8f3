"""The exercises of lesson 15, more efficient."""

import numpy as np

from transferlib.exercises import code_exercise
from transferlib.tasks import rng_for


@code_exercise(
    "y is x W + (x A) B. Take h = x A as the input of a layer with the matrix B. What is the gradient of h?",
    "The gradient of h = x @ A is g @ B.T. A is a matrix that multiplies x: its gradient is x.T @ (that of h).",
    solution="""def answer(x, g, A, B):
    return x.T @ (g @ B.T)""",
    mistakes={
        "that is the gradient of W; the loss reaches A through B only.": "x.T @ g",
        "that is the gradient of B.": "(x @ A).T @ g",
        "it has the shape of A turned: give (n, r).": "(x.T @ (g @ B.T)).T",
        "the mean over the rows is in g already: do not divide again.": "answer(x, g, A, B) / len(x)",
        "a gradient has no minus; the minus comes with the step.": "-answer(x, g, A, B)",
        "that is the gradient of h = x @ A, a row for each row of x; A multiplies x.": "g @ B.T",
        "that is A after a step; asked for is the gradient alone.":
            ("A - answer(x, g, A, B)", "A - 0.001 * answer(x, g, A, B)", "A - 0.01 * answer(x, g, A, B)",
             "A - 0.1 * answer(x, g, A, B)"),
        "B has to be turned, not inverted.": lambda x, g, A, B: x.T @ (g @ np.linalg.pinv(B)),
        "it divides by the number of entries of g: the loss has done that, where it is a mean.":
            "answer(x, g, A, B) / g.size",
        "it adds up over the rows before they are multiplied: each row of x belongs to its own row of g.":
            (lambda x, g, A, B: np.outer(x.sum(0), g.sum(0) @ B.T),
             lambda x, g, A, B: np.outer(x.mean(0), g.mean(0) @ B.T)),
        "there is no factor 2: the product A @ B holds A once.": "2 * answer(x, g, A, B)",
        "the gradient is not multiplied by A itself.": "answer(x, g, A, B) * A",
        "W + A @ B has two parts, and only one holds A: nothing is to be added.":
            ("answer(x, g, A, B) + A", "answer(x, g, A, B) + x.T @ x @ A"),
        "g is the gradient with respect to y already; y itself is not needed.": lambda x, g, A, B: x.T @ (x @ A @ B) @ B.T,
    },
    praise="B starts at zero, so this is zero at the first step: of the two only B moves then.",
)  # fmt: skip
def gradient_of_a():
    rng = rng_for(15, "exercise")
    for rows, n, m, r in ((4, 6, 5, 2), (3, 5, 8, 1), (7, 4, 4, 3)):
        yield tuple(rng.normal(size=shape) for shape in ((rows, n), (rows, m), (n, r), (r, m)))


@code_exercise(
    "What was added to the base for the first target? Take it off again.",
    "merged - A1 @ B1 is the base. Then add the second pair.",
    solution="""def answer(merged, first, second):
    (a1, b1), (a2, b2) = first, second
    return merged - a1 @ b1 + a2 @ b2""",
    mistakes={
        "the first target's change is still in it: take it off before.": "merged + second[0] @ second[1]",
        "that is the base again; the second target's change is missing.": "merged - first[0] @ first[1]",
        "the signs are turned: take the *first* off and add the *second*.":
            "merged + first[0] @ first[1] - second[0] @ second[1]",
        "both changes are taken off.": "merged - first[0] @ first[1] - second[0] @ second[1]",
        "that is the second target's change alone; add it to the base.": "second[0] @ second[1]",
        "nothing was changed.": "merged",
        "both changes are added.": "merged + first[0] @ first[1] + second[0] @ second[1]",
        "it mixes the pairs: A of the one and B of the other.":
            ("merged - first[0] @ second[1] + second[0] @ first[1]", "merged - first[0] @ first[1] + second[0] @ first[1]",
             "merged - first[0] @ first[1] + first[0] @ second[1]", "merged - second[0] @ first[1] + first[0] @ second[1]"),
        "the changes are averaged; each target has its own.":
            ("merged + (second[0] @ second[1] - first[0] @ first[1]) / 2",
             "merged + (second[0] @ second[1] + first[0] @ first[1]) / 2"),
        "multiply each pair first, and then subtract: the product of two differences is another matrix.":
            ("merged - (first[0] - second[0]) @ (first[1] - second[1])",
             "merged + (second[0] - first[0]) @ (second[1] - first[1])"),
        "that is what has to be added to `merged`; add it.": "second[0] @ second[1] - first[0] @ first[1]",
        "the second target's change is not in `merged`; the first one's is.": "merged - second[0] @ second[1]",
        "the first target's change is in `merged` already, and now it is there twice.": "merged + first[0] @ first[1]",
        "the first target's change is taken off twice.": "merged - 2 * first[0] @ first[1] + second[0] @ second[1]",
        "the base is not in it.": "first[0] @ first[1] + second[0] @ second[1]",
        "it is turned: give the shape of `merged`.": "answer(merged, first, second).T",
    },
    praise="so one base serves many targets, and a small file each is enough.",
)  # fmt: skip
def other_target():
    rng = rng_for(16, "exercise")
    for n, m, r in ((5, 5, 2), (4, 7, 1)):
        draw = [(rng.normal(size=(n, r)), rng.normal(size=(r, m))) for _ in range(2)]
        yield rng.normal(size=(n, m)), *draw


@code_exercise(
    "A has n · r numbers and B has r · m. When are they fewer than the n · m of the matrix?",
    "r (n + m) < n m: strictly fewer. Where n m / (n + m) is a whole number, that number is not allowed.",
    "(n * m - 1) // (n + m) is the largest whole number below n m / (n + m).",
    solution="""def answer(n, m):
    return (n * m - 1) // (n + m)""",
    mistakes={
        "at that rank A and B hold *as many* numbers as the matrix, in some cases; asked for is fewer.":
            "n * m // (n + m)",
        "a rank is a whole number.": ("n * m / (n + m)", "n * m / (n + m) - 1", "(n * m - 1) / (n + m)"),
        "that is the first rank that no longer pays; go one down.": ("n * m // (n + m) + 1", "-(-n * m // (n + m))"),
        "half of a side is about right for a square matrix only: both sides count.":
            ("min(n, m) // 2", "min(n, m) // 2 - 1", "(min(n, m) - 1) // 2", "(n + m) // 4", "(n + m) // 4 - 1",
             "max(n, m) // 2", "max(n, m) // 2 - 1"),
        "round down: the next rank up holds too many numbers.": "round(n * m / (n + m))",
        "that is a number of numbers, not a rank.": ("n * m", "n * m - (n + m)", "n + m"),
        "a matrix has no such rank: its smaller side is the most.": ("max(n, m)", "(n + m) // 2", "int((n * m) ** 0.5)"),
        "that rank is below a matrix's full one, but A and B hold more numbers than the matrix.": "min(n, m) - 1",
        "that is the largest rank that a matrix can have, not the largest that saves numbers.": "min(n, m)",
        "A and B stand side by side, (n + m) numbers for each rank, and not n · m.": "(n * m - 1) // (n * m)",
        "B is as wide as the matrix: it has r · m numbers, not r · n.": "(n * m - 1) // (2 * n)",
        "A is as tall as the matrix: it has n · r numbers, not m · r.": "(n * m - 1) // (2 * m)",
        "it is one too low in some cases: a rank just below n m / (n + m) still saves numbers.":
            ("n * m // (n + m) - 1", "round(n * m / (n + m)) - 1", "(n * m - 2) // (n + m)"),
    },
    praise="for a square matrix that is just under half its side: a rank that is higher saves nothing.",
)  # fmt: skip
def largest_rank():
    return (100, 256), (256, 256), (384, 1536), (6, 3), (7, 5), (2, 2), (10, 1000), (2, 3)


@code_exercise(
    "n targets need base + n · own bytes in the one way and n · whole bytes in the other.",
    "base + n · own < n · whole means n > base / (whole − own). Strictly: where that is a whole number, take the next.",
    solution="""def answer(base, own, whole):
    return base // (whole - own) + 1""",
    mistakes={
        "with so many targets both ways need *as many* bytes, in some cases; asked for is fewer.":
            "-(-base // (whole - own))",
        "a number of targets is whole: one more than the whole part.":
            ("base / (whole - own)", "base / (whole - own) + 1"),
        "it is one too low: with so many targets one base is not yet smaller.": "base // (whole - own)",
        "each target brings its own part, too: it saves whole − own bytes, not whole.":
            ("base // whole + 1", "base // whole", "base / whole"),
        "it divides by the small part. What one more target saves is whole − own.":
            ("base // own + 1", "base // own", "base / own"),
        "base and all whole networks are added; compare the two ways instead.": "base // (whole + own) + 1",
        "one target more saves whole − own, and not whole − base.": "own // abs(whole - base or 1) + 1",
        "it is the answer for one base of the size of a whole network only.": "whole // (whole - own) + 1",
        "round down and add 1; the nearest whole number is too low in some cases.":
            "round(base / (whole - own))",
        "the private part comes with each target, not once.":
            ("(base + own) // whole + 1", "-(-(base + own) // whole)", "(base + own) / whole",
             "(base + own) // (whole - own) + 1"),
        "each target brings its own part, too, and a tie is not fewer.": "-(-base // whole)",
        "the sign is turned: one target more saves whole − own.": "base // (own - whole) + 1",
        "it is one too high in some cases: with one target less one base is smaller already.":
            ("base // (whole - own) + 2", "-(-base // (whole - own)) + 1", "round(base / (whole - own)) + 1"),
        "it is upside down: divide the base by what one more target saves.": "(whole - own) // base + 1",
        "that compares the two ways for one target; asked for is a number of targets.":
            ("1.0 * (base + own < whole)", "base + own - whole"),
    },
    praise="the smaller the private part, the sooner one base pays.",
)  # fmt: skip
def from_how_many():
    return (120, 5, 120), (100, 20, 70), (100, 50, 75), (90, 60, 61), (7, 1, 10), (1000, 1, 3)
