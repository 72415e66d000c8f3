"""The exercises of lesson 15, more efficient."""

import numpy as np

from transferlib.exercises import code_exercise
from transferlib.tasks import stream


@code_exercise(
    "np.linalg.svd(change, full_matrices=False) gives U, s and V^T, the largest s first.",
    "Keep the first `rank` columns of U, numbers of s and rows of V^T, and multiply them again.",
    solution="""import numpy as np

def answer(change, rank):
    u, s, vt = np.linalg.svd(change, full_matrices=False)
    return (u[:, :rank] * s[:rank]) @ vt[:rank]""",
    mistakes={
        "the singular values are missing: U and V^T have length 1 in each direction.": "* s[:rank] →",
        "it keeps the *smallest* singular values; the first are the largest.":
            "(u[:, :rank] * s[:rank]) @ vt[:rank] → (u[:, -rank:] * s[-rank:]) @ vt[-rank:]",
        "it keeps one direction too many.": "(u[:, :rank] * s[:rank]) @ vt[:rank] → "
            "(u[:, :rank + 1] * s[:rank + 1]) @ vt[:rank + 1]",
        "it keeps one direction too few.": "(u[:, :rank] * s[:rank]) @ vt[:rank] → "
            "(u[:, :rank - 1] * s[:rank - 1]) @ vt[:rank - 1]",
        "it takes out the first directions and keeps the rest.": "change - answer(change, rank)",
        "it gives all of the change back, not its part of that rank.": "change",
        "the sizes s stand in it twice: once is enough, not squared.": "* s[:rank] → * s[:rank] ** 2",
        "it takes the first rows or columns of the change. They are not its main directions.": (
            "np.where(np.arange(len(change))[:, None] < rank, change, 0)",
            "np.where(np.arange(change.shape[1]) < rank, change, 0)",
        ),
        "V^T comes out of the function already turned: its first *rows* are the directions.":
            "vt[:rank] → vt[:, :rank].T",
        "it returns the singular values, and the matrix is asked for.": "np.linalg.svd(change)[1][:rank]",
    },
    praise="no matrix of that rank lies nearer (Eckart & Young 1936).",
)  # fmt: skip
def cut_to_rank():
    rng = stream(15, "exercise")
    for n, m, rank in ((6, 6, 2), (5, 8, 1), (9, 4, 3)):
        yield rng.normal(size=(n, m)) @ np.diag(np.linspace(3, 0.2, m)), rank


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
