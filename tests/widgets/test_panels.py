"""The panels without a browser: set a control, and see what changed."""

import base64
import gc
import html
import io
import random
import threading
import time
from dataclasses import replace
from unittest.mock import patch

import ipywidgets
import keras
import numpy as np
import psutil
import pytest
from matplotlib.figure import Figure
from PIL import Image
from traitlets import TraitError

from tests.page import page
from tests.walking import public
from transferlib.changes import changed, halves, rarer, twice
from transferlib.datasets import crop, mnist, uci_digits, uci_tasks
from transferlib.lessons.a_real_pretrained_network.kept_features import BLOCKS
from transferlib.lessons.cross_modal_learning.codes import SEGMENTS, SPELLING
from transferlib.lessons.task_nesting.nested import Nested
from transferlib.lessons.your_own_problem.examples import cars
from transferlib.networks import Pair
from transferlib.own_data.problems import of_table
from transferlib.plots import Picture
from transferlib.strategies import FIX_COMMON, NAMED, SCRATCH
from transferlib.tasks import Task
from transferlib.widgets.drawing_pad import SIDE, Pad, packed
from transferlib.widgets.panel import BEHIND, Panel, box, choice, number

widgets = public("widgets")
NESTING, ZERO = page("09"), page("12", task=mnist())
PAIR, READER = Pair(100, (64,), (64,)), Nested(NESTING.stacked, NESTING.reader)
GUESS = keras.Sequential([keras.Input((64,)), keras.layers.Dense(64, "relu"), keras.layers.Dense(1)])
ADAPTING, MULTI = page("11", pair=PAIR, parts={"pair": PAIR, "domain": GUESS}), page("10")
SURGERY = {"pcgrad": MULTI.operating(lambda t, s: MULTI.project(t, s) + MULTI.project(s, t))}
SURGERY["one-sided"] = MULTI.operating(lambda t, s: t + MULTI.project(s, t))
ADDING = Nested(NESTING.adding, NESTING.reader, like=READER)

PAGE = page("08")
MAPS = {name: PAGE.linear(getattr(PAGE, name)) for name in ("shift", "standardise", "coral")}


def noise(*shape, seed):
    """A task of two classes, twenty rows of each to learn from; the classes are a little apart."""
    x, y = np.random.default_rng(seed).random((80, *shape), np.float32), np.tile([0, 1], 40)
    x[y == 1] *= 0.6
    return Task(f"noise {seed}", x[:40], y[:40], x[40:], y[40:], ("a", "b"))


def small_vgg():
    """A network with the names of VGG16's blocks, a map or two each."""
    x = start = keras.Input((None, None, 3))
    for n, block in enumerate(BLOCKS):
        x = keras.layers.Conv2D(2 + n, 3, padding="same", activation="relu", name=f"block{n + 1}_conv1")(x)
        x = keras.layers.MaxPooling2D(padding="same", name=block)(x)
    return keras.Model(start, x)


def problems():
    """Two small problems, as lesson 07 has them."""
    made = {}
    for place in ("Japan", "Europe"):
        made[place] = of_table(cars()[place], label="mpg", source=cars()["USA"], regression=True, units=(4,), name=place)
    return made


def lesson():
    """What the lessons call the things that a panel is made of, and that the code of its picture speaks of; tasks anew."""
    source, wide, target = (replace(task) for task in (mnist(), mnist(crop), uci_digits()))
    negative = changed(target, "negative", lambda x: 1 - x)
    known, unknown = halves(source)
    return dict(
        pair=PAIR,
        source=source,
        target=target,
        task=source,
        tasks={name: replace(task) for name, task in uci_tasks().items()},
        sources={"narrow gap": source, "wide gap": wide},
        targets={"as many of each": target, "0–4 rare": rarer(target, (0, 1, 2, 3, 4))},
        maps=MAPS,
        turned=PAGE.turned,
        codes=dict(segments=SEGMENTS, spelling=SPELLING),
        mixtures=ZERO.mixtures,
        contrastive=ZERO.contrastive,
        adaptations=ADAPTING.adaptations,
        two_heads=MULTI.two_heads,
        surgery=SURGERY,
        parts={"upper": ZERO.encoder(), "lower": ZERO.encoder(), "scale": np.log(1 / 0.07)},
        domains={"as they are": (source, target), "cropped source": (wide, target), "negative": (source, negative)},
        digits={"UCI digits": target, "MNIST": unknown},
        pictures=(pictures := {name: noise(4, 4, 3, seed=i) for i, name in enumerate(("photographs", "digits"))}),
        kept={name: {n: {b: noise(6, seed=n) for b in BLOCKS} for n in range(2)} for name in pictures},
        network=small_vgg(),
        problems=problems(),
        couples=twice(known),  # what the lesson of nesting calls its source
        grades={
            "stacking": (READER, FIX_COMMON),
            "addition, from scratch": (Nested(NESTING.adding, NESTING.reader, like=READER), SCRATCH),
        },
    )


