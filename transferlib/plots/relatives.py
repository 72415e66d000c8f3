"""Pictures of multi-task learning, domain adaptation and cross-modal learning."""

from types import SimpleNamespace

import numpy as np

from transferlib.crossmodal import similarity, zero_shot
from transferlib.evaluation import at, interval
from transferlib.plots.page import Picture, bands, label_ends, sheet


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
        ends = bands(axis, lambda runs: runs[0].step, {k: [_after(r, what) for r in v] for k, v in results.items()}, what)
        axis.set(xlabel="training steps", ylabel=label, xlim=(0, None))
        label_ends(axis, ends)
        values = ", ".join(f"{name} {at(runs, what).mean():.3f}" for name, runs in results.items())
        words.append(f"{label[0].upper()}{label[1:]} at the end: {values}.")
    axes[0].set_title(title, loc="left")
    axes[1].set_title("Can a classifier tell the domains apart?", loc="left")
    axes[1].axhline(0.5, color="#888888", linewidth=1, linestyle=":")
    axes[1].text(0.02, 0.505, "chance", color="#666666", fontsize=8, transform=axes[1].get_yaxis_transform())
    note = f"mean of {n} seeds, band: 95 % interval of the mean" if n > 1 else "1 seed: no band can be drawn"
    figure.text(0.01, 0.01, note, fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.085, right=0.865, bottom=0.175, top=0.91, wspace=0.55)
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
