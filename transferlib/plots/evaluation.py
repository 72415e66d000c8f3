"""Pictures of how far a result can be trusted: seeds, differences, measures, calibration, confusions."""

import numpy as np

from transferlib.measures import at, interval, time_to_threshold
from transferlib.plots.canvas import STYLE, Picture, label_ends, sheet, style


def seed_dots(groups, measure, marks=None):
    """One row a group, one dot a seed, a bar at the mean: {name: values (seeds,)} → Picture.

    measure  what the axis shows, such as "target test accuracy"; marks  {name: value} of vertical lines, such as chance
    """
    figure, (axis,) = sheet(width=8.6, height=0.36 * len(groups) + 1.25)
    rng, height, words = np.random.default_rng(0), np.arange(len(groups))[::-1], []
    decimals = 3 if max(np.max(values) for values in groups.values()) <= 1 else 1
    for y, (name, values) in zip(height, groups.items()):
        colour = STYLE[name][0] if name in STYLE else "#0072B2"
        axis.plot(values, y + rng.uniform(-0.17, 0.17, len(values)), "o", color=colour, alpha=0.45, markersize=4.5, mew=0)
        axis.plot([np.mean(values)] * 2, [y - 0.33, y + 0.33], color="#000000", linewidth=2)
        words.append(f"{name} {np.mean(values):.{decimals}f}")
        axis.text(1.015, y, words[-1].split()[-1], transform=axis.get_yaxis_transform(), va="center", fontsize=9.5)
    for name, value in (marks or {}).items():
        axis.axvline(value, color="#888888", linestyle=(0, (4, 2)), linewidth=1.2, zorder=0)
        axis.text(value, 1.01, name, transform=axis.get_xaxis_transform(), ha="center", fontsize=9, color="#555555")
    axis.set_yticks(height, [str(name) for name in groups])
    axis.set(xlabel=measure, ylim=(-0.6, len(groups) - 0.4))
    axis.margins(x=0.04)
    axis.grid(False, axis="y")
    seeds = len(next(iter(groups.values())))
    tall = 0.36 * len(groups) + 1.25
    figure.text(0.01, 0.06 / tall, f"a dot: one of {seeds} seeds; bar and number: their mean", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.27, right=0.93, bottom=0.72 / tall, top=1 - 0.3 / tall)
    return Picture(figure, f"{measure[0].upper()}{measure[1:]}, mean of {seeds} seeds: {', '.join(words)}.")


def _rows(axis, names):
    """Name the rows of a plot from top to bottom and leave out what a row plot does not need."""
    axis.set_yticks(range(len(names)), names)
    axis.set_ylim(len(names) - 0.4, -0.6)
    axis.tick_params(axis="y", length=0)
    axis.grid(False, axis="y")


