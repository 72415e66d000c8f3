"""The panel of one picture, and what each model says of it."""

import ipywidgets as widgets

from transferlib import plots
from transferlib.evaluation import opinions
from transferlib.panel import WIDE, Panel, choice
from transferlib.pictures import changed


def one_picture(pair, source, target):
    """One test picture of the target, changed by hand, and what each strategy's model says of it: ten models a strategy."""

    def slider(description, low, high, step):
        return widgets.FloatSlider(
            value=0, min=low, max=high, step=step, description=description, style=WIDE, layout=dict(width="300px")
        )

    controls = dict(
        digit=choice("a picture of", tuple(range(len(target.classes))), 9),
        example=choice("which one", tuple(range(20)), 0),
        right=slider("move right, pixels", -3, 3, 0.5),
        down=slider("move down, pixels", -3, 3, 0.5),
        thicker=slider("thicker strokes", -1, 1, 0.25),
        per_class=choice("labels per class", (1, 2, 5, 10, 20, 50), 2),
    )

    def draw(progress, digit, example, right, down, thicker, per_class):
        picture = target.x_test[target.y_test == digit][example].reshape(target.picture)
        picture = changed(picture, right, down, thicker)
        said = opinions(pair, source, target, picture.reshape(1, -1), per_class=per_class, progress=progress)
        return plots.what_they_say(picture, said, digit, target.classes)

    def code(digit, example, right, down, thicker, per_class):
        return (
            "from transferlib.evaluation import opinions\n\n"
            f"picture = target.x_test[target.y_test == {digit}][{example}].reshape(target.picture)\n"
            f"picture = changed(picture, right={right}, down={down}, thicker={thicker})\n"
            f"said = opinions(pair, source, target, picture.reshape(1, -1), per_class={per_class})\n"
            f"plots.what_they_say(picture, said, {digit}, target.classes)"
        )

    presets = {
        "one pixel to the right": dict(right=1.0),
        "bold": dict(thicker=1.0),
        "thin": dict(thicker=-1.0),
        "many labels": dict(per_class=50),
    }
    return Panel(controls, draw, code, presets, "OnePicture")
