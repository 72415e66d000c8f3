"""Pictures of feature mapping."""

import numpy as np

from transferlib.measures import with_error
from transferlib.plots.canvas import (
    GREY,
    PALE,
    PART_COLOURS,
    STYLE,
    TASK_INK,
    Picture,
    Values,
    band_of,
    finish,
    mean_of,
    plane,
    said,
    sheet,
    style,
)  # fmt: skip


def map_gains(table: dict[str, Values], none: str = "no map") -> Picture:
    """What each map adds to no map, a block of rows for each pair of domains: {name: {map: (seeds,)}} → Picture."""
    names = [name for name in next(iter(table.values())) if name != none]
    block = len(names) + 1.5
    height = 0.65 + 0.19 * len(table) * block
    figure, (axis,) = sheet(width=9.0, height=height)
    looks, words = style(names), []
    for number, (domains, arms) in enumerate(table.items()):
        gains = {name: arms[name] - arms[none] for name in names}
        axis.axhline(number * block - 1.2, color=PALE, linewidth=1)
        for row, (name, marker) in enumerate(zip(names, "osD^vPX*")):
            label = None if number else name
            place = number * block + row
            axis.interval_row(100 * gains[name], place, looks[name][0], marker, markersize=6, label=label)
        words.append(f"{domains} ({none} {with_error(arms[none])}): {said(gains, 100, True, ', ')}")
    axis.axvline(0, color="#333333", linewidth=1)
    middles = np.arange(len(table)) * block + (len(names) - 1) / 2
    axis.set_yticks(middles, [f"{domains}\n({none}: {arms[none].mean():.2f})" for domains, arms in table.items()])
    axis.set_ylim(len(table) * block - 1, -1.4)
    axis.grid(False, axis="y")
    n = len(arms[none])
    axis.set_xlabel(f"accuracy on the target against {none}, points (mean and its 95 % interval, {n} seeds)")
    axis.legend(loc="upper right", framealpha=1, borderaxespad=0.2)
    text = f"Points of accuracy gained, {mean_of(n)}. {'; '.join(words)}."
    return finish(figure, text, left=0.23, right=0.985, bottom=0.5 / height, top=0.98)


def map_panel(cloud: dict, gaps: tuple[dict, dict], accuracy: dict[float, np.ndarray], now: float) -> Picture:
    """A map at one strength: the two clouds, how far apart they are, and what the carried-over model scores → Picture.

    cloud     as from `carrying.clouds`; gaps (before, after), each as from `gaps` there
    accuracy  {strength: (seeds,)}, on the target's test rows; now: the strength that the clouds are of
    """
    figure, (left, middle, right) = sheet(width=10.4, height=3.9, columns=3, width_ratios=(1.35, 0.8, 1.0))
    _clouds(left, cloud)
    before, after = gaps
    share = {name: 100 * after[name] / before[name] if before[name] else 0.0 for name in after}
    middle.barh(range(3), list(share.values()), color=["#888888", "#888888", "#000000"], height=0.55)
    for row, value in enumerate(share.values()):
        middle.text(min(value, 125) + 3, row, f"{value:.0f}", va="center", fontsize=9)
    middle.axvline(100, color="#333333", linewidth=1)
    middle.set(xlabel="% of the gap without a map", xlim=(0, 150), ylim=(2.6, -0.6))
    middle.set_yticks(range(3), ["means", "covari-\nances", "digits'\nplaces"])
    middle.set_title("Gap that is left")
    n, look = len(accuracy[now]), STYLE["your dial"][0]
    right.bands(list(accuracy), {"": np.stack(list(accuracy.values()), 1)}, {"": (look, "solid")}, "o", (0, 1))
    here = accuracy[now].mean()
    right.plot([now], [here], "o", color=look, markersize=10)
    above = dict(xytext=(0, 12), textcoords="offset points", ha="center", fontweight="bold")
    right.annotate(f"{here:.3f}", (now, here), **above)
    right.axhline(accuracy[min(accuracy)].mean(), color=GREY, linewidth=1, linestyle=(0, (1, 1.2)))
    right.set(xlabel="strength of the map (0: none, 1: full)", xlim=(-0.08, 1.08))
    right.set_title("Target test accuracy")
    left_over = ", ".join(f"{name} {value:.1f} %" for name, value in share.items())
    scores = said({f"{strength:g}:": values for strength, values in accuracy.items()})
    text = f"Strength {now:g}: gap left in {left_over}. Target accuracy by strength, {mean_of(n)}: {scores}."
    return finish(
        figure,
        text,
        f"clouds and gaps: seed 0; accuracy: {band_of(n)}",
        left=0.05,
        right=0.985,
        bottom=0.2,
        top=0.91,
        wspace=0.3,
    )


