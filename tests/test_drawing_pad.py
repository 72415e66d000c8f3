"""What is drawn by hand, from the sheet to the networks' input."""

import numpy as np
import pytest
from PIL import Image

from transferlib.datasets import mnist, mnist_pixels
from transferlib.experiments import predict, source_weights
from transferlib.networks import Pair
from transferlib.widgets.drawing_pad import SIDE, Pad, drawn, packed, unpacked


def test_ink_goes_into_text_and_comes_back():
    sheet = np.random.default_rng(0).random((SIDE, SIDE)) < 0.2
    assert (unpacked(packed(sheet)) == sheet).all() and len(packed(sheet)) == 172
    assert packed(np.zeros((SIDE, SIDE))) == "" and not unpacked("").any()
    one = np.zeros((SIDE, SIDE), bool)
    one[0, 0] = True  # as pad.js packs it: the first pixel is the highest bit of the first byte
    assert packed(one).startswith("gAAA")
    with pytest.raises(ValueError, match=r"shape \(32, 32\), not \(28, 28\)"):
        packed(np.zeros((28, 28)))


@pytest.mark.parametrize("nonsense", ["?", "AAAA", "not base 64", "ünk"])
def test_what_is_no_ink_is_refused(nonsense):
    pad = Pad()
    with pytest.raises(ValueError, match="ink is 128 bytes"):
        pad.value = nonsense
    assert pad.value == ""


def test_an_empty_sheet_is_an_error_in_words():
    with pytest.raises(ValueError, match="the sheet is empty: draw a digit"):
        drawn("")


def test_a_digit_on_the_sheet_becomes_what_the_networks_know():
    """MNIST's test pictures, put on the sheet in black and white, are read by the source's model as well as its own rows."""
    pixels, known, pair = mnist_pixels(), mnist(), Pair(100, (64,), (64,))
    originals = (255 * pixels.x_test).astype(np.uint8).reshape(-1, 28, 28)
    sheets = [np.asarray(Image.fromarray(x).resize((SIDE, SIDE), Image.BILINEAR)) > 100 for x in originals]
    pictures = np.stack([drawn(packed(sheet)) for sheet in sheets])
    assert pictures.shape == (1000, 10, 10) and pictures.dtype == np.float32 and pictures.min() == 0 and pictures.max() == 1
    assert not pictures[:, [0, -1]].any() and not pictures[:, :, [0, -1]].any(), "a frame of one empty pixel"
    weights = source_weights(pair, known)
    right = [
        predict(pair, weights, x, "source").argmax(1) == known.y_test for x in (known.x_test, pictures.reshape(-1, 100))
    ]
    assert right[1].mean() > right[0].mean() - 0.05


def test_where_one_draws_makes_no_difference():
    seven = np.zeros((SIDE, SIDE), bool)
    seven[4:6, 4:14] = seven[4:20, 12:14] = True
    assert (drawn(packed(seven)) == drawn(packed(np.roll(seven, (6, 9), (0, 1))))).all()
