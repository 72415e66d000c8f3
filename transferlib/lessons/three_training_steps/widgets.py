"""The panel of the three steps: whose gradient reached which layer."""

from transferlib.lessons.three_training_steps.layer_gradients import UPDATES
from transferlib.networks import Pair
from transferlib.strategies import NAMED
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, choice, menu

LITERALLY = "1 source, read literally"
STAGES = {"1 source": None, LITERALLY: None} | {f"2 target, {name}": name for name in NAMED}


def reach(pair: Pair, source: Task, target: Task) -> Panel:
    """Whose gradient reached which layer, and how large: any training step of the three, update by update."""
    controls = dict(
        stage=menu("step", STAGES),
        update=choice("updates so far", UPDATES, 0),
        per_class=choice("labels per class (step 2)", (1, 2, 5, 10, 20, 50), 5),
        seeds=choice("seeds", (1, 2, 5, 10), 5),
    )

    def code(stage, update, per_class, seeds):
        what = f"None, only_private={stage == LITERALLY}"
        if name := STAGES[stage]:
            what = f"NAMED[{name!r}], per_class={per_class}"
        return f"""
            from transferlib.lessons.three_training_steps import plots
            from transferlib.lessons.three_training_steps.layer_gradients import UPDATES, over_training
            from transferlib.strategies import NAMED

            found = over_training(pair, source, target, {what}, seeds={seeds}, progress=progress)
            plots.layer_gradients(found, UPDATES, {update}, "Step {stage}")"""

    presets = {
        "read literally": dict(stage=LITERALLY),
        "frozen": dict(stage="2 target, fix common"),
        "two gradients": dict(stage="2 target, share gradients"),
        "the end": dict(update=UPDATES[-1]),
    }
    at_hand = dict(pair=pair, source=source, target=target)
    return Panel(controls, code, at_hand, presets, "Reach", lambda stage, **_: () if STAGES[stage] else {"per_class"})
