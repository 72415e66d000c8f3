"""The texts of lesson 14, and what each block of MiniLM makes of them: read once, and kept."""

from functools import lru_cache
from itertools import chain

import numpy as np

from transferlib.cache import cached
from transferlib.minilm import BLOCKS, WIDTH, every_block, minilm, minilm_missing, read_texts
from transferlib.tasks import Task, rng_for
from transferlib.texts import DOMAINS, Texts, sentiment, texts_missing

NUMBER, WORDS, TEST = 700, 28, 250  # texts of a task, words of each that are read, texts held out


def missing() -> str:
    """Why MiniLM or the texts cannot be had, in one line; "" where they can."""
    return minilm_missing() or texts_missing()


@lru_cache(maxsize=8)
def some_texts(name: str, number: int = NUMBER) -> Texts:
    """So many texts of a domain, each class as often, cut after 28 words; always the same ones."""
    found = sentiment(name)
    order = rng_for(0, "texts").permutation(len(found.y))
    each = number // len(found.classes)
    rows = np.concatenate([order[found.y[order] == c][:each] for c in range(len(found.classes))])
    texts = tuple(" ".join(found.texts[row].split()[:WORDS]) for row in rows)
    return Texts(name, texts, found.y[rows], found.classes, found.groups[rows])


@cached
def states(
    names: tuple[str, ...] = tuple(DOMAINS), number: int = NUMBER, control: str = "", blocks: int = BLOCKS
) -> dict[str, np.ndarray]:
    """{domain: (n, 1 + blocks, 384)} what MiniLM's embeddings and its blocks make of its texts: the means over the tokens.

    control   "": what it has learned. "random": the same network with random weights. "shuffled": with its own weights,
              each array of them in random order
    """
    network = minilm(blocks, random=0 if control == "random" else None)
    if control == "shuffled":
        for number_of, layer in enumerate(network.layers):
            layer.set_weights(shuffled(layer.get_weights(), rng_for(0, "shuffled", number_of)))
    texts = {name: some_texts(name, number).texts for name in names}
    made = read_texts(chain(*texts.values()), every_block(network)).reshape(-1, blocks + 1, WIDTH)
    return dict(zip(texts, np.split(made, np.cumsum([len(each) for each in texts.values()])[:-1])))


def shuffled(arrays: list[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    """The same numbers in each array, in random order: their distribution stays, and what they have learned is gone."""
    return [rng.permuted(each.ravel()).reshape(each.shape) for each in arrays]


@lru_cache(maxsize=512)
def draw(name: str, seed: int, per_class: int) -> Task:
    """A task of row numbers among those texts, to learn from and held out; sentences of one review, or of one editorial, are
    on one side."""
    texts = some_texts(name)
    rows = np.arange(len(texts.y)).reshape(-1, 1)
    split = Task.split(name, rows, texts.y, texts.classes, test=TEST, groups=texts.groups, seed=seed)
    return split.few(per_class, seed)
