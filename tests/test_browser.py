"""The course as a person uses it, in a headless browser: every control of every panel moved on one page, and whole lessons.

The page holds each panel as its examples have it, with small runs: what is tested is the panel. nbval runs every lesson cell
by cell; those here are walked from the first cell to the last as well, with what only a browser can show.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from functools import partial
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import TimeoutError, sync_playwright

from tests import HUNG, browser
from tests.widgets.test_panels import PANELS
from transferlib.widgets.panel import BEHIND

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
WALKED = "01_source_and_target", "04_three_sharing_strategies"  # the lessons from first to last cell
ALL_PANELS = "all_panels"  # a notebook for this test, with a cell for each panel
THEMES = dict(light="JupyterLab Light", dark="JupyterLab Dark")
SHOTS = ROOT / "tests" / "screenshots"
COSTLY = "seeds|steps|splits"
STOP = "[...p.querySelectorAll('button')].find(b => b.innerText.includes('Stop'))"  # of the panel p
SETTINGS = {
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}


def page_of_panels():
    """A notebook whose kernel has what the panels' lessons have, and a cell for each panel."""
    cell = nbformat.v4.new_code_cell
    begin = """\
import os
os.environ.pop("TRANSFERLIB_FOLDER", None)  # these runs are small
from tests.widgets import test_panels
def show(name):
    where_all_controls_have_an_effect = {}
    for setting in test_panels.PANELS[name].first.values():
        where_all_controls_have_an_effect |= setting
    return test_panels.fresh(name, **where_all_controls_have_an_effect)
def speak_as(name):
    globals().update(test_panels.lesson(name))
"""
    kernel = dict(name="python3", display_name="Python 3", language="python")
    cells = [cell(begin), *(cell(f"show({name!r})") for name in PANELS)]
    return nbformat.v4.new_notebook(cells=cells, metadata=dict(kernelspec=kernel))


