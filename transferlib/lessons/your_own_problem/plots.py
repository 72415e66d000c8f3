"""The ladder as a picture, and the chart of labels and sources."""

import numpy as np

from transferlib.measures import with_error
from transferlib.plots.canvas import GREY, INK, PALE, Picture, Values, finish, said, sheet

COLOURS = {True: "#D55E00", False: "#0072B2"}


def ladder(climbed) -> Picture:
    """A climbed `Ladder`: left a row a rung, a dot a split; right the verdict with both of its intervals."""
    scores, verdict, unit = climbed.scores(), climbed.verdict(), climbed.unit
    regression = climbed.problem.classes is None
    tall = 0.33 * len(scores) + 1.35
    figure, (left, right) = sheet(width=9.6, height=tall, columns=2)
    floor = -0.5 if regression else -np.inf  # R² has no floor, and one split must not squeeze the others
    for row, (rung, values) in enumerate(scores.items()):
        colour, shown = COLOURS[rung in climbed.with_source], np.maximum(values, floor)
        left.plot(
            shown, row + np.linspace(-0.2, 0.2, len(values)), "o", color=colour, alpha=0.4, markersize=4, markeredgewidth=0
        )
        left.plot([np.mean(shown)] * 2, [row - 0.34, row + 0.34], color=INK, linewidth=2)
    left.name_rows(scores)
    left.set_xlabel(
        "R² on held-out rows" + (", cut at −0.5" if regression else "") if regression else "share right, held-out rows"
    )
    left.set_title("orange: with the source")
    wide = (verdict.low, verdict.high), verdict.naive
    for row, ((low, high), name) in enumerate(zip(wide, ("for new rows", "splits taken for new data"))):
        right.plot([100 * low, 100 * high], [row] * 2, color=(INK, GREY)[row], linewidth=(3, 2)[row])
        right.plot(100 * verdict.effect, row, "os"[row], color=(INK, GREY)[row], markersize=8)
        right.text(100 * verdict.effect, row - 0.22, name, ha="center", fontsize=9)
    right.axvspan(-100 * verdict.matters, 100 * verdict.matters, color=PALE, zorder=0)
    right.axvline(0, color=GREY, linewidth=1)
    right.set_ylim(1.6, -0.7)
    right.set_yticks([])
    right.set_title(f"source less no source: {verdict.word}")
    right.set_xlabel(unit)
    text = f"{climbed.problem.name}, {verdict.rows} rows, {verdict.splits} splits, mean ± its standard error over splits: "
    text += f"{said(scores)}. {verdict}"
    note = "a dot: a split of the same rows. right: mark and bar, mean and 95 % interval; grey strip: too small to matter"
    return finish(figure, text, note, left=0.155, right=0.985, bottom=0.68 / tall, top=1 - 0.33 / tall, wspace=0.08)


def chart(gains: dict[str, dict[int, Values]], title: str) -> Picture:
    """Points gained over no source, a cell each: {source: {labels: (seeds,)}}, sources from near to far, top to bottom."""
    rows, labels = list(gains), list(next(iter(gains.values())))
    grid = np.array([[100 * np.mean(gains[row][k]) for k in labels] for row in rows])
    figure, (axis,) = sheet(width=7.2, height=0.55 * len(rows) + 1.5)
    most = np.abs(grid).max()
    axis.number_cells(grid, "+.0f", abs(grid) > 0.6 * most, cmap="PuOr_r", vmin=-most, vmax=most, aspect="auto")
    axis.set_xticks(range(len(labels)), map(str, labels))
    axis.set_yticks(range(len(rows)), rows)
    axis.set(xlabel="target labels per class", title=title)
    n = len(gains[rows[0]][labels[0]])
    words = "; ".join(
        f"{row}: " + ", ".join(f"{k} labels {with_error(gains[row][k], 100, sign=True)}" for k in labels) for row in rows
    )
    text = f"{title}, points, mean of {n} seeds ± its standard error. {words}."
    tall = 0.55 * len(rows) + 1.5
    return finish(figure, text, left=0.3, right=0.98, bottom=0.62 / tall, top=1 - 0.35 / tall)
