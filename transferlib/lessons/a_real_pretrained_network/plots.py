"""How far each block of a network carries, training it whole, and the patches of the photographs."""

from collections.abc import Sequence

import numpy as np

from transferlib.plots.canvas import GREY, Picture, Values, band_of, finish, mean_of, said, sheet


def block_lines(accuracy: dict[str, Values], rival: dict[str, np.ndarray], label: str) -> Picture:
    """Accuracy of features, {target: {network: (seeds, blocks)}}, and of a rival without a source, {target: (seeds,)}."""
    figure, axes = sheet(columns=len(accuracy), sharey=True)
    words = []
    for axis, (target, groups) in zip(axes, accuracy.items()):
        n, blocks = next(iter(groups.values())).shape
        axis.bands(np.arange(1, blocks + 1), groups, marker="o", ylim=(0, 1))
        axis.axhline(np.mean(rival[target]), color=GREY, linestyle=":", linewidth=1.6)
        axis.text(1, 0.03, f"dotted: {label}", color=GREY, fontsize=8)
        axis.set(title=target, xlabel="features of VGG16's block", xticks=range(1, blocks + 1))
        words.append(f"{target}: {said(groups)}; {label} {said({'': rival[target]}).strip()}")
    axes[0].set_ylabel("target test accuracy")
    text = f"Test accuracy of the features of blocks 1 to {blocks}, {mean_of(n)}. {'. '.join(words)}."
    longest = max(len(name) for groups in accuracy.values() for name in map(str, groups))
    right = min(0.88, 0.985 - 0.0088 * longest)  # the names stand at the lines' ends
    return finish(figure, text, band_of(n), left=0.075, right=right, bottom=0.19, top=0.91, wspace=0.45)


def step_lines(
    runs: dict[str, dict[str, np.ndarray]], steps: Sequence[int], line: dict[str, np.ndarray], label: dict[str, str]
) -> Picture:
    """Accuracy over the steps of training, {target: {arm: (seeds, steps)}}, and without it, {target: (seeds,)}."""
    figure, axes = sheet(columns=len(runs), height=4.2, sharey=True)
    words = []
    for axis, (target, groups) in zip(np.atleast_1d(axes), runs.items()):
        n = len(next(iter(groups.values())))
        axis.bands(steps, groups, marker="o", ylim=(0, 1))
        axis.axhline(np.mean(line[target]), color=GREY, linestyle=":", linewidth=1.6)
        axis.text(steps[-1], np.mean(line[target]) + 0.02, f"dotted: {label[target]}", color=GREY, fontsize=8, ha="right")
        axis.set(title=target, xlabel="steps of training", xticks=steps)
        words.append(f"{target}: {said(groups)}; {label[target]} {said({'': line[target]}).strip()}")
    np.atleast_1d(axes)[0].set_ylabel("target test accuracy")
    text = f"Test accuracy after {', '.join(map(str, steps))} steps, {mean_of(n)}. {'. '.join(words)}."
    return finish(figure, text, band_of(n), left=0.075, right=0.83, bottom=0.17, top=0.92, wspace=0.75)


def patches(rows: dict[str, list[np.ndarray]]) -> Picture:
    """Rows of colour pictures (h, w, 3), 0 … 1, with their names: {name: [pictures]} → Picture."""
    many = max(map(len, rows.values()))
    figure, axes = sheet(width=9.6, height=0.82 * len(rows) + 0.1, columns=many, rows=max(2, len(rows)))
    for pages, (name, pictures) in zip(axes, rows.items()):
        for page, picture in zip(pages, pictures):
            page.imshow(picture)
            page.grid(False)
            page.set(xticks=[], yticks=[])
        pages[0].set_ylabel(name, fontsize=9.5, rotation=0, ha="right", va="center", labelpad=8)
    text = f"{many} pictures a row; rows: {', '.join(rows)}."
    return finish(figure, text, left=0.12, right=0.995, bottom=0.01, top=0.99, wspace=0.05, hspace=0.07)