def answers(address):
    try:
        return urllib.request.urlopen(address, timeout=HUNG)
    except OSError:
        return None


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab of its own on a copy of the notebooks: settings, kernels and history of the user stay untouched."""
    home = tmp_path_factory.mktemp("jupyter")
    (home / "config" / "labconfig").mkdir(parents=True)
    (home / "config" / "labconfig" / "default_setting_overrides.json").write_text(json.dumps(SETTINGS))
    (home / "notebooks").mkdir()
    for lesson in LESSONS:
        (home / "notebooks" / f"{lesson}.ipynb").write_bytes((ROOT / "notebooks" / f"{lesson}.ipynb").read_bytes())
    nbformat.write(page_of_panels(), home / "notebooks" / f"{ALL_PANELS}.ipynb")
    places = dict(JUPYTER_CONFIG_DIR="config", JUPYTER_DATA_DIR="data", JUPYTER_RUNTIME_DIR="run", IPYTHONDIR="ipython")
    places |= dict(JUPYTERLAB_SETTINGS_DIR="settings", JUPYTERLAB_WORKSPACES_DIR="workspaces")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--expose-app-in-browser"]
    command += ["--ip=127.0.0.1", f"--port={port}", "--port-retries=0", "--IdentityProvider.token=course"]
    command += [f"--ServerApp.root_dir={home / 'notebooks'}"]
    environment = os.environ | {key: str(home / place) for key, place in places.items()} | {"PYTHONPATH": str(ROOT)}
    with open(home / "log", "w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + HUNG
        while not answers(f"{address}/api"):
            assert server.poll() is None and time.monotonic() < end, (home / "log").read_text()
            time.sleep(0.25)
        yield address
    finally:
        server.terminate()
        server.wait(HUNG)


@pytest.fixture(scope="module")
def chrome():
    path = browser.find()
    if path is None:
        # No browser on this machine, and `python -m tests.browser` could not fetch one. CI must have one.
        assert not os.environ.get("CI"), "no browser for the browser tests; in CI that is a failure"
        pytest.skip("no Chromium or Chrome on this machine")
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run"],
        )
        yield chrome
        chrome.close()


def open_lesson(chrome, lab, lesson):
    """A page with the lesson open, its kernel ready."""
    page = chrome.new_page(viewport=dict(width=1280, height=1000))
    page.set_default_timeout(HUNG * 1000)
    page.goto(f"{lab}/lab/tree/{lesson}.ipynb?token=course&reset")
    idle(page)
    page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    return page


def wait_for(page, condition):
    """Until a JavaScript expression is true: asked four times a second; at every frame, it would keep a core busy."""
    page.wait_for_function(condition, polling=250)


def idle(page):
    wait_for(page, "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")


def run_all(page):
    """Run every cell and wait for the last; returns the texts of all error outputs."""
    assert page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')") is not False, errors(page)
    all_have_run(page)
    return errors(page)


def all_have_run(page):
    wait_for(page, "() => ![...document.querySelectorAll('.jp-InputPrompt')].some(p => p.textContent.includes('[*]'))")


def errors(page):
    return page.locator('[data-mime-type="application/vnd.jupyter.stderr"], .jp-mod-error').all_inner_texts()


def picture(panel):
    return panel.locator("img").first.get_attribute("src")


def comes(panel, condition):
    """Whether what JavaScript says of a panel, `p`, becomes true; the page itself asks, so that little travels."""
    try:
        panel.page.wait_for_function(f"p => {condition}", arg=panel.element_handle(), polling=100)
        return True
    except TimeoutError:
        return False


def changes(panel, move):
    """Do something to a panel and wait until it rests with another picture; False when its picture stays the same."""
    panel.evaluate("p => { p.seen = p.querySelector('img').src; }")
    move()
    return comes(panel, f"p.querySelector('img').src !== p.seen && {STOP}.disabled")


def test_every_panel(chrome, lab, record_property):
    """On one page: names, keys, labels, every control, the code that it tells, Stop, themes."""
    page = open_lesson(chrome, lab, ALL_PANELS)
    try:
        assert run_all(page) == []
        panels = dict(zip(PANELS, page.locator(".transfer-panel").all(), strict=True))
        record_property("controls", used(page, panels, lambda name: f"speak_as({name!r})\n"))
        by_keyboard_alone(page, panels["one_picture"])
        hurried(panels["dial"])
        stopped(panels["dial"])
    finally:
        close(page, ALL_PANELS)


@pytest.mark.parametrize("lesson", WALKED)
def test_a_lesson_as_a_person_uses_it(chrome, lab, lesson, record_property):
    """Run all, and use its panels."""
    page = open_lesson(chrome, lab, lesson)
    try:
        assert run_all(page) == []
        assert "Error displaying widget" not in page.inner_text(".jp-Notebook")
        panels = page.locator(".transfer-panel").all()
        assert panels, f"{lesson} has no live panel"
        silent = "() => [...document.querySelectorAll('.jp-OutputArea img')].filter(i => !i.alt).map(i => i.outerHTML)"
        assert page.evaluate(silent) == [], "pictures that a screen reader could not tell"
        record_property("controls", used(page, {f"{lesson}-{n}": panel for n, panel in enumerate(panels)}))
    finally:
        close(page, lesson)


def used(page, panels, before_its_code=lambda name: ""):
    """Move everything, copy the code, in light and dark, narrow and wide; returns how many controls were moved."""
    moved = 0
    for panel in panels.values():
        panel.evaluate("p => { p.begin = p.querySelector('img').src; }")
    for name, panel in panels.items():
        assert cut(panel) == [] and nameless(panel) == [], name
        controls = move_all(panel)
        assert controls, f"{name} has no control"
        moved += controls
        assert its_code_makes_its_picture(panel, before_its_code(name)), name
    for theme, width in (("light", 1280), ("dark", 1920)):
        page.evaluate(f"window.jupyterapp.commands.execute('apputils:change-theme', {{theme: '{THEMES[theme]}'}})")
        page.set_viewport_size(dict(width=width, height=1000))
        light = "true" if theme == "light" else "false"
        page.wait_for_selector(f"body[data-jp-theme-light={light}]", state="attached")
        SHOTS.mkdir(exist_ok=True)
        for name, panel in panels.items():
            panel.scroll_into_view_if_needed()
            assert cut(panel) == [], f"{name}: {theme}, {width} pixels"
            panel.screenshot(path=SHOTS / f"{name}-{theme}-{width}.png")
    return moved


def close(page, name):
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")
    page.close()


def press(slider, down="ArrowLeft"):
    """A slider by the keyboard: a step down, where most settings cost less, or with Home to its least; or else a step up."""
    slider.press("ArrowRight" if at_its_least(slider) else down)


def at_its_least(slider):
    return slider.get_attribute("aria-valuenow") == slider.get_attribute("aria-valuemin")


def state(panel):
    """What a panel, its controls and its kernel say of themselves, for who must find out why a picture stayed the same."""
    controls = "p => [...p.querySelectorAll('input, select')].map(c => c.type === 'checkbox' ? c.checked : c.value)"
    sliders = "p => [...p.querySelectorAll('[role=slider]')].map(s => s.ariaValueText ?? s.ariaValueNow)"
    kernel = "window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status"
    told = panel.locator(".transfer-status").inner_text(), panel.evaluate(sliders), panel.evaluate(controls)
    return f"it says {told[0]!r}, its controls are at {told[1:]}, the kernel is {panel.page.evaluate(kernel)}"


def nameless(panel):
    """The controls that a screen reader could not name, as HTML."""
    return panel.evaluate(
        """p => [...p.querySelectorAll('[role=slider], canvas, select, input, button, img')]
                .filter(e => !(e.ariaLabel || e.alt || e.innerText || [...(e.labels ?? [])].some(l => l.innerText.trim())))
                .map(e => e.outerHTML.slice(0, 80))"""
    )


def its_code_makes_its_picture(panel, before=""):
    """Copy the code that a panel tells into a new cell at the end, and run it: the same picture comes out."""
    settled(panel)
    page, code = panel.page, before + panel.locator("pre").text_content()
    page.evaluate(
        """async code => { const app = window.jupyterapp, content = app.shell.currentWidget.content;
                           content.activeCellIndex = content.widgets.length - 1;
                           await app.commands.execute('notebook:insert-cell-below');
                           content.activeCell.model.sharedModel.setSource(code);
                           await app.commands.execute('notebook:run-cell'); }""",
        code,
    )
    cell = page.locator(".jp-Notebook .jp-Cell").last
    assert errors(page) == [], code
    made = cell.locator(".jp-RenderedHTML img").get_attribute("src")
    return "".join(made.split()) == picture(panel)


def cut(panel):
    """The texts in a panel that are wider than their place, and the panel itself where it is wider than the page."""
    return panel.evaluate(
        """p => [p, ...p.querySelectorAll('.widget-label, .widget-readout, button')]
                .filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1).map(e => e.innerText.slice(0, 40))"""
    )


def move_all(panel):
    """Move every control of a panel by keyboard or mouse; each must change the picture. Returns how many there were.

    What costs time is at its least before the others are moved.
    """
    moved = []
    dear, cheap = (panel.get_by_role("slider", name=re.compile(names)) for names in (COSTLY, f"^(?!.*({COSTLY}))"))

    def moves(control, move, what, times=1):
        for _ in range(times):
            if control.evaluate("c => c.disabled || !!c.closest('[disabled]')"):  # greyed out by what was moved before it
                reset(panel)
            if control.evaluate("c => c.disabled || !!c.closest('[disabled]')"):  # or where the panel begins
                assert changes(panel, partial(choose_the_last, panel.locator("select").first)), f"the menu: {state(panel)}"
            assert changes(panel, move), f"{what} after {moved}: the picture stayed the same; {state(panel)}"
        moved.append(what)

    for slider in dear.all():
        moves(slider, lambda slider=slider: press(slider, "Home"), "slider")
        if not at_its_least(slider):
            assert changes(panel, partial(slider.press, "Home")), f"back after {moved}: no change; {state(panel)}"
    for slider in cheap.all():
        moves(slider, lambda slider=slider: press(slider), "slider")
    for box in panel.locator("input[type=checkbox]").all():
        # And back: what a box hides, the controls after it still have to change.
        moves(box, partial(box.press, "Space"), "checkbox", times=2)
    for menu in panel.locator("select").all():
        options, at = menu.locator("option").count(), menu.evaluate("m => m.selectedIndex")
        moves(menu, lambda menu=menu, to=(at + 1) % options: menu.select_option(index=to), "menu")
    for group in panel.locator(".widget-toggle-buttons").all():
        button = group.locator("button:not(.mod-active)").first
        moves(button, button.click, "buttons")
    for sheet in panel.locator("canvas").all():
        moves(sheet, lambda sheet=sheet: draw_a_seven(sheet), "drawing")
        assert changes(panel, panel.get_by_role("button", name="Clear").click), "an empty sheet: no change"
    return len(moved)


def choose_the_last(menu):
    menu.select_option(index=menu.locator("option").count() - 1)


def draw_a_seven(sheet):
    sheet.scroll_into_view_if_needed()
    box, mouse = sheet.bounding_box(), sheet.page.mouse
    places = [
        (box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in ((0.3, 0.15), (0.7, 0.15), (0.45, 0.85))
    ]
    mouse.move(*places[0])
    mouse.down()
    for place in places[1:]:
        mouse.move(*place, steps=8)
    mouse.up()


def settled(panel):
    """The panel's caption once Stop has had nothing to stop, and the picture has been the same, for half a second."""
    panel.evaluate("p => { p.quiet = 0; }")
    rest = f"""{{ const now = p.querySelector('img').src, same = now === p.seen;
                 p.seen = now;
                 return (p.quiet = same && {STOP}.disabled ? p.quiet + 1 : 0) === 5; }}"""
    assert comes(panel, rest), f"the panel never comes to rest; {state(panel)}"
    return panel.locator(".transfer-caption").inner_text()


