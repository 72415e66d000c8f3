"""What every picture of the course is made on: one page, one style, one colour a strategy, one line with a band."""

import base64
import html
import io
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from PIL import Image

from transferlib.measures import interval, with_error

Runs = dict[str, list]  # {name: [Run, …]}, a run a seed
Values = dict[Any, np.ndarray]  # {name: (seeds,)}
Look = tuple[str, Any]  # colour and line style

# Colours that readers with any of the common colour-vision deficiencies can tell apart (Okabe & Ito's, and friends), and a
# line style each, so that the lines stay apart in grey print too. What several lessons draw, a strategy, an arm or a rival,
# has one name and one colour in the whole course.
STYLE: dict[str, Look] = {
    "from scratch": ("#555555", (0, (1, 1.2))),
    "fix common": ("#0072B2", (0, (5, 1.5))),
    "share weights": ("#D55E00", "solid"),
    "share gradients": ("#009E73", (0, (6, 1.5, 1, 1.5))),
    "your dial": ("#7C1D6F", (0, (3, 1))),
    "head kept": ("#C51B7D", "solid"),
    "untouched source": ("#332288", (0, (2, 1))),
    "head first, then all": ("#684E00", (0, (8, 1.5))),
    "frozen at random": ("#999933", (0, (2, 2))),
    "SVM": ("#000000", "solid"),
}
SPARE = ("#CC79A7", "#332288", "#999933", "#C51B7D", "#117733", "#000000")
SPARE_LINES = ("solid", (0, (4, 1.5)), (0, (1, 1)))
PART_COLOURS = {"shared": "#F0E442", "source": "#56B4E9", "target": "#E69F00"}
TASK_INK = {"source": "#0F5E8C", "target": "#8A5300"}  # the parts' colours, dark enough for lines and words on white
IN_JUPYTERLAB = "JPY_SESSION_NAME"  # what a Jupyter server sets for the kernel of a notebook that is open
INK, GREY, PALE = "#000000", "#555555", "#e4e4e4"
FONT = dict(color=INK, fontfamily="DejaVu Sans", fontsize=10, fontweight="normal")


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure with a sentence that says what it shows: the alt text begins with it, and nbval compares it.

    text   all its numbers, in words
    plain  one plain sentence, for below a panel's picture; where there is none, `text` is it
    table  its numbers as a table of words, for who wants them, or None
    """

    figure: Figure
    text: str
    plain: str = ""
    table: pd.DataFrame | None = None

    def png(self) -> bytes:
        """The figure as PNG bytes, 100 dots an inch, in 128 colours: a quarter of the size, and no eye sees it."""
        canvas, page = FigureCanvasAgg(self.figure), io.BytesIO()
        canvas.draw()
        image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        image.quantize(128, Image.Quantize.FASTOCTREE).save(page, "png")
        return page.getvalue()

    def _repr_mimebundle_(self, **kwargs):
        """As a PNG; where JupyterLab shows it, which gives a PNG no alt text, as HTML that has one."""
        picture = base64.b64encode(self.png()).decode()
        if IN_JUPYTERLAB in os.environ:
            alt = html.escape(one_sentence(self.plain or self.text))
            return {"text/html": f'<img alt="{alt}" src="data:image/png;base64,{picture}">', "text/plain": self.text}
        return {"image/png": picture, "text/plain": self.text}, {"image/png": {"alt": self.text}}

    def __repr__(self):
        return self.text


def one_sentence(text: str) -> str:
    """The first sentence of a text, without its numbers where it goes on with a list of them: what a screen reader says."""
    most, sentence = 200, re.split(r"(?<=[.!?])\s+(?=[A-Z0-9])|\n", text.strip())[0]
    if len(sentence) > most:
        sentence = re.split(r"[.:;] (?![^()]*\))", sentence)[0]
    return sentence if len(sentence) <= most else sentence[:most].rsplit(" ", 1)[0] + " …"


class Page(Axes):
    """Axes that say the course's style outright: matplotlib's settings are the reader's own, and shared by all threads."""

    def __init__(self, *args, **options):
        super().__init__(*args, facecolor="white", **options)
        self.spines[:].set(color=INK, linewidth=0.8)
        self.spines[["top", "right"]].set_visible(False)
        self.tick_params(color=INK, labelcolor=INK, labelsize=10, labelfontfamily=FONT["fontfamily"])
        self.tick_params(direction="out", length=3.5, width=0.8, pad=3.5)
        self.set_axisbelow(True)
        self.grid(True, color=PALE, linewidth=0.8, linestyle="-", alpha=1)
        self.xaxis.label.set(**FONT)
        self.yaxis.label.set(**FONT)

    def set_title(self, label, loc="left", **look):
        return super().set_title(label, loc=loc, **FONT | dict(fontsize=11) | look)

    def plot(self, *args, **look):
        return super().plot(*args, **dict(linewidth=1.5, solid_capstyle="butt", markersize=6, markeredgewidth=1) | look)

    def text(self, x, y, s, **look):
        return super().text(x, y, s, **FONT | look)

    def annotate(self, text, xy, *args, **look):
        return super().annotate(text, xy, *args, **FONT | look)

    def legend(self, fontsize=9, **look):
        font = dict(family=FONT["fontfamily"], size=fontsize)
        look = dict(facecolor="white", edgecolor="#cccccc", labelcolor=INK, title_fontproperties=font) | look
        super().legend(prop=font, **look).get_title().set_color(INK)

    def bands(self, x, groups: Values, looks: dict[str, Look] | None = None, marker=None, ylim=(None, None)):
        """A line a group, at the mean of its values (seeds, len(x)), in its 95 % interval, and named at its end."""
        looks, ends = looks or style(groups), []
        for name, values in groups.items():
            colour, line = looks[name]
            mean, low, high = interval(values)
            self.fill_between(x, low, high, color=colour, alpha=0.15, linewidth=0)
            self.plot(x, mean, color=colour, linestyle=line, linewidth=2, marker=marker, markersize=4)
            ends.append((name, mean[-1], colour))
        self.set_ylim(*ylim)
        self.label_ends(ends)

    def label_bands(self, x, groups: Values, looks=None, ylim=(None, None), xlabel="target labels per class"):
        """`bands` over a logarithmic axis whose ticks are the values x, such as labels per class."""
        self.bands(x, groups, looks, "o", ylim)
        self.set_xscale("log")
        self.set_xticks(x, [f"{value:,}" for value in x])
        self.minorticks_off()
        self.set_xlabel(xlabel)

    def label_ends(self, ends, at=1.015, **look):
        """Name lines (name, y, colour) at their ends, moved apart where they would overlap."""
        low, high = self.get_ylim()
        order, lines = sorted(ends, key=lambda end: end[1]), 0.055 * np.arange(len(ends))  # of the height, a name's room
        free = np.array([(y - low) / (high - low) for _, y, _ in order]) - lines  # never falls where all have room
        level = (np.maximum.accumulate(free) + np.minimum.accumulate(free[::-1])[::-1]) / 2
        highest = 1.03 - lines[-1:].sum()  # clear of the title, as 0.03 is of the ticks
        places = np.clip(level, 0.03, max(0.03, highest)) + lines
        look = dict(transform=self.transAxes, va="center", fontsize=9, fontweight="bold") | look
        for (name, _, colour), y in zip(order, places):
            self.text(at, y, name, color=ink(colour), **look)

    def name_rows(self, names):
        """Name the rows 0, 1, … of a plot from top to bottom and leave out what a row plot does not need."""
        self.set_yticks(range(len(names)), map(str, names))
        self.set_ylim(len(names) - 0.4, -0.6)
        self.tick_params(axis="y", length=0)
        self.grid(False, axis="y")

    def dots(self, values, row, colour, spread=0.17, bar=None, **look):
        """One dot a value, one above the other around the height `row`; `bar` is the colour of a bar at their mean."""
        look = dict(color=colour, alpha=0.45, markersize=4.5, markeredgewidth=0) | look
        self.plot(values, row + np.linspace(-spread, spread, len(values)), "o", **look)
        if bar:
            self.plot([np.mean(values)] * 2, [row - 0.34, row + 0.34], color=bar, linewidth=2)

    def interval_row(self, values, row, colour, marker="o", **look):
        """The mean of values (seeds,) as a mark and its 95 % interval as a bar, at the height `row`."""
        mean, low, high = interval(values)
        self.plot([low, high], [row] * 2, color=colour, linewidth=2)
        self.plot(mean, row, marker, color=colour, **dict(markersize=7) | look)

    def forest(self, groups: dict[Any, Values], looks: dict[Any, tuple[str, str]], apart=0.22, legend=None):
        """A named row a group, and in it an `interval_row` for each name, in its (colour, mark): {row: {name: (seeds,)}}."""
        for row, group in enumerate(groups.values()):
            for place, (name, look) in enumerate(looks.items()):
                if name in group:
                    self.interval_row(group[name], row + (place - (len(looks) - 1) / 2) * apart, *look)
        self.name_rows(groups)
        if legend is not None:
            for name, (colour, marker) in looks.items():
                self.plot([], [], marker, color=colour, label=name)
            self.legend(**dict(frameon=False) | legend)

    def number_cells(self, grid, rows, columns, form, dark, bold=None, **look):
        """A grid (rows, columns) in colours, and the number in each cell that is not NaN: in white where it is `dark`."""
        self.imshow(grid, **look)
        self.grid(False)
        for cell in np.argwhere(~np.isnan(grid)):
            at = tuple(cell)
            weight = "bold" if bold is not None and bold[at] else "normal"
            look = dict(ha="center", va="center", fontweight=weight, color="white" if dark[at] else INK)
            self.text(*cell[::-1], format(grid[at], form), **look)
        self.set_xticks(range(len(columns)), map(str, columns))
        self.set_yticks(range(len(rows)), map(str, rows))

    def gain_cells(self, gains: dict[Any, Values], columns, form, top, dark=0.6, bold=True):
        """Mean gains as `number_cells`, {row: {column: (seeds,)}}: orange above 0, violet below; colours end at ± `top`.

        White from the share `dark` of `top` on; bold where several seeds' 95 % interval lies on one side of 0.
        """
        grid = np.full((len(gains), len(columns)), np.nan)
        sure = np.zeros(grid.shape, bool)
        for row, cells in enumerate(gains.values()):
            for column, values in cells.items():
                place = row, list(columns).index(column)
                grid[place], low, high = interval(values)
                sure[place] = bold and len(values) > 1 and (low > 0 or high < 0)
        look = dict(cmap="PuOr_r", vmin=-top, vmax=top, aspect="auto")
        self.number_cells(grid, list(gains), columns, form, np.abs(grid) > dark * top, sure, **look)

    def show(self, picture, top=1):
        """A picture (h, w) in ink on white, where 0 is white and `top` is black, or (h, w, 3) in its colours."""
        self.imshow(picture, cmap="gray_r", vmin=0, vmax=top)
        self.grid(False)
        self.set(xticks=[], yticks=[])

    def box(self, x, y, width, text, colour, hatch=None, height=0.44):
        """A layer, or several: its middle, its width and what it is."""
        look = dict(boxstyle="round,pad=0.02", facecolor=colour, edgecolor="#333333", linewidth=1, hatch=hatch)
        self.add_patch(FancyBboxPatch((x - width / 2, y - height / 2), width, height, **look))
        behind = dict(facecolor=colour, edgecolor="none", pad=1)
        self.text(x, y, text, ha="center", va="center", fontsize=9, bbox=behind)

    def arrow_to(self, x0, y0, x1, y1, colour="#333333", **look):
        """An arrow from the one place to the other."""
        look = dict(arrowstyle="-|>", color=colour, linewidth=1, shrinkA=0, shrinkB=0) | look
        self.annotate("", (x1, y1), (x0, y0), arrowprops=look, annotation_clip=False)


