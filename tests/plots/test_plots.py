"""Every picture: its numbers, its size, nothing outside it, and the same bytes whatever style and thread drew it."""

import ast
import inspect
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import combinations, product
from pathlib import Path
from types import SimpleNamespace

import keras
import matplotlib
import numpy as np
import pytest
from matplotlib.text import Text

from tests.walking import modules, public
from transferlib import measures
from transferlib.datasets import DIGITS
from transferlib.lessons.start_here.plots import LINES
from transferlib.lessons.task_nesting.plots import GRADES
from transferlib.measures import with_error
from transferlib.networks import Pair
from transferlib.own_data.verdict import Verdict
from transferlib.plots import canvas
from transferlib.tasks import Task

plots = public("plots")
FOUR = ("from scratch", "fix common", "share weights", "share gradients")
STEP = np.arange(0, 301, 20)
RNG = np.random.default_rng(0)


def run(seed, name, high):
    def curve(end):
        return end - (end - 0.1) * np.exp(-STEP / 60) + RNG.normal(0, 0.01, len(STEP))

    strategy = SimpleNamespace(start="random" if name == "from scratch" else "source", alpha=0.0)
    curves = dict(
        target_accuracy=curve(high), source_accuracy=curve(0.9), domain_accuracy=curve(0.8), source_loss=curve(0.5)
    )
    return SimpleNamespace(seed=seed, step=STEP, strategy=strategy, target="cats", source="dogs", **curves)


def runs(names=FOUR, n=5):
    return {name: [run(seed, name, 0.6 + 0.3 * i / len(names)) for seed in range(n)] for i, name in enumerate(names)}


def values(names, shape=(5,), mean=0.6):
    return {name: mean + RNG.normal(0, 0.02, shape) for name in names}


def task(name, width=1):
    x = RNG.random((60, 100 * width))
    return Task(name, x, np.arange(60) % 10, x[:1], [0], DIGITS, (10, 10 * width))


ADAPTED = values(("source only", "own mean", "Deep CORAL", "DANN", "another"))
TOLD = values(("its own domain classifier", "a fresh linear one", "a fresh one, hidden layer"), mean=0.8)
RACE, TABLE = runs(), {k: runs() for k in (1, 5, 20)}
ENDS = runs()  # as `train` tells of the source, unless both curves are asked for
for group in ENDS.values():
    for each in group:
        each.source_accuracy[1:-1] = np.nan
LATE = {k: runs() for k in (1, 20)}
for late in LATE.values():
    for group in late.values():
        for each in group:
            each.step = 2 * STEP
ROWS = values(("as it is", "with some long name here", "from scratch"))
GAINS = {row: values(("fix common", "share weights"), mean=2.0) for row in ("MNIST, scrambled", "no source")}
CURVES = (
    np.array([r.target_accuracy for r in RACE["share gradients"]]),
    np.array([r.target_accuracy for r in RACE["fix common"]]),
)
TWO = dict(zip(("share weights", "from scratch"), CURVES))
BINS = np.linspace(0.05, 0.95, 10), np.linspace(0.2, 0.8, 10), np.full(10, 0.1)
COUNTS = np.array([[8, 2], [1, 9]])
MAPS = {domains: values(("no map", "CORAL", "transport")) for domains in ("as they are", "only 0–4 seen")}
CLOUD = dict(zip(("before", "after", "test"), RNG.normal(size=(3, 90, 5))), y=np.arange(90) % 3, y_test=np.arange(90) % 3)
STRENGTHS = {s: values("x")["x"] for s in (0.0, 0.5, 1.0)}
TWINS = {k: values(("labels only", "class means", 10, 200, "10, no map", "200, no map", "by hand")) for k in (1, 5)}


def broken_graph():
    """(inputs, outputs) of two Keras graphs; nobody asks for the end of the second."""
    one, two = keras.Input((4,), name="one"), keras.Input((4,), name="two")
    answer = keras.layers.Dense(3, name="second")(keras.layers.Dense(2, name="first")(one))
    keras.layers.Dense(3, name="lost")(two)
    return {"one": one, "two": two}, {"answer": answer}


