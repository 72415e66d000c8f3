"""Pictures of cross-modal learning."""

import numpy as np

from transferlib.methods.cross_modal import similarity, zero_shot
from transferlib.plots.canvas import Picture, sheet

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
