"""Differences and arms over the same seeds: a mark and a bar each, and a dot a seed."""

import numpy as np

from transferlib.plots.canvas import GREY, PALE, Picture, Values, finish, mean_of, said, sheet, style


def differences(groups: dict[str, Values], label: str, title: str = "") -> Picture:
    """Paired differences as points with their 95 % intervals: {row: {name: (seeds,) in points}} → Picture."""
    names = list(dict.fromkeys(name for group in groups.values() for name in group))
    figure, (axis,) = sheet(width=8.6, height=0.62 * len(groups) + 1.5)
    looks = style(names)
    for row, group in enumerate(groups.values()):
        for name, values in group.items():
            n = len(values)
            axis.interval_row(values, row + (names.index(name) - (len(names) - 1) / 2) * 0.22, looks[name][0])
    axis.axvline(0, color=GREY, linewidth=1)
    axis.name_rows(groups)
    axis.set_xlabel(f"{label}; mean of {n} seeds, bar: 95 % interval")
    axis.set_title(title)
    for i, name in enumerate(names if len(names) > 1 else ()):
        axis.text(1.02, 0.62 - 0.07 * i, f"● {name}", color=looks[name][0], transform=axis.transAxes, fontweight="bold")
    words = "; ".join(f"{row}: {said(group, sign=True, between=', ')}" for row, group in groups.items())
    text = f"{label[0].upper()}{label[1:]}, {mean_of(n)}. {words}."
    bottom, right = 0.62 / (0.62 * len(groups) + 1.5), 0.76 if len(names) > 1 else 0.97
    return finish(figure, text, left=0.2, right=right, bottom=bottom, top=0.9)


def paired_dots(two: Values) -> Picture:
    """Two arms, a dot a seed, and the second minus the first, seed by seed, in points: {name: (seeds,)} twice → Picture."""
    figure, (left, right) = sheet(columns=2, height=3.1)
    (first, second), looks = two, style(two)
    n, gain = len(two[first]), 100 * (np.asarray(two[second]) - np.asarray(two[first]))
    left.plot([two[first], two[second]], [0.12, 0.88], color=PALE, linewidth=1.2, zorder=1)
    for row, name in enumerate(two):
        look = dict(color=looks[name][0], alpha=0.5, markersize=5, markeredgewidth=0)
        left.plot(two[name], np.full(n, 0.12 + 0.76 * row), "o", **look)
        left.interval_row(two[name], -0.2 + 1.4 * row, looks[name][0])
    right.plot(gain, np.linspace(0.7, 0.3, n), "o", color=looks[second][0], alpha=0.5, markersize=5, markeredgewidth=0)
    right.interval_row(gain, 0, looks[second][0])
    right.axvline(0, color=GREY, linewidth=1)
    left.set_yticks([0.12, 0.88], two)
    right.set_yticks([])
    for axis in (left, right):
        axis.set_ylim(1.5, -0.5)
        axis.grid(False, axis="y")
    left.set_title("Each arm by itself")
    left.set_xlabel("target test accuracy")
    right.set_title(f"{second} − {first}, seed by seed")
    right.set_xlabel("points")
    text = f"Two arms, {mean_of(n)}: {said(two)}. Paired difference, points: {said({second: gain}, sign=True)}."
    note = "a dot: one seed; a line joins the two of one seed; mark and bar: mean and its 95 % interval"
    return finish(figure, text, note, left=0.135, right=0.985, bottom=0.24, top=0.89, wspace=0.12)
