"""Examples of the pictures and the panel of lesson 18."""

import numpy as np
import pandas as pd

from tests.page import page
from tests.plots.drawn import Example, t_interval
from tests.plots.made_up import RNG
from tests.widgets.made import PanelExample
from transferlib.lessons.theory import plots
from transferlib.measures import with_error

NAMES = "fine-tuned", "frozen subspace"
MEASURED = {name: {angle: RNG.normal(0.4 - angle / 100, 0.1, 6) for angle in (0, 45, 90)} for name in NAMES}
LINES = {name: (np.arange(91), 0.5 - np.arange(91) / (90 + i)) for i, name in enumerate(NAMES)}
BORDERS = {name: (np.array([0.2, 0.8]), np.array([60.0, 40 - 9 * i])) for i, name in enumerate(NAMES)}
SWEPT = {name: {n: RNG.normal(70, 3, 6) for n in (10, 40)} for name in NAMES}  # of 50 dimensions
LAW, GAINS = np.array([-2.0, -0.1, 0.05, 0.3]), RNG.normal([[-1], [0.1], [0.1], [0.2]], 0.01, (4, 10))
PAIRS = ["a → b", "b → a", "c → d"]
TERMS = pd.DataFrame(RNG.random((3, 3)), PAIRS, ["source error", "half the divergence", "λ"])
ERROR, CONSTANT = (pd.Series(RNG.random(3), PAIRS) for _ in range(2))


def gains(axis):
    looks = axis.legend()
    assert list(looks) == [*NAMES]
    for name, each in MEASURED.items():
        colour, mark = looks[name]
        mean, low, high = zip(*(t_interval(100 * v) for v in each.values()))
        axis.line(LINES[name][0], 100 * LINES[name][1], colour)
        axis.line([*each], mean, colour, mark)
        axis.sticks([*each], low, high)
    axis.rule(y=0)


def border_map(left, right):
    looks = left.legend()
    gains(left)
    left.rule(x=30)
    for name in NAMES:
        right.line(*BORDERS[name], looks[name][0])
    right.line([0.5], [30])


def borders(axis):
    looks = axis.legend()
    assert list(looks) == [*NAMES]
    for name, each in SWEPT.items():
        colour, mark = looks[name]
        mean, low, high = zip(*(t_interval(v) for v in each.values()))
        axis.line(*BORDERS[name], colour)
        axis.line([0.2, 0.8], mean, colour, mark)
        axis.sticks([0.2, 0.8], low, high)


def foretold(axis):
    axis.rule(x=0)
    axis.rule(y=0)
    axis.line(100 * LAW, 100 * GAINS.mean(1), mark="o")


def bounds(axis):
    left = np.zeros(3)
    for name in TERMS:
        for row, (begin, width) in enumerate(zip(left, TERMS[name])):
            axis.bars([width], [row], lying=True, from_=begin)
        left += TERMS[name]
    axis.line(ERROR, range(3), mark="o")
    axis.line(CONSTANT, range(3), mark="|")
    axis.rule(x=1)
    assert axis.rows() == PAIRS


def said():
    return [f"{name}: 0° {with_error(each[0], 100, True)}, 45° " for name, each in MEASURED.items()]


PICTURES = {
    "gains_by_angle": Example(lambda: plots.gains_by_angle(MEASURED, LINES), said(), gains),
    "border_map": Example(
        lambda: plots.border_map(MEASURED, LINES, BORDERS, 30, 0.5),
        [*said(), "Foretold at 30°: fine-tuned: +17 %; frozen subspace: +17 %", "fine-tuned 50°, frozen subspace 46°"],
        border_map,
    ),
    "borders": Example(
        lambda: plots.borders(SWEPT, BORDERS, 50),
        [f"{name}: " + ", ".join(f"{n} labels {with_error(v)}" for n, v in each.items()) for name, each in SWEPT.items()],
        borders,
    ),
    "foretold": Example(
        lambda: plots.foretold(LAW, GAINS), ["4 pairs, mean of 10 draws", "the same sign on 75 % of the pairs"], foretold
    ),
    "bounds": Example(
        lambda: plots.bounds(TERMS, ERROR, CONSTANT),
        [
            f"Means: bound {TERMS.sum(axis=1).mean():.2f}, target error {ERROR.mean():.2f}",
            f"above the target error on {(TERMS.sum(axis=1) > ERROR).sum()} of {len(TERMS)} pairs",
            f"1 or more on {(TERMS.sum(axis=1) >= 1).sum()}",
        ],
        bounds,
    ),
}


def formulas():
    lesson = page("18")
    return dict(
        gains_of=lesson.gains_of,
        theory=lesson.theory,
        frozen_gains=lesson.frozen_gains,
        frozen_theory=lesson.frozen_theory,
    )


PANELS = {"border": PanelExample(formulas, dict(seeds=5, noise=0.5), first=dict(depth=dict(noise=1.0)))}
