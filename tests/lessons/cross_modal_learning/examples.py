"""Examples of the pictures and the panel of lesson 12."""

from dataclasses import replace

import numpy as np
from matplotlib.colors import to_rgb

from tests.page import page
from tests.plots.drawn import Example
from tests.plots.made_up import RNG, values
from tests.widgets.made import PanelExample
from transferlib.datasets import mnist
from transferlib.lessons.cross_modal_learning import codes, plots
from transferlib.measures import with_error

CODES, MAPPED, LETTERS = np.sign(RNG.normal(size=(2, 7))), RNG.normal(size=(2, 7)), RNG.normal(size=(2, 2, 15))
ANSWERS = RNG.dirichlet(np.ones(10))
GIVEN, WANTED = RNG.random((3, 50)), RNG.random((8, 50))
OWN, BEST = np.array([4, 1, 2]), {"one": np.array([[0, 4], [7, 2], [3, 2]]), "other": np.array([[5, 0], [1, 7], [2, 3]])}
RECALLS = {name: {1: RNG.random(5), 10: RNG.random(5)} for name in ("one", "other")}
BOTH_WAYS = {name: values(("there", "back")) for name in ("encoders", "CCA")}
# from (x, y) to (x, y): the segments a … g of a display, clockwise from the top, and the one in the middle
SEGMENTS = [(0, 2, 1, 2), (1, 1, 1, 2), (1, 0, 1, 1), (0, 0, 1, 0), (0, 0, 0, 1), (0, 1, 0, 2), (0, 1, 1, 1)]


def answers(seven):
    def shows(*pages):
        if seven:
            for page, code, title in zip(
                pages, (CODES[0], MAPPED[0], CODES[1], MAPPED[1]), ("code of 3", "mapped 3", "code of 9", "mapped 9")
            ):
                assert page.title == title
                for lit, (x0, y0, x1, y1) in zip(np.clip((code + 1) / 2, 0, 1), SEGMENTS):
                    assert page.line([x0, x1], [y0, y1]).get_alpha() == 1  # the dark one below
                    assert np.isclose(page.line([x0, x1], [y0, y1]).get_alpha(), lit)
        pages[-1].bars(ANSWERS, colours=["#D55E00" if digit in (3, 9) else "#bbbbbb" for digit in range(10)])

    return shows


def halves(best):
    def shows(*pages):
        pages, ways = iter(pages), list(best.values())
        for row in range(3):
            given, own = next(pages), next(pages)
            given.picture(GIVEN[row].reshape(5, 10))
            own.picture(WANTED[OWN[row]].reshape(5, 10))
            for places in ways:
                for place in places[row]:
                    page = next(pages)
                    page.picture(WANTED[place].reshape(5, 10))
                    frame = page.axis.spines["left"].get_edgecolor()[:3]
                    assert np.allclose(frame, to_rgb("#D55E00" if place == OWN[row] else "#cccccc"))
        assert next(pages, None) is None

    return shows


def recall(page):
    page.rule(x=0.001)
    page.forest(BOTH_WAYS)


PICTURES = {
    "unseen_answers": Example(
        lambda: plots.unseen_answers((3, 9), CODES, MAPPED, ANSWERS, 0.81234, 0.1),
        ["Digits 3 and 9", "told apart 0.812", "all ten 0.100"],
        answers(True),
    ),
    "unseen_answers in letters": Example(
        lambda: plots.unseen_answers((3, 9), *LETTERS, ANSWERS, 0.5, 0.1), ["told apart 0.500"], answers(False)
    ),
    "partners": Example(
        lambda: plots.partners(GIVEN, WANTED, OWN, BEST, RECALLS),
        [f"{name} recall@1 {with_error(each[1])}, recall@10 {with_error(each[10])}" for name, each in RECALLS.items()]
        + [f"ahead by {with_error(RECALLS['one'][1] - RECALLS['other'][1], 100, True)} points"],
        halves(BEST),
    ),
    "partners, back": Example(
        lambda: plots.partners(GIVEN, WANTED, OWN, {"one": BEST["one"]}, {"one": RECALLS["one"]}, back=True),
        ["Upper half of a lower one, among 8 unseen"],
        halves({"one": BEST["one"]}),
    ),
    "recall_bars": Example(
        lambda: plots.recall_bars(BOTH_WAYS, 0.001),
        [f"{name} there {with_error(both['there'])}, back {with_error(both['back'])}" for name, both in BOTH_WAYS.items()],
        recall,
    ),
}


def halves():
    """The loss of the lesson's page, and its encoders and scale."""
    task = replace(mnist())
    lesson = page("12", task=task)
    parts = {"upper": lesson.encoder(), "lower": lesson.encoder(), "scale": np.log(1 / 0.07)}
    return dict(task=task, contrastive=lesson.contrastive, parts=parts)


def mixed():
    seen = page("12", task=replace(mnist())).mixtures
    return dict(codes=dict(segments=codes.SEGMENTS, spelling=codes.SPELLING), mixtures=seen)


PANELS = {"partners": PanelExample(halves, dict(seeds=1, steps=100, pairs=400)), "unseen": PanelExample(mixed)}
