"""The panels without a browser: set a control, and see what changed."""

import base64
import io
import random
import time

import ipywidgets
import numpy as np
import psutil
import pytest
from matplotlib.figure import Figure
from PIL import Image
from traitlets import TraitError

from transferlib import widgets
from transferlib.changes import halves, twice
from transferlib.datasets import crop, mnist, uci_digits
from transferlib.methods.task_nesting import Nested, adding, stacked
from transferlib.networks import Pair
from transferlib.plots import Picture
from transferlib.strategies import FIX_COMMON, NAMED, SCRATCH
from transferlib.widgets.drawing_pad import SIDE, Pad, packed
from transferlib.widgets.panel import Panel, choice

SOURCE, TARGET, PAIR = mnist(), uci_digits(), Pair(100, (64,), (64,))
READER = Nested(stacked)
# What the lessons call the things that a panel is made of, and that the code of its picture speaks of.
LESSON = dict(pair=PAIR, source=SOURCE, target=TARGET, sources={"narrow gap": SOURCE, "wide gap": mnist(crop)})
LESSON["domains"] = {"as they are": (SOURCE, TARGET), "cropped source": (mnist(crop), TARGET)}
LESSON["digits"] = {"UCI digits": TARGET, "MNIST": halves(SOURCE)[1]}
LESSON["grades"] = {"stacking": (READER, FIX_COMMON), "addition, from scratch": (Nested(adding, like=READER), SCRATCH)}

NESTING = {"seeds": 1, "per_sum": 2, "addition, from scratch": True}

# Each panel, and small runs to begin with: what is tested is the panel.
PANELS = {
    "race": (lambda: widgets.race(PAIR, SOURCE, TARGET), dict(steps=50, seeds=1)),
    "dial": (lambda: widgets.dial(PAIR, SOURCE, TARGET), dict(steps=50, seeds=1)),
    "sharing": (widgets.sharing, {}),
    "reach": (lambda: widgets.reach(PAIR, SOURCE, TARGET), dict(seeds=1)),
    "seed lottery": (lambda: widgets.seed_lottery(PAIR, SOURCE, TARGET, seeds=4), {}),
    "label budget": (lambda: widgets.label_budgets(PAIR, SOURCE, TARGET), dict(steps=50, seeds=2)),
    "one picture": (lambda: widgets.one_picture(PAIR, SOURCE, TARGET), {}),
    "mapping": (lambda: widgets.mapping(PAIR, LESSON["domains"]), dict(seeds=1)),
    "nesting": (
        lambda: widgets.nesting(LESSON["grades"], twice(halves(SOURCE)[0]), LESSON["digits"]),
        NESTING,
    ),
    "alignment": (lambda: widgets.alignment(PAIR, LESSON["sources"], TARGET), dict(seeds=1)),
    "unseen": (lambda: widgets.unseen(PAIR, SOURCE), {}),
}
BEFORE_IT_HAS_AN_EFFECT = {"combine": dict(alpha=1.0)}


def fresh(name, **values):
    """A new panel of this name, its controls at these values."""
    made = PANELS[name][0]()
    made.set(**PANELS[name][1] | values)
    made.settle()
    return made


@pytest.fixture(params=PANELS, scope="module")
def panel(request):
    made = fresh(request.param)
    made._begin = made.values
    made.called = request.param
    return made


def positions(control):
    """Every value that a control can be given by hand."""
    if isinstance(control, ipywidgets.Checkbox):
        return [True, False]
    if isinstance(control, Pad):
        lines = np.zeros((4, SIDE, SIDE), bool)
        lines[1, 4:28, 14:18] = lines[2, 4:8, 8:24] = lines[3, 4:28, 8:24] = True
        lines[2, 4:28, 20:24] = True
        return [packed(line) for line in lines]
    if hasattr(control, "options"):
        return list(control.options)
    return [round(float(v), 6) for v in np.arange(control.min, control.max + control.step / 2, control.step)]


def test_every_control_at_its_extremes_changes_the_picture(panel):
    for key, control in panel._controls.items():
        panel.set(**panel._begin | BEFORE_IT_HAS_AN_EFFECT.get(key, {}))
        panel.settle()
        assert not control.disabled, f"{key} is greyed out, though it would change something"
        if hasattr(control, "readout"):
            assert control.style.description_width == "initial", "long labels are not cut"
        seen, values = {panel.png}, positions(control)
        for value in (values[0], values[-1]):
            control.value = value
            if panel_error(panel) is None:
                seen.add(panel.png)
        assert len(seen) > 1, f"{key} changed nothing"
    panel.set(**panel._begin)
    panel.settle()


def panel_error(panel):
    """Wait for the picture; the words that the panel showed in its place, or None. Anything but words is raised."""
    try:
        panel.settle(120)
    except ValueError as error:
        assert str(error) in ("tick at least one strategy", "tick at least one grade", "choose two different digits")
        assert str(error) in panel._status.value
        return str(error)


