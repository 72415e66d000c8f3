"""Pictures of results. Every function takes what was measured and returns a `Picture`; none of them trains anything."""

import base64
import io
from dataclasses import dataclass

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from PIL import Image

from transferlib.evaluation import at, curves, interval

FASTOCTREE = Image.Quantize.FASTOCTREE

# Okabe & Ito's colours, which readers with any of the common colour-vision deficiencies can tell apart, and a line style
# each, so that the lines stay apart in grey print too. One strategy has one colour in the whole course.
STYLE = {
    "from scratch": ("#555555", (0, (1, 1.2))),
    "fix common": ("#0072B2", (0, (5, 1.5))),
    "share weights": ("#D55E00", "solid"),
    "share gradients": ("#009E73", (0, (6, 1.5, 1, 1.5))),
    "your dial": ("#AA4499", (0, (3, 1))),
}
SPARE = ("#AA4499", "#56B4E9", "#B8860B", "#000000", "#88CCEE", "#882255")
PART_COLOURS = {"shared": "#F0E442", "source": "#56B4E9", "target": "#E69F00"}
RULES = {
    "font.size": 10,
    "font.family": "DejaVu Sans",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "figure.facecolor": "white",  # a white page stays readable in a dark theme and in print
}


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure with a sentence that says what it shows: the alt text, and what nbval compares."""

    figure: Figure
    text: str

    def png(self):
        """The figure as PNG bytes, 100 dots an inch, in 128 colours: a quarter of the size, and no eye sees it."""
        canvas, page = FigureCanvasAgg(self.figure), io.BytesIO()
        canvas.draw()
        Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB").quantize(128, FASTOCTREE).save(page, "png")
        return page.getvalue()

    def _repr_mimebundle_(self, **kwargs):
        picture = base64.b64encode(self.png()).decode()
        return {"image/png": picture, "text/plain": self.text}, {"image/png": {"alt": self.text}}

    def __repr__(self):
        return self.text


def style(names):
    """{name: (colour, line style)}: the strategies' own, and spare colours for whatever else is drawn."""
    others = [n for n in names if n not in STYLE]
    return {n: STYLE[n] if n in STYLE else (SPARE[others.index(n) % len(SPARE)], "solid") for n in names}


def sheet(width=9.6, height=3.8, columns=1, rows=1, **options):
    """An empty figure in the course's style, made without pyplot so that panels may draw from any thread."""
    with matplotlib.rc_context(RULES):
        figure = Figure(figsize=(width, height), dpi=100)
        axes = figure.subplots(rows, columns, squeeze=False, **options)
    return figure, axes if rows > 1 else axes[0]


def _label_ends(axis, ends, gap=0.055):
    """Name the lines at their right ends, in their colours, moved apart where they would overlap."""
    low, high = axis.get_ylim()
    order = sorted(ends, key=lambda end: end[1])
    places = np.array([(y - low) / (high - low) for _, y, _ in order])
    for _ in range(60):  # push neighbours apart until they keep their distance; few lines, so this is quick
        for i in range(len(places) - 1):
            lack = gap - (places[i + 1] - places[i])
            if lack > 1e-4:
                places[i] -= lack / 2
                places[i + 1] += lack / 2
    places -= max(0, places[-1] - 1.03) if len(places) else 0
    for (name, _, colour), place in zip(order, places):
        axis.text(1.015, place, name, color=colour, transform=axis.transAxes, va="center", fontsize=9, fontweight="bold")


