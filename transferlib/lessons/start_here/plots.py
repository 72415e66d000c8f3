"""The picture of lesson 00: what a source is worth, by the number of labels."""

import numpy as np

from transferlib.measures import interval
from transferlib.plots.canvas import GREY, INK, PALE, STYLE, Picture, Values, band_of, finish, mean_of, said, sheet
from transferlib.plots.lines import lines_of

CONTROL = "from scratch"
LINES = {  # from the most to the least that is taken from the source: what the picture calls it, and its look
    "share weights, head kept": ("fine-tuned, head kept", ("#C51B7D", "solid")),
    "untouched source": ("source untouched", ("#332288", (0, (2, 1)))),
    "head first, then all": ("head first, then all", ("#7A5C00", (0, (8, 1.5)))),
    "fix common": ("frozen (fix common)", STYLE["fix common"]),
    "share gradients": ("rehearsal (share gradients)", STYLE["share gradients"]),
    "share weights": ("fine-tuned (share weights)", STYLE["share weights"]),
    "SVM, no source": ("SVM, no source", (INK, "solid")),
    CONTROL: ("from scratch, no source", STYLE[CONTROL]),
}


def opening(measured: dict[int, Values], per_class: int = 1) -> Picture:
    """Test accuracy against labels per class, and at `per_class` of them the points ahead of from scratch → Picture.

    measured   {labels per class: {name: (seeds,)}}, as `methods.opening.opening` gives it
    """
    labels, names = list(measured), [name for name in LINES if name in measured[per_class]]
    words, looks = ({name: LINES[name][i] for name in names} for i in (0, 1))
    lines = {words[name]: lines_of(measured)[name] for name in names}
    now = measured[per_class]
    ahead = {words[name]: 100 * (now[name] - now[CONTROL]) for name in names if name != CONTROL}
    colours = {words[name]: looks[name][0] for name in names}

    figure, (left, right) = sheet(width=10, height=4.3, columns=2, width_ratios=(5.6, 1.9))
    low = min(interval(values)[1].min() for values in lines.values())
    left.axvline(per_class, color=PALE, linewidth=7, zorder=0.5)
    left.label_bands(labels, lines, {words[name]: looks[name] for name in names}, ylim=(np.floor(20 * low) / 20, 1))
    for text in list(left.texts):
        text.remove()  # the lines part on the left: there they are named
    left.label_ends([(name, values[:, 0].mean(), colours[name]) for name, values in lines.items()])
    left.set_xlim(labels[0] * (labels[0] / labels[-1]) ** 0.8, labels[-1] * 1.15)
    start = left.transAxes.inverted().transform(left.transData.transform((labels[0], 0)))[0]
    for text in left.texts:
        text.set(x=start - 0.02, ha="right")
    left.set_ylabel("target test accuracy")

    right.axvline(0, color=GREY, linewidth=1)
    spans = [interval(100 * (arms[name] - arms[CONTROL])) for arms in measured.values() for name in names]
    right.set_xlim(min(s[1] for s in spans) - 2, max(s[2] for s in spans) + 2)
    for row, (name, values) in enumerate(ahead.items()):
        right.interval_row(values, row, colours[name])
        right.text(1.04, row, f"{values.mean():+.1f}", transform=right.get_yaxis_transform(), va="center", fontsize=9)
    right.name_rows(ahead)
    for tick, name in zip(right.get_yticklabels(), ahead):
        tick.set(color=colours[name], fontsize=9, fontweight="bold")
    right.set_xlabel("points ahead of from scratch")
    right.set_title(f"{per_class} label{'s' * (per_class > 1)} per class", fontsize=11)

    n = len(next(iter(now.values())))
    text = f"Target accuracy at {', '.join(map(str, labels))} labels per class, {mean_of(n)}: "
    text += f"{said(lines)}. "
    text += f"Points ahead of from scratch with {per_class}: {said(ahead, sign=True)}."
    return finish(figure, text, band_of(n), left=0.07, right=0.945, bottom=0.16, top=0.93, wspace=0.56)
