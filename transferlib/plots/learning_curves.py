"""Accuracy and loss over training steps."""

from transferlib.measures import at
from transferlib.plots.canvas import Picture, bands, label_ends, sheet


def learning_curves(results, target="UCI digits", source="MNIST"):
    """Test accuracy of the target, and of the source, over training steps: {name: [Run, …]} → Picture.

    A line is the mean over the runs, its band the 95 % interval of that mean. A strategy that starts at random and never
    sees the source has no source network: it is left out on the right.
    """
    figure, (left, right) = sheet(columns=2)
    runs = next(iter(results.values()))
    n, had = len(runs), {k: v for k, v in results.items() if v[0].strategy.start == "source" or v[0].strategy.alpha}
    for axis, groups, what, title in (
        (left, results, "target_accuracy", f"Target: {target}"),
        (right, had, "source_accuracy", f"Source: {source}"),
    ):
        ends = bands(axis, lambda runs: runs[0].step, groups, what)
        axis.set(xlabel="training steps on the target", ylabel="test accuracy", xlim=(0, runs[0].step[-1]))
        axis.set_title(title, loc="left")
        if ends:
            low = min(0.5, *(at(g, what).min() for g in groups.values())) if what == "target_accuracy" else None
            axis.set_ylim(0 if low is not None else None, 1.0)
            label_ends(axis, ends)
        else:
            axis.text(0.5, 0.5, "no source network\nin what is shown", transform=axis.transAxes, ha="center", va="center")
    note = f"mean of {n} seeds, band: 95 % interval of the mean" if n > 1 else "1 seed: no band can be drawn"
    figure.text(0.01, 0.01, note, fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.065, right=0.865, bottom=0.175, top=0.91, wspace=0.6)
    final = ", ".join(f"{name} {at(group).mean():.3f}" for name, group in results.items())
    kept = ", ".join(f"{name} {at(group, 'source_accuracy').mean():.3f}" for name, group in had.items())
    text = f"Target accuracy after {runs[0].step[-1]} steps, mean of {n} seeds: {final}."
    return Picture(figure, text + (f" Source accuracy then: {kept}." if kept else ""))


def source_curves(results, source="MNIST"):
    """Step 1: test loss and test accuracy of the source over its own training steps: {name: [Run, …]} → Picture."""
    figure, axes = sheet(columns=2)
    runs = next(iter(results.values()))
    for axis, what, label in zip(axes, ("source_loss", "source_accuracy"), ("test loss (cross-entropy)", "test accuracy")):
        ends = bands(axis, lambda runs: runs[0].step, results, what)
        axis.set(xlabel="training steps on the source", ylabel=label, xlim=(0, runs[0].step[-1]), ylim=(0, None))
        label_ends(axis, ends)
    axes[0].set_title(f"Source: {source}", loc="left")
    figure.text(0.01, 0.01, f"mean of {len(runs)} seeds, band: 95 % interval of the mean", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.065, right=0.865, bottom=0.175, top=0.91, wspace=0.52)
    words = "; ".join(
        f"{name} accuracy {at(group, 'source_accuracy').mean():.3f}, loss {at(group, 'source_loss').mean():.3f}"
        for name, group in results.items()
    )
    return Picture(figure, f"{source} after {runs[0].step[-1]} steps of step 1, mean of {len(runs)} seeds: {words}.")
