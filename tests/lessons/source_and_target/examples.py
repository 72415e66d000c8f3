"""Examples of the pictures and the panel of lesson 01."""

import numpy as np

from tests.plots.drawn import Example
from tests.plots.made_up import FOUR, RNG, values
from tests.widgets.made import PanelExample, three
from transferlib.datasets import DIGITS
from transferlib.lessons.source_and_target import plots
from transferlib.measures import with_error

ROWS = values(("as it is", "with some long name here", "from scratch"))
DRAWING = RNG.random((10, 10))
SAID = {name: RNG.dirichlet(np.ones(10), 5) for name in ("untouched source", "pixels", *FOUR)}


def dots(page):
    for row, (name, each) in enumerate(ROWS.items()):
        page.dots(each, row, "#555555" if name == "from scratch" else "#0072B2")
        page.line([each.mean()] * 2, [row - 0.34, row + 0.34])
        page.word(with_error(each), y=row)
    page.rule(x=0.1)
    page.word("chance", x=0.1)
    assert page.rows() == list(ROWS)


def chances(picture, marked):
    def shows(first, *pages):
        first.picture(picture, 1)
        for page, (name, p) in zip(pages, SAID.items(), strict=True):
            dark = p.mean(0).argmax() if marked is None else marked
            assert [i for i, bar in enumerate(page.patches) if bar.get_alpha() == 1] == [dark]
            page.bars(p.mean(0))
            page.sticks(np.arange(10), p.min(0), p.max(0))
            assert page.title.startswith(f"{name}\nsays {p.mean(0).argmax()}; ")
            assert page.title.endswith(f" {(p.argmax(1) == dark).sum()} of 5")

    return shows


PICTURES = {
    "seed_dots": Example(
        lambda: plots.seed_dots(ROWS, "accuracy", {"chance": 0.1}),
        [f"{name} {with_error(each)}" for name, each in ROWS.items()],
        dots,
    ),
    "what_they_say": Example(
        lambda: plots.what_they_say(DRAWING, SAID, 9, DIGITS),
        [f"{name}: {p.mean(0).argmax()} with {with_error(p[:, p.mean(0).argmax()])}" for name, p in SAID.items()]
        + [f"(the label {with_error(p[:, 9])})" for p in SAID.values() if p.mean(0).argmax() != 9],
        chances(DRAWING, 9),
    ),
    "what_they_say, drawn by hand": Example(
        lambda: plots.what_they_say(np.eye(32), SAID, None, DIGITS), ["without a label"], chances(np.eye(32), None)
    ),
}


PANELS = {"one_picture": PanelExample(three)}
