"""Pictures of cross-modal learning."""

import numpy as np

from transferlib.plots.canvas import STYLE, Picture, finish, mean_of, said, sheet

_SEGMENTS = (
    (0, 1, 2, 2),
    (1, 1, 1, 2),
    (1, 1, 0, 1),
    (0, 1, 0, 0),
    (0, 0, 0, 1),
    (0, 0, 1, 2),
    (0, 1, 1, 1),
)  # a … g: x x y y
_INKS = "#333333", STYLE["share weights"][0], STYLE["fix common"][0]


def _display(axis, code, colour):
    """One seven-segment display: code (7,) from −1, dark, to +1, lit."""
    for value, ends in zip(np.clip((np.asarray(code) + 1) / 2, 0, 1), _SEGMENTS):
        for layer, (ink, alpha) in enumerate((("#eeeeee", 1), (colour, float(value))), 1):
            axis.plot(ends[:2], ends[2:], color=ink, linewidth=5, solid_capstyle="round", alpha=alpha, zorder=layer)
    axis.set(xlim=(-0.4, 1.4), ylim=(-0.3, 2.3), xticks=[], yticks=[], aspect="equal")
    axis.spines[:].set_visible(False)


def displays(rows: dict[str, np.ndarray]) -> Picture:
    """Rows of seven-segment displays: {what the row is: (n, 7) codes from −1 to +1} → Picture."""
    n = len(next(iter(rows.values())))
    figure, axes = sheet(width=9.6, height=1.25 * len(rows) + 0.15, columns=n, rows=len(rows))
    for (name, codes), line, colour in zip(rows.items(), np.atleast_2d(axes), _INKS):
        for axis, code in zip(line, codes):
            _display(axis, code, colour)
        line[0].set_ylabel(name, fontsize=9)
    lit = "; ".join(
        f"{name}: " + " ".join("".join(s for s, v in zip("abcdefg", c) if v > 0) or "-" for c in codes)
        for name, codes in rows.items()
    )
    room = dict(left=0.05, right=0.995, bottom=0.02, top=0.98, wspace=0.05, hspace=0.08)
    return finish(figure, f"Lit segments, digit by digit. {lit}.", **room)


def unseen_pairs(accuracy: dict[tuple[int, int], np.ndarray]) -> Picture:
    """{(a, b): accuracy of telling a from b, neither ever seen, (seeds,)} → Picture: a triangle, chance is .5."""
    figure, (axis,) = sheet(width=5.2, height=4.4)
    grid = np.full((10, 10), np.nan)
    for (a, b), values in accuracy.items():
        grid[b, a] = 100 * np.mean(values)
    axis.number_cells(grid, ".0f", np.abs(grid - 50) > 33, cmap="PuOr", vmin=0, vmax=100)
    axis.set_xticks(range(9), range(9))
    axis.set_yticks(range(1, 10), range(1, 10))
    axis.set(xlim=(-0.5, 8.5), ylim=(9.5, 0.5), xlabel="unseen digit", ylabel="the other unseen digit")
    axis.set_title("percent right; chance 50", fontsize=10)
    every = np.array([np.atleast_1d(values) for values in accuracy.values()])  # (pairs, seeds)
    with_digit = {f"{d}:": every[[d in pair for pair in accuracy]].mean(0) for d in np.unique(list(accuracy))}
    text = f"Two digits never seen, told apart, mean over {said({f'{len(every)} pairs': every.mean(0)})}"
    text += f" ({mean_of(every.shape[1])}; chance .5). Pairs with {said(with_digit)}."
    return finish(figure, text, left=0.1, right=0.98, bottom=0.12, top=0.92)


def unseen_answers(
    unseen: tuple[int, int], codes: np.ndarray, mapped: np.ndarray, answers: np.ndarray, told_apart: float, right: float
) -> Picture:
    """How pictures of two unseen digits are read: their codes, their mean mapped codes, and the answers among all ten.

    codes, mapped      (2, c): what the two digits' codes are, and what their pictures are mapped to on average
    answers            (10,): the share of each digit among the answers when all ten compete
    told_apart, right  accuracy when the two alone compete, and when all ten do
    """
    seven = np.shape(codes)[1] == 7
    widths = (1, 1, 1, 1, 0.2, 4.5) if seven else (1,)  # the narrow one is room for the label of the bars
    figure, axes = sheet(width=9.6, height=3.2, columns=len(widths), width_ratios=widths)
    shown = [(kind, digit) for digit in (0, 1) for kind in (0, 1)]
    for axis, (kind, digit) in zip(axes[:-1], shown):
        _display(axis, (codes, mapped)[kind][digit], _INKS[kind])
        axis.set_title(f"{('code of', 'mapped')[kind]} {unseen[digit]}", loc="center", fontsize=9)
    for axis in axes[4:-1]:
        axis.axis("off")
    bars = axes[-1]
    bars.bar(range(10), answers, color=[_INKS[1] if digit in unseen else "#bbbbbb" for digit in range(10)])
    bars.set_xticks(range(10), range(10))
    bars.set(xlabel="answer, all ten competing; unseen in orange", ylabel="share of the answers", ylim=(0, 1))
    bars.set_title(f"test pictures of {unseen[0]} and {unseen[1]}", fontsize=10)
    text = f"Digits {unseen[0]} and {unseen[1]}, never seen: told apart {told_apart:.3f} (chance .5); "
    room = dict(left=0.03 if seven else 0.08, right=0.985, bottom=0.17, top=0.88, wspace=0.35)
    return finish(figure, text + f"right among all ten {right:.3f} (chance .1).", **room)