LESSON, ANOTHER_DAY = lesson(), lesson()
THREE = [LESSON[name] for name in ("pair", "source", "target")]

# Each panel, and small runs to begin with: what is tested is the panel.
PANELS = {
    "race": (lambda: widgets.race(*THREE), dict(seeds=1)),
    "dial": (lambda: widgets.dial(*THREE), dict(steps=50, seeds=1)),
    "sharing": (widgets.sharing, {}),
    "reach": (lambda: widgets.reach(*THREE), dict(seeds=1)),
    "bad sources": (lambda: widgets.bad_sources(PAIR, LESSON["sources"], LESSON["target"]), dict(steps=100, seeds=3)),
    "blocks": (lambda: widgets.blocks(LESSON["pictures"], LESSON["kept"], LESSON["network"]), dict(seeds=1)),
    "seed lottery": (lambda: widgets.seed_lottery(*THREE, seeds=4), {}),
    "one picture": (lambda: widgets.one_picture(*THREE), {}),
    "mapping": (lambda: widgets.mapping(PAIR, LESSON["domains"], MAPS, PAGE.turned), dict(seeds=1)),
    "nesting": (
        lambda: widgets.nesting(LESSON["grades"], LESSON["couples"], LESSON["digits"]),
        {"seeds": 1, "per_sum": 2, "steps": 200, "addition, from scratch": True},
    ),
    "alignment": (
        lambda: widgets.alignment(PAIR, LESSON["sources"], LESSON["targets"], LESSON["adaptations"]),
        dict(seeds=2, steps=300),
    ),
    "two tasks": (
        lambda: widgets.two_tasks(LESSON["tasks"], LESSON["two_heads"], LESSON["surgery"]),
        dict(seeds=3, steps=300),
    ),
    "partners": (
        lambda: widgets.partners(LESSON["task"], ZERO.contrastive, LESSON["parts"]),
        dict(seeds=1, steps=100, pairs=400),
    ),
    "unseen": (lambda: widgets.unseen(LESSON["codes"], LESSON["mixtures"]), {}),
    "ladder": (lambda: widgets.ladder(LESSON["problems"]), dict(splits=5)),
}
COSTLY = "seeds", "steps", "per_class", "splits"  # their first two values are tried
BEFORE_IT_HAS_AN_EFFECT = {
    "combine": dict(alpha=1.0),
    ("Reach", "per_class"): dict(stage="2 target, fix common"),
    ("Mapping", "turn"): dict(which="negative"),
}


def fresh(name, /, **values):
    """A new panel of this name, its controls at these values from the first picture on."""
    with patch.object(Panel, "_draw"):
        made = PANELS[name][0]()
    made.set(**PANELS[name][1] | values)
    made._changed()
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
        before = BEFORE_IT_HAS_AN_EFFECT.get((panel._name, key)) or BEFORE_IT_HAS_AN_EFFECT.get(key, {})
        before = {name: value for name, value in before.items() if name in panel._controls}
        panel.set(**panel._begin | before)
        panel.settle()
        assert not control.disabled, f"{key} is greyed out, though it would change something"
        if hasattr(control, "readout"):
            assert control.style.description_width == "initial", "long labels are not cut"
        seen, values = {panel.png}, positions(control)[: 2 if key in COSTLY else None]
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
        assert str(error) in (
            "tick at least one strategy",
            "tick at least one grade",
            "choose two different digits",
            "choose two different tasks",
        )
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


def named(panel, lesson):
    """The lesson's names for things, as the panel's code means them."""
    return lesson | (dict(source=lesson["couples"]) if panel.called == "nesting" else {})


def same_picture(panel, lesson):
    """Run the code that a panel tells, with what its lesson has at hand; whether it makes the panel's picture."""
    scope = named(panel, lesson)
    *lines, last = panel.code.splitlines()
    exec("\n".join(lines), scope)
    made = eval(last, scope)
    return made.text == panel.text and made.png() == panel.png


