"""The panels without a browser, which moves every control of every panel: set one, see what changed."""

import ast
import base64
import builtins
import gc
import html
import inspect
import io
import json
import random
import threading
import time
import weakref
from functools import cache
from types import SimpleNamespace
from unittest.mock import patch

import ipywidgets
import numpy as np
import pandas as pd
import psutil
import pytest
from matplotlib.figure import Figure
from PIL import Image
from traitlets import TraitError

from tests import HUNG
from tests.page import NOTEBOOKS
from tests.walking import examples, panels
from tests.widgets.made import packed
from transferlib.lessons.feature_mapping.widgets import mapping
from transferlib.plots import Picture
from transferlib.strategies import NAMED
from transferlib.widgets import panel as panel_module
from transferlib.widgets.drawing_pad import SIDE, Pad
from transferlib.widgets.panel import BEHIND, Panel, box, choice, number

MAKE = {name: make for (_, name), make in panels().items()}
PANELS = {name: each for (_, name), each in sorted(examples("PANELS").items()) if name in MAKE}
EVERY_KIND = "dial", "one_picture", "alignment"  # of controls: boxes, buttons, menus, sliders, a sheet to draw on
COSTLY = "seeds", "steps", "per_class", "splits"  # their first two values are tried


@cache
def lesson(name):
    """The things of a panel's lesson, by the lesson's own names."""
    return PANELS[name].has()


def fresh(name, /, **values):
    """A new panel of this name, its controls at these values from the first picture on: Reset comes back to them."""
    takes, init = inspect.signature(MAKE[name]).parameters, Panel.__init__

    def begin_small(self, controls, *rest, **others):
        for key, value in (PANELS[name].small | values).items():
            controls[key].value = value
        init(self, controls, *rest, **others)

    with patch.object(Panel, "__init__", begin_small):
        made = MAKE[name](**{key: thing for key, thing in lesson(name).items() if key in takes})
    made._begin, made.called = made.values, name
    return made


def test_every_panel_has_an_example():
    for where, name in panels().keys() - examples("PANELS").keys():
        folder = f"tests/lessons/{where}" if where else "tests/widgets"
        raise AssertionError(
            f"no test makes {name}: add {name!r}: PanelExample(has, small) to PANELS in {folder}/examples.py"
        )
    assert panels().keys() == examples("PANELS").keys() and len(MAKE) == len(panels()), "each name once"


@pytest.fixture(params=PANELS, scope="module")
def panel(request):
    return fresh(request.param)


@pytest.fixture(params=EVERY_KIND, scope="module")
def one_of_each(request):
    return fresh(request.param)


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


def test_every_control_at_its_extremes_changes_the_picture(one_of_each):
    panel = one_of_each
    for key, control in panel._controls.items():
        panel.set(**panel._begin | PANELS[panel.called].first.get(key, {}))
        panel.settle(HUNG)
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
    """Wait for the picture; the words that the panel showed instead, or None. Anything else is raised."""
    try:
        panel.settle(HUNG)
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
        ("dial", dict(alpha=1.0, move=0.0), {"combine"}),
        ("sharing", dict(shared=0), {"frozen"}),
        ("reach", dict(stage="1 source, read literally"), {"per_class"}),
        ("one_picture", dict(ink=positions(Pad())[1]), {"digit", "example"}),
        ("alignment", dict(show="clouds"), {"seeds"}),
        ("recipes", dict(giver="nobody: random layers"), {"copied"}),
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


def test_nonsense_is_refused_by_every_control(one_of_each):
    panel, before = one_of_each, (one_of_each.values, one_of_each.png)
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


def test_the_code_makes_the_same_picture(panel):
    """On new tasks, for which no run is remembered; and every preset makes a picture."""
    scope = PANELS[panel.called].has()
    *lines, last = panel.code.splitlines()
    exec("\n".join(lines), scope)
    made = eval(last, scope)
    assert made.text == panel.text and made.png() == panel.png, panel.code
    for button in panel.children[1].children[1:-2]:
        button.click()
        panel.settle(HUNG)
    panel.set(**panel._begin)
    panel.settle(HUNG)


def test_the_code_speaks_of_what_its_lesson_has(panel):
    """And where the panel puts something with a memory in the place of an import, it is named like that."""
    for name, thing in panel._at_hand.items():
        plain, has = getattr(thing, "__wrapped__", thing), lesson(panel.called)
        assert plain is has[name] if name in has else plain.__name__ == name, name


