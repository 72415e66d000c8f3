"""The panels without a browser: set a control, and see what changed."""

import base64
import io
import random
import time

import ipywidgets as widgets
import numpy as np
import psutil
import pytest
from matplotlib.figure import Figure
from PIL import Image

from transferlib import evaluation, panels, plots, strategies
from transferlib.datasets import mnist, uci_digits
from transferlib.networks import Pair
from transferlib.panel import Panel, choice
from transferlib.plots import Picture
from transferlib.strategies import NAMED


@pytest.fixture(scope="module")
def setting():
    return dict(pair=Pair(100, (64,), (64,)), source=mnist(), target=uci_digits())


PANELS = {
    "race": lambda s: panels.race(**s),
    "dial": lambda s: panels.dial(**s),
    "sharing": lambda s: panels.sharing(),
}


@pytest.fixture(params=PANELS, scope="module")
def panel(request, setting):
    made = PANELS[request.param](setting)
    if "steps" in made.values:
        made._begin |= {"steps": 50, "seeds": 1}  # small runs: what is tested is the panel
    made.set(**made._begin)
    made.settle()
    return made


def other_values(control):
    """The extremes of a control."""
    if isinstance(control, widgets.Checkbox):
        return [not control.value, control.value]
    if isinstance(control, widgets.FloatSlider):
        return [control.min, control.max]
    options = control.options
    return [options[0], options[-1]]


def test_every_control_at_its_extremes_changes_the_picture(panel):
    for key, control in panel._controls.items():
        if key in ("steps", "seeds"):
            continue
        panel.set(**panel._begin)
        panel.settle()
        if hasattr(control, "readout"):
            assert control.style.description_width == "initial", "long labels are not cut"
        seen = {panel.png}
        for value in other_values(control):
            control.value = value
            panel.settle()
            seen.add(panel.png)
        # α alone decides nothing about how two gradients are combined while it is 0
        assert len(seen) > 1 or key == "combine", f"{key} changed nothing"
    panel.set(**panel._begin)
    panel.settle()


def test_the_code_makes_the_same_picture(panel, setting):
    scope = vars(strategies) | vars(evaluation) | {"plots": plots, "Pair": Pair} | setting
    *lines, last = panel.code.splitlines()
    exec("\n".join(lines), scope)
    made = eval(last, scope)
    if isinstance(made, Picture):
        assert made.text == panel.text
        assert made.png() == panel.png
    else:
        assert f"{made.parameters['shared']:,} shared parameters" in panel.text


def test_without_a_kernel_there_is_a_picture_and_its_numbers(panel):
    bundle = panel._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert Image.open(io.BytesIO(base64.b64decode(bundle["image/png"]))).size[0] > 600
    assert bundle["text/plain"].endswith(panel.text) and "=" in bundle["text/plain"].splitlines()[0]
    assert len(panel.png) < 60_000
    assert f'alt="{panel.text}"' in panel._image.value, "the picture has an alt text"


def toy(draw=None, presets=None):
    def picture(progress, a, b):
        figure = Figure(figsize=(1, 1))
        figure.subplots().bar([0, 1], [a, b])
        progress(1, 1)
        return Picture(figure, f"a={a} b={b}")

    controls = dict(a=choice("a", range(10), 3), b=widgets.FloatSlider(value=1, min=0, max=2))
    return Panel(controls, draw or picture, lambda a, b: f"{a} + {b}", presets, "Toy")


def test_presets_and_reset_are_one_event_each():
    drawn = []

    def draw(progress, a, b):
        drawn.append((a, b))
        return Picture(Figure((1, 1)), f"{a} {b}")

    panel = toy(draw, {"both": dict(a=7, b=0.5)})
    reset, both = panel.children[1].children[:2]
    both.click()
    panel.settle()
    reset.click()
    panel.settle()
    assert drawn == [(3, 1), (7, 0.5)], "and a setting seen before is not drawn again"
    assert panel.values == dict(a=3, b=1) and panel.text == "3 1.0"


