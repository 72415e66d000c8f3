"""The same runs by `model.fit`, by a plain PyTorch loop where torch is installed, by `train`, and as a study on all cores.

A run: 300 steps of the 100→64→64→10 network with batches of 32, the target evaluated on 800 held-out rows every 10 steps.
The study is four strategies × five budgets of labels × ten seeds; its sources are trained before, and timed apart.
"""

import itertools
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from tests.benchmarks.timing import alternating, seconds
from transferlib.cache import forget
from transferlib.datasets import mnist, uci_digits
from transferlib.experiments import label_budget
from transferlib.networks import Pair
from transferlib.parallel import cores
from transferlib.strategies import NAMED, SHARE_WEIGHTS
from transferlib.training import batches, train, train_source

STEPS, EVERY, BATCH, BUDGETS, SEEDS = 300, 10, 32, (1, 2, 5, 10, 20), 10


def main():
    import keras

    pair, source, target = Pair(100, (64,), (64,)), mnist(), uci_digits()
    few = target.few(5)
    weights = train_source(pair, source).weights

    def fit(seed):
        """30 epochs of 10 steps of 32 rows: 300 steps, 30 evaluations."""
        pair.load(weights)
        model = pair.model("target")
        model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
        rows = batches(few, seed=seed, steps=EVERY)
        held_out = target.x_test, target.y_test
        model.fit(*rows, batch_size=BATCH, epochs=STEPS // EVERY, validation_data=held_out, verbose=0)

    ours = {"train, the target only": lambda seed: train(pair, few, SHARE_WEIGHTS, weights=weights, seed=seed)}
    for strategy in NAMED.values():
        ours[f"train, {strategy.name}, both tasks evaluated"] = lambda seed, strategy=strategy: train(
            pair, few, strategy, source=source, weights=weights, seed=seed
        )
    torch = plain_torch(weights, few, target)
    took = alternating({"model.fit": fit}, 3) | (alternating({"PyTorch": torch}, 10) if torch else {})
    took |= alternating(ours, 20)

    def study(seeds, executor=None):
        label_budget(pair, source, target, NAMED.values(), BUDGETS, seeds=seeds, executor=executor)

    study([999])  # compiles
    forget()
    sources = seconds(lambda: label_budget(pair, source, target, [SHARE_WEIGHTS], [1], seeds=SEEDS, steps=1))
    runs = len(NAMED) * len(BUDGETS) * SEEDS
    took[f"a study of {runs}, a run of it"] = seconds(study, SEEDS) / runs
    took["its sources, 1,000 steps, each"] = sources / SEEDS
    forget()
    os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}  # of the processes that are made now
    with ProcessPoolExecutor(cores(), mp_context=get_context("spawn")) as executor:
        study(range(900, 900 + 2 * cores()), executor)  # imports TensorFlow and compiles
        whole = seconds(study, SEEDS, executor)
    took[f"the study and its sources, {cores()} processes, a run of it"] = whole / runs
    took["the study and its sources, threads, a run of it"] = (
        took[f"a study of {runs}, a run of it"] * runs + sources
    ) / runs
    took["limit: the matrix products alone, all cores"] = limit()
    width = max(map(len, took))
    for name, each in took.items():
        ratios = f"{took['model.fit'] / each:6.0f} × fit" + (f"{took['PyTorch'] / each:7.1f} × PyTorch" if torch else "")
        print(f"{name:<{width}} {each * 1e3:8.1f} ms {ratios}")


def plain_torch(weights, few, target):
    """The same run as a loop that a PyTorch user would write: (seed) → None, or None where torch is not installed."""
    try:
        import torch
    except ModuleNotFoundError:
        return None
    kernels = [*weights["shared"], *weights["target"]]
    x_test, y_test = torch.from_numpy(target.x_test.copy()), torch.from_numpy(target.y_test.astype(np.int64))

    def run(seed):
        layers = [torch.nn.Linear(*kernel.shape) for kernel in kernels[::2]]
        with torch.no_grad():
            for layer, kernel, bias in zip(layers, kernels[::2], kernels[1::2]):
                layer.weight.copy_(torch.from_numpy(kernel.T.copy()))
                layer.bias.copy_(torch.from_numpy(bias.copy()))
        relu = torch.nn.ReLU()
        model = torch.nn.Sequential(layers[0], relu, layers[1], relu, layers[2])
        adam, loss = torch.optim.Adam(model.parameters()), torch.nn.CrossEntropyLoss()
        x, y = (torch.from_numpy(a) for a in batches(few, seed=seed, steps=STEPS))
        x, y = x.split(BATCH), y.long().split(BATCH)
        curve = []
        for step in range(STEPS):
            if step % EVERY == 0:
                with torch.no_grad():
                    said = model(x_test)
                    curve.append((loss(said, y_test).item(), (said.argmax(1) == y_test).float().mean().item()))
            adam.zero_grad()
            loss(model(x[step]), y[step]).backward()
            adam.step()

    return run


def limit():
    """Seconds that a run's matrix products take, of the target alone, at this machine's rate for large ones on all cores."""
    a = np.random.default_rng(0).normal(size=(2048, 2048)).astype(np.float32)
    a @ a
    rate = 2 * 2048**3 / min(seconds(np.matmul, a, a) for _ in range(10))
    sizes = list(itertools.pairwise((100, 64, 64, 10)))
    products = sum(i * o for i, o in sizes)
    backward = 2 * products - 100 * 64  # nobody asks for the gradient of the pixels
    return 2 * (STEPS * BATCH * (products + backward) + (STEPS // EVERY + 1) * 800 * products) / rate


if __name__ == "__main__":
    print(f"{cores()} cores")
    main()
