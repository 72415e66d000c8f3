"""Gains by labels, after few and after many steps."""

import numpy as np

from transferlib.measures import interval, value_at
from transferlib.plots.canvas import GREY, Picture, Runs, ahead, band_of, finish, in_words, mean_of, seeds_of, sheet
from transferlib.plots.lines import last_step, lines_of


def gains_by_steps(*tables: dict[int, Runs]) -> Picture:
    """How far each strategy is ahead of *from scratch*, seed by seed, at each number of labels → Picture with 95 % bands.

    Several tables, each of another number of steps, stand side by side on one scale.
    """
    figure, axes = sheet(columns=len(tables))
    ends = [{k: {name: value_at(runs) for name, runs in arms.items()} for k, arms in table.items()} for table in tables]
    pages = [lines_of({k: ahead(arms, "from scratch") for k, arms in each.items()}) for each in ends]
    ends = np.concatenate([np.stack(interval(values)).ravel() for each in pages for values in each.values()] + [[0]])
    room = 0.05 * np.ptp(ends)
    text = f"Points ahead of from scratch, {mean_of(seeds_of(tables[0]))}."
    for axis, table, lines in zip(axes, tables, pages):
        axis.axhline(0, color=GREY, linewidth=1)
        axis.label_bands(list(table), lines, ylim=(ends.min() - room, ends.max() + room))
        axis.set(title=f"after {last_step(table)} steps", ylabel="points ahead of from scratch")
        at_labels = f"After {last_step(table)} steps, at {', '.join(map(str, table))} labels per class"
        text += f" {at_labels}: {in_words(lines, sign=True)}."
    return finish(figure, text, band_of(seeds_of(tables[0])), left=0.075, right=0.865, wspace=0.6)
