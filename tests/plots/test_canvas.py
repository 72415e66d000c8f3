"""The canvas: its lines, bands, rows and cells stand where the data say, and its colours can be told apart."""

from itertools import combinations

import matplotlib
import numpy as np
import pytest

from tests.plots.drawn import Page
from transferlib.plots import canvas

THREE = np.array([[0.2, 0.5], [0.4, 0.6], [0.6, 1.0]])  # three seeds at two places
HALF = 4.302652729911275 * 0.2 / np.sqrt(3)  # t with two degrees of freedom, and the standard error of .2, .4, .6


def page(**options):
    return canvas.sheet(**options)[1][0]


def test_one_sentence_of_a_list_of_numbers_is_what_they_are_and_no_word_of_the_list():
    numbers = "true: a" + " 0.924 ± 0.003; b" * 20
    for what, after in (("Points ahead, mean of 9 seeds", ". "), ("Accuracy (after the comma: labels)", ": ")):
        assert canvas.one_sentence(f"{what}{after}{numbers}. Then: more.") == what


def test_bands_are_the_mean_and_its_t_interval():
    axis = page()
    axis.bands([1, 3], {"a": THREE, "fix common": THREE + 1})
    line, other = axis.lines
    assert np.allclose(line.get_xdata(), [1, 3]) and np.allclose(line.get_ydata(), [0.4, 0.7])
    corners = axis.collections[0].get_paths()[0].vertices
    assert np.isclose(corners[:, 1][corners[:, 0] == 1].min(), 0.4 - HALF)
    assert np.isclose(corners[:, 1][corners[:, 0] == 1].max(), 0.4 + HALF)
    colours = [line.get_color() for line in (line, other)]
    assert colours == [canvas.SPARE[0], canvas.STYLE["fix common"][0]]
    assert [(text.get_text(), text.get_color()) for text in axis.texts] == [
        *zip(("a", "fix common"), map(canvas.ink, colours))
    ]
    assert axis.texts[0].get_position()[1] < axis.texts[1].get_position()[1]
    assert np.allclose(axis.collections[1].get_facecolor()[0][:3], matplotlib.colors.to_rgb(colours[1]))


def test_a_plane_has_two_directions_also_where_their_numbers_add_up_to_nothing():
    p = np.random.default_rng(0).random(50)  # as the probabilities of two classes
    centre, directions = canvas.plane(np.stack([p, 1 - p], 1))
    assert np.allclose(centre, [p.mean(), 1 - p.mean()]) and np.allclose(directions @ directions.T, np.eye(2))
    upward = canvas.plane(np.stack([-p, -2 * p], 1))[1][0]
    assert np.allclose(upward, np.array([1, 2]) / np.sqrt(5)), "its sign is that of their sum"


def test_one_seed_has_no_band():
    axis = page()
    axis.bands([1, 3], {"a": THREE[:1]})
    assert np.ptp(axis.collections[0].get_paths()[0].vertices[:, 1]) == pytest.approx(0.3)  # the line itself


def test_label_bands_stand_over_the_labels():
    axis = page()
    axis.label_bands([1, 1000], {"a": THREE}, ylim=(0, 2))
    assert axis.get_xscale() == "log" and axis.get_ylim() == (0, 2)
    assert list(axis.get_xticks()) == [1, 1000] and [t.get_text() for t in axis.get_xticklabels()] == ["1", "1,000"]
    Page(axis).band([1, 1000], THREE, "a")


def test_a_row_is_the_mean_and_its_t_interval():
    axis = page()
    axis.interval_row(THREE[:, 0], 2, "red", "D", markersize=9)
    bar, mark = axis.lines
    assert np.allclose(bar.get_xdata(), [0.4 - HALF, 0.4 + HALF]) and list(bar.get_ydata()) == [2, 2]
    assert np.allclose(mark.get_xdata(), [0.4]) and list(mark.get_ydata()) == [2]
    assert mark.get_marker() == "D" and mark.get_markersize() == 9 and bar.get_color() == mark.get_color() == "red"


