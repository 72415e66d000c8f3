"""What every picture of the course is made on: one page, one style, one colour a strategy."""

import base64
import io
from dataclasses import dataclass

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from transferlib.measures import curves, interval

FASTOCTREE = Image.Quantize.FASTOCTREE


# Okabe & Ito's colours, which readers with any of the common colour-vision deficiencies can tell apart, and a line style
# each, so that the lines stay apart in grey print too. One strategy has one colour in the whole course.
STYLE = {
    "from scratch": ("#555555", (0, (1, 1.2))),
    "fix common": ("#0072B2", (0, (5, 1.5))),
    "share weights": ("#D55E00", "solid"),
    "share gradients": ("#009E73", (0, (6, 1.5, 1, 1.5))),
    "your dial": ("#AA4499", (0, (3, 1))),
}


SPARE = ("#AA4499", "#56B4E9", "#B8860B", "#000000", "#88CCEE", "#882255")


PART_COLOURS = {"shared": "#F0E442", "source": "#56B4E9", "target": "#E69F00"}


RULES = {
    "font.size": 10,
    "font.family": "DejaVu Sans",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "figure.facecolor": "white",  # a white page stays readable in a dark theme and in print
}


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure with a sentence that says what it shows: the alt text, and what nbval compares."""

    figure: Figure
    text: str

    def png(self):
        """The figure as PNG bytes, 100 dots an inch, in 128 colours: a quarter of the size, and no eye sees it."""
        canvas, page = FigureCanvasAgg(self.figure), io.BytesIO()
        canvas.draw()
        Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB").quantize(128, FASTOCTREE).save(page, "png")
        return page.getvalue()

    def _repr_mimebundle_(self, **kwargs):
        picture = base64.b64encode(self.png()).decode()
        return {"image/png": picture, "text/plain": self.text}, {"image/png": {"alt": self.text}}

    def __repr__(self):
        return self.text


def style(names):
    """{name: (colour, line style)}: the strategies' own, and spare colours for whatever else is drawn."""
    others = [n for n in names if n not in STYLE]
    return {n: STYLE[n] if n in STYLE else (SPARE[others.index(n) % len(SPARE)], "solid") for n in names}


def sheet(width=9.6, height=3.8, columns=1, rows=1, **options):
    """An empty figure in the course's style, made without pyplot so that panels may draw from any thread."""
    with matplotlib.rc_context(RULES):
        figure = Figure(figsize=(width, height), dpi=100)
        axes = figure.subplots(rows, columns, squeeze=False, **options)
    return figure, axes if rows > 1 else axes[0]


def label_ends(axis, ends, gap=0.055):
    """Name the lines at their right ends, in their colours, moved apart where they would overlap."""
    low, high = axis.get_ylim()
    order = sorted(ends, key=lambda end: end[1])
    places = np.array([(y - low) / (high - low) for _, y, _ in order])
    for _ in range(60):  # push neighbours apart until they keep their distance; few lines, so this is quick
        for i in range(len(places) - 1):
            lack = gap - (places[i + 1] - places[i])
            if lack > 1e-4:
                places[i] -= lack / 2
                places[i + 1] += lack / 2
    places -= max(0, places[-1] - 1.03) if len(places) else 0
    for (name, _, colour), place in zip(order, places):
        axis.text(1.015, place, name, color=colour, transform=axis.transAxes, va="center", fontsize=9, fontweight="bold")


def bands(axis, x, groups, what):
    """One line a group with the 95 % interval of its mean; returns what label_ends needs."""
    ends, looks = [], style(groups)
    for name, runs in groups.items():
        colour, line = looks[name]
        mean, low, high = interval(curves(runs, what))
        axis.fill_between(x(runs), low, high, color=colour, alpha=0.15, linewidth=0)
        axis.plot(x(runs), mean, color=colour, linestyle=line, linewidth=2)
        ends.append((name, mean[-1], colour))
    return ends


TASK_INK = {"source": "#0F5E8C", "target": "#8A5300"}  # the parts' colours, dark enough for lines and words on white
