"""Accuracy over training steps, and any measure against the number of labels."""

import numpy as np

from transferlib.measures import curves, value_at
from transferlib.plots import canvas
from transferlib.plots.canvas import Picture, Runs, Values, band_of, finish, in_words, mean_of, sheet, style


def learning_curves(results: Runs) -> Picture:
    """Test accuracy of the target, and of the source, over training steps: {name: [Run, …]} → Picture.

    A line is the mean over the runs, its band the 95 % interval of that mean. A strategy that starts at random and never
    sees the source has no source network: it is left out on the right. Runs without `both_curves` have two points there.
    """
    figure, (left, right) = sheet(columns=2)
    first, n, looks = next(iter(results.values()))[0], canvas.seeds_of(results), style(results)
    had = {k: v for k, v in results.items() if v[0].source and (v[0].strategy.start == "source" or v[0].strategy.alpha)}
    for axis, groups, role, low in ((left, results, "target", 0), (right, had, "source", None)):
        lines = {name: curves(group, f"{role}_accuracy") for name, group in groups.items()}
        measured = np.isfinite(np.array([*lines.values()] or np.zeros((1, 1, len(first.step))))).all((0, 1))
        axis.set(xlabel="training steps on the target", ylabel="test accuracy", xlim=(0, first.step[-1]))
        axis.set_title(f"{role.capitalize()}: {getattr(first, role) or 'none'}")
        seen, mark = {name: values[:, measured] for name, values in lines.items()}, None if measured.all() else "o"
        axis.bands(first.step[measured], seen, looks, mark, ylim=(low, 1))
    if not had:
        words = "no source network\nin what is shown"
        right.text(0.5, 0.5, words, transform=right.transAxes, ha="center", va="center")
    ends = {name: value_at(group) for name, group in results.items()}
    plain = f"After {first.step[-1]} steps, {canvas.who_leads(ends)} on the target"
    text = f"Target accuracy ({first.target}) after {first.step[-1]} steps, {mean_of(n)}: {in_words(ends)}."
    table = {f"target: {first.target}": canvas.numbers(ends)}
    if had:
        ends = {name: value_at(group, "source_accuracy") for name, group in had.items()}
        text += f" Source accuracy ({first.source}) then: {in_words(ends)}."
        plain += f", and {canvas.who_leads(ends)} on the source" if len(ends) > 1 else ""
        table[f"source: {first.source}"] = canvas.numbers(ends)
    return finish(figure, text, band_of(n), left=0.065, right=0.845, wspace=0.72, plain=f"{plain}.", table=table)


def lines_of(table: dict[int, Values]) -> Values:
    """{labels: {name: (seeds,)}} → {name: (seeds, labels)}."""
    return {name: np.stack([values[name] for values in table.values()], 1) for name in next(iter(table.values()))}


def last_step(table: dict[int, Runs]) -> int:
    """How many steps the runs of {labels: {name: [Run, …]}} took."""
    return next(iter(next(iter(table.values())).values()))[0].step[-1]


def label_lines(labels: list[int], groups: Values, ylabel: str, scale: float = 1.0, sign: bool = False) -> Picture:
    """Any measure against labels per class: {name: (seeds, len(labels))}, drawn times `scale`, with 95 % bands → Picture."""
    figure, (axis,) = sheet(width=7.6, height=4.0)
    axis.label_bands(labels, {name: scale * np.asarray(values) for name, values in groups.items()})
    axis.set_ylabel(ylabel)
    if sign:
        axis.axhline(0, color=canvas.GREY, linewidth=1)
    n = canvas.seeds_of(groups)
    at_labels = f"{ylabel} at {', '.join(map(str, labels))} labels per class"
    text = f"{at_labels[0].upper()}{at_labels[1:]}, {mean_of(n)}: {in_words(groups, scale, sign)}."
    return finish(figure, text, band_of(n), left=0.1, right=0.8, above=0.16)
