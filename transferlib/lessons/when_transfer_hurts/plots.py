"""Is a model as sure as it is right?"""

import numpy as np

from transferlib.plots.canvas import GREY, Picture, finish, sheet


def reliability_diagram(groups: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]], note: str = "") -> Picture:
    """Accuracy against confidence: {title: what `measures.reliability` returned} → Picture, one square each."""
    figure, axes = sheet(width=3.1 * len(groups), height=3.6, columns=len(groups), sharey=True)
    words = []
    for axis, (title, (confidence, accuracy, share)) in zip(axes, groups.items()):
        error = np.nansum(share * np.abs(confidence - accuracy))
        axis.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle=(0, (3, 2)))
        axis.vlines(confidence, accuracy, confidence, color="#D55E00", linewidth=2, alpha=0.6)
        look = dict(color="#0072B2", edgecolor="white", linewidth=0.5, zorder=3, clip_on=False)
        axis.scatter(confidence, accuracy, s=8 + 500 * share, **look)
        axis.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="confidence", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
        axis.set_title(title)
        axis.text(0.97, 0.05, f"ECE {error:.3f}", ha="right")
        sure, right = np.nansum(share * confidence), np.nansum(share * accuracy)
        words.append(f"{title}: accuracy {right:.3f}, mean confidence {sure:.3f}, ECE {error:.3f}")
    axes[0].set_ylabel("accuracy")
    left, right = 0.23 / len(groups), 1 - 0.045 / len(groups)
    note = f"size: share of the rows. {note}"
    return finish(figure, f"{'; '.join(words)}.", note, left, right, above=0.36, wspace=0.14)
