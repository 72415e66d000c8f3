"""The texts of lesson 14, and what each block of MiniLM makes of them: read once, and kept."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from transferlib.cache import cached
from transferlib.minilm import BLOCKS, WIDTH, every_block, minilm, minilm_missing, read_texts
from transferlib.tasks import Task, rng_for
from transferlib.texts import Texts, bbc_topics, sentiment, texts_missing

TASKS = "films", "products", "news", "tweets", "topics"
NUMBER, WORDS, TEST, CHOOSE = 900, 28, 250, 150  # texts of a task, words of each that are read, texts held out


def missing() -> str:
    """Why MiniLM or the texts cannot be had, in one line; "" where they can."""
    return minilm_missing() or texts_missing()


@lru_cache(maxsize=8)
def some_texts(name: str, number: int = NUMBER) -> Texts:
    """So many texts of a task, each class as often, cut after 28 words; always the same ones."""
    found = bbc_topics() if name == "topics" else sentiment(name)
    order = rng_for(0, "texts").permutation(len(found.y))
    each = number // len(found.classes)
    rows = np.concatenate([order[found.y[order] == c][:each] for c in range(len(found.classes))])
    texts = tuple(" ".join(found.texts[row].split()[:WORDS]) for row in rows)
    return Texts(name, texts, found.y[rows], found.classes, found.groups[rows])


@cached
def states(name: str, number: int = NUMBER, control: str = "") -> np.ndarray:
    """(n, 7, 384) what MiniLM's embeddings and its six blocks make of those texts: the mean over the tokens of each.

    control   "": what it has learned. "random": the same network with random weights. "shuffled": with its own weights,
              each array of them in random order
    """
    network = minilm(random=0 if control == "random" else None)
    if control == "shuffled":
        for number_of, layer in enumerate(network.layers):
            layer.set_weights(shuffled(layer.get_weights(), rng_for(0, "shuffled", number_of)))
    made = read_texts(some_texts(name, number).texts, every_block(network))
    return made.reshape(-1, BLOCKS + 1, WIDTH)


def shuffled(arrays: list[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    """The same numbers in each array, in random order: their distribution stays, and what they have learned is gone."""
    return [rng.permuted(each.ravel()).reshape(each.shape) for each in arrays]


@lru_cache(maxsize=512)
def draw(name: str, seed: int, per_class: int, number: int = NUMBER) -> tuple[Task, Task]:
    """Two tasks of row numbers among those texts: what is learned from, and held out to test; the same, held out to choose.

    The seed says what is learned from and tested on. The texts that choose are the same for every seed. Sentences of one
    review, or of one editorial, are on one side.
    """
    texts = some_texts(name, number)
    rows, groups = np.arange(len(texts.y)).reshape(-1, 1), texts.groups
    apart = Task.split(name, rows, texts.y, texts.classes, test=CHOOSE, groups=groups)
    x, y = apart.x_train, apart.y_train
    groups = groups[x[:, 0].astype(int)]
    task = Task.split(name, x, y, texts.classes, test=TEST, groups=groups, seed=seed).few(per_class, seed)
    return task, replace(task, x_test=apart.x_test, y_test=apart.y_test)
