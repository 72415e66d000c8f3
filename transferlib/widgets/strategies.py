"""The panels of the dial: four ways to transfer, and one of your own."""

import ipywidgets as widgets

from transferlib import plots
from transferlib.changes import scrambled
from transferlib.experiments import compare
from transferlib.strategies import COMBINATIONS, NAMED, Strategy
from transferlib.widgets.panel import WIDE, Panel, choice


def _unrelated():
    return widgets.Checkbox(value=False, description="unrelated source", indent=False)


def _code(unrelated, strategies, budget):
    """The lines that compare some strategies, given as code, and draw them."""
    make, name = ("unrelated = scrambled(source)\n", "unrelated") if unrelated else ("", "source")
    needs = "from transferlib.changes import scrambled\n" if unrelated else ""
    return (
        f"from transferlib import plots\nfrom transferlib.experiments import compare\n{needs}"
        f"from transferlib.strategies import NAMED, Strategy\n\n{make}"
        f"strategies = [{', '.join(strategies)}]\n"
        f"budget = dict({', '.join(f'{key}={value}' for key, value in budget.items())})\n"
        f"results = compare(pair, {name}, target, strategies, **budget)\n"
        f"plots.learning_curves(results, target.name, {name}.name)"
    )


def race(pair, source, target):
    """Four ways to transfer, retrained for every setting: labels per class, seeds, steps."""
    controls = dict(
        per_class=choice("labels per class", (1, 2, 5, 10, 20, 50), 5),
        seeds=choice("seeds", tuple(range(1, 11)), 5),
        steps=choice("training steps", (50, 100, 200, 300, 500, 1000), 300),
        unrelated=_unrelated(),
    )
    sources = source, scrambled(source)

    def draw(progress, unrelated, **settings):
        results = compare(pair, sources[unrelated], target, NAMED.values(), progress=progress, **settings)
        return plots.learning_curves(results, target.name, sources[unrelated].name)

    def code(unrelated, **budget):
        return _code(unrelated, ["*NAMED.values()"], budget)

    presets = {
        "one label each": dict(per_class=1),
        "plenty of labels": dict(per_class=50),
        "little time": dict(steps=50),
        "unrelated source": dict(unrelated=True),
    }
    return Panel(controls, draw, code, presets, "Race")


def dial(pair, source, target):
    """The dial: any of the four named strategies beside one of your own, set by hand."""
    own = {
        "start": widgets.ToggleButtons(
            options=["source", "random"], value="source", description="shared part starts", style=WIDE
        ),
        "move": widgets.FloatSlider(value=0.3, min=0, max=1, step=0.1, description="how far it moves", style=WIDE),
        "alpha": widgets.FloatSlider(value=0, min=0, max=2, step=0.25, description="source gradient α", style=WIDE),
        "combine": widgets.Dropdown(options=list(COMBINATIONS), value="sum", description="combined by", style=WIDE),
    }
    shown = {
        name.replace(" ", "_"): widgets.Checkbox(
            value=name in ("fix common", "share weights", "your dial"),
            description=name,
            indent=False,
        )
        for name in (*NAMED, "your dial")
    }
    sources = source, scrambled(source)
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

    def draw(progress, unrelated, per_class, seeds, steps, rate, **settings):
        results = compare(
            pair,
            sources[unrelated],
            target,
            chosen(**settings),
            per_class=per_class,
            seeds=seeds,
            steps=steps,
            rate=rate,
            progress=progress,
        )
        return plots.learning_curves(results, target.name, sources[unrelated].name)

    def code(unrelated, per_class, seeds, steps, rate, **settings):
        made = [f"NAMED[{s.name!r}]" if s.name in NAMED else repr(s) for s in chosen(**settings)]
        return _code(unrelated, made, dict(per_class=per_class, seeds=seeds, steps=steps, rate=rate))

    def idle(your_dial, alpha, **_):
        """What has no effect: your dial's settings while it is not drawn, a way to combine while there is one gradient."""
        return set() if your_dial and alpha else {"combine"} if your_dial else set(own)

    presets = {
        "one label each": dict(per_class=1),
        "plenty of labels": dict(per_class=50),
        "four named": dict({key: True for key in shown}, your_dial=False),
        "half way": dict(your_dial=True, move=0.3, alpha=0.0, start="source"),
        "unrelated source": dict(unrelated=True),
    }
    return Panel(shown | {"unrelated": _unrelated()} | own | budget, draw, code, presets, "Dial", idle)