def reset(panel):
    """The panel's caption after Reset, which brings the picture of its beginning back."""
    panel.get_by_role("button", name="Reset").click()
    assert comes(panel, "p.querySelector('img').src === p.begin")
    return settled(panel)


def hurried(panel):
    """Ten quick steps of a slider give one picture, that of the last; Reset brings the first one back."""
    begin = reset(panel)
    labels = panel.locator(".widget-hslider", has_text="labels per class")

    def hurry():
        for _ in range(5):
            labels.get_by_role("slider").press("ArrowRight")

    assert changes(panel, hurry)
    assert labels.locator(".widget-readout").inner_text() == "50"
    at_last = settled(panel)
    assert changes(panel, panel.get_by_role("button", name="Reset").click)
    assert settled(panel) == begin
    assert changes(panel, panel.get_by_role("button", name="plenty of labels").click)
    assert settled(panel) == at_last, "one event to 50 labels gives the same as five quick ones"


def by_keyboard_alone(page, panel):
    """Letters do not reach JupyterLab's commands, a digit is drawn with arrows and space, and Shift + Enter still runs."""
    cells = page.locator(".jp-Notebook .jp-Cell")
    reset(panel)
    count, slider = cells.count(), panel.get_by_role("slider", name="labels per class")
    for key in "ddabmxr":
        slider.press(key)
    page.wait_for_timeout(300)
    assert cells.count() == count and slider.is_visible(), "a letter became a command"
    assert slider.get_attribute("aria-valuetext") == "2", "a screen reader says the value, not its place in the list"
    assert changes(panel, lambda: slider.press("ArrowRight"))
    assert slider.get_attribute("aria-valuetext") == "5"

    sheet = panel.locator("canvas")

    def a_one():
        for key in ["ArrowUp"] * 10 + ["Space"] + ["ArrowDown"] * 20 + ["Space"]:
            sheet.press(key)

    assert changes(panel, a_one)
    settled(panel)
    assert panel.get_by_role("slider", name="a picture of").evaluate("s => !!s.closest('[disabled]')")
    assert changes(panel, lambda: sheet.press("Delete"))
    before = page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex")
    many = page.locator(".transfer-panel").count()
    slider.press("Shift+Enter")
    page.wait_for_function(f"window.jupyterapp.shell.currentWidget.content.activeCellIndex > {before}")
    all_have_run(page)  # while its cell runs, the panel is away, and those after it are counted one less
    wait_for(page, f"document.querySelectorAll('.transfer-panel').length === {many}")


