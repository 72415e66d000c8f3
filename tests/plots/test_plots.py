"""Every picture: what is drawn is the data, its words say the numbers and stand inside, whatever style drew it."""

import ast
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import combinations
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.text import Text

from tests.lessons.evaluation.examples import RACE
from tests.lessons.three_training_steps.examples import REACHED
from tests.plots.drawn import Page
from tests.walking import examples, modules, pictures
from transferlib.lessons.evaluation.plots import lottery
from transferlib.lessons.three_training_steps.plots import layer_gradients
from transferlib.plots import canvas

EXAMPLES, PICTURES = examples(), pictures()
LESSONS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


def named(key):
    """(lesson, function): an example is called by its function's name, and what is special about it."""
    return key[0], key[1].split()[0].strip(",")


ONE_EACH = {PICTURES[named(key)].__module__: key for key in EXAMPLES if named(key) in PICTURES}.values()


@cache
def drawn(key):
    """(picture, its bytes, [(words, where they really stand)]), drawn once; a tick beyond an axis's end is not."""
    picture, seen, draw = EXAMPLES[key].make(), [], Text.draw
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "draw", lambda self, renderer: (seen.append(self), draw(self, renderer)))
        png = picture.png()
    words = [text for text in seen if text.get_text().strip() and text.get_visible()]
    return picture, png, [(text.get_text(), text.get_window_extent()) for text in words]


every_picture = pytest.mark.parametrize("key", EXAMPLES, ids=lambda key: ": ".join(filter(None, key)))


def test_every_picture_is_tested():
    tested = set(map(named, EXAMPLES))
    for lesson, name in PICTURES.keys() - tested:
        folder = f"tests/lessons/{lesson}" if lesson else "tests/plots"
        raise AssertionError(f"{name} is drawn by no test: add {name!r}: Example(make, says, shows) to {folder}/examples.py")
    assert tested == PICTURES.keys()


@every_picture
def test_what_is_drawn_is_the_data(key):
    pages = [Page(axis) for axis in drawn(key)[0].figure.axes]
    EXAMPLES[key].shows(*pages)
    for page in pages:
        page.is_done()


@every_picture
def test_a_picture_says_its_numbers_and_keeps_its_words_inside(key):
    picture, png, words = drawn(key)
    for told in EXAMPLES[key].says:
        assert told in picture.text, picture.text
    assert "nan" not in picture.text and len(png) < 60_000
    page = picture.figure.bbox
    for text, box in words:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= page.x1 and box.y1 <= page.y1, text


@every_picture
def test_what_stands_below_a_picture_is_one_plain_sentence_and_its_numbers_as_a_table(key):
    picture = drawn(key)[0]
    assert len(picture.plain) < 250 and picture.plain.count("±") == 0, picture.plain
    if picture.table is not None:
        cells = {cell for column in picture.table.columns for cell in picture.table[column]} - {"–"}
        assert cells and all(cell in picture.text for cell in cells), (cells, picture.text)


def test_who_leads_is_said_where_the_seeds_say_so():
    better, worse, level = np.array([0.9, 0.8, 0.7]), np.array([0.8, 0.7, 0.61]), np.array([0.7, 0.9, 0.75])
    assert canvas.who_leads({"a": better, "b": worse}) == "a leads"
    assert canvas.who_leads({"b": worse, "a": better, "c": level}) == "a is highest, but not clearly ahead of c"
    assert canvas.who_leads({"b": worse[:1], "a": better[:1]}) == "a leads", "one seed knows no spread"
    assert canvas.who_leads({"a": better[:1], "b": better[:1]}) == "a is highest, but not clearly ahead of b", "a tie"


CROWDED = {"map_panel", "four_measures"}  # where words may stand on each other: digits in a cloud, words at a line


@every_picture
def test_words_can_be_read_on_white(key):
    """WCAG's contrast of 4.5; a word in white stands on something dark."""
    for text in drawn(key)[0].figure.findobj(Text):
        rgb = np.array(matplotlib.colors.to_rgb(text.get_color()))
        light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722)
        assert light == 1 or 1.05 / (light + 0.05) >= 4.5, (text.get_text(), text.get_color())


@every_picture
def test_words_do_not_overlap(key):
    boxes = drawn(key)[2] if named(key)[1] not in CROWDED else []
    clear = 2  # dots that one line of bold names may reach into the next
    for (one, a), (other, b) in combinations(boxes, 2):
        assert a.x0 >= b.x1 or b.x0 >= a.x1 or a.y0 >= b.y1 - clear or b.y0 >= a.y1 - clear, (one, other)


def test_a_readers_style_and_other_threads_change_nothing():
    settings = dict(matplotlib.rcParams)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: canvas.sheet(columns=3), range(50)))
        again = pool.map(lambda key: EXAMPLES[key].make().png() == drawn(key)[1], sorted(ONE_EACH)[::3])
        assert all(again) and dict(matplotlib.rcParams) == settings
    with matplotlib.style.context("dark_background"):
        for key in sorted(ONE_EACH):
            assert EXAMPLES[key].make().png() == drawn(key)[1], key


