"""Pictures of domain adaptation."""

from types import SimpleNamespace

import numpy as np

from transferlib.measures import at
from transferlib.plots.canvas import Picture, bands, label_ends, sheet


def adaptation(results, title="Target, no label used"):
    """Target accuracy, and how well the domains can be told apart, over training: {name: [Adapted, …]} → Picture."""
    figure, axes = sheet(columns=2)
    n, words = len(next(iter(results.values()))), []
    for axis, what, label in zip(axes, ("target_accuracy", "domain_accuracy"), ("target test accuracy", "domain accuracy")):
        ends = bands(axis, lambda runs: runs[0].step, {k: [_after(r, what) for r in v] for k, v in results.items()}, what)
        axis.set(xlabel="training steps", ylabel=label, xlim=(0, None))
        label_ends(axis, ends)
        values = ", ".join(f"{name} {at(runs, what).mean():.3f}" for name, runs in results.items())
        words.append(f"{label[0].upper()}{label[1:]} at the end: {values}.")
    axes[0].set_title(title, loc="left")
    axes[1].set_title("Can a classifier tell the domains apart?", loc="left")
    axes[1].axhline(0.5, color="#888888", linewidth=1, linestyle=":")
    axes[1].text(0.02, 0.505, "chance", color="#666666", fontsize=8, transform=axes[1].get_yaxis_transform())
    note = f"mean of {n} seeds, band: 95 % interval of the mean" if n > 1 else "1 seed: no band can be drawn"
    figure.text(0.01, 0.01, note, fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.085, right=0.865, bottom=0.175, top=0.91, wspace=0.55)
    return Picture(figure, f"{' '.join(words)} Mean of {n} seeds.")


def _after(run, what):
    """A run without its first evaluation, where nothing was trained yet."""
    return SimpleNamespace(step=run.step[1:], **{what: getattr(run, what)[1:]})


def feature_clouds(features):
    """Where two domains lie: {title: (source's features (n, d), target's (m, d))} → Picture, two principal axes each."""
    figure, axes = sheet(width=8.6, height=3.9, columns=len(features))
    words = []
    for axis, (title, pair) in zip(np.atleast_1d(axes), features.items()):
        both = np.concatenate(pair)
        _, _, directions = np.linalg.svd(both - both.mean(0), full_matrices=False)
        for f, name, role, marker in zip(pair, ("source", "target"), ("#0072B2", "#E69F00"), "ox"):
            spot = (f - both.mean(0)) @ directions[:2].T
            axis.scatter(*spot.T, s=9, c=role, marker=marker, alpha=0.55, linewidths=0.8, label=name)
        apart = np.linalg.norm(pair[0].mean(0) - pair[1].mean(0)) / np.sqrt(both.var(0).sum())
        axis.set_title(f"{title}: means {apart:.2f} apart", loc="left", fontsize=10)
        axis.set(xlabel="first principal axis", ylabel="second", xticks=[], yticks=[])
        words.append(f"{title} {apart:.2f}")
    np.atleast_1d(axes)[0].legend(frameon=False, fontsize=8, markerscale=1.6)
    figure.subplots_adjust(left=0.045, right=0.99, bottom=0.1, top=0.91, wspace=0.12)
    return Picture(figure, f"Distance of the two domains' mean features, in units of their spread: {', '.join(words)}.")
