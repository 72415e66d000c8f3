"""The panel of one picture, and what each model says of it."""

import numpy as np

from transferlib.networks import Pair
from transferlib.tasks import Task
from transferlib.widgets.drawing_pad import Pad
from transferlib.widgets.panel import Panel, choice, number


def one_picture(pair: Pair, source: Task, target: Task) -> Panel:
    """One test picture of the target, or one drawn by hand, and what each strategy's model says of it: ten models each."""
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
        needs, chosen = "", f"target.x_test[target.y_test == {digit}][{example}].reshape(target.picture)"
        if ink:
            ink_in_lines = "\n    ".join(repr(ink[i : i + 86]) for i in (0, 86))
            needs, chosen = "from transferlib.widgets.drawing_pad import drawn\n", f"drawn(\n    {ink_in_lines}\n)"
        return (
            "from transferlib.experiments import opinions\nfrom transferlib.lessons.source_and_target import plots\n"
            f"from transferlib.changes import redrawn\n{needs}\npicture = {chosen}\n"
            f"picture = redrawn(picture, right={right}, down={down}, thicker={thicker})\n"
            f"said = opinions(pair, source, target, picture.reshape(1, -1), per_class={per_class}, progress=progress)\n"
            f"plots.what_they_say(picture, said, {None if ink else digit}, target.classes)"
        )

    presets = {
        "one pixel to the right": dict(right=1.0),
        "bold": dict(thicker=1.0),
        "thin": dict(thicker=-1.0),
        "many labels": dict(per_class=50),
    }
    at_hand = dict(pair=pair, source=source, target=target)
    return Panel(controls, code, at_hand, presets, "OnePicture", lambda ink, **_: {"digit", "example"} if ink else ())
