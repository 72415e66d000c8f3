"""How far each block of a network carries, and training it whole."""

from collections.abc import Sequence

import numpy as np

from transferlib.plots.canvas import GREY, Picture, Values, band_of, finish, mean_of, said, seeds_of, sheet


def block_lines(accuracy: dict[str, Values], rival: dict[str, np.ndarray], label: str) -> Picture:
    """Accuracy of features, {target: {network: (seeds, blocks)}}, and of a rival without a source, {target: (seeds,)}."""
    blocks = range(1, next(iter(next(iter(accuracy.values())).values())).shape[1] + 1)
    what = f"of the features of blocks 1 to {len(blocks)}"
    return _lines(accuracy, blocks, rival, dict.fromkeys(rival, label), what, "features of VGG16's block")


def step_lines(runs: dict[str, Values], steps: Sequence[int], line: dict[str, np.ndarray], label: dict[str, str]) -> Picture:
    """Accuracy over the steps of training, {target: {arm: (seeds, steps)}}, and without it, {target: (seeds,)}."""
    return _lines(runs, steps, line, label, f"after {', '.join(map(str, steps))} steps", "steps of training")


def _lines(groups, x, line, label, what, xlabel):
    """A page a target: the lines of its arms, and one dotted across, with its name."""
    figure, axes = sheet(columns=len(groups), height=4.0, sharey=True)
    words, n = [], seeds_of(groups)
    for axis, (target, arms) in zip(axes, groups.items()):
        axis.bands(x, arms, marker="o", ylim=(0, 1))
        axis.axhline(np.mean(line[target]), color=GREY, linestyle=":", linewidth=1.6)
        axis.text(x[0], 0.03, f"dotted: {label[target]}", color=GREY, fontsize=8)
        axis.set(title=target, xlabel=xlabel, xticks=x)
        words.append(f"{target}: {said(arms)}; {label[target]} {said({'': line[target]}).strip()}")
    axes[0].set_ylabel("target test accuracy")
    text = f"Test accuracy {what}, {mean_of(n)}. {'. '.join(words)}."
    longest = max(len(name) for arms in groups.values() for name in map(str, arms))
    right = min(0.88, 0.985 - 0.0088 * longest)  # the names stand at the lines' ends
    return finish(figure, text, band_of(n), left=0.075, right=right, wspace=1.25 * (1 - right) * len(axes))
