"""The panel of a real pretrained network."""

from functools import wraps

import keras
from ipywidgets import Dropdown

from transferlib.lessons.a_real_pretrained_network.kept_features import WRONG, features
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, choice

RIVALS = "svm(pixels)", "svm(histograms)", "linear(histograms)"
Kept = dict[str, dict[str, dict[str, Task]]]


def blocks(pictures: dict[str, Task], kept: Kept, network: keras.Model | None = None) -> Panel:
    """Which block's features carry best.

    pictures  {target: its pictures}; kept {target: {network: {block: Task}}}

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
        model, rows = rival[:-1].split("(")
        spoilt = "features(pictures[target], network, WRONG[wrong], progress=progress)"
        return f"""
            import numpy as np
            from transferlib.experiments import which_seeds
            from transferlib.lessons.a_real_pretrained_network import plots
            from transferlib.lessons.a_real_pretrained_network.kept_features import (
                WRONG, by_block, features, histograms, linear, svm)

            target, wrong, per_class, seeds = {target!r}, {wrong!r}, {per_class}, {seeds}
            shown = kept[target]{"" if wrong == "nothing" else f" | {{wrong: {spoilt}}}"}
            accuracy = by_block(shown, per_class, seeds, progress=progress)
            rows = {"pictures[target]" if rows == "pixels" else "histograms(pictures[target])"}
            rival = np.array([{model}(rows, per_class, seed) for seed in which_seeds(seeds)])
            plots.block_lines({{target: accuracy}}, {{target: rival}}, {rival!r})"""

    presets = {"one label": dict(per_class=1), "twenty": dict(per_class=20)}
    if network is not None:
        presets["range forgotten"] = dict(wrong="range 0 … 1")
    at_hand = dict(pictures=pictures, kept=kept, network=network, features=passed)
    return Panel(controls, code, at_hand, presets, "Blocks")
