"""Examples of the pictures and the panel of lesson 09."""

from dataclasses import replace

import numpy as np

from tests.page import page as read_page
from tests.plots.drawn import Example, t_interval
from tests.plots.made_up import STEP, curves, ends, runs, task, values
from tests.widgets.made import PanelExample
from transferlib.changes import halves, twice
from transferlib.datasets import mnist, uci_digits
from transferlib.lessons.task_nesting import plots
from transferlib.lessons.task_nesting.nested import Nested
from transferlib.lessons.task_nesting.plots import GRADES
from transferlib.measures import with_error
from transferlib.strategies import FIX_COMMON, SCRATCH

NESTED, READERS = runs(list(GRADES)[:7]), values(list(GRADES)[2:7])
WAYS = ("in place", "swap within a digit", "mean", "swap")
ABLATED = {name: values(WAYS) for name in ("stacking", "nested, fine-tuned")}
SUMS = task("sums", 2)


def nested(left, right):
    for name, group in NESTED.items():
        left.band(STEP, curves(group), name, GRADES[name][0])
    assert right.rows() == list(NESTED)
    for row, name in enumerate(NESTED):
        if name in READERS:
            mean, low, high = t_interval(READERS[name])
            right.bars([mean], [row], lying=True, colours=[GRADES[name][0]])
            right.line([low, high], [row, row])
            right.word(f"{mean:.2f}", y=row)
        else:
            right.word("no reader", y=row)


def broken(page):
    page.rule(x=1 / 19)
    page.forest(ABLATED)
    assert tuple(page.legend()) == WAYS


def four_networks(*pages):
    seen = [(page.title, page.boxes()) for page in pages]
    reader = {(x, 1.2) for x in (-0.75, 0.75)}
    for page, (title, boxes) in zip(pages, seen):
        assert (0, 2.3) in dict(boxes).values() and (title == "un-nested" or {at for _, at in boxes} >= reader)
        assert not page.patches or {(p.get_x() + p.get_width() / 2, 1.2) for p in page.patches} <= reader
        page.patches.clear()
        page.lines.clear()
    assert [title for title, _ in seen] == ["un-nested", "stacking", "progressive", "hierarchical"]
    assert [any("frozen" in text for text, _ in boxes) for _, boxes in seen] == [False, True, True, False]
    assert [len(page.arrows) for page in pages] == [5, 5, 7, 7]


def couples(*pages):
    for page, row in zip(pages, (0, 11, 23, 35, 47, 59), strict=True):
        left, right = SUMS.x_train[row].reshape(2, 10, 10)
        page.picture(np.hstack([left, right]), 1)
        page.rule(x=9.5)
        assert page.title == f"sum {SUMS.y_train[row]}"


PICTURES = {
    "nesting": Example(
        lambda: plots.nesting(NESTED, READERS),
        [f"{name} {with_error(each)}" for name, each in READERS.items()]
        + [f"{name} {with_error(ends(group))}" for name, group in NESTED.items()],
        nested,
    ),
    "ablations": Example(
        lambda: plots.ablations(ABLATED),
        [f"{name} {', '.join(map(with_error, ways.values()))}" for name, ways in ABLATED.items()],
        broken,
    ),
    "grades_of_nesting": Example(plots.grades_of_nesting, ["Stacking"], four_networks),
    "couple_rows": Example(lambda: plots.couple_rows(SUMS), ["6 rows of sums: "], couples),
}


def nested_pairs():
    """Two grades of the lesson's page, and the digits that are added; its source are couples of MNIST's."""
    lesson, (known, unknown) = read_page("09"), halves(replace(mnist()))
    reader = Nested(lesson.stacked, lesson.reader)
    adding = Nested(lesson.adding, lesson.reader, like=reader)
    grades = {"stacking": (reader, FIX_COMMON), "addition, from scratch": (adding, SCRATCH)}
    return dict(grades=grades, source=twice(known), digits={"UCI digits": replace(uci_digits()), "MNIST": unknown})


PANELS = {"nesting": PanelExample(nested_pairs, {"seeds": 1, "per_sum": 2, "steps": 200, "addition, from scratch": True})}
