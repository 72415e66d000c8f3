"""Pictures of task nesting."""

import numpy as np

from transferlib.measures import curves, interval, value_at
from transferlib.plots import canvas
from transferlib.plots.canvas import Picture, Runs, Values, band_of, finish, in_words, mean_of, numbers, sheet

# The colour is the strategy's, as everywhere; an un-nested network is dotted, a known addition dash-dotted.
GRADES = {
    "un-nested, from scratch": ("#555555", "dotted"),
    "un-nested, fine-tuned": ("#D55E00", "dotted"),
    "nested, from scratch": ("#555555", "solid"),
    "stacking": ("#0072B2", "solid"),
    "progressive": ("#CC79A7", "solid"),
    "nested, fine-tuned": ("#D55E00", "solid"),
    "hierarchical, predictions": ("#009E73", "solid"),
    "hierarchical, hidden": ("#009E73", "dashed"),
    "parity inside, frozen": ("#0072B2", "dotted"),
    "addition, from scratch": ("#555555", "dashdot"),
    "addition, frozen": ("#0072B2", "dashdot"),
    "addition, fine-tuned": ("#D55E00", "dashdot"),
}


def nesting(results: Runs, readers: Values) -> Picture:
    """Accuracy on sums over the steps, and the inner readers at the end: {grade: [Run, …]}, {grade: (seeds,)} → Picture.

    The words beside the picture pair every arm with the first one, seed by seed.
    """
    figure, (left, right) = sheet(columns=2, height=4.0)
    runs = next(iter(results.values()))
    step, n = runs[0].step, len(runs)
    left.set(xlabel="training steps on the sums", ylabel="test accuracy", xlim=(0, step[-1]))
    left.set_title("sums of two digits")
    left.bands(step, {name: curves(group) for name, group in results.items()}, GRADES, ylim=(0, 1))
    right.name_rows(results)
    for row, name in enumerate(results):
        if name in readers:
            mean, low, high = interval(readers[name])
            right.barh(row, mean, color=GRADES[name][0], height=0.5)
            right.plot([low, high], [row, row], color=canvas.INK, linewidth=1.5)
            right.text(max(mean, high) + 0.02, row, f"{mean:.2f}", va="center")
        else:
            right.text(0.02, row, "no reader", va="center")
    right.set(xlim=(0, 1.15), xticks=np.linspace(0, 1, 6), xlabel="test accuracy")
    right.tick_params(axis="y", labelsize=9)
    right.grid(False)
    right.set_title("one digit, by the inner reader")
    ends, first = {name: value_at(group) for name, group in results.items()}, next(iter(results))
    ahead = canvas.ahead(ends, first)
    text = f"Sums after {step[-1]} steps, {mean_of(n)}: {in_words(ends)}."
    text += f" One digit, by the inner reader: {in_words(readers)}." if readers else ""
    text += f" Ahead of {first}, seed by seed, in points: {in_words(ahead, sign=True)}." if ahead else ""
    plain = f"After {step[-1]} steps, {canvas.who_leads(ends)} on the sums."
    table = {"sums": numbers(ends), "one digit": numbers(readers), f"ahead of {first}, points": numbers(ahead, sign=True)}
    shape = dict(left=0.06, wspace=1.42)
    return finish(figure, text, band_of(n, "band and black line"), plain=plain, table=table, **shape)


