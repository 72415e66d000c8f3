"""A sheet to draw a digit on, and what is drawn made ready for the networks as the UCI digits were."""

import base64
import binascii
import reprlib
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from transferlib.datasets import framed, uci

SIDE = 32  # NIST's bitmaps, from which the UCI digits were made, had 32 × 32 pixels


class Pad(anywidget.AnyWidget):
    """32×32 pixels to draw on by mouse, finger, pen or keyboard. `value` is the ink, as `packed` makes it."""

    _esm = Path(__file__).with_suffix(".js")
    value = traitlets.Unicode("").tag(sync=True)
    disabled = traitlets.Bool(False)

    @traitlets.validate("value")
    def _is_ink(self, proposal):
        unpacked(proposal.value)
        return proposal.value


def packed(pixels: np.ndarray) -> str:
    """32×32 pixels, black or not, as text: eight to a byte, the bytes in base 64. "" for an empty sheet."""
    pixels = np.asarray(pixels, bool)
    if pixels.shape != (SIDE, SIDE):
        raise ValueError(f"a sheet has the shape ({SIDE}, {SIDE}), not {pixels.shape}")
    return base64.b64encode(np.packbits(pixels).tobytes()).decode() if pixels.any() else ""


def unpacked(ink: str) -> np.ndarray:
    """The (32, 32) bool that `packed` made this text of."""
    try:
        data = base64.b64decode(ink, validate=True)
    except (binascii.Error, ValueError, TypeError):
        data = b"?"
    if len(data) not in (0, SIDE * SIDE // 8):
        raise ValueError(f"ink is {SIDE * SIDE // 8} bytes in base 64, as `packed` gives it, not {reprlib.repr(ink)}")
    return np.unpackbits(np.frombuffer(data or bytes(SIDE * SIDE // 8), np.uint8)).reshape(SIDE, SIDE).astype(bool)


def drawn(ink: str) -> np.ndarray:
    """What was drawn, prepared as the UCI digits were (`datasets.uci`) and framed: (10, 10) in 0 … 1."""
    pixels = unpacked(ink)
    if not pixels.any():
        raise ValueError("the sheet is empty: draw a digit on it first")
    return framed(uci(255 * pixels.astype(np.uint8))[None]).reshape(10, 10)
