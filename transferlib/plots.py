"""Pictures of results. Every function takes what was measured and returns a `Picture`; none of them trains anything."""

import base64
import io
from dataclasses import dataclass
from types import SimpleNamespace

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from PIL import Image

from transferlib.crossmodal import similarity, zero_shot
from transferlib.evaluation import at, curves, interval, time_to_threshold

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


def _rows(axis, names):
    """Name the rows of a plot from top to bottom and leave out what a row plot does not need."""
    axis.set_yticks(range(len(names)), names)
    axis.set_ylim(len(names) - 0.4, -0.6)
    axis.tick_params(axis="y", length=0)
    axis.grid(False, axis="y")


def lottery(results, seeds, control="from scratch"):
    """What a chosen few of the seeds would say, and what all of them say: {name: [Run, …]}, seed numbers → Picture.

    Left: every run a faint dot, the chosen ones full, a bar at their mean. Right: the paired difference to the control,
    with its 95 % interval, from the chosen seeds (full) and from all of them (hollow).
    """
    figure, (left, right) = sheet(columns=2, height=3.4)
    names, looks, n = list(results), style(results), len(next(iter(results.values())))
    value = {name: at(runs) for name, runs in results.items()}
    chosen = [i for i, run in enumerate(results[control]) if run.seed in set(seeds)]
    if not chosen:
        raise ValueError(f"none of the seeds {list(seeds)} is among the {n} runs")
    means = {name: value[name][chosen].mean() for name in names}
    for row, name in enumerate(names):
        colour, _ = looks[name]
        height = row + np.linspace(-0.22, 0.22, n)
        left.plot(value[name], height, "o", color=colour, alpha=0.22, markersize=4, markeredgewidth=0)
        left.plot(value[name][chosen], height[chosen], "o", color=colour, markersize=6, markeredgecolor="black")
        left.plot([means[name]] * 2, [row - 0.36, row + 0.36], color=colour, linewidth=2.5)
    others = [name for name in names if name != control]
    for row, name in enumerate(others):
        gap = 100 * (value[name] - value[control])
        for place, part, filled in ((row - 0.13, gap[chosen], True), (row + 0.17, gap, False)):
            mean, low, high = interval(part)
            face = looks[name][0] if filled else "white"
            right.plot([low, high], [place] * 2, color=looks[name][0], linewidth=2)
            right.plot(mean, place, "o", color=looks[name][0], markerfacecolor=face, markersize=7)
    _rows(left, names)
    _rows(right, others)
    right.axvline(0, color="#555555", linewidth=1)
    winner = max(means, key=means.get)
    numbers = ", ".join(map(str, sorted(seeds))) if len(chosen) < 6 else f"{min(seeds)} to {max(seeds)}"
    numbers = f"seed{'s' * (len(chosen) > 1)} {numbers}"
    left.set_title(f"{numbers.capitalize()}: {winner} wins", loc="left")
    left.set_xlabel("target test accuracy")
    right.set_title(f"Difference to {control}, seed by seed", loc="left")
    right.set_xlabel("points")
    note = f"full: the chosen seeds; faint or hollow: all {n}. Bars: 95 % interval of the mean (none for one seed)"
    figure.text(0.01, 0.01, note, fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.13, right=0.985, bottom=0.215, top=0.9, wspace=0.42)
    told = ", ".join(f"{name} {means[name]:.3f}" for name in names)
    every = ", ".join(f"{name} {value[name].mean():.3f}" for name in names)
    return Picture(figure, f"With {numbers}, {winner} wins: {told}. With all {n}: {every}.")


def differences(groups, label, title=""):
    """Paired differences as points with their 95 % intervals: {row: {name: (seeds,) in points}} → Picture."""
    rows, names = list(groups), list(dict.fromkeys(name for group in groups.values() for name in group))
    figure, (axis,) = sheet(width=8.6, height=0.62 * len(rows) + 1.5)
    looks, words = style(names), []
    for row, (what, group) in enumerate(groups.items()):
        for name, values in group.items():
            mean, low, high = interval(values)
            place = row + (names.index(name) - (len(names) - 1) / 2) * 0.22
            axis.plot([low, high], [place] * 2, color=looks[name][0], linewidth=2)
            axis.plot(mean, place, "o", color=looks[name][0], markersize=7)
        words.append(f"{what}: " + ", ".join(f"{name} {np.mean(v):+.1f}" for name, v in group.items()))
    axis.axvline(0, color="#555555", linewidth=1)
    _rows(axis, rows)
    n = len(next(iter(groups[rows[0]].values())))
    axis.set_xlabel(f"{label}; mean of {n} seeds, bar: 95 % interval")
    axis.set_title(title, loc="left")
    if len(names) > 1:
        for i, name in enumerate(names):
            axis.text(1.02, 0.62 - 0.07 * i, f"● {name}", color=looks[name][0], transform=axis.transAxes, fontweight="bold")
    figure.subplots_adjust(left=0.2, right=0.76 if len(names) > 1 else 0.97, bottom=0.62 / (0.62 * len(rows) + 1.5), top=0.9)
    return Picture(figure, f"{label}, mean of {n} seeds. {'; '.join(words)}.")


