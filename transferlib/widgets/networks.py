"""The panel of how much is shared."""

from transferlib.widgets.panel import Panel, box, choice


def sharing() -> Panel:
    """How much of the article's 100→64→64→10 network is shared: the drawing and the parameter counts."""
    controls = dict(
        shared=choice("layers shared", (0, 1, 2), 1),
        width=choice("units per layer", (16, 32, 64, 128, 256), 64),
        frozen=box("shared part frozen"),
    )

    def code(shared, width, frozen):
        return f"""
            from transferlib import plots
            from transferlib.networks import Pair

            mine = Pair(100, shared={(width,) * shared}, private={(width,) * (2 - shared)})
            mine.shared.trainable = {not frozen}
            plots.network(mine)"""

    presets = {"nothing shared": dict(shared=0), "nearly all": dict(shared=2)}
    return Panel(controls, code, {}, presets, "Sharing", lambda shared, **_: () if shared else {"frozen"})