@pytest.mark.parametrize("style", ["ggplot", "Solarize_Light2", "seaborn-v0_8-darkgrid", "fivethirtyeight"])
def test_the_words_stay_readable_in_any_style(style):
    with matplotlib.style.context(style):
        for key in (("", "learning_curves"), ("source_and_target", "seed_dots"), ("task_nesting", "nesting")):
            for text in EXAMPLES[key].make().figure.findobj(Text):
                small = text.get_fontfamily() == ["DejaVu Sans"] and text.get_fontsize() <= 11
                assert small or not text.get_text(), (key, text)


def test_of_equal_arms_none_wins_alone():
    equal = dict.fromkeys(["share weights", "head kept"], RACE["share gradients"])
    picture = lottery({"from scratch": RACE["from scratch"]} | equal, [3])
    assert picture.figure.axes[0].get_title("left") == "Seed 3: share weights and head kept win"
    assert picture.text.startswith("With seed 3, share weights and head kept win: ")
    assert "share weights and head kept win; " in picture.plain


def test_a_choice_that_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="none of the seeds"):
        lottery(RACE, [99])
    with pytest.raises(ValueError, match=r"look must be one of the updates \[0, 3\], not 2"):
        layer_gradients(REACHED, (0, 3), 2)


def test_pictures_only_draw():
    """They import nothing that trains or computes, and no TensorFlow comes with them."""
    below = {"transferlib.measures", "transferlib.networks", "transferlib.plots"}
    for path in (Path(module.__file__) for module in modules("plots")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("transferlib"):
                assert any(node.module.startswith(name) for name in below), (path.name, node.module)
    check = "import sys, transferlib.plots; assert not {'tensorflow', 'keras'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)


@every_picture
def test_every_axis_says_what_it_measures(key):
    """A page of lines or bars names its x; and its y, unless named rows, its neighbour on the same scale or its title do."""
    axes = [axis for axis in drawn(key)[0].figure.axes if axis.axison and (axis.lines or axis.patches) and not axis.images]
    for axis in axes if key[1].split(",")[0] != "what_they_say" else ():  # six small pages: the note below says it
        together = [each.get_ylabel() for each in axis.get_shared_y_axes().get_siblings(axis)]
        ticks = [label.get_text() for label in axis.get_yticklabels()]
        named = any(together) or not any(ticks) or any(word[0].isalpha() for word in ticks if word)
        if axis.get_xticks().size or axis.get_yticks().size:
            assert axis.get_xlabel() and (named or "accuracy" in axis.get_title("left")), axis.get_title("left")


@every_picture
def test_every_line_has_points(key):
    """An axis that is empty, since what it should show was not measured, has a name at its side and no line."""
    for axis in drawn(key)[0].figure.axes:
        for line in axis.lines:
            assert np.isfinite(np.asarray(line.get_ydata(), float)).all(), axis.get_title()


ARM = re.compile(r"(?:[:;.,] |^)([A-Za-z][^:;.±\d]*?) [+-]?\d[\d.,]* ±")  # a name before a mean with its error
ALIASES = {  # how an arm might be called besides its one name
    "untouched source": "source untouched|source, untouched|source as it is",
    "head kept": "weights and head|fine-tuned, head kept|share weights, head kept",
    "share weights": "fine-tuned|fine-tuning",
    "share gradients": "rehearsal|joint training",
    "SVM": "SVC",
}


def test_what_two_lessons_draw_has_one_name_and_one_colour():
    """In the stored pictures' words; a colour of its own is one in STYLE."""
    lessons = {}
    for path in LESSONS:
        outputs = [o for c in json.loads(path.read_text("utf-8"))["cells"] for o in c.get("outputs", [])]
        for data in (output.get("data", {}) for output in outputs):
            if "image/png" in data:
                text = "".join(data["text/plain"])
                for name in ARM.findall(text):
                    lessons.setdefault(name, set()).add(path.stem)
    twice = {name for name, those in lessons.items() if len(those) > 1}
    assert len(twice) > 5 and twice <= canvas.STYLE.keys(), "give it a colour in canvas.STYLE"
    for name, others in ALIASES.items():
        assert not (wrong := [each for each in lessons if re.fullmatch(others, each)]), f"{wrong} is called {name}"


def test_a_lessons_own_looks_keep_the_courses_colours():
    for module in modules("plots"):
        tables = [table for table in vars(module).values() if isinstance(table, dict)]
        for name, look in (each for table in tables for each in table.items() if each[0] in canvas.STYLE):
            assert canvas.STYLE[name][0] in str(look), f"{module.__name__}: {name} in {look}"
