"""The course as a person uses it: JupyterLab in a headless browser, every cell run, every control of every panel moved."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests import browser

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
THEMES = dict(light="JupyterLab Light", dark="JupyterLab Dark")
SHOTS = ROOT / "tests" / "screenshots"
SETTINGS = {
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab of its own on a copy of the notebooks: settings, kernels and history of the user stay untouched."""
    home = tmp_path_factory.mktemp("jupyter")
    (home / "config" / "labconfig").mkdir(parents=True)
    (home / "config" / "labconfig" / "default_setting_overrides.json").write_text(json.dumps(SETTINGS))
    (home / "notebooks").mkdir()
    for lesson in LESSONS:
        (home / "notebooks" / f"{lesson}.ipynb").write_bytes((ROOT / "notebooks" / f"{lesson}.ipynb").read_bytes())
    places = dict(JUPYTER_CONFIG_DIR="config", JUPYTER_DATA_DIR="data", JUPYTER_RUNTIME_DIR="run", IPYTHONDIR="ipython")
    places |= dict(JUPYTERLAB_SETTINGS_DIR="settings", JUPYTERLAB_WORKSPACES_DIR="workspaces")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "jupyter",
        "lab",
        "--no-browser",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--port-retries=0",
    ]
    command += ["--IdentityProvider.token=course", "--expose-app-in-browser", f"--ServerApp.root_dir={home / 'notebooks'}"]
    command += ["--allow-root"]
    environment = os.environ | {key: str(home / place) for key, place in places.items()}
    with open(home / "log", "w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=2)
                break
            except OSError:
                assert server.poll() is None, (home / "log").read_text()
                time.sleep(0.25)
        else:
            raise TimeoutError((home / "log").read_text())
        yield address
    finally:
        server.terminate()
        server.wait(20)


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
    page.goto(f"{lab}/lab/tree/{lesson}.ipynb?token=course&reset")
    page.wait_for_function(
        """() => { const w = window.jupyterapp?.shell?.currentWidget;
                   return w?.sessionContext?.session?.kernel?.status === 'idle' }""",
        timeout=90_000,
    )
    page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    return page


def run_all(page):
    """Run every cell and wait for the last; returns the texts of all error outputs."""
    assert page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')") is not False, errors(page)
    page.wait_for_function(
        "() => !document.querySelector('.jp-InputPrompt')?.closest('.jp-Notebook')?.innerText.includes('[*]')",
        timeout=120_000,
    )
    return errors(page)


def errors(page):
    return page.locator('[data-mime-type="application/vnd.jupyter.stderr"], .jp-mod-error').all_inner_texts()


def picture(panel):
    return panel.locator("img").first.get_attribute("src")


def changes(panel, move, seconds=40):
    """Do something to a panel and wait until its picture is another; False when it stays the same."""
    before = picture(panel)
    move()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if picture(panel) != before:
            return True
        panel.page.wait_for_timeout(50)
    return False


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_as_a_person_uses_it(chrome, lab, lesson):
    """Run all, move everything, copy the code, in light and dark, narrow and wide; close, open again, restart, run again."""
    page = open_lesson(chrome, lab, lesson)
    SHOTS.mkdir(exist_ok=True)
    try:
        assert run_all(page) == []
        assert "Error displaying widget" not in page.inner_text(".jp-Notebook")
        panels = page.locator(".transfer-panel").all()
        assert panels, f"{lesson} has no live panel"
        for number, panel in enumerate(panels):
            assert cut(panel) == [] and nameless(panel) == []
            assert move_all(panel), f"panel {number} of {lesson} has no control"
            assert its_code_makes_its_picture(panel)
        for theme, width in (("light", 1280), ("dark", 1280), ("light", 1920)):
            page.evaluate(f"window.jupyterapp.commands.execute('apputils:change-theme', {{theme: '{THEMES[theme]}'}})")
            page.set_viewport_size(dict(width=width, height=1000))
            light = "true" if theme == "light" else "false"
            page.wait_for_selector(f"body[data-jp-theme-light={light}]", state="attached")
            for number, panel in enumerate(panels):
                panel.scroll_into_view_if_needed()
                assert cut(panel) == [], f"{theme}, {width} pixels"
                panel.screenshot(path=SHOTS / f"{lesson}-{number}-{theme}-{width}.png")

        page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
        page.evaluate("window.jupyterapp.shell.currentWidget.close()")
        page.close()
        page = open_lesson(chrome, lab, lesson)
        page.wait_for_selector(".transfer-panel img, .jp-RenderedImage img", timeout=60_000)
        assert "Error displaying widget" not in page.inner_text(".jp-Notebook") and errors(page) == []

        page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
        page.wait_for_function(
            "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'", timeout=60_000
        )
        assert run_all(page) == []
        again = page.locator(".transfer-panel").all()
        assert len(again) == len(panels)
        assert all(changes(panel, lambda panel=panel: press(panel.get_by_role("slider").last)) for panel in again)
    finally:
        page.screenshot(path=SHOTS / f"{lesson}.png")
        page.close()


def press(slider):
    """One step of a slider by the keyboard: down, where most settings cost less, or else up."""
    at_the_start = slider.get_attribute("aria-valuenow") == slider.get_attribute("aria-valuemin")
    slider.press("ArrowRight" if at_the_start else "ArrowLeft")


def nameless(panel):
    """The controls that a screen reader could not name, as HTML."""
    return panel.evaluate(
        """p => [...p.querySelectorAll('[role=slider], canvas, select, input, button, img')]
                .filter(e => !(e.ariaLabel || e.alt || e.innerText || [...(e.labels ?? [])].some(l => l.innerText.trim())))
                .map(e => e.outerHTML.slice(0, 80))"""
    )


def its_code_makes_its_picture(panel):
    """Copy the code that a panel tells into a new cell at the end, and run it: the same picture comes out."""
    settled(panel)
    page, code = panel.page, panel.locator("pre").text_content()
    page.evaluate(
        """async code => { const app = window.jupyterapp, content = app.shell.currentWidget.content;
                           content.activeCellIndex = content.widgets.length - 1;
                           await app.commands.execute('notebook:insert-cell-below');
                           content.activeCell.model.sharedModel.setSource(code);
                           await app.commands.execute('notebook:run-cell'); }""",
        code,
    )
    cell = page.locator(".jp-Notebook .jp-Cell").last
    made = cell.locator(".jp-RenderedImage img").get_attribute("src", timeout=60_000)
    assert errors(page) == [], code
    return "".join(made.split()) == picture(panel)


def cut(panel):
    """The texts in a panel that are wider than their place, and the panel itself where it is wider than the page."""
    return panel.evaluate(
        """p => [p, ...p.querySelectorAll('.widget-label, .widget-readout, button')]
                .filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1).map(e => e.innerText.slice(0, 40))"""
    )


def move_all(panel):
    """Move every control of a panel by keyboard or mouse; each must change the picture. Returns how many there were."""
    count = 0

    def moves(control, move, what):
        nonlocal count
        if control.evaluate("c => c.disabled || !!c.closest('[disabled]')"):  # greyed out by what was moved before it
            panel.get_by_role("button", name="Reset").click()
            settled(panel)
        assert changes(panel, move), f"{what} {count}: the picture stayed the same"
        count += 1

    for slider in panel.get_by_role("slider").all():
        moves(slider, lambda slider=slider: press(slider), "slider")
    for box in panel.locator("input[type=checkbox]").all():
        for _ in range(2):  # there and back: what one box hides, the controls after it still have to change
            moves(box, box.click, "checkbox")
    for menu in panel.locator("select").all():
        options, at = menu.locator("option").count(), menu.evaluate("m => m.selectedIndex")
        moves(menu, lambda menu=menu, to=(at + 1) % options: menu.select_option(index=to), "menu")
    for group in panel.locator(".widget-toggle-buttons").all():
        button = group.locator("button:not(.mod-active)").first
        moves(button, button.click, "buttons")
    for sheet in panel.locator("canvas").all():
        moves(sheet, lambda sheet=sheet: draw_a_seven(sheet), "drawing")
        assert changes(panel, panel.get_by_role("button", name="Clear").click), "an empty sheet: no change"
    return count


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
    stop, quiet, before, end = panel.get_by_role("button", name="Stop"), 0, None, time.monotonic() + 60
    while quiet < 5:
        assert time.monotonic() < end, "the panel never comes to rest"
        panel.page.wait_for_timeout(100)
        quiet = 0 if stop.is_enabled() or picture(panel) != before else quiet + 1
        before = picture(panel)
    return panel.locator(".transfer-caption").inner_text()


def test_a_stopped_or_hurried_panel_shows_the_last_setting(chrome, lab):
    """Ten quick steps of a slider give one picture, that of the last; Reset brings the first one back."""
    page = open_lesson(chrome, lab, "04_three_sharing_strategies")
    try:
        assert run_all(page) == []
        panel = page.locator(".transfer-panel").last
        begin = settled(panel)
        labels = panel.locator(".widget-hslider", has_text="labels per class")

        def hurry():
            for _ in range(5):
                labels.get_by_role("slider").press("ArrowRight")

        assert changes(panel, hurry)
        assert labels.locator(".widget-readout").inner_text() == "50"
        hurried = settled(panel)
        assert changes(panel, panel.get_by_role("button", name="Reset").click)
        assert settled(panel) == begin
        assert changes(panel, panel.get_by_role("button", name="plenty of labels").click)
        assert settled(panel) == hurried, "one event to 50 labels gives the same as five quick ones"
    finally:
        page.close()


def test_a_panel_by_keyboard_alone(chrome, lab):
    """Letters do not reach JupyterLab's commands, a digit is drawn with arrows and space, and Shift + Enter still runs."""
    page = open_lesson(chrome, lab, "01_source_and_target")
    try:
        assert run_all(page) == []
        panel, cells = page.locator(".transfer-panel").last, page.locator(".jp-Notebook .jp-Cell")
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
        assert "without a label" in settled(panel)
        assert panel.get_by_role("slider", name="a picture of").evaluate("s => !!s.closest('[disabled]')")
        assert changes(panel, lambda: sheet.press("Delete"))
        before = page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex")
        slider.press("Shift+Enter")
        page.wait_for_function(f"window.jupyterapp.shell.currentWidget.content.activeCellIndex > {before}", timeout=10_000)
    finally:
        page.screenshot(path=SHOTS / "keyboard.png")
        page.close()


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_export_opens_without_a_kernel_and_without_a_network(chrome, lesson, tmp_path):
    """What a reader sees on a page of stored outputs: every panel has its picture, and no script fails."""
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--output-dir", str(tmp_path)]
    subprocess.run([*command, str(ROOT / "notebooks" / f"{lesson}.ipynb")], check=True, capture_output=True)
    context = chrome.new_context(offline=True)
    page, failed = context.new_page(), []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto((tmp_path / f"{lesson}.html").as_uri())
    shown = page.locator(".jp-RenderedImage img").count()
    assert failed == []
    stored = json.loads((ROOT / "notebooks" / f"{lesson}.ipynb").read_text(encoding="utf-8"))
    bundles = [o.get("data", {}) for c in stored["cells"] for o in c.get("outputs", [])]
    assert shown == sum("image/png" in b for b in bundles) > 0
    assert "Error displaying widget" not in page.inner_text("body")
    context.close()
