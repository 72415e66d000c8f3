"""The numbers with which the READMEs begin are those that lesson 00 measures."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def measured():
    """{line: the accuracies, in per cent, at 1, 2, 5, 10, 50 labels per class} of lesson 00's stored race."""
    cells = json.loads((ROOT / "notebooks" / "00_start_here.ipynb").read_text(encoding="utf-8"))["cells"]
    texts = ("".join(output.get("data", {}).get("text/plain", "")) for cell in cells for output in cell.get("outputs", []))
    race = next(text for text in texts if text.startswith("Race("))
    lines = race.split("standard error: ")[1].split(". Points")[0].split("; ")
    return {
        re.match(r"[^\d]+", line)[0].strip(): [100 * float(number) for number in re.findall(r"(\d\.\d+) ±", line)]
        for line in lines
    }


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_first_numbers_are_measured(name):
    race = measured()
    kept, scratch, svm = (race[line] for line in ("head kept", "from scratch, no source", "SVM, no source"))
    hook = (ROOT / name).read_text(encoding="utf-8").split("**")[1]
    told = [int(number) for number in re.findall(r"(\d+) %", hook)]
    assert told == [round(value) for value in (kept[0], scratch[0], svm[-1])] and svm[-1] > kept[-1]