def test_the_code_makes_the_same_picture(panel):
    """Somewhere; at the beginning, on new tasks, for which no run is remembered; and every preset makes a picture."""
    rng, values = random.Random(2), {key: positions(control) for key, control in panel._controls.items()}
    panel.set(**{key: rng.choice(options) for key, options in values.items() if key not in COSTLY})
    assert panel_error(panel) or same_picture(panel, LESSON), f"{panel.values}:\n{panel.code}"
    for button in panel.children[1].children[1:-2]:
        button.click()
        panel.settle()
    panel.set(**panel._begin)
    panel.settle()
    assert same_picture(panel, ANOTHER_DAY), f"on new tasks:\n{panel.code}"


def test_the_code_speaks_of_what_its_lesson_has(panel):
    """And where the panel puts something with a memory in the place of what the code imports, it is named like that."""
    names = named(panel, LESSON)
    for name, thing in panel._at_hand.items():
        plain = getattr(thing, "__wrapped__", thing)
        assert plain is names[name] if name in names else plain.__name__ == name, name


def test_without_a_kernel_there_is_a_picture_and_its_numbers(panel):
    bundle = panel._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert Image.open(io.BytesIO(base64.b64decode(bundle["image/png"]))).size[0] > 600
    assert bundle["text/plain"].endswith(panel.text) and "=" in bundle["text/plain"].splitlines()[0]
    assert len(panel.png) < 60_000
    assert f'alt="{panel.text}"' in panel._image.value, "the picture has an alt text"


def test_a_random_walk_ends_where_a_fresh_panel_would_be(panel):
    """Seeded events, many overtaken by the next: no exception but words, and the picture of the final setting."""
    rng = random.Random(4)

    def event():
        key = rng.choice(list(panel._controls))
        values = positions(panel._controls[key])
        panel._controls[key].value = rng.choice(values[:2] if key in COSTLY else [values[0], values[-1]])

    for count in range(40):
        event()
        time.sleep(rng.choice([0, 0, 0.02]))
        if count == 20:
            panel_error(panel)
    while panel_error(panel):
        event()
    again = fresh(panel.called, **panel.values)
    assert again.shown == panel.shown == panel.values and again.code == panel.code
    assert again.text == panel.text and again.png == panel.png


class Quick:
    """A picture for tests, made in no time: its text and its bytes tell the setting."""

    def __init__(self, a, b):
        self.text = f"<a is {a}, b is {b}>"

    def png(self):
        return self.text.encode()


def toy(draw=lambda a, b, progress: Quick(a, b), presets=None, **more):
    controls = dict(a=choice("a", range(10), 3), b=number("b", 0, 2, 0.1, 1.0)) | more
    return Panel(controls, lambda a, b: f"draw({a}, {b}, progress=progress)", dict(draw=draw), presets, "Toy")


def is_of(panel, a, b=1.0, because=None):
    """All that the panel shows and stores is of this setting; and it says that, and why, it is behind its controls."""
    picture, stored, status = Quick(a, b), panel.stored(), html.unescape(panel._status.value)
    assert (panel.shown, panel.text, panel.png) == (dict(a=a, b=b), picture.text, picture.png())
    assert panel.code == f"draw({a}, {b})" and html.escape(panel.code) in panel._lines.value
    assert panel._caption.value == html.escape(picture.text)
    assert f'alt="{html.escape(picture.text)}"' in panel._image.value
    assert base64.b64encode(picture.png()).decode() in panel._image.value
    assert stored["image/png"] == base64.b64encode(picture.png()).decode()
    told, said, *behind = stored["text/plain"].splitlines()
    assert (told, said) == (f"Toy(a={a}, b={b})", picture.text)
    moved = ", ".join(f"{key}={value!r}" for key, value in panel.values.items() if value != panel.shown[key])
    assert bool(moved) == bool(because) and (status, behind) == (
        (f"{because} · {BEHIND}", [f"The controls have moved on to {moved}: {because}."]) if because else ("", [])
    )


class Gate:
    """A drawing function that waits at the settings `closed` until `open` is called, and cannot draw a = 5."""

    def __init__(self, *closed):
        self.drawn, self.waits, self._gates = [], threading.Event(), {a: threading.Event() for a in closed}

    def open(self, a):
        self._gates[a].set()

    def __call__(self, a, b, progress):
        if a in self._gates:
            self.waits.set()
            for _ in range(1000):  # ten seconds, so that a panel that cannot be stopped fails its test and ends
                progress(1, 2)
                if self._gates[a].wait(0.01):
                    break
        if a == 5:
            raise ValueError("five is <not> possible")
        self.drawn.append((a, b))
        return Quick(a, b)


