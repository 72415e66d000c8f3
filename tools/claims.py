"""Every measured claim of the course as one Markdown table: python -m tools.claims [a notebook …]"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from transferlib.claims import LINE

BAR = r"\|"  # a | within a cell of a Markdown table


def collect(notebooks: Iterable[str | Path]) -> list[dict]:
    """All claims stored in executed notebooks, a dict each: lesson, mark, sentence, effect, low, high, unit, seeds, …"""
    paths = sorted(map(Path, notebooks))
    return [row for path in paths for row in of_lesson(path.stem, json.loads(path.read_text("utf-8")))]


def of_lesson(name: str, notebook: dict) -> list[dict]:
    """The claims in the outputs of one notebook, as `collect` gives them."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    texts = (output.get("text") or output.get("data", {}).get("text/plain") or "" for output in outputs)
    found = (LINE.match(line) for text in texts for line in "".join(text).splitlines())
    return [{"lesson": name, **each.groupdict()} for each in found if each]


def table(rows: Iterable[dict]) -> str:
    """The claims as a Markdown table."""
    lines = ["| lesson | claim | effect | 95 % interval | margin | seeds |", "|---|---|---|---|---|---|"]
    for r in rows:
        effect, span = f"{r['effect']} {r['unit']}", f"{r['low']} … {r['high']}"
        cells = (r["lesson"][:2], r["sentence"], effect, span, r["margin"], r["seeds"])
        lines.append(f"| {' | '.join(cell.replace('|', BAR) for cell in cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # where it is cp1252, as on Windows, there is no ✓
    print(table(collect(sys.argv[1:] or Path("notebooks").glob("*.ipynb"))))
