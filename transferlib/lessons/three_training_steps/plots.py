"""Whose gradient reached which layer, and accuracy by labels."""

import numpy as np
from matplotlib.patches import FancyBboxPatch

from transferlib.measures import value_at, with_error
from transferlib.plots.canvas import PART_COLOURS, TASK_INK, Picture, Runs, finish, mean_of, sheet
from transferlib.plots.lines import label_lines, last_step, lines_of

_COLUMN = {"source": -1.7, "target": 1.7}


def layer_gradients(gradients: dict[str, dict[str, np.ndarray]], updates: list[int], look: int, title: str = "") -> Picture:
    """Whose gradient reached which layer: the network with ‖∂L/∂θ_layer‖ in every box, and the way there → Picture.

    gradients  {task: {part: (seeds, len(updates), layers)}}, as `over_training` gives it
    updates    after how many updates each was taken; look: the one that the drawing shows
    """
    if look not in updates:
        raise ValueError(f"look must be one of the updates {list(updates)}, not {look!r}")
    place = list(updates).index(look)
    mean = {task: {part: v.mean(0)[place] for part, v in parts.items()} for task, parts in gradients.items()}
    largest = max(v.mean(0).max() for parts in gradients.values() for v in parts.values()) or 1.0
    figure, (left, right) = sheet(width=10.4, height=4.7, columns=2, width_ratios=(1.8, 1))
    shared = len(mean["source"]["shared"])
    for number in range(shared):
        _layer_box(left, 0.0, number, 6.5, "shared", number, mean, largest)
    for part, x in _COLUMN.items():
        top = shared + len(mean["source"][part])
        for row in range(shared, top):
            _layer_box(left, x, row, 3.1, part, row - shared, mean, largest)
        left.text(x, -0.18, f"{part} picture", ha="center", va="top", fontsize=9.5)
        left.text(x, top + 0.02, f"$L_\\mathrm{{{part}}}$", ha="center", va="bottom", fontsize=12, color=TASK_INK[part])
    left.set(xlim=(-3.4, 3.4), ylim=(-0.45, top + 0.4))
    left.axis("off")
    left.set_title(title)
    sizes, looks = {}, {}
    for task, parts in gradients.items():
        for part, line in (("shared", "solid"), (task, (0, (4, 1.5)))):
            if parts[part].any():
                name = f"{task} → " + ("shared" if part == "shared" else "its private")
                sizes[name], looks[name] = np.linalg.norm(parts[part], axis=2), (TASK_INK[task], line)
    right.bands(range(len(updates)), sizes, looks, ylim=(0, None))
    right.axvline(place, color="#999999", linewidth=1)
    right.set_xticks(range(len(updates)), [str(n) for n in updates])
    right.set(xlabel="updates so far (not to scale)", ylabel="norm of the gradient at the part")
    n = len(gradients["source"]["shared"])
    norms = [(task, [f"{p} {_norms(values[:, place])}" for p, values in parts.items()]) for task, parts in gradients.items()]
    words = ". ".join(f"{task} → {'; '.join(each)}" for task, each in norms)
    text = f"{title}, after {look} update{'s' * (look != 1)}. Norm of the gradient, layer by layer, {mean_of(n)}. "
    note = f"mean of {n} seed{'s' * (n > 1)}, each on the next batch of 32 rows" + "; band: 95 % interval" * (n > 1)
    return finish(figure, f"{text}{words}.", note, left=0.006, right=0.835, below=0.63, above=0.37, wspace=0.22)


def _norms(values):
    """Norms (seeds, layers) in words; a plain 0 for a layer that no gradient reached."""
    return ", ".join(with_error(layer) if layer.any() else "0" for layer in values.T)


def _layer_box(axis, x, row, width, part, number, mean, largest):
    """One layer: its name, and a bar for each task's gradient, or in words why there is none."""
    still = not any(parts[part][number] for parts in mean.values())
    look = dict(facecolor="#e2e2e2" if still else "white", edgecolor=PART_COLOURS[part], linewidth=2)
    axis.add_patch(FancyBboxPatch((x - width / 2, row), width, 0.8, boxstyle="round,pad=0.02", **look))
    name = f"{part if part == 'shared' else 'private to ' + part}, layer {number + 1}" + (": still" if still else "")
    begin = x - width / 2 + 0.1
    axis.text(begin, row + 0.68, name, va="center", fontsize=9)
    for y, (task, parts) in zip((0.42, 0.16), mean.items()):
        size, column = parts[part][number], _COLUMN[task]
        if size > 0:  # it came down to this layer from the loss above
            axis.arrow_to(column, row + 1.0, column, row + 0.82, TASK_INK[task], linewidth=1.5)
        axis.text(begin, row + y, task, va="center", fontsize=8.5, color=TASK_INK[task])
        axis.barh(row + y, 1.6 * size / largest, 0.17, begin + 0.72, color=PART_COLOURS[task])
        if part not in ("shared", task):
            why = "0: not connected"
        elif size == 0:
            why = "0: frozen" if any(values.any() for values in parts.values()) else "0: not used"
        else:
            why = f"{size:.2f}"
        axis.text(begin + 0.78 + 1.6 * size / largest, row + y, why, va="center", fontsize=8.5)


def budget_curves(table: dict[int, Runs]) -> Picture:
    """Target test accuracy against labels per class: {labels: {name: [Run, …]}} → Picture, with 95 % bands."""
    scores = {k: {name: value_at(runs) for name, runs in arms.items()} for k, arms in table.items()}
    return label_lines(list(table), lines_of(scores), f"target test accuracy after {last_step(table)} steps")
