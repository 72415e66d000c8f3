"""The exercises of lesson 10."""

from decimal import Decimal

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from tests.exercises import Tried, every, holds, solved
from transferlib.lessons.multi_task_learning import exercises as multi_task

ODD = [1, 3, 5, 7, 9]
WEIGHTED = {
    "weight 0.1": dict(digit=np.array([0.5, 0.5]), writer=np.array([0.30, 0.30])),
    "weight 0.3": dict(digit=np.array([0.7, 0.7]), writer=np.array([0.29, 0.29])),
    "weight 1": dict(digit=np.array([0.85, 0.85]), writer=np.array([0.2, 0.2])),
    "weight 3": dict(digit=np.array([0.9, 0.9]), writer=np.array([0.12, 0.12])),
    "weight 10": dict(digit=np.array([0.89, 0.912]), writer=np.array([0.05, 0.05])),  # no worse that one could show
    "weight 30": dict(digit=np.array([0.902, 0.902]), writer=np.array([0.0, 0.0])),
}
RIGHT = 1832, 1024


def weight(g, o):
    return (o - g) @ o / ((o - g) @ (o - g))


def between(g, o, w):
    return w * g + (1 - w) * o


def by_cases(g, o):
    if g @ o >= g @ g:
        return g
    return o if g @ o >= o @ o else between(g, o, weight(g, o))


def by_search(g, o):
    w = minimize_scalar(lambda w: np.sum(between(g, o, w) ** 2), bounds=(0, 1), method="bounded", options=dict(xatol=1e-9)).x
    return between(g, o, w)


def projected(g, o):
    return g - min(g @ o, 0) / (o @ o) * o


def loops(points):
    def beats(a, b):
        return all(x >= y for x, y in zip(a, b)) and any(x > y for x, y in zip(a, b))

    return [not any(beats(a, b) for a in points) for b in points]


def broadcast(p):
    more = (p[:, None] >= p[None]).all(2) & (p[:, None] > p[None]).any(2)
    return 1 - more.any(0)


