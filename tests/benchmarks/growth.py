"""How time and memory grow with seeds, steps, rows and width: one line a factor, in seconds."""

import numpy as np

from tests.benchmarks.timing import seconds
from transferlib.cache import forget
from transferlib.experiments import compare
from transferlib.networks import Pair
from transferlib.strategies import FIX_COMMON, SHARE_WEIGHTS
from transferlib.tasks import Task
from transferlib.training import train

RNG = np.random.default_rng(0)


def task(rows, test=800):
    """So many training rows of 100 numbers, of ten classes that can be learned."""
    y = RNG.integers(0, 10, rows + test)
    return Task.split("rows", RNG.normal(size=(10, 100))[y] + RNG.normal(size=(rows + test, 100)), y, range(10), test=test)


def line(what, values, time):
    print(f"{what:<26}" + "".join(f"{value:>9,}: {time(value):8.3f} s" for value in values))


def main():
    pair, source, target = Pair(100, (64,), (64,)), task(4000, 1000), task(1000)
    arms = FIX_COMMON, SHARE_WEIGHTS

    def study(seeds):
        forget()
        return seconds(lambda: compare(pair, source, target, arms, per_class=5, seeds=range(1, seeds + 1)))

    study(1)
    line("seeds, 2 arms and source", (10, 100, 1000), study)
    line("steps of a run", (300, 3000, 30000), lambda n: seconds(lambda: train(pair, target, steps=n, every=n // 30)))

    def one_run(pair, target):
        train(pair, target)
        return seconds(lambda: train(pair, target))

    line("training rows", (1000, 10_000, 70_000), lambda n: one_run(pair, task(n)))
    line("test rows", (800, 8000, 80_000), lambda n: one_run(pair, task(1000, n)))
    line("units of both layers", (64, 256, 1024), lambda n: one_run(Pair(100, (n,), (n,)), target))


if __name__ == "__main__":
    main()
