"""Examples of the pictures and the panel of lesson 07."""

from types import SimpleNamespace

import numpy as np

from tests.plots.drawn import Example
from tests.plots.made_up import RNG, STEP, curves, ends, runs, values
from tests.widgets.made import PanelExample
from transferlib.lessons.your_own_problem import plots
from transferlib.lessons.your_own_problem.examples import cars
from transferlib.measures import with_error
from transferlib.own_data.problems import of_table
from transferlib.own_data.verdict import Verdict

RUNGS = values(
    ("random network + linear", "kernel ridge", "from scratch", "features + linear", "head first, then all"), (20,), mean=0.7
)
RUNGS["random network + linear"] -= 0.1
RUNGS |= {name: RUNGS[name] + 0.1 for name in ("kernel ridge", "head first, then all")}
R2 = RUNGS | {"random network + linear": np.linspace(-3, 0.4, 20), "kernel ridge": np.linspace(-0.9, 0.8, 20)}
CHART = {source: {k: RNG.normal(0, 0.05, 5) for k in (1, 50)} for source in ("near, uci", "far, scrambled")}


def verdict():
    rungs = list(RUNGS.items())
    return Verdict.of(dict(rungs[3:]), dict(rungs[:3]), 40, 20)


def climbed(classes, scores):
    return SimpleNamespace(
        problem=SimpleNamespace(classes=classes, name="cats"),
        with_source=("features + linear", "head first, then all"),
        unit="points",
        measured="accuracy" if classes else "R²",
        scores=lambda: scores,
        verdict=verdict,
    )


def rungs(scores):
    def shows(left, right):
        for row, (name, each) in enumerate(scores.items()):
            colour = "#D55E00" if name in ("features + linear", "head first, then all") else "#0072B2"
            left.dots(np.maximum(each, -0.5), row, colour)
            left.line([max(each.mean(), -0.5)] * 2, [row - 0.34, row + 0.34])
        assert left.rows() == list(scores)
        said = verdict()
        assert (said.with_source, said.without, said.control) == ("head first, then all", "kernel ridge", "from scratch")
        bars = (said.effect, said.low, said.high), (said.effect, *said.naive), said.of_source
        for row, (effect, low, high) in enumerate(bars):
            right.line([100 * low, 100 * high], [row, row])
            right.line([100 * effect], [row])
        right.rule(x=0)
        strip = right.patches.pop()
        assert np.allclose([strip.get_x(), strip.get_width()], [-100 * said.matters, 200 * said.matters])
        right.word("for new rows", y=-0.22)
        right.word("splits taken for new data", y=0.78)
        right.word("less “from scratch”", y=1.78)

    return shows


def gains(page):
    grid = [[100 * CHART[row][k].mean() for k in (1, 50)] for row in CHART]
    page.cells(np.array(grid), "+.0f", CHART, (1, 50))


WATCHED = runs(("on the test rows", "on the rows watched"))


def watched(page):
    page.bands(STEP, {name: curves(group) for name, group in WATCHED.items()})


HELD = {
    "freeze": {
        "near": {2: np.linspace(0.04, 0.06, 5), 50: np.linspace(-0.1, 0.1, 5)},
        "far": {2: np.linspace(-0.2, -0.18, 5)},
    },
    "keep the head": {"far": {2: np.linspace(0.1, 0.2, 5)}},
}


def rules(page):
    grid = [[5, np.nan], [0, np.nan], [-19, 15]]
    page.cells(np.array(grid), "+.0f", ["near, 2 labels", "near, 50 labels", "far, 2 labels"], HELD)


PICTURES = {
    "ladder": Example(
        lambda: plots.ladder(climbed(("a", "b"), RUNGS)),
        [f"{name} {with_error(group)}" for name, group in RUNGS.items()] + ["20 splits", "Verdict: "],
        rungs(RUNGS),
    ),
    "ladder of numbers": Example(lambda: plots.ladder(climbed(None, R2)), ["cats, "], rungs(R2)),
    "rules": Example(
        lambda: plots.rules(HELD),
        [
            f"{pair}, {k} labels {with_error(v, 100, True)}"
            for rows in HELD.values()
            for pair, e in rows.items()
            for k, v in e.items()
        ],
        rules,
    ),
    "chart": Example(
        lambda: plots.chart(CHART, "Gain of freezing"),
        [f"{k} labels {with_error(v, 100, True)}" for each in CHART.values() for k, v in each.items()],
        gains,
    ),
    "watching": Example(
        lambda: plots.watching(WATCHED),
        [f"{name} {with_error(ends(group))}" for name, group in WATCHED.items()] + ["after 300 steps"],
        watched,
    ),
}


def problems():
    """Two small problems, as the lesson has them."""
    source, settings = cars()["USA"], dict(label="mpg", regression=True, units=(4,))
    return dict(
        problems={name: of_table(cars()[name], source=source, name=name, **settings) for name in ("Japan", "Europe")}
    )


PANELS = {"ladder": PanelExample(problems, dict(splits=5))}
