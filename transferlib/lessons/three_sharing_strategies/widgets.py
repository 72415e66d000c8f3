"""The panel of the dial: the named ways to transfer, and one of your own."""

from transferlib.networks import Pair
from transferlib.strategies import COMBINATIONS, NAMED, Strategy
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, box, buttons, choice, menu, number


def dial(pair: Pair, source: Task, target: Task) -> Panel:
    """The dial: any of the four named strategies beside one of your own, set by hand."""
    own = dict(
        start=buttons("shared part starts", ("source", "random")),
        move=number("how far it moves", 0, 1, 0.1, 0.3),
        alpha=number("source gradient α", 0, 2, 0.25),
        combine=menu("combined by", COMBINATIONS),
    )
    ticked = "from scratch", "fix common", "share weights", "your dial"
    shown = {name.replace(" ", "_"): box(name, name in ticked) for name in (*NAMED, "your dial")}
    budget = dict(
        per_class=choice("labels per class", (1, 2, 5, 10, 20, 50), 1),
        seeds=choice("seeds", range(1, 11), 10),
        steps=choice("training steps", (50, 100, 200, 300, 500, 1000), 300),
        rate=choice("learning rate", (1e-4, 3e-4, 1e-3, 3e-3, 1e-2), 1e-3),
    )

    def code(unrelated, start, move, alpha, combine, per_class, seeds, steps, rate, **boxes):
        yours = Strategy("your dial", start, round(move, 2), round(alpha, 2), combine)
        made = {name: f"NAMED[{name!r}]" for name in NAMED} | {yours.name: repr(yours)}
        chosen = [told for name, told in made.items() if boxes[name.replace(" ", "_")]]
        if not chosen:
            raise ValueError("tick at least one strategy")
        return f"""
            from transferlib import plots
            from transferlib.experiments import compare
            from transferlib.strategies import NAMED, Strategy
            {"from transferlib.changes import scrambled" if unrelated else ""}

            strategies = [{", ".join(chosen)}]
            budget = dict(per_class={per_class}, seeds={seeds}, steps={steps}, rate={rate}, progress=progress)
            tasks = {"scrambled(source)" if unrelated else "source"}, target
            results = compare(pair, *tasks, strategies, both_curves=True, **budget)
            plots.learning_curves(results)"""

    def idle(your_dial, alpha, move, **_):
        """Your dial's settings while it is not drawn, a way to combine while one gradient moves the shared part, or none."""
        return set() if your_dial and alpha and move else {"combine"} if your_dial else set(own)

    presets = {
        "plenty of labels": dict(per_class=50),
        "four named": dict({key: True for key in shown}, your_dial=False),
        "half way": dict(your_dial=True, move=0.5, alpha=0.0, start="source"),
        "unrelated source": dict(unrelated=True),
    }
    budget |= dict(unrelated=box("unrelated source"))
    groups = {"What to draw": shown, "Your dial": own, "Data and budget": budget}
    return Panel(shown | own | budget, code, dict(pair=pair, source=source, target=target), presets, "Dial", idle, groups)