def budget_gains(table, control="from scratch"):
    """How far each strategy is ahead of a control, seed by seed, at each number of labels → Picture with 95 % bands."""
    figure, (axis,) = sheet(width=7.6, height=4.0)
    budgets, runs = list(table), next(iter(table.values()))[control]
    names = [name for name in next(iter(table.values())) if name != control]
    looks, ends, words = style(names), [], []
    for name in names:
        gaps = [100 * (at(table[k][name]) - at(table[k][control])) for k in budgets]
        mean, low, high = np.array([interval(gap) for gap in gaps]).T
        colour, line = looks[name]
        axis.fill_between(budgets, low, high, color=colour, alpha=0.15, linewidth=0)
        axis.plot(budgets, mean, color=colour, linestyle=line, linewidth=2, marker="o", markersize=4)
        ends.append((name, mean[-1], colour))
        words.append(f"{name} " + " ".join(f"{m:+.1f}" for m in mean))
    axis.axhline(0, color="#555555", linewidth=1)
    axis.set_xscale("log")
    axis.set_xticks(budgets, [str(k) for k in budgets])
    axis.minorticks_off()
    axis.set(xlabel="target labels per class", ylabel=f"points ahead of {control}")
    _label_ends(axis, ends)
    note = f"paired differences after {runs[0].step[-1]} steps, mean of {len(runs)} seeds, band: 95 % interval of the mean"
    figure.text(0.01, 0.01, note, fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.09, right=0.82, bottom=0.16, top=0.96)
    when = f"Points ahead of {control} after {runs[0].step[-1]} steps at {', '.join(map(str, budgets))} labels per class"
    return Picture(figure, f"{when}, {len(runs)} seeds: {'; '.join(words)}.")


def four_measures(step, curve, control, level, names=("share weights", "from scratch")):
    """Jumpstart, asymptote, time to threshold and area, drawn between two mean curves (e,) → Picture."""
    figure, (axis,) = sheet(width=8.6, height=4.0)
    looks = style(names)
    axis.fill_between(step, control, curve, color="#F0E442", alpha=0.5, linewidth=0)
    for line, name in zip((curve, control), names):
        axis.plot(step, line, color=looks[name][0], linestyle=looks[name][1], linewidth=2)
    times = [time_to_threshold(step, line, level) for line in (curve, control)]
    arrow = dict(arrowstyle="<->", color="black", shrinkA=0, shrinkB=0)
    for x, side in ((step[0], 0), (step[-1], -1)):
        axis.annotate("", (x, curve[side]), (x, control[side]), arrowprops=arrow, annotation_clip=False)
    axis.annotate("", (times[0], level), (times[1], level), arrowprops=arrow)
    axis.text(step[-1] * 0.02, curve[0] + 0.01, "jumpstart", va="bottom")
    axis.text(max(times) + step[-1] * 0.015, level - 0.015, f"time to threshold ({level:g})", va="top")
    axis.text(step[-1] * 0.985, control[-1] - 0.03, "asymptote", ha="right", va="top")
    widest = np.abs(curve - control).argmax()
    middle = step[widest], (curve[widest] + control[widest]) / 2
    line = dict(arrowstyle="-", color="black", shrinkA=2, shrinkB=0)
    axis.annotate("area between", middle, (step[-1] * 0.2, middle[1] - 0.12), arrowprops=line)
    axis.set(xlabel="training steps on the target", ylabel="target test accuracy", xlim=(0, step[-1]), ylim=(0, 1))
    _label_ends(axis, [(name, line[-1], looks[name][0]) for name, line in zip(names, (curve, control))])
    figure.subplots_adjust(left=0.08, right=0.83, bottom=0.13, top=0.97)
    text = f"{names[0]} against {names[1]}: {times[0]:.0f} and {times[1]:.0f} steps to {level:g}, "
    return Picture(figure, text + f"starts {curve[0]:.3f} and {control[0]:.3f}, ends {curve[-1]:.3f} and {control[-1]:.3f}.")


def reliability_diagram(groups, note=""):
    """Accuracy against confidence: {title: what `evaluation.reliability` returned} → Picture, one square each."""
    figure, axes = sheet(width=3.1 * len(groups), height=3.6, columns=len(groups), sharey=True)
    words = []
    for axis, (title, (confidence, accuracy, share)) in zip(axes, groups.items()):
        error = np.nansum(share * np.abs(confidence - accuracy))
        axis.plot([0, 1], [0, 1], color="#555555", linewidth=1, linestyle=(0, (3, 2)))
        axis.vlines(confidence, accuracy, confidence, color="#D55E00", linewidth=2, alpha=0.6)
        axis.scatter(
            confidence,
            accuracy,
            s=8 + 500 * share,
            color="#0072B2",
            edgecolor="white",
            linewidth=0.5,
            zorder=3,
            clip_on=False,
        )
        axis.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="confidence", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
        axis.set_title(title, loc="left")
        axis.text(0.97, 0.05, f"ECE {error:.3f}", ha="right", fontsize=10)
        sure, right = np.nansum(share * confidence), np.nansum(share * accuracy)
        words.append(f"{title}: accuracy {right:.3f}, mean confidence {sure:.3f}, ECE {error:.3f}")
    axes[0].set_ylabel("accuracy")
    figure.text(0.01, 0.01, f"size: share of the rows. {note}", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.075, right=0.985, bottom=0.185, top=0.9, wspace=0.14)
    return Picture(figure, f"{'; '.join(words)}.")


