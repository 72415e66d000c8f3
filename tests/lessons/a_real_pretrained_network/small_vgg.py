"""A network with VGG16's names of layers and a few channels each: what is tested is what is made of them."""

import keras

from transferlib.lessons.a_real_pretrained_network.kept_features import BLOCKS, random_twin


def small_vgg(channels: int) -> keras.Model:
    """So many channels in the first block, one more in each block behind it; weights that nobody trained."""
    x = start = keras.Input((None, None, 3))
    for n, block in enumerate(BLOCKS):
        x = keras.layers.Conv2D(channels + n, 3, padding="same", activation="relu", name=f"block{n + 1}_conv1")(x)
        x = keras.layers.MaxPooling2D(name=block)(x)
    return random_twin(keras.Model(start, x), seed=3)
