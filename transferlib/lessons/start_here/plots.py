"""The picture of lesson 00: what a source is worth, by the number of labels."""

import numpy as np

from transferlib.measures import interval
from transferlib.plots import canvas
from transferlib.plots.canvas import Picture, Values, band_of, finish, in_words, mean_of, numbers, seeds_of, sheet
from transferlib.plots.lines import lines_of

CONTROL = "from scratch"
LINES = {  # from the most to the least that is taken from the source: what the picture calls it, and its look
    "share weights, head kept": ("head kept", canvas.STYLE["head kept"]),
    "untouched source": ("untouched source", canvas.STYLE["untouched source"]),
    "head first, then all": ("head first, then all", canvas.STYLE["head first, then all"]),
    "fix common": ("fix common", canvas.STYLE["fix common"]),
    "share gradients": ("share gradients", canvas.STYLE["share gradients"]),
    "share weights": ("share weights", canvas.STYLE["share weights"]),
    "SVM, no source": ("SVM, no source", canvas.STYLE["SVM"]),
    CONTROL: ("from scratch, no source", canvas.STYLE[CONTROL]),
}


def opening(measured: dict[int, Values], per_class: int = 1) -> Picture:
    """Test accuracy against labels per class, and at `per_class` the points ahead of from scratch, most first → Picture.

    measured   {labels per class: {name: (seeds,)}}, as `opening.opening` gives it
    """
    labels, names, n = list(measured), [name for name in LINES if name in measured[per_class]], seeds_of(measured)
    words, looks = ({name: LINES[name][i] for name in names} for i in (0, 1))
    looks = {words[name]: looks[name] for name in names}
    measured = {k: {words[name]: arms[name] for name in names} for k, arms in measured.items()}
    lines, gains = lines_of(measured), {k: canvas.ahead(arms, words[CONTROL]) for k, arms in measured.items()}

    figure, (left, right) = sheet(width=10, height=4.3, columns=2, width_ratios=(5.6, 1.9))
    low = min(interval(values)[1].min() for values in lines.values())
    left.axvline(per_class, color=canvas.PALE, linewidth=7, zorder=0.5)
    left.label_bands(labels, lines, looks, ylim=(np.floor(20 * low) / 20, 1))
    for text in list(left.texts):
        text.remove()  # the lines part on the left: there they are named
    left.set_xlim(labels[0] * (labels[0] / labels[-1]) ** 0.8, labels[-1] * 1.15)
    start = left.transAxes.inverted().transform(left.transData.transform((labels[0], 0)))[0]
    ends = [(name, values[:, 0].mean(), looks[name][0]) for name, values in lines.items()]
    left.label_ends(ends, start - 0.02, ha="right")
    left.set_ylabel("target test accuracy")

    right.axvline(0, color=canvas.GREY, linewidth=1)
    spans = [interval(values) for arms in gains.values() for values in arms.values()] + [(0, 0, 0)]
    right.set_xlim(min(s[1] for s in spans) - 2, max(s[2] for s in spans) + 2)
    now = dict(sorted(gains[per_class].items(), key=lambda each: -each[1].mean()))
    for row, (name, values) in enumerate(now.items()):
        right.interval_row(values, row, looks[name][0])
        right.text(1.04, row, f"{values.mean():+.1f}", transform=right.get_yaxis_transform(), va="center", fontsize=9)
    right.name_rows(now)
    for tick, name in zip(right.get_yticklabels(), now):
        tick.set(color=canvas.ink(looks[name][0]), fontsize=9, fontweight="bold")
    right.set_xlabel("points ahead of from scratch")
    right.set_title(f"{per_class} label{'s' * (per_class > 1)} per class", fontsize=11)

    text = f"Target accuracy at {', '.join(map(str, labels))} labels per class, {mean_of(n)}: {in_words(lines)}. "
    text += f"Points ahead of from scratch with {per_class}: {in_words(now, sign=True)}."
    plain = f"With {per_class} label{'s' * (per_class > 1)} per class, {canvas.who_leads(measured[per_class])}."
    table = {f"{k} label{'s' * (k > 1)}": numbers(arms) for k, arms in measured.items()}
    shape = dict(left=0.07, right=0.945, above=0.3, wspace=0.56)
    return finish(figure, text, band_of(n), plain=plain, table=table, **shape)
