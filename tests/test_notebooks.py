"""The lessons as files: run, clean, small, readable without a kernel, and in the frame that every lesson has."""

import base64
import io
import json
import re
import statistics
import symtable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tools.claims import collect

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(params=LESSONS, ids=lambda path: path.stem)
def lesson(request):
    return json.loads(request.param.read_text(encoding="utf-8"))


def code(lesson):
    return [c for c in lesson["cells"] if c["cell_type"] == "code"]


def outputs(lesson):
    return [o for c in code(lesson) for o in c["outputs"]]


def test_every_cell_was_run_in_order_and_without_error(lesson):
    assert [c["execution_count"] for c in code(lesson)] == list(range(1, len(code(lesson)) + 1))
    assert not [o for o in outputs(lesson) if o["output_type"] == "error" or o.get("name") == "stderr"]
    assert not [o for o in outputs(lesson) if "WARNING" in "".join(o.get("text", ""))]


def test_no_widget_state_no_path_of_a_machine_no_timestamps(lesson):
    assert "widgets" not in lesson["metadata"], "saved by JupyterLab; `make notebooks LESSON=…` takes it out"
    assert not re.search(r"(/root/|/tmp/|/home/|/Users/|site-packages)", json.dumps(lesson))
    assert not [c for c in code(lesson) if "execution" in c["metadata"]]


def test_no_stored_picture_is_cut_off(lesson):
    """Nothing stands in the outermost columns, not even the pale edge of a letter."""
    for output in outputs(lesson):
        if "image/png" in (data := output.get("data", {})):
            picture = np.asarray(Image.open(io.BytesIO(base64.b64decode("".join(data["image/png"])))).convert("L"))
            assert picture[:, [0, 1, -2, -1]].min() > 249, "".join(data["text/plain"])[:80]


def test_every_widget_can_be_read_where_no_kernel_runs(lesson):
    for output in outputs(lesson):
        data = output.get("data", {})
        if VIEW in data:
            assert "image/png" in data or "text/html" in data, data["text/plain"]
            assert not "".join(data["text/plain"]).startswith(("VBox(", "HBox(")), "its text names its state"


def test_figures_are_small_and_say_what_they_show(lesson):
    for output in outputs(lesson):
        if picture := output.get("data", {}).get("image/png"):
            assert len(base64.b64decode(picture)) < 60_000
            assert len("".join(output["data"]["text/plain"])) > 30


def test_short_cells_one_idea_each(lesson):
    lines = [sum(1 for line in "".join(c["source"]).splitlines() if line.strip()) for c in code(lesson)]
    assert max(lines) <= 20 and statistics.median(lines) <= 6


def _names(code):
    """(names that a cell reads, names that it gives a value to) at the top level; imports give none."""
    top = symtable.symtable(re.sub(r"^[%!].*$", "", code, flags=re.MULTILINE), "cell", "exec")
    tables = [top]
    for table in tables:
        tables += table.get_children()
    symbols = [(table, symbol) for table in tables for symbol in table.get_symbols()]
    reads = {s.get_name() for table, s in symbols if s.is_referenced() and (table is top or s.is_global())}
    return reads, {s.get_name() for s in top.get_symbols() if s.is_assigned() and not s.is_imported()}


def test_no_later_cell_takes_a_name_that_an_outcome_reads(lesson):
    """A reader changes her choice at the end and runs the outcome's cell again: it must still say the same."""
    cells = [_names("".join(c["source"])) + ("".join(c["source"]),) for c in lesson["cells"] if c["cell_type"] == "code"]
    for place, (reads, gives, code) in enumerate(cells):
        if ".meet(" in code:
            asked = (reads - gives) & set().union(*(before for _, before, _ in cells[:place]))
            taken = {name for also, after, _ in cells[place + 1 :] for name in asked & after - also}  # what adds may read
            assert not taken, f"{taken}, read by the cell that says {code.splitlines()[-1]}"


def test_nothing_is_left_out_of_the_comparison_without_a_reason(lesson):
    """nbval compares every cell. One that is not compared has a reason in its metadata, or the words 'may differ' before it.
    (One that is compared more loosely has the tag `unsteady`, and lesson 00 says once that processors round differently.)
    """
    cells = lesson["cells"]
    for place, cell in enumerate(cells):
        if "nbval-ignore-output" in cell["metadata"].get("tags", []):
            assert cell["metadata"].get("may_differ") or "may differ" in "".join(cells[place - 1]["source"])


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_frame_of_a_lesson(path):
    lesson = json.loads(path.read_text(encoding="utf-8"))
    prose = "\n".join("".join(c["source"]) for c in lesson["cells"] if c["cell_type"] == "markdown")
    source = "\n".join("".join(c["source"]) for c in code(lesson))
    assert prose.startswith(f"# {path.stem[:2]} · ") and "**Time:**" in prose
    assert "your_exercises(exercise)" in source
    if path.stem.startswith("00"):
        return
    for must in ("**After this lesson**", "**You need**", "## Exercises", "## Recap", "**Read on.**", "**Next:**"):
        assert must in prose, must
    assert source.count(".check(answer") >= 4 and "Prediction(" in source and ".meet(" in source
    assert VIEW in json.dumps(lesson), "a live panel"
    assert collect([path]), "no claim is bound to a run"


def test_links_between_lessons_lead_somewhere(lesson):
    prose = "\n".join("".join(c["source"]) for c in lesson["cells"] if c["cell_type"] == "markdown")
    for target in re.findall(r"\]\((\w+\.ipynb)\)", prose):
        assert (ROOT / "notebooks" / target).exists(), target


def test_all_claims_have_ten_seeds_and_hold():
    assert all(int(row["seeds"]) >= 10 and row["mark"] in "✓≈" for row in collect(LESSONS))
