"""The panel of sources that do harm."""

from ipywidgets import Dropdown

from transferlib.networks import Pair
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, choice


def bad_sources(pair: Pair, sources: dict[str, Task], target: Task) -> Panel:
    """Transfer from one source of several, {name: Task}, beside both controls: from scratch, and frozen at random."""
    names = list(sources)
    controls = dict(
        name=choice("source", names, names[0], Dropdown),
        per_class=choice("labels per class", (2, 5, 10, 50), 5),
        steps=choice("training steps", (100, 300, 1000), 300),
        seeds=choice("seeds", (3, 5, 10), 5),
    )

    def code(name, per_class, steps, seeds):
        return (
            "from transferlib import plots\nfrom transferlib.experiments import compare\n"
            "from transferlib.strategies import FIX_COMMON, SCRATCH, SHARE_WEIGHTS\n\n"
            'controls = [SCRATCH, SCRATCH.but(name="frozen at random", move=0.0)]\n'
            'with_head = SHARE_WEIGHTS.but(name="weights and head", head="source")\n'
            f"budget = dict(per_class={per_class}, steps={steps}, seeds={seeds}, progress=progress)\n"
            f"arms = [*controls, FIX_COMMON, SHARE_WEIGHTS, with_head]\n"
            f"results = compare(pair, sources[{name!r}], target, arms, both_curves=True, **budget)\n"
            "plots.learning_curves(results)"
        )

    presets = {"many labels": dict(per_class=50), "more steps": dict(steps=1000)}
    return Panel(controls, code, dict(pair=pair, sources=sources, target=target), presets, "Bad sources")
