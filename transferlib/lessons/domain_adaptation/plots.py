"""Pictures of domain adaptation."""

import numpy as np

from transferlib.measures import curves
from transferlib.plots.canvas import (
    GREY,
    PART_COLOURS,
    Picture,
    Runs,
    Values,
    band_of,
    finish,
    mean_of,
    plane,
    said,
    sheet,
    style,
)

LOOKS = {  # one method has one colour, one line and one mark in the whole lesson
    "source only": ("#555555", (0, (1, 1.2)), "o"),
    "own mean": ("#0072B2", (0, (5, 1.5)), "D"),
    "Deep CORAL": ("#D55E00", "solid", "^"),
    "DANN": ("#009E73", (0, (6, 1.5, 1, 1.5)), "s"),
    "yours": ("#7C1D6F", "solid", "v"),
}


def _looks(names):
    """{name: (colour, line, mark)}"""
    spare = style([name for name in names if name not in LOOKS])
    return {name: LOOKS.get(name) or (*spare[name], "P") for name in names}


def _accuracy(axis, results, what="target_accuracy"):
    """The curves of {name: [Adapted, …]} with their bands, from the second evaluation on: at step 0 nothing was trained."""
    runs = next(iter(results.values()))
    lines = {name: curves(group, what)[:, 1:] for name, group in results.items()}
    axis.set(xlabel="training steps", xlim=(0, runs[0].step[-1]))
    axis.bands(runs[0].step[1:], lines, {name: look[:2] for name, look in _looks(lines).items()})
    return {name: values[:, -1] for name, values in lines.items()}


def adaptation(results: Runs, title: str = "Target, no label used") -> Picture:
    """Target accuracy, and how well the domains can be told apart, over training: {name: [Adapted, …]} → Picture."""
    figure, axes = sheet(columns=2)
    runs, words = next(iter(results.values())), []
    for axis, what, label in zip(axes, ("target_accuracy", "domain_accuracy"), ("target test accuracy", "domain accuracy")):
        ends = _accuracy(axis, results, what)
        axis.set_ylabel(label)
        words.append(f"{label[0].upper()}{label[1:]}: {said(ends)}.")
    axes[0].set_title(title)
    axes[1].set_title("Does it fool its own domain classifier?")
    axes[1].axhline(0.5, color="#888888", linewidth=1, linestyle=":")
    axes[1].text(0.02, 0.505, "chance", color="#666666", fontsize=8, transform=axes[1].get_yaxis_transform())
    text = f"After {runs[0].step[-1]} steps, {mean_of(len(runs))}. {' '.join(words)}"
    return finish(figure, text, band_of(len(runs)), left=0.085, right=0.865, bottom=0.175, top=0.91, wspace=0.55)


def adaptation_by_gap(gaps: dict[str, Runs]) -> Picture:
    """Target accuracy over training, a page for each pair of domains: {gap: {name: [Adapted, …]}} → Picture."""
    figure, axes = sheet(columns=len(gaps), height=4.0)
    runs, words = next(iter(next(iter(gaps.values())).values())), []
    for axis, (gap, results) in zip(axes, gaps.items()):
        ends = _accuracy(axis, results)
        axis.set_title(gap)
        axis.set_ylabel("target test accuracy")
        words.append(f"{gap}: {said(ends)}.")
    text = f"Target test accuracy after {runs[0].step[-1]} steps, {mean_of(len(runs))}. {' '.join(words)}"
    return finish(figure, text, band_of(len(runs)), left=0.075, right=0.865, bottom=0.165, top=0.91, wspace=0.6)


def adaptation_gains(cases: dict[str, Values], control: str = "source only") -> Picture:
    """Points ahead of a control, a page a case, all on one scale: {case: {arm: (seeds,) accuracies}} → Picture."""
    gains = {
        case: {name: 100 * (values - arms[control]) for name, values in arms.items() if name != control}
        for case, arms in cases.items()
    }
    rows = max(map(len, gains.values()))
    figure, axes = sheet(columns=len(cases), height=1.35 + 0.34 * rows, sharex=True)
    looks, words = _looks(next(iter(gains.values()))), []
    for axis, (case, arms) in zip(axes, gains.items()):
        axis.axvline(0, color=GREY, linewidth=1)
        for row, (name, values) in enumerate(arms.items()):
            axis.interval_row(values, row, looks[name][0], looks[name][2])
        axis.name_rows(arms)
        axis.set_title(case)
        axis.set_xlabel(f"points ahead of {control}")
        words.append(f"{case}: {said(arms, sign=True)}.")
    for axis in axes[1:]:
        axis.set_yticklabels([])
    n = len(next(iter(next(iter(gains.values())).values())))
    text = f"Points ahead of {control}, {mean_of(n)}. {' '.join(words)}"
    note = f"mean of {n} seeds, bar: 95 % interval of the paired difference"
    return finish(figure, text, note, left=0.13, right=0.985, bottom=0.75 / figure.get_figheight(), top=0.88, wspace=0.08)


def fooled_or_aligned(told: dict[str, Values]) -> Picture:
    """Who tells two domains apart by the same features: {arm: {who: (seeds,) accuracies}} → Picture; .5 is chance."""
    figure, (axis,) = sheet(width=8.6, height=3.2)
    looks, words, who = _looks(told), [], list(next(iter(told.values())))
    axis.axvline(0.5, color=GREY, linewidth=1, linestyle=":")
    for place, (arm, values) in enumerate(told.items()):
        height = (place - (len(told) - 1) / 2) * 0.26
        for row, name in enumerate(who):
            axis.interval_row(values[name], row + height, looks[arm][0], looks[arm][2])
        axis.plot([], [], looks[arm][2], color=looks[arm][0], label=arm)
        words.append(f"{arm}: {said(values)}.")
    axis.name_rows(who)
    axis.set(xlabel="accuracy in telling the two domains apart (.5 is chance)", xlim=(0.45, 1.01))
    axis.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(0.06, 1.0))
    n = len(next(iter(next(iter(told.values())).values())))
    text = f"Accuracy in telling the domains apart, {mean_of(n)}. {' '.join(words)}"
    return finish(figure, text, band_of(n, "bar"), left=0.27, right=0.97, bottom=0.22, top=0.96)


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
