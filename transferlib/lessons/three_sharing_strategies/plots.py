"""Gains by labels, after few and after many steps."""

import numpy as np

from transferlib.measures import at, interval
from transferlib.plots.canvas import GREY, Picture, Runs, band_of, finish, mean_of, said, sheet
from transferlib.plots.lines import last_step, lines_of


def gains_by_steps(*tables: dict[int, Runs], control: str = "from scratch") -> Picture:
    """How far each strategy is ahead of a control, seed by seed, at each number of labels → Picture with 95 % bands.

    Several tables, each of another number of steps, stand side by side on one scale.
    """
    figure, axes = sheet(columns=len(tables))
    gains = [_gains(table, control) for table in tables]
    ends = 100 * np.concatenate([np.stack(interval(values)).ravel() for each in gains for values in each.values()] + [[0]])
    room = 0.05 * np.ptp(ends)
    for axis, table, each in zip(axes, tables, gains):
        axis.axhline(0, color=GREY, linewidth=1)
        lines = {name: 100 * values for name, values in each.items()}
        axis.label_bands(list(table), lines, ylim=(ends.min() - room, ends.max() + room))
        axis.set(title=f"after {last_step(table)} steps", ylabel=f"points ahead of {control}")
    n = len(next(iter(gains[0].values())))
    text = f"Points ahead of {control}, {mean_of(n)}."
    for table, each in zip(tables, gains):
        text += (
            f" After {last_step(table)} steps, at {', '.join(map(str, table))} labels per class: {said(each, 100, True)}."
        )
    return finish(figure, text, band_of(n), left=0.075, right=0.865, bottom=0.175, top=0.91, wspace=0.6)


def _gains(table, control):
    """{name: (seeds, labels)}, how far each arm but the control is ahead of it, seed by seed."""
    scores = lines_of({k: {name: at(runs) for name, runs in arms.items()} for k, arms in table.items()})
    return {name: values - scores[control] for name, values in scores.items() if name != control}
