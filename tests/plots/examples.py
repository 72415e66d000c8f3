"""Examples of the pictures that several lessons share."""

import numpy as np

from tests.plots.drawn import Example
from tests.plots.made_up import FOUR, RNG, STEP, curves, ends, runs, task, values
from transferlib import plots
from transferlib.measures import with_error
from transferlib.networks import Pair

RACE, ALONE, TWELVE = runs(), runs(FOUR[:1], 1), runs([f"line {i}" for i in range(12)])
ENDS = runs()  # as `train` tells of the source, unless both curves are asked for
for group in ENDS.values():
    for each in group:
        each.source_accuracy[1:-1] = np.nan
GAINS = {row: values(("fix common", "share weights"), mean=2.0) for row in ("MNIST, scrambled", "no source")}
FIRST = {f"first {n} seeds": {"share weights": RNG.normal(3, 1, 20)[:n]} for n in (2, 20)}
ARMS = {"one": np.array([0.5, 0.6, 0.7]), "two": np.array([0.55, 0.67, 0.73])}
COUNTS = np.array([[8, 2], [1, 9]])
CATS, DOGS = task("cats"), task("dogs")
SHARED, FROZEN = Pair(100, shared=(64, 32), private=(16,)), Pair(100, shared=(64,), private=())
FROZEN.shared.trainable = False
LINES = {"a": np.array([[0.5, 0.7], [0.6, 0.8]]), "fix common": np.array([[0.1, 0.2], [0.15, 0.1]])}


def race(results, names=FOUR[1:], measured=slice(None)):
    def shows(target, source):
        target.bands(STEP, {name: curves(group) for name, group in results.items()})
        lines = {name: curves(results[name], "source_accuracy")[:, measured] for name in names}
        source.bands(STEP[measured], lines)
        assert (target.title, source.title) == ("Target: cats", "Source: dogs")
        assert target.axis.get_ylim() == (0, 1) and source.axis.get_ylim()[1] == 1

    return shows


def lines(scale, zero):
    def shows(page):
        page.bands([1, 5], {name: scale * each for name, each in LINES.items()})
        assert page.columns() == ["1", "5"]
        if zero:
            page.rule(y=0)

    return shows


def forest(groups):
    def shows(page):
        page.rule(x=0)
        page.forest(groups)

    return shows


def paired(left, right):
    one, two = ARMS.values()
    for a, b in zip(one, two):
        left.line([a, b], [0.12, 0.88])
    looks = [left.dots(each, place, spread=0.01) for each, place in zip((one, two), (0.12, 0.88))]
    for each, place, dots in zip((one, two), (-0.2, 1.2), looks):
        left.row(each, place, dots.get_color())
    assert left.rows() == ["one", "two"] and list(left.axis.get_yticks()) == [0.12, 0.88]
    right.dots(100 * (two - one), 0.5)
    right.row(100 * (two - one), 0)
    right.rule(x=0)


def shares(*counts, classes="ab"):
    def shows(*pages):
        for page, each in zip(pages, counts, strict=True):
            share = 100 * each / each.sum(1, keepdims=True)
            page.cells(np.where(share > 0.5, share, np.nan), ".0f", classes, classes)
            assert page.axis.get_ylabel() == "true class"

    return shows


def examples_of(*tasks, rows):
    def shows(*pages):
        pages = iter(pages)
        for each in tasks:
            for number in range(rows):
                for digit in range(10):
                    pixels = each.x_train[each.y_train == digit][number].reshape(10, 10)
                    page = next(pages)
                    page.picture(pixels)
                    assert page.axis.get_ylabel() == (each.name if digit == number == 0 else "")

    return shows


def rows_of_pictures(*pages):
    pages[0].picture(np.eye(3), 1)
    pages[2].picture(np.ones((3, 3)), 2)
    pages[3].picture(np.full((3, 3), 2), 2)
    assert [page.title for page in pages] == ["a", "b", "", ""] and not pages[1].axis.axison


def columns(shared, private):
    def shows(page):
        middle = {(name, (0, height)) for height, name in enumerate(shared, 1)}
        beside = {(name, (1.25 * side, len(shared) + height)) for (height, side), name in private.items()}
        assert page.boxes() == middle | beside
        for role, x in (("source", -1.25), ("target", 1.25)):
            page.word(f"{role} picture", x), page.word(f"{role} class", x)
        assert len(page.arrows) == 4 + (len(shared) - 1) + len(private) * bool(shared)

    return shows


