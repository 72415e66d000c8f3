"""The panel of one picture, and what each model says of it."""

import ipywidgets as widgets

from transferlib import plots
from transferlib.changes import redrawn
from transferlib.experiments import opinions
from transferlib.widgets.drawing_pad import Pad, drawn
from transferlib.widgets.panel import WIDE, Panel, choice


def one_picture(pair, source, target):
    """One test picture of the target, or one drawn by hand, and what each strategy's model says of it: ten models each."""

    def slider(description, low, high, step):
        return widgets.FloatSlider(value=0, min=low, max=high, step=step, description=description, style=WIDE)

    controls = dict(
        ink=Pad(),
        digit=choice("a picture of", tuple(range(len(target.classes))), 9),
        example=choice("which one", tuple(range(20)), 0),
        right=slider("move right, pixels", -3, 3, 0.5),
        down=slider("move down, pixels", -3, 3, 0.5),
        thicker=slider("thicker strokes", -1, 1, 0.25),
        per_class=choice("labels per class", (1, 2, 5, 10, 20, 50), 2),
    )

    def draw(progress, ink, digit, example, right, down, thicker, per_class):
        picture = drawn(ink) if ink else target.x_test[target.y_test == digit][example].reshape(target.picture)
        picture = redrawn(picture, right, down, thicker)
        said = opinions(pair, source, target, picture.reshape(1, -1), per_class=per_class, progress=progress)
        return plots.what_they_say(picture, said, None if ink else digit, target.classes)

    def code(ink, digit, example, right, down, thicker, per_class):
        chosen = f"picture = target.x_test[target.y_test == {digit}][{example}].reshape(target.picture)"
        if ink:
            ink_in_lines = "\n    ".join(repr(ink[i : i + 86]) for i in (0, 86))
            chosen = f"from transferlib.widgets.drawing_pad import drawn\n\npicture = drawn(\n    {ink_in_lines}\n)"
        return (
            "from transferlib import plots\nfrom transferlib.experiments import opinions\n"
            f"from transferlib.changes import redrawn\n{chosen}\n"
            f"picture = redrawn(picture, right={right}, down={down}, thicker={thicker})\n"
            f"said = opinions(pair, source, target, picture.reshape(1, -1), per_class={per_class})\n"
            f"plots.what_they_say(picture, said, {None if ink else digit}, target.classes)"
        )

    presets = {
        "one pixel to the right": dict(right=1.0),
        "bold": dict(thicker=1.0),
        "thin": dict(thicker=-1.0),
        "many labels": dict(per_class=50),
    }
    return Panel(controls, draw, code, presets, "OnePicture", lambda ink, **_: {"digit", "example"} if ink else ())
