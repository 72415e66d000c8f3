"""Pictures of how far a result can be trusted: seeds, differences, measures, calibration, confusions."""

import numpy as np

from transferlib.measures import area_ratio, asymptote, at, jumpstart, of_count, time_to_threshold, with_error
from transferlib.plots.canvas import GREY, INK, STYLE, Picture, Runs, Values, finish, mean_of, said, sheet, style


def seed_dots(groups: Values, measure: str, marks: dict[str, float] | None = None) -> Picture:
    """One row a group, one dot a seed, a bar at the mean: {name: values (seeds,)} → Picture.

    measure  what the axis shows, such as "target test accuracy"; marks  {name: value} of vertical lines, such as chance
    """
    tall = 0.36 * len(groups) + 1.25
    figure, (axis,) = sheet(width=8.6, height=tall)
    for row, (name, values) in enumerate(groups.items()):
        colour, n = STYLE.get(name, STYLE["fix common"])[0], len(values)
        look = dict(color=colour, alpha=0.45, markersize=4.5, markeredgewidth=0)
        axis.plot(values, row + np.linspace(-0.17, 0.17, n), "o", **look)
        axis.plot([np.mean(values)] * 2, [row - 0.33, row + 0.33], color=INK, linewidth=2)
        axis.text(1.015, row, with_error(values), transform=axis.get_yaxis_transform(), va="center", fontsize=9.5)
    for name, value in (marks or {}).items():
        axis.axvline(value, color="#888888", linestyle=(0, (4, 2)), linewidth=1.2, zorder=0)
        axis.text(value, 1.01, name, transform=axis.get_xaxis_transform(), ha="center", fontsize=9, color=GREY)
    axis.name_rows(groups)
    axis.set_xlabel(measure)
    axis.margins(x=0.04)
    text = f"{measure[0].upper()}{measure[1:]}, {mean_of(n)}: {said(groups)}."
    note = f"a dot: one of {n} seeds; bar and number: their mean ± its standard error"
    return finish(figure, text, note, left=0.27, right=0.86, bottom=0.72 / tall, top=1 - 0.3 / tall)


def lottery(results: Runs, seeds: list[int], control: str = "from scratch") -> Picture:
    """What a chosen few of the seeds would say, and what all of them say: {name: [Run, …]}, seed numbers → Picture.

    Left: every run a faint dot, the chosen ones full, a bar at their mean. Right: the paired difference to the control,
    with its 95 % interval, from the chosen seeds (full) and from all of them (hollow).
    """
    figure, (left, right) = sheet(columns=2, height=3.4)
    looks, every = style(results), {name: at(runs) for name, runs in results.items()}
    n, chosen = len(every[control]), [i for i, run in enumerate(results[control]) if run.seed in set(seeds)]
    if not chosen:
        raise ValueError(f"none of the seeds {list(seeds)} is among the {n} runs")
    some = {name: values[chosen] for name, values in every.items()}
    for row, name in enumerate(every):
        colour, height = looks[name][0], row + np.linspace(-0.22, 0.22, n)
        left.plot(every[name], height, "o", color=colour, alpha=0.22, markersize=4, markeredgewidth=0)
        left.plot(some[name], height[chosen], "o", color=colour, markersize=6, markeredgecolor=INK)
        left.plot([some[name].mean()] * 2, [row - 0.36, row + 0.36], color=colour, linewidth=2.5)
    others = [name for name in every if name != control]
    for row, name in enumerate(others):
        colour = looks[name][0]
        right.interval_row(100 * (some[name] - some[control]), row - 0.13, colour)
        right.interval_row(100 * (every[name] - every[control]), row + 0.17, colour, markerfacecolor="white")
    left.name_rows(list(every))
    right.name_rows(others)
    right.axvline(0, color=GREY, linewidth=1)
    winner = max(some, key=lambda name: some[name].mean())
    numbers = ", ".join(map(str, sorted(seeds))) if len(chosen) < 6 else f"{min(seeds)} to {max(seeds)}"
    numbers = f"seed{'s' * (len(chosen) > 1)} {numbers}"
    left.set_title(f"{numbers.capitalize()}: {winner} wins")
    left.set_xlabel("target test accuracy")
    right.set_title(f"Difference to {control}, seed by seed")
    right.set_xlabel("points")
    text = f"With {numbers}, {winner} wins: {said(some)}. With all {n}, {mean_of(n)}: {said(every)}."
    note = f"full: the chosen seeds; faint or hollow: all {n}. Bars: 95 % interval of the mean (none for one seed)"
    return finish(figure, text, note, left=0.135, right=0.985, bottom=0.215, top=0.9, wspace=0.42)


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


