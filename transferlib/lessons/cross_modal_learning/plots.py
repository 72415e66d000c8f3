"""Pictures of cross-modal learning."""

import numpy as np

from transferlib.measures import with_error
from transferlib.plots.canvas import STYLE, Picture, finish, mean_of, sheet

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
    for digit in unseen:  # a bar of height 0 shows no colour
        bars.get_xticklabels()[digit].set(color=_INKS[1], fontweight="bold")
    bars.set(xlabel="answer, all ten competing; unseen in orange", ylabel="share of the answers", ylim=(0, 1))
    bars.set_title(f"test pictures of {unseen[0]} and {unseen[1]}", fontsize=10)
    text = f"Digits {unseen[0]} and {unseen[1]}, never seen: told apart {told_apart:.3f} (chance .5); "
    room = dict(left=0.03 if seven else 0.08, right=0.985, bottom=0.17, top=0.88, wspace=0.35)
    return finish(figure, text + f"right among all ten {right:.3f} (chance .1).", **room)


def partners(
    given: np.ndarray, wanted: np.ndarray, own: np.ndarray, best: dict, recalls: dict, back: bool = False
) -> Picture:
    """Halves of pictures, and the other halves that two ways of comparing put first.

    given    (n, 50) the halves that are given; wanted (m, 50) the other halves of all m pictures, own (n,) their true places
    best     {way: (n, k) places of the k best}; recalls {way: {k: (seeds,) recall@k}}; back: the lower half is given
    """
    k = len(next(iter(best.values()))[0])
    widths = [1, 1, *[0.35, *[1] * k] * len(best)]
    tall = 0.52 * len(given) + 0.75
    figure, axes = sheet(9.6, tall, columns=len(widths), rows=len(given), width_ratios=widths)
    for row, (half, place, pages) in enumerate(zip(given, own, axes)):
        blocks = [half, wanted[place], None]
        for places in best.values():
            blocks += [*(wanted[p] for p in places[row]), None]
        marked = {
            3 + i * (k + 1) + j for i, places in enumerate(best.values()) for j, p in enumerate(places[row]) if p == place
        }
        for number, (page, block) in enumerate(zip(pages, blocks)):
            if block is None:
                page.remove()
                continue
            page.show(block.reshape(5, 10))
            page.spines[:].set_visible(True)
            page.spines[:].set(color=_INKS[1] if number in marked else "#cccccc", linewidth=3 if number in marked else 0.8)
    axes[0, 0].set_title("given", loc="center", fontsize=9)
    axes[0, 1].set_title("its own", loc="center", fontsize=9)
    for i, name in enumerate(best):
        axes[0, 3 + i * (k + 1)].set_title(f"{name}: the {k} best", fontsize=9)
    n = len(next(iter(recalls.values()))[1])
    words = "; ".join(f"{name} recall@1 {with_error(r[1])}, recall@10 {with_error(r[10])}" for name, r in recalls.items())
    ahead = np.subtract(*(r[1] for r in recalls.values())) if len(recalls) == 2 else None
    way = "Upper half of a lower one" if back else "Lower half of an upper one"
    text = f"{way}, among {len(wanted):,} unseen pictures, {mean_of(n)}: {words}."
    if ahead is not None:
        text += f" Seed by seed the first is ahead by {with_error(ahead, 100, True)} points at 1."
    room = dict(left=0.01, right=0.99, bottom=0.3 / tall, top=1 - 0.32 / tall, wspace=0.12, hspace=0.12)
    seen = ", ".join(f"{name} {with_error(r[1])}" for name, r in recalls.items())
    note = f"framed: the half of the same picture; drawn: the first seed. Recall@1 over {n} seed{'s' * (n > 1)}: {seen}"
    return finish(figure, text, note, **room)


def recall_bars(recalls: dict[str, dict[str, np.ndarray]], chance: float) -> Picture:
    """{way of comparing: {"there" and "back": recall (seeds,)}} → Picture: a row a way, a mark a direction."""
    figure, (axis,) = sheet(width=8.4, height=0.48 * len(recalls) + 1.1)
    looks = {"there": (_INKS[0], "o", -0.14), "back": (_INKS[1], "D", 0.14)}
    for row, both in enumerate(recalls.values()):
        for name, values in both.items():
            colour, mark, shift = looks[name]
            axis.interval_row(np.asarray(values), row + shift, colour, mark, **({} if row else dict(label=name)))
    axis.axvline(chance, color="#555555", linewidth=1, linestyle=(0, (2, 2)))
    axis.name_rows(recalls)
    axis.set(xlabel="recall, unseen pairs; dotted: chance", xlim=(0, None))
    axis.legend(loc="lower right")
    n = len(next(iter(next(iter(recalls.values())).values())))
    words = "; ".join(
        f"{name} {', '.join(f'{k} {with_error(v)}' for k, v in both.items())}" for name, both in recalls.items()
    )
    tall = figure.get_figheight()
    note = f"mean of {n} seeds and its 95 % interval; there: upper to lower, back: lower to upper"
    text = f"Recall on unseen pairs, {mean_of(n)}, chance {chance:g}: {words}."
    return finish(figure, text, note, left=0.22, right=0.98, bottom=0.68 / tall, top=0.97)
