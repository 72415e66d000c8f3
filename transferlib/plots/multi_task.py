"""Pictures of multi-task learning."""

import numpy as np

from transferlib.measures import interval
from transferlib.plots.canvas import Picture, sheet


def sharing_gains(table):
    """Who gains by company: {(source labels, target labels): (2, seeds) gains} → Picture, one grid a task, in points."""
    figure, axes = sheet(width=8.6, height=3.7, columns=2)
    budgets = [sorted({labels[i] for labels in table}) for i in (0, 1)]
    words, n = [], next(iter(table.values())).shape[1]
    for role, (axis, name) in enumerate(zip(axes, ("source (MNIST)", "target (UCI digits)"))):
        grid = np.array([[interval(100 * table[a, b][role]) for b in budgets[1]] for a in budgets[0]])
        axis.imshow(grid[..., 0], cmap="PuOr", vmin=-4, vmax=4, origin="lower", aspect="auto")
        for (row, column), mean in np.ndenumerate(grid[..., 0]):
            sure = grid[row, column, 1] > 0 or grid[row, column, 2] < 0
            colour = "white" if abs(mean) > 2.6 else "black"
            axis.text(
                column, row, f"{mean:+.1f}", ha="center", va="center", color=colour, weight="bold" if sure else "normal"
            )
        axis.set_xticks(range(len(budgets[1])), budgets[1])
        axis.set_yticks(range(len(budgets[0])), budgets[0])
        axis.set(xlabel="target labels per class", ylabel="source labels per class")
        axis.grid(False)
        axis.set_title(f"gain of the {name}, points", loc="left", fontsize=10)
        rows = "; ".join(f"{a}: " + " ".join(f"{m:+.1f}" for m in line) for a, line in zip(budgets[0], grid[..., 0]))
        words.append(f"Gain of the {name} in points, a row for each number of source labels: {rows}.")
    note = f"together minus alone, mean of {n} seeds; bold: the 95 % interval does not hold 0"
    figure.text(0.01, 0.01, note, fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.075, right=0.985, bottom=0.2, top=0.91, wspace=0.25)
    return Picture(figure, f"{' '.join(words)} Columns: {', '.join(map(str, budgets[1]))} target labels per class.")
