"""Examples of the pictures of lesson 06."""

import numpy as np

from tests.plots.drawn import Example
from tests.plots.made_up import RNG, values
from transferlib.lessons.a_real_pretrained_network import plots
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