FIVE = "this setting could not be drawn: five is <not> possible (ValueError, __call__ in test_panels.py)"
STOPPED = "stopped; move a control to go on"


def busy_with(panel, gate, **values):
    """Set a control and wait until its setting is being drawn."""
    gate.waits.clear()
    panel.set(**values)
    assert gate.waits.wait(10)
    time.sleep(0.05)


def test_a_busy_panel_is_of_the_setting_before_and_says_so():
    panel = toy(gate := Gate(9))
    is_of(panel, 3)
    busy_with(panel, gate, a=9, b=0.5)
    is_of(panel, 3, because="training: 1 of 2 runs")
    with pytest.raises(TimeoutError, match="Toy is still busy after 0.01 seconds"):
        panel.settle(0.01)
    gate.open(9)
    panel.settle()
    is_of(panel, 9, 0.5)


def test_after_an_error_the_picture_stays_and_the_next_event_works():
    panel = toy(Gate())
    panel.set(a=5)
    for _ in range(2):
        with pytest.raises(ValueError, match="five is <not> possible"):
            panel.settle()
        is_of(panel, 3, because=FIVE)
    panel.set(a=6)
    panel.settle()
    is_of(panel, 6)


def test_after_an_error_the_way_back_is_no_error():
    panel = toy(Gate())
    panel.set(a=5)
    with pytest.raises(ValueError):
        panel.settle()
    panel.set(a=3)
    panel.settle()
    is_of(panel, 3)


def test_stop_keeps_the_picture_and_the_next_event_works():
    panel = toy(gate := Gate(9))
    busy_with(panel, gate, a=9)
    assert not panel._stop.disabled
    panel._stop.click()
    panel.settle(5)
    assert panel._stop.disabled
    is_of(panel, 3, because=STOPPED)
    panel.set(a=4)
    panel.settle()
    is_of(panel, 4)


def test_after_an_error_a_stop_raises_nothing_of_before():
    panel = toy(gate := Gate(9))
    panel.set(a=5)
    with pytest.raises(ValueError):
        panel.settle()
    busy_with(panel, gate, a=9)
    is_of(panel, 3, because="training: 1 of 2 runs")
    with pytest.raises(TimeoutError):
        panel.settle(0.01)
    panel._stop.click()
    panel.settle(5)
    is_of(panel, 3, because=STOPPED)


def test_a_button_pressed_again_after_a_stop_goes_on():
    panel = toy(gate := Gate(7), {"both": dict(a=7, b=0.5)})
    busy_with(panel, gate, a=7, b=0.5)
    panel._stop.click()
    panel.settle(5)
    gate.open(7)
    panel.children[1].children[1].click()
    panel.settle(5)
    is_of(panel, 7, 0.5)


def test_a_stop_at_rest_stops_nothing_that_comes_later():
    panel = toy(Gate())
    panel._stop.click()
    panel.set(a=4)
    panel.settle()
    is_of(panel, 4)


@pytest.mark.parametrize("first", [4, 5])
def test_what_is_overtaken_is_neither_shown_for_the_newest_nor_raised(first):
    """The first event ends, well or not, after the next one came, without a word about how far it is."""
    going, began = threading.Event(), threading.Event()

    def draw(a, b, progress):
        if a == first:
            began.set()
            going.wait(10)
        return Gate()(a, b, progress)

    panel = toy(draw)
    panel.set(a=first)
    assert began.wait(10)
    panel.set(a=6)
    is_of(panel, 3, because="drawing")
    going.set()
    panel.settle()
    is_of(panel, 6)


def test_the_last_event_wins_and_builds_no_queue():
    panel = toy(gate := Gate(4))
    busy_with(panel, gate, a=4)
    for a in (6, 7, 8, 9):
        panel._controls["a"].value = a
    panel.settle()
    is_of(panel, 9)
    assert len(gate.drawn) < 4, "4 was overtaken, and most of the others"


