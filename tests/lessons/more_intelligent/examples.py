"""Examples of the picture and the panel of lesson 16."""

import numpy as np

from tests.page import page as read_page
from tests.plots.drawn import Example
from tests.widgets.made import PanelExample
from transferlib.lessons.more_intelligent import plots
from transferlib.lessons.more_intelligent.pairs import World, pictures
from transferlib.measures import with_error

RNG = np.random.default_rng(16)
TARGETS, SOURCES = ["digit", "parity", "slant"], ["one", "two", "three", "four"]
SCORE, ACCURACY, AGREEMENT = RNG.normal(size=(3, 4, 5)), RNG.uniform(0.4, 0.9, (3, 4, 5)), RNG.uniform(0, 1, 5)


def marks(page, rows):
    for row in rows:
        page.spots(np.stack([SCORE[row].mean(1), 100 * ACCURACY[row].mean(1)], 1))


def all_pairs(page):
    assert page.title == f"all pairs: rank correlation {with_error(AGREEMENT)}"
    marks(page, range(3))
    assert list(page.legend()) == TARGETS


def one_target(page):
    assert page.title == f"parity: rank correlation {with_error(AGREEMENT)}"
    marks(page, [1])
    assert list(page.legend()) == ["parity"]
    for place, source in enumerate(SOURCES):
        page.word(source, SCORE[1, place].mean(), 100 * ACCURACY[1, place].mean())


PICTURES = {
    "scatter": Example(
        lambda: plots.scatter(SCORE, ACCURACY, TARGETS, SOURCES, AGREEMENT, "parity", "LogME"),
        ["LogME, parity", with_error(AGREEMENT), f"two {SCORE[1, 1].mean():.2f} → {100 * ACCURACY[1, 1].mean():.1f} %"],
        one_target,
    ),
}


def some(targets, names):
    """Two of the questions about pictures, by these names, and four sources for each."""
    asked = pictures()
    sources = {name: asked.sources["digit"][name] for name in ("parity", "slant", "cropped", "random labels")}
    return World(dict(zip(names, (asked.targets[each] for each in targets))), dict.fromkeys(names, sources))


def asked():
    """The scores and the correlations of the lesson's page; a panel does not see that its texts are pictures."""
    lesson = read_page("16")
    scores = {"LogME": lesson.log_me, "CKA": lesson.cka}
    worlds = dict(
        pictures=some(("digit", "parity"), ("digit", "parity")), texts=some(("slant", "parity"), ("films", "news"))
    )
    return dict(scores=scores, over_all=lesson.over_all, within=lesson.within, worlds=worlds)


PANELS = {"which_source": PanelExample(asked, dict(draws=3))}
