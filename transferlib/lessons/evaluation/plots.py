"""The lottery of seeds, and four measures between two curves."""

import numpy as np

from transferlib.measures import area_ratio, asymptote, jumpstart, time_to_threshold, value_at
from transferlib.plots import canvas
from transferlib.plots.canvas import GREY, INK, Picture, Runs, Values, finish, in_words, mean_of, sheet, style


def lottery(results: Runs, seeds: list[int]) -> Picture:
    """What a chosen few of the seeds would say, and what all of them say: {name: [Run, …]}, seed numbers → Picture.

    Left: every run a faint dot, the chosen ones full, a bar at their mean. Right: the paired difference to *from scratch*,
    with its 95 % interval, from the chosen seeds (full) and from all of them (hollow).
    """
    figure, (left, right) = sheet(columns=2, height=3.4)
    control = "from scratch"
    looks, every = style(results), {name: value_at(runs) for name, runs in results.items()}
    n, chosen = len(every[control]), [i for i, run in enumerate(results[control]) if run.seed in set(seeds)]
    if not chosen:
        raise ValueError(f"none of the seeds {list(seeds)} is among the {n} runs")
    some = {name: values[chosen] for name, values in every.items()}
    for row, name in enumerate(every):
        colour, height = looks[name][0], row + np.linspace(-0.22, 0.22, n)
        left.dots(every[name], row, colour, 0.22, alpha=0.22, markersize=4)
        left.plot(some[name], height[chosen], "o", color=colour, markeredgecolor=INK)
        left.plot([some[name].mean()] * 2, [row - 0.36, row + 0.36], color=colour, linewidth=2.5)
    others = [name for name in every if name != control]
    for row, name in enumerate(others):
        colour = looks[name][0]
        right.interval_row(100 * (some[name] - some[control]), row - 0.13, colour)
        right.interval_row(100 * (every[name] - every[control]), row + 0.17, colour, markerfacecolor="white")
    left.name_rows(list(every))
    right.name_rows(others)
    right.axvline(0, color=GREY, linewidth=1)
    *more, last = [name for name in some if some[name].mean() == max(map(np.mean, some.values()))]
    wins = f"{' and '.join([', '.join(more), last])} win" if more else f"{last} wins"
    numbers = ", ".join(map(str, sorted(seeds))) if len(chosen) < 6 else f"{min(seeds)} to {max(seeds)}"
    numbers = f"seed{'s' * (len(chosen) > 1)} {numbers}"
    left.set(title=f"{numbers.capitalize()}: {wins}", xlabel="target test accuracy")
    right.set(title=f"Difference to {control}, seed by seed", xlabel="points")
    text = f"With {numbers}, {wins}: {in_words(some)}. With all {n}, {mean_of(n)}: {in_words(every)}."
    note = f"full: the chosen seeds; faint or hollow: all {n}. Bars: 95 % interval of the mean (none for one seed)"
    plain = f"With {numbers}, {wins}; with all {n} seeds, {canvas.who_leads(every)}."
    table = {numbers: canvas.numbers(some), f"all {n} seeds": canvas.numbers(every)}
    return finish(figure, text, note, left=0.135, wspace=0.42, plain=plain, table=table)


def four_measures(step: np.ndarray, two: Values, level: float) -> Picture:
    """Jumpstart, asymptote, time to threshold and area between the means of {name: curves (seeds, e), control: the same}."""
    figure, (axis,) = sheet(width=8.6, height=4.0)
    looks, (curve, control) = style(two), two.values()
    high, low = curve.mean(0), control.mean(0)
    axis.fill_between(step, low, high, color="#F0E442", alpha=0.5, linewidth=0)
    for (colour, dashes), line in zip(looks.values(), (high, low)):
        axis.plot(step, line, color=colour, linestyle=dashes, linewidth=2)
    both_ways = dict(colour=INK, arrowstyle="<->")
    for end in (0, -1):
        axis.arrow_to(step[end], low[end], step[end], high[end], **both_ways)
    times = [time_to_threshold(step, line, level) for line in (high, low)]
    if np.isfinite(times).all():
        axis.arrow_to(times[1], level, times[0], level, **both_ways)
        axis.text(max(times) + step[-1] * 0.015, level - 0.015, f"time to threshold ({level:g})", va="top")
    line = dict(arrowstyle="-", color=INK, linewidth=1, shrinkA=2, shrinkB=0)
    low_end = min(high[0], low[0]) + 0.15 * abs(high[0] - low[0])  # below the threshold's arrow, beside the area's word
    axis.annotate("jumpstart", (step[0], low_end), (step[-1] * 0.2, low_end - 0.05), arrowprops=line)
    axis.text(step[-1] * 0.985, low[-1] - 0.03, "asymptote", ha="right", va="top")
    widest = 1 + np.abs(high - low)[1:].argmax()  # not on the axis, where the jumpstart is
    middle = step[widest], (high[widest] + low[widest]) / 2
    axis.annotate("area between", middle, (step[-1] * 0.2, middle[1] - 0.12), arrowprops=line)
    axis.set(xlabel="training steps on the target", ylabel="target test accuracy", xlim=(0, step[-1]), ylim=(0, 1))
    axis.label_ends([(name, line[-1], looks[name][0]) for name, line in zip(two, (high, low))])
    ahead = {"jumpstart": jumpstart(curve, control), "asymptote": asymptote(curve, control)}
    text = f"{' against '.join(two)}, {mean_of(len(curve))}: {in_words(ahead, 100, sign=True)} points; "
    text += f"{in_words({'area': area_ratio(step, curve, control)}, 100, sign=True)} %"
    reached = {name: time_to_threshold(step, lines, level) for name, lines in two.items()}
    text += f"; steps to {level:g}: {in_words(reached)}." if np.isfinite(list(reached.values())).all() else "."
    return finish(figure, text, right=0.83, below=0.52, above=0.12)
