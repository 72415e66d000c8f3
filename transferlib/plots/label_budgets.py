"""What is measured, against the number of labels."""

import numpy as np

from transferlib.measures import at, interval
from transferlib.plots.canvas import Picture, label_ends, sheet, style


def budget_curves(table, step=None):
    """Target test accuracy against labels per class: {labels: {name: [Run, …]}} → Picture, with 95 % bands."""
    figure, (axis,) = sheet(width=7.6, height=4.0)
    budgets, names = list(table), list(next(iter(table.values())))
    looks, ends, words = style(names), [], []
    for name in names:
        mean, low, high = np.array([interval(at(table[k][name], step=step)) for k in budgets]).T
        colour, line = looks[name]
        axis.fill_between(budgets, low, high, color=colour, alpha=0.15, linewidth=0)
        axis.plot(budgets, mean, color=colour, linestyle=line, linewidth=2, marker="o", markersize=4)
        ends.append((name, mean[-1], colour))
        words.append(f"{name} " + " ".join(f"{m:.3f}" for m in mean))
    axis.set_xscale("log")
    axis.set_xticks(budgets, [str(k) for k in budgets])
    axis.minorticks_off()
    runs = table[budgets[0]][names[0]]
    when = runs[0].step[-1] if step is None else step
    axis.set(xlabel="target labels per class", ylabel=f"target test accuracy after {when} steps")
    label_ends(axis, ends)
    figure.text(0.01, 0.01, f"mean of {len(runs)} seeds, band: 95 % interval of the mean", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.09, right=0.82, bottom=0.16, top=0.96)
    return Picture(figure, f"Target accuracy at {', '.join(map(str, budgets))} labels per class: {'; '.join(words)}.")


def budget_gains(table, control="from scratch"):
    """How far each strategy is ahead of a control, seed by seed, at each number of labels → Picture with 95 % bands."""
    figure, (axis,) = sheet(width=7.6, height=4.0)
    budgets, runs = list(table), next(iter(table.values()))[control]
    names = [name for name in next(iter(table.values())) if name != control]
    looks, ends, words = style(names), [], []
    for name in names:
        gaps = [100 * (at(table[k][name]) - at(table[k][control])) for k in budgets]
        mean, low, high = np.array([interval(gap) for gap in gaps]).T
        colour, line = looks[name]
        axis.fill_between(budgets, low, high, color=colour, alpha=0.15, linewidth=0)
        axis.plot(budgets, mean, color=colour, linestyle=line, linewidth=2, marker="o", markersize=4)
        ends.append((name, mean[-1], colour))
        words.append(f"{name} " + " ".join(f"{m:+.1f}" for m in mean))
    axis.axhline(0, color="#555555", linewidth=1)
    axis.set_xscale("log")
    axis.set_xticks(budgets, [str(k) for k in budgets])
    axis.minorticks_off()
    axis.set(xlabel="target labels per class", ylabel=f"points ahead of {control}")
    label_ends(axis, ends)
    note = f"paired differences after {runs[0].step[-1]} steps, mean of {len(runs)} seeds, band: 95 % interval of the mean"
    figure.text(0.01, 0.01, note, fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.09, right=0.82, bottom=0.16, top=0.96)
    when = f"Points ahead of {control} after {runs[0].step[-1]} steps at {', '.join(map(str, budgets))} labels per class"
    return Picture(figure, f"{when}, {len(runs)} seeds: {'; '.join(words)}.")


def label_lines(labels, groups, ylabel):
    """Any measure against labels per class: {name: (seeds, len(labels))} → Picture, with 95 % bands."""
    figure, (axis,) = sheet(width=7.6, height=3.6)
    looks, ends, words = style(groups), [], []
    for name, values in groups.items():
        mean, low, high = interval(values)
        colour, line = looks[name]
        axis.fill_between(labels, low, high, color=colour, alpha=0.15, linewidth=0)
        axis.plot(labels, mean, color=colour, linestyle=line, linewidth=2, marker="o", markersize=4)
        ends.append((name, mean[-1], colour))
        words.append(f"{name} " + " ".join(f"{m:.3f}" for m in mean))
    axis.set_xscale("log")
    axis.set_xticks(labels, [str(k) for k in labels])
    axis.minorticks_off()
    axis.set(xlabel="target labels per class", ylabel=ylabel)
    label_ends(axis, ends)
    note = f"mean of {len(values)} seeds, band: 95 % interval of the mean"
    figure.text(0.01, 0.01, note, fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.09, right=0.8, bottom=0.18, top=0.95)
    return Picture(figure, f"{ylabel} at {', '.join(map(str, labels))} labels per class: {'; '.join(words)}.")
