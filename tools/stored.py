"""What a stored lesson shows, in its order: claims, pictures with their sentence, questions with their measured answer.

The slides and the bank of questions are made of it. Only the notebook's file is read; nothing is executed.
"""

import ast
import json
import re
from pathlib import Path
from typing import NamedTuple

from transferlib.claims import LINE
from transferlib.own_copy import COURSE
from transferlib.plots.canvas import one_sentence

LESSONS = sorted(COURSE.glob("*.ipynb"))
PANEL = "application/vnd.jupyter.widget-view+json"
OPTION, CAME_OUT = "  ○ ", "It came out:"


class Claim(NamedTuple):
    cell: int
    deeper: bool
    mark: str
    sentence: str
    measured: str  # the mean, its interval, the unit
    seeds: str
    margin: str


class Picture(NamedTuple):
    cell: int
    deeper: bool
    png: str  # as base64
    sentence: str
    live: bool


class Question(NamedTuple):
    """A prediction has a setting, what the prose above it says; a choice has replies, {option: what is said to it}."""

    cell: int
    deeper: bool
    text: str
    options: list[str]
    right: str
    met: int  # the cell that shows the answer
    replies: dict[str, str]
    setting: list[str]  # its paragraphs and the items of its lists


def plain(prose: str) -> str:
    """Markdown as words: links, emphasis and line breaks taken out."""
    prose = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", prose)
    return re.sub(r"(?<!\w)[*_]+(?=\S)|(?<=\S)[*_]+(?!\w)|`", "", " ".join(prose.split()))


def sentences(prose: str, most: int) -> str:
    """A paragraph's first sentences, up to so many words or a question; none that announces or has a formula."""
    prose = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", " ".join(prose.replace("**", "").split()))  # links
    kept, prose = [], re.sub(r"\s*\([A-Z*][^()]*[.?!]\)", "", prose)  # asides
    for each in map(plain, re.split(r"(?<=[.!?])\s+(?=[A-Z“\"*`])|(?<=:)\s+(?=[A-Z])", prose.strip())):
        if not re.search(r"[.?!”\"]$", each) or "$" in each or re.match(r"The next|Here (is|are)|Now |Your task", each):
            continue
        if each.endswith("?") or kept and len(" ".join([*kept, each]).split()) > most:
            break
        kept.append(each)
    return " ".join(kept)


def following(cells: list[dict], cell: int) -> str:
    """The first paragraph of the prose after a cell; "" where a new section begins."""
    prose = next(("".join(each["source"]) for each in cells[cell + 1 :] if each["cell_type"] == "markdown"), "")
    return "" if prose.startswith("#") else prose.split("\n\n")[0]


def preceding(cells: list[dict], cell: int, most: int = 85) -> list[str]:
    """The last paragraphs under the heading above a cell, list items apart.

    Tables, code, formulas, and a last sentence that announces the cell are left out.
    """
    prose = next(("".join(each["source"]) for each in cells[cell::-1] if each["cell_type"] == "markdown"), "")
    blocks = re.split(r"\n\n|\n(?=- |\d\. )", re.split(r"^#+ .*$", prose, flags=re.M)[-1].strip())
    blocks = [each for each in blocks if each and not re.match(r"\||>|```|---", each) and "$" not in each]
    while len(" ".join(blocks).split()) > most:
        blocks.pop(0)
    blocks = [plain(re.sub(r"^(- |\d\. )", "", each)) for each in blocks]
    return [*blocks[:-1], *filter(None, (re.sub(r"((?<=[.?!])\s+|^)[^.?!]*:$", "", each) for each in blocks[-1:]))]


def section(cells: list[dict], cell: int) -> str:
    """The heading that a cell stands under."""
    prose = "\n".join("".join(each["source"]) for each in cells[:cell] if each["cell_type"] == "markdown")
    return plain((re.findall(r"^###? (.+)$", prose, re.M) or [""])[-1]).replace("$", "")


def title(cells: list[dict]) -> tuple[str, str]:
    """A lesson's heading, and the sentence that begins with "After this lesson", or the first paragraph."""
    heading, *paragraphs = "".join(cells[0]["source"]).split("\n\n")
    return heading.removeprefix("# "), plain(paragraphs[0])


def told(output: dict) -> str:
    return "".join(output.get("text") or output.get("data", {}).get("text/plain") or "")


def asked(cells: list[dict], cell: int, deeper: bool) -> tuple[str, Question]:
    """(the variable of the question of a cell, the question), its answer still unknown unless it is a choice."""
    tree, outputs = ast.parse("".join(cells[cell]["source"])), cells[cell]["outputs"]
    call = next(
        n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") in ("Prediction", "Choice")
    )
    name = next((n.targets[0].id for n in tree.body if isinstance(n, ast.Assign) and n.value is call), "")
    text, *options = next(told(o) for o in outputs if OPTION in told(o)).split("\n" + OPTION)
    right = next((keyword.value.value for keyword in call.keywords if keyword.arg == "right"), "")
    replies = ast.literal_eval(call.args[1]) if right else {}
    setting = [] if replies else preceding(cells, cell)
    return name, Question(cell, deeper, text, options, right, cell, replies, setting)


def shown(path: Path) -> list[Claim | Picture | Question]:
    """All that a lesson shows, in its order. Raises ValueError where a prediction has met no outcome."""
    cells = json.loads(Path(path).read_text("utf-8"))["cells"]
    found, deeper = {}, False
    for i, cell in enumerate(cells):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            deeper = deeper or "going deeper" in source[:80].lower()
            continue
        if re.search(r"\b(?:Prediction|Choice)\(", source):
            name, question = asked(cells, i, deeper)
            found[name or i] = question
        for j, output in enumerate(cell["outputs"]):
            data, text = output.get("data", {}), told(output)
            for each in filter(None, map(LINE.match, text.splitlines())):
                measured = "{effect} [{low}, {high}] {unit}".format_map(each)
                found[i, each["sentence"]] = Claim(
                    i, deeper, each["mark"], each["sentence"], measured, each["seeds"], each["margin"]
                )
            if "image/png" in data:
                words = output.get("metadata", {}).get("image/png", {}).get("alt") or text.partition("\n")[2]
                below = following(cells, i)
                sentence = (sentences(below, 44) if not below.startswith("**") else "") or one_sentence(words)
                found[i, j] = Picture(i, deeper, data["image/png"].strip(), sentence, PANEL in data)
            if CAME_OUT in text:
                outcome = re.search(rf"{CAME_OUT} +(.*?)(?: (?:As|Not as) predicted\.)?$", text, re.M)[1].strip()
                name = re.search(r"(\w+)\.meet\(", source)[1]
                found[name] = found[name]._replace(right=outcome, met=i)
    lost = [each.text for each in found.values() if isinstance(each, Question) and each.right not in each.options]
    if lost:
        raise ValueError(f"{Path(path).name}: no stored outcome that is one of the options for {lost}: run the lesson again")
    return sorted(found.values(), key=lambda each: each.cell)
