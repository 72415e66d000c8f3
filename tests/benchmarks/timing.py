"""What the benchmarks have in common: seconds, and a table of medians."""

import os
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def seconds(do, *args, **kwargs) -> float:
    begin = time.perf_counter()
    do(*args, **kwargs)
    return time.perf_counter() - begin


def alternating(jobs: dict, rounds: int) -> dict:
    """{name: the median of `rounds` times}: one of each in turn, after one of each that does not count."""
    taken = {name: [] for name in jobs}
    for number in range(-1, rounds):
        for name, do in jobs.items():
            passed = seconds(do, number + 1)
            if number >= 0:
                taken[name].append(passed)
    return {name: statistics.median(each) for name, each in taken.items()}


def machine() -> str:
    """The processor, how much of it this process may use, and the versions that matter."""
    import platform

    from transferlib.parallel import cores  # before TensorFlow, whose settings it makes

    import keras  # isort: skip
    import tensorflow as tf  # isort: skip

    name = platform.processor()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            name = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), name)
    versions = f"Python {platform.python_version()}, TensorFlow {tf.__version__}, Keras {keras.__version__}"
    return f"{name}, {cores()} cores used; {versions}"