def _bands(axis, x, groups, what):
    """One line a group with the 95 % interval of its mean; returns what _label_ends needs."""
    ends, looks = [], style(groups)
    for name, runs in groups.items():
        colour, line = looks[name]
        mean, low, high = interval(curves(runs, what))
        axis.fill_between(x(runs), low, high, color=colour, alpha=0.15, linewidth=0)
        axis.plot(x(runs), mean, color=colour, linestyle=line, linewidth=2)
        ends.append((name, mean[-1], colour))
    return ends


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
        ends = _bands(axis, lambda runs: runs[0].step, groups, what)
        axis.set(xlabel="training steps on the target", ylabel="test accuracy", xlim=(0, runs[0].step[-1]))
        axis.set_title(title, loc="left")
        if ends:
            low = min(0.5, *(at(g, what).min() for g in groups.values())) if what == "target_accuracy" else None
            axis.set_ylim(0 if low is not None else None, 1.0)
            _label_ends(axis, ends)
        else:
            axis.text(0.5, 0.5, "no source network\nin what is shown", transform=axis.transAxes, ha="center", va="center")
    note = f"mean of {n} seeds, band: 95 % interval of the mean" if n > 1 else "1 seed: no band can be drawn"
    figure.text(0.01, 0.01, note, fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.065, right=0.865, bottom=0.175, top=0.91, wspace=0.52)
    final = ", ".join(f"{name} {at(group).mean():.3f}" for name, group in results.items())
    kept = ", ".join(f"{name} {at(group, 'source_accuracy').mean():.3f}" for name, group in had.items())
    text = f"Target accuracy after {runs[0].step[-1]} steps, mean of {n} seeds: {final}."
    return Picture(figure, text + (f" Source accuracy then: {kept}." if kept else ""))


def budget_curves(table, step=None):
    """Target test accuracy against labels per class: {labels: {name: [Run, …]}} → Picture, with 95 % bands."""
    figure, (axis,) = sheet(width=7.6, height=4.0)
    budgets, names = list(table), list(next(iter(table.values())))
    looks, ends, words = style(names), [], []
    for name in names:
        mean, low, high = np.array([interval(at(table[k][name], step=step)) for k in budgets]).T
        colour, line = looks[name]
        axis.fill_between(budgets, low, high, color=colour, alpha=0.15, linewidth=0)
        axis.plot(budgets, mean, color=colour, linestyle=line, linewidth=2, marker="o", markersize=4)
        ends.append((name, mean[-1], colour))
        words.append(f"{name} " + " ".join(f"{m:.3f}" for m in mean))
    axis.set_xscale("log")
    axis.set_xticks(budgets, [str(k) for k in budgets])
    axis.minorticks_off()
    runs = table[budgets[0]][names[0]]
    when = runs[0].step[-1] if step is None else step
    axis.set(xlabel="target labels per class", ylabel=f"target test accuracy after {when} steps")
    _label_ends(axis, ends)
    figure.text(0.01, 0.01, f"mean of {len(runs)} seeds, band: 95 % interval of the mean", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.09, right=0.82, bottom=0.16, top=0.96)
    return Picture(figure, f"Target accuracy at {', '.join(map(str, budgets))} labels per class: {'; '.join(words)}.")


