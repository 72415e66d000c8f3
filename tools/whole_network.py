"""VGG16 trained whole, on few labels: the arms, one run, and the command that makes lesson 06's file of runs.

`python -m tools.whole_network` computes the runs that are missing in the file, one by one, and goes on from where it was.
It takes about half an hour on two busy cores.
"""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import keras
import numpy as np
import tensorflow as tf

from transferlib.lessons.a_real_pretrained_network import stored_runs
from transferlib.lessons.a_real_pretrained_network.kept_features import digit_pictures, fitted_head, photographs, random_twin
from transferlib.lessons.a_real_pretrained_network.stored_runs import FILE, PER_CLASS, POINTS, SEEDS
from transferlib.networks import Pair
from transferlib.parallel import cores
from transferlib.pretrained import vgg16, vgg16_input
from transferlib.tasks import Task, stream
from transferlib.training import batches

TARGETS = {"digits": digit_pictures, "photographs": photographs}
BATCH = 10
HEAD_RATE = 1e-3  # of a new head, whatever the rate of the layers; a fitted head keeps to the rate of the layers
SHIFT = 3  # pixels


@dataclass(frozen=True)
class Arm:
    """One way to train layers of VGG16 behind a head for ten classes, on the mean of each map of `cut`.

    first        the first layer that trains; all behind it do. What lies before stays, so it is computed once
    rate         Adam's, of the layers
    head_first   the head begins as the logistic regression on the untouched features, fitted to its end; else at random
    augmented    each picture is shifted by up to SHIFT pixels each way whenever it is shown; no digit is mirrored, patches
                 are, by chance
    twin         the weights are those that nobody trained, another draw for each seed
    """

    name: str
    cut: str = "block5_pool"
    first: str = "block1_conv1"
    rate: float = 1e-4
    head_first: bool = False
    augmented: bool = False
    twin: bool = False
    points: tuple[int, ...] = POINTS
    targets: tuple[str, ...] = tuple(TARGETS)


LONGER = (*POINTS, 80)
ON_DIGITS = ("digits",)
ARMS = (
    Arm("block 5", first="block5_conv1", points=LONGER),
    Arm("block 5, head first", first="block5_conv1", rate=1e-5, head_first=True, points=LONGER),
    Arm("blocks 1 to 4, head first", cut="block4_pool", rate=1e-5, head_first=True, targets=ON_DIGITS),
    Arm("all 13 layers, 1e-4"),
    Arm("all 13 layers, head first", rate=1e-5, head_first=True),
    Arm("all 13 layers, 1e-3", rate=1e-3, targets=ON_DIGITS),
    Arm("all 13 layers, augmented", augmented=True, targets=ON_DIGITS),
    Arm("random twin, 1e-4", twin=True, targets=ON_DIGITS),
)


