"""A pair of networks: which layers are shared."""

from transferlib.plots.canvas import PART_COLOURS, Picture, finish, sheet


def network(pair) -> Picture:
    """The two networks of a `Pair` as columns of boxes, the shared layers drawn once → Picture."""
    from transferlib.networks import PARTS, short  # here: the other pictures need no TensorFlow

    kept = {part: [each for each in getattr(pair, part).layers if short(each) != "Identity"] for part in PARTS}
    parts = {part: [(short(each), each.count_params()) for each in some] for part, some in kept.items()}
    shared, frozen = len(parts["shared"]), bool(parts["shared"]) and not pair.shared.trainable
    layers = shared + len(parts["source"])
    figure, (axis,) = sheet(width=7.6, height=0.62 * layers + 1.5)
    axis.axis("off")
    for i, (name, parameters) in enumerate(parts["shared"], 1):
        words = f"shared: {name}, {parameters:,} parameters{' (frozen)' * frozen}"
        axis.box(0, i, 4.3, words, PART_COLOURS["shared"], "///" if frozen else None, 0.56)
        if i > 1:
            axis.arrow_to(0, i - 0.68, 0, i - 0.32)
    for task, x in (("source", -1.25), ("target", 1.25)):
        axis.text(x, 0.22, f"{task} picture", ha="center", fontsize=9.5)
        axis.text(x, layers + 0.55, f"{task} class", ha="center", fontsize=9.5)
        axis.arrow_to(x, 0.4, x, 0.68)
        axis.arrow_to(x, layers + 0.32, x, layers + 0.5)
        for i, (name, parameters) in enumerate(parts[task], shared + 1):
            axis.box(x, i, 2.3, f"{name}, {parameters:,}", PART_COLOURS[task], height=0.56)
            if i > 1:
                axis.arrow_to(x, i - 0.68, x, i - 0.32)
    axis.set(xlim=(-2.6, 2.6), ylim=(0, layers + 0.9))
    common, source, target = (sum(count for _, count in parts[part]) for part in PARTS)
    own = f"{source:,} private to each task" if source == target else f"{source:,} and {target:,} private"
    text = f"{shared} of {layers} layers shared: {common:,} shared parameters{' (frozen)' * frozen}, {own}"
    every = common + source + target
    text += f"; {every:,} in all, against {every + common:,} for two separate networks."
    return finish(figure, text, left=0, right=1, below=0, above=0)
