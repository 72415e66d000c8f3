"""The claims of a lesson on seeds that nobody has looked at: python -m tools.replication 04 --first 100

The lesson runs as it stands, but for the seeds: "ten seeds" are then 100 to 109. A claim that does not hold there is counted
and no error. Seeds that a lesson names itself, such as seeds=range(20, 40), stay what they are, and a seed draws what it
draws in the lesson: labels, weights and batches, and neither the data nor their split.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from tools.claims import of_lesson
from transferlib.claims import REPLICATING
from transferlib.experiments import FIRST_SEED

LESSONS = Path(__file__).resolve().parents[1] / "notebooks"


def replicate(lesson: str | Path, first: int = 100) -> tuple[list[dict], list[str]]:
    """Run a lesson on seeds from `first` up: (its claims as `claims.collect` gives them, what else went wrong in its cells).

    An error in a cell, such as an exercise's answer that is another one with other seeds, does not end the run.
    """
    path = Path(lesson)
    notebook = nbformat.read(path, 4)
    client = NotebookClient(notebook, timeout=None, allow_errors=True, resources={"metadata": {"path": str(path.parent)}})
    client.execute(env=os.environ | {FIRST_SEED: str(first), REPLICATING: "1"})
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    wrong = [f"{o['ename']}: {o['evalue'].splitlines()[0][:120]}" for o in outputs if o["output_type"] == "error"]
    return of_lesson(path.stem, notebook), wrong


def report(lessons: Iterable[Path], first: int) -> str:
    """Every lesson replicated, as a Markdown table, and below it the claims that did not hold or were not reached."""
    lines, failed = ["| lesson | claims | hold again | same sign |", "|---|---|---|---|"], []
    for path in lessons:
        stored = {row["sentence"]: row["effect"] for row in of_lesson(path.stem, json.loads(path.read_text("utf-8")))}
        if not stored:
            continue
        again, wrong = replicate(path, first)
        rows = {row["sentence"]: row for row in again}
        held = [s for s in stored if s in rows and rows[s]["mark"] != "✗"]
        alike = [s for s in stored if s in rows and (s in held or rows[s]["effect"][0] == stored[s][0])]
        lines.append(f"| {path.stem[:2]} | {len(stored)} | {len(held)} | {len(alike)} |")
        for sentence in stored:
            if sentence not in held:
                row = rows.get(sentence)
                measured = f"{row['effect']} [{row['low']}, {row['high']}] {row['unit']}" if row else "not reached"
                failed.append(f"- {path.stem[:2]}: {sentence}: {measured}" + (f", margin {row['margin']}" if row else ""))
        failed += [f"- {path.stem[:2]}, an error in a cell: {each}" for each in wrong]
    return "\n".join([*lines, *([""] if failed else []), *failed])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.replication", description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="numbers, such as 04; all when none is named")
    parser.add_argument("--first", type=int, default=100, help="the first of the fresh seeds (100)")
    asked = parser.parse_args(sys.argv[1:])
    paths = [path for path in sorted(LESSONS.glob("*.ipynb")) if not asked.lessons or path.stem[:2] in asked.lessons]
    if missing := set(asked.lessons) - {path.stem[:2] for path in paths}:
        parser.error(f"there is no lesson {', '.join(sorted(missing))}")
    if asked.first < 0:
        parser.error("a seed is 0 or more")
    print(report(paths, asked.first))


if __name__ == "__main__":
    main()
