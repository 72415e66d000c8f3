"""Pictures of the digits themselves, and of what models say of one."""

import matplotlib
import numpy as np

from transferlib.plots.canvas import RULES, Picture, sheet, style


def digits(*tasks, per_class=2):
    """Rows of example pictures, class by class, one block of rows a task → Picture."""
    figure, axes = sheet(width=9.6, height=1.0 * per_class * len(tasks) + 0.2, columns=10, rows=per_class * len(tasks))
    for row, axis_row in enumerate(np.atleast_2d(axes)):
        task, number = tasks[row // per_class], row % per_class
        for c, axis in enumerate(axis_row):
            example = task.x_train[task.y_train == c][number].reshape(task.picture)
            axis.imshow(example, cmap="gray_r", vmin=0, vmax=1)
            axis.set(xticks=[], yticks=[])
            axis.grid(False)
            if number == 0 and row == 0:
                axis.set_title(task.classes[c], loc="center")
            if c == 0 and number == 0:
                axis.set_ylabel(task.name, fontsize=9)
    figure.subplots_adjust(left=0.04, right=0.995, bottom=0.01, top=0.92 if len(axes) > 1 else 0.8, wspace=0.05, hspace=0.08)
    *most, last = [f"from {task.name}" for task in tasks]
    examples = "1 example" if per_class == 1 else f"{per_class} examples"
    return Picture(figure, f"{examples} of each digit {' and '.join([', '.join(most), last] if most else [last])}.")


def _square(picture):
    """A square picture that came as one row of numbers, in its shape again."""
    side = int(np.sqrt(np.size(picture)))
    return np.reshape(picture, (side, side)) if np.ndim(picture) == 1 else picture


def gallery(rows, titles=()):
    """Rows of pictures, named at the left: {name: pictures (n, h, w), or (n, h·h)} → Picture. Black is a row's maximum."""
    rows = {name: [_square(p) for p in pictures] for name, pictures in rows.items()}
    columns = max(len(pictures) for pictures in rows.values())
    figure, axes = sheet(width=9.6, height=0.86 * len(rows) + 0.3, columns=columns, rows=len(rows))
    for axis_row, (name, pictures) in zip(np.reshape(axes, (len(rows), columns)), rows.items()):
        for axis, picture in zip(axis_row, pictures):
            axis.imshow(picture, cmap="gray_r", vmin=0, vmax=np.max(pictures))
        for axis in axis_row:
            axis.set(xticks=[], yticks=[])
            axis.grid(False)
        for axis in axis_row[len(pictures) :]:
            axis.axis("off")
        axis_row[0].set_ylabel(name, fontsize=9.5, rotation=0, ha="right", va="center", labelpad=8)
    for axis, title in zip(np.reshape(axes, (len(rows), columns))[0], titles):
        axis.set_title(title, loc="center", fontsize=10)
    figure.subplots_adjust(
        left=0.15, right=0.995, bottom=0.01, top=1 - 0.3 / (0.86 * len(rows) + 0.3), wspace=0.05, hspace=0.07
    )
    said = f" of {', '.join(map(str, titles))}" if len(titles) else ""
    return Picture(figure, f"{columns} pictures a row{said}; rows: {', '.join(rows)}.")


def what_they_say(picture, said, truth, classes):
    """One picture beside what several models make of it: {name: probabilities (seeds, classes)} → Picture.

    A bar is a class's probability, averaged over the seeds, and its thin line goes from the least to the most that any seed
    gave; the true class is drawn dark. `truth` is its number; None where nobody has labelled the picture.
    """
    figure = sheet(width=9.6, height=3.9)[0]
    figure.clear()
    label = "without a label" if truth is None else f"labelled {classes[truth]}"
    with matplotlib.rc_context(RULES):
        grid = figure.add_gridspec(2, 4, left=0.02, right=0.985, bottom=0.13, top=0.86, wspace=0.2, hspace=0.75)
        left = figure.add_subplot(grid[:, 0])
        left.imshow(picture, cmap="gray_r", vmin=0, vmax=1)
        left.set(xticks=[], yticks=[])
        left.grid(False)
        left.set_title(label, loc="left")
        words, places = [], [grid[i, j] for i in (0, 1) for j in (1, 2, 3)]
        for place, (name, p) in zip(places, said.items()):
            axis, colour = figure.add_subplot(place), style(said)[name][0]
            mean, top = p.mean(0), p.mean(0).argmax()
            marked = top if truth is None else truth
            votes = f"{'so say' if truth is None else 'right'} {(p.argmax(1) == marked).sum()} of {len(p)}"
            bars = axis.bar(range(len(classes)), mean, color=colour, alpha=0.4)
            bars[marked].set_alpha(1)
            axis.vlines(range(len(classes)), p.min(0), p.max(0), color="#333333", linewidth=0.9)
            axis.set_xticks(range(len(classes)), classes)
            axis.set(ylim=(0, 1), yticks=(0, 0.5, 1))
            axis.grid(False, axis="x")
            verdict = f"says {classes[top]}; {votes}"
            axis.set_title(f"{name}\n{verdict}", loc="left", fontsize=9.5, color=colour, fontweight="bold")
            words.append(f"{name} {classes[top]} (p {mean.max():.2f}; {votes.replace('right', 'right in')} seeds)")
    dark = "the most probable" if truth is None else "the label"
    note = f"bars: probability of each class, mean over the seeds; lines: least to most; dark: {dark}"
    figure.text(0.275, 0.015, note, fontsize=8, color="#555555")
    return Picture(figure, f"A picture {label}. Most probable to each: {', '.join(words)}.")


def couple_rows(task, n=6):
    """The first of some sums of a task of two pictures, with their labels."""
    figure, axes = sheet(width=9.6, height=1.25, columns=n)
    chosen = np.linspace(0, len(task.y_train) - 1, n).astype(int)
    for axis, row in zip(axes, chosen):
        axis.imshow(np.hstack(task.x_train[row].reshape(2, 10, 10)), cmap="gray_r", vmin=0, vmax=1)
        axis.set(xticks=[], yticks=[])
        axis.axvline(9.5, color="#bbbbbb", linewidth=1)
        axis.grid(False)
        axis.set_title(f"sum {task.classes[task.y_train[row]]}", loc="center")
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.02, top=0.78, wspace=0.12)
    return Picture(figure, f"Six rows of {task.name}: " + ", ".join(task.classes[task.y_train[r]] for r in chosen) + ".")
