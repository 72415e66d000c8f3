"""Examples of the picture and the panel of lesson 13."""

from dataclasses import replace

import numpy as np

from tests.plots.drawn import Example
from tests.plots.made_up import RNG
from tests.widgets.made import PanelExample, three
from transferlib.datasets import crop, mnist
from transferlib.lessons.when_transfer_hurts import plots

BINS = {f"{n} steps": (np.linspace(0.05, 0.95, 10), RNG.random(10), RNG.dirichlet(np.ones(10))) for n in (100, 300)}


def error(bins):
    confidence, accuracy, share = bins
    return (share * np.abs(confidence - accuracy)).sum()


def diagram(*pages):
    for page, (title, bins) in zip(pages, BINS.items(), strict=True):
        confidence, accuracy, share = bins
        assert page.title == title
        page.line([0, 1], [0, 1])
        page.sticks(confidence, accuracy, confidence)
        page.spots(np.stack([confidence, accuracy], 1), 8 + 500 * share)
        page.word(f"ECE {error(bins):.3f}")


PICTURES = {
    "reliability_diagram": Example(
        lambda: plots.reliability_diagram(BINS, "below the line: too sure"),
        [
            f"{title}: accuracy {bins[1] @ bins[2]:.3f}, mean confidence {bins[0] @ bins[2]:.3f}, ECE {error(bins):.3f}"
            for title, bins in BINS.items()
        ],
        diagram,
    ),
}


def sources():
    has = three()
    return has | dict(sources={"narrow gap": has["source"], "wide gap": replace(mnist(crop))})


PANELS = {"bad_sources": PanelExample(sources, dict(steps=100, seeds=3))}
