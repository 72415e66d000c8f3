"""The panel that opens the course."""

from transferlib.lessons.start_here.opening import LABELS
from transferlib.networks import Pair
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, box, choice


def race(pair: Pair, source: Task, target: Task) -> Panel:
    """What a source is worth at each number of labels, beside rivals with no source and with no training."""

    def code(unrelated, per_class, seeds):
        return f"""
            from transferlib.lessons.start_here import plots
            from transferlib.lessons.start_here.opening import opening
            {"from transferlib.changes import scrambled" if unrelated else ""}

            teacher = {"scrambled(source)" if unrelated else "source"}
            measured = opening(pair, teacher, target, seeds={seeds}, progress=progress)
            plots.opening(measured, {per_class})"""

    presets = {"one label each": dict(per_class=1), "plenty of labels": dict(per_class=50)}
    presets["unrelated source"] = dict(unrelated=True)
    controls = dict(
        per_class=choice("labels per class", LABELS, 1),
        seeds=choice("seeds", (1, 2, 5, 10, 20), 20),
        unrelated=box("unrelated source"),
    )
    return Panel(controls, code, dict(pair=pair, source=source, target=target), presets, "Race")
