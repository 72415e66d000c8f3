"""Pictures of transfer: learning curves, label budgets, the two networks, the digits themselves."""

import matplotlib
import numpy as np
from matplotlib.patches import FancyBboxPatch

from transferlib.evaluation import at, interval
from transferlib.networks import PARTS, short
from transferlib.plots.page import PART_COLOURS, RULES, STYLE, Picture, bands, label_ends, sheet, style


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
    label_ends(axis, ends)
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
    *most, last = [f"from {task.name}" for task in tasks]
    examples = "1 example" if per_class == 1 else f"{per_class} examples"
    return Picture(figure, f"{examples} of each digit {' and '.join([', '.join(most), last] if most else [last])}.")


def network(pair):
    """The two networks of a `Pair` as columns of boxes, the shared layers drawn once → Picture."""
    kept = {part: [each for each in getattr(pair, part).layers if short(each) != "Identity"] for part in PARTS}
    parts = {part: [(short(each), each.count_params()) for each in some] for part, some in kept.items()}
    shared, frozen = len(parts["shared"]), bool(parts["shared"]) and not pair.shared.trainable
    layers = shared + len(parts["source"])
    figure, (axis,) = sheet(width=7.6, height=0.62 * layers + 1.5)
    axis.axis("off")
    axis.grid(False)

    def box(x, y, width, text, colour, hatch=None):
        look = dict(boxstyle="round,pad=0.02", facecolor=colour, edgecolor="#333333", hatch=hatch)
        axis.add_patch(FancyBboxPatch((x - width / 2, y - 0.28), width, 0.56, **look))
        axis.text(x, y, text, ha="center", va="center", fontsize=9.5, bbox=dict(facecolor=colour, edgecolor="none", pad=1.5))

    def arrow(x0, y0, x1, y1):
        axis.annotate("", (x1, y1), (x0, y0), arrowprops=dict(arrowstyle="-|>", color="#333333", shrinkA=0, shrinkB=0))

    heights = [i + 1.0 for i in range(layers)]
    for number, (task, x) in enumerate((("source", -1.25), ("target", 1.25))):
        axis.text(x, 0.22, f"{task} picture", ha="center", fontsize=9.5)
        below = x, 0.4
        for i, (name, parameters) in enumerate(parts["shared"] + parts[task]):
            if i < shared:
                spot = 0.0, heights[i]
                if number == 0:
                    words = f"shared: {name}, {parameters:,} parameters" + (" (frozen)" if frozen else "")
                    box(*spot, 4.3, words, PART_COLOURS["shared"], "///" if frozen else None)
                spot = x if i == 0 else 0.0, heights[i]
            else:
                spot = x, heights[i]
                box(*spot, 2.3, f"{name}, {parameters:,}", PART_COLOURS[task])
            if i == 0 or i >= shared:
                arrow(*((x, below[1]) if i == shared else below), x, spot[1] - 0.32)
            elif number == 0:
                arrow(*below, 0.0, spot[1] - 0.32)
            below = spot[0], spot[1] + 0.32
        axis.text(x, heights[-1] + 0.55, f"{task} class", ha="center", fontsize=9.5)
        arrow(x, heights[-1] + 0.32, x, heights[-1] + 0.5)
    axis.set(xlim=(-2.6, 2.6), ylim=(0, heights[-1] + 0.9))
    figure.subplots_adjust(left=0.0, right=1.0, bottom=0.0, top=1.0)
    common, source, target = (sum(count for _, count in parts[part]) for part in ("shared", "source", "target"))
    own = f"{source:,} private to each task" if source == target else f"{source:,} and {target:,} private"
    text = f"{shared} of {layers} layers shared: {common:,} shared parameters{' (frozen)' * frozen}, {own}"
    every = common + source + target
    return Picture(figure, f"{text}; {every:,} in all, against {every + common:,} for two separate networks.")


def _square(picture):
    """A square picture that came as one row of numbers, in its shape again."""
    side = int(np.sqrt(np.size(picture)))
    return np.reshape(picture, (side, side)) if np.ndim(picture) == 1 else picture


def gallery(rows, titles=()):
    """Rows of pictures, named at the left: {name: pictures (n, h, w), or (n, h·h)} → Picture. Black is a row's maximum."""
    rows = {name: [_square(p) for p in pictures] for name, pictures in rows.items()}
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
    gave; the true class is drawn dark. `truth` is its number; None where nobody has labelled the picture.
    """
    figure = sheet(width=9.6, height=3.9)[0]
    figure.clear()
    label = "without a label" if truth is None else f"labelled {classes[truth]}"
    with matplotlib.rc_context(RULES):
        grid = figure.add_gridspec(2, 4, left=0.02, right=0.985, bottom=0.13, top=0.86, wspace=0.2, hspace=0.75)
        left = figure.add_subplot(grid[:, 0])
        left.imshow(picture, cmap="gray_r", vmin=0, vmax=1)
        left.set(xticks=[], yticks=[])
        left.grid(False)
        left.set_title(label, loc="left")
        words, places = [], [grid[i, j] for i in (0, 1) for j in (1, 2, 3)]
        for place, (name, p) in zip(places, said.items()):
            axis, colour = figure.add_subplot(place), style(said)[name][0]
            mean, top = p.mean(0), p.mean(0).argmax()
            marked = top if truth is None else truth
            votes = f"{'so say' if truth is None else 'right'} {(p.argmax(1) == marked).sum()} of {len(p)}"
            bars = axis.bar(range(len(classes)), mean, color=colour, alpha=0.4)
            bars[marked].set_alpha(1)
            axis.vlines(range(len(classes)), p.min(0), p.max(0), color="#333333", linewidth=0.9)
            axis.set_xticks(range(len(classes)), classes)
            axis.set(ylim=(0, 1), yticks=(0, 0.5, 1))
            axis.grid(False, axis="x")
            verdict = f"says {classes[top]}; {votes}"
            axis.set_title(f"{name}\n{verdict}", loc="left", fontsize=9.5, color=colour, fontweight="bold")
            words.append(f"{name} {classes[top]} (p {mean.max():.2f}; {votes.replace('right', 'right in')} seeds)")
    dark = "the most probable" if truth is None else "the label"
    note = f"bars: probability of each class, mean over the seeds; lines: least to most; dark: {dark}"
    figure.text(0.275, 0.015, note, fontsize=8, color="#555555")
    return Picture(figure, f"A picture {label}. Most probable to each: {', '.join(words)}.")