OPENING = {k: values(LINES, mean=0.6 + k / 200) for k in (1, 2, 5, 10, 50)}
READERS = {k: values(list(GRADES)[2:7]) for k in (2, 50)}
NESTED = {k: runs(list(GRADES)[:7]) for k in (2, 50)}
ABLATED = {name: values(["in place", "swap within a digit", "mean", "swap"]) for name in ("stacking", "nested, fine-tuned")}
COMPANY = {
    pair: RNG.normal(0, 0.02, 5) for pair in product(("digit", "writer"), ("digit", "writer", "by lot")) if len({*pair}) > 1
}
COSINES = {name: {n: RNG.uniform(-1, 1, 5) for n in (30, 300)} for name in ("8 units", "64 units")}
TRADE = {f"weight {w}": values(("digit", "writer")) for w in (0.3, 1, 3)}
HALVES, FIRST = (RNG.random((3, 50)), RNG.random((8, 50))), np.array([[0, 5], [7, 2], [3, 2]])
RECALLS = {name: {1: RNG.random(5), 10: RNG.random(5)} for name in ("one", "other")}
BOTH_WAYS = {name: values(("there", "back")) for name in ("encoders", "CCA")}
REACHED = {
    role: {"shared": RNG.random((5, 2, 1)), role: RNG.random((5, 2, 2)), other: np.zeros((5, 2, 2))}
    for role, other in (("source", "target"), ("target", "source"))
}
SAID = {name: RNG.dirichlet(np.ones(10), 5) for name in ("source, untouched", "pixels", *FOUR)}
TWELVE, ALONE = runs([f"line {i}" for i in range(12)]), runs(FOUR[:1], 1)
CATS, DOGS, SUMS = task("cats"), task("dogs"), task("sums", 2)
MAPPED, LETTERS, DRAWING = RNG.normal(size=(2, 2, 7)), RNG.normal(size=(2, 2, 15)), RNG.random((10, 10))
RUNGS = values(("majority", "no source", "features + linear", "head first"), (20,), mean=0.7)
CLIMBED = SimpleNamespace(
    problem=SimpleNamespace(classes=("a", "b"), name="cats"),
    with_source=("features + linear", "head first"),
    unit="points",
    scores=lambda: RUNGS,
    verdict=lambda: Verdict.of("head first", "no source", RUNGS["head first"] - RUNGS["no source"], 40, 20),
)
BLOCKS = {name: values(("VGG16", "random twin"), (5, 5)) for name in ("photographs", "digits")}
RIVAL = {name: RNG.random(5) for name in BLOCKS}
PHOTOS = {name: list(RNG.random((10, 8, 8, 3))) for name in ("one patch", "another")}
CHART = {source: {k: RNG.normal(0, 0.05, 5) for k in (1, 50)} for source in ("near, uci", "far, scrambled")}
SHARED = Pair(100, shared=(64, 32), private=(16,))