class _Trainer:
    """The layers of an arm with a head, a compiled step and two optimizers, to begin anew for each run."""

    def __init__(self, cut, first, rate, head_rate, network=None):
        given = vgg16(cut) if network is None else network
        self.network = keras.models.clone_model(given)  # the reader's own stays as it is
        self.given = given
        at = [layer.name for layer in given.layers].index(first)
        self.lower = keras.Model(self.network.input, self.network.layers[at - 1].output) if at > 1 else None
        x = start = keras.Input((None, None, self.network.layers[at - 1].output.shape[-1]))
        for layer in self.network.layers[at:]:
            x = layer(x)
        self.head = keras.layers.Dense(10)
        means = keras.layers.GlobalAveragePooling2D()(x)
        model = self.model = keras.Model(start, self.head(means))
        self.whole = keras.Model(self.network.input, keras.layers.GlobalAveragePooling2D(name="means")(self.network.output))
        own = {id(v) for v in self.head.trainable_variables}
        parts = [[v for v in model.trainable_variables if (id(v) in own) == last] for last in (False, True)]
        optimizers = [keras.optimizers.Adam(r) for r in (rate, head_rate)]
        for optimizer, variables in zip(optimizers, parts):
            optimizer.build(variables)
        self.state = [(v, v.numpy()) for optimizer in optimizers for v in optimizer.variables]

        @tf.function
        def step(x, y):
            with tf.GradientTape() as tape:
                losses = keras.losses.sparse_categorical_crossentropy(y, self.answers(x), from_logits=True)
                loss = tf.reduce_mean(losses)
            gradients = tape.gradient(loss, parts)
            for optimizer, of, variables in zip(optimizers, gradients, parts):
                optimizer.apply(of, variables)
            return loss

        self.step, self.tested = step, None

    def answers(self, x):
        for layer in self.model.layers[1:]:
            x = (
                _as_product(layer, x)
                if layer.name[:6] in ("block3", "block4", "block5") and "conv" in layer.name
                else layer(x)
            )
        return x

    def begin(self, weights, head):
        for variable, value in self.state:
            variable.assign(value)
        self.network.set_weights(weights)
        self.head.set_weights(head)

    def below(self, x):
        return x if self.lower is None else self.lower.predict(x, batch_size=50, verbose=0)

    def below_test(self, task):
        if self.tested is None or self.tested[0] is not task:
            self.tested = task, self.below(vgg16_input(task.x_test))
        return self.tested[1]


def _as_product(layer, x):
    """layer(x) of a 3 × 3 convolution as one product of matrices: on small maps TensorFlow's own gradient is far slower."""
    n, high, wide, _ = tf.unstack(tf.shape(x))
    around = tf.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    seen = tf.concat([around[:, i : i + high, j : j + wide] for i in range(3) for j in range(3)], -1)
    k = layer.kernel
    y = tf.reshape(seen, (-1, 9 * k.shape[2])) @ tf.reshape(k, (9 * k.shape[2], k.shape[3])) + layer.bias
    return tf.nn.relu(tf.reshape(y, (n, high, wide, k.shape[3])))


_trainer = lru_cache(maxsize=1)(_Trainer)


def run(
    arm: Arm,
    task: Task,
    seed: int,
    points: Iterable[int] | None = None,
    progress: Callable | None = None,
    network: keras.Model | None = None,
) -> dict:
    """Train one arm on pictures (n, h, w, channels), 0 … 1: {"points": steps, "accuracy": on all test rows, "seconds"}.

    A seed draws the labelled pictures, the order of the batches, the new head, the shifts, and the twin. The seconds are
    what a user waits for: features of the labelled pictures where a head is fitted, and all steps; no look at the test.
    points    after how many steps to look; the arm's own unless told otherwise
    network   another network with the same names of layers, cut at `arm.cut`
    """
    points = tuple(arm.points if points is None else points)
    if not points or list(points) != sorted(set(points)) or points[0] < 0:
        raise ValueError(f"points must be numbers of steps, 0 or more, in rising order, not {points!r}")
    few, steps = task.few(PER_CLASS, seed), points[-1]
    trainer = _trainer(arm.cut, arm.first, arm.rate, arm.rate if arm.head_first else HEAD_RATE, network)
    source = random_twin(trainer.given, seed) if arm.twin else trainer.given
    trainer.begin(source.get_weights(), _new_head(trainer, seed))
    clock = _Clock()
    x, y = batches(few, seed=seed, steps=max(steps, 1), batch=BATCH)
    x = vgg16_input(shifted(x, seed, mirrored=task.x_train.shape[-1] == 3) if arm.augmented else x)
    if arm.head_first:
        made = trainer.whole.predict(vgg16_input(few.x_train), batch_size=50, verbose=0)
        trainer.head.set_weights(fitted_head(made, few.y_train))
    x = trainer.below(x)
    clock.stop()
    test, accuracy = trainer.below_test(task), []
    for done in range(steps + 1):
        if done in points:
            says = np.concatenate([trainer.model.predict_on_batch(test[at : at + 50]) for at in range(0, len(test), 50)])
            accuracy.append(round(float((says.argmax(1) == task.y_test).mean()), 4))
        if done < steps:
            rows = slice(done * BATCH, (done + 1) * BATCH)
            with clock:
                trainer.step(x[rows], y[rows])
        if progress:
            progress(done, steps)
    return dict(points=list(points), accuracy=accuracy, seconds=round(clock.seconds, 1))


