"""Pictures of feature mapping."""

import numpy as np

from transferlib.measures import with_error
from transferlib.plots import canvas
from transferlib.plots.canvas import Picture, Values, ahead, finish, in_words, mean_of, seeds_of, sheet
from transferlib.plots.rows import differences


def map_gains(table: dict[str, Values]) -> Picture:
    """What each map adds to no map, a row for each pair of domains: {name: {map: (seeds,)}} → Picture."""
    gains = {f"{row} (no map {with_error(arms['no map'])})": ahead(arms, "no map") for row, arms in table.items()}
    return differences(gains, "points of accuracy gained")


def map_panel(cloud: dict, gaps: tuple[dict, dict], accuracy: dict[float, np.ndarray], now: float) -> Picture:
    """A map at one strength: the two clouds, how far apart they are, and what the carried-over model scores → Picture.

    cloud     as from `carrying.clouds`; gaps (before, after), each as from `gaps` there
    accuracy  {strength: (seeds,)}, on the target's test rows; now: the strength that the clouds are of
    """
    figure, (left, middle, right) = sheet(width=10.4, height=3.9, columns=3, width_ratios=(1.35, 0.8, 1.0))
    _clouds(left, cloud)
    before, after = gaps
    share = {name: 100 * after[name] / before[name] if before[name] else 0.0 for name in after}
    middle.barh(range(3), list(share.values()), color=["#888888", "#888888", canvas.INK], height=0.55)
    for row, value in enumerate(share.values()):
        middle.text(min(value, 125) + 3, row, f"{value:.0f}", va="center", fontsize=9)
    middle.axvline(100, color="#333333", linewidth=1)
    middle.name_rows(["means", "covari-\nances", "digits'\nplaces"])
    middle.set(xlabel="% of the gap without a map", xlim=(0, 150), title="Gap that is left")
    n, look, here = len(accuracy[now]), canvas.STYLE["your dial"][0], accuracy[now].mean()
    right.bands(list(accuracy), {"": np.stack(list(accuracy.values()), 1)}, {"": (look, "solid")}, "o", (0, 1))
    right.plot([now], [here], "o", color=look, markersize=10)
    above = dict(xytext=(0, 12), textcoords="offset points", ha="center", fontweight="bold")
    right.annotate(f"{here:.3f}", (now, here), **above)
    right.axhline(accuracy[min(accuracy)].mean(), color=canvas.GREY, linewidth=1, linestyle=(0, (1, 1.2)))
    right.set(xlabel="strength of the map (0: none, 1: full)", xlim=(-0.08, 1.08), title="Target test accuracy")
    left_over = ", ".join(f"{name} {value:.1f} %" for name, value in share.items())
    scores = in_words({f"{strength:g}:": values for strength, values in accuracy.items()})
    text = f"Strength {now:g}: gap left in {left_over}. Target accuracy by strength, {mean_of(n)}: {scores}."
    plain = f"At strength {now:g} the carried-over model reads {100 * here:.1f} % of the target's test pictures."
    table = {"target accuracy": {f"strength {k:g}": with_error(values) for k, values in accuracy.items()}}
    note = f"clouds and gaps: seed 0; accuracy: {canvas.band_of(n)}"
    return finish(figure, text, note, left=0.05, wspace=0.3, plain=plain, table=table)


def _clouds(axis, cloud):
    """Both clouds in the target's first two principal directions; each digit stands at its mean."""
    centre, directions = canvas.plane(cloud["test"])
    flat = {key: (cloud[key] - centre) @ directions.T for key in ("before", "after", "test")}
    for name, task, key, labels in (("target", "target", "test", "y_test"), ("M(source)", "source", "after", "y")):
        rows, look = flat[key], dict(color=canvas.TASK_INK[task], fontweight="bold", ha="center", va="center", zorder=3)
        axis.plot(*rows[:400].T, ".", color=canvas.PART_COLOURS[task], markersize=3, alpha=0.5, zorder=1)
        for c in np.unique(cloud[labels]):
            axis.text(*rows[cloud[labels] == c].mean(0), str(c), clip_on=True, **look)
        axis.plot([], [], "o", color=canvas.TASK_INK[task], label=name)
    (x0, y0), (x1, y1) = np.percentile(np.concatenate(list(flat.values())), (0.5, 99.5), axis=0)
    axis.set(xlim=(x0, x1), ylim=(y0, y1 + 0.18 * (y1 - y0)), xlabel="target's 1st principal direction", ylabel="2nd")
    axis.set_title("Clouds; a digit marks its mean")
    axis.legend(loc="upper left", ncols=2, fontsize=8, framealpha=0.9, borderaxespad=0.1, handletextpad=0.1)


def pairs_gain(table: dict[int, Values]) -> Picture:
    """Points gained on the labels alone by pairs: {labels: {"labels only", "by hand", 10, "10, no map", …}} → Picture.

    A colour for each number of labels: a line through the maps, a dashed line through the pairs without a map, where the
    table has them, and at the right a mark for the source made by hand.
    """
    figure, (axis,) = sheet(width=8.4, height=4.0)
    table = {f"{k} label{'s' * (k > 1)} a class": arms for k, arms in table.items()}
    pairs, looks = [name for name in next(iter(table.values())) if isinstance(name, int)], canvas.style(table)
    gains = {k: ahead(arms, "labels only") for k, arms in table.items()}
    lines, alone, hand = (
        {k: np.stack([arms[name] for name in names], 1) for k, arms in gains.items() if names[0] in arms}
        for names in (pairs, [f"{n}, no map" for n in pairs], ["by hand"])
    )
    axis.label_bands(pairs, lines, looks, xlabel="pairs: source pictures that are known in both forms")
    end, dashed = pairs[-1] * 2.2, dict(linestyle="--", marker="s", markerfacecolor="white")
    for name in table:
        axis.plot([end], hand[name].mean(0), "D", color=looks[name][0], markersize=7)
        if name in alone:
            axis.plot(pairs, alone[name].mean(0), color=looks[name][0], **dashed)
    if alone:
        for words, look in (("map", dict(linestyle="-", marker="o")), ("the pairs themselves, no map", dashed)):
            axis.plot([], [], color=canvas.GREY, label=words, **look)
        axis.legend(loc="upper left", framealpha=0.9, fontsize=9)
    axis.axhline(0, color=canvas.GREY, linewidth=1)
    heights = [0.0, *np.concatenate([each.mean(0) for kind in (lines, alone, hand) for each in kind.values()])]
    axis.set_ylim(min(heights) - 5, max(heights) + 5)
    axis.set_xticks([*pairs, end], [*map(str, pairs), "by hand"])
    axis.set_ylabel("points ahead of labels only")
    n, base = seeds_of(table), {k: arms["labels only"] for k, arms in table.items()}
    text = f"Points ahead of labels only at {', '.join(map(str, pairs))} pairs, {mean_of(n)}: {in_words(lines, sign=True)}. "
    text += f"The pairs themselves, no map: {in_words(alone, sign=True)}. " if alone else ""
    text += f"Made by hand: {in_words(hand, sign=True)}. Labels only: {in_words(base)}."
    return finish(figure, text, canvas.band_of(n), right=0.82, above=0.16)
