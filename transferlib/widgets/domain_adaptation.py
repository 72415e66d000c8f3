"""The panel of domain adaptation."""

import ipywidgets as widgets

from transferlib import plots
from transferlib.changes import standardised
from transferlib.methods.cross_modal import features
from transferlib.methods.domain_adaptation import adaptations
from transferlib.widgets.panel import WIDE, Panel, choice


def alignment(pair, sources, target):
    """Domain adaptation by hand: which source, how strong DANN and Deep CORAL are, and the clouds of features."""
    controls = dict(
        source=widgets.ToggleButtons(options=list(sources), description="source prepared", style=WIDE),
        standardise=widgets.Checkbox(value=False, description="standardise each domain", indent=False),
        show=widgets.ToggleButtons(options=["curves", "clouds"], description="show", style=WIDE),
        dann=choice("DANN λ", (0.0, 0.1, 0.3, 1.0, 3.0, 10.0), 1.0),
        coral=choice("CORAL λ", (0.0, 1.0, 10.0, 100.0), 0.0),
        seeds=choice("seeds", tuple(range(1, 6)), 3),
    )

    def draw(progress, source, dann, coral, standardise, show, seeds):
        tasks = sources[source], target
        arms = {"source only": (tasks, {})}
        arms["yours"] = tuple(standardised(t) for t in tasks) if standardise else tasks, dict(dann=dann, coral=coral)
        results = {}
        for number, (name, (used, arm)) in enumerate(arms.items()):
            tell = lambda done, n, number=number: progress(number * n + done, 2 * n)  # noqa: E731
            results |= adaptations(pair, *used, {name: arm}, seeds=seeds, progress=tell)
        if show == "curves":
            return plots.adaptation(results)
        few = {name: [features(results[name][0].weights, t.x_test[:300]) for t in used] for name, (used, _) in arms.items()}
        return plots.feature_clouds(few)

    def code(source, dann, coral, standardise, show, seeds):
        used = f"(sources[{source!r}], target)"
        yours = f"[standardised(task) for task in {used}]" if standardise else used
        lines = [
            "from transferlib import plots",
            "from transferlib.changes import standardised",
            "from transferlib.methods.domain_adaptation import adaptations",
            "from transferlib.methods.cross_modal import features\n",
            f"results = adaptations(pair, *{used}, {{'source only': {{}}}}, seeds={seeds})",
            f"yours = {yours}",
            f"results |= adaptations(pair, *yours, {{'yours': dict(dann={dann}, coral={coral})}}, seeds={seeds})",
        ]
        if show == "curves":
            return "\n".join([*lines, "plots.adaptation(results)"])
        lines += [
            f"used = {{'source only': {used}, 'yours': yours}}",
            "few = {k: [features(results[k][0].weights, t.x_test[:300]) for t in used[k]] for k in used}",
            "plots.feature_clouds(few)",
        ]
        return "\n".join(lines)

    presets = {
        "too strong": dict(dann=10.0),
        "no method": dict(dann=0.0, coral=0.0, standardise=True),
        "see the clouds": dict(show="clouds"),
    }
    return Panel(controls, draw, code, presets, "Alignment")
