"""VGG16 as a source: its features, kept; what can be trained above them; and the same done wrongly."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import keras
import numpy as np
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from transferlib.cache import cached, get, get_or_make, put
from transferlib.datasets import PHOTOGRAPHS, mnist_originals, photograph_files
from transferlib.experiments import over_seeds
from transferlib.networks import Pair
from transferlib.parallel import one_thread
from transferlib.pretrained import vgg16_input
from transferlib.strategies import Strategy
from transferlib.tasks import Task, stream
from transferlib.training import train

SIDE = 32
BLOCKS = tuple(f"block{n}_pool" for n in range(1, 6))


def photographs(split: str = "halves", rows: int = 30) -> Task:
    """Which of ten colour photographs is a patch from? Patches (32, 32, 3) RGB, 0 … 1; each photograph is 320 × 448 pixels.

    split   "halves": learn from the left of a photograph, be tested on its right, 64 pixels between them left out.
            "random": patches that overlap by half, from anywhere, dealt out by chance, as one should not
    rows    how many patches of each photograph there are on each side
    """
    if split not in ("halves", "random"):
        raise ValueError(f"split must be 'halves' or 'random', not {split!r}")
    sides, rng = ([], []), stream(0, "photographs")
    for picture in photograph_files():
        pixels = np.asarray(picture.convert("RGB").resize((448, 320), Image.BOX), np.float32) / 255
        if split == "halves":
            places = [[(y, x) for y in range(0, 289, SIDE) for x in range(at, at + 161, SIDE)] for at in (0, 256)]
            places = [[each[i] for i in rng.permutation(len(each))[:rows]] for each in places]
        else:
            every = [(y, x) for y in range(0, 289, SIDE // 2) for x in range(0, 417, SIDE // 2)]
            order = rng.permutation(len(every))
            places = [every[i] for i in order[:rows]], [every[i] for i in order[rows : 2 * rows]]
        for side, at in zip(sides, places):
            side += [pixels[y : y + SIDE, x : x + SIDE] for y, x in at]
    y = np.repeat(np.arange(len(PHOTOGRAPHS)), rows)
    return Task("photographs", np.stack(sides[0]), y, np.stack(sides[1]), y, PHOTOGRAPHS, (SIDE, SIDE, 3))


def digit_pictures(rows: int = 30) -> Task:
    """MNIST's digits as grey pictures (32, 32, 1), 0 … 1; `rows` of each digit to learn from and as many to be tested on."""
    x, y = mnist_originals()
    sides = ([], [])
    for digit in range(10):
        found = np.flatnonzero(y == digit)[: 2 * rows]
        for side, at in zip(sides, (found[:rows], found[rows:])):
            side += [np.asarray(Image.fromarray(x[i]).resize((SIDE, SIDE), Image.BILINEAR), np.float32) / 255 for i in at]
    labels = np.repeat(np.arange(10), rows)
    learn, test = (np.stack(side)[..., None] for side in sides)
    return Task("digits", learn, labels, test, labels, tuple("0123456789"))


def random_twin(network: keras.Model, seed: int = 0) -> keras.Model:
    """The same layers with weights that nobody trained, drawn as He et al. (2015) draw them."""
    twin, rng = keras.models.clone_model(network), stream(seed, "twin")
    drawn = [w if w.ndim == 1 else rng.normal(0, np.sqrt(2 / w[..., 0].size), w.shape) for w in twin.get_weights()]
    twin.set_weights(drawn)
    return twin


def features(
    task: Task, network: keras.Model, prepare: Callable = vgg16_input, progress: Callable | None = None
) -> dict[str, Task]:
    """What a network of VGG's layers makes of all pictures, in one pass: {"block1_pool": Task, …, "block5_pool": Task}.

    A block's features are the means of its pooled maps: (n, 64 … 512). prepare: pictures 0 … 1 → what the network is shown.
    """
    means = [keras.ops.mean(layer.output, (1, 2)) for layer in network.layers if layer.name in BLOCKS]
    cut, sides, of = keras.Model(network.input, means), [], len(task.x_train) + len(task.x_test)

    def passed(rows):
        parts, before = [], len(task.x_train) * len(sides)
        for start in range(0, len(rows), 50):
            parts.append(cut.predict_on_batch(rows[start : start + 50]))
            if progress:
                progress(before + sum(len(part[0]) for part in parts), of)
        return [np.concatenate(each) for each in zip(*parts)]

    for rows in (prepare(task.x_train), prepare(task.x_test)):
        found = get(features, network, rows)  # not get_or_make: whom progress is told is no part of the question
        sides.append(put(passed(rows), features, network, rows) if found is None else found)
    return {n: replace(task, x_train=a, x_test=b, picture=None) for n, a, b in zip(BLOCKS, *sides)}


