"""The panel of a real pretrained network."""

from functools import wraps

from ipywidgets import Dropdown

from transferlib.methods.a_real_pretrained_network import by_block
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, choice

RIVALS = "svm(pixels)", "svm(histograms)", "linear(histograms)"


def blocks(pictures: dict[str, Task], kept: dict[str, dict[str, dict[str, Task]]]) -> Panel:
    """Which block's features carry best: pictures {target: its pictures}, kept {target: {network: {block: Task}}}."""
    controls = dict(
        target=choice("target", pictures, next(iter(pictures), None), Dropdown),
        per_class=choice("labels per class", (1, 2, 5, 10, 20), 5),
        rival=choice("rival without a source", RIVALS, RIVALS[0], Dropdown),
        seeds=choice("seeds", range(1, 11), 10),
    )
    known = {}

    @wraps(by_block)  # with a memory: another rival needs no new fits
    def remembered(made, per_class, seeds, progress):
        key = id(made), per_class, seeds
        if key not in known:
            known[key] = by_block(made, per_class, seeds, progress=progress)
        return known[key]

    def code(target, per_class, rival, seeds):
        name, made = rival[:-1].split("(")
        rows = "pictures[target]" if made == "pixels" else "histograms(pictures[target])"
        return (
            "import numpy as np\n"
            "from transferlib import plots\n"
            "from transferlib.experiments import which_seeds\n"
            f"from transferlib.methods.a_real_pretrained_network import by_block, histograms, {name}\n\n"
            f"target, per_class, seeds = {target!r}, {per_class}, {seeds}\n"
            "accuracy = by_block(kept[target], per_class, seeds, progress=progress)\n"
            f"rows = {rows}\n"
            f"rival = np.array([{name}(rows, per_class, seed) for seed in which_seeds(seeds)])\n"
            f"plots.block_lines({{target: accuracy}}, {{target: rival}}, {rival!r})"
        )

    presets = {"one label": dict(per_class=1), "twenty": dict(per_class=20)}
    return Panel(controls, code, dict(pictures=pictures, kept=kept, by_block=remembered), presets, "Blocks")