def lottery(results, seeds, control="from scratch"):
    """What a chosen few of the seeds would say, and what all of them say: {name: [Run, …]}, seed numbers → Picture.

    Left: every run a faint dot, the chosen ones full, a bar at their mean. Right: the paired difference to the control,
    with its 95 % interval, from the chosen seeds (full) and from all of them (hollow).
    """
    figure, (left, right) = sheet(columns=2, height=3.4)
    names, looks, n = list(results), style(results), len(next(iter(results.values())))
    value = {name: at(runs) for name, runs in results.items()}
    chosen = [i for i, run in enumerate(results[control]) if run.seed in set(seeds)]
    if not chosen:
        raise ValueError(f"none of the seeds {list(seeds)} is among the {n} runs")
    means = {name: value[name][chosen].mean() for name in names}
    for row, name in enumerate(names):
        colour, _ = looks[name]
        height = row + np.linspace(-0.22, 0.22, n)
        left.plot(value[name], height, "o", color=colour, alpha=0.22, markersize=4, markeredgewidth=0)
        left.plot(value[name][chosen], height[chosen], "o", color=colour, markersize=6, markeredgecolor="black")
        left.plot([means[name]] * 2, [row - 0.36, row + 0.36], color=colour, linewidth=2.5)
    others = [name for name in names if name != control]
    for row, name in enumerate(others):
        gap = 100 * (value[name] - value[control])
        for place, part, filled in ((row - 0.13, gap[chosen], True), (row + 0.17, gap, False)):
            mean, low, high = interval(part)
            face = looks[name][0] if filled else "white"
            right.plot([low, high], [place] * 2, color=looks[name][0], linewidth=2)
            right.plot(mean, place, "o", color=looks[name][0], markerfacecolor=face, markersize=7)
    _rows(left, names)
    _rows(right, others)
    right.axvline(0, color="#555555", linewidth=1)
    winner = max(means, key=means.get)
    numbers = ", ".join(map(str, sorted(seeds))) if len(chosen) < 6 else f"{min(seeds)} to {max(seeds)}"
    numbers = f"seed{'s' * (len(chosen) > 1)} {numbers}"
    left.set_title(f"{numbers.capitalize()}: {winner} wins", loc="left")
    left.set_xlabel("target test accuracy")
    right.set_title(f"Difference to {control}, seed by seed", loc="left")
    right.set_xlabel("points")
    note = f"full: the chosen seeds; faint or hollow: all {n}. Bars: 95 % interval of the mean (none for one seed)"
    figure.text(0.01, 0.01, note, fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.13, right=0.985, bottom=0.215, top=0.9, wspace=0.42)
    told = ", ".join(f"{name} {means[name]:.3f}" for name in names)
    every = ", ".join(f"{name} {value[name].mean():.3f}" for name in names)
    return Picture(figure, f"With {numbers}, {winner} wins: {told}. With all {n}: {every}.")


def differences(groups, label, title=""):
    """Paired differences as points with their 95 % intervals: {row: {name: (seeds,) in points}} → Picture."""
    rows, names = list(groups), list(dict.fromkeys(name for group in groups.values() for name in group))
    figure, (axis,) = sheet(width=8.6, height=0.62 * len(rows) + 1.5)
    looks, words = style(names), []
    for row, (what, group) in enumerate(groups.items()):
        for name, values in group.items():
            mean, low, high = interval(values)
            place = row + (names.index(name) - (len(names) - 1) / 2) * 0.22
            axis.plot([low, high], [place] * 2, color=looks[name][0], linewidth=2)
            axis.plot(mean, place, "o", color=looks[name][0], markersize=7)
        words.append(f"{what}: " + ", ".join(f"{name} {np.mean(v):+.1f}" for name, v in group.items()))
    axis.axvline(0, color="#555555", linewidth=1)
    _rows(axis, rows)
    n = len(next(iter(groups[rows[0]].values())))
    axis.set_xlabel(f"{label}; mean of {n} seeds, bar: 95 % interval")
    axis.set_title(title, loc="left")
    if len(names) > 1:
        for i, name in enumerate(names):
            axis.text(1.02, 0.62 - 0.07 * i, f"● {name}", color=looks[name][0], transform=axis.transAxes, fontweight="bold")
    figure.subplots_adjust(left=0.2, right=0.76 if len(names) > 1 else 0.97, bottom=0.62 / (0.62 * len(rows) + 1.5), top=0.9)
    return Picture(figure, f"{label}, mean of {n} seeds. {'; '.join(words)}.")


