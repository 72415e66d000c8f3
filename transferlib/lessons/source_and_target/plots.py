"""One dot a seed, and what models say of one picture."""

import numpy as np

from transferlib.measures import with_error
from transferlib.plots import canvas
from transferlib.plots.canvas import GREY, INK, STYLE, Picture, Values, finish, in_words, ink, mean_of, sheet, style


def seed_dots(groups: Values, measure: str, marks: dict[str, float] | None = None) -> Picture:
    """One row a group, one dot a seed, a bar at the mean: {name: values (seeds,)} → Picture.

    measure  what the axis shows, such as "target test accuracy"; marks  {name: value} of vertical lines, such as chance
    """
    figure, (axis,) = sheet(width=8.6, height=0.36 * len(groups) + 1.25)
    for row, (name, values) in enumerate(groups.items()):
        axis.dots(values, row, STYLE.get(name, STYLE["fix common"])[0], bar=INK)
        axis.text(1.015, row, with_error(values), transform=axis.get_yaxis_transform(), va="center", fontsize=9.5)
    for name, value in (marks or {}).items():
        axis.axvline(value, color="#888888", linestyle=(0, (4, 2)), linewidth=1.2, zorder=0)
        axis.text(value, 1.01, name, transform=axis.get_xaxis_transform(), ha="center", fontsize=9, color=GREY)
    axis.name_rows(groups)
    axis.set_xlabel(measure)
    axis.margins(x=0.04)
    n = canvas.seeds_of(groups)
    text = f"{measure[0].upper()}{measure[1:]}, {mean_of(n)}: {in_words(groups)}."
    note = f"a dot: one of {n} seeds; bar and number: their mean ± its standard error"
    longest = max(len(str(name)) for name in groups)
    return finish(figure, text, note, left=max(0.27, 0.03 + 0.0092 * longest), right=0.86)


def what_they_say(picture: np.ndarray, answers: Values, truth: int | None, classes: list[str]) -> Picture:
    """One picture beside what up to six models make of it: {name: probabilities (seeds, classes)}.

    A bar is a class's probability, averaged over the seeds, and its thin line goes from the least to the most that any seed
    gave; the true class is drawn dark. `truth` is its number; None where nobody has labelled the picture.
    """
    figure, axes = sheet(height=3.9, columns=4, rows=2)
    left, looks, words, places = axes[0, 0], style(answers), [], range(len(classes))
    agree, table = [], {}
    left.set_subplotspec(left.get_gridspec()[:, 0])
    left.show(picture)
    label = "without a label" if truth is None else f"labelled {classes[truth]}"
    left.set_title(label)
    for axis in (axes[1, 0], *axes[:, 1:].flat[len(answers) :]):
        axis.remove()
    for axis, (name, p) in zip(axes[:, 1:].flat, answers.items()):
        top, colour = p.mean(0).argmax(), looks[name][0]
        marked = top if truth is None else truth
        axis.bar(places, p.mean(0), color=colour, alpha=0.4)[marked].set_alpha(1)
        axis.vlines(places, p.min(0), p.max(0), color="#333333", linewidth=0.9)
        axis.set_xticks(places, classes)
        axis.set(ylim=(0, 1), yticks=(0, 0.5, 1))
        axis.grid(False, axis="x")
        votes = f"{'so say' if truth is None else 'right'} {(p.argmax(1) == marked).sum()} of {len(p)}"
        axis.set_title(f"{name}\nsays {classes[top]}; {votes}", fontsize=9.5, color=ink(colour), fontweight="bold")
        table[name] = f"{classes[top]} with {with_error(p[:, top])}"
        words.append(f"{name}: {table[name]}")
        agree.append(f"{name} {(p.argmax(1) == marked).sum()}")
        if top != marked:
            words[-1] += f" (the label {with_error(p[:, marked])})"
    dark = "the most probable" if truth is None else "the label"
    text = f"A picture {label}. Most probable to each, with its probability, {mean_of(len(p))}: {'; '.join(words)}."
    note = f"bars: probability of each class, mean over the seeds; lines: least to most; dark: {dark}"
    what = "agree with the most probable answer" if truth is None else f"read it as {classes[truth]}"
    plain = f"How many of the {len(p)} models of each kind {what}: {'; '.join(agree)}."
    table = {"most probable": table}
    room = dict(left=0.02, below=0.58, above=0.55, wspace=0.2, hspace=0.75)
    return finish(figure, text, note, plain=plain, table=table, **room)