def digits(*tasks, per_class=2):
    """Rows of example pictures, class by class, one block of rows a task → Picture."""
    figure, axes = sheet(width=9.6, height=1.0 * per_class * len(tasks) + 0.2, columns=10, rows=per_class * len(tasks))
    for row, axis_row in enumerate(np.atleast_2d(axes)):
        task, number = tasks[row // per_class], row % per_class
        for c, axis in enumerate(axis_row):
            example = task.x_train[task.y_train == c][number].reshape(task.picture)
            axis.imshow(example, cmap="gray_r", vmin=0, vmax=1)
            axis.set(xticks=[], yticks=[])
            axis.grid(False)
            if number == 0 and row == 0:
                axis.set_title(task.classes[c], loc="center")
            if c == 0 and number == 0:
                axis.set_ylabel(task.name, fontsize=9)
    figure.subplots_adjust(left=0.04, right=0.995, bottom=0.01, top=0.92 if len(axes) > 1 else 0.8, wspace=0.05, hspace=0.08)
    return Picture(figure, f"{per_class} examples of each digit from {' and from '.join(t.name for t in tasks)}.")


def network(layers, shared, frozen=False, tasks=("source", "target")):
    """The two networks as columns of boxes, the shared ones drawn once: [(name, parameters), …], how many are shared."""
    figure, (axis,) = sheet(width=7.6, height=0.62 * len(layers) + 1.5)
    axis.axis("off")
    axis.grid(False)

    def box(x, y, width, text, colour, hatch=None):
        look = dict(boxstyle="round,pad=0.02", facecolor=colour, edgecolor="#333333", hatch=hatch)
        axis.add_patch(FancyBboxPatch((x - width / 2, y - 0.28), width, 0.56, **look))
        axis.text(x, y, text, ha="center", va="center", fontsize=9.5, bbox=dict(facecolor=colour, edgecolor="none", pad=1.5))

    def arrow(x0, y0, x1, y1):
        axis.annotate("", (x1, y1), (x0, y0), arrowprops=dict(arrowstyle="-|>", color="#333333", shrinkA=0, shrinkB=0))

    heights = [i + 1.0 for i in range(len(layers))]
    for number, x in enumerate((-1.25, 1.25)):
        axis.text(x, 0.22, f"{tasks[number]} picture", ha="center", fontsize=9.5)
        below = x, 0.4
        for i, (name, parameters) in enumerate(layers):
            if i < shared:
                spot = 0.0, heights[i]
                if number == 0:
                    words = f"shared: {name}, {parameters:,} parameters" + (" (frozen)" if frozen else "")
                    box(*spot, 4.3, words, PART_COLOURS["shared"], "///" if frozen else None)
                spot = x if i == 0 else 0.0, heights[i]
            else:
                part = ("source", "target")[number]
                spot = x, heights[i]
                box(*spot, 2.3, f"{name}, {parameters:,}", PART_COLOURS[part])
            if i == 0 or i >= shared:
                arrow(*((x, below[1]) if i == shared else below), x, spot[1] - 0.32)
            elif number == 0:
                arrow(*below, 0.0, spot[1] - 0.32)
            below = spot[0], spot[1] + 0.32
        axis.text(x, heights[-1] + 0.55, f"{tasks[number]} class", ha="center", fontsize=9.5)
        arrow(x, heights[-1] + 0.32, x, heights[-1] + 0.5)
    axis.set(xlim=(-2.6, 2.6), ylim=(0, heights[-1] + 0.9))
    figure.subplots_adjust(left=0.0, right=1.0, bottom=0.0, top=1.0)
    common, own = (sum(p for _, p in part) for part in (layers[:shared], layers[shared:]))
    text = f"{shared} of {len(layers)} layers shared: {common:,} shared parameters, {own:,} private to each task"
    return Picture(figure, f"{text}; {common + 2 * own:,} in all, against {2 * (common + own):,} for two separate networks.")


# Lesson 07: the colour is the strategy's, as everywhere; an un-nested network is dotted, a known addition dash-dotted.
GRADES = {
    "un-nested, from scratch": ("#555555", "dotted"),
    "un-nested, fine-tuned": ("#D55E00", "dotted"),
    "nested, from scratch": ("#555555", "solid"),
    "stacking": ("#0072B2", "solid"),
    "progressive": ("#AA4499", "solid"),
    "nested, fine-tuned": ("#D55E00", "solid"),
    "hierarchical": ("#009E73", "solid"),
    "addition, from scratch": ("#555555", "dashdot"),
    "addition, frozen": ("#0072B2", "dashdot"),
    "addition, fine-tuned": ("#D55E00", "dashdot"),
}


def sums_budget(table, readers):
    """Accuracy on sums, and of the inner reader on single digits, against the labelled sums of each value.

    table    {labels: {grade: [Run, …]}};  readers  {labels: {grade: (seeds,)}}, for the grades that have a reader
    """
    figure, axes = sheet(width=9.6, height=4.2, columns=2)
    budgets, words = list(table), []
    scores = {k: {n: at(runs) for n, runs in arms.items()} for k, arms in table.items()}
    for axis, values, title in (
        (axes[0], scores, "sums of two digits"),
        (axes[1], readers, "one digit, by the inner reader"),
    ):
        ends = []
        for name in values[budgets[0]]:
            mean, low, high = np.array([interval(values[k][name]) for k in budgets]).T
            colour, line = GRADES[name]
            axis.fill_between(budgets, low, high, color=colour, alpha=0.15, linewidth=0)
            axis.plot(budgets, mean, color=colour, linestyle=line, linewidth=2, marker="o", markersize=4)
            ends.append((name, mean[-1], colour))
            words.append(f"{title}, {name}: " + " ".join(f"{m:.3f}" for m in mean))
        axis.set_xscale("log")
        axis.set_xticks(budgets, [str(k) for k in budgets])
        axis.minorticks_off()
        axis.set(xlabel="labelled sums of each value, 0 … 18", ylim=(0, 1))
        axis.set_title(title, loc="left")
        _label_ends(axis, ends)
    axes[0].set_ylabel("test accuracy")
    n = len(next(iter(scores[budgets[0]].values())))
    figure.text(0.01, 0.01, f"mean of {n} seeds, band: 95 % interval of the mean", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.065, right=0.81, bottom=0.16, top=0.92, wspace=0.84)
    return Picture(figure, f"With {', '.join(map(str, budgets))} of each sum. " + "; ".join(words) + ".")


def nesting(results, readers):
    """Accuracy on sums over the steps, and the inner readers at the end: {grade: [Run, …]}, {grade: (seeds,)} → Picture."""
    figure, (left, right) = sheet(columns=2, height=4.0)
    ends, words = [], []
    for name, runs in results.items():
        mean, low, high = interval(curves(runs))
        colour, line = GRADES[name]
        left.fill_between(runs[0].step, low, high, color=colour, alpha=0.15, linewidth=0)
        left.plot(runs[0].step, mean, color=colour, linestyle=line, linewidth=2)
        ends.append((name, mean[-1], colour))
        words.append(f"{name} {mean[-1]:.3f}")
    left.set(xlabel="training steps on the sums", ylabel="test accuracy", xlim=(0, runs[0].step[-1]), ylim=(0, 1))
    left.set_title("sums of two digits", loc="left")
    _label_ends(left, ends)
    for place, name in enumerate(reversed(results)):
        colour, _ = GRADES[name]
        if name in readers:
            mean, low, high = interval(readers[name])
            right.barh(place, mean, color=colour, height=0.5)
            right.plot([low, high], [place, place], color="black", linewidth=1.5)
        right.text(
            mean + 0.02 if name in readers else 0.02, place, f"{mean:.2f}" if name in readers else "no reader", va="center"
        )
    right.set_yticks(range(len(results)), list(reversed(results)), fontsize=9)
    right.set(ylim=(-0.6, len(results) - 0.4), xlim=(0, 1.15), xticks=np.linspace(0, 1, 6), xlabel="test accuracy")
    right.grid(visible=False)
    right.set_title("one digit, by the inner reader", loc="left")
    note = (
        f"mean of {len(runs)} seeds, band and black line: 95 % interval" if len(runs) > 1 else "1 seed: no band can be drawn"
    )
    figure.text(0.01, 0.01, note, fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.065, right=0.985, bottom=0.17, top=0.91, wspace=1.2)
    said = ", ".join(f"{name} {v.mean():.3f}" for name, v in readers.items())
    text = f"Sums after {runs[0].step[-1]} steps, mean of {len(runs)} seeds: {', '.join(words)}."
    return Picture(figure, text + (f" One digit, by the inner reader: {said}." if said else ""))


def shuffles(rows, chance=1 / 19):
    """Accuracy with the reader's words in place, swapped within a digit, swapped at random: {grade: three of (seeds,)}."""
    figure, (axis,) = sheet(width=7.6, height=3.7)
    looks = (("in place", "#333333", "o"), ("swapped within a digit", "#56B4E9", "s"), ("swapped at random", "#D55E00", "X"))
    for place, values in enumerate(reversed(rows.values())):
        for (label, colour, marker), value, lift in zip(looks, values, (0.18, 0, -0.18)):
            mean, low, high = interval(value)
            axis.plot([low, high], [place + lift] * 2, color=colour, linewidth=2)
            axis.plot(mean, place + lift, marker, color=colour, markersize=8, label=label if place == 0 else None)
    axis.axvline(chance, color="#555555", linestyle=":", linewidth=1.5)
    axis.text(chance + 0.005, len(rows) - 0.5, "guessing", fontsize=8.5, color="#555555", va="center")
    axis.set_yticks(range(len(rows)), list(reversed(rows)))
    axis.set(xlabel="test accuracy on sums", xlim=(0, 1), ylim=(-0.6, len(rows) - 0.3))
    figure.legend(
        loc="upper right", ncols=3, frameon=False, fontsize=9, title="what the reader said was …", title_fontsize=9
    )
    n = len(next(iter(rows.values()))[0])
    figure.text(0.01, 0.01, f"mean of {n} seeds, bar: 95 % interval of the mean", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.2, right=0.98, bottom=0.19, top=0.85)
    words = "; ".join(f"{name} " + ", ".join(f"{v.mean():.3f}" for v in values) for name, values in rows.items())
    return Picture(figure, f"Sums with the reading in place, swapped within a digit, swapped at random: {words}.")


def couple_rows(task, n=6):
    """The first of some sums of a task of two pictures, with their labels."""
    figure, axes = sheet(width=9.6, height=1.25, columns=n)
    chosen = np.linspace(0, len(task.y_train) - 1, n).astype(int)
    for axis, row in zip(axes, chosen):
        axis.imshow(np.hstack(task.x_train[row].reshape(2, 10, 10)), cmap="gray_r", vmin=0, vmax=1)
        axis.set(xticks=[], yticks=[])
        axis.axvline(9.5, color="#bbbbbb", linewidth=1)
        axis.grid(False)
        axis.set_title(f"sum {task.classes[task.y_train[row]]}", loc="center")
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.02, top=0.78, wspace=0.12)
    return Picture(figure, f"Six rows of {task.name}: " + ", ".join(task.classes[task.y_train[r]] for r in chosen) + ".")


