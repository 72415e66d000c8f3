"""Pictures of networks: which layers are shared, and how nested ones are wired."""

from typing import TYPE_CHECKING

from matplotlib.patches import FancyBboxPatch

from transferlib.plots.canvas import PART_COLOURS, Picture, finish, sheet

if TYPE_CHECKING:
    from transferlib.networks import Pair


def _box(axis, x, y, width, text, colour, hatch=None, height=0.44):
    """A layer, or several: its middle, its width and what it is."""
    look = dict(boxstyle="round,pad=0.02", facecolor=colour, edgecolor="#333333", linewidth=1, hatch=hatch)
    axis.add_patch(FancyBboxPatch((x - width / 2, y - height / 2), width, height, **look))
    behind = dict(facecolor=colour, edgecolor="none", pad=1)
    axis.text(x, y, text, ha="center", va="center", fontsize=9, bbox=behind)


def _arrow(axis, x0, y0, x1, y1, colour="#333333"):
    axis.annotate("", (x1, y1), (x0, y0), arrowprops=dict(arrowstyle="-|>", color=colour, linewidth=1, shrinkA=0, shrinkB=0))


def network(pair: "Pair") -> Picture:
    """The two networks of a `Pair` as columns of boxes, the shared layers drawn once → Picture."""
    from transferlib.networks import PARTS, short  # here: the other pictures need no TensorFlow

    kept = {part: [each for each in getattr(pair, part).layers if short(each) != "Identity"] for part in PARTS}
    parts = {part: [(short(each), each.count_params()) for each in some] for part, some in kept.items()}
    shared, frozen = len(parts["shared"]), bool(parts["shared"]) and not pair.shared.trainable
    layers = shared + len(parts["source"])
    figure, (axis,) = sheet(width=7.6, height=0.62 * layers + 1.5)
    axis.axis("off")
    for i, (name, parameters) in enumerate(parts["shared"], 1):
        words = f"shared: {name}, {parameters:,} parameters" + (" (frozen)" if frozen else "")
        _box(axis, 0, i, 4.3, words, PART_COLOURS["shared"], "///" if frozen else None, 0.56)
        if i > 1:
            _arrow(axis, 0, i - 0.68, 0, i - 0.32)
    for task, x in (("source", -1.25), ("target", 1.25)):
        axis.text(x, 0.22, f"{task} picture", ha="center", fontsize=9.5)
        axis.text(x, layers + 0.55, f"{task} class", ha="center", fontsize=9.5)
        _arrow(axis, x, 0.4, x, 0.68)
        _arrow(axis, x, layers + 0.32, x, layers + 0.5)
        for i, (name, parameters) in enumerate(parts[task], shared + 1):
            _box(axis, x, i, 2.3, f"{name}, {parameters:,}", PART_COLOURS[task], height=0.56)
            if i > 1:
                _arrow(axis, x, i - 0.68, x, i - 0.32)
    axis.set(xlim=(-2.6, 2.6), ylim=(0, layers + 0.9))
    common, source, target = (sum(count for _, count in parts[part]) for part in PARTS)
    own = f"{source:,} private to each task" if source == target else f"{source:,} and {target:,} private"
    text = f"{shared} of {layers} layers shared: {common:,} shared parameters{' (frozen)' * frozen}, {own}"
    every = common + source + target
    text += f"; {every:,} in all, against {every + common:,} for two separate networks."
    return finish(figure, text, left=0, right=1, bottom=0, top=1)


