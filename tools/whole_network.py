"""Train layers of EfficientNet-lite0 over ten seeds, and keep what came out: lesson 06 reads the file.

    python -m tools.whole_network          what the file lacks: some eight minutes on two cores
    python -m tools.whole_network head     of these arms only

Drawings of `pictograms` at 224 pixels, five labels a kind, Adam, all 25 rows at every step. Rates and steps were set before
the runs, and none was changed after them.
"""

import json
import sys
import time
from functools import lru_cache
from typing import NamedTuple

import keras
import numpy as np

from transferlib.imagenet import efficientnet_lite0, efficientnet_lite0_input
from transferlib.lessons.a_real_pretrained_network.pictograms import pictograms, resized, split
from transferlib.lessons.a_real_pretrained_network.stored_runs import FILE, PER_CLASS, SEEDS

HEAD_STEPS = 100  # of the new head alone, at 1e-3, before other layers move


class Arm(NamedTuple):
    """Which layers train, from where, how fast.

    start       the layer after which all train, "" for every layer, "head" for the new head alone
    rate        Adam's
    steps       so many
    head_first  the new head is trained alone first
    mirrored    each picture's mirror image is learned from too
    """

    name: str
    start: str = ""
    rate: float = 1e-4
    steps: int = 12
    head_first: bool = True
    mirrored: bool = False


ARMS = (
    Arm("head alone", "head", rate=1e-3, steps=HEAD_STEPS, head_first=False),
    Arm("last block, 1e-4", "block15_add", steps=40),
    Arm("last block, 1e-4, mirrored too", "block15_add", steps=40, mirrored=True),
    Arm("last block, 1e-3, new head", "block15_add", rate=1e-3, steps=40, head_first=False),
    Arm("all layers, 1e-4", rate=1e-4),
)


def planned() -> list[tuple[Arm, int]]:
    return [(arm, seed) for arm in ARMS for seed in SEEDS]


def made() -> list[dict]:
    return json.loads(FILE.read_text("utf-8"))["runs"] if FILE.is_file() else []


@lru_cache(maxsize=4)
def _shown(mirrored=False):
    pictures = resized(pictograms().pictures)
    return efficientnet_lite0_input(pictures[:, :, ::-1] if mirrored else pictures)


def in_parts(model, rows, size=32):
    return np.concatenate([model.predict_on_batch(rows[at : at + size]) for at in range(0, len(rows), size)])


@lru_cache(maxsize=8)
def _before(start, mirrored):
    """What the layers that stay as they are make of all drawings."""
    base = efficientnet_lite0(top=False)
    out = keras.ops.mean(base.output, (1, 2)) if start == "head" else base.get_layer(start).output
    return in_parts(keras.Model(base.input, out), _shown(mirrored))


@lru_cache(maxsize=1)
def _trained(start):
    """(the layers that train as one compiled model, the new head, all the weights that it begins with)."""
    base = efficientnet_lite0(top=False)
    for layer in base.layers:
        layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
    head = keras.layers.Dense(5, activation="softmax", name="kinds")
    if start == "head":
        begin = keras.Input((1280,))
        end = head(begin)
    else:
        begin = base.get_layer(start).output if start else base.input
        end = head(keras.layers.GlobalAveragePooling2D()(base.output))
    model = keras.Model(begin, end)
    model.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    return model, head, [np.copy(weight) for weight in model.get_weights()]


def _head(x, y, seed):
    """The new head's weights after its own steps."""
    keras.utils.set_random_seed(seed)
    head = keras.Sequential([keras.Input((1280,)), keras.layers.Dense(5, activation="softmax")])
    head.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    for _ in range(HEAD_STEPS):
        head.train_on_batch(x, y)
    return head.get_weights()


def run(arm: Arm, seed: int) -> dict:
    """One run: {"arm", "seed", "accuracy", "loss" (of each step, before it), "seconds"}."""
    labels = pictograms().labels
    rows, test = split(labels, PER_CLASS, seed)
    began = time.perf_counter()
    model, head, weights = _trained(arm.start)
    keras.utils.set_random_seed(seed)
    model.set_weights(weights)
    new = keras.initializers.GlorotUniform(seed)((1280, 5)), np.zeros(5)
    head.set_weights(_head(_before("head", False)[rows], labels[rows], seed) if arm.head_first else new)
    for variable in model.optimizer.variables:
        variable.assign(np.zeros(variable.shape, variable.dtype))
    model.optimizer.learning_rate = arm.rate
    x = [(_before(arm.start, side) if arm.start else _shown(side)) for side in (False, True)[: 1 + arm.mirrored]]
    learn, told = np.concatenate([each[rows] for each in x]), np.tile(labels[rows], len(x))
    loss = [float(model.train_on_batch(learn, told)) for _ in range(arm.steps)]
    said = in_parts(model, x[0][test]).argmax(1)
    seconds = round(time.perf_counter() - began, 2)
    return dict(arm=arm.name, seed=seed, accuracy=float((said == labels[test]).mean()),
                loss=[round(each, 4) for each in loss], seconds=seconds)  # fmt: skip


def main(wanted: list[str]) -> None:
    runs = made()
    there = {(each["arm"], each["seed"]) for each in runs}
    for arm, seed in planned():
        if (arm.name, seed) not in there and (not wanted or any(arm.name.startswith(word) for word in wanted)):
            runs.append(run(arm, seed))
            print(arm.name, seed, runs[-1]["accuracy"], runs[-1]["loss"][-1], runs[-1]["seconds"], flush=True)
            FILE.write_text(json.dumps({"runs": runs}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
