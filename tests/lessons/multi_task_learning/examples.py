"""Examples of the pictures and the panel of lesson 10."""

from dataclasses import replace
from itertools import product

import numpy as np

from tests.page import page as read_page
from tests.plots.drawn import Example, t_interval
from tests.plots.made_up import RNG, values
from tests.widgets.made import PanelExample
from transferlib.datasets import uci_tasks
from transferlib.lessons.multi_task_learning import plots
from transferlib.measures import with_error

TASKS, PARTNERS = ("digit", "writer"), ("digit", "writer", "random labels")
COMPANY = {pair: RNG.normal(0, 0.02, 5) for pair in product(TASKS, PARTNERS) if len({*pair}) > 1}
COMPANY["writer", "digit"] += 0.1  # beyond all doubt
COSINES = {name: {n: RNG.uniform(-1, 1, 5) for n in (30, 3000)} for name in ("8 units", "64 units")}
TRADE = {f"weight {w}": values(TASKS) for w in (0.3, 1, 3)}
OTHERS, APART = {"pcgrad": values(TASKS)}, {"apart": values(TASKS)}


def gains(page):
    grid = [[100 * COMPANY[a, b].mean() if a != b else np.nan for b in PARTNERS] for a in TASKS]
    bold = {text.get_position(): text.get_fontweight() == "bold" for text in page.words}
    for (row, a), (column, b) in product(enumerate(TASKS), enumerate(PARTNERS)):
        if a != b:
            mean, low, high = t_interval(COMPANY[a, b])
            assert bold[column, row] == (low * high > 0), (a, b)
    assert any(bold.values()) and not all(bold.values())
    red, _, blue, _ = page.axis.images[0].cmap(1.0)
    assert red > blue, "a gain is orange, as in the pictures of lessons 07 and 17"
    page.cells(np.array(grid), "+.1f", TASKS, PARTNERS)


def cosines(page):
    page.bands([30, 3000], {name: np.stack(list(each.values()), 1) for name, each in COSINES.items()})
    page.rule(y=0)
    assert page.columns() == ["30", "3,000"]


def traded(others, apart):
    def shows(page):
        looks = page.legend()
        assert looks.keys() == others.keys() | apart.keys()
        page.line(*([two[task].mean() for two in TRADE.values()] for task in TASKS))
        for name, two in (TRADE | others | apart).items():
            (x, left, right), (y, low, high) = (t_interval(two[task]) for task in TASKS)
            colour = page.line([x], [y], *looks.get(name, ("#555555", "o"))).get_color()
            page.line([left, right], [y, y], colour)
            page.line([x, x], [low, high], colour)
            if name in TRADE:
                page.word(name.split()[1], x, y)
        assert page.axis.get_xlabel() == "test accuracy, digit" and page.axis.get_ylabel() == "test accuracy, writer"

    return shows


PICTURES = {
    "company": Example(
        lambda: plots.company(COMPANY),
        [f"{a} by {b} {with_error(each, 100, True)}" for (a, b), each in COMPANY.items()],
        gains,
    ),
    "agreement": Example(
        lambda: plots.agreement(COSINES),
        [f"{n} {with_error(each, sign=True)}" for cosines in COSINES.values() for n, each in cosines.items()],
        cosines,
    ),
    "trade": Example(
        lambda: plots.trade(TRADE, OTHERS, APART),
        [f"{name} {with_error(two['digit'])} and {with_error(two['writer'])}" for name, two in (TRADE | OTHERS).items()],
        traded(OTHERS, APART),
    ),
    "trade without others": Example(
        lambda: plots.trade(TRADE, {}), ["Test accuracy of digit and of writer"], traded({}, {})
    ),
}


def several():
    """The tasks, and the methods of the lesson's page."""
    lesson, tasks = read_page("10"), {name: replace(task) for name, task in uci_tasks().items()}
    surgery = {"pcgrad": lesson.operating(lambda t, s: lesson.project(t, s) + lesson.project(s, t))}
    surgery["one-sided"] = lesson.operating(lambda t, s: t + lesson.project(s, t))
    return dict(tasks=tasks, two_heads=lesson.two_heads, surgery=surgery)


PANELS = {"two_tasks": PanelExample(several, dict(seeds=3, steps=300))}
