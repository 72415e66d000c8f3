"""A deck of slides for each lesson, from what it has stored: python -m docs.slides [FOLDER]

By default in build/slides. A slide is one claim with its number, one picture with its sentence, one question, or its
answer, in the lesson's order; the questions for discussion close the deck. Key S shows the lecturer's notes. Nothing
is executed, nothing is fetched: reveal.js lies in the folder.
"""

import base64
import html
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from docs import emptied
from tools.stored import LESSONS, Claim, Picture, Question, plain, section, shown, title

ROOT = Path(__file__).resolve().parents[1]
DISCUSSION = ROOT / "notebooks" / "teaching" / "discussion.md"
ASKED = re.compile(r"^\d\. (?P<question>.+?)\n+ +\*A good answer:\* (?P<answer>.+?)(?=\n\n?\d\. |\Z)", re.M | re.S)
SETTINGS = {
    "extensions": ["myst_parser", "sphinx_revealjs"],
    "suppress_warnings": ["toc.not_included"],
    "smartquotes": False,  # words as the lesson has them
    "html_title": "Transfer learning, live",
    "revealjs_static_path": [str(Path(__file__).parent / "static")],
    "myst_enable_extensions": ["colon_fence"],
    "revealjs_style_theme": "white",
    "revealjs_css_files": ["slides.css"],
    "revealjs_script_conf": {"width": 1280, "height": 720, "hash": True, "slideNumber": "c/t", "transition": "none"},
    "revealjs_script_plugins": [{"name": "RevealNotes", "src": "revealjs/plugin/notes/notes.js"}],
}


def discussion() -> dict[str, list[tuple[str, str]]]:
    """{lesson, such as "04": [(a question for discussion, what a good answer has), …]}."""
    lessons = re.split(r"^## (?=\d\d )", DISCUSSION.read_text("utf-8"), flags=re.M)[1:]
    flat = [(each[:2], [plain(part) for part in found]) for each in lessons for found in ASKED.findall(each)]
    return {lesson: [tuple(pair) for name, pair in flat if name == lesson] for lesson, _ in flat}


def slide(heading: str, body: str = "", notes: str = "", kind: str = "") -> str:
    """One slide, in Markdown; words of a lesson are taken as they are, never as markup."""
    tag = f'<p class="kind">{html.escape(kind)}</p>\n\n' if kind else ""
    said = f"\n\n:::{{revealjs-notes}}\n{notes}\n:::" if notes else ""
    return f"## {escaped(heading)}\n\n{tag}{body}{said}\n"


def escaped(words: str) -> str:
    return re.sub(r"([\\`*_\[\]<>$#|~])", r"\\\1", words)


def options(question: Question, right: str = "") -> str:
    """The options of a question; before its answer is shown, what the lesson says first."""
    setting = "".join(f"<p>{html.escape(each)}</p>" for each in question.setting)
    before = f'<div class="setting">{setting}</div>\n\n' if setting and not right else ""
    listed = (f"<li{' class=right' * (each == right)}>{html.escape(each)}</li>" for each in question.options)
    return before + f'<ul class="options">{"".join(listed)}</ul>'


def slides(path: Path, pictures: Path) -> str:
    """A lesson's deck, in Markdown; its pictures are written into a folder beside it."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    heading, after = title(cells)
    made = [f"# {escaped(heading)}\n\n{escaped(after)}\n"]
    items = [(each.cell, each) for each in shown(path)]
    items += [(each.met, each) for _, each in items if isinstance(each, Question) and each.met > each.cell]
    deeper = False
    for cell, each in sorted(items, key=lambda item: item[0]):
        if each.deeper and not deeper:
            made.append(slide("Going deeper", "For those who want more: not needed for the next lessons."))
        deeper, where = each.deeper, f" · {section(cells, cell)}"
        if isinstance(each, Claim):
            number = f'<p class="number">{each.mark} {html.escape(each.measured)}</p>\n\n'
            made.append(slide(each.sentence, f"{number}{each.seeds} seeds, margin {each.margin}", kind="measured" + where))
        elif isinstance(each, Picture):
            name = f"{path.stem}_{cell}_{len(made)}.png"
            (pictures / name).write_bytes(base64.b64decode(each.png))
            live = '<p class="live">Live in JupyterLab: move its controls there.</p>\n\n' if each.live else ""
            made.append(slide(each.sentence, f"![](pictures/{name})\n\n{live}", kind="look"))
        elif cell == each.met > each.cell:
            made.append(slide(each.text, options(each, each.right), kind="it came out" + where))
        else:
            notes = "Let everybody choose before you go on." + f" Right: {escaped(each.right)}." * bool(each.replies)
            made.append(slide(each.text, options(each), notes, ("check yourself" if each.replies else "predict") + where))
    for question, answer in discussion().get(path.stem[:2], []):
        made.append(slide(question, notes="A good answer: " + escaped(answer), kind="discuss"))
    return "\n".join(made)


def build(folder: Path, lessons: list[Path] = LESSONS) -> None:
    """Make the decks in a folder; raises RuntimeError where Sphinx warns of anything."""
    emptied(folder)
    with tempfile.TemporaryDirectory() as made:
        pages = Path(made) / "pages"
        (pages / "pictures").mkdir(parents=True)
        for path in lessons:
            (pages / f"{path.stem}.md").write_text(slides(path, pages / "pictures"), "utf-8")
        listed = "\n".join(f"- [{path.stem.replace('_', ' ')}]({path.stem}.md)" for path in lessons)
        keys = "Arrows: go on and back. S: the lecturer's notes. End: the last slide. Esc: all slides."
        (pages / "index.md").write_text(f"# Transfer learning, live\n\n{listed}\n\n{keys}\n", "utf-8")
        (pages / "conf.py").write_text("\n".join(f"{key} = {value!r}" for key, value in SETTINGS.items()), "utf-8")
        # In a process of its own: Sphinx keeps in a process what the site's extensions told it.
        command = [sys.executable, "-m", "sphinx", "-b", "revealjs", "-q", "-W", "--keep-going", "-d", f"{made}/trees"]
        done = subprocess.run([*command, str(pages), str(folder)], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"the slides were not built:\n{done.stderr}")


if __name__ == "__main__":
    build(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "slides"))
