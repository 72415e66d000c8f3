"""How long a lesson is, by one rule for all: python -m tools.minutes [notebooks/*.ipynb]

What a learner reads and does before "Going deeper": prose and printed output at 170 words a minute, a visible line of code
at 4 seconds (imports left out), a question at half a minute, a live panel at 4 minutes, an exercise at 5, and 90 seconds of
waiting.
"""

import json
import re
import sys
from pathlib import Path

LESSONS = Path(__file__).resolve().parents[1] / "notebooks"


def words(prose: str) -> int:
    """How many words a text has; a link is its words, a formula three."""
    prose = re.sub(r"\]\([^)]*\)", "]", prose)
    prose = re.sub(r"\$\$?[^$]*\$\$?", "formula formula formula", prose)
    return len(re.findall(r"[\w’'.,%+-]*\w", prose))


def minutes(path: str | Path) -> float:
    """The minutes of one notebook."""
    read = lines = questions = panels = exercises = 0
    for cell in json.loads(Path(path).read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            if "going deeper" in source[:80].lower():
                break
            read += words(source)
            continue
        code = [line for line in source.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        if not cell["metadata"].get("jupyter", {}).get("source_hidden"):
            lines += sum(not re.match(r"(from|import)\b", line.strip()) for line in code)
        questions += len(re.findall(r"\b(?:Prediction|Choice)\(", source))
        panels += bool(re.search(r"\bwidgets\.\w+\(", source)) and "import" not in source
        exercises += len(re.findall(r"\.check\(", source))
        for output in cell["outputs"]:
            data = output.get("data", {})
            if not data.keys() & {"image/png", "application/vnd.jupyter.widget-view+json"}:  # their words are the alt text
                read += words("".join(output.get("text") or data.get("text/plain") or ""))
    return read / 170 + lines * 4 / 60 + questions / 2 + panels * 4 + exercises * 5 + 1.5


if __name__ == "__main__":
    each = {Path(path).stem: minutes(path) for path in sys.argv[1:] or sorted(LESSONS.glob("*.ipynb"))}
    for name, value in each.items():
        print(f"{name:34}{value:4.0f}")
    print(f"{'all':34}{sum(each.values()) / 60:6.1f} hours")