def _clouds(axis, cloud):
    """Both clouds in the target's first two principal directions; each digit stands at its mean."""
    centre, directions = plane(cloud["test"])
    flat = {key: (cloud[key] - centre) @ directions.T for key in ("before", "after", "test")}
    every = np.concatenate(list(flat.values()))
    for name, task, key, labels in (("target", "target", "test", "y_test"), ("M(source)", "source", "after", "y")):
        rows, ink = flat[key], TASK_INK[task]
        axis.plot(*rows[:400].T, ".", color=PART_COLOURS[task], markersize=3, alpha=0.5, zorder=1)
        for c in np.unique(cloud[labels]):
            spot = rows[cloud[labels] == c].mean(0)
            axis.text(*spot, str(c), color=ink, fontweight="bold", ha="center", va="center", zorder=3, clip_on=True)
        axis.plot([], [], "o", color=ink, label=name)
    (x0, y0), (x1, y1) = np.percentile(every, (0.5, 99.5), axis=0)
    axis.set(xlim=(x0, x1), ylim=(y0, y1 + 0.18 * (y1 - y0)), xlabel="target's 1st principal direction", ylabel="2nd")
    axis.set_title("Clouds; a digit marks its mean")
    axis.legend(loc="upper left", ncols=2, fontsize=8, framealpha=0.9, borderaxespad=0.1, handletextpad=0.1)


def pairs_gain(table: dict[int, Values], none: str = "labels only", by_hand: str = "by hand") -> Picture:
    """Points gained on the labels alone by number of pairs → Picture: {labels: {none, by_hand, 10, "10, no map", …}}.

    A colour for each number of labels: a line through the maps, a dashed line through the pairs without a map, where the
    table has them, and at the right a mark for the source made by hand.
    """
    figure, (axis,) = sheet(width=8.4, height=4.0)
    pairs = [name for name in next(iter(table.values())) if isinstance(name, int)]
    lines, alone, hand, base = {}, {}, {}, {}
    for k, arms in table.items():
        name = f"{k} label{'s' * (k > 1)} a class"
        base[name] = arms[none]
        lines[name] = 100 * np.stack([arms[n] - arms[none] for n in pairs], 1)
        if f"{pairs[0]}, no map" in arms:
            alone[name] = 100 * np.stack([arms[f"{n}, no map"] - arms[none] for n in pairs], 1)
        hand[name] = 100 * (arms[by_hand] - arms[none])
    looks = style(lines)
    axis.label_bands(pairs, lines, looks)
    for name, values in hand.items():
        axis.plot([pairs[-1] * 2.2], [values.mean()], "D", color=looks[name][0], markersize=7)
    dashed = dict(linestyle="--", marker="s", markerfacecolor="white")
    for name, values in alone.items():
        axis.plot(pairs, values.mean(0), color=looks[name][0], **dashed)
    if alone:
        for words, look in (("map", dict(linestyle="-", marker="o")), ("the pairs themselves, no map", dashed)):
            axis.plot([], [], color=GREY, label=words, **look)
        axis.legend(loc="upper left", framealpha=0.9, fontsize=9)
    axis.axhline(0, color=GREY, linewidth=1)
    heights = [0.0, *(v for values in (*lines.values(), *alone.values(), *hand.values()) for v in np.ravel(values.mean(0)))]
    axis.set_ylim(min(heights) - 5, max(heights) + 5)
    axis.set_xticks([*pairs, pairs[-1] * 2.2], [*map(str, pairs), by_hand])
    axis.set(xlabel="pairs: source pictures that are known in both forms", ylabel=f"points ahead of {none}")
    n = len(arms[none])
    text = f"Points ahead of {none} at {', '.join(map(str, pairs))} pairs, {mean_of(n)}: {said(lines, sign=True)}. "
    text += f"The pairs themselves, no map: {said(alone, sign=True)}. " if alone else ""
    text += f"Made {by_hand}: {said(hand, sign=True)}. {none[0].upper()}{none[1:]}: {said(base)}."
    return finish(figure, text, band_of(n), left=0.085, right=0.82, bottom=0.16, top=0.96)
