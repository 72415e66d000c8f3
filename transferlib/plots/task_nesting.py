"""Pictures of task nesting."""

import numpy as np

from transferlib.measures import at, curves, interval
from transferlib.plots.canvas import Picture, label_ends, sheet

# Lesson 07: the colour is the strategy's, as everywhere; an un-nested network is dotted, a known addition dash-dotted.
GRADES = {
    "un-nested, from scratch": ("#555555", "dotted"),
    "un-nested, fine-tuned": ("#D55E00", "dotted"),
    "nested, from scratch": ("#555555", "solid"),
    "stacking": ("#0072B2", "solid"),
    "progressive": ("#AA4499", "solid"),
    "nested, fine-tuned": ("#D55E00", "solid"),
    "hierarchical": ("#009E73", "solid"),
    "addition, from scratch": ("#555555", "dashdot"),
    "addition, frozen": ("#0072B2", "dashdot"),
    "addition, fine-tuned": ("#D55E00", "dashdot"),
}


def sums_budget(table, readers):
    """Accuracy on sums, and of the inner reader on single digits, against the labelled sums of each value.

    table    {labels: {grade: [Run, …]}};  readers  {labels: {grade: (seeds,)}}, for the grades that have a reader
    """
    figure, axes = sheet(width=9.6, height=4.2, columns=2)
    budgets, words = list(table), []
    scores = {k: {n: at(runs) for n, runs in arms.items()} for k, arms in table.items()}
    for axis, values, title in (
        (axes[0], scores, "sums of two digits"),
        (axes[1], readers, "one digit, by the inner reader"),
    ):
        ends = []
        for name in values[budgets[0]]:
            mean, low, high = np.array([interval(values[k][name]) for k in budgets]).T
            colour, line = GRADES[name]
            axis.fill_between(budgets, low, high, color=colour, alpha=0.15, linewidth=0)
            axis.plot(budgets, mean, color=colour, linestyle=line, linewidth=2, marker="o", markersize=4)
            ends.append((name, mean[-1], colour))
            words.append(f"{title}, {name}: " + " ".join(f"{m:.3f}" for m in mean))
        axis.set_xscale("log")
        axis.set_xticks(budgets, [str(k) for k in budgets])
        axis.minorticks_off()
        axis.set(xlabel="labelled sums of each value, 0 … 18", ylim=(0, 1))
        axis.set_title(title, loc="left")
        label_ends(axis, ends)
    axes[0].set_ylabel("test accuracy")
    n = len(next(iter(scores[budgets[0]].values())))
    figure.text(0.01, 0.01, f"mean of {n} seeds, band: 95 % interval of the mean", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.065, right=0.81, bottom=0.16, top=0.92, wspace=1.05)
    return Picture(figure, f"With {', '.join(map(str, budgets))} of each sum. " + "; ".join(words) + ".")


def nesting(results, readers):
    """Accuracy on sums over the steps, and the inner readers at the end: {grade: [Run, …]}, {grade: (seeds,)} → Picture."""
    figure, (left, right) = sheet(columns=2, height=4.0)
    ends, words = [], []
    for name, runs in results.items():
        mean, low, high = interval(curves(runs))
        colour, line = GRADES[name]
        left.fill_between(runs[0].step, low, high, color=colour, alpha=0.15, linewidth=0)
        left.plot(runs[0].step, mean, color=colour, linestyle=line, linewidth=2)
        ends.append((name, mean[-1], colour))
        words.append(f"{name} {mean[-1]:.3f}")
    left.set(xlabel="training steps on the sums", ylabel="test accuracy", xlim=(0, runs[0].step[-1]), ylim=(0, 1))
    left.set_title("sums of two digits", loc="left")
    label_ends(left, ends)
    for place, name in enumerate(reversed(results)):
        colour, _ = GRADES[name]
        if name in readers:
            mean, low, high = interval(readers[name])
            right.barh(place, mean, color=colour, height=0.5)
            right.plot([low, high], [place, place], color="black", linewidth=1.5)
        right.text(
            mean + 0.02 if name in readers else 0.02, place, f"{mean:.2f}" if name in readers else "no reader", va="center"
        )
    right.set_yticks(range(len(results)), list(reversed(results)), fontsize=9)
    right.set(ylim=(-0.6, len(results) - 0.4), xlim=(0, 1.15), xticks=np.linspace(0, 1, 6), xlabel="test accuracy")
    right.grid(visible=False)
    right.set_title("one digit, by the inner reader", loc="left")
    note = (
        f"mean of {len(runs)} seeds, band and black line: 95 % interval" if len(runs) > 1 else "1 seed: no band can be drawn"
    )
    figure.text(0.01, 0.01, note, fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.065, right=0.985, bottom=0.17, top=0.91, wspace=1.2)
    said = ", ".join(f"{name} {v.mean():.3f}" for name, v in readers.items())
    text = f"Sums after {runs[0].step[-1]} steps, mean of {len(runs)} seeds: {', '.join(words)}."
    return Picture(figure, text + (f" One digit, by the inner reader: {said}." if said else ""))


def shuffles(rows, chance=1 / 19):
    """Accuracy with the reader's words in place, swapped within a digit, swapped at random: {grade: three of (seeds,)}."""
    figure, (axis,) = sheet(width=7.6, height=3.7)
    looks = (("in place", "#333333", "o"), ("swapped within a digit", "#56B4E9", "s"), ("swapped at random", "#D55E00", "X"))
    for place, values in enumerate(reversed(rows.values())):
        for (label, colour, marker), value, lift in zip(looks, values, (0.18, 0, -0.18)):
            mean, low, high = interval(value)
            axis.plot([low, high], [place + lift] * 2, color=colour, linewidth=2)
            axis.plot(mean, place + lift, marker, color=colour, markersize=8, label=label if place == 0 else None)
    axis.axvline(chance, color="#555555", linestyle=":", linewidth=1.5)
    axis.text(chance + 0.005, len(rows) - 0.5, "guessing", fontsize=8.5, color="#555555", va="center")
    axis.set_yticks(range(len(rows)), list(reversed(rows)))
    axis.set(xlabel="test accuracy on sums", xlim=(0, 1), ylim=(-0.6, len(rows) - 0.3))
    figure.legend(
        loc="upper right", ncols=3, frameon=False, fontsize=9, title="what the reader said was …", title_fontsize=9
    )
    n = len(next(iter(rows.values()))[0])
    figure.text(0.01, 0.01, f"mean of {n} seeds, bar: 95 % interval of the mean", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.2, right=0.98, bottom=0.19, top=0.85)
    words = "; ".join(f"{name} " + ", ".join(f"{v.mean():.3f}" for v in values) for name, values in rows.items())
    return Picture(figure, f"Sums with the reading in place, swapped within a digit, swapped at random: {words}.")
