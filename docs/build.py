"""The site, from the stored lessons: python -m docs.build [FOLDER], by default build/site

Each lesson as it is stored, with doors to run it at its top; a picture has one sentence as its alt text, and a
panel's picture says that it is live in JupyterLab. README becomes the first page. Lessons and texts are found by
walking. Nothing is executed, nothing is fetched, and the site needs no network: mathematics, search and all else
lie in its folder.
"""

import html
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from sphinx.cmd.build import build_main

from docs import emptied
from docs.conf import repository
from transferlib.own_copy import unanswered
from transferlib.plots.canvas import one_sentence

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
VIEW = "application/vnd.jupyter.widget-view+json"
BINDER = "https://mybinder.org/v2/git/{}/HEAD?urlpath=lab/tree/notebooks/{}"
LIVE = "This panel is live in JupyterLab: there its controls move, and the picture with them."
PAGES = "README.zh.md", "CONTRIBUTING.md"
NOT_PAGES = r"\[([^]]*)\]\((LICENSE|CITATION\.cff|findings)\)"  # what README links and the site does not hold


def doors(name: str) -> str:
    """How to run a lesson, in HTML; Binder and the clone only where `docs/conf.py` names the repository."""
    ways = [f'<a href="{name}" download>download the notebook</a>']
    if repository:
        ways.insert(0, f'<a href="{BINDER.format(quote(repository, safe=""), name)}">open it on Binder</a>')
    clone = f"git clone {repository} course && cd course\n" if repository else ""
    begin = "or" if repository else "or, in the course's folder,"
    return f'<div class="doors">To run this lesson: {" · ".join(ways)} · {begin}<pre>{clone}make lab</pre></div>'


def shown(output: dict) -> list[dict]:
    """A stored output as the site shows it."""
    data = output.get("data", {})
    panel = data.pop(VIEW, None) is not None
    if "image/png" in data:
        told = output.get("metadata", {}).get("image/png", {}).get("alt")
        text = "".join(data["text/plain"])
        alt = one_sentence(told or (text.partition("\n")[2] if panel else text))
        picture = f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{"".join(data["image/png"]).strip()}">'
        live = f'<p class="live">{LIVE}</p>' if panel else ""
        output["data"] = {"text/html": picture + live}
    elif "text/html" in data and "progress bar:" in "".join(data["text/plain"]):
        return []
    return [output]


def page(path: Path) -> dict:
    """A lesson's notebook as the site shows it."""
    lesson = json.loads(path.read_text("utf-8"))
    for cell in lesson["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [each for output in cell["outputs"] for each in shown(output)]
            if cell["metadata"].get("jupyter", {}).get("source_hidden"):
                cell["metadata"].setdefault("tags", []).append("hide-input")
    first, title = lesson["cells"][0], "".join(lesson["cells"][0]["source"])
    heading, _, rest = title.partition("\n")
    first["source"] = f"{heading}\n\n{doors(path.name)}\n\n{rest}"
    return lesson


def pages(folder: Path) -> None:
    """Write what Sphinx reads into a folder."""
    there = folder / "notebooks"
    shutil.copytree(NOTEBOOKS, there, ignore=shutil.ignore_patterns(".*", "*.ipynb"))
    lessons = sorted(NOTEBOOKS.glob("*.ipynb"))
    for path in lessons:
        (there / path.name).write_text(json.dumps(page(path), ensure_ascii=False), "utf-8")
    for name in PAGES:
        text = re.sub(r"\]\(README\.md\)", "](index.md)", (ROOT / name).read_text("utf-8"))
        (folder / name).write_text(text, "utf-8")
    link = rf"[\1]({repository}/tree/HEAD/\2)" if repository else r"\1"
    readme = re.sub(NOT_PAGES, link, (ROOT / "README.md").read_text("utf-8"))
    texts = sorted(str(each.relative_to(folder).with_suffix("")) for each in there.rglob("*.md"))
    trees = {"Lessons": [f"notebooks/{each.stem}" for each in lessons], "More": [*texts, "README.zh", "CONTRIBUTING"]}
    listed = [f"```{{toctree}}\n:hidden:\n:caption: {name}\n\n" + "\n".join(each) + "\n```" for name, each in trees.items()]
    (folder / "index.md").write_text("\n\n".join([readme, *listed]) + "\n", "utf-8")


def build(site: Path) -> None:
    """Make the whole site in a folder; raises RuntimeError where Sphinx warns of anything."""
    emptied(site)
    with tempfile.TemporaryDirectory() as folder:
        pages(Path(folder) / "pages")
        # -W: a link that leads nowhere is an error
        options = ["-c", str(Path(__file__).parent), "-b", "html", "-W", "--keep-going", "-q", "-d", f"{folder}/doctrees"]
        if build_main([*options, f"{folder}/pages", str(site)]):
            raise RuntimeError("the site was not built: what is wrong stands above")
    for path in NOTEBOOKS.glob("*.ipynb"):  # to be downloaded: without the outputs, which would give the answers away
        (site / "notebooks" / path.name).write_text(unanswered(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    build(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "site"))
