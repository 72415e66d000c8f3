"""Pictures in rows, and counts in cells."""

from collections.abc import Iterable

import numpy as np

from transferlib.measures import of_count
from transferlib.plots.canvas import Picture, finish, sheet


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
    """Rows of named pictures: {name: pictures (n, h, w), in colours (n, h, w, 3), or (n, h·h)} → Picture.

    Black is a row's maximum.
    """
    named, columns = ", ".join(map(str, titles)), max(map(len, rows.values()))
    text = f"{columns} pictures a row{f' of {named}' if named else ''}; rows: {', '.join(rows)}."
    return _grid(list(rows.items()), titles, text)


def _grid(rows, titles, text):
    """Rows (name, pictures) of pictures, with titles above the columns."""
    columns = max(len(pictures) for _, pictures in rows)
    figure, axes = sheet(height=0.86 * len(rows) + 0.3, columns=columns, rows=len(rows))
    for pages, (name, pictures) in zip(np.atleast_2d(axes), rows):
        for page, picture in zip(pages, pictures):
            side = int(np.sqrt(np.size(picture)))
            page.show(np.reshape(picture, (side, side)) if np.ndim(picture) == 1 else picture, np.max(pictures))
        for page in pages[len(pictures) :]:
            page.axis("off")
        pages[0].set_ylabel(name, fontsize=9.5, rotation=0, ha="right", va="center", labelpad=8)
    for page, title in zip(np.atleast_2d(axes)[0], titles):
        page.set_title(title, loc="center", fontsize=10)
    return finish(figure, text, left=0.15, right=0.995, below=0.02, above=0.3, wspace=0.05, hspace=0.07)


def confusions(matrices: dict[str, np.ndarray], classes: list[str]) -> Picture:
    """Confusion matrices (c, c), in % of each row: {title: counts} → Picture, one square each.

    The text gives each class's share with its binomial standard error. Counts of several seeds on the same rows are not
    independent, and their true error is another.
    """
    room = max(0.5, 0.42 + 0.085 * max(map(len, map(str, classes))))  # inches for the names of classes, left of each square
    width = (4.0 + room) * len(matrices)
    figure, axes = sheet(width=width, height=4.4, columns=len(matrices))
    words = []
    for axis, (title, counts) in zip(axes, matrices.items()):
        share = 100 * counts / counts.sum(1, keepdims=True)
        look = dict(cmap="Blues", vmin=0, vmax=100)
        axis.number_cells(np.where(share > 0.5, share, np.nan), classes, classes, ".0f", share > 55, **look)
        axis.set(xlabel="read as", ylabel="true class", title=title)
        right = np.diag(share)
        each = (f"{c} {of_count(v / 100, n)}" for c, v, n in zip(classes, right, counts.sum(1)))
        words.append(f"{title}: {right.mean():.1f} ({', '.join(each)})")
        wrong = np.where(np.eye(len(classes), dtype=bool), 0, share)
        second, most = np.sort(wrong, axis=None)[-2:]
        if most > 1.5 * second:  # one confusion stands out, whatever a row or two more would say
            i, j = np.argwhere(wrong == most)[0]
            words[-1] += f", and {most:.1f} % of class {classes[i]} read as {classes[j]}"
    text = f"Percent right, on average and class by class (± as for independent counts). {'; '.join(words)}."
    return finish(figure, text, left=room / width, right=1 - 0.1 / width, below=0.53, above=0.35, wspace=room / 3.6)
