"""Pictures of task nesting."""

import numpy as np

from transferlib.measures import at, curves, interval
from transferlib.plots.canvas import GREY, INK, Picture, Runs, Values, band_of, finish, mean_of, said, sheet
from transferlib.plots.label_budgets import lines_of

# The colour is the strategy's, as everywhere; an un-nested network is dotted, a known addition dash-dotted.
GRADES = {
    "un-nested, from scratch": ("#555555", "dotted"),
    "un-nested, fine-tuned": ("#D55E00", "dotted"),
    "nested, from scratch": ("#555555", "solid"),
    "stacking": ("#0072B2", "solid"),
    "progressive": ("#CC79A7", "solid"),
    "nested, fine-tuned": ("#D55E00", "solid"),
    "hierarchical": ("#009E73", "solid"),
    "addition, from scratch": ("#555555", "dashdot"),
    "addition, frozen": ("#0072B2", "dashdot"),
    "addition, fine-tuned": ("#D55E00", "dashdot"),
}


def sums_budget(table: dict[int, Runs], readers: dict[int, Values]) -> Picture:
    """Accuracy on sums, and of the inner reader on single digits, against the labelled sums of each value.

    table    {labels: {grade: [Run, …]}};  readers  {labels: {grade: (seeds,)}}, for the grades that have a reader
    """
    figure, axes = sheet(width=9.6, height=4.2, columns=2)
    scores = {k: {name: at(runs) for name, runs in arms.items()} for k, arms in table.items()}
    titles, words = ("sums of two digits", "one digit, by the inner reader"), []
    for axis, values, title in zip(axes, (scores, readers), titles):
        lines = lines_of(values)
        axis.label_bands(list(table), lines, GRADES, (0, 1))
        axis.set_xlabel("labelled sums of each value, 0 … 18")
        axis.set_title(title)
        words.append(f"{title[0].upper()}{title[1:]}: {said(lines)}.")
    axes[0].set_ylabel("test accuracy")
    n = len(next(iter(lines.values())))
    text = f"With {', '.join(map(str, table))} of each sum, {mean_of(n)}. {' '.join(words)}"
    return finish(figure, text, band_of(n), left=0.065, right=0.81, bottom=0.16, top=0.92, wspace=1.05)


def nesting(results: Runs, readers: Values) -> Picture:
    """Accuracy on sums over the steps, and the inner readers at the end: {grade: [Run, …]}, {grade: (seeds,)} → Picture."""
    figure, (left, right) = sheet(columns=2, height=4.0)
    runs = next(iter(results.values()))
    step, n = runs[0].step, len(runs)
    left.set(xlabel="training steps on the sums", ylabel="test accuracy", xlim=(0, step[-1]))
    left.set_title("sums of two digits")
    left.bands(step, {name: curves(group) for name, group in results.items()}, GRADES, ylim=(0, 1))
    right.name_rows(results)
    for row, name in enumerate(results):
        if name in readers:
            mean, low, high = interval(readers[name])
            right.barh(row, mean, color=GRADES[name][0], height=0.5)
            right.plot([low, high], [row, row], color=INK, linewidth=1.5)
            right.text(max(mean, high) + 0.02, row, f"{mean:.2f}", va="center")
        else:
            right.text(0.02, row, "no reader", va="center")
    right.set(xlim=(0, 1.15), xticks=np.linspace(0, 1, 6), xlabel="test accuracy")
    right.tick_params(axis="y", labelsize=9)
    right.grid(False)
    right.set_title("one digit, by the inner reader")
    text = f"Sums after {step[-1]} steps, {mean_of(n)}: {said({name: at(group) for name, group in results.items()})}."
    text += f" One digit, by the inner reader: {said(readers)}." if readers else ""
    room = dict(left=0.065, right=0.985, bottom=0.17, top=0.91, wspace=1.2)
    return finish(figure, text, band_of(n, "band and black line"), **room)


def shuffles(rows: dict[str, list[np.ndarray]], chance: float = 1 / 19) -> Picture:
    """Accuracy with the reader's words in place, swapped within a digit, swapped at random: {grade: three of (seeds,)}."""
    figure, (axis,) = sheet(width=7.6, height=3.7)
    looks = {"in place": ("#333333", "o"), "swapped within a digit": ("#56B4E9", "s"), "swapped at random": ("#D55E00", "X")}
    for row, three in enumerate(rows.values()):
        for (label, look), values, lift in zip(looks.items(), three, (-0.18, 0, 0.18)):
            axis.interval_row(values, row + lift, *look, markersize=8, label=None if row else label)
    axis.axvline(chance, color=GREY, linestyle=":", linewidth=1.5)
    axis.text(chance + 0.005, -0.5, "guessing", fontsize=8.5, color=GREY, va="center")
    axis.name_rows(rows)
    axis.set(xlabel="test accuracy on sums", xlim=(0, 1))
    place = dict(loc="upper right", bbox_to_anchor=(1, 1), bbox_transform=figure.transFigure)
    axis.legend(ncols=3, frameon=False, title="what the reader said was …", **place)
    n = len(three[0])
    text = f"Sums with the reading {', '.join(looks)}, {mean_of(n)}: "
    text += f"{said({name: np.stack(three, 1) for name, three in rows.items()})}."
    return finish(figure, text, band_of(n, "bar"), left=0.2, right=0.98, bottom=0.19, top=0.85)