def confusions(matrices, classes):
    """Confusion matrices (c, c), in % of each row: {title: counts} → Picture, one square each."""
    figure, axes = sheet(width=4.5 * len(matrices), height=4.4, columns=len(matrices))
    words = []
    for axis, (title, counts) in zip(axes, matrices.items()):
        share = 100 * counts / counts.sum(1, keepdims=True)
        axis.imshow(np.where(share > 0.5, share, np.nan), cmap="Blues", vmin=0, vmax=100)
        axis.grid(False)
        for i, j in np.argwhere(share > 0.5):
            axis.text(
                j, i, f"{share[i, j]:.0f}", ha="center", va="center", fontsize=8, color="white" if share[i, j] > 55 else "k"
            )
        axis.set(xticks=range(len(classes)), yticks=range(len(classes)), xlabel="read as", ylabel="true class")
        axis.set_xticklabels(classes)
        axis.set_yticklabels(classes)
        axis.set_title(title, loc="left")
        wrong = np.where(np.eye(len(classes), dtype=bool), 0, share)
        i, j = np.unravel_index(wrong.argmax(), wrong.shape)
        worst = f"most often wrong {classes[i]} read as {classes[j]}, {wrong[i, j]:.0f} %"
        words.append(f"{title}: {np.diag(share).mean():.0f} % right, {worst}")
    figure.subplots_adjust(left=0.06, right=0.985, bottom=0.12, top=0.92, wspace=0.2)
    return Picture(figure, f"{'; '.join(words)}.")


def source_curves(results, source="MNIST"):
    """Step 1: test loss and test accuracy of the source over its own training steps: {name: [Run, …]} → Picture."""
    figure, axes = sheet(columns=2)
    runs = next(iter(results.values()))
    for axis, what, label in zip(axes, ("source_loss", "source_accuracy"), ("test loss (cross-entropy)", "test accuracy")):
        ends = _bands(axis, lambda runs: runs[0].step, results, what)
        axis.set(xlabel="training steps on the source", ylabel=label, xlim=(0, runs[0].step[-1]), ylim=(0, None))
        _label_ends(axis, ends)
    axes[0].set_title(f"Source: {source}", loc="left")
    figure.text(0.01, 0.01, f"mean of {len(runs)} seeds, band: 95 % interval of the mean", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.065, right=0.865, bottom=0.175, top=0.91, wspace=0.52)
    words = "; ".join(
        f"{name} accuracy {at(group, 'source_accuracy').mean():.3f}, loss {at(group, 'source_loss').mean():.3f}"
        for name, group in results.items()
    )
    return Picture(figure, f"{source} after {runs[0].step[-1]} steps of step 1, mean of {len(runs)} seeds: {words}.")


def label_lines(labels, groups, ylabel):
    """Any measure against labels per class: {name: (seeds, len(labels))} → Picture, with 95 % bands."""
    figure, (axis,) = sheet(width=7.6, height=3.6)
    looks, ends, words = style(groups), [], []
    for name, values in groups.items():
        mean, low, high = interval(values)
        colour, line = looks[name]
        axis.fill_between(labels, low, high, color=colour, alpha=0.15, linewidth=0)
        axis.plot(labels, mean, color=colour, linestyle=line, linewidth=2, marker="o", markersize=4)
        ends.append((name, mean[-1], colour))
        words.append(f"{name} " + " ".join(f"{m:.3f}" for m in mean))
    axis.set_xscale("log")
    axis.set_xticks(labels, [str(k) for k in labels])
    axis.minorticks_off()
    axis.set(xlabel="target labels per class", ylabel=ylabel)
    _label_ends(axis, ends)
    note = f"mean of {len(values)} seeds, band: 95 % interval of the mean"
    figure.text(0.01, 0.01, note, fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.09, right=0.8, bottom=0.18, top=0.95)
    return Picture(figure, f"{ylabel} at {', '.join(map(str, labels))} labels per class: {'; '.join(words)}.")


TASK_INK = {"source": "#0F5E8C", "target": "#8A5300"}  # the parts' colours, dark enough for lines and words on white


def layer_gradients(gradients, updates, look, title=""):
    """Whose gradient reached which layer: the network with ‖∂L/∂θ_layer‖ in every box, and the way there → Picture.

    gradients  {task: {part: (seeds, len(updates), layers)}}, as `gradients.over_training` gives it
    updates    after how many updates each was taken; look: the one that the drawing shows
    """
    place, mean = list(updates).index(look), {t: {p: v.mean(0) for p, v in g.items()} for t, g in gradients.items()}
    largest = max(v.max() for parts in mean.values() for v in parts.values()) or 1.0
    figure, (left, right) = sheet(width=10.4, height=4.7, columns=2, gridspec_kw=dict(width_ratios=(1.8, 1)))
    shared = mean["source"]["shared"].shape[1]
    for number in range(shared):
        _layer_box(left, 0.0, number, 6.5, "shared", number, mean, place, largest)
    for part, x in (("source", -1.7), ("target", 1.7)):
        for number in range(mean["source"][part].shape[1]):
            _layer_box(left, x, shared + number, 3.1, part, number, mean, place, largest)
        top = shared + mean["source"][part].shape[1]
        left.text(x, -0.18, f"{part} picture", ha="center", va="top", fontsize=9.5)
        left.text(x, top + 0.02, f"$L_\\mathrm{{{part}}}$", ha="center", va="bottom", fontsize=12, color=TASK_INK[part])
    left.set(xlim=(-3.4, 3.4), ylim=(-0.45, top + 0.4))
    left.axis("off")
    left.set_title(title, loc="left")
    ends, ticks = [], np.arange(len(updates))
    for task, part, line in (
        ("source", "shared", "solid"),
        ("target", "shared", "solid"),
        ("source", "source", (0, (4, 1.5))),
        ("target", "target", (0, (4, 1.5))),
    ):
        size = np.linalg.norm(gradients[task][part], axis=2).mean(0)
        if size.any():
            right.plot(ticks, size, color=TASK_INK[task], linestyle=line, linewidth=2)
            ends.append((f"{task} → " + ("shared" if part == "shared" else "its private"), size[-1], TASK_INK[task]))
    right.axvline(place, color="#999999", linewidth=1)
    right.set_xticks(ticks, [str(n) for n in updates])
    right.set(xlabel="updates so far (not to scale)", ylabel="norm of the gradient at the part", ylim=(0, None))
    _label_ends(right, ends, gap=0.07)
    n = len(gradients["source"]["shared"])
    figure.text(0.01, 0.01, f"mean of {n} seeds, each on the next batch of 32 rows", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.006, right=0.835, bottom=0.135, top=0.92, wspace=0.22)
    words = (
        f"{task} → {', '.join(f'{part} ' + ' '.join(f'{v:.2f}' for v in sizes[place]) for part, sizes in parts.items())}"
        for task, parts in mean.items()
    )
    return Picture(figure, f"{title}, after {look} updates. Norm of the gradient, layer by layer: {'; '.join(words)}.")