def four_measures(step: np.ndarray, two: Values, level: float) -> Picture:
    """Jumpstart, asymptote, time to threshold and area between the means of {name: curves (seeds, e), control: the same}."""
    figure, (axis,) = sheet(width=8.6, height=4.0)
    looks, names, (curve, control) = style(two), list(two), two.values()
    high, low = curve.mean(0), control.mean(0)
    axis.fill_between(step, low, high, color="#F0E442", alpha=0.5, linewidth=0)
    for (colour, dashes), line in zip(looks.values(), (high, low)):
        axis.plot(step, line, color=colour, linestyle=dashes, linewidth=2)
    times = [time_to_threshold(step, line, level) for line in (high, low)]
    arrow = dict(arrowstyle="<->", color=INK, linewidth=1, shrinkA=0, shrinkB=0)
    for x, side in ((step[0], 0), (step[-1], -1)):
        axis.annotate("", (x, high[side]), (x, low[side]), arrowprops=arrow, annotation_clip=False)
    if np.isfinite(times).all():
        axis.annotate("", (times[0], level), (times[1], level), arrowprops=arrow)
        axis.text(max(times) + step[-1] * 0.015, level - 0.015, f"time to threshold ({level:g})", va="top")
    line = dict(arrowstyle="-", color=INK, linewidth=1, shrinkA=2, shrinkB=0)
    low_end = min(high[0], low[0]) + 0.15 * abs(high[0] - low[0])  # below the arrow of the threshold, beside the area's word
    axis.annotate("jumpstart", (step[0], low_end), (step[-1] * 0.2, low_end - 0.05), arrowprops=line)
    axis.text(step[-1] * 0.985, low[-1] - 0.03, "asymptote", ha="right", va="top")
    widest = 1 + np.abs(high - low)[1:].argmax()  # not on the axis, where the jumpstart is
    middle = step[widest], (high[widest] + low[widest]) / 2
    axis.annotate("area between", middle, (step[-1] * 0.2, middle[1] - 0.12), arrowprops=line)
    axis.set(xlabel="training steps on the target", ylabel="target test accuracy", xlim=(0, step[-1]), ylim=(0, 1))
    axis.label_ends([(name, line[-1], looks[name][0]) for name, line in zip(names, (high, low))])
    ahead = {"jumpstart": jumpstart(curve, control), "asymptote": asymptote(curve, control)}
    text = f"{names[0]} against {names[1]}, {mean_of(len(curve))}: {said(ahead, 100, sign=True)} points; "
    text += f"{said({'area': area_ratio(step, curve, control)}, 100, sign=True)} %"
    reached = {name: time_to_threshold(step, lines, level) for name, lines in two.items()}
    text += f"; steps to {level:g}: {said(reached)}." if np.isfinite(list(reached.values())).all() else "."
    return finish(figure, text, left=0.08, right=0.83, bottom=0.13, top=0.97)


def reliability_diagram(groups: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]], note: str = "") -> Picture:
    """Accuracy against confidence: {title: what `measures.reliability` returned} → Picture, one square each."""
    figure, axes = sheet(width=3.1 * len(groups), height=3.6, columns=len(groups), sharey=True)
    words = []
    for axis, (title, (confidence, accuracy, share)) in zip(axes, groups.items()):
        error = np.nansum(share * np.abs(confidence - accuracy))
        axis.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle=(0, (3, 2)))
        axis.vlines(confidence, accuracy, confidence, color="#D55E00", linewidth=2, alpha=0.6)
        look = dict(color="#0072B2", edgecolor="white", linewidth=0.5, zorder=3, clip_on=False)
        axis.scatter(confidence, accuracy, s=8 + 500 * share, **look)
        axis.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="confidence", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
        axis.set_title(title)
        axis.text(0.97, 0.05, f"ECE {error:.3f}", ha="right")
        sure, right = np.nansum(share * confidence), np.nansum(share * accuracy)
        words.append(f"{title}: accuracy {right:.3f}, mean confidence {sure:.3f}, ECE {error:.3f}")
    axes[0].set_ylabel("accuracy")
    room = dict(left=0.23 / len(groups), right=1 - 0.045 / len(groups), bottom=0.185, top=0.9, wspace=0.14)
    return finish(figure, f"{'; '.join(words)}.", f"size: share of the rows. {note}", **room)


def confusions(matrices: dict[str, np.ndarray], classes: list[str]) -> Picture:
    """Confusion matrices (c, c), in % of each row: {title: counts} → Picture, one square each.

    The text gives each class's share with its binomial standard error. Counts of several seeds on the same rows are not
    independent, and their true error is another.
    """
    figure, axes = sheet(width=4.5 * len(matrices), height=4.4, columns=len(matrices))
    words = []
    for axis, (title, counts) in zip(axes, matrices.items()):
        share = 100 * counts / counts.sum(1, keepdims=True)
        axis.number_cells(np.where(share > 0.5, share, np.nan), ".0f", share > 55, cmap="Blues", vmin=0, vmax=100)
        axis.set(xlabel="read as", ylabel="true class")
        axis.set_xticks(range(len(classes)), classes)
        axis.set_yticks(range(len(classes)), classes)
        axis.set_title(title)
        right = np.diag(share)
        each = (f"{c} {of_count(v / 100, n)}" for c, v, n in zip(classes, right, counts.sum(1)))
        words.append(f"{title}: {right.mean():.1f} ({', '.join(each)})")
        wrong = np.where(np.eye(len(classes), dtype=bool), 0, share)
        second, most = np.sort(wrong, axis=None)[-2:]
        if most > 1.5 * second:  # one confusion stands out, whatever a row or two more would say
            i, j = np.argwhere(wrong == most)[0]
            words[-1] += f", and {most:.1f} % of class {classes[i]} read as {classes[j]}"
    text = f"Percent right, on average and class by class (± as for independent counts). {'; '.join(words)}."
    return finish(figure, text, left=0.06, right=0.985, bottom=0.12, top=0.92, wspace=0.2)
