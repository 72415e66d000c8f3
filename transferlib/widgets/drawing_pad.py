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
    """32×32 pixels to draw on by mouse, finger, pen or keyboard. `value` is the ink: see `unpacked`."""

    _esm = Path(__file__).with_suffix(".js")
    value = traitlets.Unicode("").tag(sync=True)
    disabled = traitlets.Bool(False)

    @traitlets.validate("value")
    def _is_ink(self, proposal):
        unpacked(proposal.value)
        return proposal.value


def unpacked(ink: str) -> np.ndarray:
    """Ink as (32, 32) bool: a text of bytes in base 64, eight pixels a byte, as drawing_pad.js makes it; "" for none."""
    try:
        data = base64.b64decode(ink, validate=True)
    except (binascii.Error, ValueError, TypeError):
        data = b"?"
    if len(data) not in (0, SIDE * SIDE // 8):
        raise ValueError(f"ink is {SIDE * SIDE // 8} bytes in base 64, not {reprlib.repr(ink)}")
    return np.unpackbits(np.frombuffer(data or bytes(SIDE * SIDE // 8), np.uint8)).reshape(SIDE, SIDE).astype(bool)


def drawn(ink: str) -> np.ndarray:
    """What was drawn, prepared as the UCI digits were (`datasets.uci`) and framed: (10, 10) in 0 … 1."""
    pixels = unpacked(ink)
    if not pixels.any():
        raise ValueError("the sheet is empty: draw a digit on it first")
    return framed(uci(255 * pixels.astype(np.uint8))[None]).reshape(10, 10)