@pytest.mark.parametrize(
    "name, setting, greyed",
    [
        ("dial", dict(your_dial=False), {"start", "move", "alpha", "combine"}),
        ("dial", dict(alpha=0.0), {"combine"}),
        ("sharing", dict(shared=0), {"frozen"}),
        ("reach", dict(stage="1 source, read literally"), {"per_class"}),
        ("one picture", dict(ink=positions(Pad())[1]), {"digit", "example"}),
    ],
)
def test_what_is_greyed_out_has_no_effect(name, setting, greyed):
    panel = fresh(name, **setting)
    text, png = panel.text, panel.png
    assert {key for key, control in panel._controls.items() if control.disabled} == greyed
    for key in greyed:
        control = panel._controls[key]
        control.value = next(value for value in positions(control)[::-1] if value != control.value)
        panel.settle()
        assert (panel.text, panel.png) == (text, png), key
        panel.set(**setting)


def test_nonsense_is_refused_by_every_control(panel):
    before = panel.values, panel.png
    for key, control in panel._controls.items():
        for nonsense in ("nonsense", None, object(), [], 1e9):
            try:
                panel.set(**{key: nonsense})
            except (TraitError, TypeError, ValueError):
                assert panel.values == before[0]
            else:  # a number out of range ends at the end of the range
                assert nonsense == 1e9 and control.value == control.max
                panel.set(**before[0])
    panel.settle()
    assert (panel.values, panel.png) == before


def same_picture(panel):
    """Run the code that a panel tells, with what its lesson has at hand; whether it makes the panel's picture."""
    scope = dict(LESSON, source=twice(halves(SOURCE)[0])) if panel.called == "nesting" else dict(LESSON)
    *lines, last = panel.code.splitlines()
    exec("\n".join(lines), scope)
    made = eval(last, scope)
    return made.text == panel.text and made.png() == panel.png


def test_the_code_makes_the_same_picture(panel):
    """At the beginning, after every preset, and somewhere."""
    rng, somewhere = random.Random(2), []
    for _ in range(2):
        somewhere.append({k: rng.choice(positions(c)) for k, c in panel._controls.items() if k not in ("seeds", "steps")})
    ways = [lambda values=values: panel.set(**values) for values in [panel._begin, *somewhere]]
    for way in [*ways, *(button.click for button in panel.children[1].children[1:-2])]:
        way()
        assert panel_error(panel) or same_picture(panel), f"{panel.values}:\n{panel.code}"
    panel.set(**panel._begin)
    panel.settle()


def test_without_a_kernel_there_is_a_picture_and_its_numbers(panel):
    bundle = panel._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert Image.open(io.BytesIO(base64.b64decode(bundle["image/png"]))).size[0] > 600
    assert bundle["text/plain"].endswith(panel.text) and "=" in bundle["text/plain"].splitlines()[0]
    assert len(panel.png) < 60_000
    assert f'alt="{panel.text}"' in panel._image.value, "the picture has an alt text"


def test_a_random_walk_ends_where_a_fresh_panel_would_be(panel):
    """300 seeded events, many overtaken by the next: no exception but words, and the picture of the final setting."""
    rng, memory = random.Random(4), psutil.Process().memory_info

    def event():
        key = rng.choice(list(panel._controls))
        values = positions(panel._controls[key])
        panel._controls[key].value = rng.choice(values[:2] if key in ("steps", "seeds") else values)

    before = memory().rss
    for number in range(300):
        event()
        time.sleep(rng.choice([0, 0, 0.02]))
        if number % 30 == 0:
            panel_error(panel)
    while panel_error(panel):
        event()
    assert memory().rss - before < 50e6, "300 events made the process grow"
    again = fresh(panel.called, **panel.values)
    assert again.text == panel.text and again.png == panel.png


def toy(draw=None, presets=None):
    def picture(progress, a, b):
        figure = Figure(figsize=(1, 1))
        figure.subplots().bar([0, 1], [a, b])
        progress(1, 1)
        return Picture(figure, f"a={a} b={b}")

    controls = dict(a=choice("a", range(10), 3), b=ipywidgets.FloatSlider(value=1, min=0, max=2))
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
        with pytest.raises(ValueError, match=f"Toy: a is one of 0, 1, 2, .*, 9, not {nonsense!r}"):
            panel.set(b=0.5, a=nonsense)
    with pytest.raises(TraitError, match="float"):
        panel.set(a=5, b="much")
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


def test_no_strategy_ticked_is_an_error_in_words():
    panel = widgets.dial(PAIR, SOURCE, TARGET)
    panel.set(**{name.replace(" ", "_"): False for name in (*NAMED, "your dial")})
    with pytest.raises(ValueError, match="tick at least one strategy"):
        panel.settle()
