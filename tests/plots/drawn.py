"""What was really drawn on the pages of a picture, so that it can be held against the data, piece by piece."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import matplotlib.colors as mc
import numpy as np
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.patches import FancyBboxPatch, Rectangle
from scipy import stats

from transferlib.plots.canvas import STYLE, Picture, ink


@dataclass
class Example:
    """A picture of made-up data: how it is drawn, words that its text must hold, and what must stand on its pages.

    shows  is called with a `Page` for each of its axes and takes from them what the data ask for. Afterwards nothing that
           could be read as data may be left.
    """

    make: Callable[[], Picture]
    says: list[str] = field(default_factory=list)
    shows: Callable | None = None


def t_interval(values):
    """(mean, low, high) over the seeds, by SciPy's own words."""
    values = np.asarray(values, float)
    if len(values) < 2:
        return values[0], values[0], values[0]
    mean = values.mean(0)
    return mean, *stats.t.interval(0.95, len(values) - 1, mean, stats.sem(values, 0))


def same(one, other):
    """Whether two colours are one."""
    return np.allclose(mc.to_rgb(one), mc.to_rgb(other))


def alike(one, other):
    one, other = np.asarray(one, float), np.asarray(other, float)
    return one.shape == other.shape and np.allclose(one, other, equal_nan=True)


def _is_bar(length, place, lying, colour, begin, bar):
    if not isinstance(bar, Rectangle):
        return False
    size, middle, start = bar.get_height(), bar.get_x() + bar.get_width() / 2, bar.get_y()
    if lying:
        size, middle, start = bar.get_width(), bar.get_y() + bar.get_height() / 2, bar.get_x()
    return np.allclose([size, middle, start], [length, place, begin]) and (not colour or same(bar.get_facecolor(), colour))


