"""Texts as numbers: means of the vectors of their words for a source, short strings of letters without one."""

import re
import threading
import warnings
from collections import Counter

import keras
import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer

from transferlib.minilm import minilm, read_texts
from transferlib.pretrained import glove

COMMON = 10_000  # words: in an English text more than half of all are among these
MOST = 20_000  # words: the commonest of what the texts hold
KEPT = 50_000  # texts whose numbers a network need not make again
_reading, _made = threading.Lock(), {}


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return re.findall(r"[^\W\d_]+", text.lower())


def known_words(texts) -> tuple[list[str], float, list[int], list[str]]:
    """(GloVe's words among the texts', the share that it knows, rows without one, the commonest that it lacks)"""
    rows, each = glove()[0], [words_of(text) for text in texts]
    count = Counter(word for words in each for word in words)
    known = [word for word, _ in count.most_common() if word in rows]
    share = sum(count[word] for word in known) / max(1, count.total())
    empty = [row for row, words in enumerate(each) if not any(word in rows for word in words)]
    return (sorted(known[:MOST]), share, empty, [word for word, _ in count.most_common() if word not in rows][:3])


def rarely_english(texts) -> list[int]:
    """Rows of five words or more, at most half of which are among the 10,000 commonest of GloVe."""
    place, each = glove()[0], [words_of(text) for text in texts]
    common = [sum(place.get(word, COMMON) < COMMON for word in words) for words in each]
    return [row for row, words in enumerate(each) if len(words) >= 5 and common[row] <= len(words) / 2]


SIGNS = {
    "HTML": (
        re.compile(r"</?(p|br|div|span|a|b|i|li|ul|td|tr|h\d)\b[^>]*>|&(nbsp|amp|lt|gt|quot|#\d+);"),
        "html.unescape(re.sub(r'<[^>]+>', ' ', text)) takes it away",
    ),
    "letters that were read in the wrong encoding": (
        re.compile("[\u00c3\u00c2\u00e2][\u0080-\u00bf\u20ac\u201a-\u201e\u0153\u2122]"),
        "open the file with encoding='utf-8'",
    ),
}


def warn_of_signs(name: str, texts) -> None:
    """A warning for texts that hold marks of where they came from: HTML, or UTF-8 that was read as Latin-1."""
    for what, (sign, cure) in SIGNS.items():
        found = [(row, met) for row, text in enumerate(texts) if (met := sign.search(text))]
        if len(found) >= max(2, len(texts) / 50):
            row, met = found[0]
            some = f"{len(found)} of {len(texts)} texts hold {what}, such as {met.group()!r} in row {row}"
            warnings.warn(f"{name}: {some}; {cure}", stacklevel=3)


def warn_of_telling(name: str, texts, y: np.ndarray, classes: tuple) -> None:
    """A warning for a word that stands in nearly all texts of one class and in nearly no other."""
    holds = Counter((word, label) for text, label in zip(texts, y.tolist()) for word in set(words_of(text)))
    all_of, every = np.bincount(y, minlength=len(classes)), Counter()
    for (word, _), count in holds.items():
        every[word] += count
    for (word, label), count in holds.most_common():
        others = every[word] - count
        if all_of[label] >= 5 and count >= 0.98 * all_of[label] and others <= 0.02 * (len(y) - all_of[label]):
            told = f"{name}: the word {word!r} stands in nearly all texts of {classes[label]!r}, and in nearly no other"
            warnings.warn(f"{told}: will it stand in a text whose label is not known? If not, take it away", stacklevel=3)
            return


def shares(texts, words: list[str]) -> np.ndarray:
    """(n, words) float32: the share that each word has in a text: shares @ vectors is the mean of its vectors.

    A text of any length is read to its end; one without a known word is 0, and so is its mean.
    """
    place, x = {word: number for number, word in enumerate(words)}, np.zeros((len(texts), len(words)), np.float32)
    for row, text in zip(x, texts):
        for word in words_of(text):
            if word in place:
                row[place[word]] += 1
        row /= max(1, row.sum())
    return x


def letters(texts) -> np.ndarray:
    """(n, 1024) how often strings of two to four letters occur in each text."""
    made = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=1024, alternate_sign=False)
    return made.transform(texts).toarray()


def word_counts(texts) -> np.ndarray:
    """(n, 4096) float32, how often each word occurs in each text; a word's column is a hash, and needs no list of words."""
    made = HashingVectorizer(n_features=4096, alternate_sign=False, norm=None, dtype=np.float32)
    return made.transform(texts).toarray()


def rarity(counts: np.ndarray) -> np.ndarray:
    """(words,) how rare each word is in these texts: the IDF of TF-IDF."""
    return np.log((1 + len(counts)) / (1 + (counts > 0).sum(0))) + 1


def tf_idf(counts: np.ndarray, idf: np.ndarray) -> np.ndarray:
    """(n, words) counts weighed by how rare a word is, each text of length 1."""
    rows = counts * idf
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def sentences(texts, random: int | None = None) -> np.ndarray:
    """(n, 384) what MiniLM makes of texts, or its twin with the random weights `random`; every text once."""
    with _reading:
        if sum(map(len, _made.values())) > KEPT:
            _made.clear()
        known = _made.setdefault(random, {})
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, read_texts(new, minilm(random=random))))
        return np.array([known[text] for text in texts])


def mean_of(vectors: np.ndarray):
    """A Keras layer that turns shares (n, words) into means of vectors (words, d)."""
    layer = keras.layers.Dense(vectors.shape[1], use_bias=False)
    layer.build((None, len(vectors)))
    layer.set_weights([vectors])
    return layer


def vectors_of(words: list[str]) -> np.ndarray:
    """(words, 50) GloVe's vectors."""
    rows, vectors = glove()
    return np.asarray(vectors[[rows[word] for word in words]])


def with_common_words(reading: dict, shared) -> tuple[dict, object]:
    """(reading, shared part) that also know GloVe's commonest words, as they came: new texts have new words."""
    known = set(reading["words"])
    more = [word for word in list(glove()[0])[:40_000] if word not in known]
    bigger = mean_of(np.concatenate([shared.get_weights()[0], vectors_of(more)]))
    model = keras.Sequential([keras.Input((len(known) + len(more),)), bigger], name="shared")
    return reading | dict(words=[*reading["words"], *more]), model
