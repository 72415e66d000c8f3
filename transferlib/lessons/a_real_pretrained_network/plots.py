"""How far each stage of a network carries, and what the training loss does."""

from collections.abc import Sequence

import numpy as np

from transferlib.plots.canvas import GREY, Picture, Values, band_of, finish, in_words, mean_of, numbers, seeds_of, sheet


def stage_lines(accuracy: Values, rival: np.ndarray, label: str, stages: Sequence[str]) -> Picture:
    """Accuracy of the features of each stage, {network: (seeds, stages)}, and of a rival without a source, (seeds,)."""
    figure, (axis,) = sheet(height=4.2)
    places = range(len(stages))
    axis.bands(places, accuracy, marker="o", ylim=(0, 1))
    axis.axhline(np.mean(rival), color=GREY, linestyle=":", linewidth=1.6)
    axis.text(0, 0.03, f"dotted: {label}", color=GREY, fontsize=8)
    axis.set_xticks(places, stages)
    axis.set(xlabel="features taken after …", ylabel="target test accuracy")
    n, table = seeds_of(accuracy), {name: numbers(dict(zip(stages, values.T))) for name, values in accuracy.items()}
    words = f"{in_words(accuracy)}; {label} {in_words({'': rival}).strip()}"
    text = f"Test accuracy of the features after {', '.join(stages)}, {mean_of(n)}. {words}."
    best = {name: stages[int(np.argmax(values.mean(0)))] for name, values in accuracy.items()}
    first = next(iter(best))
    gap = 100 * (accuracy[first].mean(0).max() - np.mean(rival))
    against = "about level with" if abs(gap) < 1 else f"{abs(gap):.0f} points {'ahead of' if gap > 0 else 'behind'}"
    plain = f"{first}: the features after {best[first]} carry furthest, {against} {label}"
    return finish(figure, text, band_of(n), left=0.075, right=0.86, plain=f"{plain}.", table=table)


def loss_lines(losses: dict[str, np.ndarray], level: float, label: str) -> Picture:
    """The training loss before each step, {arm: (seeds, steps)}, and a level to compare with."""
    figure, (axis,) = sheet(height=4.0)
    steps = range(min(len(each[0]) for each in losses.values()))
    shown = {name: each[:, : len(steps)] for name, each in losses.items()}
    axis.bands(steps, shown, marker="o", ylim=(0, 1.15 * max(level, *(each.max() for each in shown.values()))))
    axis.axhline(level, color=GREY, linestyle=":", linewidth=1.6)
    axis.text(len(steps) - 1, 1.02 * level, label, color=GREY, fontsize=8, ha="right", va="bottom")
    axis.set(xlabel="steps", ylabel="training loss", xticks=list(steps)[:: max(1, len(steps) // 10)])
    n, ends = seeds_of(losses), {name: each[:, [0, len(steps) - 1]] for name, each in losses.items()}
    text = f"Training loss at the first step and at step {len(steps) - 1}, {mean_of(n)}. {in_words(ends)}."
    return finish(figure, f"{text} {label}: {level:.2f}.", band_of(n), left=0.075, right=0.74)
