"""Pictures of what a target costs and what that buys."""

import numpy as np

from transferlib.measures import interval, with_error
from transferlib.plots import canvas
from transferlib.plots.canvas import Picture, Values, band_of, finish, in_words, mean_of, numbers, seeds_of, sheet

COLOURS = {"head only": "#0072B2", "one layer": "#009E73", "all": "#D55E00"}
LOW_RANK = "#7C1D6F"


def moved_and_right(pages: dict[str, dict[str, tuple[int, np.ndarray]]]) -> Picture:
    """{title: {arm: (numbers moved, accuracy (seeds,))}} → Picture: how much moves along, what is right up.

    Arms whose name begins with LoRA are joined: they differ in the rank only.
    """
    figure, axes = sheet(width=max(8.0, 4.4 * len(pages) + 0.6), height=3.7, columns=len(pages))
    for axis, (title, arms) in zip(axes, pages.items()):
        low_rank = [(moved, np.mean(values)) for name, (moved, values) in arms.items() if name.startswith("LoRA")]
        axis.plot(*np.transpose(low_rank), color=LOW_RANK, linewidth=1.2, zorder=1)
        for name, (moved, values) in arms.items():
            mean, low, high = interval(values)
            colour = COLOURS.get(name, LOW_RANK)
            axis.plot([moved, moved], [low, high], color=colour, linewidth=2)
            axis.plot(moved, mean, "o", color=colour, markersize=7)
            below = name == "head only" or colour == LOW_RANK  # rank 1 moves nearly as few as the head
            place = dict(xytext=(9, -15), ha="right") if name == "head only" else dict(ha="center")
            place = dict(xytext=(0, -15 if below else 7), textcoords="offset points", fontsize=8.5) | place
            axis.annotate(name.removeprefix("LoRA, "), (moved, low if below else high), **place, color=canvas.ink(colour))
        axis.set(xscale="log", xlabel="numbers that move", ylabel="test accuracy")
        axis.margins(x=0.2, y=0.17)
        axis.minorticks_off()
        axis.set_title(title)
    right = {title: {name: values for name, (_, values) in arms.items()} for title, arms in pages.items()}
    counts = [seeds_of(groups) for groups in right.values()]
    words = {t: {f"{name} ({moved:,} numbers)": v for name, (moved, v) in arms.items()} for t, arms in pages.items()}
    plain = "; ".join(f"{title}: {canvas.who_leads(groups)}" for title, groups in right.items())
    least = min(counts)
    note = band_of(least, "bar") if least == max(counts) else f"means of {least} to {max(counts)} seeds, bar: 95 % interval"
    if any(sum(name.startswith("LoRA") for name in arms) > 1 for arms in pages.values()):
        note += "; the joined marks are LoRA, by its rank"
    table = {title: numbers(groups) for title, groups in right.items()}
    text, left = f"Test accuracy, {mean_of(*counts)}. {in_words(words)}.", 0.12 if len(pages) == 1 else 0.085
    return finish(figure, text, note, left=left, wspace=0.3, plain=f"{plain}.", table=table)


def by_rank(groups: dict[str, Values], head_only: np.ndarray) -> Picture:
    """{name: {rank: accuracy (seeds,)}} → Picture: a line a name; a dotted one where only the head is new."""
    figure, (axis,) = sheet(width=7.4, height=3.7)
    ranks = list(next(iter(groups.values())))
    looks = dict(zip(groups, ((LOW_RANK, (0, (5, 1.5))), (LOW_RANK, "solid"), (COLOURS["all"], "solid"))))
    axis.label_bands(ranks, {name: np.stack([*each.values()], 1) for name, each in groups.items()}, looks, xlabel="rank")
    axis.axhline(np.mean(head_only), color=COLOURS["head only"], linewidth=1.2, linestyle=(0, (1, 1.2)))
    axis.set_ylabel("test accuracy")
    n = seeds_of(groups)
    words = f"Test accuracy by rank, {mean_of(n)}. {in_words(groups)}; head only: {with_error(head_only)}."
    return finish(figure, words, band_of(n) + "; dotted: head only", left=0.11, right=0.76, above=0.14)
