"""Small changes to one picture, as arrays in and out: what a panel's reader does to a digit by hand."""

import numpy as np
from scipy import ndimage


def changed(picture, right=0.0, down=0.0, thicker=0.0):
    """A picture (h, w) in 0 … 1, moved by so many pixels and with thicker (or, below 0, thinner) strokes: (h, w).

    What is moved over the edge is lost, and what comes in is empty. `thicker` goes from -1 to 1: 1 gives each pixel the
    darkest value of itself and its four neighbours (grey dilation), -1 the lightest (erosion), and between them a mixture
    with the picture as it was.
    """
    if not -1 <= thicker <= 1:
        raise ValueError(f"thicker must lie between -1 and 1, not {thicker!r}")
    picture = np.asarray(picture, np.float32)
    if picture.ndim != 2:
        raise ValueError(f"one picture (height, width) is wanted, not an array of shape {picture.shape}")
    cross = ndimage.generate_binary_structure(2, 1)
    strokes = (ndimage.grey_dilation if thicker > 0 else ndimage.grey_erosion)(picture, footprint=cross, mode="constant")
    moved = ndimage.shift((1 - abs(thicker)) * picture + abs(thicker) * strokes, (down, right), order=1)
    return np.clip(moved, 0, 1).astype(np.float32)
