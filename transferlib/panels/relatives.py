"""Panels of domain adaptation and of unseen digits."""

import ipywidgets as widgets

from transferlib import plots
from transferlib.adaptation import adaptations, standardised
from transferlib.crossmodal import SEGMENTS, SPELLING, features, unseen_map
from transferlib.panel import WIDE, Panel, choice


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
        return plots.clouds(few)

    def code(source, dann, coral, standardise, show, seeds):
        used = f"(sources[{source!r}], target)"
        yours = f"[standardised(task) for task in {used}]" if standardise else used
        lines = [
            "from transferlib import plots",
            "from transferlib.adaptation import adaptations, standardised",
            "from transferlib.crossmodal import features\n",
            f"results = adaptations(pair, *{used}, {{'source only': {{}}}}, seeds={seeds})",
            f"yours = {yours}",
            f"results |= adaptations(pair, *yours, {{'yours': dict(dann={dann}, coral={coral})}}, seeds={seeds})",
        ]
        if show == "curves":
            return "\n".join([*lines, "plots.adaptation(results)"])
        lines += [
            f"used = {{'source only': {used}, 'yours': yours}}",
            "few = {k: [features(results[k][0].weights, t.x_test[:300]) for t in used[k]] for k in used}",
            "plots.clouds(few)",
        ]
        return "\n".join(lines)

    presets = {
        "too strong": dict(dann=10.0),
        "no method": dict(dann=0.0, coral=0.0, standardise=True),
        "see the clouds": dict(show="clouds"),
    }
    return Panel(controls, draw, code, presets, "Alignment")


def unseen(pair, task):
    """Zero-shot by hand: which two digits no picture is seen of, which second modality, and the seen digits' handicap."""
    modalities = {"segments": SEGMENTS, "spelling": SPELLING}
    digits = list(range(10))
    controls = dict(
        first=widgets.Dropdown(options=digits, value=1, description="never seen", style=WIDE),
        second=widgets.Dropdown(options=digits, value=6, description="and", style=WIDE),
        handicap=choice("handicap of the seen digits", (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0), 0.0),
        modality=widgets.ToggleButtons(options=list(modalities), description="code", style=WIDE),
    )

    def chosen(first, second):
        if first == second:
            raise ValueError("choose two different digits")
        return tuple(sorted((first, second)))

    def draw(progress, first, second, modality, handicap):
        pair_, codes = chosen(first, second), modalities[modality]
        return plots.unseen_answers(*unseen_map(pair, task, codes, pair_), task.y_test, codes, pair_, handicap)

    def code(first, second, modality, handicap):
        pair_, codes = chosen(first, second), modality.upper()
        return (
            f"from transferlib import plots\nfrom transferlib.crossmodal import {codes}, unseen_map\n\n"
            f"code_map, features = unseen_map(pair, source, {codes}, {pair_})\n"
            f"plots.unseen_answers(code_map, features, source.y_test, {codes}, {pair_}, handicap={handicap})"
        )

    presets = {"easy": dict(first=1, second=6), "hard": dict(first=3, second=9), "help the unseen": dict(handicap=0.4)}
    return Panel(controls, draw, code, presets, "Unseen")
