"""The site is whole without a network, every link of it leads somewhere, and it fits a telephone."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests import test_browser as first_day

build = pytest.importorskip("docs.build", reason="the site's own packages: python -m pip install -r docs/requirements.txt")
chrome = first_day.chrome
LESSONS = sorted(path.stem for path in build.NOTEBOOKS.glob("*.ipynb"))
LOOKED_AT = "index", "notebooks/04_three_sharing_strategies", "notebooks/glossary", "notebooks/07_your_own_problem"
# Pictures that are wider than the screen, and that no scrolling brings into view.
CUT = """() => [...document.querySelectorAll("article img")].filter(i => i.getBoundingClientRect().right > innerWidth
    && getComputedStyle(i.closest(".output") ?? i).overflowX != "auto").map(i => i.alt)"""
# Words whose contrast with what lies behind them is less than WCAG asks: 4.5, or 3 where they are large.
FAINT = """() => {
    const parts = colour => { const n = colour.match(/[\\d.]+/g).map(Number); return n.length > 3 ? n : [...n, 1]; };
    const over = (ground, [r, g, b, a]) => [r, g, b].map((value, i) => value * a + ground[i] * (1 - a));
    const behind = e => over(e.parentElement ? behind(e.parentElement) : [255, 255, 255],
                             parts(getComputedStyle(e).backgroundColor));
    const light = rgb => rgb.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], .05);
    const faint = [], words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let word; word = words.nextNode();) {
        const e = word.parentElement, style = getComputedStyle(e), size = parseFloat(style.fontSize);
        if (!word.data.trim() || !e.checkVisibility({visibilityProperty: true}) || e.closest("script, style")) continue;
        const ground = behind(e), lights = [light(ground), light(over(ground, parts(style.color)))];
        if (Math.max(...lights) / Math.min(...lights) < (size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5))
            faint.push([word.data.trim().slice(0, 40), style.color, String(ground)]);
    }
    return faint }"""


class Page(HTMLParser):
    """What a page links to, what it loads, its anchors, and its pictures' alt texts."""

    def __init__(self, path: Path):
        super().__init__()
        self.links, self.loads, self.anchors, self.alts = [], [], {""}, []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attrs):
        have = dict(attrs)
        self.anchors |= {have[key] for key in ("id", "name") if have.get(key)}
        if tag == "a" and "href" in have:
            self.links.append(have["href"])
        if tag == "img":
            self.alts.append(have.get("alt"))
        external = tag == "link" and have.get("rel") not in ("search", "index", "next", "prev", "author", "canonical")
        if external or tag in ("script", "img"):
            self.loads.append(have.get("href") or have.get("src") or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "site"
    build.build(folder)
    return folder


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


def test_every_lesson_and_text_is_there(site):
    names = {path.stem for path in (site / "notebooks").glob("*.html")}
    assert (
        names >= {*LESSONS, "glossary", "hosting"}
        and (site / "notebooks" / "teaching" / "syllabus.html").exists()
        and (site / "README.zh.html").exists()
    )


def test_every_link_leads_somewhere(pages):
    lost = []
    for path, page in pages.items():
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if not link or parts.scheme:
                continue
            there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if there in pages:
                if unquote(parts.fragment) not in pages[there].anchors:
                    lost.append((path.name, link))
            elif not there.is_file():
                lost.append((path.name, link))
    assert lost == []


def test_nothing_is_loaded_from_a_network(site, pages):
    outside = [
        (path.name, load[:80]) for path, page in pages.items() for load in page.loads if re.match(r"(https?:)?//", load)
    ]
    assert outside == []
    assert [
        path.name for path in site.rglob("*.css") if re.search(r"url\(['\"]?(https?:)?//", path.read_text("utf-8"))
    ] == []


def test_a_picture_has_one_sentence_as_its_alt_text_and_a_panel_says_that_it_is_live(site, pages):
    for path, page in pages.items():
        assert all(alt and len(alt) <= 220 for alt in page.alts), path.name
    race = (site / "notebooks" / "00_start_here.html").read_text("utf-8")
    assert race.count(build.LIVE) == 1 and "model not found" not in race


def test_every_lesson_has_its_doors(site):
    for name in LESSONS:
        page = (site / "notebooks" / f"{name}.html").read_text("utf-8")
        assert f'href="{name}.ipynb" download' in page, name
        assert ("mybinder.org" in page) == bool(build.repository), name
        assert '"outputs": []' in (site / "notebooks" / f"{name}.ipynb").read_text("utf-8"), name


def test_one_value_names_the_repository_for_all_doors(monkeypatch, tmp_path):
    monkeypatch.setattr(build, "repository", "https://github.com/somebody/course")
    doors = build.doors("04.ipynb")
    address = (
        "https://mybinder.org/v2/git/https%3A%2F%2Fgithub.com%2Fsomebody%2Fcourse/HEAD?urlpath=lab/tree/notebooks/04.ipynb"
    )
    assert f'href="{address}"' in doors and "git clone https://github.com/somebody/course" in doors
    build.pages(tmp_path)
    assert "](https://github.com/somebody/course/tree/HEAD/LICENSE)" in (tmp_path / "index.md").read_text("utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_telephone_and_needs_no_network(chrome, site, scheme):
    context = chrome.new_context(offline=True, color_scheme=scheme, viewport=dict(width=390, height=844))
    page, failed = context.new_page(), []
    page.on("pageerror", lambda error: failed.append(str(error)))
    for name in LOOKED_AT if scheme == "dark" else [*LOOKED_AT, *(f"notebooks/{lesson}" for lesson in LESSONS)]:
        page.goto((site / f"{name}.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, f"{name} scrolls sideways"
        assert page.evaluate(CUT) == [], name
        assert page.evaluate(FAINT) == [], f"words of {name} that are hard to see: {scheme}"
        first_day.SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=first_day.SHOTS / f"site-{name.rpartition('/')[2]}-{scheme}-390.png")
    page.goto((site / "notebooks/04_three_sharing_strategies.html").as_uri())
    page.wait_for_selector("mjx-container")  # the mathematics is set
    page.goto((site / "search.html").as_uri() + "?q=PCGrad")
    page.wait_for_selector("ul.search li a")
    assert "Three sharing strategies" in page.inner_text("ul.search") and failed == []
    context.close()