def _layer_box(axis, x, row, width, part, number, mean, place, largest):
    """One layer: its name, and a bar for each task's gradient, or in words why there is none."""
    still = not any(parts[part][place, number] for parts in mean.values())
    look = dict(
        boxstyle="round,pad=0.02", facecolor="#e2e2e2" if still else "white", edgecolor=PART_COLOURS[part], linewidth=2
    )
    axis.add_patch(FancyBboxPatch((x - width / 2, row), width, 0.8, **look))
    name = f"{part if part == 'shared' else 'private to ' + part}, layer {number + 1}" + (": still" if still else "")
    begin = x - width / 2 + 0.1
    axis.text(begin, row + 0.68, name, va="center", fontsize=9)
    for y, (task, parts) in zip((0.42, 0.16), mean.items()):
        size, column = parts[part][place, number], {"source": -1.7, "target": 1.7}[task]
        if size > 0:  # it came down to this layer from the loss above
            arrow = dict(arrowstyle="-|>", color=TASK_INK[task], linewidth=1.5, shrinkA=0, shrinkB=0)
            axis.annotate("", (column, row + 0.82), (column, row + 1.0), arrowprops=arrow)
        axis.text(begin, row + y, task, va="center", fontsize=8.5, color=TASK_INK[task])
        axis.barh(row + y, 1.6 * size / largest, 0.17, begin + 0.72, color=PART_COLOURS[task])
        if part not in ("shared", task):
            why = "0: not connected"
        elif size == 0:
            why = "0: frozen" if parts[task].any() else "0: not used"
        else:
            why = f"{size:.2f}"
        axis.text(begin + 0.78 + 1.6 * size / largest, row + y, why, va="center", fontsize=8.5)


def gallery(rows, titles=()):
    """Rows of pictures, named at the left: {name: pictures (n, h, w)} → Picture. Black is the row's largest number."""
    columns = max(len(pictures) for pictures in rows.values())
    figure, axes = sheet(width=9.6, height=0.86 * len(rows) + 0.3, columns=columns, rows=len(rows))
    for axis_row, (name, pictures) in zip(np.reshape(axes, (len(rows), columns)), rows.items()):
        for axis, picture in zip(axis_row, pictures):
            axis.imshow(picture, cmap="gray_r", vmin=0, vmax=np.max(pictures))
        for axis in axis_row:
            axis.set(xticks=[], yticks=[])
            axis.grid(False)
        for axis in axis_row[len(pictures) :]:
            axis.axis("off")
        axis_row[0].set_ylabel(name, fontsize=9.5, rotation=0, ha="right", va="center", labelpad=8)
    for axis, title in zip(np.reshape(axes, (len(rows), columns))[0], titles):
        axis.set_title(title, loc="center", fontsize=10)
    figure.subplots_adjust(
        left=0.15, right=0.995, bottom=0.01, top=1 - 0.3 / (0.86 * len(rows) + 0.3), wspace=0.05, hspace=0.07
    )
    said = f" of {', '.join(map(str, titles))}" if len(titles) else ""
    return Picture(figure, f"{columns} pictures a row{said}; rows: {', '.join(rows)}.")


