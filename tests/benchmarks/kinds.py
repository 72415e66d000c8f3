"""Convolutions and embeddings, `train` beside `model.fit`: 300 steps of 32 rows, evaluated every 10 steps on 800 rows."""

import keras
import numpy as np

from tests.benchmarks.timing import alternating
from transferlib.networks import Pair
from transferlib.tasks import Task
from transferlib.training import batches, train

RNG = np.random.default_rng(0)


def main():
    layers = keras.layers
    y = RNG.integers(0, 10, 1800)
    pictures = RNG.normal(size=(1800, 16, 16, 3)).astype("float32")
    texts = RNG.integers(0, 5000, (1800, 20))
    networks = {
        "convolutions": (pictures, (layers.Conv2D(16, 3), layers.MaxPooling2D(), layers.Conv2D(32, 3), layers.Flatten())),
        "BatchNorm": (pictures, (layers.Conv2D(16, 3), layers.BatchNormalization(), layers.GlobalAveragePooling2D())),
        "embedding": (texts, (layers.Embedding(5000, 50), layers.GlobalAveragePooling1D())),
        "wide, 1,024 units": (pictures.reshape(1800, -1), (layers.Dense(1024, "relu"),)),
    }
    for name, (x, shared) in networks.items():
        task = Task.split(name, x, y, range(10), test=800)
        pair = Pair(x.shape[1:], shared, (64,))
        begin = pair.fresh(0)

        def fit(seed, pair=pair, task=task, begin=begin):
            pair.load(begin)
            model = pair.model("target")
            model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
            rows = batches(task, seed=seed, steps=10)
            model.fit(*rows, batch_size=32, epochs=30, validation_data=(task.x_test, task.y_test), verbose=0)

        ours = lambda seed, pair=pair, task=task: train(pair, task, seed=seed)  # noqa: E731
        took = alternating({"fit": fit, "train": ours}, 3)
        print(
            f"{name:<20} fit {took['fit'] * 1e3:7.0f} ms   train {took['train'] * 1e3:7.0f} ms   "
            f"{took['fit'] / took['train']:5.1f} times faster"
        )


if __name__ == "__main__":
    main()
