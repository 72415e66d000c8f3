"""Pictures of the theory: gains against the angle, what a law foretells, the terms of a bound."""

import numpy as np
from scipy import stats

from transferlib.measures import interval
from transferlib.plots.canvas import GREY, Picture, finish, in_words, numbers, seeds_of, sheet, style

GAIN = "gain, in % of the target's variance"
ANGLES = range(0, 91, 15)
Gains = dict[str, dict[int, np.ndarray]]  # {name: {angle in degrees: (draws,)}}
Lines = dict[str, tuple[np.ndarray, np.ndarray]]  # {name: (x, y)}


def _marks_on_lines(axis, measured, theory, scale=1, unit=1):
    """Theory's line and the measured means in their intervals, times `scale` and over `unit`, a colour a name."""
    for (name, (colour, _)), mark in zip(style(measured).items(), "osD^vP"):
        axis.plot(theory[name][0], scale * np.asarray(theory[name][1]), color=colour, linewidth=1.5)
        places = np.array([*measured[name]]) / unit
        mean, low, high = interval(scale * np.stack([*measured[name].values()], 1))
        axis.vlines(places, low, high, color=colour, linewidth=2, alpha=0.6)
        axis.plot(places, mean, mark, color=colour, label=name)


def _gains(axis, measured, theory):
    """Gains over angles, in per cent."""
    _marks_on_lines(axis, measured, theory, scale=100)
    axis.axhline(0, color=GREY, linewidth=1)
    axis.set(xlabel="angle between the source's and the target's solution, in degrees", ylabel=GAIN, xlim=(-2, 92))
    axis.set_xticks(ANGLES)


def _by_degrees(measured):
    """{name: {"30°": (draws,)}} of gains by angles."""
    return {name: {f"{angle}°": values for angle, values in each.items()} for name, each in measured.items()}


def gains_by_angle(measured: Gains, theory: Lines) -> Picture:
    """Measured gains over angles, with theory's line for each name → Picture."""
    figure, (axis,) = sheet(width=8.4, height=3.9)
    _gains(axis, measured, theory)
    axis.legend(loc="lower left", frameon=False)
    n, words = seeds_of(measured), in_words(_by_degrees(measured), 100, True)
    text = f"Gain in % of the target's variance, mean of {n} draws ± its standard error. {words}."
    return finish(figure, text, f"marks: mean of {n} draws, bar: 95 % interval; line: the formula", left=0.1)


def border_map(measured: Gains, theory: Lines, borders: Lines, angle: int, share: float) -> Picture:
    """The gains at one setting; beside them, where the harm begins as the labels grow → Picture.

    borders      {name: (labels per dimension, the angle from which on it hurts)}
    angle, share the setting that is marked
    """
    figure, (left, right) = sheet(width=10, height=4, columns=2)
    _gains(left, measured, theory)
    left.axvline(angle, color=GREY, linewidth=1, linestyle=(0, (3, 2)))
    left.legend(loc="lower left", frameon=False)
    lowest = [np.min(y) for _, y in theory.values()] + [v.mean() for each in measured.values() for v in each.values()]
    left.set_ylim(110 * min(-1, *lowest), 110)
    for name, (colour, _) in style(measured).items():
        right.plot(*borders[name], color=colour, label=name)
    right.plot([share], [angle], "o", color="black", markersize=8)
    right.set(xlabel="labels per dimension, n / d", ylabel="angle", xlim=(0.15, 0.85), ylim=(-2, 92))
    right.set_yticks(ANGLES)
    right.set_title("the source hurts above the line")
    n, gains = seeds_of(measured), _by_degrees(measured)
    now = {name: f"{100 * np.interp(angle, *line):+.0f}" for name, line in theory.items()}
    foretold = "; ".join(f"{name}: {gain} %" for name, gain in now.items())
    text = f"Measured gain in %, mean of {n} draws ± its standard error. {in_words(gains, 100, True)}. "
    limits = ", ".join(f"{name} {np.interp(share, *line):.0f}°" for name, line in borders.items())
    text += f"Foretold at {angle}°: {foretold}. Border: {limits}."
    plain = f"At {angle}° the formula foretells {' and '.join(f'{gain} % ({name})' for name, gain in now.items())}."
    table = {name: numbers(each, 100, True) for name, each in gains.items()}
    note = f"marks: mean of {n} draws, bar: 95 % interval; lines: the formulas; dot and broken line: your setting"
    return finish(figure, text, note, plain=plain, table=table, wspace=0.22)


