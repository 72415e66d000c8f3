"""The glossary: in order, whole in both languages, its names those of the code, its links alive."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "notebooks" / "glossary.md"
ROWS = [row[2:-2].split(" | ") for row in PAGE.read_text(encoding="utf-8").splitlines() if row.startswith("| **")]


def code():
    """All the code of the library and of the lessons, as one text."""
    lessons = [json.loads(path.read_text(encoding="utf-8"))["cells"] for path in (ROOT / "notebooks").glob("*.ipynb")]
    cells = ["".join(cell["source"]) for cells in lessons for cell in cells if cell["cell_type"] == "code"]
    return "\n".join([*cells, *(path.read_text(encoding="utf-8") for path in (ROOT / "transferlib").rglob("*.py"))])


def test_it_is_a_table_in_alphabetical_order_and_in_two_languages():
    terms = [row[0].strip("*").lower() for row in ROWS]
    assert terms == sorted(set(terms))
    assert not [row[0] for row in ROWS if len(row) != 5 or not re.search(r"[\u4e00-\u9fff]", row[1])]


def test_the_names_in_the_code_are_there():
    known = set(re.findall(r"\w+", code()))
    names = {
        name for row in ROWS for quoted in re.findall(r"`([^`]*)`", row[3]) for name in re.findall(r"[A-Za-z_]\w+", quoted)
    }
    assert not names - known


def test_the_links_lead_to_lessons():
    for row in ROWS:
        name, target = re.fullmatch(r"\[(\d\d)\]\((.*)\)", row[4]).groups()
        assert target.startswith(name) and (PAGE.parent / target).exists()