CASES = {
    "parity": Tried(
        right=[
            lambda p: p[:, ODD].sum(1),
            lambda p: p @ (np.arange(10) % 2),
            lambda p: 1 - p[:, ::2].sum(1),
            lambda p: [sum(row[1::2]) for row in p],
            lambda p: np.einsum("nk,k->n", p, np.tile([0, 1], 5)),
            lambda p: p.reshape(-1, 5, 2).sum(1)[:, 1],
            lambda p: (p[:, 1] + p[:, 3] + p[:, 5] + p[:, 7] + p[:, 9]).astype(np.float32),
            lambda p: np.where(np.arange(10) % 2, p, 0).sum(axis=-1),
        ],
        wrong=[
            (0.5, "a function of"),
            (lambda p: p[:, ::2].sum(1), "*even* digits"),
            (lambda p: p.argmax(1) % 2 == 1, "for the likeliest digit"),
            (lambda p: p[:, ODD].sum(1) > 0.5, "only says what is likelier"),
            (lambda p: p[:, [1, 3, 5, 7]].sum(1), "9 is odd, too"),
            (lambda p: p[:, ODD].max(1), "instead of"),
            (lambda p: p[:, ODD].mean(1), "the mean"),
            (lambda p: p[:, ODD].prod(1), "multiplies"),
            (lambda p: p[:, ODD].sum(0), "over the pictures"),
            (lambda p: p[:, ODD].sum(), "all into one number"),
            (lambda p: p[:, 1:].sum(1), "instead of"),
            (lambda p: p[:, ODD], "the shape (30,), and returns"),
            (lambda p: print(end=""), "`return`"),
        ],
    ),
    "shortest": Tried(
        right=[
            by_search,
            lambda g, o: np.clip((o - g) @ o / ((o - g) @ (o - g)), 0, 1) * (g - o) + o,
            lambda g, o: g + min(max((g - o) @ g / np.sum((g - o) ** 2), 0), 1) * (o - g),
            by_cases,
            lambda g, o: by_cases(g, o).tolist(),
            lambda g, o: by_cases(o, g),
            lambda g, o: by_cases(g, o).astype(np.float32),
        ],
        wrong=[
            (np.zeros(5), "a function of"),
            (lambda g, o: between(g, o, weight(g, o)), "may leave 0 … 1"),
            (lambda g, o: between(g, o, max(weight(g, o), 0)), "0 *and* 1"),
            (lambda g, o: between(g, o, 0.5), "the middle"),
            (lambda g, o: g if g @ g < o @ o else o, "the shorter of the two"),
            (lambda g, o: between(o, g, np.clip(weight(g, o), 0, 1)), "are exchanged"),
            (lambda g, o: np.clip(weight(g, o), 0, 1), "the vector was asked for"),
            (lambda g, o: between(g, o, np.clip((o - g) @ o / np.linalg.norm(o - g), 0, 1)), "by its square"),
            (lambda g, o: projected(g, o) + projected(o, g), "PCGrad"),
            (lambda g, o: g + o, "the sum of the two"),
            (lambda g, o: min((between(g, o, w) for w in np.linspace(0, 1, 101)), key=np.linalg.norm), "a few steps"),
            (lambda g, o: between(g, o, (o @ o) ** 0.5 / ((g @ g) ** 0.5 + (o @ o) ** 0.5)), "by the lengths alone"),
            (lambda g, o: np.zeros(5), "instead of"),
            (lambda g: g, "yours takes (g)"),
        ],
    ),
    "parameters": Tried(
        right=[
            RIGHT,
            list(RIGHT),
            np.array(RIGHT),
            (1832.0, 1024.0),
            np.array(RIGHT, np.int32),
            (2 * 808 + 216, 808 + 216),
            (np.int64(1832), 1024),
            np.float32([1832, 1024]),
            dict(apart=1832, together=1024),
            dict(apart=1832, together=1024).values(),
        ],
        wrong=[
            (1832, "two numbers"),
            (RIGHT[::-1], "the other way round"),
            ((1792, 992), "the biases are missing: one"),
            ((1816, 1016), "8 biases"),
            ((1808, 1000), "heads' biases"),
            ((1616, 808), "the heads are missing"),
            ((1832, 898), "you count the digit's only"),
            ((1832, 934), "you count the writer's only"),
            ((1832, 808), "together the heads"),
            ((898, 934), "two networks apart"),
            ((1832, 1832), "*one* hidden layer"),
            ((2048, 1024), "not with both"),
            ((5, 7), "layer by layer"),
        ],
    ),
    "front": Tried(
        right=[
            loops,
            broadcast,
            lambda p: np.array([not ((p >= r).all(1) & (p != r).any(1)).any() for r in p]),
            lambda p: [int(v) for v in loops(p)],
            lambda p: np.float32(loops(p)),
            lambda p: ~np.array([any((q >= r).all() and (q > r).any() for q in p) for r in p]),
            lambda p: np.array([sum((q >= r).all() and (q > r).any() for q in p) == 0 for r in p]),
            lambda p: np.logical_not(broadcast(p) == 0),
        ],
        wrong=[
            ([True], "a function of"),
            (lambda p: 1 - broadcast(p), "*beaten* points"),
            (lambda p: np.array([not (p > r).all(1).any() for r in p]), "better in the other beats too"),
            (lambda p: np.array([not (p >= r).all(1).any() for r in p]), "beat itself"),
            (lambda p: np.array([not (p > r).any(1).any() for r in p]), "must not be worse"),
            (lambda p: p.sum(1) == p.sum(1).max(), "best sum"),
            (lambda p: (p == p.max(0)).any(1), "best of each task"),
            (lambda p: np.ones(len(p), bool), "every point unbeaten"),
            (lambda p: [not any((q >= r).all() for q in np.delete(p, i, 0)) for i, r in enumerate(p)], "that are equal"),
            (lambda p: p[broadcast(p) > 0], "the shape (5,)"),
        ],
    ),
    "choose": Tried(
        right=[
            "weight 3",
            "3",
            3,
            3.0,
            np.int64(3),
            " Weight 3 ",
            "weight=3",
            np.float32(3),
            "w=3",
            "weight: 3",
            10,
            Decimal(3),
            "weight 3.0",
            ("weight 3",),
            [3],
        ],
        wrong=[
            (7, "is not one of the weights"),
            ("all", "'all' is not one"),
            (0.1, "the writer alone"),
            ("weight 0.3", "counts nine tenths"),
            (1, "both count the same"),
            (30, "the digit alone"),
        ],
        given=(WEIGHTED,),
        names=dict(weighted=WEIGHTED),
    ),
}


@pytest.mark.parametrize("name", every(multi_task))
def test_exercise(name):
    holds(every(multi_task)[name], CASES[name])


def test_a_tie_is_right_and_is_told():
    assert "do not tell the two apart" in multi_task.choose.check(10, WEIGHTED).text
    assert "apart.)" not in multi_task.choose.check(3, WEIGHTED).text


def test_what_is_said_of_the_shortest_is_true():
    """Neither loss rises, for a small step against it: its inner product with both gradients is at least its square."""
    for g, o in np.random.default_rng(0).normal(size=(20, 2, 4)):
        d = solved(multi_task.shortest)(g, 3 * o)
        assert min(d @ g, d @ (3 * o)) >= d @ d - 1e-9