def seed_dots(groups, measure, marks=None):
    """One row a group, one dot a seed, a bar at the mean: {name: values (seeds,)} → Picture.

    measure  what the axis shows, such as "target test accuracy"; marks  {name: value} of vertical lines, such as chance
    """
    figure, (axis,) = sheet(width=8.6, height=0.36 * len(groups) + 1.25)
    rng, height, words = np.random.default_rng(0), np.arange(len(groups))[::-1], []
    decimals = 3 if max(np.max(values) for values in groups.values()) <= 1 else 1
    for y, (name, values) in zip(height, groups.items()):
        colour = STYLE[name][0] if name in STYLE else "#0072B2"
        axis.plot(values, y + rng.uniform(-0.17, 0.17, len(values)), "o", color=colour, alpha=0.45, markersize=4.5, mew=0)
        axis.plot([np.mean(values)] * 2, [y - 0.33, y + 0.33], color="#000000", linewidth=2)
        words.append(f"{name} {np.mean(values):.{decimals}f}")
        axis.text(1.015, y, words[-1].split()[-1], transform=axis.get_yaxis_transform(), va="center", fontsize=9.5)
    for name, value in (marks or {}).items():
        axis.axvline(value, color="#888888", linestyle=(0, (4, 2)), linewidth=1.2, zorder=0)
        axis.text(value, 1.01, name, transform=axis.get_xaxis_transform(), ha="center", fontsize=9, color="#555555")
    axis.set_yticks(height, [str(name) for name in groups])
    axis.set(xlabel=measure, ylim=(-0.6, len(groups) - 0.4))
    axis.margins(x=0.04)
    axis.grid(False, axis="y")
    seeds = len(next(iter(groups.values())))
    tall = 0.36 * len(groups) + 1.25
    figure.text(0.01, 0.06 / tall, f"a dot: one of {seeds} seeds; bar and number: their mean", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.27, right=0.93, bottom=0.72 / tall, top=1 - 0.3 / tall)
    return Picture(figure, f"{measure[0].upper()}{measure[1:]}, mean of {seeds} seeds: {', '.join(words)}.")


def what_they_say(picture, said, truth, classes):
    """One picture beside what several models make of it: {name: probabilities (seeds, classes)} → Picture.

    A bar is a class's probability, averaged over the seeds, and its thin line goes from the least to the most that any seed
    gave; the true class is drawn dark.
    """
    figure = sheet(width=9.6, height=3.9)[0]
    figure.clear()
    with matplotlib.rc_context(RULES):
        grid = figure.add_gridspec(2, 4, left=0.02, right=0.985, bottom=0.13, top=0.86, wspace=0.2, hspace=0.75)
        left = figure.add_subplot(grid[:, 0])
        left.imshow(picture, cmap="gray_r", vmin=0, vmax=1)
        left.set(xticks=[], yticks=[])
        left.grid(False)
        left.set_title(f"labelled {classes[truth]}", loc="left")
        words, places = [], [grid[i, j] for i in (0, 1) for j in (1, 2, 3)]
        for place, (name, p) in zip(places, said.items()):
            axis, colour = figure.add_subplot(place), style(said)[name][0]
            mean, right = p.mean(0), (p.argmax(1) == truth).sum()
            bars = axis.bar(range(len(classes)), mean, color=colour, alpha=0.4)
            bars[truth].set_alpha(1)
            axis.vlines(range(len(classes)), p.min(0), p.max(0), color="#333333", linewidth=0.9)
            axis.set_xticks(range(len(classes)), classes)
            axis.set(ylim=(0, 1), yticks=(0, 0.5, 1))
            axis.grid(False, axis="x")
            verdict = f"says {classes[mean.argmax()]}; right {right} of {len(p)}"
            axis.set_title(f"{name}\n{verdict}", loc="left", fontsize=9.5, color=colour, fontweight="bold")
            words.append(f"{name} {classes[mean.argmax()]} (p {mean.max():.2f}; right in {right} of {len(p)} seeds)")
    note = "bars: probability of each class, mean over the seeds; lines: least to most; dark: the label"
    figure.text(0.275, 0.015, note, fontsize=8, color="#555555")
    return Picture(figure, f"A picture labelled {classes[truth]}. Most probable to each: {', '.join(words)}.")


def map_gains(table, none="no map"):
    """What each map adds to no map, a block of rows for each pair of domains: {name: {map: (seeds,)}} → Picture."""
    names = [name for name in next(iter(table.values())) if name != none]
    height = 0.65 + 0.19 * len(table) * (len(names) + 1.5)
    figure, (axis,) = sheet(width=9.0, height=height)
    looks, ticks, words, markers = style(names), [], [], "osD^v"
    for block, (domains, arms) in enumerate(table.items()):
        top = -block * (len(names) + 1.5)
        ticks.append((top - (len(names) - 1) / 2, f"{domains}\n({none}: {arms[none].mean():.2f})"))
        axis.axhline(top + 1.2, color="#e4e4e4", linewidth=1)
        for row, name in enumerate(names):
            mean, low, high = interval(100 * (arms[name] - arms[none]))
            look = dict(color=looks[name][0], marker=markers[row % len(markers)], markersize=6, linewidth=2)
            axis.plot([low, high], [top - row] * 2, color=looks[name][0], linewidth=2)
            axis.plot([mean], [top - row], label=name if block == 0 else None, **look)
        gains = ", ".join(f"{n} {100 * (arms[n] - arms[none]).mean():+.1f}" for n in names)
        words.append(f"{domains} ({none} {arms[none].mean():.3f}): {gains}")
    axis.axvline(0, color="#333333", linewidth=1)
    axis.set_yticks(*zip(*ticks))
    axis.grid(axis="y", visible=False)
    n = len(next(iter(arms.values())))
    axis.set(xlabel=f"accuracy on the target against {none}, points (mean and its 95 % interval, {n} seeds)")
    axis.legend(loc="upper right", fontsize=9, framealpha=1, borderaxespad=0.2)
    figure.subplots_adjust(left=0.23, right=0.985, bottom=0.5 / height, top=0.98)
    return Picture(figure, f"Points of accuracy gained, mean of {n} seeds. {'; '.join(words)}.")