def borders(measured: Gains, theory: Lines, dimensions: int) -> Picture:
    """The angle from which on the source hurts, {way: {labels: (groups,)}}, with theory's line for each → Picture."""
    figure, (axis,) = sheet(width=8.4, height=3.9)
    _marks_on_lines(axis, measured, theory, unit=dimensions)
    axis.set(xlabel="labels per dimension, n / d", ylabel="border, in degrees", xlim=(0, 0.92))
    axis.legend(loc="upper right", frameon=False)
    words = in_words({name: {f"{n} labels": v for n, v in each.items()} for name, each in measured.items()})
    n = seeds_of(measured)
    text = f"Border in degrees, mean of {n} groups of draws ± its standard error. {words}."
    note = f"marks: mean of {n} groups of draws, bar: 95 % interval; line: the formula. The source hurts above the line"
    return finish(figure, text, note, left=0.1)


def foretold(law: np.ndarray, measured: np.ndarray) -> Picture:
    """What a law says of pairs, (pairs,), and the gains measured there, (pairs, draws) → Picture."""
    figure, (axis,) = sheet(width=6.8, height=4.2)
    mean = measured.mean(1)
    axis.axhline(0, color=GREY, linewidth=1)
    axis.axvline(0, color=GREY, linewidth=1)
    axis.plot(100 * law, 100 * mean, "o", color="#0072B2", markersize=5)
    ticks = [-500, -100, -20, 0, 20, 50]
    for set_scale, set_ticks in ((axis.set_xscale, axis.set_xticks), (axis.set_yscale, axis.set_yticks)):
        set_scale("symlog", linthresh=20)
        set_ticks(ticks, [f"{tick:+d}" if tick else "0" for tick in ticks])
    axis.minorticks_off()
    axis.margins(0.08)
    axis.set(xlabel="the law: ‖b‖² − ‖a − b‖², in % of the variance", ylabel="measured gain, in %")
    rank, same = stats.spearmanr(law, mean)[0], np.mean((law > 0) == (mean > 0))
    text = f"{len(law)} pairs, mean of {measured.shape[1]} draws each: rank correlation of the law with the measured "
    return finish(figure, f"{text}gain {rank:.2f}; the same sign on {100 * same:.0f} % of the pairs.", left=0.13)


def bounds(terms, error, constant) -> Picture:
    """A bound's terms stacked, the target's error and that of one constant answer → Picture.

    terms            a DataFrame: a row a pair, a column a term
    error, constant  Series over the same pairs
    """
    figure, (axis,) = sheet(width=9.2, height=0.2 * len(terms) + 1.1)
    rows, left = range(len(terms)), np.zeros(len(terms))
    for colour, name in zip(("#56B4E9", "#E69F00", "#CC79A7"), terms):
        axis.barh(rows, terms[name], left=left, color=colour, label=name, height=0.7)
        left += terms[name].to_numpy()
    axis.plot(error, rows, "o", color="black", markersize=5, label="target error")
    axis.plot(constant, rows, "|", color="black", markersize=10, markeredgewidth=2, label="a constant answer")
    axis.axvline(1, color=GREY, linewidth=1)
    axis.name_rows(terms.index)
    axis.set_xlabel("share of wrong answers, and the terms of the bound")
    axis.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    means = f"bound {left.mean():.2f}, target error {error.mean():.2f}, a constant answer {constant.mean():.2f}"
    text = f"The bound is above the target error on {np.sum(left > error)} of {len(terms)} pairs, and 1 or more on "
    text += f"{np.sum(left >= 1)}. Means: {means}."
    return finish(figure, text, left=0.31, right=0.79, above=0.1)
