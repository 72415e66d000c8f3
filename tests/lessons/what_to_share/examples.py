"""Examples of the picture and the panel of lesson 14."""

import numpy as np

from tests.page import page as read_page
from tests.plots.drawn import Example
from tests.plots.made_up import RNG
from tests.widgets.made import PanelExample
from transferlib.lessons.what_to_share import plots
from transferlib.measures import with_error
from transferlib.networks import Pair

LAYERS = 1, 2, 4
PAGES = {
    f"{labels} labels": {name: {n: RNG.normal(-labels / 10, 3, 5) for n in LAYERS} for name in ("frozen", "tuned")}
    for labels in (20, 300)
}


def depths(*pages):
    for page, (title, lines) in zip(pages, PAGES.items(), strict=True):
        assert page.title == title and page.columns() == [str(n) for n in LAYERS]
        page.bands(LAYERS, {name: np.stack(list(each.values()), 1) for name, each in lines.items()})
        page.rule(y=0)
    assert pages[0].axis.get_ylabel() == "points over none" and pages[1].axis.get_xlabel() == "layers copied"


PICTURES = {
    "by_depth": Example(
        lambda: plots.by_depth(PAGES, "layers copied", "points over none"),
        [
            f"{title}, {name}: {', '.join(f'{n} {with_error(v, sign=True)}' for n, v in each.items())}"
            for title, lines in PAGES.items()
            for name, each in lines.items()
        ],
        depths,
    ),
}


def on_the_page():
    """The functions of the lesson's page, and two networks small enough to be trained at once."""
    pair = Pair(16, shared=(8, 8, 8, 8), private=(), classes=(13, 13))
    numbers = [layer.count_params() for layer in pair.shared_layers]
    lesson = read_page("14")
    scope = lesson.compared.__globals__
    scope |= dict(pair=pair, numbers=numbers, parts={"pair": pair, "origin": np.zeros(sum(numbers), np.float32)})
    scope["PLAIN"] = dict(
        move=lesson.per_layer(1, 1, 1, 1), thaw=lesson.per_layer(0, 0, 0, 0), pull=0.0, steps=200, every=200
    )
    return dict(compared=lesson.compared, start=lesson.start, learned=lesson.learned, per_layer=lesson.per_layer)


PANELS = {"recipes": PanelExample(on_the_page, dict(seeds=3))}
