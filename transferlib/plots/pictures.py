"""Pictures of the digits themselves, and of what models say of one."""

from collections.abc import Iterable

import numpy as np

from transferlib.measures import with_error
from transferlib.plots.canvas import Picture, Values, finish, mean_of, sheet, style


def digits(*tasks, per_class: int = 2) -> Picture:
    """Rows of example pictures, class by class, `per_class` rows a task: any tasks whose rows are pictures → Picture."""

    def some(task, number):
        return [task.x_train[task.y_train == c][number].reshape(task.picture) for c in range(len(task.classes))]

    rows = [(task.name * (i == 0), some(task, i)) for task in tasks for i in range(per_class)]
    *most, last = [f"from {task.name}" for task in tasks]
    many = "1 example" if per_class == 1 else f"{per_class} examples"
    text = f"{many} of each digit {' and '.join([', '.join(most), last] if most else [last])}."
    return _grid(rows, tasks[0].classes, text)


def gallery(rows: dict[str, list[np.ndarray]], titles: Iterable = ()) -> Picture:
    """Rows of pictures, named at the left: {name: pictures (n, h, w), or (n, h·h)} → Picture. Black is a row's maximum."""
    named, columns = ", ".join(map(str, titles)), max(map(len, rows.values()))
    text = f"{columns} pictures a row{f' of {named}' if named else ''}; rows: {', '.join(rows)}."
    return _grid(list(rows.items()), titles, text)


def _grid(rows, titles, text):
    """Rows (name, pictures) of pictures, with titles above the columns."""
    tall = 0.86 * len(rows) + 0.3
    figure, axes = sheet(width=9.6, height=tall, columns=max(len(pictures) for _, pictures in rows), rows=len(rows))
    for pages, (name, pictures) in zip(np.atleast_2d(axes), rows):
        for page, picture in zip(pages, pictures):
            page.show(_square(picture), np.max(pictures))
        for page in pages[len(pictures) :]:
            page.axis("off")
        pages[0].set_ylabel(name, fontsize=9.5, rotation=0, ha="right", va="center", labelpad=8)
    for page, title in zip(np.atleast_2d(axes)[0], titles):
        page.set_title(title, loc="center", fontsize=10)
    return finish(figure, text, left=0.15, right=0.995, bottom=0.01, top=1 - 0.3 / tall, wspace=0.05, hspace=0.07)


def _square(picture):
    """A square picture that came as one row of numbers, in its shape again."""
    side = int(np.sqrt(np.size(picture)))
    return np.reshape(picture, (side, side)) if np.ndim(picture) == 1 else picture


def what_they_say(picture: np.ndarray, said: Values, truth: int | None, classes: list[str]) -> Picture:
    """One picture beside what up to six models make of it: {name: probabilities (seeds, classes)}.

    A bar is a class's probability, averaged over the seeds, and its thin line goes from the least to the most that any seed
    gave; the true class is drawn dark. `truth` is its number; None where nobody has labelled the picture.
    """
    figure, axes = sheet(width=9.6, height=3.9, columns=4, rows=2)
    left, looks, words = axes[0, 0], style(said), []
    left.set_subplotspec(left.get_gridspec()[:, 0])
    left.show(picture)
    label = "without a label" if truth is None else f"labelled {classes[truth]}"
    left.set_title(label)
    for axis in (axes[1, 0], *axes[:, 1:].flat[len(said) :]):
        axis.remove()
    for axis, (name, p) in zip(axes[:, 1:].flat, said.items()):
        top, colour = p.mean(0).argmax(), looks[name][0]
        marked = top if truth is None else truth
        bars = axis.bar(range(len(classes)), p.mean(0), color=colour, alpha=0.4)
        bars[marked].set_alpha(1)
        axis.vlines(range(len(classes)), p.min(0), p.max(0), color="#333333", linewidth=0.9)
        axis.set_xticks(range(len(classes)), classes)
        axis.set(ylim=(0, 1), yticks=(0, 0.5, 1))
        axis.grid(False, axis="x")
        votes = f"{'so say' if truth is None else 'right'} {(p.argmax(1) == marked).sum()} of {len(p)}"
        axis.set_title(f"{name}\nsays {classes[top]}; {votes}", fontsize=9.5, color=colour, fontweight="bold")
        words.append(f"{name}: {classes[top]} with {with_error(p[:, top])}")
        if top != marked:
            words[-1] += f" (the label {with_error(p[:, marked])})"
    dark = "the most probable" if truth is None else "the label"
    text = f"A picture {label}. Most probable to each, with its probability, {mean_of(len(p))}: {'; '.join(words)}."
    note = f"bars: probability of each class, mean over the seeds; lines: least to most; dark: {dark}"
    return finish(figure, text, note, left=0.02, right=0.985, bottom=0.15, top=0.86, wspace=0.2, hspace=0.75)


def couple_rows(task, n: int = 6) -> Picture:
    """`n` of the sums of a task of two pictures, from its first training row to its last, with their labels."""
    figure, axes = sheet(width=9.6, height=1.25, columns=n)
    chosen = np.linspace(0, len(task.y_train) - 1, n).astype(int)
    labels = [task.classes[task.y_train[row]] for row in chosen]
    for axis, row, label in zip(axes, chosen, labels):
        axis.show(np.hstack(task.x_train[row].reshape(2, 10, 10)))
        axis.axvline(9.5, color="#bbbbbb", linewidth=1)
        axis.set_title(f"sum {label}", loc="center")
    text = f"{n} rows of {task.name}: {', '.join(labels)}."
    return finish(figure, text, left=0.01, right=0.99, bottom=0.02, top=0.78, wspace=0.12)
