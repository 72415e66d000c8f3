"""Pictures of cross-modal learning."""

import numpy as np

from transferlib.measures import with_error
from transferlib.plots.canvas import GREY, STYLE, Picture, finish, in_words, ink, mean_of, seeds_of, sheet

_SEGMENTS = "0122", "1112", "1101", "0100", "0001", "0012", "0111"  # a … g: from x to x, and from y to y
_INKS = "#333333", STYLE["share weights"][0]


def _display(axis, code, colour):
    """One seven-segment display: code (7,) from −1, dark, to +1, lit."""
    for value, ends in zip(np.clip((np.asarray(code) + 1) / 2, 0, 1), _SEGMENTS):
        x, y = (list(map(int, pair)) for pair in (ends[:2], ends[2:]))
        for layer, (shade, alpha) in enumerate((("#eeeeee", 1), (colour, float(value))), 1):
            axis.plot(x, y, color=shade, linewidth=5, solid_capstyle="round", alpha=alpha, zorder=layer)
    axis.set(xlim=(-0.4, 1.4), ylim=(-0.3, 2.3), xticks=[], yticks=[], aspect="equal")
    axis.spines[:].set_visible(False)


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
    figure, axes = sheet(height=3.2, columns=len(widths), width_ratios=widths)
    for number, axis in enumerate(axes[:4] if seven else ()):
        digit, kind = divmod(number, 2)
        _display(axis, (codes, mapped)[kind][digit], _INKS[kind])
        axis.set_title(f"{('code of', 'mapped')[kind]} {unseen[digit]}", loc="center", fontsize=9)
    for axis in axes[4:-1]:
        axis.axis("off")
    bars = axes[-1]
    bars.bar(range(10), answers, color=[_INKS[1] if digit in unseen else "#bbbbbb" for digit in range(10)])
    bars.set_xticks(range(10), range(10))
    for digit in unseen:  # a bar of height 0 shows no colour
        bars.get_xticklabels()[digit].set(color=ink(_INKS[1]), fontweight="bold")
    bars.set(xlabel="answer, all ten competing; unseen in orange", ylabel="share of the answers", ylim=(0, 1))
    bars.set_title(f"test pictures of {unseen[0]} and {unseen[1]}", fontsize=10)
    text = f"Digits {unseen[0]} and {unseen[1]}, never seen: told apart {told_apart:.3f} (chance .5); "
    text += f"right among all ten {right:.3f} (chance .1)."
    return finish(figure, text, left=0.03 if seven else 0.08, below=0.54, above=0.38, wspace=0.35)


def partners(
    given: np.ndarray, wanted: np.ndarray, own: np.ndarray, best: dict, recalls: dict, back: bool = False
) -> Picture:
    """Halves of pictures, and the other halves that two ways of comparing put first.

    given    (n, 50) the halves that are given; wanted (m, 50) the other halves of all m pictures
    own      (n,) the true places among them; back: the lower half is given
    best     {way: (n, k) places of the k best}; recalls {way: {k: (seeds,) recall@k}}
    """
    k, n = len(next(iter(best.values()))[0]), seeds_of(recalls)
    widths = [1, 1, *[0.35, *[1] * k] * len(best)]
    figure, axes = sheet(height=0.52 * len(given) + 0.75, columns=len(widths), rows=len(given), width_ratios=widths)
    for row, (half, place, pages) in enumerate(zip(given, own, axes)):
        shown = [(half, False), (wanted[place], False)]
        for places in best.values():  # (half, whether it is framed), and None between the ways
            shown += [None, *((wanted[p], p == place) for p in places[row])]
        for page, block in zip(pages, shown):
            if block is None:
                page.remove()
                continue
            page.show(block[0].reshape(5, 10))
            page.spines[:].set_visible(True)
            page.spines[:].set(color=_INKS[1] if block[1] else "#cccccc", linewidth=3 if block[1] else 0.8)
    axes[0, 0].set_title("given", loc="center", fontsize=9)
    axes[0, 1].set_title("its own", loc="center", fontsize=9)
    for i, name in enumerate(best):
        axes[0, 3 + i * (k + 1)].set_title(f"{name}: the {k} best", fontsize=9)
    words = "; ".join(f"{name} recall@1 {with_error(r[1])}, recall@10 {with_error(r[10])}" for name, r in recalls.items())
    way = "Upper half of a lower one" if back else "Lower half of an upper one"
    text = f"{way}, among {len(wanted):,} unseen pictures, {mean_of(n)}: {words}."
    if len(recalls) == 2:
        one, other = recalls.values()
        text += f" Seed by seed the first is ahead by {with_error(one[1] - other[1], 100, True)} points at 1."
    seen = in_words({name: r[1] for name, r in recalls.items()}, between=", ")
    note = f"framed: the half of the same picture; drawn: the first seed. Recall@1 over {n} seed{'s' * (n > 1)}: {seen}"
    return finish(figure, text, note, left=0.01, right=0.99, below=0.3, above=0.32, wspace=0.12, hspace=0.12)


def recall_bars(recalls: dict[str, dict[str, np.ndarray]], chance: float) -> Picture:
    """{way of comparing: {"there" and "back": recall (seeds,)}} → Picture: a row a way, a mark a direction."""
    figure, (axis,) = sheet(width=8.4, height=0.48 * len(recalls) + 1.1)
    axis.forest(recalls, {"there": (_INKS[0], "o"), "back": (_INKS[1], "D")}, 0.28, dict(loc="lower right", frameon=True))
    axis.axvline(chance, color=GREY, linewidth=1, linestyle=(0, (2, 2)))
    axis.set(xlabel="recall, unseen pairs; dotted: chance", xlim=(0, None))
    n = seeds_of(recalls)
    words = "; ".join(f"{name} {in_words(both, between=', ')}" for name, both in recalls.items())
    note = f"mean of {n} seeds and its 95 % interval; there: upper to lower, back: lower to upper"
    text = f"Recall on unseen pairs, {mean_of(n)}, chance {chance:g}: {words}."
    return finish(figure, text, note, left=0.22, above=0.08)
