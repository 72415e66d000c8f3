"""The second day: a lesson that was saved is opened again when its kernel is gone, in a real browser."""

import json
import urllib.request

import nbformat
import pytest

from tests import test_browser as first_day
from tests.test_browser import SHOTS, THEMES, changes, errors, open_lesson, press, run_all
from transferlib import own_copy

lab, chrome = first_day.lab, first_day.chrome
LESSON = "second_day"
CELLS = (
    "from transferlib import widgets\nfrom transferlib.widgets.display import progress\n"
    "from transferlib.widgets.questions import Choice, Prediction",
    'prediction = Prediction("Which is more?", ["this one", "that one"])\nprediction',
    'Choice("2 + 2?", {"three": "One short.", "four": "As one counts."}, right="four")',
    'bar = progress("steps")\nbar(4, 5)',
    "widgets.sharing()",
    "from transferlib.plots.canvas import finish, sheet\nfinish(sheet()[0], 'An empty page <here>. 1 of 2.')",
    'prediction.meet("that one")',
)
KERNEL = dict(kernelspec=dict(name="python3", display_name="Python 3", language="python"))


@pytest.fixture(scope="module", autouse=True)
def settings(tmp_path_factory):
    """What `own_copy` tells the JupyterLab of an environment."""
    environment = tmp_path_factory.mktemp("environment")
    assert own_copy.keep_panels(environment) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_CONFIG_PATH", str(environment / "etc" / "jupyter"))
        yield


def contents(lab, **written):
    """Write the lesson by the server's own door, or read it."""
    content = json.dumps(written).encode() if written else None
    ask = urllib.request.Request(f"{lab}/api/contents/{LESSON}.ipynb", content, method="PUT" if written else "GET")
    ask.add_header("Authorization", "token course")
    return json.load(urllib.request.urlopen(ask, timeout=60))["content"]


def marks(page):
    """How many broken-link marks can be seen."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".jupyter-widgets-disconnected")]
                     .filter(e => e.checkVisibility())
                     .filter(e => getComputedStyle(e, "::before").content.charCodeAt(1) > 0xE000).length"""
    )


def shown(page):
    """The lesson as a reader sees it: its texts, its pictures, what is chosen."""
    notebook = page.locator(".jp-Notebook")
    assert "Error displaying widget" not in notebook.inner_text() and errors(page) == []
    chosen = page.locator("input[type=radio]").evaluate_all("all => all.map(each => each.checked)")
    assert chosen == [False, True, True, False]
    for words in (
        "Kept. It will be shown beside the result.",
        "✗ Not quite. One short.",
        "4 of 5 steps",
        "You predicted: that one",
        "It came out:   that one As predicted.",
    ):
        assert words in notebook.inner_text(), words
    plain = page.get_by_alt_text("An empty page <here>.", exact=True)
    assert plain.evaluate("img => img.complete && img.naturalWidth") == 960
    panel = page.locator(".transfer-panel")
    assert panel.locator("img").evaluate("img => img.complete && img.naturalWidth") > 600
    return panel.locator("img").get_attribute("src"), panel.locator(".transfer-caption").inner_text()


def test_a_lesson_that_is_opened_again_is_as_it_was_left_and_lives_when_it_is_run(chrome, lab):
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    contents(lab, type="notebook", content=nbformat.v4.new_notebook(cells=cells, metadata=KERNEL))
    page = open_lesson(chrome, lab, LESSON)
    assert run_all(page) == []
    page.get_by_label("that one").check()
    page.get_by_label("three").check()
    assert changes(page.locator(".transfer-panel"), lambda: press(page.get_by_role("slider").first))
    page.evaluate(
        """async () => { const app = window.jupyterapp, content = app.shell.currentWidget.content;
                         content.activeCellIndex = content.widgets.length - 1;
                         await app.commands.execute('notebook:run-cell'); }"""
    )
    page.get_by_text("As predicted.").wait_for()
    left = shown(page)
    assert marks(page) == 0 and "As it was left" not in before(page, ".transfer-panel")
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.close()
    saved = json.dumps(contents(lab))
    assert len(saved) < 200_000

    page = open_lesson(chrome, lab, LESSON)
    page.locator(".transfer-panel img").wait_for()
    assert shown(page) == left, "the picture that the slider made, and its caption"
    assert marks(page) == 0, "the red marks of broken links"
    assert before(page, ".transfer-panel") == '"As it was left. Run this cell, and the panel lives again."'
    assert before(page, ".transfer-question") == '"As you left it. Run this cell, and you can choose again."'
    SHOTS.mkdir(exist_ok=True)
    for theme, name in THEMES.items():
        page.evaluate(f"window.jupyterapp.commands.execute('apputils:change-theme', {{theme: '{name}'}})")
        page.wait_for_selector(f"body[data-jp-theme-light={json.dumps(theme == 'light')}]", state="attached")
        page.wait_for_selector("#jupyterlab-splash", state="detached")
        page.screenshot(path=SHOTS / f"{LESSON}-{theme}.png")
    page.get_by_text("The code for this picture").click()
    assert "Pair(100" in page.locator(".transfer-panel pre").inner_text(), "what needs no kernel still opens"

    assert run_all(page) == []
    panel = page.locator(".transfer-panel")
    assert before(page, ".transfer-panel") == "none" and marks(page) == 0
    assert changes(panel, lambda: press(panel.get_by_role("slider").first))
    page.close()


def before(page, what):
    """The words that the style puts before an element."""
    return page.locator(what).first.evaluate("e => getComputedStyle(e, '::before').content")