PICTURES = {  # each function, called twice where it has two faces, and numbers that its text must hold
    "learning_curves": (
        lambda: plots.learning_curves(RACE),
        [f"{name} {with_error(measures.at(group))}" for name, group in RACE.items()]
        + [
            f"fix common {with_error(measures.at(RACE['fix common'], 'source_accuracy'))}",
            "(cats) after 300",
            "(dogs) then",
        ],
    ),
    "ladder": (
        lambda: plots.ladder(CLIMBED),
        [f"{name} {with_error(group)}" for name, group in RUNGS.items()] + ["20 splits", "Verdict: "],
    ),
    "chart": (
        lambda: plots.chart(CHART, "Gain of freezing"),
        [f"{k} labels {with_error(v, 100, True)}" for each in CHART.values() for k, v in each.items()],
    ),
    "block_lines": (
        lambda: plots.block_lines(BLOCKS, RIVAL, "SVM on pixels"),
        [f"SVM on pixels {with_error(values)}" for values in RIVAL.values()] + ["blocks 1 to 5"],
    ),
    "step_lines": (
        lambda: plots.step_lines(BLOCKS, (0, 5, 10, 20, 40), RIVAL, dict.fromkeys(RIVAL, "kept")),
        [f"kept {with_error(values)}" for values in RIVAL.values()] + ["after 0, 5, 10, 20, 40 steps"],
    ),
    "patches": (
        lambda: plots.patches(PHOTOS),
        ["10 pictures a row; rows: one patch, another."],
    ),
    "learning_curves, the source at the ends": (
        lambda: plots.learning_curves(ENDS),
        ["Source accuracy (dogs) then: fix common 0."],
    ),
    "learning_curves of one seed, no source": (lambda: plots.learning_curves(ALONE), ["after 300 steps, 1 seed: "]),
    "learning_curves of twelve": (lambda: plots.learning_curves(TWELVE), []),
    "budget_curves": (
        lambda: plots.budget_curves(TABLE, step=50),
        [
            "after 50 steps",
            f"fix common {', '.join(with_error(measures.at(TABLE[k]['fix common'], step=50)) for k in TABLE)}",
        ],
    ),
    "gains_by_steps": (
        lambda: plots.gains_by_steps(TABLE, LATE),
        ["After 300 steps, at 1, 5, 20 labels per class: fix common ", "After 600 steps, at 1, 20 labels"]
        + [
            with_error(measures.at(table[k][name]) - measures.at(table[k]["from scratch"]), 100, sign=True)
            for table in (TABLE, LATE)
            for k, name in product(table, FOUR[1:])
        ],
    ),
    "paired_dots": (
        lambda: plots.paired_dots({"one": np.array([0.5, 0.6, 0.7]), "two": np.array([0.55, 0.67, 0.73])}),
        ["one 0.60 ± 0.06", "two 0.65 ± 0.05", "Paired difference, points: two +5.0 ± 1.2"],
    ),
    "wiring": (
        lambda: plots.wiring(*broken_graph()),
        ["first takes one", "second takes first and is answer", "lost takes two and leads nowhere"],
    ),
    "opening": (
        lambda: plots.opening(OPENING),
        [f"SVM, no source {', '.join(with_error(arms['SVM, no source']) for arms in OPENING.values())}"]
        + [
            f"{words} {with_error(OPENING[1][name] - OPENING[1]['from scratch'], 100, True)}"
            for name, (words, _) in LINES.items()
            if name != "from scratch"
        ],
    ),
    "opening at many labels, all alike": (
        lambda: plots.opening({k: {name: np.full(1, 0.9) for name in LINES} for k in (1, 2, 5, 10, 50)}, 50),
        ["with 50: fine-tuned, head kept +0.00", "1 seed"],
    ),
    "label_lines": (
        lambda: plots.label_lines([1, 5], {"a": np.array([[0.5, 0.7], [0.6, 0.8]])}, "accuracy"),
        ["Accuracy at 1, 5 labels per class, mean of 2 seeds ± its standard error: a 0.55 ± 0.05, 0.75 ± 0.05."],
    ),
    "seed_dots": (
        lambda: plots.seed_dots(ROWS, "accuracy", {"chance": 0.1}),
        [f"{k} {with_error(v)}" for k, v in ROWS.items()],
    ),
    "lottery": (
        lambda: plots.lottery(RACE, [3]),
        ["With seed 3, share gradients wins: ", f"fix common {measures.at(RACE['fix common'])[3]:.2f}; "]
        + [f"{name} {with_error(measures.at(group))}" for name, group in RACE.items()],
    ),
    "lottery of three": (lambda: plots.lottery(RACE, [2, 1, 0]), ["With seeds 0, 1, 2, share gradients wins: "]),
    "differences": (
        lambda: plots.differences(GAINS, "points", "What a source gives"),
        [f"{name} {with_error(v, sign=True)}" for group in GAINS.values() for name, v in group.items()],
    ),
    "four_measures": (
        lambda: plots.four_measures(STEP, TWO, level=0.6),
        [
            f"jumpstart {with_error(CURVES[0][:, 0] - CURVES[1][:, 0], 100, True)}",
            f"asymptote {with_error(CURVES[0][:, -1] - CURVES[1][:, -1], 100, True)} points",
            f"area {with_error(measures.area_ratio(STEP, *CURVES), 100, True)} %",
            f"share weights {with_error(measures.time_to_threshold(STEP, CURVES[0], 0.6))}",
        ],
    ),
    "four_measures, never there": (lambda: plots.four_measures(STEP, TWO, level=0.95), [" %."]),
    "reliability_diagram": (
        lambda: plots.reliability_diagram({"100 steps": BINS, "300 steps": BINS}, "below the line: too sure"),
        [f"100 steps: accuracy {BINS[1].mean():.3f}, mean confidence 0.500, ECE {np.abs(BINS[0] - BINS[1]).mean():.3f}"],
    ),
    "confusions": (
        lambda: plots.confusions({"one": COUNTS, "two": COUNTS[::-1].T}, "ab"),
        ["one: 85.0 (a 80 ± 13, b 90 ± 9), and 20.0 % of class a read as b"],
    ),
    "confusions, none stands out": (
        lambda: plots.confusions({"a": COUNTS + COUNTS[::-1, ::-1]}, "ab"),
        ["(a 85 ± 8, b 85 ± 8)."],
    ),
    "map_gains": (
        lambda: plots.map_gains(MAPS),
        [f"CORAL {with_error(arms['CORAL'] - arms['no map'], 100, True)}" for arms in MAPS.values()],
    ),
    "map_panel": (
        lambda: plots.map_panel(
            CLOUD,
            ({"means": 1.0, "covariances": 0, "x": 2}, {"means": 0.5, "covariances": 0, "x": 3}),
            STRENGTHS,
            0.5,
        ),
        ["means 50.0 %, covariances 0.0 %, x 150.0 %"] + [f"{s:g}: {with_error(v)}" for s, v in STRENGTHS.items()],
    ),
    "pairs_gain": (
        lambda: plots.pairs_gain(TWINS),
        [f"1 label a class {', '.join(with_error(TWINS[1][n] - TWINS[1]['labels only'], 100, True) for n in (10, 200))}"]
        + [with_error(arms["by hand"] - arms["labels only"], 100, True) for arms in TWINS.values()],
    ),
    "nesting": (
        lambda: plots.nesting(NESTED[2], READERS[2]),
        [f"{name} {with_error(READERS[2][name])}" for name in READERS[2]]
        + [f"{name} {with_error(measures.at(group))}" for name, group in NESTED[2].items()],
    ),
    "ablations": (
        lambda: plots.ablations(ABLATED),
        [f"{name} {', '.join(map(with_error, ways.values()))}" for name, ways in ABLATED.items()],
    ),
    "company": (
        lambda: plots.company(COMPANY),
        [f"{a} by {b} {with_error(values, 100, True)}" for (a, b), values in COMPANY.items()],
    ),
    "agreement": (
        lambda: plots.agreement(COSINES),
        [f"{n} {with_error(values, sign=True)}" for each in COSINES.values() for n, values in each.items()],
    ),
    "trade": (
        lambda: plots.trade(TRADE, {"pcgrad": TRADE["weight 1"]}, {"apart": TRADE["weight 3"]}),
        [f"{name} {with_error(two['digit'])} and {with_error(two['writer'])}" for name, two in TRADE.items()],
    ),
    "trade without others": (lambda: plots.trade(TRADE, {}), ["Test accuracy of digit and of writer"]),
    "partners": (
        lambda: plots.partners(*HALVES, np.arange(3), {"one": FIRST, "other": FIRST[:, ::-1]}, RECALLS),
        [f"{name} recall@1 {with_error(each[1])}, recall@10 {with_error(each[10])}" for name, each in RECALLS.items()],
    ),
    "partners, back": (
        lambda: plots.partners(*HALVES, np.arange(3), {"one": FIRST}, {"one": RECALLS["one"]}, back=True),
        ["Upper half of a lower one, among 8 unseen"],
    ),
    "recall_bars": (
        lambda: plots.recall_bars(BOTH_WAYS, 0.001),
        [f"{name} there {with_error(both['there'])}, back {with_error(both['back'])}" for name, both in BOTH_WAYS.items()],
    ),
    "adaptation": (
        lambda: plots.adaptation(RACE, "Wide gap: target, no label used"),
        [f"{name} {with_error([r.domain_accuracy[-1] for r in group])}" for name, group in RACE.items()],
    ),
    "adaptation_by_gap": (
        lambda: plots.adaptation_by_gap({"wide gap": RACE, "narrow gap": RACE}),
        [f"{name} {with_error([r.target_accuracy[-1] for r in group])}" for name, group in RACE.items()],
    ),
    "adaptation_gains": (
        lambda: plots.adaptation_gains({"one": ADAPTED, "two": ADAPTED}),
        [
            f"{name} {with_error(100 * (values - ADAPTED['source only']), sign=True)}"
            for name, values in ADAPTED.items()
            if name != "source only"
        ],
    ),
    "fooled_or_aligned": (
        lambda: plots.fooled_or_aligned({"DANN": TOLD, "another": TOLD}),
        [f"{name} {with_error(values)}" for name, values in TOLD.items()],
    ),
    "feature_clouds": (
        lambda: plots.feature_clouds({"apart": (np.eye(3), np.eye(3) + 1), "here": (np.eye(3), np.eye(3))}),
        [f"apart {np.sqrt(3 / np.concatenate([np.eye(3), np.eye(3) + 1]).var(0).sum()):.2f}, here 0.00"],
    ),
    "unseen_answers": (
        lambda: plots.unseen_answers((3, 9), *MAPPED, np.full(10, 0.1), 0.81234, 0.1),
        ["Digits 3 and 9", "told apart 0.812", "all ten 0.100"],
    ),
    "unseen_answers in letters": (
        lambda: plots.unseen_answers((3, 9), *LETTERS, np.full(10, 0.1), 0.5, 0.1),
        ["told apart 0.500"],
    ),
    "layer_gradients": (
        lambda: plots.layer_gradients(REACHED, (0, 3), 3, "Step 2"),
        [
            f"source → shared {with_error(REACHED['source']['shared'][:, 1, 0])}; source ",
            "target 0, 0. target → ",
            "3 updates",
        ],
    ),
    "network": (
        lambda: plots.network(SHARED),
        ["2 of 4 layers shared: 8,544 shared parameters, 698 private to each task; 9,940 in all, against 18,484"],
    ),
    "grades_of_nesting": (plots.grades_of_nesting, ["Stacking"]),
    "digits": (lambda: plots.digits(CATS, DOGS), ["2 examples of each digit from cats and from dogs."]),
    "digits, one each": (lambda: plots.digits(CATS, per_class=1), ["1 example of each digit from cats."]),
    "gallery": (
        lambda: plots.gallery({"first": np.eye(3)[None], "second, longer name": np.ones((2, 9))}, ["a", "b"]),
        ["2 pictures a row of a, b; rows: first, second, longer name."],
    ),
    "what_they_say": (
        lambda: plots.what_they_say(DRAWING, SAID, 9, DIGITS),
        [f"{name}: {p.mean(0).argmax()} with {with_error(p[:, p.mean(0).argmax()])}" for name, p in SAID.items()],
    ),
    "what_they_say, drawn by hand": (lambda: plots.what_they_say(np.eye(32), SAID, None, DIGITS), ["without a label"]),
    "couple_rows": (lambda: plots.couple_rows(SUMS, 4), ["4 rows of sums: 0, 9, 9, 9."]),
}


