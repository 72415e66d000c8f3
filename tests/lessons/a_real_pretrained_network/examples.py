"""Examples of the pictures and the panel of lesson 06."""

import numpy as np

from tests.lessons.a_real_pretrained_network.small_network import small_network, some_drawings
from tests.plots.drawn import Example
from tests.plots.made_up import RNG, values
from tests.widgets.made import PanelExample
from transferlib.lessons.a_real_pretrained_network import plots
from transferlib.measures import with_error

NAMES = "block 1", "block 8", "last layer"
STAGES, RIVAL = values(("ImageNet", "untrained"), (5, 3)), RNG.random(5)
LOSSES = {"last block": RNG.random((5, 8)), "all layers": RNG.random((5, 6))}


def stages(page):
    page.bands([0, 1, 2], STAGES)
    page.rule(y=np.mean(RIVAL))


def losses(page):
    page.bands(range(6), {name: each[:, :6] for name, each in LOSSES.items()})
    page.rule(y=1.61)


PICTURES = {
    "stage_lines": Example(
        lambda: plots.stage_lines(STAGES, RIVAL, "SVM on HOG", NAMES), [f"SVM on HOG {with_error(RIVAL)}"], stages
    ),
    "loss_lines": Example(lambda: plots.loss_lines(LOSSES, 1.61, "a guess"), ["a guess: 1.61", "at step 5"], losses),
}


def small():
    networks = {name: small_network(seed) for seed, name in enumerate(("ImageNet", "untrained 1", "untrained 2"))}
    return dict(drawings=some_drawings(3), networks=networks, sizes=(24, 32))


PANELS = {"stages": PanelExample(small, dict(seeds=1))}
