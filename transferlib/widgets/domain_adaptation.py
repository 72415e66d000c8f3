"""The panel of domain adaptation."""

from ipywidgets import ToggleButtons

from transferlib.networks import Pair
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, box, choice


def alignment(pair: Pair, sources: dict[str, Task], target: Task) -> Panel:
    """Domain adaptation by hand: which source, how strong DANN and Deep CORAL are, and the clouds of features."""
    controls = dict(
        source=choice("source prepared", sources, next(iter(sources), None), ToggleButtons),
        standardise=box("standardise each domain"),
        show=choice("show", ("curves", "clouds"), "curves", ToggleButtons),
        dann=choice("DANN λ", (0.0, 0.1, 0.3, 1.0, 3.0, 10.0), 1.0),
        coral=choice("CORAL λ", (0.0, 1.0, 10.0, 100.0), 0.0),
        seeds=choice("seeds", range(1, 6), 3),
    )

    def code(source, dann, coral, standardise, show, seeds):
        plain, strengths = f"(sources[{source!r}], target)", f"dict(dann={dann}, coral={coral})"
        yours = f"[standardised(task) for task in {plain}]" if standardise else plain
        lines = [
            "from transferlib import plots",
            "from transferlib.changes import standardised",
            "from transferlib.methods.domain_adaptation import adaptations",
            "from transferlib.methods.cross_modal import features\n",
            f"used = {{'source only': {plain}, 'yours': {yours}}}",
            f"arms = {{'source only': {{}}, 'yours': {strengths}}}",
            "results = {}",
            "for k, arm in arms.items():",
            f"    results |= adaptations(pair, *used[k], {{k: arm}}, seeds={seeds}, progress=progress)",
        ]
        if show == "curves":
            return "\n".join([*lines, "plots.adaptation(results)"])
        lines += [
            "few = {k: [features(results[k][0].weights, t.x_test[:300]) for t in used[k]] for k in used}",
            "plots.feature_clouds(few)",
        ]
        return "\n".join(lines)

    presets = {
        "too strong": dict(dann=10.0),
        "no method": dict(dann=0.0, coral=0.0, standardise=True),
        "see the clouds": dict(show="clouds"),
    }
    return Panel(controls, code, dict(pair=pair, sources=sources, target=target), presets, "Alignment")
