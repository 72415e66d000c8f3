"""The panel of how much is shared."""

import ipywidgets as widgets

from transferlib import plots
from transferlib.networks import Pair
from transferlib.widgets.panel import Panel, choice


def sharing():
    """How much of the article's 100→64→64→10 network is shared: the drawing and the parameter counts."""
    controls = dict(
        shared=choice("layers shared", (0, 1, 2), 1),
        width=choice("units per layer", (16, 32, 64, 128, 256), 64),
        frozen=widgets.Checkbox(value=False, description="shared part frozen", indent=False),
    )

    def draw(progress, shared, width, frozen):
        pair = Pair(100, shared=(width,) * shared, private=(width,) * (2 - shared))
        pair.shared.trainable = not frozen
        return plots.network(pair)

    def code(shared, width, frozen):
        return (
            "from transferlib import plots\nfrom transferlib.networks import Pair\n\n"
            f"mine = Pair(100, shared={(width,) * shared}, private={(width,) * (2 - shared)})\n"
            f"mine.shared.trainable = {not frozen}\n"
            "plots.network(mine)"
        )

    presets = {"nothing shared": dict(shared=0), "nearly all": dict(shared=2)}
    return Panel(controls, draw, code, presets, "Sharing", lambda shared, **_: () if shared else {"frozen"})
