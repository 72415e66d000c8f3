"""The panel of the three steps: whose gradient reached which layer."""

import ipywidgets as widgets

from transferlib import plots
from transferlib.methods.layer_gradients import UPDATES, over_training
from transferlib.strategies import FIX_COMMON, SCRATCH, SHARE_GRADIENTS, SHARE_WEIGHTS
from transferlib.widgets.panel import WIDE, Panel, choice

STAGES = {
    "1 source": (None, False),
    "1 source, read literally": (None, True),
    "2 target, from scratch": (SCRATCH, False),
    "2 target, fix common": (FIX_COMMON, False),
    "2 target, share weights": (SHARE_WEIGHTS, False),
    "2 target, share gradients": (SHARE_GRADIENTS, False),
}


def reach(pair, source, target):
    """Whose gradient reached which layer, and how large: any training step of the three, update by update."""
    controls = dict(
        stage=widgets.Dropdown(options=list(STAGES), value="2 target, share gradients", description="step", style=WIDE),
        update=choice("updates so far", UPDATES, 0),
        per_class=choice("labels per class (step 2)", (1, 2, 5, 10, 20, 50), 5),
        seeds=choice("seeds", (1, 2, 5, 10), 5),
    )

    def draw(progress, stage, update, per_class, seeds):
        strategy, only_private = STAGES[stage]
        found = over_training(
            pair, source, target, strategy, per_class=per_class, seeds=seeds, only_private=only_private, progress=progress
        )
        return plots.layer_gradients(found, UPDATES, update, f"Step {stage}")

    def code(stage, update, per_class, seeds):
        strategy, only_private = STAGES[stage]
        what = f"None, only_private={only_private}"
        if strategy:
            what = f"NAMED[{strategy.name!r}], per_class={per_class}"
        return (
            "from transferlib import plots\nfrom transferlib.methods.layer_gradients import UPDATES, over_training\n"
            "from transferlib.strategies import NAMED\n\n"
            f"found = over_training(pair, source, target, {what}, seeds={seeds})\n"
            f'plots.layer_gradients(found, UPDATES, {update}, "Step {stage}")'
        )

    presets = {
        "read literally": dict(stage="1 source, read literally"),
        "frozen": dict(stage="2 target, fix common"),
        "two gradients": dict(stage="2 target, share gradients"),
        "the end": dict(update=UPDATES[-1]),
    }
    return Panel(
        controls, draw, code, presets, "Reach", lambda stage, **_: {"per_class"} if STAGES[stage][0] is None else ()
    )
