"""The panel of a real pretrained network."""

from transferlib.lessons.a_real_pretrained_network.pictograms import WRONG, Drawings
from transferlib.widgets.panel import Panel, choice, menu

RIVALS = {  # in words: the model, and the rows that it reads
    "SVM on HOG": ("svm", "outlines"),
    "SVM on colours, sharpness": ("svm", "colours"),
    "linear model on colours": ("linear", "colours"),
}
SIZES = 64, 96, 128, 224


def stages(drawings: Drawings, networks: dict) -> Panel:
    """Which stage's features carry best: {name: network without its top}, the first of them the one that was trained."""
    controls = dict(
        per_class=choice("labels per kind", (1, 2, 5, 10), 5),
        size=choice("size in pixels", SIZES, SIZES[-1]),
        wrong=menu("done wrong", ("nothing", *WRONG)),
        network=menu("compared with", list(networks)[1:]),
        rival=menu("rival without a source", RIVALS),
        seeds=choice("seeds", range(1, 11), 10),
    )

    def code(per_class, size, wrong, network, rival, seeds):
        model, rows = RIVALS[rival]
        prepare = "efficientnet_lite0_input" if wrong == "nothing" else f"WRONG[{wrong!r}]"
        return f"""
            import numpy as np
            from transferlib.experiments import which_seeds
            from transferlib.imagenet import efficientnet_lite0_input
            from transferlib.lessons.a_real_pretrained_network import plots
            from transferlib.lessons.a_real_pretrained_network.pictograms import (
                STAGES, WRONG, by_stage, colours, stage_features, linear, outlines, resized, svm)

            shown = {prepare}(resized(drawings.pictures, {size}))
            compared = {{name: stage_features(networks[name], shown) for name in ("ImageNet", {network!r})}}
            accuracy = by_stage(compared, drawings.labels, {per_class}, {seeds}, progress=progress)
            rows = {rows}(drawings.pictures)
            rival = np.array([{model}(rows, drawings.labels, {per_class}, seed) for seed in which_seeds({seeds})])
            plots.stage_lines(accuracy, rival, {rival!r}, list(STAGES))"""

    presets = {"one label": dict(per_class=1), "96 pixels": dict(size=SIZES[1]), "range 0 … 1": dict(wrong="range 0 … 1")}
    return Panel(controls, code, dict(drawings=drawings, networks=networks), presets, "Stages")
