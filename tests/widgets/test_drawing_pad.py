"""What is drawn by hand, from the pen to the networks' input."""

import base64

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import sync_playwright
from traitlets import TraitError

from tests import browser
from tests.widgets.made import packed
from transferlib.datasets import mnist, mnist_pixels
from transferlib.experiments import predict, source_weights
from transferlib.networks import Pair
from transferlib.widgets.drawing_pad import SIDE, Pad, drawn, unpacked


def test_ink_goes_into_text_and_comes_back():
    sheet = np.random.default_rng(0).random((SIDE, SIDE)) < 0.2
    assert (unpacked(packed(sheet)) == sheet).all() and len(packed(sheet)) == 172
    assert not unpacked("").any()
    one = np.zeros((SIDE, SIDE), bool)
    one[0, 0] = True  # as pad.js packs it: the first pixel is the highest bit of the first byte
    assert packed(one).startswith("gAAA")


@pytest.mark.parametrize("nonsense", ["?", "AAAA", "not base 64", "ünk"])
def test_what_is_no_ink_is_refused(nonsense):
    pad = Pad()
    with pytest.raises(ValueError, match="ink is 128 bytes"):
        pad.value = nonsense
    assert pad.value == ""


@pytest.mark.parametrize("nonsense", [5, None, ["?"], np.zeros((SIDE, SIDE))])
def test_what_is_not_even_text_is_refused(nonsense):
    with pytest.raises(ValueError, match="ink is 128 bytes in base 64, not"):
        drawn(nonsense)
    with pytest.raises(TraitError, match="expected a unicode string"):
        Pad(value=nonsense)


def test_an_empty_sheet_is_an_error_in_words():
    with pytest.raises(ValueError, match="the sheet is empty: draw a digit"):
        drawn("")


def test_a_digit_on_the_sheet_becomes_what_the_networks_know():
    """MNIST's test pictures, drawn in black and white, are read by the source's model as well as its rows."""
    pixels, known, pair = mnist_pixels(), mnist(), Pair(100, (64,), (64,))
    originals = (255 * pixels.x_test).astype(np.uint8).reshape(-1, 28, 28)
    sheets = [np.asarray(Image.fromarray(x).resize((SIDE, SIDE), Image.BILINEAR)) > 100 for x in originals]
    pictures = np.stack([drawn(packed(sheet)) for sheet in sheets])
    assert pictures.shape == (1000, 10, 10) and pictures.dtype == np.float32 and pictures.min() == 0 and pictures.max() == 1
    assert not pictures[:, [0, -1]].any() and not pictures[:, :, [0, -1]].any(), "a frame of one empty pixel"
    weights = source_weights(pair, known)
    right = [
        predict(pair, weights, x, "source").argmax(1) == known.y_test for x in (known.x_test, pictures.reshape(-1, 100))
    ]
    assert right[1].mean() > right[0].mean() - 0.05


def test_where_one_draws_makes_no_difference():
    seven = np.zeros((SIDE, SIDE), bool)
    seven[4:6, 4:14] = seven[4:20, 12:14] = True
    assert (drawn(packed(seven)) == drawn(packed(np.roll(seven, (6, 9), (0, 1))))).all()


# The sheet as anywidget shows it, on a page of its own: a model that keeps what it is sent, and when.
PAGE = """async source => {
    const { default: pad } = await import("data:text/javascript;charset=utf-8;base64," + source);
    const values = { value: "" }, heard = {};
    window.sent = [];
    window.model = { get: name => values[name], on: (event, then) => { heard[event] = then },
        set: (name, value) => { values[name] = value; heard["change:" + name]?.() },
        save_changes: () => sent.push([performance.now(), values.value]) };
    window.leave = pad.render({ model, el: document.body });
    document.querySelector("canvas").focus();
}"""


@pytest.fixture(scope="module")
def chrome():
    if (path := browser.find()) is None:
        pytest.skip("no Chromium or Chrome on this machine")
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield chrome
        chrome.close()


@pytest.fixture
def sheet(chrome):
    """An empty sheet in a browser, its pen in the middle, lifted."""
    page = chrome.new_page()
    page.evaluate(PAGE, base64.b64encode(str(Pad._esm).encode()).decode())
    yield page
    page.close()


def press(page, *keys):
    """Press keys faster than anyone types."""
    page.evaluate(
        """keys => { for (const key of keys)
                         document.querySelector("canvas").dispatchEvent(new KeyboardEvent("keydown", { key })) }""",
        keys,
    )


def arrived(page):
    """The sheets that came to the kernel's side, as (32, 32) bool."""
    return [unpacked(value) for _, value in page.evaluate("sent")]


def stroke(x, y):
    """What a pen of radius 1.7 leaves that was put down at these places."""
    across, down = np.meshgrid(np.arange(SIDE) + 0.5, np.arange(SIDE) + 0.5)
    return np.any([np.hypot(across - a, down - b) < 1.7 for a in np.atleast_1d(x) for b in np.atleast_1d(y)], 0)


A_ONE = ["ArrowUp"] * 10 + [" "] + ["ArrowDown"] * 20
THE_ONE = stroke(16, np.arange(6, 26.5, 0.5))


def test_a_stroke_by_keyboard_arrives_whole(sheet):
    """The pen still down and nothing else pressed: what was drawn last arrives too, in a moment."""
    press(sheet, *A_ONE)
    sheet.wait_for_timeout(500)
    assert (arrived(sheet)[-1] == THE_ONE).all() and THE_ONE.sum() > 60
    press(sheet, *["ArrowRight"] * 5)
    sheet.wait_for_timeout(500)
    assert (arrived(sheet)[-1] == THE_ONE | stroke(np.arange(16, 21.5, 0.5), 26)).all()


@pytest.mark.parametrize(
    "end",
    [
        lambda page: press(page, " "),
        lambda page: page.evaluate("document.querySelector('canvas').blur()"),
        lambda page: page.evaluate("leave()"),
    ],
    ids=["pen lifted", "blur", "sheet taken away"],
)
def test_what_was_drawn_arrives_at_once_when_the_pen_is_lifted(sheet, end):
    """In the same moment, in which no timer can run."""
    sheet.evaluate("window.setTimeout = () => 1")
    press(sheet, *A_ONE)
    assert arrived(sheet) == []
    end(sheet)
    assert [(value == THE_ONE).all() for value in arrived(sheet)] == [True]


def test_while_a_line_is_drawn_five_sheets_a_second_are_sent(sheet):
    press(sheet, " ")
    for _ in range(40):
        press(sheet, "ArrowRight", "ArrowLeft", "ArrowDown")
        sheet.wait_for_timeout(25)
    times = np.array([when for when, _ in sheet.evaluate("sent")])
    assert len(times) >= 3 and np.diff(times).min() > 190


def test_a_mouse_draws_and_delete_and_the_kernel_wipe(sheet):
    box = sheet.locator("canvas").bounding_box()
    sheet.mouse.move(box["x"] + 61, box["y"] + 61)
    sheet.mouse.down()
    sheet.mouse.move(box["x"] + 121, box["y"] + 61)
    sheet.mouse.up()
    assert arrived(sheet)[-1].any()
    press(sheet, "Delete")
    assert not arrived(sheet)[-1].any()
    press(sheet, *A_ONE)
    sheet.evaluate(f"model.set('value', '{packed(stroke(4, 4))}')")  # before the timer sends: what came holds
    count = len(arrived(sheet))
    sheet.wait_for_timeout(400)
    assert len(arrived(sheet)) == count
    press(sheet, " ")
    assert len(arrived(sheet)) == count, "the pen draws on what came, and nothing was drawn on it since"
