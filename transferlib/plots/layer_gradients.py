"""Whose gradient reached which layer."""

import numpy as np
from matplotlib.patches import FancyBboxPatch

from transferlib.plots.canvas import PART_COLOURS, TASK_INK, Picture, label_ends, sheet


def layer_gradients(gradients, updates, look, title=""):
    """Whose gradient reached which layer: the network with ‖∂L/∂θ_layer‖ in every box, and the way there → Picture.

    gradients  {task: {part: (seeds, len(updates), layers)}}, as `gradients.over_training` gives it
    updates    after how many updates each was taken; look: the one that the drawing shows
    """
    place, mean = list(updates).index(look), {t: {p: v.mean(0) for p, v in g.items()} for t, g in gradients.items()}
    largest = max(v.max() for parts in mean.values() for v in parts.values()) or 1.0
    figure, (left, right) = sheet(width=10.4, height=4.7, columns=2, gridspec_kw=dict(width_ratios=(1.8, 1)))
    shared = mean["source"]["shared"].shape[1]
    for number in range(shared):
        _layer_box(left, 0.0, number, 6.5, "shared", number, mean, place, largest)
    for part, x in (("source", -1.7), ("target", 1.7)):
        for number in range(mean["source"][part].shape[1]):
            _layer_box(left, x, shared + number, 3.1, part, number, mean, place, largest)
        top = shared + mean["source"][part].shape[1]
        left.text(x, -0.18, f"{part} picture", ha="center", va="top", fontsize=9.5)
        left.text(x, top + 0.02, f"$L_\\mathrm{{{part}}}$", ha="center", va="bottom", fontsize=12, color=TASK_INK[part])
    left.set(xlim=(-3.4, 3.4), ylim=(-0.45, top + 0.4))
    left.axis("off")
    left.set_title(title, loc="left")
    ends, ticks = [], np.arange(len(updates))
    for task, part, line in (
        ("source", "shared", "solid"),
        ("target", "shared", "solid"),
        ("source", "source", (0, (4, 1.5))),
        ("target", "target", (0, (4, 1.5))),
    ):
        size = np.linalg.norm(gradients[task][part], axis=2).mean(0)
        if size.any():
            right.plot(ticks, size, color=TASK_INK[task], linestyle=line, linewidth=2)
            ends.append((f"{task} → " + ("shared" if part == "shared" else "its private"), size[-1], TASK_INK[task]))
    right.axvline(place, color="#999999", linewidth=1)
    right.set_xticks(ticks, [str(n) for n in updates])
    right.set(xlabel="updates so far (not to scale)", ylabel="norm of the gradient at the part", ylim=(0, None))
    label_ends(right, ends, gap=0.07)
    n = len(gradients["source"]["shared"])
    figure.text(0.01, 0.01, f"mean of {n} seeds, each on the next batch of 32 rows", fontsize=8, color="#555555")
    figure.subplots_adjust(left=0.006, right=0.835, bottom=0.135, top=0.92, wspace=0.22)
    words = (
        f"{task} → {', '.join(f'{part} ' + ' '.join(f'{v:.2f}' for v in sizes[place]) for part, sizes in parts.items())}"
        for task, parts in mean.items()
    )
    return Picture(
        figure, f"{title}, after {look} update{'s' * (look != 1)}. Norm of the gradient, layer by layer: {'; '.join(words)}."
    )


def _layer_box(axis, x, row, width, part, number, mean, place, largest):
    """One layer: its name, and a bar for each task's gradient, or in words why there is none."""
    still = not any(parts[part][place, number] for parts in mean.values())
    look = dict(
        boxstyle="round,pad=0.02", facecolor="#e2e2e2" if still else "white", edgecolor=PART_COLOURS[part], linewidth=2
    )
    axis.add_patch(FancyBboxPatch((x - width / 2, row), width, 0.8, **look))
    name = f"{part if part == 'shared' else 'private to ' + part}, layer {number + 1}" + (": still" if still else "")
    begin = x - width / 2 + 0.1
    axis.text(begin, row + 0.68, name, va="center", fontsize=9)
    for y, (task, parts) in zip((0.42, 0.16), mean.items()):
        size, column = parts[part][place, number], {"source": -1.7, "target": 1.7}[task]
        if size > 0:  # it came down to this layer from the loss above
            arrow = dict(arrowstyle="-|>", color=TASK_INK[task], linewidth=1.5, shrinkA=0, shrinkB=0)
            axis.annotate("", (column, row + 0.82), (column, row + 1.0), arrowprops=arrow)
        axis.text(begin, row + y, task, va="center", fontsize=8.5, color=TASK_INK[task])
        axis.barh(row + y, 1.6 * size / largest, 0.17, begin + 0.72, color=PART_COLOURS[task])
        if part not in ("shared", task):
            why = "0: not connected"
        elif size == 0:
            why = "0: frozen" if parts[task].any() else "0: not used"
        else:
            why = f"{size:.2f}"
        axis.text(begin + 0.78 + 1.6 * size / largest, row + y, why, va="center", fontsize=8.5)
