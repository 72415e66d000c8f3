"""The panel of domain adaptation."""

from collections.abc import Callable

from ipywidgets import ToggleButtons

from transferlib.lessons.domain_adaptation.distances import INPUTS
from transferlib.networks import Pair
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, choice


def alignment(pair: Pair, sources: dict[str, Task], targets: dict[str, Task], adaptations: Callable) -> Panel:
    """Domain adaptation by hand, seed by seed against the source alone: inputs, DANN, Deep CORAL, and which target.

    adaptations   the function of the lesson's page: (source, target, arms, **budget) → {arm: runs}
    """
    controls = dict(
        source=choice("source prepared", sources, next(iter(sources), None), ToggleButtons),
        target=choice("target's labels", targets, next(iter(targets), None), ToggleButtons),
        inputs=choice("inputs", INPUTS, "own mean"),
        show=choice("show", ("seed by seed", "curves", "clouds"), "seed by seed", ToggleButtons),
        dann=choice("DANN λ", (0.0, 0.1, 0.3, 1.0, 3.0, 10.0), 0.0),
        coral=choice("CORAL λ", (0.0, 0.1, 1.0, 10.0, 100.0), 1.0),
        steps=choice("steps", (300, 1000, 3000), 1000),
        seeds=choice("seeds", (2, 5, 10), 10),
    )

    def code(source, target, inputs, dann, coral, show, steps, seeds):
        lines = [
            "from transferlib import plots",
            "from transferlib.lessons import domain_adaptation as lesson",
            "from transferlib.measures import at",
            "from transferlib.lessons.domain_adaptation.distances import INPUTS, features\n",
            f"two = sources[{source!r}], targets[{target!r}]",
            f"yours = dict(inputs={inputs!r}, dann={dann}, coral={coral})",
            f"budget = dict(seeds={seeds}, steps={steps}, rate=0.003, every=100)",
            "arms = {'source only': {}, 'yours': yours}",
            "results = adaptations(*two, arms, **budget, progress=progress)",
        ]
        if show == "curves":
            return "\n".join([*lines, "lesson.plots.adaptation(results)"])
        if show == "seed by seed":
            return "\n".join([*lines, "plots.paired_dots({name: at(runs) for name, runs in results.items()})"])
        lines += [
            "rows = {name: INPUTS[arm.get('inputs', 'as they are')](*two) for name, arm in arms.items()}",
            "first = {k: [features(pair, results[k][0].weights, t.x_test[:300]) for t in rows[k]] for k in rows}",
            "lesson.plots.feature_clouds(first)",
        ]
        return "\n".join(lines)

    presets = {
        "no method, just the mean": dict(coral=0.0, inputs="own mean"),
        "an adversary": dict(dann=1.0, coral=0.0, inputs="as they are"),
        "labels shifted": dict(target=list(targets)[min(1, len(targets) - 1)]),
        "see the clouds": dict(show="clouds"),
    }
    at_hand = dict(pair=pair, sources=sources, targets=targets, adaptations=adaptations)
    return Panel(controls, code, at_hand, presets, "Alignment")
