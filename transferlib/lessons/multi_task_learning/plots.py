"""Pictures of multi-task learning."""

import numpy as np
from matplotlib.patheffects import withStroke

from transferlib.measures import interval, with_error
from transferlib.plots import canvas
from transferlib.plots.canvas import Picture, Values, band_of, finish, in_words, mean_of, numbers, sheet, style


def company(gains: dict[tuple[str, str], np.ndarray]) -> Picture:
    """Who gains by whose company: {(task, partner): accuracy in company minus alone (seeds,)} → Picture, in points."""
    tasks, partners = (list(dict.fromkeys(pair[i] for pair in gains)) for i in (0, 1))
    partners = [b for b in tasks if b in partners] + [b for b in partners if b not in tasks]
    cells = {a: {b: 100 * np.asarray(gains[a, b]) for b in partners if (a, b) in gains} for a in tasks}
    n, top = canvas.seeds_of(gains), max(2.0, *(abs(each.mean()) for row in cells.values() for each in row.values()))
    figure, (axis,) = sheet(width=7.2, height=0.55 * len(tasks) + 1.5)
    axis.gain_cells(cells, partners, "+.1f", top, 0.65)
    axis.set(xlabel="its partner", ylabel="the task")
    words = in_words({f"{a} by {b}": values for (a, b), values in gains.items()}, 100, True)
    text = f"Gain by company in points, {mean_of(n)}: {words}."
    note = f"together minus alone, points, mean of {n} seeds; orange: a gain; bold: the 95 % interval does not hold 0"
    return finish(figure, text, note, left=0.12, below=0.75, above=0.12)


def agreement(cosines: dict[str, dict[int, np.ndarray]]) -> Picture:
    """How the gradients of two tasks agree on the way: {name: {steps: cosine (seeds,)}} → Picture, a line a name."""
    figure, (axis,) = sheet(width=7.2, height=3.2)
    steps, n = list(next(iter(cosines.values()))), canvas.seeds_of(cosines)
    lines = {name: np.stack(list(each.values()), 1) for name, each in cosines.items()}
    axis.label_bands(steps, lines, ylim=(-1, 1), xlabel="steps of learning together")
    axis.axhline(0, color=canvas.GREY, linewidth=1)
    axis.set_ylabel("cosine of the two gradients")
    text = f"Cosine of the two gradients over all training rows, by steps, {mean_of(n)}. {in_words(cosines, sign=True)}."
    return finish(figure, text, band_of(n), left=0.12, right=0.8, above=0.13)


def trade(weighted: dict[str, Values], others: dict[str, Values], apart: dict[str, Values] | None = None) -> Picture:
    """What two tasks trade: {name: {task: accuracy (seeds,)}} → Picture, one task's accuracy along, the other's up.

    weighted  the sum of the two losses by their weights, joined by a line
    others    other ways to combine the two gradients; apart: networks that share nothing
    """
    figure, (axis,) = sheet(width=8.2, height=4.0)
    marked = others | (apart or {})
    groups = weighted | marked
    across, up = next(iter(groups.values()))
    n, looks, marks = canvas.seeds_of(groups), style(marked), dict(zip(marked, "sD^vP*Xhd<>"))
    mean = {name: [interval(two[task]) for task in (across, up)] for name, two in groups.items()}
    if weighted:
        axis.plot(*[[mean[name][i][0] for name in weighted] for i in (0, 1)], color=canvas.GREY, linewidth=1.2, zorder=1)
    # A weight stands below the one bar and left of the other, so that neither runs through it; in white, if others do.
    corner = dict(xytext=(-4, -11), textcoords="offset points", ha="right", fontsize=8, color=canvas.GREY, zorder=3)
    corner["path_effects"] = [withStroke(linewidth=3, foreground="white")]
    for name, ((x, left, right), (y, low, high)) in mean.items():
        colour = looks[name][0] if name in marked else canvas.GREY
        axis.plot([left, right], [y, y], color=colour)
        axis.plot([x, x], [low, high], color=colour)
        if name in marked:
            axis.plot(x, y, marks[name], color=colour, markersize=7, label=name)
        else:
            axis.plot(x, y, "o", color=colour, markersize=5)
            axis.annotate(name.removeprefix("weight "), (x, y), **corner)
    if marked:
        axis.legend(loc="lower left")
    axis.set(xlabel=f"test accuracy, {across}", ylabel=f"test accuracy, {up}")
    words = "; ".join(f"{name} {with_error(two[across])} and {with_error(two[up])}" for name, two in groups.items())
    text = f"Test accuracy of {across} and of {up}, {mean_of(n)}: {words}."
    note = f"{band_of(n, 'bars')}; grey: the sum of the losses, the number is the weight of {across}"
    ends = {task: {name: two[task] for name, two in groups.items()} for task in (across, up)}
    plain = f"{'; '.join(f'{canvas.who_leads(values)} on {task}' for task, values in ends.items())}."
    table = {task: numbers(values) for task, values in ends.items()}
    return finish(figure, text, note, left=0.09, above=0.12, plain=plain, table=table)
