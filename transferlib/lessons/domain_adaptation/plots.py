"""Pictures of domain adaptation."""

import numpy as np

from transferlib.measures import curves
from transferlib.plots import canvas
from transferlib.plots.canvas import Picture, Runs, Values, ahead, finish, in_words, mean_of, seeds_of, sheet
from transferlib.plots.rows import differences

LOOKS = {  # one method has one colour, one line and one mark in the whole lesson
    "source only": ("#555555", (0, (1, 1.2)), "o"),
    "own mean": ("#0072B2", (0, (5, 1.5)), "D"),
    "Deep CORAL": ("#D55E00", "solid", "^"),
    "DANN": ("#009E73", (0, (6, 1.5, 1, 1.5)), "s"),
    "yours": ("#7C1D6F", "solid", "v"),
}


def _looks(names):
    """{name: (colour, line, mark)}"""
    spare = canvas.style([name for name in names if name not in LOOKS])
    return {name: LOOKS.get(name) or (*spare[name], "P") for name in names}


def _marks(names):
    return {name: (colour, mark) for name, (colour, _, mark) in _looks(names).items()}


def _accuracy(axis, results, what, label, title):
    """The curves of {name: [Adapted, …]} with their bands; the last values, {name: (seeds,)}.

    From the second evaluation on: at step 0 nothing was trained.
    """
    step = next(iter(results.values()))[0].step
    lines = {name: curves(group, what)[:, 1:] for name, group in results.items()}
    axis.set(xlabel="training steps", xlim=(0, step[-1]), ylabel=label, title=title)
    axis.bands(step[1:], lines, {name: look[:2] for name, look in _looks(lines).items()})
    return {name: values[:, -1] for name, values in lines.items()}


def _steps(results):
    runs = next(iter(results.values()))
    return f"after {runs[0].step[-1]} steps, {mean_of(len(runs))}."


def adaptation(results: Runs) -> Picture:
    """Target accuracy, and how well the domains can be told apart, over training: {name: [Adapted, …]} → Picture."""
    figure, (left, right) = sheet(columns=2)
    reads = _accuracy(left, results, "target_accuracy", "target test accuracy", "Target, no label used")
    fooled = "Does it fool its own domain classifier?"
    tells = _accuracy(right, results, "domain_accuracy", "domain accuracy", fooled)
    right.axhline(0.5, color=canvas.GREY, linewidth=1, linestyle=":")
    right.text(0.02, 0.505, "chance", color=canvas.GREY, fontsize=8, transform=right.get_yaxis_transform())
    text = f"{_steps(results).capitalize()} Target test accuracy: {in_words(reads)}. Domain accuracy: {in_words(tells)}."
    plain = f"{canvas.who_leads(reads)} on the target."
    table = {"target accuracy": canvas.numbers(reads), "domain accuracy": canvas.numbers(tells)}
    shape = dict(left=0.085, right=0.865, wspace=0.55)
    return finish(figure, text, canvas.band_of(seeds_of(results)), plain=plain, table=table, **shape)


def adaptation_by_gap(gaps: dict[str, Runs]) -> Picture:
    """Target accuracy over training, a page for each pair of domains: {gap: {name: [Adapted, …]}} → Picture."""
    figure, axes = sheet(columns=len(gaps), height=4.0)
    words = []
    for axis, (gap, results) in zip(axes, gaps.items()):
        words.append(f"{gap}: {in_words(_accuracy(axis, results, 'target_accuracy', 'target test accuracy', gap))}.")
    text = f"Target test accuracy {_steps(next(iter(gaps.values())))} {' '.join(words)}"
    return finish(figure, text, canvas.band_of(seeds_of(gaps)), left=0.075, right=0.865, wspace=0.6)


def adaptation_gains(cases: dict[str, Values]) -> Picture:
    """Points ahead of *source only*, a row a case: {case: {arm: (seeds,) accuracies}} → Picture."""
    gains = {case: ahead(arms, "source only") for case, arms in cases.items()}
    words = " ".join(f"{case}: {in_words(arms, sign=True)}." for case, arms in gains.items())
    text = f"Points ahead of source only, {mean_of(seeds_of(cases))}. {words}"
    return differences(gains, "points ahead of source only", looks=_marks(next(iter(gains.values()))), text=text)


def fooled_or_aligned(told: dict[str, Values]) -> Picture:
    """Who tells two domains apart by the same features: {arm: {who: (seeds,) accuracies}} → Picture; .5 is chance."""
    figure, (axis,) = sheet(width=8.6, height=3.2)
    rows = {who: {arm: values[who] for arm, values in told.items()} for who in next(iter(told.values()))}
    axis.forest(rows, _marks(told), 0.26, dict(fontsize=9, loc="lower left", bbox_to_anchor=(0.06, 0.0)))
    axis.axvline(0.5, color=canvas.GREY, linewidth=1, linestyle=":")
    axis.set(xlabel="accuracy in telling the two domains apart (.5 is chance)", xlim=(0.45, 1.01))
    words = " ".join(f"{arm}: {in_words(values)}." for arm, values in told.items())
    text = f"Accuracy in telling the domains apart, {mean_of(seeds_of(told))}. {words}"
    return finish(figure, text, canvas.band_of(seeds_of(told), "bar"), left=0.27, right=0.97, above=0.13)


def feature_clouds(features: dict[str, tuple[np.ndarray, np.ndarray]]) -> Picture:
    """Where two domains lie: {title: (source's features (n, d), target's (m, d))} → Picture, two principal axes each."""
    figure, axes = sheet(width=8.6, height=3.9, columns=len(features))
    words = []
    for axis, (title, pair) in zip(axes, features.items()):
        both = np.concatenate(pair)
        centre, directions = canvas.plane(both)
        for rows, name, colour, marker in zip(pair, ("source", "target"), ("#0072B2", canvas.PART_COLOURS["target"]), "ox"):
            spots = (rows - centre) @ directions.T
            axis.scatter(*spots.T, s=9, c=colour, marker=marker, alpha=0.55, linewidths=0.8, label=name)
        apart = np.linalg.norm(pair[0].mean(0) - pair[1].mean(0)) / np.sqrt(both.var(0).sum())
        axis.set_title(f"{title}: means {apart:.2f} apart", fontsize=10)
        axis.set(xlabel="first principal axis", ylabel="second", xticks=[], yticks=[])
        words.append(f"{title} {apart:.2f}")
    axes[0].legend(frameon=False, fontsize=8, markerscale=1.6)
    text = f"First seed: distance of the two domains' mean features, in units of their spread: {', '.join(words)}."
    return finish(figure, text, left=0.045, right=0.99, below=0.4, above=0.35, wspace=0.12)