def test_nonsense_is_refused_and_nothing_changes():
    panel = toy()
    before = panel.values, panel.png
    with pytest.raises(ValueError, match="Toy has no control c; it has a, b"):
        panel.set(c=1)
    for nonsense in (99, "three", None):
        with pytest.raises(Exception, match="(?i)invalid|option|trait"):
            panel.set(b=0.5, a=nonsense)
    panel.settle()
    assert (panel.values, panel.png) == before


def test_an_error_is_told_in_the_panel_and_the_next_event_works():
    def draw(progress, a, b):
        if a == 5:
            raise ValueError("five is <not> possible")
        return Picture(Figure((1, 1)), f"a={a}")

    panel = toy(draw)
    picture = panel.png
    panel.set(a=5)
    with pytest.raises(ValueError, match="five is <not> possible"):
        panel.settle()
    assert "five is &lt;not&gt; possible" in panel._status.value and panel.png == picture
    panel.set(a=6)
    panel.settle()
    assert panel.text == "a=6" and panel._status.value == ""


def test_an_error_in_the_first_picture_is_raised():
    with pytest.raises(ZeroDivisionError):
        toy(lambda progress, a, b: 1 / 0)


def test_the_last_event_wins_and_builds_no_queue():
    drawn = []

    def draw(progress, a, b):
        for i in range(20):
            time.sleep(0.01)
            progress(i, 20)
        drawn.append(a)
        return Picture(Figure((1, 1)), f"a={a}")

    panel = toy(draw)
    drawn.clear()
    for a in (4, 5, 6, 7, 8, 9):
        panel._controls["a"].value = a
        time.sleep(0.02)
    panel.settle()
    assert panel.text == "a=9" and len(drawn) < 4, drawn


def test_stop_keeps_the_picture_and_the_next_event_works():
    def draw(progress, a, b):
        for i in range(500 if a == 9 else 1):
            time.sleep(0.01)
            progress(i, 500)
        return Picture(Figure((1, 1)), f"a={a}")

    panel = toy(draw)
    panel.set(a=9)
    time.sleep(0.1)
    assert "training:" in panel._status.value and not panel._stop.disabled
    panel._stop.click()
    panel.settle(5)
    assert panel.text == "a=3" and "stopped" in panel._status.value and panel._stop.disabled
    panel.set(a=4)
    panel.settle()
    assert panel.text == "a=4"


def test_no_strategy_ticked_is_an_error_in_words(setting):
    panel = panels.dial(**setting)
    panel.set(**{name.replace(" ", "_"): False for name in (*NAMED, "your dial")})
    with pytest.raises(ValueError, match="tick at least one strategy"):
        panel.settle()


def test_a_random_walk_ends_where_a_fresh_panel_would_be(panel, setting):
    """300 seeded events, many of them overtaken by the next: no exception, and the picture of the final setting."""
    rng, memory = random.Random(4), psutil.Process().memory_info
    before = memory().rss
    for _ in range(300):
        key = rng.choice(list(panel._controls))
        control = panel._controls[key]
        if key == "steps":
            values = [50, 100]
        elif key == "seeds":
            values = [1, 2]
        elif isinstance(control, widgets.FloatSlider):
            values = list(np.arange(control.min, control.max + 1e-9, control.step).round(2))
        else:
            values = [True, False] if isinstance(control, widgets.Checkbox) else list(control.options)
        if isinstance(control, widgets.Checkbox) and sum(v is True for v in panel.values.values()) == 1:
            values = [True]
        control.value = rng.choice(values)
        time.sleep(rng.choice([0, 0, 0.02]))
    panel.settle()
    assert memory().rss - before < 50e6, "300 events made the process grow"
    fresh = PANELS[panel._name.lower()](setting)
    fresh.set(**panel.values)
    fresh.settle()
    assert fresh.text == panel.text and fresh.png == panel.png
