"""Plain English: words and turns that readers stumbled over stand nowhere in the lessons."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "notebooks").rglob("*.md"))]
BANNED = {  # a turn that is hard for a reader whose first language is not English: what to say instead
    r"by lot": "at random",
    r"by heart": "from memory, word for word",
    r"abroad": "on the target",
    r"storeys?": "level",
    r"orphan": "say what it has lost",
    r"rungs?": "step of the ladder",
    r"(whoever|whosoever)": "a reader who, if you",
    r"of which": "two sentences",
    r"tell [^.;:?!]{1,40} (apart )?from\b": "distinguish",
    r"(?<![Nn]othing )(?<![Aa]ll )but for": "except",
    r"SVCs?": "SVM",
    r"labels by lot": "random labels",
    r"coin labels": "random labels",
    r"earlier edition": "nothing: a new reader never saw it",
    r"(another|other|your) (processor|machine)s?": "nothing: lesson 00 says it once",
    r"commit yourself": "predict",
    r"hither|thither|whence|thence|wherein|whereof|thereof|hitherto|lest|albeit|ere": "a plain word",
}
MAY = {"00_start_here": "processor|machine", "hosting": "processor|machine"}  # where it matters


def prose(path):
    """[(where, text)]: the words of a page, or of a lesson's Markdown cells and questions; code and formulas left out."""
    if path.suffix == ".md":
        texts = [(path.name, path.read_text(encoding="utf-8"))]
    else:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        texts = [
            (f"{path.stem} [{i}]", "".join(cell["source"]))
            for i, cell in enumerate(cells)
            if cell["cell_type"] == "markdown"
        ]
    return [(where, re.sub(r"`[^`]*`|\$[^$]*\$|\]\([^)]*\)|\n", " ", text)) for where, text in texts]


def hard(text):
    """The banned words of a text, and what to say instead."""
    return [
        (found[0], better)
        for turn, better in BANNED.items()
        for found in re.finditer(rf"\b(?:{turn})\b", text, re.IGNORECASE)
    ]


@pytest.mark.parametrize("path", [*LESSONS, *PAGES], ids=lambda path: path.stem)
def test_a_page_is_plain_english(path):
    allowed = MAY.get(path.stem, "(?!)")
    met = [(where, *found) for where, text in prose(path) for found in hard(text) if not re.search(allowed, found[0])]
    assert not met, "\n".join(f"{where}: {word!r}: say {better}" for where, word, better in met)


def test_what_is_banned_is_found_and_what_is_not_is_left():
    assert [word for word, _ in hard("Tell a cat from a dog by lot; abroad, SVC.")] == [
        "by lot",
        "abroad",
        "Tell a cat from",
        "SVC",
    ]
    assert hard("A lot of words, the board, and who reads them. Nothing but formulas.") == []
