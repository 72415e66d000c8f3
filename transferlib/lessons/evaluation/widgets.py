"""The panel of the lottery of seeds."""

import numpy as np

from transferlib.experiments import compare, which_seeds
from transferlib.measures import value_at
from transferlib.networks import Pair
from transferlib.strategies import NAMED
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, choice


def seed_lottery(pair: Pair, source: Task, target: Task, seeds: int = 40) -> Panel:
    """Choose the seeds that a report is based on, and so the winner. A button for each possible winner."""
    results = compare(pair, source, target, NAMED.values(), per_class=10, seeds=seeds, steps=300)
    drawn = list(which_seeds(seeds))
    controls = dict(
        first=choice("first seed", drawn),
        number=choice("how many seeds", [n for n in (1, 2, 3, 5, 10, 20, 40) if n <= seeds], 1),
        per_class=choice("labels per class", (2, 5, 10, 20), 10),
    )

    def code(first, number, per_class):
        start = min(first, drawn[-number])  # so many as are asked for: near the end, the last ones
        return f"""
            from transferlib.experiments import compare
            from transferlib.lessons.evaluation import plots
            from transferlib.strategies import NAMED

            budget = dict(per_class={per_class}, seeds={seeds}, steps=300, progress=progress)
            results = compare(pair, source, target, NAMED.values(), **budget)
            plots.lottery(results, range({start}, {start + number}))"""

    winner = np.stack([value_at(runs) for runs in results.values()]).argmax(0)
    presets = {
        f"make {name} win": dict(first=drawn[winner.tolist().index(i)], number=1, per_class=10)
        for i, name in enumerate(results)
        if i in winner
    }
    return Panel(controls, code, dict(pair=pair, source=source, target=target), presets, "Seed lottery")