def grades_of_nesting():
    """Four networks that add two digits, as boxes: where the reader sits in each, and what looks at what."""
    figure, axes = sheet(width=9.6, height=3.1, columns=4)
    line = dict(arrowstyle="-|>", color="#333333", shrinkA=0, shrinkB=0)

    def box(axis, x, y, width, text, colour, hatch=None):
        look = dict(boxstyle="round,pad=0.02", facecolor=colour, edgecolor="#333333", hatch=hatch)
        axis.add_patch(FancyBboxPatch((x - width / 2, y - 0.22), width, 0.44, **look))
        axis.text(x, y, text, ha="center", va="center", fontsize=9, bbox=dict(facecolor=colour, edgecolor="none", pad=1))

    for axis, name in zip(axes, ("un-nested", "stacking", "progressive", "hierarchical")):
        axis.axis("off")
        axis.set(xlim=(-1.75, 1.75), ylim=(-0.3, 3.4))
        axis.set_title(name, loc="center")
        side, own = (-0.75, 0.75), name == "progressive"
        box(axis, 0, 2.3, 3.0, "two layers" if name == "un-nested" else "h", PART_COLOURS["target"])
        axis.annotate("", (0, 2.85), (0, 2.55), arrowprops=line)
        axis.text(0, 2.95, "sum", ha="center", fontsize=9)
        for x, text in zip(side, ("left", "right")):
            axis.text(x, -0.1, text, ha="center", fontsize=9)
            axis.annotate("", (x, 0.92), (x, 0.15), arrowprops=line)
            axis.annotate("", (x, 2.05), (x, 1.45), arrowprops=line)
            if own:  # from the picture, and from inside the reader
                axis.annotate("", (x * 1.9, 2.05), (x * 1.9, -0.03), arrowprops=line)
                axis.plot([x * 1.35, x * 1.9], [-0.03, -0.03], color="#333333", linewidth=1)
                axis.annotate("", (x * 0.5, 2.05), (x * 0.5, 1.45), arrowprops=line)
            if name != "un-nested":
                words = "$f_s$" if name == "hierarchical" else "$f_s$, frozen"
                box(axis, x, 1.2, 1.15, words, PART_COLOURS["shared"], None if name == "hierarchical" else "///")
        if name == "un-nested":
            box(axis, 0, 1.2, 2.65, "two layers, both pictures", PART_COLOURS["shared"])
        if name == "hierarchical":
            axis.text(0, 1.68, "source loss", color="#00664B", fontsize=9, ha="center", fontweight="bold")
            for x in (-0.3, 0.3):
                axis.annotate("", (x, 1.45), (x, 1.64), arrowprops=dict(line, color="#00664B"))
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.01, top=0.91, wspace=0.05)
    text = "Un-nested: the first layers see both pictures at once. Stacking: h sees two readings of a frozen reader"
    text += "; progressive: its hidden layer and the pictures too; hierarchical: the reader moves, the source's loss on it."
    return Picture(figure, text)
