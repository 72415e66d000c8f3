"""The panel of recipes: which layers are copied, and how far each may move."""

from collections.abc import Callable

from transferlib.widgets.panel import Panel, choice, menu

FAR = (0.0, 0.03, 0.1, 0.3, 1.0)


def recipes(compared: Callable, start: Callable, learned: Callable, per_layer: Callable) -> Panel:
    """Your recipe beside from scratch and tune all, with functions of the lesson's page.

    compared   (labels, arms, seeds, progress) → {arm: accuracy (seeds,)}, each at its best rate
    """
    layers = [f"layer {number}" for number in range(1, 5)]
    controls = dict(
        per_class=choice("labels a letter", (5, 20, 100, 300), 20),
        copied=choice("layers copied", range(5), 4),
        pull=choice("pulled back to the start (L2-SP)", (0.0, 0.0001, 0.001, 0.01), 0.0),
        seeds=choice("seeds", (3, 5, 10), 3),
        **{f"far{i}": choice(f"how far {name} moves", FAR, 0.0 if i < 3 else 1.0) for i, name in enumerate(layers, 1)},
        giver=menu("the giver", ("the source", "nobody: random layers")),
    )

    def code(per_class, copied, pull, seeds, far1, far2, far3, far4, giver):
        begin = f"start({copied if giver == 'the source' else 0}, learned)"
        return f"""
            from transferlib import plots
            from transferlib.plots.canvas import who_leads

            arms = {{
                "from scratch": dict(weights=start(0, learned)),
                "tune all": dict(weights=start(4, learned)),
                "yours": dict(weights={begin}, move=per_layer({far1}, {far2}, {far3}, {far4}), pull={pull}),
            }}
            accuracy = compared({per_class}, arms, seeds={seeds}, progress=progress)
            gains = {{name: 100 * (accuracy[name] - accuracy["from scratch"]) for name in ("tune all", "yours")}}
            rows, plain = {{name: {{"gain": gain}} for name, gain in gains.items()}}, f"{{who_leads(accuracy)}}."
            plots.differences(rows, "points over from scratch", plain=plain)"""

    presets = {
        "tune all": dict(far1=1.0, far2=1.0, far3=1.0, far4=1.0),
        "a rate by layer": dict(far1=0.03, far2=0.1, far3=0.3, far4=1.0),
        "freeze all": dict(far1=0.0, far2=0.0, far3=0.0, far4=0.0),
        "many labels": dict(per_class=300),
    }
    at_hand = dict(compared=compared, start=start, learned=learned, per_layer=per_layer)
    groups = {
        "What is shared": ("copied", "giver", "per_class", "seeds"),
        "How far it moves": ("far1", "far2", "far3", "far4", "pull"),
    }

    def idle(copied, giver, **_):
        return {"copied"} if giver != "the source" else () if copied else {"giver"}

    return Panel(controls, code, at_hand, presets, "Recipes", idle, groups)