class Page:
    """The lines, bars, bands, spots, images and words of one axis. What is asked for is taken away; it must be there."""

    def __init__(self, axis):
        self.axis, self.title = axis, axis.get_title("left") or axis.get_title()
        self.lines = [line for line in axis.lines if len(line.get_xdata())]  # without those that only stand in the legend
        self.collections, self.patches, self.images = list(axis.collections), list(axis.patches), list(axis.images)
        self.words = [text for text in axis.texts if text.get_text()]
        self.arrows = [
            (*text.xyann, *text.xy) for text in axis.texts if getattr(text, "arrow_patch", None) and not text.get_text()
        ]

    def _take(self, kind, fits, what):
        for each in kind:
            if fits(each):
                kind.remove(each)
                return each
        raise AssertionError(f"{what} is not drawn on the page {self.title!r}")

    def line(self, x, y, colour=None, mark=None, near=0.0, inside=True):
        """A line, or marks, through these points; `near`: how far its height may lie from y, the same for all points."""

        def fits(line):
            at_x, at_y = (np.asarray(each, float) for each in line.get_data())
            if at_x.shape != np.shape(x) or np.shape(y) not in ((), at_y.shape):
                return False
            high = np.broadcast_to(np.asarray(y, float), at_y.shape)
            there = np.abs(at_y - high).max() < near and np.ptp(at_y - high) < 1e-9 if near else alike(at_y, high)
            looks = (colour is None or same(line.get_color(), colour)) and (mark is None or line.get_marker() == mark)
            return alike(at_x, x) and there and looks

        found = self._take(self.lines, fits, f"line through x {np.round(x, 4)}, y {np.round(y, 4)}, {colour}, {mark}")
        if inside:
            for values, limits in zip(found.get_data(), (self.axis.get_xlim(), self.axis.get_ylim())):
                assert np.min(values) >= min(limits) - 1e-9 and np.max(values) <= max(limits) + 1e-9, "outside the axis"
        return found

    def band(self, x, values, name="", colour=None):
        """The mean of (seeds, len(x)) in its interval, named in its own colour."""
        mean, low, high = t_interval(values)
        colour = colour or (STYLE[name][0] if name in STYLE else None)
        line = self.line(x, mean, colour)
        self.between(x, low, high, line.get_color())
        if name:
            self.word(name, colour=ink(line.get_color()))
        return line

    def bands(self, x, groups):
        looks = [self.band(x, values, name) for name, values in groups.items()]
        assert len({(str(line.get_color()), str(line._dash_pattern)) for line in looks}) == len(looks), (
            "two lines look alike"
        )

    def between(self, x, low, high, colour=None):
        """A filled area between two lines."""
        ring = {*zip(np.round(x, 9), np.round(low, 9)), *zip(np.round(x, 9), np.round(high, 9))}

        def fits(area):
            corners = (
                {tuple(at) for at in np.round(area.get_paths()[0].vertices, 9)} if isinstance(area, PolyCollection) else ()
            )
            return corners and corners == ring and (colour is None or same(area.get_facecolor()[0][:3], colour))

        self._take(self.collections, fits, f"area from {np.round(low, 3)} to {np.round(high, 3)}")

    def row(self, values, row, colour=None, mark=None):
        """A mark at the mean of the seeds and a bar over its interval, at (about) the height of the row; → its height."""
        mean, low, high = t_interval(values)
        at = self.line([mean], row, colour, mark, near=0.5)
        bar = self.line([low, high], row, at.get_color(), near=0.5, inside=False)
        assert bar.get_ydata()[0] == at.get_ydata()[0] and bar.get_linestyle() == "-" and at.get_marker() != "None"
        return at.get_ydata()[0]

    def forest(self, groups, names=True):
        """Rows {row: {name: (seeds,)}}: named at the left, in each the names in the same order, in the legend's looks."""
        looks, order = self.legend(), []
        for row, group in enumerate(groups.values()):
            heights = [self.row(values, row, *looks.get(name, ())) for name, values in group.items()]
            assert heights == sorted(set(heights)) and (not looks or group.keys() <= looks.keys())
            order.append(heights)
        assert not names or self.rows() == [str(label) for label in groups]

    def dots(self, values, row, colour=None, spread=0.5):
        """A dot a value, all near the height of the row."""

        def fits(line):
            x, y = line.get_data()
            return line.get_marker() == "o" and alike(x, values) and np.abs(np.asarray(y) - row).max() < spread and (
                colour is None or same(line.get_color(), colour)
            )  # fmt: skip

        return self._take(self.lines, fits, f"dots at {np.round(values, 4)}")

    def rule(self, x=None, y=None):
        """A straight line across the whole page."""
        if y is None:
            return self.line([x, x], [0, 1], inside=False)
        return self.line([0, 1], [y, y], inside=False)

    def bars(self, lengths, places=None, lying=False, colours=None, from_=0):
        """Bars of these lengths at these places, one after the other."""
        places = range(len(lengths)) if places is None else places
        for i, (length, place) in enumerate(zip(lengths, places)):
            colour = colours and colours[i]
            self._take(
                self.patches, partial(_is_bar, length, place, lying, colour, from_), f"bar of {length:.4f} at {place}"
            )

    def sticks(self, x, low, high):
        """Thin upright lines from low to high at each x."""

        def fits(each):
            return isinstance(each, LineCollection) and alike(
                [np.ravel(s) for s in each.get_segments()], np.stack([x, low, x, high], 1)
            )

        self._take(self.collections, fits, "sticks")

    def spots(self, points, sizes=None):
        """Scattered points (n, 2)."""

        def fits(each):
            return isinstance(each, PathCollection) and alike(each.get_offsets(), points) and (
                sizes is None or alike(each.get_sizes(), sizes)
            )  # fmt: skip

        self._take(self.collections, fits, "spots")

    def cells(self, grid, form, rows, columns):
        """A grid in colours, the greatest the most unlike the least, its rows and columns named and its numbers in place."""
        image = self._take(self.images, lambda image: alike(image.get_array().filled(np.nan), grid), f"grid {grid}")
        low, high = image.get_clim()
        assert low <= np.nanmin(grid) + 1e-9 and high >= np.nanmax(grid) - 1e-9
        for (row, column), value in np.ndenumerate(grid):
            if np.isfinite(value):
                text = self.word(format(value, form), column, row)
                ink, ground = mc.to_rgb(text.get_color()), image.cmap(image.norm(value))[:3]
                assert abs(np.dot(np.subtract(ink, ground), (0.3, 0.6, 0.1))) > 0.35, "the number cannot be read"
        assert self.rows() == list(map(str, rows)) and self.columns() == list(map(str, columns))

    def picture(self, pixels, top=None):
        """An image of these pixels: 0 is white, `top` black."""
        image = self._take(self.images, lambda image: alike(image.get_array(), pixels), "picture")
        assert top is None or image.get_clim() == (0, top)

    def word(self, text, x=None, y=None, colour=None, near=1e-6):
        """A text, where it stands and in what colour."""

        def fits(each):
            at = each.xy if hasattr(each, "xy") and x is not None else each.get_position()
            there = (x is None or abs(at[0] - x) <= near) and (y is None or abs(at[1] - y) <= near)
            return each.get_text() == str(text) and there and (colour is None or same(each.get_color(), colour))

        return self._take(self.words, fits, f"the word {text!r} at {x}, {y} in {colour}")

    def boxes(self):
        """{(text, (x, y))} of all boxes, which are taken away; a box stands around its own text."""
        found = set()
        for text in list(self.words):
            for box in self.patches:
                at = text.get_position()
                middle = (box.get_x() + box.get_width() / 2, box.get_y() + box.get_height() / 2)
                if isinstance(box, FancyBboxPatch) and np.allclose(middle, at):
                    found.add((text.get_text(), at))
                    self.patches.remove(box)
                    self.words.remove(text)
                    break
        return found

    def legend(self):
        """{name: (colour, mark)} of the legend."""
        box = self.axis.get_legend()
        handles = [] if box is None else zip(box.get_texts(), box.legend_handles)
        return {text.get_text(): (handle.get_color(), handle.get_marker()) for text, handle in handles}

    def rows(self):
        return [label.get_text() for label in self.axis.get_yticklabels()]

    def columns(self):
        return [label.get_text() for label in self.axis.get_xticklabels()]

    def is_done(self):
        """Nothing is left that could be taken for data: no line, bar, area, image, and no number."""
        left = [f"line {line.get_data()}" for line in self.lines] + self.collections + self.patches + self.images
        left += [text.get_text() for text in self.words if any(c.isdigit() for c in text.get_text())]
        assert not left, f"on the page {self.title!r} stands what the data do not ask for: {left}"