def test_rows_are_named_from_top_to_bottom():
    axis = page()
    axis.forest({"up": {"a": THREE[:, 0]}, "down": {"b": THREE[:, 1]}}, {"a": ("red", "o"), "b": ("blue", "s")}, legend={})
    low, high = axis.get_ylim()
    assert low > 1 and high < 0 and [label.get_text() for label in axis.get_yticklabels()] == ["up", "down"]
    assert Page(axis).legend() == {"a": ("red", "o"), "b": ("blue", "s")}
    assert [line.get_ydata()[0] for line in axis.lines[1:4:2]] == [-0.11, 1.11]


def test_dots_are_the_values_around_their_row():
    axis = page()
    axis.dots(THREE[:, 0], 1, "red", 0.2, "blue")
    dots, bar = axis.lines
    assert np.allclose(dots.get_xdata(), THREE[:, 0]) and np.allclose(dots.get_ydata(), [0.8, 1, 1.2])
    assert np.allclose(bar.get_xdata(), [0.4, 0.4]) and np.mean(bar.get_ydata()) == 1


def test_numbers_stand_in_their_own_cells():
    axis, grid = page(), np.array([[1.25, np.nan, 3], [-4, 5, 6]])
    dark = grid > 4
    axis.number_cells(grid, ["top", "bottom"], "abc", "+.1f", dark, grid == 3, cmap="PuOr", vmin=-6, vmax=6)
    words = {text.get_position(): text for text in axis.texts}
    assert {place: text.get_text() for place, text in words.items()} == {
        (0, 0): "+1.2", (2, 0): "+3.0", (0, 1): "-4.0", (1, 1): "+5.0", (2, 1): "+6.0"
    }  # fmt: skip
    assert {place for place, text in words.items() if text.get_color() == "white"} == {(1, 1), (2, 1)}
    assert [place for place, text in words.items() if text.get_fontweight() == "bold"] == [(2, 0)]
    assert np.allclose(axis.images[0].get_array().filled(0), np.nan_to_num(grid)) and axis.images[0].origin == "upper"


@pytest.mark.parametrize("heights", [(0.1, 0.9), (0.5, 0.5, 0.5), (0, 0, 1), (1, 0.99, 0.98, 0.97), np.linspace(0, 1, 12)])
def test_names_stand_at_their_lines_or_as_near_as_they_have_room(heights):
    axis = page()
    axis.set_ylim(-1, 1)
    axis.label_ends([(str(i), 2 * y - 1, "red") for i, y in enumerate(heights)])
    places = [text.get_position()[1] for text in sorted(axis.texts, key=lambda text: int(text.get_text()))]
    assert [text.get_position()[0] for text in axis.texts] == [1.015] * len(heights)
    ordered = np.sort(places)
    assert (np.diff(ordered) > 0.0549).all() and ordered[0] >= 0.0299 and ordered[-1] <= 1.0301
    assert all(a <= b for (_, a), (_, b) in combinations(sorted(zip(heights, places)), 2))  # in the lines' order
    if len(heights) == 2:
        assert np.allclose(places, heights)


def test_no_two_lines_look_alike():
    n = len(canvas.STYLE)
    looks = canvas.style([*canvas.STYLE, *range(6)])
    assert len(set(looks.values())) == len(looks) == n + 6
    assert len({colour for colour, _ in canvas.STYLE.values()}) == n
    assert not {looks[each][0] for each in range(6)} & {colour for colour, _ in canvas.STYLE.values()}
    with pytest.raises(ValueError, match="19 lines besides STYLE's cannot be told apart; draw 18"):
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

    colours = {look[0] for look in canvas.STYLE.values()} | set(canvas.SPARE)
    for one, other in combinations(colours, 2):
        assert np.linalg.norm(lab(one) - lab(other), axis=1).min() > 12, (one, other)


@pytest.mark.parametrize("draws, bold", [([5.0], False), ([5.0, 5.5, 6.0], True), ([-5.0, 4.0, 1.0], False)])
def test_one_seed_makes_no_gain_bold(draws, bold):
    axis = page()
    axis.gain_cells({"pair": {"rule": np.array(draws)}}, ["rule"], "+.1f", 20)
    assert [text.get_fontweight() == "bold" for text in axis.texts] == [bold]
