"""Pictures of networks: which layers are shared, and how nested ones are wired."""

from matplotlib.patches import FancyBboxPatch

from transferlib.networks import PARTS, short
from transferlib.plots.canvas import PART_COLOURS, Picture, sheet


def network(pair):
    """The two networks of a `Pair` as columns of boxes, the shared layers drawn once → Picture."""
    kept = {part: [each for each in getattr(pair, part).layers if short(each) != "Identity"] for part in PARTS}
    parts = {part: [(short(each), each.count_params()) for each in some] for part, some in kept.items()}
    shared, frozen = len(parts["shared"]), bool(parts["shared"]) and not pair.shared.trainable
    layers = shared + len(parts["source"])
    figure, (axis,) = sheet(width=7.6, height=0.62 * layers + 1.5)
    axis.axis("off")
    axis.grid(False)

    def box(x, y, width, text, colour, hatch=None):
        look = dict(boxstyle="round,pad=0.02", facecolor=colour, edgecolor="#333333", hatch=hatch)
        axis.add_patch(FancyBboxPatch((x - width / 2, y - 0.28), width, 0.56, **look))
        axis.text(x, y, text, ha="center", va="center", fontsize=9.5, bbox=dict(facecolor=colour, edgecolor="none", pad=1.5))

    def arrow(x0, y0, x1, y1):
        axis.annotate("", (x1, y1), (x0, y0), arrowprops=dict(arrowstyle="-|>", color="#333333", shrinkA=0, shrinkB=0))

    heights = [i + 1.0 for i in range(layers)]
    for number, (task, x) in enumerate((("source", -1.25), ("target", 1.25))):
        axis.text(x, 0.22, f"{task} picture", ha="center", fontsize=9.5)
        below = x, 0.4
        for i, (name, parameters) in enumerate(parts["shared"] + parts[task]):
            if i < shared:
                spot = 0.0, heights[i]
                if number == 0:
                    words = f"shared: {name}, {parameters:,} parameters" + (" (frozen)" if frozen else "")
                    box(*spot, 4.3, words, PART_COLOURS["shared"], "///" if frozen else None)
                spot = x if i == 0 else 0.0, heights[i]
            else:
                spot = x, heights[i]
                box(*spot, 2.3, f"{name}, {parameters:,}", PART_COLOURS[task])
            if i == 0 or i >= shared:
                arrow(*((x, below[1]) if i == shared else below), x, spot[1] - 0.32)
            elif number == 0:
                arrow(*below, 0.0, spot[1] - 0.32)
            below = spot[0], spot[1] + 0.32
        axis.text(x, heights[-1] + 0.55, f"{task} class", ha="center", fontsize=9.5)
        arrow(x, heights[-1] + 0.32, x, heights[-1] + 0.5)
    axis.set(xlim=(-2.6, 2.6), ylim=(0, heights[-1] + 0.9))
    figure.subplots_adjust(left=0.0, right=1.0, bottom=0.0, top=1.0)
    common, source, target = (sum(count for _, count in parts[part]) for part in ("shared", "source", "target"))
    own = f"{source:,} private to each task" if source == target else f"{source:,} and {target:,} private"
    text = f"{shared} of {layers} layers shared: {common:,} shared parameters{' (frozen)' * frozen}, {own}"
    every = common + source + target
    return Picture(figure, f"{text}; {every:,} in all, against {every + common:,} for two separate networks.")


def grades_of_nesting():
    """Four networks that add two digits, as boxes: where the reader sits in each, and what looks at what."""
    figure, axes = sheet(width=9.6, height=3.1, columns=4)
    line = dict(arrowstyle="-|>", color="#333333", shrinkA=0, shrinkB=0)

    def box(axis, x, y, width, text, colour, hatch=None):
        look = dict(boxstyle="round,pad=0.02", facecolor=colour, edgecolor="#333333", hatch=hatch)
        axis.add_patch(FancyBboxPatch((x - width / 2, y - 0.22), width, 0.44, **look))
        axis.text(x, y, text, ha="center", va="center", fontsize=9, bbox=dict(facecolor=colour, edgecolor="none", pad=1))

    for axis, name in zip(axes, ("un-nested", "stacking", "progressive", "hierarchical")):
        axis.axis("off")
        axis.set(xlim=(-1.75, 1.75), ylim=(-0.3, 3.4))
        axis.set_title(name, loc="center")
        side, own = (-0.75, 0.75), name == "progressive"
        box(axis, 0, 2.3, 3.0, "two layers" if name == "un-nested" else "h", PART_COLOURS["target"])
        axis.annotate("", (0, 2.85), (0, 2.55), arrowprops=line)
        axis.text(0, 2.95, "sum", ha="center", fontsize=9)
        for x, text in zip(side, ("left", "right")):
            axis.text(x, -0.1, text, ha="center", fontsize=9)
            axis.annotate("", (x, 0.92), (x, 0.15), arrowprops=line)
            axis.annotate("", (x, 2.05), (x, 1.45), arrowprops=line)
            if own:  # from the picture, and from inside the reader
                axis.annotate("", (x * 1.9, 2.05), (x * 1.9, -0.03), arrowprops=line)
                axis.plot([x * 1.35, x * 1.9], [-0.03, -0.03], color="#333333", linewidth=1)
                axis.annotate("", (x * 0.5, 2.05), (x * 0.5, 1.45), arrowprops=line)
            if name != "un-nested":
                words = "$f_s$" if name == "hierarchical" else "$f_s$, frozen"
                box(axis, x, 1.2, 1.15, words, PART_COLOURS["shared"], None if name == "hierarchical" else "///")
        if name == "un-nested":
            box(axis, 0, 1.2, 2.65, "two layers, both pictures", PART_COLOURS["shared"])
        if name == "hierarchical":
            axis.text(0, 1.68, "source loss", color="#00664B", fontsize=9, ha="center", fontweight="bold")
            for x in (-0.3, 0.3):
                axis.annotate("", (x, 1.45), (x, 1.64), arrowprops=dict(line, color="#00664B"))
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.01, top=0.91, wspace=0.05)
    text = "Un-nested: the first layers see both pictures at once. Stacking: h sees two readings of a frozen reader"
    text += "; progressive: its hidden layer and the pictures too; hierarchical: the reader moves, the source's loss on it."
    return Picture(figure, text)