PICTURES = {
    "learning_curves": Example(
        lambda: plots.learning_curves(RACE),
        [f"{name} {with_error(ends(group))}" for name, group in RACE.items()]
        + [f"fix common {with_error(ends(RACE['fix common'], 'source_accuracy'))}", "(cats) after 300", "(dogs) then"],
        race(RACE),
    ),
    "learning_curves, the source at the ends": Example(
        lambda: plots.learning_curves(ENDS),
        ["Source accuracy (dogs) then: fix common 0."],
        race(ENDS, measured=[0, -1]),
    ),
    "learning_curves of one seed, no source": Example(
        lambda: plots.learning_curves(ALONE), ["after 300 steps, 1 seed: "], race(ALONE, [])
    ),
    "learning_curves of twelve": Example(lambda: plots.learning_curves(TWELVE), [], race(TWELVE, TWELVE)),
    "label_lines": Example(
        lambda: plots.label_lines([1, 5], LINES, "accuracy"),
        ["Accuracy at 1, 5 labels per class, mean of 2 seeds ± its standard error: a 0.55 ± 0.05, 0.75 ± 0.05;"],
        lines(1, False),
    ),
    "label_lines of gains": Example(
        lambda: plots.label_lines([1, 5], LINES, "points", 100, sign=True), ["a +55 ± 5, +75 ± 5"], lines(100, True)
    ),
    "differences": Example(
        lambda: plots.differences(GAINS, "points"),
        [f"{name} {with_error(v, sign=True)}" for group in GAINS.values() for name, v in group.items()],
        forest(GAINS),
    ),
    "differences of few and of many seeds": Example(
        lambda: plots.differences(FIRST, "points"), ["mean of 2 to 20 seeds"], forest(FIRST)
    ),
    "paired_dots": Example(
        lambda: plots.paired_dots(ARMS),
        ["one 0.60 ± 0.06", "two 0.65 ± 0.05", "Paired difference, points: two +5.0 ± 1.2"],
        paired,
    ),
    "confusions": Example(
        lambda: plots.confusions({"one": COUNTS, "two": COUNTS[::-1].T}, "ab"),
        ["one: 85.0 (a 80 ± 13, b 90 ± 9), and 20.0 % of class a read as b"],
        shares(COUNTS, COUNTS[::-1].T),
    ),
    "confusions, none stands out": Example(
        lambda: plots.confusions({"a": COUNTS + COUNTS[::-1, ::-1]}, "ab"),
        ["(a 85 ± 8, b 85 ± 8)."],
        shares(COUNTS + COUNTS[::-1, ::-1]),
    ),
    "confusions, long names": Example(
        lambda: plots.confusions({"one": COUNTS, "two": COUNTS[::-1].T}, ["a rather long name", "negative"]),
        ["a rather long name 80 ± 13"],
        shares(COUNTS, COUNTS[::-1].T, classes=["a rather long name", "negative"]),
    ),
    "confusions, a class never mistaken": Example(
        lambda: plots.confusions({"a": np.array([[4, 0], [1, 3]])}, "ab"), [], shares(np.array([[4, 0], [1, 3]]))
    ),
    "digits": Example(
        lambda: plots.digits(CATS, DOGS),
        ["2 examples of each digit from cats and from dogs."],
        examples_of(CATS, DOGS, rows=2),
    ),
    "digits, one each": Example(
        lambda: plots.digits(CATS, per_class=1), ["1 example of each digit from cats."], examples_of(CATS, rows=1)
    ),
    "gallery": Example(
        lambda: plots.gallery(
            {"first": np.eye(3)[None], "second, longer name": np.stack([np.ones(9), np.full(9, 2)])}, ["a", "b"]
        ),
        ["2 pictures a row of a, b; rows: first, second, longer name."],
        rows_of_pictures,
    ),
    "network": Example(
        lambda: plots.network(SHARED),
        ["2 of 4 layers shared: 8,544 shared parameters, 698 private to each task; 9,940 in all, against 18,484"],
        columns(
            ["shared: Dense(64), 6,464 parameters", "shared: Dense(32), 2,080 parameters"],
            {(h, side): name for side in (-1, 1) for h, name in ((1, "Dense(16), 528"), (2, "Dense(10), 170"))},
        ),
    ),
    "network, frozen": Example(
        lambda: plots.network(FROZEN),
        ["1 of 2 layers shared: 6,464 shared parameters (frozen)"],
        columns(["shared: Dense(64), 6,464 parameters (frozen)"], {(1, side): "Dense(10), 650" for side in (-1, 1)}),
    ),
}
