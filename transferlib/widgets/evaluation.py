"""Panels of evaluation: the lottery of seeds, and the label budget."""

import ipywidgets as widgets
import numpy as np

from transferlib import plots
from transferlib.experiments import compare, label_budget
from transferlib.measures import at
from transferlib.strategies import NAMED
from transferlib.widgets.panel import WIDE, Panel, choice

NEEDS = "from transferlib import plots\nfrom transferlib.strategies import NAMED\n"


def seed_lottery(pair, source, target, seeds=40):
    """Choose the seeds that a report is to be based on, and with them the winner. A button for each possible winner."""
    budget = dict(seeds=seeds, steps=300)
    controls = dict(
        first=widgets.IntSlider(value=0, min=0, max=seeds - 1, description="first seed", style=WIDE),
        number=choice("how many seeds", (1, 2, 3, 5, 10, 20, 40), 1),
        per_class=choice("labels per class", (2, 5, 10, 20), 10),
    )

    def draw(progress, first, number, per_class):
        results = compare(pair, source, target, NAMED.values(), per_class=per_class, progress=progress, **budget)
        return plots.lottery(results, range(first, min(first + number, seeds)))

    def code(first, number, per_class):
        return (
            f"{NEEDS}from transferlib.experiments import compare\n\n"
            f"results = compare(pair, source, target, NAMED.values(), per_class={per_class}, seeds={seeds}, steps=300)\n"
            f"plots.lottery(results, range({first}, {min(first + number, seeds)}))"
        )

    results = compare(pair, source, target, NAMED.values(), per_class=10, **budget)
    winner = np.stack([at(runs) for runs in results.values()]).argmax(0)
    presets = {
        f"make {name} win": dict(first=int(np.flatnonzero(winner == i)[0]), number=1, per_class=10)
        for i, name in enumerate(results)
        if i in winner
    }
    return Panel(controls, draw, code, presets, "Seed lottery")


def label_budgets(pair, source, target):
    """The label-budget curve, as accuracies or as paired differences to from scratch."""
    controls = dict(
        shown=widgets.ToggleButtons(options=["accuracy", "difference"], value="difference", description="show", style=WIDE),
        seeds=choice("seeds", (2, 3, 5, 10, 20), 10),
        steps=choice("training steps", (50, 100, 300), 300),
    )
    pictures = {"accuracy": plots.budget_curves, "difference": plots.budget_gains}

    def draw(progress, shown, **budget):
        labels = [1, 2, 5, 10, 20, 50]
        return pictures[shown](label_budget(pair, source, target, NAMED.values(), labels, progress=progress, **budget))

    def code(shown, seeds, steps):
        return (
            f"{NEEDS}from transferlib.experiments import label_budget\n\n"
            "labels = [1, 2, 5, 10, 20, 50]\n"
            f"table = label_budget(pair, source, target, NAMED.values(), labels, seeds={seeds}, steps={steps})\n"
            f"plots.{pictures[shown].__name__}(table)"
        )

    presets = {"three seeds": dict(seeds=3), "little time": dict(steps=50)}
    return Panel(controls, draw, code, presets, "Label budget")
