"""The panel of one picture, and what each model says of it."""

import numpy as np

from transferlib.networks import Pair
from transferlib.tasks import Task
from transferlib.widgets.drawing_pad import Pad
from transferlib.widgets.panel import Panel, choice, number


def one_picture(pair: Pair, source: Task, target: Task) -> Panel:
    """A test picture of the target, or one drawn by hand, and what ten models of each strategy say of it."""
    digits, pictures = range(len(target.classes)), np.bincount(target.y_test, minlength=len(target.classes))
    controls = dict(
        ink=Pad(),
        digit=choice("a picture of", digits, digits[-1]),
        example=choice("which one", range(min(20, *pictures)), 0),
        right=number("move right, pixels", -3, 3, 0.5),
        down=number("move down, pixels", -3, 3, 0.5),
        thicker=number("thicker strokes", -1, 1, 0.25),
        per_class=choice("labels per class", (1, 2, 5, 10, 20, 50), 2),
    )

    def code(ink, digit, example, right, down, thicker, per_class):
        chosen = f"target.x_test[target.y_test == {digit}][{example}].reshape(target.picture)"
        if ink:
            chosen = f"drawn({ink[:86]!r}\n                {ink[86:]!r})"
        return f"""
            from transferlib.changes import redrawn
            from transferlib.experiments import opinions
            from transferlib.lessons.source_and_target import plots
            {"from transferlib.widgets.drawing_pad import drawn" if ink else ""}

            picture = {chosen}
            picture = redrawn(picture, right={right}, down={down}, thicker={thicker})
            row = picture.reshape(1, -1)
            said = opinions(pair, source, target, row, per_class={per_class}, progress=progress)
            plots.what_they_say(picture, said, {None if ink else digit}, target.classes)"""

    presets = {
        "one pixel to the right": dict(right=1.0),
        "bold": dict(thicker=1.0),
        "thin": dict(thicker=-1.0),
        "many labels": dict(per_class=50),
    }
    at_hand = dict(pair=pair, source=source, target=target)
    return Panel(controls, code, at_hand, presets, "OnePicture", lambda ink, **_: {"digit", "example"} if ink else ())
