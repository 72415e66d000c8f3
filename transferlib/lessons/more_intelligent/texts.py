"""Thirty-five pairs of texts for lesson 16: eight sources, five targets. A text is 384 numbers that MiniLM makes of it."""

from dataclasses import replace
from functools import lru_cache
from itertools import chain

import numpy as np

from transferlib import changes
from transferlib.cache import cached
from transferlib.lessons.more_intelligent.pairs import World
from transferlib.minilm import minilm, minilm_missing, read_texts, split_words
from transferlib.tasks import Task, rng_for
from transferlib.texts import DOMAINS, bbc_topics, sentiment, texts_missing

TASKS = *DOMAINS, "topics"
BLOCK, WORDS, NUMBER = 4, 28, 500  # blocks of MiniLM, words of a text that are read, texts of a task
POOL, TEST = 20, 200  # texts of a class that a target may learn from; texts to test on


def missing() -> str:
    """Why MiniLM or the texts cannot be had, in one line; "" where they can."""
    return minilm_missing() or texts_missing()


@cached
def numbers() -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """{task: (x (n, 384), y (n,), where each text comes from (n,))} of NUMBER texts of a task, each class as often.

    Of texts that are the same to MiniLM, such as in small and large letters, one is kept.
    """
    made = {name: _cut(name) for name in TASKS}
    read = read_texts(chain(*(texts for texts, _, _ in made.values())), minilm(BLOCK))
    parts = np.split(read, np.cumsum([len(y) for _, y, _ in made.values()])[:-1])
    return {name: (x, y, groups) for x, (name, (_, y, groups)) in zip(parts, made.items())}


def _cut(name):
    found = bbc_topics() if name == "topics" else sentiment(name)
    order, each = rng_for(16, "texts").permutation(len(found.y)), NUMBER // len(found.classes)
    rows = np.concatenate([order[found.y[order] == c][:each] for c in range(len(found.classes))])
    cut = [" ".join(found.texts[row].split()[:WORDS]) for row in rows]
    once = np.sort(np.unique([" ".join(split_words(text)) for text in cut], return_index=True)[1])
    return [cut[place] for place in once], found.y[rows[once]], found.groups[rows[once]]


@lru_cache(maxsize=1)
def _halves():
    """{name: Task}: one half of each task's texts to learn from, the other held out; a review is on one side."""
    made = numbers()
    x = np.concatenate([each[0] for each in made.values()])
    mean, deviation = x.mean(0), x.std(0)  # of all texts; one of the 384 numbers may be the same in all
    scale = 0.25 / np.where(deviation > 1e-6, deviation, np.inf)  # a row is then about as long as a picture's, 5
    cut = dict(test=NUMBER // 2, seed=0)
    return {
        name: Task.split(name, (x - mean) * scale, y, range(y.max() + 1), groups=groups, **cut)
        for name, (x, y, groups) in made.items()
    }


@lru_cache(maxsize=1)
def texts() -> World:
    """The eight sources, each of one half of the texts; and five targets, of the other halves. No target is its own source.

    Sources: sentiment of tweets, films, products and news; BBC's topics; "which domain", a text of which of the four;
    "scrambled", films with their 384 numbers in another order; "random labels", films.
    """
    halves = _halves()
    films, joined = halves["films"], {}
    for side in ("train", "test"):
        joined[f"x_{side}"] = np.concatenate([getattr(halves[name], f"x_{side}") for name in DOMAINS])
        joined[f"y_{side}"] = np.repeat(range(4), [len(getattr(halves[name], f"y_{side}")) for name in DOMAINS])
    sources = halves | {
        "which domain": replace(films, name="which domain", classes=tuple(DOMAINS), **joined),
        "scrambled": changes.scrambled(films),
        "random labels": changes.coin_labels(films),
    }
    targets = {name: _target(half) for name, half in halves.items()}
    return World(targets, {t: {name: one for name, one in sources.items() if name != t} for t in targets})


def _target(half):
    """The held-out half of a task: POOL texts a class to learn from, and TEST or fewer of the others to test on."""
    x, y = half.x_test, half.y_test
    learn = np.concatenate([np.flatnonzero(y == c)[:POOL] for c in range(len(half.classes))])
    rest = rng_for(16, "test").permutation(np.setdiff1d(np.arange(len(y)), learn))[:TEST]
    return replace(half, x_train=x[learn], y_train=y[learn], x_test=x[rest], y_test=y[rest])
