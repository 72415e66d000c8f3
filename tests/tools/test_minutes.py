"""The minutes of a lesson: counted by hand on a small one, and as the lessons and README say them."""

import json
import re
from pathlib import Path

import pytest

from tools.minutes import LESSONS, minutes

PATHS = sorted(LESSONS.glob("*.ipynb"))
README, IN_CHINESE = (Path(__file__).resolve().parents[2] / name for name in ("README.md", "README.zh.md"))
ROW = r"\]\(notebooks/{}\) \|.*\| (\d+) \|"


def cell(source, outputs=(), **metadata):
    kind = "code" if metadata.pop("code", True) else "markdown"
    return dict(cell_type=kind, metadata=metadata, source=source, outputs=list(outputs))


def test_a_small_lesson_by_hand(tmp_path):
    printed = dict(output_type="stream", text=" ".join(["printed"] * 17))
    drawn = dict(output_type="display_data", data={"image/png": "", "text/plain": "words for who cannot see it"})
    cells = [
        cell(" ".join(["word"] * 150) + " [a link](to/a/place) $x^2$", code=False),  # 150 + 2 + 3
        cell("import numpy as np\n\nx = 1\n# a comment\ny = 2", [printed, drawn]),  # two lines and 17 words
        cell("folded = 3", jupyter=dict(source_hidden=True)),
        cell('guess = Prediction("?", ["a", "b"])', jupyter=dict(source_hidden=True)),
        cell("panel = lesson.widgets.dial(x)\npanel"),  # a panel, and two lines
        cell("answer = ...\nexercise.one.check(answer)"),  # an exercise, and two lines
        cell("## Going deeper\n" + "word " * 900, code=False),
        cell("z = 1"),
    ]
    (tmp_path / "small.ipynb").write_text(json.dumps(dict(cells=cells)), encoding="utf-8")
    words = 155 + 17
    assert minutes(tmp_path / "small.ipynb") == pytest.approx(words / 170 + 6 * 4 / 60 + 0.5 + 4 + 5 + 1.5)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_lesson_is_as_long_as_it_says_and_no_longer_than_three_quarters_of_an_hour(path):
    first = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
    said = int(re.search(r"\*\*Time:\*\* (\d+) minutes", first)[1])
    rows = [int(re.search(ROW.format(path.name), each.read_text(encoding="utf-8"))[1]) for each in (README, IN_CHINESE)]
    assert [said, said] == rows and abs(said - minutes(path)) <= 0.6 and said <= 45, (said, rows, minutes(path))


def test_the_hours_of_readme_are_those_of_its_lessons():
    said = int(re.search(r"About (\d+) hours", README.read_text(encoding="utf-8"))[1])
    assert f"约 {said} 小时" in IN_CHINESE.read_text(encoding="utf-8")
    assert abs(said - sum(map(minutes, PATHS)) / 60) < 0.75
