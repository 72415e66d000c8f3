"""The ladder as a picture, and the chart of labels and sources."""

import numpy as np

from transferlib.measures import curves, value_at
from transferlib.plots import canvas
from transferlib.plots.canvas import GREY, INK, PALE, Picture, Runs, Values, band_of, finish, in_words, mean_of, sheet

COLOURS = {True: "#D55E00", False: "#0072B2"}


def ladder(climbed) -> Picture:
    """A climbed `Ladder`: left a row a rung, a dot a split; right the verdict with its intervals."""
    scores, verdict, unit = climbed.scores(), climbed.verdict(), climbed.unit
    name = {"accuracy": "share right"}.get(climbed.measured, climbed.measured)
    figure, (left, right) = sheet(height=0.33 * len(scores) + 1.35, columns=2)
    floor = -0.5 if name == "R²" else -np.inf  # R² has no floor, and one split must not squeeze the others
    for row, (rung, values) in enumerate(scores.items()):
        left.dots(np.maximum(values, floor), row, COLOURS[rung in climbed.with_source], 0.2, markersize=4)
        left.plot([max(np.mean(values), floor)] * 2, [row - 0.34, row + 0.34], color=INK, linewidth=2)
    left.name_rows(scores)
    left.set_xlabel("R² on held-out rows, cut at −0.5" if name == "R²" else f"{name}, held-out rows")
    left.set_title("blue: no source · orange: with a source")
    bars = [
        (verdict.effect, verdict.low, verdict.high, "for new rows", INK, "o"),
        (verdict.effect, *verdict.naive, "splits taken for new data", GREY, "s"),
    ]
    if verdict.of_source and verdict.control != verdict.without:
        bars.append((*verdict.of_source, f"less “{verdict.control}”", INK, "D"))
    for row, (effect, low, high, name, colour, mark) in enumerate(bars):
        right.plot([100 * low, 100 * high], [row] * 2, color=colour, linewidth=3 if colour == INK else 2)
        right.plot(100 * effect, row, mark, color=colour, markersize=8)
        right.text(100 * effect, row - 0.22, name, ha="center", fontsize=9)
    right.axvspan(-100 * verdict.matters, 100 * verdict.matters, color=PALE, zorder=0)
    right.axvline(0, color=GREY, linewidth=1)
    right.set_ylim(len(bars) - 0.4, -0.7)
    right.set_yticks([])
    right.set(title=f"with a source less without: {verdict.word}", xlabel=unit)
    text = f"{climbed.problem.name}, {verdict.rows} rows, {verdict.splits} splits, mean ± its standard error over splits: "
    text += f"{in_words(scores)}. {verdict}"
    note = "a dot: a split of the same rows. right: mark and bar, mean and 95 % interval; grey strip: too small to matter"
    plain = f"the best with a source is “{verdict.with_source}”, the best without “{verdict.without}”: {verdict.word}"
    return finish(figure, text, note, left=0.205, wspace=0.08, plain=f"{plain}.", table=dict(mean=canvas.numbers(scores)))


def rules(found: dict[str, dict[str, dict[int, Values]]]) -> Picture:
    """Rules on pairs, a cell each: {rule: {pair: {labels: the difference that it speaks of, (seeds,)}}}.

    A column a rule, a row a pair and its number of labels. Orange: the rule holds, violet: its reverse; bold:
    the interval lies on one side of 0. Colours end at ± 20 points.
    """
    cells = {
        rule: {f"{pair}, {k} labels": v for pair, each in rows.items() for k, v in each.items()}
        for rule, rows in found.items()
    }
    names = dict.fromkeys(name for rows in cells.values() for name in rows)
    gains = {name: {rule: 100 * np.asarray(rows[name]) for rule, rows in cells.items() if name in rows} for name in names}
    figure, (axis,) = sheet(height=0.36 * len(names) + 1.3)
    axis.gain_cells(gains, cells, "+.0f", 20)
    text = f"Rules on pairs, points, {mean_of(canvas.seeds_of(found))}. {in_words(cells, 100, True)}."
    note = "orange: the rule holds; violet: its reverse; bold: the 95 % interval lies on one side of 0; empty: no sense"
    return finish(figure, text, note, left=0.29)


def chart(gains: dict[str, dict[int, Values]], title: str) -> Picture:
    """Points gained over no source, a cell each: {source: {labels: (seeds,)}}, sources from near to far, top to bottom."""
    points = {row: {k: 100 * np.asarray(values) for k, values in each.items()} for row, each in gains.items()}
    figure, (axis,) = sheet(width=7.2, height=0.55 * len(gains) + 1.5)
    most = max(abs(values.mean()) for each in points.values() for values in each.values())
    axis.gain_cells(points, next(iter(points.values())), "+.0f", most, bold=False)
    axis.set(xlabel="target labels per class", title=title)
    words = {row: {f"{k} labels": values for k, values in each.items()} for row, each in gains.items()}
    text = f"{title}, points, {mean_of(canvas.seeds_of(gains))}. {in_words(words, 100, True)}."
    return finish(figure, text, left=0.3)


def watching(runs: Runs) -> Picture:
    """The target's accuracy over training steps, a line a way: validation curves beside those of the test rows."""
    figure, (axis,) = sheet(width=8.6, height=3.6)
    steps, n = next(iter(runs.values()))[0].step, canvas.seeds_of(runs)
    axis.bands(steps, {name: curves(group, "target_accuracy") for name, group in runs.items()})
    axis.set(xlabel="training steps", ylabel="share right", xlim=(0, steps[-1]))
    ends = {name: value_at(group) for name, group in runs.items()}
    text = f"Share right after {steps[-1]} steps, {mean_of(n)}: {in_words(ends)}."
    return finish(figure, text, band_of(n), left=0.085, right=0.69)
