"""A score of every source against what the source then gave."""

import numpy as np

from transferlib.measures import interval, with_error
from transferlib.plots.canvas import GREY, PALE, Picture, finish, sheet

COLOURS = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8C6D1F"
MARKS = "osD^v"


def scatter(
    score: np.ndarray,
    accuracy: np.ndarray,
    targets: list[str],
    sources: list[str],
    agreement: np.ndarray,
    target: str = "all pairs",
    name: str = "score",
) -> Picture:
    """One mark a pair, means over the draws: score across, test accuracy upward → Picture.

    score, accuracy  (targets, sources, draws)
    agreement        (draws,) rank correlations, for the title
    target           the one target that is looked at, and its sources are named; any other words, such as "all pairs": all
    """
    figure, (axis,) = sheet(width=8.6, height=4.3)
    x, y = score.mean(-1), 100 * accuracy.mean(-1)
    one = target in targets
    rows = [targets.index(target)] if one else range(len(targets))
    for row in rows:
        axis.scatter(x[row], y[row], s=55, color=COLOURS[row], marker=MARKS[row], edgecolor="white", zorder=3)
        axis.plot([], [], MARKS[row], color=COLOURS[row], label=targets[row])
    axis.margins(0.12, 0.1)
    sides = dict(left=0.09, right=0.83)
    if one:
        figure.subplots_adjust(**sides)
        axis.autoscale_view()  # so that it is known where a mark lies
        _name(axis, np.stack([x[rows[0]], y[rows[0]]], axis=1), sources)
    axis.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, title="target")
    words = with_error(agreement)
    axis.set_title(f"{target}: rank correlation {words}")
    axis.set(xlabel=f"{name}, mean of {score.shape[-1]} draws of labels", ylabel="test accuracy, %")
    axis.grid(True, color=PALE)
    text = f"{name}, {target}: rank correlation with the test accuracy {words}, {score.shape[-1]} draws of labels."
    _, low, high = interval(agreement)
    verb = "agrees with" if low > 0 else "runs against" if high < 0 else "shows no clear agreement with"
    plain, table = f"{target}: {name} {verb} the accuracy.", None
    if one:
        scores, accuracies = x[rows[0]], y[rows[0]]
        said, best = (sources[int(each.argmax())] for each in (scores, accuracies))
        plain = f"For {target}, {name} {verb} the accuracy: it is highest for the source {said}, and the best is {best}."
        cells = {source: f"{a:.2f} → {b:.1f} %" for source, a, b in zip(sources, scores, accuracies)}
        table = {f"{name} → accuracy": cells}
        text += f" {name} → accuracy: {'; '.join(f'{source} {cell}' for source, cell in cells.items())}."
    return finish(figure, text, **sides, plain=plain, table=table)


def _name(axis, marks, names):
    """Names beside their marks (n, 2), each at the one of four places that lies on the fewest other marks and names."""
    points = axis.transData.transform(marks) * 72 / axis.figure.dpi
    taken = [(*point - 5, *point + 5) for point in points]  # left, bottom, right, top
    for (h, v), mark, name in zip(points, marks, names):
        places = {}
        for dx, dy in ((6, 4), (6, -11), (-6, 4), (-6, -11)):
            left = h + dx - (dx < 0) * (width := 4.8 * len(name))
            box = left, v + dy - 1, left + width, v + dy + 8
            on = sum(box[0] < r and box[2] > a and box[1] < t and box[3] > b for a, b, r, t in taken)
            places.setdefault(on, (dx, dy, box))
        dx, dy, box = places[min(places)]
        taken.append(box)
        look = dict(ha="right" if dx < 0 else "left", fontsize=8, color=GREY)
        axis.annotate(name, mark, xytext=(dx, dy), textcoords="offset points", **look)
