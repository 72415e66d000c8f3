"""The plugins at work on a lesson of three cells: what nbval says of a wrong number, and what the closing lines say."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
CELLS = {
    "1 + 1": "2",
    "print('accuracy {mean} ± 0.003')": "accuracy 0.924 ± 0.003\n",
    "print('✓ A is ahead: {effect} [+1.8, +5.9] points, 10 seeds, margin +1')": (
        "✓ A is ahead: +3.8 [+1.8, +5.9] points, 10 seeds, margin +1\n"
    ),
}


def lines(folder, mean, effect, *options):
    """Run a lesson that stores 0.924 and +3.8 and prints `mean` and `effect`, and a test beside it; the lines that came."""
    cells = []
    for source, text in CELLS.items():
        code = source.replace("{mean}", mean).replace("{effect}", effect)
        stored = nbformat.v4.new_output("stream", name="stdout", text=text)
        if source == "1 + 1":
            stored = nbformat.v4.new_output("execute_result", {"text/plain": text}, execution_count=1)
        cells.append(nbformat.v4.new_code_cell(code, outputs=[stored], execution_count=len(cells) + 1))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "lesson.ipynb")
    (folder / "test_it.py").write_text("def test_it(record_property):\n    record_property('controls', 7)\n")
    command = [sys.executable, "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml"), f"--rootdir={folder}", str(folder)]
    plain = os.environ | {"PYTEST_ADDOPTS": ""}  # what one asks of the outer run is not asked of this one
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", *options], cwd=ROOT, env=plain, capture_output=True, text=True
    )
    return done.stdout.strip().splitlines()


def test_the_closing_lines_count_what_was_tested(tmp_path):
    said = lines(tmp_path, "0.925", "+3.7", "-n", "2")
    assert said[-2] == "4 tests, 1 lessons with 1 claims that hold, 7 controls moved"
    assert said[-1].startswith("4 passed in"), "pytest's own line stays the last"
    assert sum("lesson.ipynb::Cell" in line for line in said) == 3, "the slowest"


def test_a_mean_that_is_a_standard_error_off_makes_its_cell_red(tmp_path):
    said = lines(tmp_path, "0.927", "+2.8")
    assert [line.split("::")[1][:6] for line in said if line.startswith("FAILED")] == ["Cell 1", "Cell 2"]
    assert "4 tests, 1 lessons with 0 claims that hold, 7 controls moved" in said
    assert said[-1].startswith("2 failed, 2 passed in")
