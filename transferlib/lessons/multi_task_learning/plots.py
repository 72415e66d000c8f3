"""Pictures of multi-task learning."""

import numpy as np
from matplotlib.patheffects import withStroke

from transferlib.measures import interval, with_error
from transferlib.plots.canvas import GREY, Picture, band_of, finish, mean_of, said, sheet, style


def company(gains: dict[tuple[str, str], np.ndarray]) -> Picture:
    """Who gains by whose company: {(task, partner): accuracy in company minus alone (seeds,)} → Picture, in points."""
    tasks, partners = list(dict.fromkeys(a for a, _ in gains)), list(dict.fromkeys(b for _, b in gains))
    partners = [b for b in tasks if b in partners] + [b for b in partners if b not in tasks]
    n = len(next(iter(gains.values())))
    grid = np.full((len(tasks), len(partners)), np.nan)
    sure = np.zeros(grid.shape, bool)
    for (a, b), values in gains.items():
        place = tasks.index(a), partners.index(b)
        grid[place], low, high = interval(100 * np.asarray(values))
        sure[place] = low > 0 or high < 0
    figure, (axis,) = sheet(width=7.2, height=0.55 * len(tasks) + 1.5)
    top = max(2.0, np.nanmax(np.abs(grid)))
    axis.number_cells(grid, "+.1f", np.abs(grid) > 0.65 * top, sure, cmap="PuOr", vmin=-top, vmax=top, aspect="auto")
    axis.set_xticks(range(len(partners)), partners)
    axis.set_yticks(range(len(tasks)), tasks)
    axis.set(xlabel="in whose company", ylabel="who gains")
    words = "; ".join(f"{a} by {b} {with_error(v, 100, True)}" for (a, b), v in gains.items())
    text = f"Gain by company in points, {mean_of(n)}: {words}."
    note = f"together minus alone, points, mean of {n} seeds; bold: the 95 % interval does not hold 0"
    tall = figure.get_figheight()
    return finish(figure, text, note, left=0.12, right=0.985, bottom=0.75 / tall, top=1 - 0.12 / tall)


def agreement(cosines: dict[str, dict[int, np.ndarray]]) -> Picture:
    """How the gradients of two tasks agree on the way: {name: {steps: cosine (seeds,)}} → Picture, a line a name."""
    figure, (axis,) = sheet(width=7.2, height=3.2)
    lines = {name: np.stack(list(each.values()), 1) for name, each in cosines.items()}
    steps, n = list(next(iter(cosines.values()))), len(next(iter(lines.values())))
    axis.axhline(0, color=GREY, linewidth=1)
    axis.set_xscale("log")
    axis.bands(steps, lines, marker="o", ylim=(-1, 1))
    axis.set_xticks(steps, [f"{s:,}" for s in steps])
    axis.minorticks_off()
    axis.set(xlabel="steps of learning together", ylabel="cosine of the two gradients")
    words = "; ".join(f"{name}: {said(dict(zip(steps, v.T)), sign=True, between=', ')}" for name, v in lines.items())
    text = f"Cosine of the two gradients over all training rows, by steps, {mean_of(n)}. {words}."
    return finish(figure, text, band_of(n), left=0.12, right=0.8, bottom=0.21, top=0.96)


def trade(
    weighted: dict[str, dict[str, np.ndarray]],
    others: dict[str, dict[str, np.ndarray]],
    apart: dict[str, dict[str, np.ndarray]] | None = None,
) -> Picture:
    """What two tasks trade: {name: {task: accuracy (seeds,)}} → Picture, one task's accuracy along, the other's up.

    weighted  the sum of the two losses by their weights, joined by a line
    others    other ways to combine the two gradients; apart: networks that share nothing
    """
    figure, (axis,) = sheet(width=8.2, height=4.0)
    groups = weighted | others | (apart or {})
    across, up = next(iter(groups.values()))
    n, looks = len(next(iter(groups.values()))[across]), style([*others, *(apart or {})])
    mean = {name: [interval(two[task]) for task in (across, up)] for name, two in groups.items()}
    if weighted:
        axis.plot(*[[mean[name][i][0] for name in weighted] for i in (0, 1)], color=GREY, linewidth=1.2, zorder=1)
    marks = dict(zip([*others, *(apart or {})], "sD^vP*Xhd<>"))
    for name, ((x, left, right), (y, low, high)) in mean.items():
        colour = GREY if name in weighted else looks[name][0]
        axis.plot([left, right], [y, y], color=colour, linewidth=1.5)
        axis.plot([x, x], [low, high], color=colour, linewidth=1.5)
        label = dict(label=name) if name not in weighted else {}
        axis.plot(x, y, marks.get(name, "o"), color=colour, markersize=7 if name in marks else 5, linestyle="none", **label)
        if name in weighted:
            # Below the one bar and left of the other, so that neither runs through the number; in white, where others would.
            corner = dict(xytext=(-4, -11), textcoords="offset points", ha="right")
            corner |= dict(path_effects=[withStroke(linewidth=3, foreground="white")], zorder=3)
            axis.annotate(name.removeprefix("weight "), (x, y), fontsize=8, color=GREY, **corner)
    if len(groups) > len(weighted):
        axis.legend(loc="lower left")
    axis.set(xlabel=f"test accuracy, {across}", ylabel=f"test accuracy, {up}")
    text = f"Test accuracy of {across} and of {up}, {mean_of(n)}: "
    text += "; ".join(f"{name} {with_error(two[across])} and {with_error(two[up])}" for name, two in groups.items()) + "."
    note = f"{band_of(n, 'bars')}; grey: the sum of the losses, the number is the weight of {across}"
    return finish(figure, text, note, left=0.09, right=0.985, bottom=0.17, top=0.97)