def ablations(rows: dict[str, dict[str, np.ndarray]]) -> Picture:
    """Accuracy on sums with what the reader said replaced: {grade: {"in place" or how `broken` replaced it: (seeds,)}}."""
    figure, (axis,) = sheet(width=7.6, height=3.7)
    looks = {"in place": ("#333333", "o"), "swap within a digit": ("#56B4E9", "s")}
    looks |= {"mean": ("#009E73", "D"), "swap": ("#D55E00", "X")}
    above = dict(loc="upper right", bbox_to_anchor=(1, 1), bbox_transform=figure.transFigure, ncols=4)
    axis.forest(rows, looks, 0.16, dict(title="what the reader said is …") | above)
    chance = 1 / 19  # sums from 0 to 18
    axis.axvline(chance, color=canvas.GREY, linestyle=":", linewidth=1.5)
    axis.text(chance + 0.005, -0.6, "guessing", fontsize=8.5, color=canvas.GREY, va="center")
    axis.set(xlabel="test accuracy on sums", xlim=(0, 1))
    n = canvas.seeds_of(rows)
    ways = {name: np.stack([each[look] for look in looks], 1) for name, each in rows.items()}
    text = f"Sums with the reading {', '.join(looks)}, {mean_of(n)}: {in_words(ways)}."
    return finish(figure, text, band_of(n, "bar"), left=0.24, right=0.97, above=0.55)


def grades_of_nesting() -> Picture:
    """Four networks that add two digits, as boxes: where the reader sits in each, and what looks at what."""
    figure, axes = sheet(width=9.6, height=3.1, columns=4)
    for axis, name in zip(axes, ("un-nested", "stacking", "progressive", "hierarchical")):
        axis.axis("off")
        axis.set(xlim=(-1.75, 1.75), ylim=(-0.3, 3.4))
        axis.set_title(name, loc="center")
        axis.box(0, 2.3, 3.0, "two layers" if name == "un-nested" else "h", canvas.PART_COLOURS["target"])
        axis.arrow_to(0, 2.55, 0, 2.85)
        axis.text(0, 2.95, "sum", ha="center", fontsize=9)
        for x, text in ((-0.75, "left"), (0.75, "right")):
            axis.text(x, -0.1, text, ha="center", va="center", fontsize=9)
            axis.arrow_to(x, 0.15, x, 0.92)
            axis.arrow_to(x, 1.45, x, 2.05)
            if name == "progressive":  # from the picture too
                axis.arrow_to(x * 1.9, -0.03, x * 1.9, 2.05)
                axis.plot([x * 1.35, x * 1.9], [-0.03, -0.03], color="#333333", linewidth=1)
            if name == "hierarchical":
                axis.box(x, 1.2, 1.15, "$f_s$", canvas.PART_COLOURS["shared"])
                axis.arrow_to(x * 0.4, 1.64, x * 0.4, 1.45, "#00664B")
            elif name != "un-nested":
                axis.box(x, 1.2, 1.15, "$f_s$, frozen", canvas.PART_COLOURS["shared"], "///")
        if name == "un-nested":
            axis.box(0, 1.2, 2.65, "two layers, both pictures", canvas.PART_COLOURS["shared"])
        if name == "hierarchical":
            axis.text(0, 1.68, "source loss", color="#00664B", fontsize=9, ha="center", fontweight="bold")
    text = "Un-nested: the first layers see both pictures at once. Stacking: h sees two readings of a frozen reader"
    text += "; progressive: its hidden layers and the pictures; hierarchical: the reader moves, the source's loss on it."
    return finish(figure, text, left=0.01, right=0.99, below=0.03, above=0.28, wspace=0.05)


def couple_rows(task) -> Picture:
    """Six of the sums of a task of two pictures, from its first training row to its last, with their labels."""
    figure, axes = sheet(width=9.6, height=1.25, columns=6)
    chosen = np.linspace(0, len(task.y_train) - 1, 6).astype(int)
    labels = [task.classes[task.y_train[row]] for row in chosen]
    for axis, row, label in zip(axes, chosen, labels):
        axis.show(np.hstack(task.x_train[row].reshape(2, 10, 10)))
        axis.axvline(9.5, color="#bbbbbb", linewidth=1)
        axis.set_title(f"sum {label}", loc="center")
    text = f"6 rows of {task.name}: {', '.join(labels)}."
    return finish(figure, text, left=0.01, right=0.99, below=0.03, above=0.28, wspace=0.12)
