"""Pictures of lesson 14: what a layer is worth, by how deep it lies."""

import numpy as np

from transferlib.measures import interval
from transferlib.plots.canvas import GREY, Picture, band_of, finish, in_words, mean_of, numbers, seeds_of, sheet


def by_depth(pages: dict[str, dict[str, dict]], xlabel: str, ylabel: str) -> Picture:
    """Points against a number of layers: {page: {line: {layers: (seeds,) in points}}} → Picture, a page beside the other."""
    figure, axes = sheet(width=4.9 * len(pages), height=3.9, columns=len(pages), sharey=True)
    ends = np.array([interval(each) for lines in pages.values() for line in lines.values() for each in line.values()])
    low, high = ends.min(), ends.max()
    room = 0.05 * (high - low)
    for axis, (title, lines) in zip(axes, pages.items()):
        layers, groups = list(next(iter(lines.values()))), {n: np.stack(list(each.values()), 1) for n, each in lines.items()}
        axis.bands(layers, groups, marker="o", ylim=(low - room, high + room))
        axis.axhline(0, color=GREY, linewidth=1)
        axis.set_xticks(layers)
        axis.set_xlabel(xlabel)
        axis.set_title(title)
    axes[0].set_ylabel(ylabel)
    n = seeds_of(pages)
    shown = {f"{title}, {name}": each for title, lines in pages.items() for name, each in lines.items()}
    text = f"{ylabel[0].upper()}{ylabel[1:]} by {xlabel}, {mean_of(n)}. {in_words(shown, sign=True)}."
    table = {name: numbers(each, sign=True) for name, each in shown.items()}
    return finish(figure, text, band_of(n), left=0.175 / len(pages), right=1 - 0.27 / len(pages), wspace=0.42, table=table)
