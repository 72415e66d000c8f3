"""The panel of a real pretrained network."""

from functools import wraps

import keras
from ipywidgets import Dropdown

from transferlib.lessons.a_real_pretrained_network.kept_features import WRONG, features
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, choice

RIVALS = "svm(pixels)", "svm(histograms)", "linear(histograms)"


def blocks(
    pictures: dict[str, Task], kept: dict[str, dict[str, dict[str, Task]]], network: keras.Model | None = None
) -> Panel:
    """Which block's features carry best: pictures {target: its pictures}, kept {target: {network: {block: Task}}}.

    With the network itself there is one more control: what is done wrong before it sees the pictures.
    """
    mistakes = ("nothing", *WRONG) if network is not None else ("nothing",)
    controls = dict(
        target=choice("target", pictures, next(iter(pictures), None), Dropdown),
        per_class=choice("labels per class", (1, 2, 5, 10, 20), 5),
        rival=choice("rival without a source", RIVALS, RIVALS[0], Dropdown),
        wrong=choice("done wrong", mistakes, "nothing", Dropdown),
        seeds=choice("seeds", range(1, 11), 10),
    )
    passes = {}

    @wraps(features)  # one pass over the pictures for each mistake
    def passed(task, network, prepare, progress):
        if (key := (id(task), prepare)) not in passes:
            passes[key] = features(task, network, prepare, progress=progress)
        return passes[key]

    def code(target, per_class, rival, wrong, seeds):
        name, made = rival[:-1].split("(")
        rows = "pictures[target]" if made == "pixels" else "histograms(pictures[target])"
        spoilt = "features(pictures[target], network, WRONG[wrong], progress=progress)"
        and_wrong = [f"wrong = {wrong!r}", f"shown = kept[target] | {{wrong: {spoilt}}}"]
        shown = and_wrong if wrong != "nothing" else ["shown = kept[target]"]
        needed = ", ".join(sorted({"by_block", "histograms", name} | ({"WRONG", "features"} if len(shown) > 1 else set())))
        return (
            "import numpy as np\n"
            "from transferlib.lessons.a_real_pretrained_network import plots\n"
            "from transferlib.experiments import which_seeds\n"
            f"from transferlib.lessons.a_real_pretrained_network.kept_features import {needed}\n\n"
            f"target, per_class, seeds = {target!r}, {per_class}, {seeds}\n" + "\n".join(shown) + "\n"
            "accuracy = by_block(shown, per_class, seeds, progress=progress)\n"
            f"rows = {rows}\n"
            f"rival = np.array([{name}(rows, per_class, seed) for seed in which_seeds(seeds)])\n"
            f"plots.block_lines({{target: accuracy}}, {{target: rival}}, {rival!r})"
        )

    presets = {"one label": dict(per_class=1), "twenty": dict(per_class=20)}
    if network is not None:
        presets["range forgotten"] = dict(wrong="range 0 … 1")
    at_hand = dict(pictures=pictures, kept=kept, network=network, features=passed)
    return Panel(controls, code, at_hand, presets, "Blocks")