def sheet(width=9.6, height=3.8, columns=1, rows=1, **options) -> tuple[Figure, np.ndarray]:
    """An empty figure, inches wide and high, and its pages, (columns,) or (rows, columns). Any thread may draw on it."""
    figure = Figure(figsize=(width, height), dpi=100, facecolor="white")  # white is readable in any theme
    axes = figure.subplots(rows, columns, squeeze=False, subplot_kw=dict(axes_class=Page), **options)
    return figure, axes if rows > 1 else axes[0]


def finish(
    figure: Figure, text: str, note="", left=0.08, right=0.985, below=0.66, above=0.33, plain="", table=None, **room
) -> Picture:
    """Give the axes their room and put the note below. (A layout that measures is slow.)

    plain, table  as `Picture` takes them
    left, right   where they begin and end, in parts of the width; wspace, hspace as `subplots_adjust` takes them
    below, above  the inches under and over them
    """
    tall = figure.get_figheight()
    figure.subplots_adjust(left, below / tall, right, 1 - above / tall, **room)
    figure.text(0.01, 0.05 / tall, note, **FONT | dict(fontsize=8, color=GREY))
    plain = plain[:1].upper() + plain[1:]
    return Picture(figure, text, plain, None if table is None else pd.DataFrame(table).fillna("–"))


