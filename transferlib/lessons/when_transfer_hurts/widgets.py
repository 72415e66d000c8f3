"""The panel of sources that do harm."""

from transferlib.networks import Pair
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, choice, menu


def bad_sources(pair: Pair, sources: dict[str, Task], target: Task) -> Panel:
    """Transfer from one of several sources, {name: Task}, beside two controls: scratch, frozen at random."""
    controls = dict(
        name=menu("source", sources),
        per_class=choice("labels per class", (2, 5, 10, 50), 5),
        steps=choice("training steps", (100, 300, 1000), 300),
        seeds=choice("seeds", (3, 5, 10), 5),
    )

    def code(name, per_class, steps, seeds):
        return f"""
            from transferlib import plots
            from transferlib.experiments import compare
            from transferlib.strategies import FIX_COMMON, SCRATCH, SHARE_WEIGHTS

            controls = [SCRATCH, SCRATCH.but(name="frozen at random", move=0.0)]
            head_kept = SHARE_WEIGHTS.but(name="head kept", head="source")
            arms = [*controls, FIX_COMMON, SHARE_WEIGHTS, head_kept]
            budget = dict(per_class={per_class}, steps={steps}, seeds={seeds}, progress=progress)
            results = compare(pair, sources[{name!r}], target, arms, both_curves=True, **budget)
            plots.learning_curves(results)"""

    presets = {"many labels": dict(per_class=50), "more steps": dict(steps=1000)}
    return Panel(controls, code, dict(pair=pair, sources=sources, target=target), presets, "Bad sources")
