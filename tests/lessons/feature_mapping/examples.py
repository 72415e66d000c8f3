"""Examples of the pictures and the panel of lesson 08."""

from dataclasses import replace

import numpy as np

from tests.page import page
from tests.plots.drawn import Example
from tests.plots.made_up import RNG, values
from tests.widgets.made import PanelExample, three
from transferlib.changes import changed
from transferlib.datasets import crop, mnist
from transferlib.lessons.feature_mapping import plots
from transferlib.measures import with_error

MAPS = {domains: values(("no map", "CORAL", "transport")) for domains in ("as they are", "only 0–4 seen")}
CLOUD = dict(zip(("before", "after", "test"), RNG.normal(size=(3, 90, 5))), y=np.arange(90) % 3, y_test=np.arange(90) // 30)
GAPS = {"means": 1.0, "covariances": 0, "x": 2}, {"means": 0.5, "covariances": 0, "x": 3}
STRENGTHS = {s: values("x")["x"] for s in (0.0, 0.5, 1.0)}
TWINS = {k: values(("labels only", 10, 200, "10, no map", "200, no map", "by hand")) for k in (1, 5)}
BARE = {k: {name: each for name, each in arms.items() if "no map" not in str(name)} for k, arms in TWINS.items()}


def gains(page):
    page.rule(x=0)
    rows = {
        f"{domains}\n(no map {with_error(arms['no map'])})": {
            name: 100 * (arms[name] - arms["no map"]) for name in ("CORAL", "transport")
        }
        for domains, arms in MAPS.items()
    }
    page.forest(rows)


def panel(clouds, gaps, accuracy):
    rows = CLOUD["test"]
    turned = np.linalg.svd(rows - rows.mean(0), full_matrices=False)[2][:2].T
    turned = turned * np.sign(turned.sum(0))
    for key, labels in (("test", "y_test"), ("after", "y")):
        flat = (CLOUD[key] - rows.mean(0)) @ turned
        clouds.line(*flat.T, mark=".", inside=False)
        for digit in range(3):
            clouds.word(digit, *flat[CLOUD[labels] == digit].mean(0))
    gaps.bars([50, 0, 150], lying=True)
    for row, (share, at) in enumerate(((50, 53), (0, 3), (150, 128))):
        gaps.word(share, at, row)
    gaps.rule(x=100)
    accuracy.band([0, 0.5, 1], np.stack(list(STRENGTHS.values()), 1))
    accuracy.line([0.5], [STRENGTHS[0.5].mean()])
    accuracy.word(f"{STRENGTHS[0.5].mean():.3f}", 0.5, STRENGTHS[0.5].mean())
    accuracy.rule(y=STRENGTHS[0.0].mean())


def by_pairs(table):
    def shows(page):
        page.rule(y=0)
        for k, name in ((1, "1 label a class"), (5, "5 labels a class")):
            ahead = {key: 100 * (each - table[k]["labels only"]) for key, each in table[k].items()}
            colour = page.band([10, 200], np.stack([ahead[10], ahead[200]], 1), name).get_color()
            page.line([440], [ahead["by hand"].mean()], colour, "D")
            if "10, no map" in ahead:
                dashed = page.line([10, 200], [ahead[f"{n}, no map"].mean() for n in (10, 200)], colour, "s")
                assert dashed.get_linestyle() == "--"
        assert page.columns() == ["10", "200", "by hand"]

    return shows


PICTURES = {
    "map_gains": Example(
        lambda: plots.map_gains(MAPS),
        [f"CORAL {with_error(arms['CORAL'] - arms['no map'], 100, True)}" for arms in MAPS.values()],
        gains,
    ),
    "map_panel": Example(
        lambda: plots.map_panel(CLOUD, GAPS, STRENGTHS, 0.5),
        ["means 50.0 %, covariances 0.0 %, x 150.0 %"] + [f"{s:g}: {with_error(v)}" for s, v in STRENGTHS.items()],
        panel,
    ),
    "pairs_gain": Example(
        lambda: plots.pairs_gain(TWINS),
        [f"1 label a class {', '.join(with_error(TWINS[1][n] - TWINS[1]['labels only'], 100, True) for n in (10, 200))}"]
        + [with_error(arms["by hand"] - arms["labels only"], 100, True) for arms in TWINS.values()],
        by_pairs(TWINS),
    ),
    "pairs_gain, maps alone": Example(lambda: plots.pairs_gain(BARE), ["Made by hand: "], by_pairs(BARE)),
}


def mapped():
    """Three pairs of domains, and three maps that the lesson's page defines."""
    has, wide, lesson = three(), replace(mnist(crop)), page("08")
    source, target = has["source"], has["target"]
    domains = {"as they are": (source, target), "cropped source": (wide, target)}
    domains["negative"] = source, changed(target, "negative", lambda x: 1 - x)
    maps = {name: lesson.linear(getattr(lesson, name)) for name in ("shift", "standardise", "coral")}
    return has | dict(domains=domains, maps=maps, turned=lesson.turned)


PANELS = {"mapping": PanelExample(mapped, dict(seeds=1), first=dict(turn=dict(which="negative")))}
