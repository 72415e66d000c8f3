"""The panel of the lottery of seeds."""

import numpy as np
from ipywidgets import IntSlider

from transferlib.experiments import compare
from transferlib.measures import at
from transferlib.networks import Pair
from transferlib.strategies import NAMED
from transferlib.tasks import Task
from transferlib.widgets.panel import WIDE, Panel, choice

NEEDS = (
    "from transferlib.experiments import compare\n"
    "from transferlib.lessons.evaluation import plots\n"
    "from transferlib.strategies import NAMED"
)


def seed_lottery(pair: Pair, source: Task, target: Task, seeds: int = 40) -> Panel:
    """Choose the seeds that a report is to be based on, and with them the winner. A button for each possible winner."""
    results = compare(pair, source, target, NAMED.values(), per_class=10, seeds=seeds, steps=300)
    controls = dict(
        first=IntSlider(0, min=0, max=seeds - 1, description="first seed", style=WIDE),
        number=choice("how many seeds", (1, 2, 3, 5, 10, 20, 40), 1),
        per_class=choice("labels per class", (2, 5, 10, 20), 10),
    )

    def code(first, number, per_class):
        budget = f"per_class={per_class}, seeds={seeds}, steps=300"
        start = max(0, min(first, seeds - number))  # so many as are asked for: near the end, the last ones
        return (
            f"{NEEDS}\n\n"
            f"results = compare(pair, source, target, NAMED.values(), {budget}, progress=progress)\n"
            f"plots.lottery(results, range({start}, {min(start + number, seeds)}))"
        )

    winner = np.stack([at(runs) for runs in results.values()]).argmax(0)
    presets = {
        f"make {name} win": dict(first=int(np.flatnonzero(winner == i)[0]), number=1, per_class=10)
        for i, name in enumerate(results)
        if i in winner
    }
    return Panel(controls, code, dict(pair=pair, source=source, target=target), presets, "Seed lottery")
