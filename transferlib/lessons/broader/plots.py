"""Pictures of one rule on many kinds of data."""

import numpy as np

from transferlib.plots.canvas import GREY, SPARE, Picture, Values, ahead, finish, in_words, mean_of, numbers, seeds_of, sheet

MARKS = "osD^"


def rules_by_pairs(table: dict[str, Values], title: str = "") -> Picture:
    """What each rule adds to the target's own rows, a row a pair: {pair: {rule: (seeds,)}} → Picture, a heat map in points.

    Bold: the 95 % interval lies on one side of 0.
    """
    base = "own rows"
    gains = {row: ahead(arms, base) for row, arms in table.items()}
    rules, n = list(next(iter(gains.values()))), seeds_of(table)
    figure, (axis,) = sheet(width=8.6, height=1.1 + 0.235 * len(gains))
    axis.gain_cells(gains, rules, "+.1f", 20, 0.7)
    axis.tick_params(length=0, top=False, bottom=False, labeltop=True, labelbottom=False)
    axis.spines[:].set_visible(False)
    means = {rule: np.mean([arms[rule] for arms in gains.values()], 0) for rule in rules}
    text = f"{title}, points ahead of {base}, {mean_of(n)}, over all pairs: {in_words(means, sign=True)}. "
    text += f"Pair by pair: {in_words(gains, sign=True)}."
    best = max(means, key=lambda rule: means[rule].mean())
    points = means[best].mean()
    leads = f"{best} is highest, {points:+.1f}" if points > 0 else f"no rule is ahead; {best} comes nearest, {points:+.1f}"
    plain = f"{title}: on average over the pairs, {leads} points against {base}."
    cells = {rule: numbers({row: arms[rule] for row, arms in gains.items()}, sign=True) for rule in rules}
    note = f"points ahead of {base}, {mean_of(n).split(' ±')[0]}; orange: ahead, violet: behind; bold: "
    note += "95 % interval without 0"
    return finish(figure, text, note, left=0.335, below=0.3, above=0.36, plain=plain, table=cells)


def foretold(pairs: dict[str, dict[str, tuple[float, float]]], xlabel: str, ylabel: str) -> Picture:
    """A dot a pair: {kind: {pair: (what foretells, points gained)}} → Picture, a colour and a mark a kind."""
    figure, (axis,) = sheet(width=8.0, height=4.0)
    for (kind, dots), colour, mark in zip(pairs.items(), SPARE, MARKS):
        axis.plot(*np.array(list(dots.values())).T, mark, color=colour, label=kind, alpha=0.8)
    axis.axhline(0, color=GREY, linewidth=1)
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    each = {kind: ", ".join(f"{name} {x:.2f} {y:+.1f}" for name, (x, y) in dots.items()) for kind, dots in pairs.items()}
    words = "; ".join(f"{kind}: {told}" for kind, told in each.items())
    return finish(figure, f"{ylabel} against {xlabel}. {words}.", left=0.09, right=0.84, above=0.1)