def four_measures(step, curve, control, level, names=("share weights", "from scratch")):
    """Jumpstart, asymptote, time to threshold and area, drawn between two mean curves (e,) → Picture."""
    figure, (axis,) = sheet(width=8.6, height=4.0)
    looks = style(names)
    axis.fill_between(step, control, curve, color="#F0E442", alpha=0.5, linewidth=0)
    for line, name in zip((curve, control), names):
        axis.plot(step, line, color=looks[name][0], linestyle=looks[name][1], linewidth=2)
    times = [time_to_threshold(step, line, level) for line in (curve, control)]
    arrow = dict(arrowstyle="<->", color="black", shrinkA=0, shrinkB=0)
    for x, side in ((step[0], 0), (step[-1], -1)):
        axis.annotate("", (x, curve[side]), (x, control[side]), arrowprops=arrow, annotation_clip=False)
    axis.annotate("", (times[0], level), (times[1], level), arrowprops=arrow)
    axis.text(step[-1] * 0.02, curve[0] + 0.01, "jumpstart", va="bottom")
    axis.text(max(times) + step[-1] * 0.015, level - 0.015, f"time to threshold ({level:g})", va="top")
    axis.text(step[-1] * 0.985, control[-1] - 0.03, "asymptote", ha="right", va="top")
    widest = np.abs(curve - control).argmax()
    middle = step[widest], (curve[widest] + control[widest]) / 2
    line = dict(arrowstyle="-", color="black", shrinkA=2, shrinkB=0)
    axis.annotate("area between", middle, (step[-1] * 0.2, middle[1] - 0.12), arrowprops=line)
    axis.set(xlabel="training steps on the target", ylabel="target test accuracy", xlim=(0, step[-1]), ylim=(0, 1))
    label_ends(axis, [(name, line[-1], looks[name][0]) for name, line in zip(names, (curve, control))])
    figure.subplots_adjust(left=0.08, right=0.83, bottom=0.13, top=0.97)
    text = f"{names[0]} against {names[1]}: {times[0]:.0f} and {times[1]:.0f} steps to {level:g}, "
    return Picture(figure, text + f"starts {curve[0]:.3f} and {control[0]:.3f}, ends {curve[-1]:.3f} and {control[-1]:.3f}.")


def reliability_diagram(groups, note=""):
    """Accuracy against confidence: {title: what `evaluation.reliability` returned} → Picture, one square each."""
    figure, axes = sheet(width=3.1 * len(groups), height=3.6, columns=len(groups), sharey=True)
    words = []
    for axis, (title, (confidence, accuracy, share)) in zip(axes, groups.items()):
        error = np.nansum(share * np.abs(confidence - accuracy))
        axis.plot([0, 1], [0, 1], color="#555555", linewidth=1, linestyle=(0, (3, 2)))
        axis.vlines(confidence, accuracy, confidence, color="#D55E00", linewidth=2, alpha=0.6)
        axis.scatter(
            confidence,
            accuracy,
            s=8 + 500 * share,
            color="#0072B2",
            edgecolor="white",
            linewidth=0.5,
            zorder=3,
            clip_on=False,
        )
        axis.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="confidence", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
        axis.set_title(title, loc="left")
        axis.text(0.97, 0.05, f"ECE {error:.3f}", ha="right", fontsize=10)
        sure, right = np.nansum(share * confidence), np.nansum(share * accuracy)
        words.append(f"{title}: accuracy {right:.3f}, mean confidence {sure:.3f}, ECE {error:.3f}")
    axes[0].set_ylabel("accuracy")
    figure.text(0.01, 0.01, f"size: share of the rows. {note}", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.075, right=0.985, bottom=0.185, top=0.9, wspace=0.14)
    return Picture(figure, f"{'; '.join(words)}.")


def confusions(matrices, classes):
    """Confusion matrices (c, c), in % of each row: {title: counts} → Picture, one square each."""
    figure, axes = sheet(width=4.5 * len(matrices), height=4.4, columns=len(matrices))
    words = []
    for axis, (title, counts) in zip(axes, matrices.items()):
        share = 100 * counts / counts.sum(1, keepdims=True)
        axis.imshow(np.where(share > 0.5, share, np.nan), cmap="Blues", vmin=0, vmax=100)
        axis.grid(False)
        for i, j in np.argwhere(share > 0.5):
            axis.text(
                j, i, f"{share[i, j]:.0f}", ha="center", va="center", fontsize=8, color="white" if share[i, j] > 55 else "k"
            )
        axis.set(xticks=range(len(classes)), yticks=range(len(classes)), xlabel="read as", ylabel="true class")
        axis.set_xticklabels(classes)
        axis.set_yticklabels(classes)
        axis.set_title(title, loc="left")
        wrong = np.where(np.eye(len(classes), dtype=bool), 0, share)
        i, j = np.unravel_index(wrong.argmax(), wrong.shape)
        worst = f"most often wrong {classes[i]} read as {classes[j]}, {wrong[i, j]:.0f} %"
        words.append(f"{title}: {np.diag(share).mean():.0f} % right, {worst}")
    figure.subplots_adjust(left=0.06, right=0.985, bottom=0.12, top=0.92, wspace=0.2)
    return Picture(figure, f"{'; '.join(words)}.")