def test_sliders_and_buttons_of_several_threads_never_part_picture_and_words():
    """JupyterLab's sliders speak to one thread, its buttons to another, and a third one saves."""
    panel = toy(lambda a, b, progress: progress(1, 2) or Gate()(a, b, progress), {"both": dict(a=7, b=0.5)})
    rng, parted, over = random.Random(3), [], threading.Event()

    def slide():
        for _ in range(150):
            panel._controls[rng.choice("ab")].value = rng.choice((0, 1, 2))
            time.sleep(rng.choice((0, 0.002)))

    def click():
        for _ in range(60):
            rng.choice(panel.children[1].children[:3]).click()  # Reset, the preset, Stop
            panel.set(a=rng.choice((1, 5, 8)), b=rng.choice((0.1, 1.9)))
            time.sleep(rng.choice((0, 0.005)))

    def save():
        while not over.is_set():
            stored = panel.stored()
            told, said = stored["text/plain"].splitlines()[:2]
            if said != base64.b64decode(stored["image/png"]).decode() or told != f"Toy(a={said[6]}, b={float(said[14:-1])})":
                parted.append(stored)

    threads = [threading.Thread(target=each) for each in (slide, click, save)]
    for thread in threads:
        thread.start()
    for thread in threads[:2]:
        thread.join(60)
    over.set()
    threads[2].join(60)
    assert parted == []
    panel.set(a=9, b=2.0)
    panel.settle()
    is_of(panel, 9, 2.0)


def test_presets_and_reset_are_one_event_each():
    panel = toy(gate := Gate(), {"both": dict(a=7, b=0.5)})
    reset, both = panel.children[1].children[:2]
    both.click()
    panel.settle()
    reset.click()
    panel.settle()
    assert gate.drawn == [(3, 1), (7, 0.5)], "and a setting seen before is not drawn again"
    is_of(panel, 3)


def test_nonsense_is_refused_and_nothing_changes():
    panel = toy()
    with pytest.raises(ValueError, match="Toy has no control c; it has a, b"):
        panel.set(c=1)
    for nonsense in (99, "three", None):
        with pytest.raises(ValueError, match=f"Toy: a is one of 0, 1, 2, .*, 9, not {nonsense!r}"):
            panel.set(b=0.5, a=nonsense)
    with pytest.raises(TraitError, match="float"):
        panel.set(a=5, b="much")
    panel.settle()
    is_of(panel, 3)


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: toy(c=box("c")), "Toy: its controls are a, b, c, but code has .* 'c'"),
        (lambda: Panel({}, lambda a: ""), "Panel: its controls are , but code has missing a required argument: 'a'"),
        (lambda: Panel({}, lambda: "", idle=lambda a: ()), "but idle has missing a required argument: 'a'"),
        (lambda: toy(presets={"two": dict(c=1)}), "Toy has no control c; it has a, b"),
        (lambda: toy(presets={"two": dict(a=12)}), "Toy: a is one of 0, .*, 9, not 12"),
        (lambda: choice("labels", (1, 2), 3), r"labels: value must be one of \[1, 2\], not 3"),
        (lambda: widgets.mapping(PAIR, {}, MAPS, PAGE.turned), r"domains: value must be one of \[\], not None"),
    ],
)
def test_a_panel_that_does_not_fit_together_is_an_error_in_words(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_an_error_in_the_first_picture_is_raised():
    with pytest.raises(ZeroDivisionError):
        toy(lambda a, b, progress: 1 / 0)


def test_a_long_session_does_not_make_a_panel_grow():
    """120 settings, more than it remembers."""

    def draw(a, b, progress):
        figure = Figure(figsize=(3, 2))
        figure.subplots().bar([0, 1], [a, b])
        return Picture(figure, f"{a} {b}")

    panel, used = toy(draw), []
    for count in range(120):
        panel.set(a=count % 10, b=count // 10 / 10)
        panel.settle()
        if count % 40 == 39:
            gc.collect()  # a figure is a knot of objects that know each other
            used.append(psutil.Process().memory_info().rss)
    assert used[2] - used[0] < 20e6 and len(panel._seen) == 100


def test_no_strategy_ticked_is_an_error_in_words():
    panel = fresh("dial")
    panel.set(**{name.replace(" ", "_"): False for name in (*NAMED, "your dial")})
    with pytest.raises(ValueError, match="tick at least one strategy"):
        panel.settle()


@pytest.mark.parametrize("name", ["dial", "bad sources"])
def test_both_tasks_have_a_curve(name):
    made = fresh(name)
    scope = {}
    needs, _, lines = made.code.rpartition("\n\n")
    exec(needs, scope)
    *lines, last = lines.splitlines()
    exec("\n".join(lines), scope | made._at_hand, scope)
    picture = eval(last, scope)
    for axis in picture.figure.axes:
        assert axis.lines and all(len(line.get_ydata()) > 2 and np.isfinite(line.get_ydata()).all() for line in axis.lines)