def seeds_of(groups) -> int:
    """How many seeds the innermost arrays, or lists of runs, of nested dicts have (those of the first)."""
    while isinstance(groups, dict):
        groups = next(iter(groups.values()))
    return len(groups)


def style(names: Iterable[str]) -> dict[str, Look]:
    """{name: (colour, line style)}: those of STYLE, and spare ones, no two alike, for whatever else is drawn."""
    names = dict.fromkeys(names)
    taken = {STYLE[name][0] for name in names if name in STYLE}
    spare = [(colour, line) for line in SPARE_LINES for colour in SPARE if colour not in taken]
    others = [name for name in names if name not in STYLE]
    if len(others) > len(spare):
        raise ValueError(f"{len(others)} lines besides STYLE's cannot be told apart; draw {len(spare)}")
    return {name: STYLE.get(name) or spare[others.index(name)] for name in names}


def ink(colour: str) -> str:
    """A colour, dark enough for words on white: a contrast of 4.5, as WCAG asks."""
    rgb = np.array(to_rgb(colour))
    light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    light *= min(1, (1.05 / 4.6 - 0.05) / max(light @ (0.2126, 0.7152, 0.0722), 1e-9))
    return to_hex(np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055))


def mean_of(*n: int) -> str:
    """What the numbers of a text are: a mean over n seeds, and what its ± is."""
    least, most = min(n), max(n)
    many = str(most) if least == most else f"{least} to {most}"
    return f"mean of {many} seeds ± its standard error" if most > 1 else "1 seed"


