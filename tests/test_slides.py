"""A deck holds all that its lesson claims and asks, fits its slides, and needs no network."""

import pytest

from docs import slides
from tests import test_browser as first_day
from tools.stored import LESSONS, Claim, Question, shown

pytest.importorskip("sphinx_revealjs", reason="the slides' own packages: python -m pip install -r docs/requirements.txt")
build = pytest.importorskip("docs.build")
chrome = first_day.chrome
DECKS = [LESSONS[i] for i in (1, 4, 13, 17)]
# What reaches beyond the slide, and pictures that were not found; a lecturer's notes are not shown.
BEYOND = """() => [...Reveal.getCurrentSlide().querySelectorAll("*:not(aside, aside *)")].filter(each => {
    const box = each.getBoundingClientRect();
    return box.width && (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight)
        || each.tagName == "IMG" && each.naturalWidth == 0 }).map(each => each.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides") / "slides"
    slides.build(folder, DECKS)
    return folder


@pytest.mark.parametrize("made", [slides, build])
def test_a_folder_that_holds_other_things_is_left_as_it_is(tmp_path, made):
    (tmp_path / "thesis.md").write_text("years")
    with pytest.raises(ValueError, match="holds other things than what was built before"):
        made.build(tmp_path)
    assert (tmp_path / "thesis.md").is_file()


@pytest.mark.parametrize("lesson", DECKS, ids=lambda path: path.stem)
def test_a_deck_is_whole_fits_and_needs_no_network(chrome, decks, lesson):
    context = chrome.new_context(offline=True, viewport=dict(width=1280, height=720))
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda request: wrong.append(request.url))
    page.goto((decks / f"{lesson.stem}.html").as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    said = []
    for i in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate(f"Reveal.slide({i})")
        assert page.evaluate(BEYOND) == [], f"slide {i} of {lesson.stem}"
        said.append(" ".join(page.evaluate("Reveal.getCurrentSlide().textContent").split()))
        if i < 6:
            first_day.SHOTS.mkdir(exist_ok=True)
            page.screenshot(path=first_day.SHOTS / f"slides-{lesson.stem}-{i}.png")
    context.close()
    for each in shown(lesson):
        if isinstance(each, Claim):
            assert any(each.sentence in text and each.measured in text for text in said), each
        if isinstance(each, Question):
            assert sum(each.text in text and all(option in text for option in each.options) for text in said) >= 1, each
    for question, answer in slides.discussion()[lesson.stem[:2]]:
        assert any(question in text and answer in text for text in said), question
    assert wrong == []
