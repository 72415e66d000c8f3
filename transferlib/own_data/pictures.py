"""A folder of pictures as numbers: which files are read, what their numbers mean, what is not read."""

import re
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from transferlib import imagenet
from transferlib.tasks import whole_number

UNREAD = re.compile(r"\.(hei[cf]|hif|avif|jxl|svg|dng|cr[23]|nef|arw|orf|rw2|raf|pef|srw|raw)$")  # and yet pictures
MASK = re.compile(r"(.+?)[-_. ]?(mask|segmentation|seg|gt)([-_. ]?\d+)?", re.IGNORECASE)  # cat_01_mask, of cat_01
HALVES = re.compile("(train|test)(ing)?|val(id(ation)?)?|dev")


def pictures_in(path: str | Path) -> dict[str, list[Path]]:
    """{class: its picture files} of a folder in which each class has a folder of its own that bears its name.

    Hidden files and folders, and those that a NAS makes (@eaDir), are no data. What is a picture by its name and cannot be
    read here, such as a telephone's .heic, is told in a warning.
    """
    if not isinstance(path, str | Path):
        raise ValueError(f"the path of a folder is wanted, that holds one folder a class; not a {type(path).__name__}")
    path = Path(path)
    if not path.is_dir():
        raise ValueError(f"there is no folder {path}; give the folder that holds one folder a class")
    folders = _folders(path)
    if not folders:
        raise ValueError(f"{path} holds no folder; put the pictures of each class into a folder with its name")
    for folder in folders:
        if HALVES.fullmatch(folder.name.lower()) and _folders(folder):
            part = f"{folder.name}: a part of a data set, and no class"
            raise ValueError(f"{path} holds {part}; give one part, such as {folder}")
    known, files, unread, nameless, masks = Image.registered_extensions(), {}, Counter(), [], []
    if loose := [each for each in sorted(path.iterdir()) if each.suffix.lower() in known and not _hidden(each.name)]:
        some = "one picture lies" if len(loose) == 1 else f"{len(loose)} pictures lie"
        told = f"{path}: {some} in no class ({loose[0].name})"
        warnings.warn(f"{told}, and what lies there is passed over; put each into the folder of its class", stacklevel=3)
    for folder in folders:
        found = [each for each in sorted(folder.rglob("*")) if each.is_file()]
        found = [each for each in found if not any(map(_hidden, each.relative_to(path).parts))]
        kinds = [each.suffix.lower() for each in found]
        files[folder.name] = [each for each, kind in zip(found, kinds) if kind in known]
        nameless += [each for each, kind in zip(found, kinds) if kind not in known and _is_picture(each)]
        unread.update(f"{kind} in {folder.name}" for kind in kinds if kind not in known and UNREAD.match(kind))
        if not files[folder.name]:
            hint = f" that can be read ({', '.join(unread)}: save them as JPEG or PNG first)" if unread else ""
            if ".txt" in kinds:
                raise ValueError(f"{folder} holds no picture, but texts: read them, and give of_texts(texts, labels)")
            raise ValueError(f"{folder} holds no picture{hint}; add some, or take that folder away")
        stems = {each.stem for each in files[folder.name]}
        masks += [each for each in files[folder.name] if (of := MASK.fullmatch(each.stem)) and of[1] in stems]
    if masks:
        some = "one picture is" if len(masks) == 1 else f"{len(masks)} pictures are"
        told = f"{path}: {some}, by the name, the mask of another ({masks[0].parent.name}/{masks[0].name})"
        warnings.warn(f"{told}, and read as a picture of the class; take masks away", stacklevel=3)
    if nameless:
        some = "one file is a picture" if len(nameless) == 1 else f"{len(nameless)} files are pictures"
        told = f"{path}: {some} whose name does not say so ({nameless[0]})"
        warnings.warn(f"{told}, and what has such a name is passed over; give it .png, .jpg or the like", stacklevel=3)
    if unread:
        told = f"{path}: pictures that cannot be read are passed over"
        kinds = ", ".join(f"{n} {kind}" for kind, n in unread.items())
        warnings.warn(f"{told}: {kinds}; save them as JPEG or PNG", stacklevel=3)
    return files


def _is_picture(file):
    """Whether a file whose name says nothing of it begins as a picture does."""
    try:
        with Image.open(file):
            return not UNREAD.match(file.suffix.lower())
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def _hidden(name):
    return name.startswith(".") or name in ("@eaDir", "__MACOSX")


def _folders(path):
    return sorted(each for each in path.iterdir() if each.is_dir() and not _hidden(each.name))


