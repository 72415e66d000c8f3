"""Examples of the pictures and the panel of lesson 05."""

import numpy as np

from tests.plots.drawn import Example
from tests.plots.made_up import FOUR, STEP, curves, ends, runs
from tests.widgets.made import PanelExample, three
from transferlib import measures
from transferlib.lessons.evaluation import plots
from transferlib.measures import with_error
from transferlib.plots.canvas import ink

RACE = runs()
HIGH, LOW = curves(RACE["share gradients"]), curves(RACE["fix common"])
TWO = {"share weights": HIGH, "from scratch": LOW}


def drawn_from(chosen):
    def shows(left, right):
        for row, name in enumerate(FOUR):
            every = ends(RACE[name])
            faint = left.dots(every, row)
            full = left.dots(every[chosen], row, faint.get_color())
            assert faint.get_alpha() < 0.5 and full.get_alpha() is None
            left.line([every[chosen].mean()] * 2, [row - 0.36, row + 0.36], full.get_color())
        assert left.rows() == list(FOUR) and right.rows() == list(FOUR[1:])
        for row, name in enumerate(FOUR[1:]):
            gain = 100 * (ends(RACE[name]) - ends(RACE["from scratch"]))
            hollow = next(line for line in right.lines if line.get_markerfacecolor() == "white")
            assert np.isclose(hollow.get_xdata()[0], gain.mean()) and hollow.get_ydata()[0] > row
            right.row(gain, row, hollow.get_color())
            right.row(gain[chosen], row, hollow.get_color())
        right.rule(x=0)

    return shows


def measured(level):
    def shows(page):
        high, low = HIGH.mean(0), LOW.mean(0)
        for name, line in (("share weights", high), ("from scratch", low)):
            colour = page.line(STEP, line).get_color()
            page.word(name, colour=ink(colour))
        page.between(STEP, low, high)
        arrows = [(STEP[i], low[i], STEP[i], high[i]) for i in (0, -1)]
        times = [measures.time_to_threshold(STEP, line, level) for line in (low, high)]
        if np.isfinite(times).all():
            arrows.append((times[0], level, times[1], level))
            page.word(f"time to threshold ({level:g})")
        assert np.allclose(sorted(page.arrows), sorted(arrows))

    return shows


PICTURES = {
    "lottery": Example(
        lambda: plots.lottery(RACE, [3]),
        ["With seed 3, share gradients wins: ", f"fix common {ends(RACE['fix common'])[3]:.2f}; "]
        + [f"{name} {with_error(ends(group))}" for name, group in RACE.items()],
        drawn_from([3]),
    ),
    "lottery of three": Example(
        lambda: plots.lottery(RACE, [2, 1, 0]), ["With seeds 0, 1, 2, share gradients wins: "], drawn_from([0, 1, 2])
    ),
    "four_measures": Example(
        lambda: plots.four_measures(STEP, TWO, level=0.6),
        [
            f"jumpstart {with_error(HIGH[:, 0] - LOW[:, 0], 100, True)}",
            f"asymptote {with_error(HIGH[:, -1] - LOW[:, -1], 100, True)} points",
            f"area {with_error(measures.area_ratio(STEP, HIGH, LOW), 100, True)} %",
            f"share weights {with_error(measures.time_to_threshold(STEP, HIGH, 0.6))}",
        ],
        measured(0.6),
    ),
    "four_measures, never there": Example(lambda: plots.four_measures(STEP, TWO, level=0.95), [" %."], measured(0.95)),
}


PANELS = {"seed_lottery": PanelExample(lambda: three() | dict(seeds=4))}
