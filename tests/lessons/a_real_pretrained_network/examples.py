"""Examples of the pictures and the panel of lesson 06."""

import numpy as np

from tests.lessons.a_real_pretrained_network.small_vgg import small_vgg
from tests.plots.drawn import Example
from tests.plots.made_up import RNG, values
from tests.widgets.made import PanelExample, noise
from transferlib.lessons.a_real_pretrained_network import kept_features, plots
from transferlib.measures import with_error

BLOCKS = {name: values(("VGG16", "random twin"), (5, 5)) for name in ("photographs", "digits")}
RIVAL = {name: RNG.random(5) for name in BLOCKS}


def lines(x):
    def shows(*pages):
        for page, target in zip(pages, BLOCKS, strict=True):
            assert page.title == target
            page.bands(x, BLOCKS[target])
            page.rule(y=np.mean(RIVAL[target]))

    return shows


PICTURES = {
    "block_lines": Example(
        lambda: plots.block_lines(BLOCKS, RIVAL, "SVM on pixels"),
        [f"SVM on pixels {with_error(each)}" for each in RIVAL.values()] + ["blocks 1 to 5"],
        lines([1, 2, 3, 4, 5]),
    ),
    "step_lines": Example(
        lambda: plots.step_lines(BLOCKS, (0, 5, 10, 20, 40), RIVAL, dict.fromkeys(RIVAL, "kept")),
        [f"kept {with_error(each)}" for each in RIVAL.values()] + ["after 0, 5, 10, 20, 40 steps"],
        lines([0, 5, 10, 20, 40]),
    ),
}


def photographs():
    pictures = {name: noise(32, 32, 3, seed=i) for i, name in enumerate(("photographs", "digits"))}
    kept = {name: {n: {b: noise(6, seed=n) for b in kept_features.BLOCKS} for n in range(2)} for name in pictures}
    return dict(pictures=pictures, kept=kept, network=small_vgg(2))


PANELS = {"blocks": PanelExample(photographs, dict(seeds=1))}