@cache
def drawn(name):
    return PICTURES[name][0]()


def test_every_picture_is_tested():
    returns = {name: inspect.signature(function).return_annotation for name, function in vars(plots).items()}
    others = {name for name, kind in returns.items() if kind is not canvas.Picture}
    assert vars(plots).keys() - others - {"finish"} == {name.split()[0].strip(",") for name in PICTURES}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_says_its_numbers_and_keeps_its_words_inside(name, monkeypatch):
    picture = drawn(name)
    for words in PICTURES[name][1]:
        assert words in picture.text, picture.text
    assert "nan" not in picture.text and len(picture.png()) < 60_000
    for words, box in written(picture, monkeypatch):
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= picture.figure.bbox.x1 and box.y1 <= picture.figure.bbox.y1, words


def written(picture, monkeypatch):
    """[(Text, where it stands)] of all that is really drawn, which a tick beyond the axis's end is not."""
    seen, draw = [], Text.draw
    with monkeypatch.context() as patch:
        patch.setattr(Text, "draw", lambda self, renderer: (seen.append(self), draw(self, renderer)))
        picture.png()
    return [(text, text.get_window_extent()) for text in seen if text.get_text().strip() and text.get_visible()]


@pytest.mark.parametrize("name", sorted(set(PICTURES) - {"map_panel", "four_measures", "four_measures, never there"}))
def test_words_do_not_overlap(name, monkeypatch):
    for (one, a), (other, b) in combinations(written(drawn(name), monkeypatch), 2):
        clear = 2  # dots that one line of bold names may reach into the next
        apart = a.x0 >= b.x1 or b.x0 >= a.x1 or a.y0 >= b.y1 - clear or b.y0 >= a.y1 - clear
        assert apart, (one.get_text(), other.get_text())