def coarser(pictures: np.ndarray) -> np.ndarray:
    """Pictures (n, h, w, c), h and w even, as if drawn at half the size and enlarged again."""
    n, high, wide, c = pictures.shape
    return larger(pictures.reshape(n, high // 2, 2, wide // 2, 2, c).mean((2, 4)))


def larger(pictures: np.ndarray) -> np.ndarray:
    """Pictures (n, h, w, c) → (n, 2h, 2w, c): each pixel four times."""
    return pictures.repeat(2, 1).repeat(2, 2)


def dealt(made: Task, together: bool, seed: int) -> Task:
    """Features of pictures (x_train) and of their mirror images (x_test, in the same order), dealt out by chance in halves.

    together: a picture and its mirror image go to the same side; else each goes where chance puts it, as it should not
    """
    rng, n = stream(seed, "dealt"), len(made.y_train)
    x, y = np.concatenate([made.x_train, made.x_test]), np.tile(made.y_train, 2)
    some = rng.permutation(n)
    order = np.concatenate([some[: n // 2], some[: n // 2] + n, some[n // 2 :], some[n // 2 :] + n])
    learn, test = np.split(order if together else rng.permutation(2 * n), [2 * (n // 2)])
    return replace(made, x_train=x[learn], y_train=y[learn], x_test=x[test], y_test=y[test])


# What can be done wrong before a network sees a picture of 0 … 1: {what: the preparation}. `features` takes it.
WRONG = {
    "range 0 … 1": lambda p: vgg16_input(p) / 255,
    "red and blue exchanged": lambda p: vgg16_input(p[..., ::-1]),
    "half the size, enlarged": lambda p: vgg16_input(coarser(p)),
    "twice the size": lambda p: vgg16_input(larger(p)),
}


def filters(network: keras.Model) -> list[np.ndarray]:
    """The first layer's filters as colour pictures (3, 3, 3) RGB, each stretched over 0 … 1."""
    kernels = np.moveaxis(network.get_layer("block1_conv1").get_weights()[0], -1, 0)[..., ::-1]  # it is shown BGR
    low, high = kernels.min((1, 2, 3), keepdims=True), kernels.max((1, 2, 3), keepdims=True)
    return list((kernels - low) / (high - low))


def exciting(made: Task, task: Task, maps: int = 2, many: int = 10) -> dict[str, list[np.ndarray]]:
    """The training pictures that a block answers to most, for those of its maps that vary most: {"map 12": pictures}."""
    chosen = np.argsort(-made.x_train.std(0), kind="stable")[:maps]
    return {f"map {m}": [task.x_train[row] for row in np.argsort(-made.x_train[:, m], kind="stable")[:many]] for m in chosen}


@cached
def linear(task: Task, per_class: int, seed: int) -> float:
    """Test accuracy of a logistic regression on standardised rows, learned from so many of them a class."""
    with one_thread():
        return _score(make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000)), task, per_class, seed)


@cached
def svm(task: Task, per_class: int, seed: int) -> float:
    """Test accuracy of a support vector machine with the RBF kernel, C = 10, on standardised rows."""
    return _score(make_pipeline(StandardScaler(), SVC(C=10)), task, per_class, seed)


def _score(model, task, per_class, seed):
    few = task.few(per_class, seed)
    rows = [x.reshape(len(x), -1) for x in (few.x_train, task.x_test)]
    return float(model.fit(rows[0], few.y_train).score(rows[1], task.y_test))


def histograms(task: Task, bins: int = 8) -> Task:
    """How much of each brightness a picture has, colour by colour: (n, channels · bins), and nothing of where."""

    def counted(x):
        level = np.minimum((x * bins).astype(int), bins - 1)
        return np.concatenate([(level == b).mean((1, 2)) for b in range(bins)], 1).astype(np.float32)

    return replace(task, x_train=counted(task.x_train), x_test=counted(task.x_test), picture=None)


def by_block(
    kept: dict[str, dict[str, Task]], per_class: int, seeds: int = 10, progress: Callable | None = None
) -> dict[str, np.ndarray]:
    """`linear` on each block's features: {network: {block: Task}} → {network: test accuracy (seeds, 5)}."""
    arms = [(name, block) for name in kept for block in BLOCKS]
    runs = over_seeds(lambda arm, seed: linear(kept[arm[0]][arm[1]], per_class, seed), arms, seeds, progress)
    return {name: np.array([runs[name, block] for block in BLOCKS]).T for name in kept}


def trained(
    pair: Pair,
    task: Task,
    strategies: Iterable[Strategy],
    per_class: int,
    seeds: int | Iterable[int] = 10,
    steps: int = 40,
    progress: Callable | None = None,
) -> dict[str, np.ndarray]:
    """Test accuracy after training from the weights that a pair was given: {strategy's name: (seeds,)}.

    Batches of 16 rows, Adam's rate 1e-3; `move` makes it smaller for the layers. Heads of one seed begin alike.
    The runs themselves are not kept: their weights would take gigabytes.
    """

    def one(strategy, seed):
        return get_or_make(_at_last, pair, task, strategy, per_class, seed, steps)

    return {each.name: np.array(runs) for each, runs in over_seeds(one, strategies, seeds, progress).items()}


def _at_last(pair, task, strategy, per_class, seed, steps):
    begin, budget = pair.fresh(seed, keep_given=True), dict(steps=steps, every=steps, batch=16)
    run = train(pair, task.few(per_class, seed), strategy, weights=begin, seed=seed, **budget)
    return float(run.target_accuracy[-1])


def through_batchnorm(task: Task, per_class: int, seed: int, training: bool) -> float:
    """Test accuracy of a logistic regression behind a BatchNorm layer that knows the training rows' mean and variance.

    The test rows come in batches of one class each. training: the layer takes each batch's own statistics, as it should not.
    """
    few = task.few(per_class, seed)
    layer = keras.layers.BatchNormalization()
    layer.build((None, few.x_train.shape[1]))
    mean, variance = few.x_train.mean(0), few.x_train.var(0)
    layer.set_weights([np.ones_like(mean), np.zeros_like(mean), mean, variance])
    head = LogisticRegression(C=0.1, max_iter=2000).fit(np.asarray(layer(few.x_train, training=False)), few.y_train)
    batches = [task.x_test[task.y_test == label] for label in range(len(task.classes))]
    shown = np.concatenate([np.asarray(layer(batch, training=training)) for batch in batches])
    return float(head.score(shown, np.sort(task.y_test)))


def reader(network: keras.Model, kept: dict[str, Task], block: str = "block4_pool") -> keras.Model:
    """One Keras model, from a prepared picture to probabilities: the network up to a block, and a head on its features.

    The head is the logistic regression of `linear`, learned from all training rows, and its standardising, as a Dense layer.
    """
    task = kept[block]
    dense = keras.layers.Dense(len(task.classes), activation="softmax", name="head")
    means = keras.layers.GlobalAveragePooling2D()(network.get_layer(block).output)
    model = keras.Model(network.input, dense(means), name=f"vgg16_{block}_reader")
    dense.set_weights(fitted_head(task.x_train, task.y_train))
    return model


def fitted_head(x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
    """The logistic regression of `linear` on features x (n, k), its standardising too, as the weights of a Dense layer."""
    scaler, head = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000)).fit(x, y)
    kernel = head.coef_.T / scaler.scale_[:, None]
    return [kernel, head.intercept_ - scaler.mean_ @ kernel]


def small_network(channels: int = 3) -> Pair:
    """A small convolutional network for pictures of 32 pixels, to be trained from scratch: 24 thousand weights."""
    layers = [keras.layers.Conv2D(n, 3, strides=2, padding="same", activation="relu") for n in (16, 32, 64)]
    layers.append(keras.layers.GlobalAveragePooling2D())
    return Pair((SIDE, SIDE, channels), shared=layers, private=(), classes=(10, 10))
