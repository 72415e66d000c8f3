"""How much faster is `train` than `model.fit` doing the same? Run by hand: python tests/benchmarks/speed_of_training.py

Both do 300 steps of the 100→64→64→10 network with batches of 32, and evaluate the target on 800 held-out rows every 10
steps. Each is timed after a first, uncounted call, in this one process, alternating.
"""

import os
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

from transferlib.datasets import mnist, uci_digits
from transferlib.networks import Pair
from transferlib.strategies import NAMED, SHARE_WEIGHTS
from transferlib.training import train, train_source

ROUNDS = 5


def seconds(do, *args, **kwargs):
    begin = time.perf_counter()
    do(*args, **kwargs)
    return time.perf_counter() - begin


pair, source, target = Pair(100, (64,), (64,)), mnist(), uci_digits().few(50)
weights = train_source(pair, source).weights
rows = target.x_train[:320], target.y_train[:320]


def keras_fit():
    """30 epochs of 10 steps of 32 rows: 300 steps, 30 evaluations."""
    pair.load(weights)
    model = pair.model("target")
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(*rows, batch_size=32, epochs=30, validation_data=(target.x_test, target.y_test), verbose=0)


ours = {"target only, as fit does": lambda seed: train(pair, target, SHARE_WEIGHTS, weights=weights, seed=seed)}
for strategy in NAMED.values():
    ours[f"{strategy.name}, both tasks evaluated"] = lambda seed, strategy=strategy: train(
        pair, target, strategy, source=source, weights=weights, seed=seed
    )

keras_fit()
first = {name: seconds(run, 0) for name, run in ours.items()}
fits, times = [], {name: [] for name in ours}
for n in range(ROUNDS):
    fits.append(seconds(keras_fit))
    for name, run in ours.items():
        times[name] += [seconds(run, 10 * n + i) for i in range(10)]

fit = statistics.median(fits)
print(f"model.fit, compile included{fit * 1e3:29.0f} ms   (median of {ROUNDS})")
for name, values in times.items():
    middle = statistics.median(values)
    print(f"{name:<52}{middle * 1e3:5.1f} ms   {fit / middle:4.0f} times faster; first call {first[name]:.2f} s")
