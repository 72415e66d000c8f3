"""Examples of the pictures and the panel of lesson 15."""

import numpy as np

from tests.page import page as read_page
from tests.plots.drawn import Example, t_interval
from tests.plots.made_up import RNG
from tests.widgets.made import PanelExample, three
from transferlib.changes import scrambled
from transferlib.lessons.more_efficient import plots
from transferlib.measures import with_error
from transferlib.networks import Pair
from transferlib.plots.canvas import ink

PAGES = {
    title: {arm: (n, RNG.uniform(0.5, 0.9, 5)) for arm, n in arms.items()}
    for title, arms in {
        "near": {"head only": 1290, "LoRA, rank 1": 2000, "LoRA, rank 4": 4000, "all": 30000},
        "far": {"head only": 1290, "LoRA, rank 1": 2000, "LoRA, rank 16": 9000, "one layer": 18000},
    }.items()
}
RANKS = {name: {rank: RNG.uniform(0.3, 0.9, 5) for rank in (1, 4, 16)} for name in ("LoRA", "LoRA, new head", "all, cut")}
HEAD = RNG.uniform(0.8, 0.9, 5)


def prices(*pages):
    for page, (title, arms) in zip(pages, PAGES.items(), strict=True):
        assert page.title == title and page.axis.get_xscale() == "log"
        joined = [(n, values.mean()) for arm, (n, values) in arms.items() if arm.startswith("LoRA")]
        page.line(*np.transpose(joined))
        for arm, (n, values) in arms.items():
            mean, low, high = t_interval(values)
            colour = page.line([n], [mean], mark="o").get_color()
            page.line([n, n], [low, high], colour, inside=False)
            page.word(arm.removeprefix("LoRA, "), n, high if arm in ("one layer", "all") else low, ink(colour))


def ranks(page):
    page.bands([1, 4, 16], {name: np.stack([*each.values()], 1) for name, each in RANKS.items()})
    page.rule(y=HEAD.mean())
    assert page.columns() == ["1", "4", "16"]


PICTURES = {
    "moved_and_right": Example(
        lambda: plots.moved_and_right(PAGES),
        [f"{arm} ({n:,} numbers) {with_error(values)}" for arms in PAGES.values() for arm, (n, values) in arms.items()],
        prices,
    ),
    "by_rank": Example(
        lambda: plots.by_rank(RANKS, HEAD),
        [with_error(values) for each in RANKS.values() for values in each.values()] + [f"head only: {with_error(HEAD)}"],
        ranks,
    ),
}


def functions():
    """The page's own functions, and two targets."""
    has = three()
    pair = Pair(100, shared=(128, 128), private=(), classes=(10, 10))
    lesson = read_page("15", pair=pair, source=has["source"])
    near = has["target"]
    return dict(
        tried=lesson.tried, moved=lesson.moved, head_only=lesson.head_only, targets={"near": near, "far": scrambled(near)}
    )


PANELS = {"how_many_move": PanelExample(functions, dict(steps=100, seeds=3))}