def map_panel(cloud, gaps, accuracy):
    """A map at one strength: the two clouds, how far apart they are, and what the carried-over model scores → Picture.

    cloud     as from `carrying.clouds`; gaps (before, after), each as from `carrying.gaps`
    accuracy  {strength: (seeds,)}, on the target's test rows
    """
    figure, axes = sheet(width=10.4, height=3.9, columns=3, gridspec_kw=dict(width_ratios=(1.35, 0.8, 1.0)))
    _clouds(axes[0], cloud)
    before, after = gaps
    share = {name: 100 * after[name] / before[name] if before[name] else 0.0 for name in after}
    colours = ["#888888", "#888888", "#000000"]
    axes[1].barh(list(share), list(share.values()), color=colours, height=0.55)
    for row, value in enumerate(share.values()):
        axes[1].text(min(value, 125) + 3, row, f"{value:.0f}", va="center", fontsize=9)
    axes[1].axvline(100, color="#333333", linewidth=1)
    axes[1].set(xlabel="% of the gap without a map", xlim=(0, 150), ylim=(2.6, -0.6))
    axes[1].set_yticks(range(3), ["means", "covari-\nances", "digits'\nplaces"])
    axes[1].set_axisbelow(True)
    axes[1].set_title("Gap that is left", loc="left")
    places, now = list(accuracy), cloud["strength"]
    mean, low, high = np.array([interval(accuracy[s]) for s in places]).T
    axes[2].fill_between(places, low, high, color="#AA4499", alpha=0.15, linewidth=0)
    axes[2].plot(places, mean, color="#AA4499", linewidth=2, marker="o", markersize=3)
    here = accuracy[now].mean()
    axes[2].plot([now], [here], "o", color="#AA4499", markersize=10)
    axes[2].annotate(f"{here:.3f}", (now, here), (0, 12), textcoords="offset points", ha="center", fontweight="bold")
    axes[2].axhline(mean[0], color="#555555", linewidth=1, linestyle=(0, (1, 1.2)))
    axes[2].set(xlabel="strength of the map (0: none, 1: full)", ylim=(0, 1), xlim=(-0.08, 1.08))
    axes[2].set_title("Target test accuracy", loc="left")
    n = len(accuracy[now])
    note = f"accuracy: mean of {n} seed{'s' * (n > 1)}" + (", band: 95 % interval" if n > 1 else ", no band")
    figure.text(0.01, 0.01, f"clouds and gaps: seed 0; {note}", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.05, right=0.985, bottom=0.2, top=0.91, wspace=0.3)
    left = ", ".join(f"{name} {value:.0f} %" for name, value in share.items())
    scores = ", ".join(f"{s:g}: {m:.3f}" for s, m in zip(places, mean))
    text = f"Strength {now:g}: gap left in {left}. Target accuracy by strength, mean of {n} seeds: {scores}."
    return Picture(figure, text)


def _clouds(axis, cloud):
    """Both clouds in the target's first two principal directions; each digit stands at its mean."""
    centre = cloud["test"].mean(0)
    directions = np.linalg.svd(cloud["test"] - centre, full_matrices=False)[2][:2]
    directions *= np.sign(directions.sum(1, keepdims=True))
    flat = {key: (cloud[key] - centre) @ directions.T for key in ("before", "after", "test")}
    every = np.concatenate(list(flat.values()))
    for name, rows, labels, colour, dark in (
        ("target", flat["test"], cloud["y_test"], PART_COLOURS["target"], "#8A5200"),
        ("M(source)", flat["after"], cloud["y"], PART_COLOURS["source"], "#00507D"),
    ):
        axis.plot(*rows[:400].T, ".", color=colour, markersize=3, alpha=0.5, zorder=1)
        for c in np.unique(labels):
            axis.text(*rows[labels == c].mean(0), str(c), color=dark, fontweight="bold", ha="center", va="center", zorder=3)
        axis.plot([], [], "o", color=dark, label=name)
    (x0, y0), (x1, y1) = np.percentile(every, 0.5, axis=0), np.percentile(every, 99.5, axis=0)
    axis.set(xlim=(x0, x1), ylim=(y0, y1 + 0.18 * (y1 - y0)), xlabel="target's 1st principal direction", ylabel="2nd")
    axis.set_title("Clouds; a digit marks its mean", loc="left")
    axis.legend(loc="upper left", ncols=2, fontsize=8, framealpha=0.9, borderaxespad=0.1, handletextpad=0.1)


def arms_by_labels(table, none="target labels only"):
    """Points of accuracy gained on the arm `none`, against target labels per class: {labels: {arm: (seeds,)}} → Picture."""
    figure, (axis,) = sheet(width=8.4, height=4.0)
    budgets, names = list(table), [name for name in next(iter(table.values())) if name != none]
    ends, words = [(none, 0.0, "#555555")], []
    axis.axhline(0, color="#555555", linewidth=2, linestyle=(0, (1, 1.2)))
    for (name, (colour, _)), marker in zip(style(names).items(), "osD^v"):
        mean, low, high = np.array([interval(100 * (table[k][name] - table[k][none])) for k in budgets]).T
        axis.fill_between(budgets, low, high, color=colour, alpha=0.15, linewidth=0)
        axis.plot(budgets, mean, color=colour, linewidth=2, marker=marker, markersize=5)
        ends.append((name, mean[-1], colour))
        words.append(f"{name} " + " ".join(f"{m:+.1f}" for m in mean))
    axis.set_xscale("log")
    axis.set_xticks(budgets, [f"{k}\n({table[k][none].mean():.3f})" for k in budgets])
    axis.minorticks_off()
    axis.set(xlabel=f"target labels per class (accuracy of {none})", ylabel="gain, points of accuracy")
    _label_ends(axis, ends)
    n = len(table[budgets[0]][none])
    figure.text(0.01, 0.01, f"mean of {n} seeds, band: 95 % interval of the mean", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.085, right=0.79, bottom=0.21, top=0.96)
    base = " ".join(f"{table[k][none].mean():.3f}" for k in budgets)
    text = f"At {', '.join(map(str, budgets))} labels per class: {none} {base}; points gained on that: {'; '.join(words)}."
    return Picture(figure, text)


