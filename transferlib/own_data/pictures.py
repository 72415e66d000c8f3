"""A folder of pictures as numbers: which files are read, and what their numbers mean. What cannot be read is said."""

import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from transferlib.tasks import whole

UNREAD = set(
    [
        ".heic",
        ".heif",
        ".hif",
        ".avif",
        ".jxl",
        ".dng",
        ".cr2",
        ".cr3",
        ".nef",
        ".arw",
        ".orf",
        ".rw2",
        ".raf",
        ".pef",
        ".srw",
        ".raw",
        ".svg",
    ]
)
HALVES = {"train", "training", "test", "testing", "val", "valid", "validation", "dev"}


def pictures_in(path: str | Path) -> dict[str, list[Path]]:
    """{class: its picture files} of a folder in which each class has a folder of its own that bears its name.

    Hidden files and folders, wherever they lie, and those that a NAS makes (@eaDir) are no data. What is a picture by its
    name and cannot be read here, such as a telephone's .heic, is told in a warning.
    """
    from PIL import Image

    path = Path(path)
    if not path.is_dir():
        raise ValueError(f"there is no folder {path}; give the folder that holds one folder a class")
    folders = sorted(each for each in path.iterdir() if each.is_dir() and not _hidden(each.name))
    if not folders:
        raise ValueError(f"{path} holds no folder; put the pictures of each class into a folder with the name of the class")
    if halves := [each.name for each in folders if each.name.lower() in HALVES and _folders_in(each)]:
        raise ValueError(
            f"{path} holds {', '.join(halves)}: parts of a data set, each with its classes, and no classes; give one of "
            f"them, such as {path / halves[0]}"
        )
    known, files, unread = Image.registered_extensions(), {}, Counter()
    for folder in folders:
        found = [each for each in sorted(folder.rglob("*")) if each.is_file()]
        found = [each for each in found if not any(map(_hidden, each.relative_to(path).parts))]
        files[folder.name] = [each for each in found if each.suffix.lower() in known]
        unread.update(
            f"{each.suffix.lower()} in {folder.name}" for each in found if each.suffix.lower() in UNREAD - set(known)
        )
        if not files[folder.name]:
            kinds = ", ".join(sorted({each.suffix.lower() for each in found} & UNREAD))
            hint = f" that can be read ({kinds} must be saved as JPEG or PNG first)" if kinds else ""
            raise ValueError(f"{folder} holds no picture{hint}; add some, or take that folder away")
    if unread:
        told = ", ".join(f"{n} {kind}" for kind, n in unread.items())
        warnings.warn(
            f"{path}: pictures that cannot be read are passed over: {told}; save them as JPEG or PNG", stacklevel=3
        )
    return files


def _hidden(name):
    return name.startswith(".") or name in ("@eaDir", "__MACOSX")


def _folders_in(folder):
    return [each for each in folder.iterdir() if each.is_dir() and not _hidden(each.name)]


def check_size(size: tuple[int, int], mode: str) -> tuple[int, int]:
    """The size (height, width); ValueError where it or the mode is none."""
    if np.shape(size) != (2,):
        raise ValueError(f"size must be (height, width) in pixels, such as (32, 32), not {size!r}")
    if mode not in ("RGB", "L"):
        raise ValueError(f"mode must be 'RGB' or 'L' (grey), not {mode!r}")
    return tuple(whole(n, "size, (height, width),", 1) for n in size)


def read_pictures(files: Sequence, size, mode: str = "RGB", white: float | None = None) -> tuple[np.ndarray, float | None]:
    """(picture files as (n, height, width, channels) float32 in 0 … 1, what is white in those of more than 8 bits).

    white   the number that means white in pictures of 16 or 32 bits, or of decimals, since a file does not tell: many hold
            8 or 12 bits only. None: 65,535 where the brightest is above half of it, 1 for decimals of 0 … 1; anything else
            is refused. None comes back where all pictures have 8 bits
    """
    size, made, deep, pages = check_size(size, mode), [], [], []
    for file in files:
        pixels, kind, many = _picture(file, size, mode)
        made.append(pixels)
        if many > 1:
            pages.append(f"{file}, {many}")
        if kind:
            deep.append((len(made) - 1, file, *kind))
    if pages:
        more = f"{len(pages)} pictures have" if len(pages) > 1 else "one picture has"
        warnings.warn(f"{more} several pages ({pages[0]}); the first is read, the others are not", stacklevel=3)
    if not deep:
        return np.stack(made), white
    brightest = max(high for *_, high in deep)
    if white is None:
        decimals = all(kind == "F" for _, _, kind, *_ in deep)
        white = 65535 if brightest > 32767 else 1 if decimals and brightest <= 1 else None
    for row, file, kind, low, high in deep:
        if white is None or low < 0 or high > white:
            bits = next((top for top in (255, 1023, 4095, 16383, 65535) if brightest <= top), int(brightest))
            raise ValueError(
                f"{file}: a picture of mode {kind} whose numbers go from {low:g} to {high:g} (all such pictures: to "
                f"{brightest:g}); which of them is white, a file does not tell{'' if white is None else f', and {white:g} is not'}: "
                f"say it, such as white={bits}"
            )
        made[row] = made[row] / np.float32(white)
    return np.stack(made), white


def _picture(file, size, mode):
    """(a file as (height, width, channels) float32, (mode, lowest, highest) if it has more than 8 bits, pages)

    8 bits come as 0 … 1; more than 8 as they stand in the file, since only all files together tell what is white.
    """
    from PIL import Image, ImageOps

    if not isinstance(file, str | Path):
        raise ValueError(f"the path of a picture file is wanted, not {type(file).__name__}; save it to a file first")
    try:
        with Image.open(file) as opened:
            pages = getattr(opened, "n_frames", 1) if opened.format in ("TIFF", "GIF", "WEBP", "PNG") else 1
            picture, kind = ImageOps.exif_transpose(opened), None  # upright, as the camera was held
            if picture.mode[0] in "IF":
                kind = picture.mode, float(np.min(picture)), float(np.max(picture))
                picture = Image.fromarray(np.asarray(picture).astype(np.float32))
                pixels = np.asarray(picture.resize(size[::-1], Image.BILINEAR))[..., None]
                return np.repeat(pixels, 3 if mode == "RGB" else 1, 2), kind, pages
            if picture.has_transparency_data:  # what is transparent turns white
                picture = picture.convert("RGBA")
                picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
            pixels = np.asarray(picture.convert(mode).resize(size[::-1], Image.BILINEAR), np.float32) / 255
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f"{file} is no picture that can be read ({error}); mend it, or take it away") from None
    return pixels.reshape(*size, -1), None, pages