def test_a_readers_style_and_other_threads_change_nothing():
    settings = dict(matplotlib.rcParams)
    plain = {name: drawn(name).png() for name in PICTURES}
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: canvas.sheet(columns=3), range(50)))
        assert all(pool.map(lambda name: PICTURES[name][0]().png() == plain[name], list(PICTURES)[::4]))
    assert dict(matplotlib.rcParams) == settings
    with matplotlib.style.context("dark_background"):
        for name, (make, _) in PICTURES.items():
            assert make().png() == plain[name], name


@pytest.mark.parametrize("style", ["ggplot", "Solarize_Light2", "seaborn-v0_8-darkgrid", "fivethirtyeight"])
def test_the_words_stay_readable_in_any_style(style):
    with matplotlib.style.context(style):
        for name in ("learning_curves", "seed_dots", "nesting"):
            figure = PICTURES[name][0]().figure
            for text in figure.findobj(Text):
                assert not text.get_text() or text.get_fontfamily() == ["DejaVu Sans"] and text.get_fontsize() <= 11, (
                    name,
                    text,
                )


def test_no_two_lines_look_alike():
    looks = canvas.style([*canvas.STYLE, *range(18)])
    assert len(set(looks.values())) == len(looks) == 23 and not set(canvas.SPARE) & {
        look[0] for look in canvas.STYLE.values()
    }
    with pytest.raises(ValueError, match="19 lines besides the strategies' cannot be told apart; draw 18"):
        canvas.style(map(str, range(19)))