def stopped(panel):
    """Stop ends a long run and says so, where nothing else has to make room; Reset brings the first picture back."""
    panel.page.set_viewport_size(dict(width=1000, height=1000))  # where the last line of buttons is nearly full
    begin, stop, place = reset(panel), panel.get_by_role("button", name="Stop"), "p => p.querySelector('img').offsetTop"
    at_rest = panel.evaluate(place)
    assert changes(panel, lambda: panel.get_by_role("slider", name="steps").press("End"))
    before = settled(panel)
    stop.evaluate(  # pressed as soon as it can be: a fast machine is done before a test has found the button
        """b => { b.watch = new MutationObserver(() => b.disabled || b.click());
                  b.watch.observe(b, {attributes: true}); }"""
    )
    panel.get_by_role("slider", name="seeds").press("End")
    assert comes(panel, "p.innerText.includes('stopped')")
    assert settled(panel) == before and BEHIND in panel.inner_text()
    assert panel.evaluate(place) == at_rest
    stop.evaluate("b => b.watch.disconnect()")
    assert reset(panel) == begin and BEHIND not in panel.inner_text()


@pytest.mark.parametrize("lesson", LESSONS)
def test_exports_open_without_a_kernel_and_without_a_network(chrome, tmp_path, lesson):
    """What a reader sees on a page of stored outputs: every panel has its picture, and no script fails."""
    context, path = chrome.new_context(offline=True), ROOT / "notebooks" / f"{lesson}.ipynb"
    (tmp_path / f"{lesson}.html").write_text(HTMLExporter().from_filename(path)[0], encoding="utf-8")
    page, failed = context.new_page(), []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto((tmp_path / f"{lesson}.html").as_uri())
    shown = page.locator(".jp-RenderedImage img").count()
    assert failed == []
    bundles = [
        o.get("data", {}) for c in json.loads(path.read_text(encoding="utf-8"))["cells"] for o in c.get("outputs", [])
    ]
    assert shown == sum("image/png" in b for b in bundles) > 0
    assert "Error displaying widget" not in page.inner_text("body")
    context.close()
