"""Pictures of multi-task learning."""

import numpy as np

from transferlib.measures import interval, with_error
from transferlib.plots.canvas import Picture, finish, mean_of, sheet


def sharing_gains(table: dict[tuple[int, int], np.ndarray]) -> Picture:
    """Who gains by company: {(source labels, target labels): (2, seeds) gains} → Picture, one grid a task, in points."""
    figure, axes = sheet(width=8.6, height=3.7, columns=2)
    budgets, words = [sorted({labels[i] for labels in table}) for i in (0, 1)], []
    n = np.shape(next(iter(table.values())))[1]
    for role, (axis, name) in enumerate(zip(axes, ("source", "target"))):
        mean, low, high = np.array([[interval(100 * table[a, b][role]) for b in budgets[1]] for a in budgets[0]]).T
        look = dict(cmap="PuOr", vmin=-4, vmax=4, origin="lower", aspect="auto")
        axis.number_cells(mean.T, "+.1f", np.abs(mean.T) > 2.6, ((low > 0) | (high < 0)).T, **look)
        axis.set_xticks(range(len(budgets[1])), budgets[1])
        axis.set_yticks(range(len(budgets[0])), budgets[0])
        axis.set(xlabel="target labels per class", ylabel="source labels per class")
        axis.set_title(f"gain of the {name}, points", fontsize=10)
        rows = (f"{a}: " + ", ".join(with_error(table[a, b][role], 100, True) for b in budgets[1]) for a in budgets[0])
        words.append(f"Gain of the {name} in points, a row for each number of source labels: {'; '.join(rows)}.")
    text = f"{' '.join(words)} Columns: {', '.join(map(str, budgets[1]))} target labels per class; {mean_of(n)}."
    note = f"together minus alone, mean of {n} seeds; bold: the 95 % interval does not hold 0"
    return finish(figure, text, note, left=0.075, right=0.985, bottom=0.2, top=0.91, wspace=0.25)
