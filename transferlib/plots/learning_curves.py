"""Accuracy and loss over training steps."""

from transferlib.measures import at, curves
from transferlib.plots.canvas import Picture, Runs, band_of, finish, mean_of, said, sheet


def learning_curves(results: Runs) -> Picture:
    """Test accuracy of the target, and of the source, over training steps: {name: [Run, …]} → Picture.

    A line is the mean over the runs, its band the 95 % interval of that mean. A strategy that starts at random and never
    sees the source has no source network: it is left out on the right.
    """
    figure, (left, right) = sheet(columns=2)
    runs = next(iter(results.values()))
    first, n = runs[0], len(runs)
    had = {k: v for k, v in results.items() if v[0].source and (v[0].strategy.start == "source" or v[0].strategy.alpha)}
    for axis, groups, role, low in ((left, results, "target", 0), (right, had, "source", None)):
        lines = {name: curves(group, f"{role}_accuracy") for name, group in groups.items()}
        axis.set(xlabel="training steps on the target", ylabel="test accuracy", xlim=(0, first.step[-1]))
        axis.set_title(f"{role.capitalize()}: {getattr(first, role) or 'none'}")
        axis.bands(first.step, lines, ylim=(low, 1))
    if not had:
        right.text(0.5, 0.5, "no source network\nin what is shown", transform=right.transAxes, ha="center", va="center")
    text = f"Target accuracy ({first.target}) after {first.step[-1]} steps, {mean_of(n)}: "
    text += f"{said({name: at(group) for name, group in results.items()})}."
    if had:
        text += f" Source accuracy ({first.source}) then: "
        text += f"{said({name: at(group, 'source_accuracy') for name, group in had.items()})}."
    return finish(figure, text, band_of(n), left=0.065, right=0.865, bottom=0.175, top=0.91, wspace=0.6)


def source_curves(results: Runs) -> Picture:
    """Step 1: test loss and test accuracy of the source over its own training steps: {name: [Run, …]} → Picture."""
    figure, axes = sheet(columns=2)
    runs, words = next(iter(results.values())), []
    first, n = runs[0], len(runs)
    for axis, what, label in zip(axes, ("loss", "accuracy"), ("test loss (cross-entropy)", "test accuracy")):
        lines = {name: curves(group, f"source_{what}") for name, group in results.items()}
        axis.set(xlabel="training steps on the source", ylabel=label, xlim=(0, first.step[-1]))
        axis.bands(first.step, lines, ylim=(0, None))
        words.append(f"{what.capitalize()}: {said({name: values[:, -1] for name, values in lines.items()})}.")
    axes[0].set_title(f"Source: {first.source}")
    text = f"{first.source} after {first.step[-1]} steps of step 1, {mean_of(n)}. {' '.join(words)}"
    return finish(figure, text, band_of(n), left=0.065, right=0.865, bottom=0.175, top=0.91, wspace=0.52)