def bound(tree):
    """The names that some code gives something to."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).split(".")[0]


def test_a_reader_can_run_the_code_in_the_lesson_that_shows_the_panel(panel):
    """Its notebook has all that the code speaks of; that it makes the picture is tried on one page with all panels."""
    tree, shown = ast.parse(panel.code), 0
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | set(panel._at_hand)
    read -= {*bound(tree), *dir(builtins)}
    for path in NOTEBOOKS.glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ast.parse("\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"))
        calls = [ast.unparse(node.func) for node in ast.walk(code) if isinstance(node, ast.Call)]
        if panel.called in [called.split(".")[-1] for called in calls]:
            shown += 1
            assert read <= set(bound(code)), f"{path.stem} does not have {read - set(bound(code))}"
    assert shown, "no lesson shows it"


def test_without_a_kernel_there_is_a_picture_and_its_numbers(panel):
    bundle = panel._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert Image.open(io.BytesIO(base64.b64decode(bundle["image/png"]))).size[0] > 600
    assert bundle["text/plain"].endswith(panel.text) and "=" in bundle["text/plain"].splitlines()[0]
    assert len(panel.png) < 60_000
    assert f'alt="{html.escape(panel.plain)}"' in panel._image.value, "the picture has an alt text"
    assert panel._caption.value == html.escape(panel.plain) and len(panel.plain) < len(panel._table.value) + 1


@pytest.mark.parametrize("name", ["dial", "alignment"])
def test_a_random_walk_ends_where_a_fresh_panel_would_be(name):
    """Seeded events, many overtaken by the next: no exception but words, and the final setting's picture."""
    panel, rng = fresh(name), random.Random(4)

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
        self.text, self.plain = f"<a is {a}, b is {b}>", f"b is <{b}>"
        self.table = pd.DataFrame({"a": {"<here>": f"<{a}>"}})

    def png(self):
        return self.text.encode()


def toy(draw=lambda a, b, progress: Quick(a, b), presets=None, **more):
    controls = dict(a=choice("a", range(10), 3), b=number("b", 0, 2, 0.1, 1.0)) | more
    return Panel(controls, lambda a, b: f"draw({a}, {b}, progress=progress)", dict(draw=draw), presets, "Toy")


def is_of(panel, a, b=1.0, because=None):
    """All that the panel shows and stores is of this setting; if it is behind its controls, it says why."""
    picture, stored, status = Quick(a, b), panel.stored(), html.unescape(panel._status.value)
    assert (panel.shown, panel.text, panel.png) == (dict(a=a, b=b), picture.text, picture.png())
    assert panel.code == f"draw({a}, {b})" and html.escape(panel.code) in panel._lines.value
    assert panel._caption.value == html.escape(picture.plain) and f"&lt;{a}&gt;" in panel._table.value
    assert f'alt="{html.escape(picture.plain)}"' in panel._image.value
    assert base64.b64encode(picture.png()).decode() in panel._image.value
    assert stored["image/png"] == base64.b64encode(picture.png()).decode()
    told, said, *behind = stored["text/plain"].splitlines()
    assert (told, said) == (f"Toy(a={a}, b={b})", picture.text)
    moved = ", ".join(f"{key}={value!r}" for key, value in panel.values.items() if value != panel.shown[key])
    assert bool(moved) == bool(because) and (status, behind) == (
        (f"{because} · {BEHIND}", [f"The controls have moved on to {moved}: {because}."]) if because else ("", [])
    )


class Gate:
    """A drawing function that waits at the settings `closed` until `open` is called; it cannot draw a = 5.

    It has no __dict__, whose contents would tell a picture from one that was made before this one.
    """

    __slots__ = ("drawn", "waits", "_gates")

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


def test_an_error_of_many_lines_is_told_in_one_and_kept_whole():
    def draw(a, b, progress):
        if a == 5:
            raise ValueError("no such graph\n" + "node { }\n" * 1000)
        return Quick(a, b)

    panel = toy(draw)
    panel.set(a=5)
    with pytest.raises(ValueError, match="no such graph\n(node { }\n){1000}"):
        panel.settle()
    told = panel.stored()["text/plain"].splitlines()[-1]
    assert "could not be drawn: no such graph node { }" in told and len(told) < 600 and "(ValueError, draw" in told


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


