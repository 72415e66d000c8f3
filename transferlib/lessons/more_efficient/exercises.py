"""The exercises of lesson 15, more efficient."""

import numpy as np

from transferlib.exercises import code_exercise
from transferlib.tasks import stream


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
    },
    praise="B starts at zero, so this is zero at the first step: then B moves alone.",
)  # fmt: skip
def gradient_of_a():
    rng = stream(15, "exercise")
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
            ("merged - first[0] @ second[1] + second[0] @ first[1]", "merged - first[0] @ first[1] + second[0] @ first[1]"),
        "the changes are averaged; each target has its own.":
            ("merged + (second[0] @ second[1] - first[0] @ first[1]) / 2",
             "merged + (second[0] @ second[1] + first[0] @ first[1]) / 2"),
    },
    praise="so one base serves many targets, and a small file each is enough.",
)  # fmt: skip
def other_target():
    rng = stream(16, "exercise")
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
        "a rank is a whole number.": "n * m / (n + m)",
        "that is the first rank that no longer pays; go one down.": "n * m // (n + m) + 1",
        "that is the largest rank that a matrix can have, not the largest that saves numbers.": "min(n, m)",
        "A and B stand side by side, (n + m) numbers for each rank, and not n · m.": "(n * m - 1) // (n * m)",
        "B is as wide as the matrix: it has r · m numbers, not r · n.": "(n * m - 1) // (2 * n)",
        "A is as tall as the matrix: it has n · r numbers, not m · r.": "(n * m - 1) // (2 * m)",
        "it is one too low in some cases: a rank just below n m / (n + m) still saves numbers.":
            "n * m // (n + m) - 1",
    },
    praise="for a square matrix that is just under half its side: a rank that is higher saves nothing.",
)  # fmt: skip
def largest_rank():
    return (100, 256), (256, 256), (384, 1536), (6, 3), (7, 5), (2, 2), (10, 1000)


@code_exercise(
    "n targets need base + n · own bytes in the one way and n · whole bytes in the other.",
    "base + n · own < n · whole means n > base / (whole − own). Strictly: where that is a whole number, take the next.",
    solution="""def answer(base, own, whole):
    return base // (whole - own) + 1""",
    mistakes={
        "with so many targets both ways need *as many* bytes, in some cases; asked for is fewer.":
            "-(-base // (whole - own))",
        "a number of targets is whole: one more than the whole part.": "base / (whole - own)",
        "it is one too low: with so many targets one base is not yet smaller.": "base // (whole - own)",
        "each target brings its own part, too: it saves whole − own bytes, not whole.": "base // whole + 1",
        "it divides by the small part. What one more target saves is whole − own.": "base // own + 1",
        "base and all whole networks are added; compare the two ways instead.": "base // (whole + own) + 1",
        "one target more saves whole − own, and not whole − base.": "own // abs(whole - base or 1) + 1",
        "it is the answer for one base of the size of a whole network only.": "whole // (whole - own) + 1",
    },
    praise="the smaller the private part, the sooner one base pays.",
)  # fmt: skip
def from_how_many():
    return (120, 5, 120), (100, 20, 70), (100, 50, 75), (90, 60, 61), (7, 1, 10), (1000, 1, 3)
