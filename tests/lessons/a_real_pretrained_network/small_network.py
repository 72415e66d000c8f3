"""A network with the names of EfficientNet-lite0's stages and a few maps in each, and drawings to go with it."""

import keras
import numpy as np

from transferlib.lessons.a_real_pretrained_network.pictograms import STAGES, Drawings


def small_network(seed: int = 0) -> keras.Model:
    keras.utils.set_random_seed(seed)
    x = start = keras.Input((None, None, 3))
    for name in STAGES.values():
        x = keras.layers.Conv2D(4, 3, padding="same", activation="relu", name=name)(x)
    return keras.Model(start, x)


def some_drawings(lighter: int = 55) -> Drawings:
    """Two kinds, dark and by so much lighter, 29 of each, 24 pixels wide."""
    x, y = np.random.default_rng(0).integers(0, 200, (58, 24, 24, 3)), np.repeat([0, 1], 29)
    x[y == 1] += lighter
    return Drawings(x.astype(np.uint8), y, ("dark", "light"))