def check_size(size: tuple[int, int], mode: str) -> tuple[int, int]:
    """The size (height, width); ValueError where it or the mode is none."""
    if np.shape(size) != (2,):
        raise ValueError(f"size must be (height, width) in pixels, such as (32, 32), not {size!r}")
    if mode not in ("RGB", "L"):
        raise ValueError(f"mode must be 'RGB' or 'L' (grey), not {mode!r}")
    return tuple(whole_number(n, "size, (height, width),", 1) for n in size)


def read_pictures(files: Sequence, size, mode: str = "RGB", white: float | None = None) -> tuple[np.ndarray, float | None]:
    """(picture files as (n, height, width, channels) float32 in 0 … 1, what is white where they have > 8 bits).

    white   the number that means white in pictures of more than 8 bits, or of decimals, since a file does not tell. None:
            65,535 where the brightest is above half of it, 1 for decimals of 0 … 1; anything else is refused. None comes
            back where all pictures have 8 bits
    """
    size = check_size(size, mode)
    made, kinds, counts = zip(*(_picture(file, size, mode) for file in files))
    if pages := [f"{file}, {count}" for file, count in zip(files, counts) if count > 1]:
        more = f"{len(pages)} pictures have" if len(pages) > 1 else "one picture has"
        warnings.warn(f"{more} several pages ({pages[0]}); the first is read, the others are not", stacklevel=3)
    deep, made = [row for row, kind in enumerate(kinds) if kind], np.stack(made)
    if not deep:
        return made, white
    brightest = max(kinds[row][2] for row in deep)
    if white is None:
        decimals = all(kinds[row][0] == "F" for row in deep)
        white = 65535 if brightest > 32767 else 1 if decimals and brightest <= 1 else None
    for row in deep:
        kind, low, high = kinds[row]
        if not np.isfinite([low, high]).all():
            raise ValueError(f"{files[row]}: a picture of mode {kind} holds NaN or infinity; mend it, or take it away")
        if white is None or low < 0 or high > white:
            bits = next((top for top in (255, 1023, 4095, 16383, 65535) if brightest <= top), int(brightest))
            told = f"{files[row]}: a picture of mode {kind} whose numbers go from {low:g} to {high:g}"
            why = "Which of them is white, a file does not tell"
            raise ValueError(f"{told} (in all such pictures: to {brightest:g}). {why}: say it, such as white={bits}")
    made[deep] /= np.float32(white)
    return made, white


def warn_of_sizes(name: str, files: dict[str, list]) -> None:
    """A warning where the files of {class: files} tell the class before one looks: by their size, or their kind."""
    classes, found = np.repeat(np.arange(len(files)), [len(each) for each in files.values()]), []
    for file in (file for each in files.values() for file in each):
        with Image.open(file) as opened:
            found.append(("{} × {} pixels".format(*opened.size), opened.format))
    for place, what in enumerate(("the size", "the kind")):
        values, codes = np.unique([each[place] for each in found], return_inverse=True)
        table = np.bincount(codes * len(files) + classes, minlength=len(values) * len(files)).reshape(-1, len(files))
        n, most = len(classes), table.sum(0).max()
        if len(values) <= n / 5 and n - table.max(1).sum() <= min(n / 100, (n - most) / 10):
            such = ", ".join(f"{value} of {list(files)[row.argmax()]!r}" for value, row in list(zip(values, table))[:3])
            why = "a model may learn who took a picture and not what is on it"
            warnings.warn(f"{name}: {what} of a file alone tells its class ({such}); {why}", stacklevel=3)
            return


def imagenet_features(files: Sequence, white: float | None = None, random: int | None = None) -> np.ndarray:
    """(n, 1280) what EfficientNet-lite0 makes of picture files at its own 224 × 224 pixels: the means of its last maps.

    random   None: what it has learned. A number: its twin with random weights, drawn by that number
    """
    means = imagenet.map_means(imagenet.efficientnet_lite0(top=False, random=random), dict(last="head_relu"))
    made, side = [], (imagenet.SIDE, imagenet.SIDE)
    for at in range(0, len(files), 5):
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".* several pages")  # said when the pictures were read first
            pictures = read_pictures(files[at : at + 5], side, "RGB", white)[0]
        made.append(means((pictures * 255 - 127) / 128)["last"])
    return np.concatenate(made)


def _picture(file, size, mode):
    """(a file as (height, width, channels) float32, (mode, lowest, highest) if it has more than 8 bits, pages)

    8 bits come as 0 … 1; more than 8 as they stand in the file, since only all files together tell what is white.
    """
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
