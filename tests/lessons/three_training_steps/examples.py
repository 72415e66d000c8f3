"""Examples of the pictures and the panel of lesson 03."""

import numpy as np

from tests.plots.drawn import Example
from tests.plots.made_up import RNG, STEP, curves, runs
from tests.widgets.made import PanelExample, three
from transferlib.lessons.three_training_steps import plots
from transferlib.measures import with_error

INK = {"source": "#56B4E9", "target": "#E69F00"}
OTHER = {"source": "target", "target": "source"}
REACHED = {
    task: {"shared": RNG.random((5, 2, 1)), task: RNG.random((5, 2, 2)), OTHER[task]: np.zeros((5, 2, 2))} for task in INK
}
NO = {"source": {part: np.zeros((1, 2, n)) for part, n in (("shared", 1), ("source", 2), ("target", 2))}}
FROZEN = NO | {"target": {**NO["source"], "target": np.array([[[0.5, 0.25]] * 2])}}
TABLE = {k: runs() for k in (1, 5, 20)}


def reached(gradients, updates, place, why):
    """A bar for each task in each layer's box, as long as its gradient, the longest of all 1.6; or why there is none."""

    def shows(left, right):
        most = max(each.mean(0).max() for parts in gradients.values() for each in parts.values())
        boxes = {(p.get_x() + p.get_width() / 2, p.get_y()): p for p in left.patches if hasattr(p, "get_boxstyle")}
        assert set(boxes) == {(0, 0), *((x, y) for x in (-1.7, 1.7) for y in (1, 2))}
        for part, x, width, rows in (("shared", 0, 6.5, [0]), ("source", -1.7, 3.1, [1, 2]), ("target", 1.7, 3.1, [1, 2])):
            for layer, y in enumerate(rows):
                for task, lift in (("source", 0.42), ("target", 0.16)):
                    size = gradients[task][part].mean(0)[place, layer]
                    begin = x - width / 2 + 0.82
                    left.bars([1.6 * size / most], [y + lift], lying=True, colours=[INK[task]], from_=begin)
                    word = f"{size:.2f}" if size else why[task, part]
                    left.word(word, begin + 0.06 + 1.6 * size / most, y + lift)
                    assert ((-1.7 if task == "source" else 1.7, y + 1, -1.7 if task == "source" else 1.7, y + 0.82)
                            in left.arrows) >= bool(size)  # fmt: skip
                still = not any(gradients[task][part].mean(0)[place, layer] for task in INK)
                name = "shared" if part == "shared" else f"private to {part}"
                left.word(f"{name}, layer {layer + 1}{': still' if still else ''}", y=y + 0.68)
                left.patches.remove(boxes[x, y])
        assert len(left.arrows) == sum(
            (each.mean(0)[place] > 0).sum() for parts in gradients.values() for each in parts.values()
        )
        for task, parts in gradients.items():
            for part, words in (("shared", "shared"), (task, "its private")):
                if parts[part].any():
                    right.band(range(2), np.sqrt((parts[part] ** 2).sum(2)), f"{task} → {words}")
        right.rule(x=place)
        assert right.columns() == list(map(str, updates))

    return shows


APART = {(task, OTHER[task]): "0: not connected" for task in INK}
IDLE = {("source", part): "0: not used" for part in ("shared", "source")} | {("target", "shared"): "0: frozen"}


def budgets(page):
    page.bands(list(TABLE), {name: np.stack([curves(TABLE[k][name])[:, -1] for k in TABLE], 1) for name in TABLE[1]})
    assert page.axis.get_ylabel() == f"target test accuracy after {STEP[-1]} steps"


PICTURES = {
    "layer_gradients": Example(
        lambda: plots.layer_gradients(REACHED, (0, 3), 3, "Step 2"),
        [
            f"source → shared {with_error(REACHED['source']['shared'][:, 1, 0])}; source ",
            "target 0, 0. target → ",
            "3 updates",
        ],
        reached(REACHED, (0, 3), 1, APART),
    ),
    "layer_gradients, frozen": Example(
        lambda: plots.layer_gradients(FROZEN, (0, 3), 0, "Fix"),
        ["target 0.50, 0.25"],
        reached(FROZEN, (0, 3), 0, APART | IDLE),
    ),
    "budget_curves": Example(
        lambda: plots.budget_curves(TABLE),
        ["after 300 steps", f"fix common {', '.join(with_error(curves(TABLE[k]['fix common'])[:, -1]) for k in TABLE)}"],
        budgets,
    ),
}


PANELS = {"reach": PanelExample(three, dict(seeds=1), first=dict(per_class=dict(stage="2 target, fix common")))}
