"""Pictures of task nesting."""

import numpy as np

from transferlib.measures import at, curves, interval
from transferlib.plots.canvas import GREY, INK, Picture, Runs, Values, band_of, finish, mean_of, said, sheet

# The colour is the strategy's, as everywhere; an un-nested network is dotted, a known addition dash-dotted.
GRADES = {
    "un-nested, from scratch": ("#555555", "dotted"),
    "un-nested, fine-tuned": ("#D55E00", "dotted"),
    "nested, from scratch": ("#555555", "solid"),
    "stacking": ("#0072B2", "solid"),
    "progressive": ("#CC79A7", "solid"),
    "nested, fine-tuned": ("#D55E00", "solid"),
    "hierarchical, predictions": ("#009E73", "solid"),
    "hierarchical, hidden": ("#009E73", "dashed"),
    "parity inside, frozen": ("#0072B2", "dotted"),
    "addition, from scratch": ("#555555", "dashdot"),
    "addition, frozen": ("#0072B2", "dashdot"),
    "addition, fine-tuned": ("#D55E00", "dashdot"),
}


def nesting(results: Runs, readers: Values) -> Picture:
    """Accuracy on sums over the steps, and the inner readers at the end: {grade: [Run, …]}, {grade: (seeds,)} → Picture.

    The words beside the picture pair every arm with the first one, seed by seed.
    """
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
    first, *others = results
    ahead = {name: 100 * (at(results[name]) - at(results[first])) for name in others}
    text += f" Ahead of {first}, seed by seed, in points: {said(ahead, sign=True)}." if ahead else ""
    room = dict(left=0.06, right=0.985, bottom=0.17, top=0.91, wspace=1.42)
    return finish(figure, text, band_of(n, "band and black line"), **room)


def ablations(rows: dict[str, dict[str, np.ndarray]], chance: float = 1 / 19) -> Picture:
    """Accuracy on sums with what the reader said replaced: {grade: {"in place" or how `ablated` replaced it: (seeds,)}}."""
    figure, (axis,) = sheet(width=7.6, height=3.7)
    looks = {"in place": ("#333333", "o"), "swap within a digit": ("#56B4E9", "s")}
    looks |= {"mean": ("#009E73", "D"), "swap": ("#D55E00", "X")}
    for row, ways in enumerate(rows.values()):
        for (label, look), lift in zip(looks.items(), (-0.24, -0.08, 0.08, 0.24)):
            axis.interval_row(ways[label], row + lift, *look, markersize=7, label=None if row else label)
    axis.axvline(chance, color=GREY, linestyle=":", linewidth=1.5)
    axis.text(chance + 0.005, -0.6, "guessing", fontsize=8.5, color=GREY, va="center")
    axis.name_rows(rows)
    axis.set(xlabel="test accuracy on sums", xlim=(0, 1))
    place = dict(loc="upper right", bbox_to_anchor=(1, 1), bbox_transform=figure.transFigure)
    axis.legend(ncols=4, frameon=False, title="what the reader said is …", **place)
    n = len(next(iter(rows.values()))["in place"])
    text = f"Sums with the reading {', '.join(looks)}, {mean_of(n)}: "
    text += f"{said({name: np.stack([ways[look] for look in looks], 1) for name, ways in rows.items()})}."
    return finish(figure, text, band_of(n, "bar"), left=0.24, right=0.98, bottom=0.19, top=0.85)