def grades_of_nesting() -> Picture:
    """Four networks that add two digits, as boxes: where the reader sits in each, and what looks at what."""
    figure, axes = sheet(width=9.6, height=3.1, columns=4)
    for axis, name in zip(axes, ("un-nested", "stacking", "progressive", "hierarchical")):
        axis.axis("off")
        axis.set(xlim=(-1.75, 1.75), ylim=(-0.3, 3.4))
        axis.set_title(name, loc="center")
        _box(axis, 0, 2.3, 3.0, "two layers" if name == "un-nested" else "h", PART_COLOURS["target"])
        _arrow(axis, 0, 2.55, 0, 2.85)
        axis.text(0, 2.95, "sum", ha="center", fontsize=9)
        for x, text in ((-0.75, "left"), (0.75, "right")):
            axis.text(x, -0.1, text, ha="center", va="center", fontsize=9)
            _arrow(axis, x, 0.15, x, 0.92)
            _arrow(axis, x, 1.45, x, 2.05)
            if name == "progressive":  # from the picture, and from inside the reader
                _arrow(axis, x * 1.9, -0.03, x * 1.9, 2.05)
                axis.plot([x * 1.35, x * 1.9], [-0.03, -0.03], color="#333333", linewidth=1)
                _arrow(axis, x * 0.5, 1.45, x * 0.5, 2.05)
            if name == "hierarchical":
                _box(axis, x, 1.2, 1.15, "$f_s$", PART_COLOURS["shared"])
                _arrow(axis, x * 0.4, 1.64, x * 0.4, 1.45, "#00664B")
            elif name != "un-nested":
                _box(axis, x, 1.2, 1.15, "$f_s$, frozen", PART_COLOURS["shared"], "///")
        if name == "un-nested":
            _box(axis, 0, 1.2, 2.65, "two layers, both pictures", PART_COLOURS["shared"])
        if name == "hierarchical":
            axis.text(0, 1.68, "source loss", color="#00664B", fontsize=9, ha="center", fontweight="bold")
    text = "Un-nested: the first layers see both pictures at once. Stacking: h sees two readings of a frozen reader"
    text += "; progressive: its hidden layer and the pictures too; hierarchical: the reader moves, the source's loss on it."
    return finish(figure, text, left=0.01, right=0.99, bottom=0.01, top=0.91, wspace=0.05)


def wiring(inputs: dict, outputs: dict) -> Picture:
    """All that was made of two Keras inputs, {name: tensor} each, as boxes and arrows, what leads nowhere too → Picture."""
    boxes, calls, waiting = {}, [], []
    for name, tensor in inputs.items():
        boxes[id(tensor._keras_history.operation)] = dict(name=name, level=0, of={name})
        waiting.append(tensor._keras_history.operation)
    while waiting:
        below = waiting.pop(0)
        for node in below._outbound_nodes:
            op, under = node.operation, boxes[id(below)]
            box = boxes.setdefault(id(op), dict(name=op.name, level=under["level"] + 1, of=set()))
            box["of"] |= under["of"]
            if (id(below), id(op)) not in calls:
                calls.append((id(below), id(op)))
                waiting.append(op)
    ends = {id(tensor._keras_history.operation): name for name, tensor in outputs.items()}
    used = set(ends)
    for _ in boxes:
        used |= {a for a, b in calls if b in used}
    first, *_ = inputs
    reached = {key: {key} & set(ends) for key in boxes}
    for _ in boxes:
        for below, above in calls:
            reached[below] |= reached[above]
    for key, box in boxes.items():  # behind a shared layer the output says whose it is
        whose = (
            box["of"] if len(box["of"]) == 1 or len(reached[key]) != 1 else {list(inputs)[list(ends).index(*reached[key])]}
        )
        box["side"] = 0 if len(whose) > 1 else -1 if first in whose else 1
    places = {}
    for key, box in boxes.items():
        places.setdefault((box["level"], box["side"]), []).append(key)
    for (_, side), row in places.items():
        for number, key in enumerate(row):
            boxes[key]["x"] = side * (1.2 if len(row) == 1 else 0.62 + 1.2 * number)
    top = max(box["level"] for box in boxes.values())
    figure, (axis,) = sheet(width=7.6, height=0.9 * top + 1.4)
    axis.axis("off")
    for a, b in calls:
        x0, y0, x1, y1 = (value for key in (a, b) for value in (boxes[key]["x"], boxes[key]["level"]))
        _arrow(axis, x0, y0 + 0.24, x1, y1 - 0.24)
    for key, box in boxes.items():
        part = ("source", "shared", "target")[box["side"] + 1]
        _box(axis, box["x"], box["level"], 1.06, box["name"], PART_COLOURS[part] if key in used else "#ffffff")
        if key in ends or key not in used:
            below = any(a == key for a, _ in calls)  # above it stand its arrows
            y = box["level"] + (-0.34 if below else 0.34)
            axis.text(box["x"], y, ends.get(key, "leads nowhere"), ha="center", va="top" if below else "bottom", fontsize=9)
    axis.set(xlim=(-2.5, 2.5), ylim=(-0.6, top + 0.65))
    said = []
    for key, box in boxes.items():
        if takes := " and ".join(boxes[a]["name"] for a, b in calls if b == key):
            said.append(
                f"{box['name']} takes {takes}"
                + (f" and is {ends[key]}" if key in ends else "")
                + ("" if key in used else " and leads nowhere")
            )
    return finish(figure, "; ".join(said) + ".", left=0, right=1, bottom=0, top=1)
