"""The texts of lesson 14, and what each block of MiniLM makes of them: read once, and kept."""

from functools import lru_cache

import numpy as np

from transferlib.cache import cached
from transferlib.minilm import BLOCKS, WIDTH, every_block, minilm, minilm_missing, read_texts
from transferlib.tasks import Task, stream
from transferlib.texts import Texts, bbc_topics, sentiment, texts_missing

TASKS = "films", "products", "news", "topics"
WORDS, TEST = 28, 300  # words of a text that are read, rows that are held out


def missing() -> str:
    """Why MiniLM or the texts cannot be had, in one line; "" where they can."""
    return minilm_missing() or texts_missing()


@lru_cache(maxsize=8)
def some_texts(name: str, number: int = 800) -> Texts:
    """So many texts of a task, each class as often, cut after 28 words; always the same ones."""
    found = bbc_topics() if name == "topics" else sentiment(name)
    order = stream(0, "texts").permutation(len(found.y))
    each = number // len(found.classes)
    rows = np.concatenate([order[found.y[order] == c][:each] for c in range(len(found.classes))])
    texts = tuple(" ".join(found.texts[row].split()[:WORDS]) for row in rows)
    return Texts(name, texts, found.y[rows], found.classes, found.groups[rows])


@cached
def states(name: str, number: int = 800, random: int | None = None) -> np.ndarray:
    """(n, 7, 384) what MiniLM's embeddings and its six blocks make of those texts: the mean over the tokens of each.

    random   None: what it has learned. A number: the same network with random weights, drawn by that number
    """
    made = read_texts(some_texts(name, number).texts, every_block(minilm(random=random)))
    return made.reshape(-1, BLOCKS + 1, WIDTH)


@lru_cache(maxsize=512)
def draw(name: str, seed: int, per_class: int, number: int = 800) -> Task:
    """A task of row numbers among those texts: what is held out and what is learned from, other rows for each seed.

    Sentences of one review, or of one editorial, are on one side.
    """
    texts = some_texts(name, number)
    rows = np.arange(len(texts.y)).reshape(-1, 1)
    return Task.split(name, rows, texts.y, texts.classes, test=TEST, groups=texts.groups, seed=seed).few(per_class, seed)
