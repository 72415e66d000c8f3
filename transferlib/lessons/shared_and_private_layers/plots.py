"""What Keras made of two inputs."""

from transferlib.plots.canvas import PART_COLOURS, Picture, finish, sheet


def wiring(inputs: dict, outputs: dict) -> Picture:
    """All that was made of two Keras inputs, {name: tensor} each, as boxes and arrows, what leads nowhere too → Picture."""
    # Walk up from the inputs: what each operation takes, how high it stands, and of which inputs it is made.
    waiting = [tensor._keras_history.operation for tensor in inputs.values()]
    names, level, made_of, calls = {}, {}, {}, []
    for op, name in zip(waiting, inputs):
        names[op], level[op], made_of[op] = name, 0, {name}
    while waiting:
        below = waiting.pop(0)
        for op in [node.operation for node in below._outbound_nodes]:
            names.setdefault(op, op.name)
            level.setdefault(op, level[below] + 1)
            made_of.setdefault(op, set()).update(made_of[below])
            if (below, op) not in calls:
                calls.append((below, op))
                waiting.append(op)
    # Walk down from the outputs: what leads to which. Where nothing leads to any, nobody asked for it.
    ends = {tensor._keras_history.operation: name for name, tensor in outputs.items()}
    leads_to = {op: {op} & set(ends) for op in names}
    for _ in names:
        for below, above in calls:
            leads_to[below] |= leads_to[above]
    # Left stands what is the first input's, right the second's, and between what is both's. Behind a shared layer the
    # output says whose it is.
    places, first = {}, next(iter(inputs))
    for op in names:
        whose = made_of[op]
        if len(whose) > 1 and len(leads_to[op]) == 1:
            whose = {list(inputs)[list(ends).index(*leads_to[op])]}
        side = 0 if len(whose) > 1 else -1 if first in whose else 1
        places.setdefault((level[op], side), []).append(op)
    at = {}
    for (y, side), row in places.items():
        for number, op in enumerate(row):
            at[op] = side * (1.2 if len(row) == 1 else 0.62 + 1.2 * number), y, ("shared", "target", "source")[side]
    top = max(level.values())
    figure, (axis,) = sheet(width=7.6, height=0.9 * top + 1.4)
    axis.axis("off")
    axis.set(xlim=(-2.5, 2.5), ylim=(-0.6, top + 0.65))
    for below, above in calls:
        axis.arrow_to(at[below][0], level[below] + 0.24, at[above][0], level[above] - 0.24)
    words = []
    for op, (x, y, part) in at.items():
        axis.box(x, y, 1.06, names[op], PART_COLOURS[part] if leads_to[op] else "#ffffff")
        if op in ends or not leads_to[op]:
            under = op in [below for below, _ in calls]  # above it stand its arrows
            look = dict(ha="center", va="top" if under else "bottom", fontsize=9)
            axis.text(x, y - 0.34 if under else y + 0.34, ends.get(op, "leads nowhere"), **look)
    for op in names:
        if takes := " and ".join(names[below] for below, above in calls if above == op):
            is_end = f" and is {ends[op]}" if op in ends else ""
            words.append(f"{names[op]} takes {takes}{is_end}{'' if leads_to[op] else ' and leads nowhere'}")
    return finish(figure, "; ".join(words) + ".", left=0, right=1, below=0, above=0)
