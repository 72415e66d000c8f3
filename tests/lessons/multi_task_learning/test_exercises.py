"""The exercises of lesson 10."""

import numpy as np
import pytest

from tests.exercises import Tried, every, holds
from tests.page import page
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


def cut(g, o):
    g -= min(0.0, g @ o) / np.square(o).sum() * o
    return g


def unit(g, o):
    u = o / np.linalg.norm(o)
    return g - np.minimum(g @ u, 0) * u


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
    "project": Tried(
        right=[
            cut,
            unit,
            lambda g, o: g if g @ o >= 0 else g - np.outer(o, o) @ g / (o @ o),
            lambda g, o: g - (g @ o < 0) * (g @ o) / (o @ o) * o,
            lambda g, o: g + max(-(g @ o), 0) * o / np.linalg.norm(o) ** 2,
            lambda g, other: np.where(g @ other < 0, g - (g @ other) / (other @ other) * other, g),
            lambda g, o: [a - min(sum(g * o), 0) / sum(o * o) * b for a, b in zip(g, o)],
            lambda g, o: (g - np.clip(np.vdot(g, o), None, 0) / np.vdot(o, o) * o).astype(np.float32),
        ],
        wrong=[
            (np.zeros(5), "a function of"),
            (lambda g, o: g - g @ o / (o @ o) * o, "though the two agree"),
            (lambda g, o: g - max(g @ o, 0) / (o @ o) * o, "where the two *agree*"),
            (lambda g, o: g - min(g @ o, 0) * o, "the length of `other` counts"),
            (lambda g, o: g - min(g @ o, 0) / np.linalg.norm(o) * o, "by its square"),
            (lambda g, o: g - min(g @ o, 0) / (g @ g) * o, "instead of"),
            (lambda g, o: g + min(g @ o, 0) / (o @ o) * o, "is added"),
            (lambda g, o: min(g @ o, 0) / (o @ o) * o, "not what is left"),
            (lambda g, o: g, "instead of [ 0.181"),
            (lambda g, o: g if g @ o >= 0 else 0 * g, "the gate"),
            (lambda g, o: g - (g @ o) / (np.linalg.norm(g) * np.linalg.norm(o)) * (g @ o < 0) * o, "as a cosine;"),
            (lambda g, o: cut(g.copy(), o) + cut(o.copy(), g), "or their sum"),
            (lambda g, o: g - 2 * min(g @ o, 0) / (o @ o) * o, "reflects g"),
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
            (lambda p: p[broadcast(p) > 0], "the shape (5,)"),
        ],
    ),
    "choose": Tried(
        right=["weight 3", "3", 3, 3.0, np.int64(3), " Weight 3 ", "weight=3", np.float32(3), "w=3", "weight: 3", 10],
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


def test_what_stands_on_the_page_is_a_right_answer():
    assert "✓" in multi_task.project.check(page("10").project).text
