"""Differences and arms over the same seeds: a mark and a bar each, and a dot a seed."""

import numpy as np

from transferlib.plots import canvas
from transferlib.plots.canvas import Picture, Values, finish, in_words, mean_of, numbers, seeds_of, sheet, style

MARKS = "osD^vPX*"


def differences(groups: dict[str, Values], label: str, looks=None, text: str = "", plain: str = "") -> Picture:
    """Paired differences as points with their 95 % intervals: {row: {name: (seeds,) in points}} → Picture.

    looks  {name: (colour, mark)}, where the course's own will not do; text  where it is to be another than the numbers
    plain  as `Picture` has it
    """
    names = dict.fromkeys(name for group in groups.values() for name in group)
    looks = looks or {name: (look[0], mark) for (name, look), mark in zip(style(names).items(), MARKS * 3)}
    looks, several = {name: looks[name] for name in names}, len(names) > 1
    figure, (axis,) = sheet(width=8.6, height=(0.35 + 0.13 * len(names)) * len(groups) + 1.25)
    beside = dict(loc="center left", bbox_to_anchor=(1, 0.5)) if several else None
    axis.forest(groups, looks, min(0.22, 0.85 / len(names)), beside)
    axis.axvline(0, color=canvas.GREY, linewidth=1)
    n = mean_of(*(len(values) for group in groups.values() for values in group.values()))
    axis.set_xlabel(f"{label}; {n.split(' ±')[0]}, bar: 95 % interval")
    labels = [str(row).replace(" (", "\n(") for row in groups]
    axis.set_yticks(range(len(groups)), labels)
    left = max(0.2, 0.03 + 0.0088 * max(len(line) for label in labels for line in label.split("\n")))
    text = text or f"{label[0].upper()}{label[1:]}, {n}. {in_words(groups, sign=True)}."
    return finish(figure, text, left=left, right=0.76 if several else 0.97, above=0.1, plain=plain)


def paired_dots(two: Values) -> Picture:
    """Two arms, a dot a seed, and the second minus the first, seed by seed, in points: {name: (seeds,)} twice → Picture."""
    figure, (left, right) = sheet(columns=2, height=3.1)
    (first, second), looks = two, style(two)
    n, gain = seeds_of(two), 100 * (np.asarray(two[second]) - np.asarray(two[first]))
    left.plot([two[first], two[second]], [0.12, 0.88], color=canvas.PALE, linewidth=1.2, zorder=1)
    for row, name in enumerate(two):
        left.dots(two[name], 0.12 + 0.76 * row, looks[name][0], 0)
        left.interval_row(two[name], -0.2 + 1.4 * row, looks[name][0])
    right.dots(gain, 0.5, looks[second][0], -0.2)
    right.interval_row(gain, 0, looks[second][0])
    right.axvline(0, color=canvas.GREY, linewidth=1)
    left.set_yticks([0.12, 0.88], two)
    right.set_yticks([])
    for axis in (left, right):
        axis.set_ylim(1.5, -0.5)
        axis.grid(False, axis="y")
    left.set(title="Each arm by itself", xlabel="target test accuracy")
    right.set(title=f"{second} − {first}, seed by seed", xlabel="points")
    text = f"Two arms, {mean_of(n)}: {in_words(two)}. Paired difference, points: {in_words({second: gain}, sign=True)}."
    note = "a dot: one seed; a line joins the two of one seed; mark and bar: mean and its 95 % interval"
    plain = f"{canvas.who_leads(two)}."
    table = {"accuracy": numbers(two), "points ahead": numbers({second: gain}, sign=True)}
    return finish(figure, text, note, left=0.135, wspace=0.12, plain=plain, table=table)
