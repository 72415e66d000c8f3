"""Pictures of feature mapping."""

import numpy as np

from transferlib.measures import interval
from transferlib.plots.canvas import PART_COLOURS, Picture, label_ends, sheet, style


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
    label_ends(axis, ends)
    n = len(table[budgets[0]][none])
    figure.text(0.01, 0.01, f"mean of {n} seeds, band: 95 % interval of the mean", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.085, right=0.79, bottom=0.21, top=0.96)
    base = " ".join(f"{table[k][none].mean():.3f}" for k in budgets)
    text = f"At {', '.join(map(str, budgets))} labels per class: {none} {base}; points gained on that: {'; '.join(words)}."
    return Picture(figure, text)
