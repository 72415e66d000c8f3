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