def picture_rows(rows, shape=(10, 10)):
    """One row of pictures a name: {name: (n, height·width)} → Picture."""
    figure, axes = sheet(width=9.6, height=0.92 * len(rows), columns=len(next(iter(rows.values()))), rows=len(rows))
    for (name, pictures), axis_row in zip(rows.items(), np.atleast_2d(axes)):
        for axis, picture in zip(axis_row, pictures):
            size = shape if len(picture) == np.prod(shape) else (int(len(picture) ** 0.5),) * 2
            axis.imshow(picture.reshape(size), cmap="gray_r", vmin=0, vmax=1)
            axis.spines[:].set_visible(False)
            axis.set(xticks=[], yticks=[])
            axis.grid(False)
        label = dict(rotation=0, ha="right", va="center", fontsize=9)
        axis_row[0].set_ylabel(name, **label)
    figure.subplots_adjust(left=0.14, right=0.995, bottom=0.01, top=0.99, wspace=0.05, hspace=0.06)
    return Picture(figure, f"The same {len(pictures)} pictures, row by row: {', '.join(rows)}.")


def sharing_gains(table):
    """Who gains by company: {(source labels, target labels): (2, seeds) gains} → Picture, one grid a task, in points."""
    figure, axes = sheet(width=8.6, height=3.7, columns=2)
    budgets = [sorted({labels[i] for labels in table}) for i in (0, 1)]
    words, n = [], next(iter(table.values())).shape[1]
    for role, (axis, name) in enumerate(zip(axes, ("source (MNIST)", "target (UCI digits)"))):
        grid = np.array([[interval(100 * table[a, b][role]) for b in budgets[1]] for a in budgets[0]])
        axis.imshow(grid[..., 0], cmap="PuOr", vmin=-4, vmax=4, origin="lower", aspect="auto")
        for (row, column), mean in np.ndenumerate(grid[..., 0]):
            sure = grid[row, column, 1] > 0 or grid[row, column, 2] < 0
            colour = "white" if abs(mean) > 2.6 else "black"
            axis.text(
                column, row, f"{mean:+.1f}", ha="center", va="center", color=colour, weight="bold" if sure else "normal"
            )
        axis.set_xticks(range(len(budgets[1])), budgets[1])
        axis.set_yticks(range(len(budgets[0])), budgets[0])
        axis.set(xlabel="target labels per class", ylabel="source labels per class")
        axis.grid(False)
        axis.set_title(f"gain of the {name}, points", loc="left", fontsize=10)
        rows = "; ".join(f"{a}: " + " ".join(f"{m:+.1f}" for m in line) for a, line in zip(budgets[0], grid[..., 0]))
        words.append(f"Gain of the {name} in points, a row for each number of source labels: {rows}.")
    note = f"together minus alone, mean of {n} seeds; bold: the 95 % interval does not hold 0"
    figure.text(0.01, 0.01, note, fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.075, right=0.985, bottom=0.2, top=0.91, wspace=0.25)
    return Picture(figure, f"{' '.join(words)} Columns: {', '.join(map(str, budgets[1]))} target labels per class.")


def adaptation(results, title="Target, no label used"):
    """Target accuracy, and how well the domains can be told apart, over training: {name: [Adapted, …]} → Picture."""
    figure, axes = sheet(columns=2)
    n, words = len(next(iter(results.values()))), []
    for axis, what, label in zip(axes, ("target_accuracy", "domain_accuracy"), ("target test accuracy", "domain accuracy")):
        ends = _bands(axis, lambda runs: runs[0].step, {k: [_after(r, what) for r in v] for k, v in results.items()}, what)
        axis.set(xlabel="training steps", ylabel=label, xlim=(0, None))
        _label_ends(axis, ends)
        values = ", ".join(f"{name} {at(runs, what).mean():.3f}" for name, runs in results.items())
        words.append(f"{label[0].upper()}{label[1:]} at the end: {values}.")
    axes[0].set_title(title, loc="left")
    axes[1].set_title("Can a classifier tell the domains apart?", loc="left")
    axes[1].axhline(0.5, color="#888888", linewidth=1, linestyle=":")
    axes[1].text(0.02, 0.505, "chance", color="#666666", fontsize=8, transform=axes[1].get_yaxis_transform())
    note = f"mean of {n} seeds, band: 95 % interval of the mean" if n > 1 else "1 seed: no band can be drawn"
    figure.text(0.01, 0.01, note, fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.065, right=0.865, bottom=0.175, top=0.91, wspace=0.55)
    return Picture(figure, f"{' '.join(words)} Mean of {n} seeds.")


def _after(run, what):
    """A run without its first evaluation, where nothing was trained yet."""
    return SimpleNamespace(step=run.step[1:], **{what: getattr(run, what)[1:]})


def clouds(features):
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


_SEGMENT_LINES = {
    "a": ((0, 1), (2, 2)),
    "b": ((1, 1), (1, 2)),
    "c": ((1, 1), (0, 1)),
    "d": ((0, 1), (0, 0)),
    "e": ((0, 0), (0, 1)),
    "f": ((0, 0), (1, 2)),
    "g": ((0, 1), (1, 1)),
}


