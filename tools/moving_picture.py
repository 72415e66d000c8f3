"""README's moving picture, the race panel of lesson 00 with its controls moved: python -m tools.moving_picture

It makes the panel's runs (a minute or two) and writes notebooks/race.gif: a frame for each position, three rounds, at rest
on the last.
"""

import io
from pathlib import Path

import matplotlib
from PIL import Image, ImageDraw, ImageFont

from transferlib.changes import scrambled
from transferlib.datasets import mnist, uci_digits
from transferlib.lessons.start_here import plots
from transferlib.lessons.start_here.opening import LABELS, opening
from transferlib.networks import Pair

FILE = Path(__file__).resolve().parents[1] / "notebooks" / "race.gif"
SEEDS, HEAD, SECONDS = 20, 44, 1.8
FONT = ImageFont.truetype(f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf", 17)


def frame(png: bytes, per_class: int, unrelated: bool) -> Image.Image:
    """A picture of the panel, below the two controls as they stand."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    page = Image.new("RGB", (picture.width, picture.height + HEAD), "white")
    page.paste(picture, (0, HEAD))
    pen, x = ImageDraw.Draw(page), 16
    pen.text((x, 11), "labels per class", "black", FONT)
    x += pen.textlength("labels per class", FONT) + 16
    for k in LABELS:
        width = pen.textlength(f"{k}", FONT)
        if k == per_class:
            pen.rounded_rectangle((x - 8, 7, x + width + 8, 36), 6, "#0F5E8C")
        pen.text((x, 11), f"{k}", "white" if k == per_class else "black", FONT)
        x += width + 28
    x += 20
    pen.rectangle((x, 13, x + 17, 30), "#0F5E8C" if unrelated else "white", "black")
    if unrelated:
        pen.line((x + 3, 21, x + 7, 26, x + 14, 16), "white", 3)
    pen.text((x + 28, 11), "unrelated source: MNIST, its pixels shuffled", "black", FONT)
    return page


def main() -> None:
    pair, source, target = Pair(100, shared=(64,), private=(64,), classes=(10, 10)), mnist(), uci_digits()
    frames = []
    for unrelated in (False, True):
        measured = opening(pair, scrambled(source) if unrelated else source, target, seeds=SEEDS)
        frames += [frame(plots.opening(measured, k).png(), k, unrelated) for k in LABELS]
    frames.append(frames[0])
    palette = frames[0].quantize(64)
    drawn = [each.quantize(palette=palette, dither=Image.Dither.NONE) for each in frames]
    drawn[0].save(FILE, save_all=True, append_images=drawn[1:], duration=int(1000 * SECONDS), loop=3, optimize=True)
    print(f"{FILE.name}: {len(frames)} frames, {FILE.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