class _Clock:
    """Adds up the seconds between start and stop, or of `with` blocks."""

    def __init__(self):
        self.seconds, self.since = 0.0, time.perf_counter()

    def __enter__(self):
        self.since = time.perf_counter()

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.seconds += time.perf_counter() - self.since


def _new_head(trainer, seed):
    """As `train` draws it for this seed."""
    return Pair(trainer.head.kernel.shape[0], shared=(keras.layers.Identity(),), private=()).fresh(seed)["target"]


def shifted(x: np.ndarray, seed: int, mirrored: bool = False) -> np.ndarray:
    """Pictures (n, h, w, c), each shifted by up to SHIFT pixels, its edge drawn out; half of them `mirrored`."""
    rng, n = stream(seed, "shifts"), len(x)
    wide = np.pad(x, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)), mode="edge")
    down, right = rng.integers(0, 2 * SHIFT + 1, (2, n))
    moved = np.stack([p[a : a + x.shape[1], b : b + x.shape[2]] for p, a, b in zip(wide, down, right)])
    flip = (rng.random(n) < 0.5) & mirrored
    moved[flip] = moved[flip, :, ::-1]
    return moved


def planned() -> list[tuple[Arm, str, int]]:
    """All runs that the file is to hold."""
    return [(arm, target, seed) for target in TARGETS for arm in ARMS if target in arm.targets for seed in SEEDS]


def arm(name: str) -> Arm:
    """The arm of that name."""
    for each in ARMS:
        if each.name == name:
            return each
    raise ValueError(f"there is no arm {name!r}; the arms are {', '.join(each.name for each in ARMS)}")


def made() -> list[dict]:
    """The runs that the file holds; none where there is no file."""
    stored_runs.runs.cache_clear()
    return stored_runs.runs() if FILE.is_file() else []


def main(arguments: list[str]) -> None:
    """Compute what the file lacks. Each arm gets a process of its own, so that the peak of memory is the arm's."""
    if arguments:
        return _of_one_arm(*arguments)
    for target in TARGETS:
        for arm in ARMS:
            if target in arm.targets and _missing(arm, target):
                subprocess.run(
                    [sys.executable, "-m", "tools.whole_network", arm.name, target],
                    check=True,
                )


def _missing(arm, target):
    there = {
        run["seed"] for run in made() if (run["arm"], run["target"], run["points"]) == (arm.name, target, list(arm.points))
    }
    return [seed for seed in SEEDS if seed not in there]


def _of_one_arm(name, target):
    way, task = arm(name), TARGETS[target]()
    for seed in _missing(way, target):
        found = run(way, task, seed)
        row = dict(arm=name, target=target, seed=seed, **found, megabytes=_peak(), machine=_machine())
        print(time.strftime("%H:%M:%S"), row, flush=True)
        order = {(each.name, goal, number): n for n, (each, goal, number) in enumerate(planned())}
        rows = {(r["arm"], r["target"], r["seed"]): r for r in [*made(), row]}  # without what is planned no longer
        lines = [json.dumps(rows[key]) for key in sorted(rows.keys() & order.keys(), key=order.get)]
        part = FILE.with_suffix(".part")
        part.write_text('{"runs": [\n' + ",\n".join(lines) + "\n]}\n", "utf-8")
        os.replace(part, FILE)  # whole or not at all


def _peak():
    """The most memory that this process has held, in megabytes; None where the system does not tell."""
    try:
        import resource
    except ModuleNotFoundError:
        return None
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3))


def _machine():
    return f"{cores()} cores, {platform.machine()}, TensorFlow {tf.__version__}"


if __name__ == "__main__":
    main(sys.argv[1:])
