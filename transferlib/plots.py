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
