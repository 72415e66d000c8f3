"""Examples of the picture and the panel of lesson 00."""

import numpy as np

from tests.plots.drawn import Example
from tests.plots.made_up import values
from tests.widgets.made import PanelExample, three
from transferlib.lessons.start_here import plots
from transferlib.lessons.start_here.plots import LINES
from transferlib.measures import with_error

MEASURED = {k: values(LINES, mean=0.6 + k / 200) for k in (1, 2, 5, 10, 50)}
ALIKE = {k: {name: np.full(1, 0.9) for name in LINES} for k in MEASURED}


def worth(measured, per_class):
    def shows(left, right):
        left.rule(x=per_class)
        for name, (words, (colour, _)) in LINES.items():
            left.band(list(measured), np.stack([arms[name] for arms in measured.values()], 1), words, colour)
        right.rule(x=0)
        now = measured[per_class]
        others = sorted((name for name in LINES if name != "from scratch"), key=lambda name: -now[name].mean())
        for row, name in enumerate(others):
            ahead = 100 * (now[name] - now["from scratch"])
            right.row(ahead, row, LINES[name][1][0])
            right.word(f"{ahead.mean():+.1f}", y=row)
        assert right.rows() == [LINES[name][0] for name in others]

    return shows


PICTURES = {
    "opening": Example(
        lambda: plots.opening(MEASURED),
        [f"SVM, no source {', '.join(with_error(arms['SVM, no source']) for arms in MEASURED.values())}"]
        + [
            f"{words} {with_error(MEASURED[1][name] - MEASURED[1]['from scratch'], 100, True)}"
            for name, (words, _) in LINES.items()
            if name != "from scratch"
        ],
        worth(MEASURED, 1),
    ),
    "opening at many labels, all alike": Example(
        lambda: plots.opening(ALIKE, 50), ["with 50: head kept +0.00", "1 seed"], worth(ALIKE, 50)
    ),
}


PANELS = {"race": PanelExample(three, dict(seeds=1))}
