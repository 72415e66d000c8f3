"""What is measured, against the number of labels."""

import numpy as np

from transferlib.measures import at, interval
from transferlib.plots.canvas import GREY, Picture, Runs, Values, band_of, finish, mean_of, said, sheet


def lines_of(table: dict[int, Values]) -> Values:
    """{labels: {name: (seeds,)}} → {name: (seeds, labels)}."""
    return {name: np.stack([values[name] for values in table.values()], 1) for name in next(iter(table.values()))}


def label_lines(labels: list[int], groups: Values, ylabel: str, scale: float = 1.0, sign: bool = False) -> Picture:
    """Any measure against labels per class: {name: (seeds, len(labels))}, drawn times `scale` → Picture, with 95 % bands."""
    figure, (axis,) = sheet(width=7.6, height=4.0)
    axis.label_bands(labels, {name: scale * np.asarray(values) for name, values in groups.items()})
    axis.set_ylabel(ylabel)
    if sign:
        axis.axhline(0, color=GREY, linewidth=1)
    n = len(next(iter(groups.values())))
    at_labels = f"{ylabel} at {', '.join(map(str, labels))} labels per class"
    text = f"{at_labels[0].upper()}{at_labels[1:]}, {mean_of(n)}: {said(groups, scale, sign)}."
    return finish(figure, text, band_of(n), left=0.09, right=0.8, bottom=0.165, top=0.96)


def budget_curves(table: dict[int, Runs], step: int | None = None) -> Picture:
    """Target test accuracy against labels per class: {labels: {name: [Run, …]}} → Picture, with 95 % bands."""
    scores = {k: {name: at(runs, step=step) for name, runs in arms.items()} for k, arms in table.items()}
    return label_lines(list(table), lines_of(scores), f"target test accuracy after {_last(table, step)} steps")


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
        axis.set(title=f"after {_last(table)} steps", ylabel=f"points ahead of {control}")
    n = len(next(iter(gains[0].values())))
    text = f"Points ahead of {control}, {mean_of(n)}."
    for table, each in zip(tables, gains):
        text += f" After {_last(table)} steps, at {', '.join(map(str, table))} labels per class: {said(each, 100, True)}."
    return finish(figure, text, band_of(n), left=0.075, right=0.865, bottom=0.175, top=0.91, wspace=0.6)


def _gains(table, control):
    """{name: (seeds, labels)}, how far each arm but the control is ahead of it, seed by seed."""
    scores = lines_of({k: {name: at(runs) for name, runs in arms.items()} for k, arms in table.items()})
    return {name: values - scores[control] for name, values in scores.items() if name != control}


def _last(table, step=None):
    return next(iter(next(iter(table.values())).values()))[0].step[-1] if step is None else step
