"""What Keras made of two inputs."""

from transferlib.plots.canvas import PART_COLOURS, Picture, finish, sheet


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
        axis.arrow_to(x0, y0 + 0.24, x1, y1 - 0.24)
    for key, box in boxes.items():
        part = ("source", "shared", "target")[box["side"] + 1]
        axis.box(box["x"], box["level"], 1.06, box["name"], PART_COLOURS[part] if key in used else "#ffffff")
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
