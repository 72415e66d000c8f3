"""Examples of the pictures and the panel of lesson 17."""

import numpy as np

from tests.page import page
from tests.plots.drawn import Example, t_interval
from tests.plots.made_up import values
from tests.widgets.made import PanelExample
from transferlib.lessons.broader import plots
from transferlib.measures import with_error

RULES = ("own rows", "source alone", "prior")
PAIRS = {f"pair {n}": values(RULES, shape=(8,), mean=0.6) for n in range(4)}
PAIRS["pair 1"]["prior"] = PAIRS["pair 1"]["prior"] + 0.19
PAIRS["pair 2"]["source alone"] = PAIRS["pair 2"]["source alone"] - 0.17
AHEAD = {pair: {rule: 100 * (arms[rule] - arms["own rows"]) for rule in RULES[1:]} for pair, arms in PAIRS.items()}
DOTS = {"tables": {"a → b": (0.5, 3.0), "b → a": (0.2, -4.0)}, "texts": {"c → d": (0.3, 8.0)}}


def cells(page):
    bold = {tuple(text.get_position()): text.get_fontweight() == "bold" for text in page.words}
    for row, arms in enumerate(AHEAD.values()):
        for column, points in enumerate(arms.values()):
            _, low, high = t_interval(points)
            assert bold[column, row] == (low > 0 or high < 0)
    page.cells(np.array([[v.mean() for v in arms.values()] for arms in AHEAD.values()]), "+.1f", PAIRS, RULES[1:])


def dots(page):
    marks = page.legend()
    for kind, each in DOTS.items():
        page.line(*zip(*each.values()), *marks[kind])
    page.rule(y=0)


PICTURES = {
    "rules_by_pairs": Example(
        lambda: plots.rules_by_pairs(PAIRS, title="Made up"),
        [f"prior {with_error(np.mean([arms['prior'] for arms in AHEAD.values()], 0), sign=True)}"]
        + [f"{pair}: source alone {with_error(arms['source alone'], sign=True)}" for pair, arms in AHEAD.items()],
        cells,
    ),
    "foretold": Example(
        lambda: plots.foretold(DOTS, "cosine", "gain"), ["tables: a → b 0.50 +3.0", "c → d 0.30 +8.0"], dots
    ),
}


def every_rule():
    lesson = page("17")
    rules = {"own rows": lesson.own, "source alone": lesson.alone, "pooled": lesson.pooled, "prior": lesson.prior}
    return dict(kinds=["tables", "speech", "pictures"], rules=rules)


PANELS = {"broader": PanelExample(every_rule, dict(kind="speech", per_class=2, seeds=3))}
