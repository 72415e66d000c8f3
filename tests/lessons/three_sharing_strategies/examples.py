"""Examples of the picture and the panel of lesson 04."""

import numpy as np

from tests.plots.drawn import Example
from tests.plots.made_up import FOUR, ends, runs
from tests.widgets.made import PanelExample, three
from transferlib.lessons.three_sharing_strategies import plots
from transferlib.measures import with_error

EARLY, LATE = {k: runs() for k in (1, 5, 20)}, {k: runs() for k in (1, 20)}
for table in LATE.values():
    for group in table.values():
        for each in group:
            each.step = 2 * each.step


def ahead(table):
    return {
        name: np.stack([100 * (ends(arms[name]) - ends(arms["from scratch"])) for arms in table.values()], 1)
        for name in FOUR[1:]
    }


def gains(*pages):
    for page, table, steps in zip(pages, (EARLY, LATE), (300, 600), strict=True):
        assert page.title == f"after {steps} steps" and page.columns() == list(map(str, table))
        page.bands(list(table), ahead(table))
        page.rule(y=0)
    assert pages[0].axis.get_ylim() == pages[1].axis.get_ylim()


PICTURES = {
    "gains_by_steps": Example(
        lambda: plots.gains_by_steps(EARLY, LATE),
        ["After 300 steps, at 1, 5, 20 labels per class: fix common ", "After 600 steps, at 1, 20 labels"]
        + [with_error(each, sign=True) for table in (EARLY, LATE) for line in ahead(table).values() for each in line.T],
        gains,
    ),
}


PANELS = {"dial": PanelExample(three, dict(steps=50, seeds=1), first=dict(combine=dict(alpha=1.0)))}