@pytest.mark.parametrize(
    "name, before, button, sets",
    [
        ("alignment", "an adversary", "no method, just the mean", dict(dann=0.0, coral=0.0, inputs="own mean")),
        ("border", "noisy labels, four layers", "twice as long", dict(noise=0.0, depth=1, length=2.0)),
    ],
)
def test_a_button_sets_all_that_its_name_speaks_of(name, before, button, sets):
    panel = fresh(name)
    buttons = {each.description: each for each in panel.children[1].children[:-1]}
    buttons[before].click(), buttons[button].click()
    assert panel.values == panel.values | sets
    panel.settle(HUNG)


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
        (lambda: toy(presets={"two": dict(c=1)}), "Toy has no control c; it has a, b"),
        (lambda: toy(presets={"two": dict(a=12)}), "Toy: a is one of 0, .*, 9, not 12"),
        (lambda: choice("labels", (1, 2), 3), r"labels: value must be one of \[1, 2\], not 3"),
        (lambda: mapping(None, {}, {}, None), r"domains: value must be one of \[\], not None"),
    ],
)
def test_a_panel_that_does_not_fit_together_is_an_error_in_words(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_controls_stand_in_groups_under_their_headings():
    controls = dict(a=choice("a", range(10), 3), b=number("b", 0, 2, 0.1, 1.0), c=box("c"))
    made = dict(code=lambda a, b, c: f"draw({a}, {b})", at_hand=dict(draw=Quick), name="Toy")
    panel = Panel(controls, groups={"what": ["c"], "how <far>": ["a", "b"]}, **made)
    one, two = panel.children[0].children
    assert (one.children[0].value, two.children[0].value) == ("<b>what</b>", "<b>how &lt;far&gt;</b>")
    assert [each for row in two.children[1].children for each in row.children] == [controls["a"], controls["b"]]
    for wrong in ({"what": ["a", "b"]}, {"what": ["a", "b"], "how": ["b", "c"]}):
        with pytest.raises(ValueError, match="groups must name each control once: a, b, c"):
            Panel(controls, groups=wrong, **made)


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
    assert used[2] - used[0] < 20e6 and len(panel._pictures) == 100


def test_no_strategy_ticked_is_an_error_in_words():
    panel = fresh("dial")
    panel.set(**{name.replace(" ", "_"): False for name in (*NAMED, "your dial")})
    with pytest.raises(ValueError, match="tick at least one strategy"):
        panel.settle()


@pytest.mark.parametrize("name", ["dial", "bad_sources"])
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


def test_a_function_of_the_page_that_is_defined_anew(monkeypatch):
    """The panel keeps to what it was given, and its code says so; what that calls is the page's of now."""
    cells = "def helper(a):\n    return {}", "def draw(a, b, progress):\n    return Quick(helper(a), {})"
    known = dict(Quick=Quick, __name__="__main__")
    monkeypatch.setattr(panel_module, "get_ipython", lambda: SimpleNamespace(user_ns=known))
    exec(cells[0].format("a") + "\n" + cells[1].format("b"), known)
    panel = toy(known["draw"])
    assert (panel.text, panel.code) == ("<a is 3, b is 1.0>", "draw(3, 1.0)")

    exec(cells[1].format("b"), known)  # the same cell, run again
    panel.set(a=4)
    panel.settle()
    assert (panel.text, panel.code) == ("<a is 4, b is 1.0>", "draw(4, 1.0)")
    exec(cells[1].format("-b"), known)
    panel.set(a=3)
    panel.settle()
    assert panel.text == "<a is 3, b is 1.0>"
    assert panel.code.splitlines()[0].startswith("# draw: as when this panel was made; to use what is defined now, run")
    assert panel.code.splitlines()[1] == "draw(3, 1.0)" and html.escape(panel.code) in panel._lines.value

    exec(cells[1].format("b") + "\n" + cells[0].format("10 * a"), known)
    panel.set(a=4)
    panel.settle()
    assert (panel.text, panel.code) == ("<a is 40, b is 1.0>", "draw(4, 1.0)"), "no picture of before, which it remembers"


def test_what_a_picture_is_found_again_by_lives_as_long_as_the_picture():
    """Told by its place in memory: a later thing in the same place would be shown the picture of this one."""

    class Thing:
        __slots__ = "n", "__weakref__"

    known = dict(Quick=Quick, __name__="__main__", thing=Thing())
    exec("def draw(a, b, progress):\n    return Quick(a, b * isinstance(thing, object))", known)
    panel, first = toy(known["draw"]), weakref.ref(known["thing"])
    known["thing"] = Thing()
    panel.set(a=4)
    panel.settle()
    gc.collect()
    assert panel.text == "<a is 4, b is 1.0>" and first() is not None