# Machado, Oliveira & Fernandes 2009: what remains of a colour in full protanopia, deuteranopia and tritanopia (linear RGB).
DICHROMATS = np.array(
    [
        np.eye(3),
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ]
)
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def test_every_eye_tells_the_colours_apart():
    """CIE 1976: 2.3 is a difference that is just noticed; the closest of our colours are five times as far apart."""

    def lab(colour):
        rgb = np.array(matplotlib.colors.to_rgb(colour))
        seen = np.clip(DICHROMATS @ np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4), 0, 1)
        ratio = seen @ XYZ.T / XYZ.sum(1)
        x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116).T
        return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], 1)

    colours = [look[0] for look in canvas.STYLE.values()] + list(canvas.SPARE)
    for one, other in combinations(colours, 2):
        assert np.linalg.norm(lab(one) - lab(other), axis=1).min() > 12, (one, other)


def test_a_table_of_seeds_that_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="none of the seeds"):
        plots.lottery(RACE, [99])
    with pytest.raises(ValueError, match=r"look must be one of the updates \[0, 3\], not 2"):
        plots.layer_gradients(REACHED, (0, 3), 2)


def test_layer_gradients_say_why_one_is_zero():
    frozen = {"source": {part: np.zeros((1, 2, n)) for part, n in (("shared", 1), ("source", 2), ("target", 2))}}
    frozen["target"] = {**frozen["source"], "target": np.array([[[0.5, 0.25]] * 2])}
    picture = plots.layer_gradients(frozen, (0, 3), 3, "Fix")
    words = [text.get_text() for text in picture.figure.axes[0].texts]
    assert words.count("0: frozen") == 1 and words.count("0: not connected") == 4 and words.count("0: not used") == 3
    assert "shared, layer 1: still" in words and "target 0.50, 0.25" in picture.text


def test_pictures_only_draw():
    """They import nothing that trains or computes, and no TensorFlow comes with them."""
    below = {"transferlib.measures", "transferlib.networks", "transferlib.plots"}
    for path in (Path(module.__file__) for module in modules("plots")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("transferlib"):
                assert any(node.module.startswith(name) for name in below), (path.name, node.module)
    check = "import sys, transferlib.plots; assert not {'tensorflow', 'keras'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_every_line_has_points(name):
    """An axis that is empty, since what it should show was not measured, has a name at its side and no line."""
    for axis in PICTURES[name][0]().figure.axes:
        for line in axis.lines:
            assert np.isfinite(np.asarray(line.get_ydata(), float)).all(), f"{name}: {axis.get_title()}"
