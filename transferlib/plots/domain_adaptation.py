"""Pictures of domain adaptation."""

import numpy as np

from transferlib.measures import curves
from transferlib.plots.canvas import PART_COLOURS, Picture, Runs, band_of, finish, mean_of, plane, said, sheet


def adaptation(results: Runs, title: str = "Target, no label used") -> Picture:
    """Target accuracy, and how well the domains can be told apart, over training: {name: [Adapted, …]} → Picture."""
    figure, axes = sheet(columns=2)
    runs, words = next(iter(results.values())), []
    for axis, what, label in zip(axes, ("target_accuracy", "domain_accuracy"), ("target test accuracy", "domain accuracy")):
        lines = {name: curves(group, what)[:, 1:] for name, group in results.items()}  # at step 0 nothing was trained yet
        axis.set(xlabel="training steps", ylabel=label, xlim=(0, runs[0].step[-1]))
        axis.bands(runs[0].step[1:], lines)
        words.append(f"{label[0].upper()}{label[1:]}: {said({name: values[:, -1] for name, values in lines.items()})}.")
    axes[0].set_title(title)
    axes[1].set_title("Can a classifier tell the domains apart?")
    axes[1].axhline(0.5, color="#888888", linewidth=1, linestyle=":")
    axes[1].text(0.02, 0.505, "chance", color="#666666", fontsize=8, transform=axes[1].get_yaxis_transform())
    text = f"After {runs[0].step[-1]} steps, {mean_of(len(runs))}. {' '.join(words)}"
    return finish(figure, text, band_of(len(runs)), left=0.085, right=0.865, bottom=0.175, top=0.91, wspace=0.55)


def feature_clouds(features: dict[str, tuple[np.ndarray, np.ndarray]]) -> Picture:
    """Where two domains lie: {title: (source's features (n, d), target's (m, d))} → Picture, two principal axes each."""
    figure, axes = sheet(width=8.6, height=3.9, columns=len(features))
    words = []
    for axis, (title, pair) in zip(axes, features.items()):
        both = np.concatenate(pair)
        centre, directions = plane(both)
        for rows, name, colour, marker in zip(pair, ("source", "target"), ("#0072B2", PART_COLOURS["target"]), "ox"):
            spots = (rows - centre) @ directions.T
            axis.scatter(*spots.T, s=9, c=colour, marker=marker, alpha=0.55, linewidths=0.8, label=name)
        apart = np.linalg.norm(pair[0].mean(0) - pair[1].mean(0)) / np.sqrt(both.var(0).sum())
        axis.set_title(f"{title}: means {apart:.2f} apart", fontsize=10)
        axis.set(xlabel="first principal axis", ylabel="second", xticks=[], yticks=[])
        words.append(f"{title} {apart:.2f}")
    axes[0].legend(frameon=False, fontsize=8, markerscale=1.6)
    text = f"Distance of the two domains' mean features, in units of their spread: {', '.join(words)}."
    return finish(figure, text, left=0.045, right=0.99, bottom=0.1, top=0.91, wspace=0.12)