def _display(axis, code, colour):
    """One seven-segment display: code (7,) from −1, dark, to +1, lit."""
    for value, (x, y) in zip(np.clip((np.asarray(code) + 1) / 2, 0, 1), _SEGMENT_LINES.values()):
        axis.plot(x, y, color="#eeeeee", linewidth=5, solid_capstyle="round", zorder=1)
        axis.plot(x, y, color=colour, linewidth=5, solid_capstyle="round", alpha=float(value), zorder=2)
    axis.set(xlim=(-0.4, 1.4), ylim=(-0.3, 2.3), xticks=[], yticks=[], aspect="equal")
    axis.grid(False)
    for side in ("left", "bottom"):
        axis.spines[side].set_visible(False)


def displays(rows):
    """Rows of seven-segment displays: {what the row is: (n, 7) codes from −1 to +1} → Picture."""
    n = len(next(iter(rows.values())))
    figure, axes = sheet(width=9.6, height=1.25 * len(rows) + 0.15, columns=n, rows=len(rows))
    for (name, codes), line, colour in zip(rows.items(), np.atleast_2d(axes), ("#333333", "#D55E00", "#0072B2")):
        for axis, code in zip(line, codes):
            _display(axis, code, colour)
        line[0].set_ylabel(name, fontsize=9)
    figure.subplots_adjust(left=0.05, right=0.995, bottom=0.02, top=0.98, wspace=0.05, hspace=0.08)
    lit = "; ".join(
        f"{name}: " + " ".join("".join(s for s, v in zip("abcdefg", c) if v > 0) or "-" for c in codes)
        for name, codes in rows.items()
    )
    return Picture(figure, f"Lit segments, digit by digit. {lit}.")


def unseen_pairs(accuracy):
    """{(a, b): accuracy of telling a from b, neither of them ever seen} → Picture: a triangle, chance is .5."""
    figure, (axis,) = sheet(width=5.6, height=4.4)
    grid = np.full((10, 10), np.nan)
    for (a, b), value in accuracy.items():
        grid[b, a] = value
        axis.text(
            a, b, f"{100 * value:.0f}", ha="center", va="center", color="white" if abs(value - 0.5) > 0.33 else "black"
        )
    image = axis.imshow(grid, cmap="PuOr", vmin=0, vmax=1)
    figure.colorbar(image, ax=axis, label="accuracy between the two", shrink=0.85)
    axis.set_xticks(range(9), range(9))
    axis.set_yticks(range(1, 10), range(1, 10))
    axis.set(xlim=(-0.5, 8.5), ylim=(9.5, 0.5), xlabel="unseen digit", ylabel="the other unseen digit")
    axis.grid(False)
    axis.set_title("percent right; chance 50", loc="left", fontsize=10)
    figure.subplots_adjust(left=0.1, right=0.97, bottom=0.12, top=0.92)
    best, worst = (pick(accuracy, key=accuracy.get) for pick in (max, min))
    mean = np.mean(list(accuracy.values()))
    text = f"Two digits never seen, told apart: mean over {len(accuracy)} pairs {mean:.3f}"
    return Picture(
        figure, f"{text}, best {best[0]}-{best[1]} {accuracy[best]:.2f}, worst {worst[0]}-{worst[1]} {accuracy[worst]:.2f}."
    )


def unseen_answers(code_map, features, labels, codes, unseen, handicap=0.0):
    """How pictures of two unseen digits are read: their codes, their mean mapped codes, and the answers among all ten."""
    seven, rows, scores = codes.shape[1] == 7, np.isin(labels, unseen), similarity(code_map, features, codes)
    widths = (1, 1, 1, 1, 0.2, 4.5) if seven else (1,)
    figure, axes = sheet(width=9.6, height=3.2, columns=len(widths), width_ratios=widths)
    if seven:
        for i, digit in enumerate(unseen):
            mapped = code_map(features[labels == digit]).mean(0)
            for j, (code, colour, kind) in enumerate(((codes[digit], "#333333", "code of"), (mapped, "#D55E00", "mapped"))):
                _display(axes[2 * i + j], code, colour)
                axes[2 * i + j].set_title(f"{kind} {digit}", loc="center", fontsize=9)
    for axis in axes[4:-1]:
        axis.axis("off")  # room for the label of the bars
    seen = ~np.isin(np.arange(10), unseen)
    answers = np.bincount((scores[rows] - handicap * seen).argmax(1), minlength=10) / rows.sum()
    axes[-1].bar(range(10), answers, color=["#bbbbbb" if s else "#D55E00" for s in seen])
    axes[-1].set_xticks(range(10), range(10))
    axes[-1].set(xlabel="answer, all ten competing; unseen in orange", ylabel="share of the answers", ylim=(0, 1))
    axes[-1].set_title(f"test pictures of {unseen[0]} and {unseen[1]}", loc="left", fontsize=10)
    figure.subplots_adjust(left=0.03 if seven else 0.08, right=0.985, bottom=0.17, top=0.88, wspace=0.35)
    among, everyone = zero_shot(scores, labels, unseen, handicap)
    text = f"Digits {unseen[0]} and {unseen[1]}, never seen: told apart {among:.3f} (chance .5); right among all ten"
    return Picture(figure, f"{text} {everyone:.3f} (chance .1).")


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
