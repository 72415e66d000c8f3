"""The live panels of the course. Each is its controls, what to draw for them, and the code that draws the same."""

import ipywidgets as widgets

from transferlib import plots
from transferlib.adaptation import adaptations, standardised
from transferlib.crossmodal import SEGMENTS, SPELLING, features, unseen_map
from transferlib.evaluation import compare
from transferlib.panel import WIDE, Panel, choice
from transferlib.strategies import COMBINATIONS, NAMED, Strategy


def race(pair, source, target):
    """Four ways to transfer, retrained for every setting: labels per class, seeds, steps."""
    controls = dict(
        per_class=choice("labels per class", (1, 2, 5, 10, 20, 50), 5),
        seeds=choice("seeds", tuple(range(1, 11)), 5),
        steps=choice("training steps", (50, 100, 200, 300, 500, 1000), 300),
    )

    def draw(progress, **settings):
        results = compare(pair, source, target, NAMED.values(), progress=progress, **settings)
        return plots.learning_curves(results, target.name, source.name)

    def code(per_class, seeds, steps):
        return (
            f"results = compare(pair, source, target, NAMED.values(), per_class={per_class}, seeds={seeds}, steps={steps})\n"
            "plots.learning_curves(results)"
        )

    presets = {
        "one label each": dict(per_class=1),
        "plenty of labels": dict(per_class=50),
        "little time": dict(steps=50),
    }
    return Panel(controls, draw, code, presets, "Race")


def dial(pair, source, target):
    """The dial: any of the four named strategies beside one of your own, set by hand."""
    own = {
        "start": widgets.ToggleButtons(
            options=["source", "random"], value="source", description="shared part starts", style=WIDE
        ),
        "move": widgets.FloatSlider(
            value=0.3, min=0, max=1, step=0.1, description="how far it moves", style=WIDE, layout=dict(width="300px")
        ),
        "alpha": widgets.FloatSlider(
            value=0, min=0, max=2, step=0.25, description="source gradient α", style=WIDE, layout=dict(width="300px")
        ),
        "combine": widgets.Dropdown(options=list(COMBINATIONS), value="sum", description="combined by", style=WIDE),
    }
    shown = {
        name.replace(" ", "_"): widgets.Checkbox(
            value=name in ("fix common", "share weights", "your dial"),
            description=name,
            indent=False,
            layout=dict(width="auto"),
        )
        for name in (*NAMED, "your dial")
    }
    budget = dict(
        per_class=choice("labels per class", (1, 2, 5, 10, 20, 50), 5),
        seeds=choice("seeds", tuple(range(1, 11)), 5),
        steps=choice("training steps", (50, 100, 200, 300, 500, 1000), 300),
        rate=choice("learning rate", (1e-4, 3e-4, 1e-3, 3e-3, 1e-2), 1e-3),
    )

    def chosen(start, move, alpha, combine, **boxes):
        yours = Strategy("your dial", start, round(move, 2), round(alpha, 2), combine)
        strategies = [s for s in (*NAMED.values(), yours) if boxes[s.name.replace(" ", "_")]]
        if not strategies:
            raise ValueError("tick at least one strategy")
        return strategies

    def draw(progress, per_class, seeds, steps, rate, **settings):
        results = compare(
            pair,
            source,
            target,
            chosen(**settings),
            per_class=per_class,
            seeds=seeds,
            steps=steps,
            rate=rate,
            progress=progress,
        )
        return plots.learning_curves(results, target.name, source.name)

    def code(per_class, seeds, steps, rate, **settings):
        names = ", ".join(
            repr(s) if s.name == "your dial" else s.name.replace(" ", "_").replace("from_", "").upper()
            for s in chosen(**settings)
        )
        return (
            f"strategies = [{names}]\n"
            f"results = compare(pair, source, target, strategies, per_class={per_class}, seeds={seeds},\n"
            f"                  steps={steps}, rate={rate})\n"
            "plots.learning_curves(results)"
        )

    presets = {
        "one label each": dict(per_class=1),
        "plenty of labels": dict(per_class=50),
        "four named": dict({key: True for key in shown}, your_dial=False),
        "half way": dict(your_dial=True, move=0.3, alpha=0.0, start="source"),
    }
    return Panel(shown | own | budget, draw, code, presets, "Dial")


def sharing():
    """How much of the article's 100→64→64→10 network is shared: the drawing and the parameter counts."""
    controls = dict(
        shared=choice("layers shared", (0, 1, 2), 1),
        width=choice("units per layer", (16, 32, 64, 128, 256), 64),
        frozen=widgets.Checkbox(value=False, description="shared part frozen", indent=False, layout=dict(width="auto")),
    )

    def draw(progress, shared, width, frozen):
        sizes = [100, width, width, 10]
        layers = [(f"Dense({b})", a * b + b) for a, b in zip(sizes, sizes[1:])]
        return plots.network(layers, shared, frozen)

    def code(shared, width, frozen):
        return (
            f"pair = Pair(100, shared={(width,) * shared}, private={(width,) * (2 - shared)})\n"
            f"pair.shared.trainable = {not frozen}\npair.describe()"
        )

    return Panel(controls, draw, code, {"nothing shared": dict(shared=0), "nearly all": dict(shared=2)}, "Sharing")


def alignment(pair, sources, target):
    """Domain adaptation by hand: which source, how strong DANN and Deep CORAL are, and the clouds of features."""
    controls = dict(
        source=widgets.ToggleButtons(options=list(sources), description="source prepared", style=WIDE),
        dann=choice("DANN λ", (0.0, 0.1, 0.3, 1.0, 3.0, 10.0), 1.0),
        coral=choice("CORAL λ", (0.0, 1.0, 10.0, 100.0), 0.0),
        standardise=widgets.Checkbox(
            value=False, description="standardise each domain", indent=False, layout=dict(width="auto")
        ),
        show=widgets.ToggleButtons(options=["curves", "clouds"], description="show", style=WIDE),
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
        first=widgets.Dropdown(options=digits, value=1, description="never seen", style=WIDE, layout=dict(width="150px")),
        second=widgets.Dropdown(options=digits, value=6, description="and", style=WIDE, layout=dict(width="110px")),
        modality=widgets.ToggleButtons(options=list(modalities), description="code", style=WIDE),
        handicap=choice("handicap of the seen digits", (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0), 0.0),
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
            f"code_map, features = unseen_map(pair, source, {codes}, {pair_})\n"
            f"plots.unseen_answers(code_map, features, source.y_test, {codes}, {pair_}, handicap={handicap})"
        )

    presets = {"easy": dict(first=1, second=6), "hard": dict(first=3, second=9), "help the unseen": dict(handicap=0.4)}
    return Panel(controls, draw, code, presets, "Unseen")
