"""The panel of domain adaptation."""

from collections.abc import Callable

from transferlib.lessons.domain_adaptation.distances import INPUTS
from transferlib.networks import Pair
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, buttons, choice


def alignment(pair: Pair, sources: dict[str, Task], targets: dict[str, Task], adaptations: Callable) -> Panel:
    """Domain adaptation by hand, beside the source alone: inputs, DANN, Deep CORAL, and which target.

    adaptations   the function of the lesson's page: (source, target, arms, **budget) → {arm: runs}
    """
    controls = dict(
        source=buttons("source prepared", sources),
        target=buttons("target's labels", targets),
        inputs=choice("inputs", INPUTS, "own mean"),
        show=buttons("show", ("seed by seed", "curves", "clouds")),
        dann=choice("DANN λ", (0.0, 0.1, 0.3, 1.0, 3.0, 10.0), 0.0),
        coral=choice("CORAL λ", (0.0, 0.1, 1.0, 10.0, 100.0), 1.0),
        steps=choice("steps", (300, 1000, 3000), 1000),
        seeds=choice("seeds", (2, 5, 10), 10),
    )

    ways = {
        "seed by seed": "plots.paired_dots({name: value_at(runs) for name, runs in results.items()})",
        "curves": "lesson.plots.adaptation(results)",
        "clouds": "lesson.plots.feature_clouds(clouds)",
    }

    def code(source, target, inputs, dann, coral, show, steps, seeds):
        clouds = f"""
            rows = {{"source only": two, "yours": INPUTS[{inputs!r}](*two)}}
            first = {{name: runs[0].weights for name, runs in results.items()}}
            clouds = {{k: [features(pair, first[k], task.x_test[:300]) for task in rows[k]] for k in rows}}"""
        return f"""
            from transferlib import plots
            from transferlib.lessons import domain_adaptation as lesson
            from transferlib.lessons.domain_adaptation.distances import INPUTS, features
            from transferlib.measures import value_at

            two = sources[{source!r}], targets[{target!r}]
            arms = {{"source only": {{}}, "yours": dict(inputs={inputs!r}, dann={dann}, coral={coral})}}
            budget = dict(seeds={seeds}, steps={steps}, rate=0.003, every=100)
            results = adaptations(*two, arms, **budget, progress=progress){clouds if show == "clouds" else ""}
            {ways[show]}"""

    presets = {
        "no method, just the mean": dict(dann=0.0, coral=0.0, inputs="own mean"),
        "an adversary": dict(dann=1.0, coral=0.0, inputs="as they are"),
        "labels shifted": dict(target=list(targets)[min(1, len(targets) - 1)]),
        "see the clouds": dict(show="clouds"),
    }
    at_hand = dict(pair=pair, sources=sources, targets=targets, adaptations=adaptations)
    return Panel(controls, code, at_hand, presets, "Alignment", lambda show, **_: {"seeds"} if show == "clouds" else ())