def band_of(n: int, mark: str = "band") -> str:
    """What the band of a picture is, for its note."""
    return f"mean of {n} seeds, {mark}: 95 % interval of the mean" if n > 1 else f"1 seed: no {mark} can be drawn"


def in_words(groups: Values, scale: float = 1.0, sign: bool = False, between: str = "; ") -> str:
    """'a 0.924 ± 0.003; b …': numbers in words, as `with_error` puts them.

    groups  {name: (seeds,), or (seeds, k) for k numbers a name}, or {row: such groups}: 'row: a …, b …; next row: …'
    """

    def words(name, values):
        if isinstance(values, dict):
            return f"{name}: {in_words(values, scale, sign, ', ')}"
        columns = np.reshape(values, (len(values), -1)).T
        return f"{name} {', '.join(with_error(each, scale, sign) for each in columns)}"

    return between.join(words(name, values) for name, values in groups.items())


def ahead(arms: Values, base: str) -> Values:
    """{name: points ahead of the arm `base`, seed by seed (seeds,)}, of all the others."""
    return {name: 100 * (np.asarray(values) - arms[base]) for name, values in arms.items() if name != base}


def numbers(groups: Values, scale: float = 1.0, sign: bool = False) -> dict[str, str]:
    """{name: 'mean ± standard error'}, a column of a `Picture`'s table."""
    return {name: with_error(values, scale, sign) for name, values in groups.items()}


def who_leads(groups: Values) -> str:
    """'a leads', or 'a is highest, but not clearly ahead of b' where the seeds, one by one, do not part them (95 %).

    One seed parts all that are not equal.
    """
    best = max(groups, key=lambda name: np.mean(groups[name]))
    ahead = {name: interval(np.asarray(groups[best]) - np.asarray(values))[1] for name, values in groups.items()}
    level = [name for name in groups if name != best and ahead[name] <= 0]
    if not level:
        return f"{best} leads"
    *most, last = level
    return f"{best} is highest, but not clearly ahead of {' or '.join([', '.join(most), last] if most else level)}"


def plane(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where to look at rows (n, d) from: their mean (d,) and their first two principal directions (2, d)."""
    centre = rows.mean(0)
    directions = np.linalg.svd(rows - centre, full_matrices=False)[2][:2]
    return centre, np.where(directions.sum(1, keepdims=True) < 0, -directions, directions)  # its sign is chance: fix it
