"""Examples of the pictures and the panel of lesson 11."""

from dataclasses import replace

import keras
import numpy as np

from tests.page import page as read_page
from tests.plots.drawn import Example
from tests.plots.made_up import RNG, STEP, curves, ends, runs, values
from tests.widgets.made import PanelExample, three
from transferlib.changes import rarer
from transferlib.datasets import crop, mnist
from transferlib.lessons.domain_adaptation import plots
from transferlib.measures import with_error

ARMS = ("source only", "own mean", "Deep CORAL", "DANN", "another")
WIDE, NARROW = runs(ARMS), runs(ARMS)
CASES = {"one": values(ARMS), "two": values(ARMS)}
WHO = ("its own domain classifier", "a fresh linear one", "a fresh one, hidden layer")
TOLD = {"DANN": values(WHO, mean=0.8), "another": values(WHO, mean=0.7)}
FEATURES = {
    "apart": (RNG.normal(size=(6, 3)), RNG.normal(size=(5, 3)) + 3),
    "here": (RNG.normal(size=(6, 3)), RNG.normal(size=(5, 3))),
}


def follow(page, results, what="target_accuracy"):
    page.bands(STEP[1:], {name: curves(group, what)[:, 1:] for name, group in results.items()})


def both(left, right):
    follow(left, WIDE)
    follow(right, WIDE, "domain_accuracy")
    right.rule(y=0.5)


def by_gap(left, right):
    for page, title, results in ((left, "wide gap", WIDE), (right, "narrow gap", NARROW)):
        assert page.title == title
        follow(page, results)


def gains(page):
    page.rule(x=0)
    page.forest({row: {name: 100 * (each[name] - each["source only"]) for name in ARMS[1:]} for row, each in CASES.items()})


def told(page):
    page.rule(x=0.5)
    page.forest({who: {arm: each[who] for arm, each in TOLD.items()} for who in WHO})


def clouds(*pages):
    for page, (title, pair) in zip(pages, FEATURES.items(), strict=True):
        rows = np.concatenate(pair)
        turned = np.linalg.svd(rows - rows.mean(0), full_matrices=False)[2][:2].T
        turned = turned * np.sign(turned.sum(0))
        for each in pair:
            page.spots((each - rows.mean(0)) @ turned)
        apart = np.linalg.norm(pair[0].mean(0) - pair[1].mean(0)) / np.sqrt(rows.var(0).sum())
        assert page.title == f"{title}: means {apart:.2f} apart"


PICTURES = {
    "adaptation": Example(
        lambda: plots.adaptation(WIDE),
        [f"{name} {with_error(ends(group, 'domain_accuracy'))}" for name, group in WIDE.items()],
        both,
    ),
    "adaptation_by_gap": Example(
        lambda: plots.adaptation_by_gap({"wide gap": WIDE, "narrow gap": NARROW}),
        [f"{name} {with_error(ends(group))}" for gap in (WIDE, NARROW) for name, group in gap.items()],
        by_gap,
    ),
    "adaptation_gains": Example(
        lambda: plots.adaptation_gains(CASES),
        [
            f"{name} {with_error(100 * (each[name] - each['source only']), sign=True)}"
            for each in CASES.values()
            for name in ARMS[1:]
        ],
        gains,
    ),
    "fooled_or_aligned": Example(
        lambda: plots.fooled_or_aligned(TOLD),
        [f"{name} {with_error(each)}" for arm in TOLD.values() for name, each in arm.items()],
        told,
    ),
    "feature_clouds": Example(lambda: plots.feature_clouds(FEATURES), ["First seed: ", "their spread: apart "], clouds),
}


def adapted():
    """Two sources, two targets, and the method of the lesson's page."""
    has = three()
    sources = {"narrow gap": has["source"], "wide gap": replace(mnist(crop))}
    targets = {"as many of each": has["target"], "0–4 rare": rarer(has["target"], (0, 1, 2, 3, 4))}
    guess = keras.Sequential([keras.Input((64,)), keras.layers.Dense(64, "relu"), keras.layers.Dense(1)])
    lesson = read_page("11", pair=has["pair"], parts={"pair": has["pair"], "domain": guess})
    return has | dict(sources=sources, targets=targets, adaptations=lesson.adaptations)


PANELS = {"alignment": PanelExample(adapted, dict(seeds=2, steps=300))}
