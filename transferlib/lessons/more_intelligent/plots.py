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
    if one:
        for order, place in enumerate(y[rows[0]].argsort()):  # names above and below their marks by turns: few collide
            at, by = (x[rows[0], place], y[rows[0], place]), (5, -10 if order % 2 else 4)
            axis.annotate(sources[place], at, xytext=by, textcoords="offset points", fontsize=8, color=GREY)
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
    return finish(figure, text, left=0.09, right=0.83, plain=plain, table=table)
