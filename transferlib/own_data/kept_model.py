"""A model of the ladder as one file, with all that it takes to use it on new rows. Nothing in it is run as a program."""

import os
from dataclasses import dataclass

import keras
import numpy as np

from transferlib import saving
from transferlib.own_data.ladder import NETWORKS, Fitted, fit
from transferlib.own_data.problems import Problem
from transferlib.own_data.reading import more_words, read
from transferlib.own_data.simple import by_arrays


@dataclass(frozen=True, eq=False)
class Kept:
    """A model that answers raw rows: picture files, a DataFrame, or texts, as its problem had them."""

    name: str
    rung: str
    classes: tuple | None
    reading: dict
    arrays: dict
    models: dict[str, keras.Model]

    def __call__(self, raw) -> list:
        """What the model says of each row: the name of a class, or a regression's number in its own units."""
        x, plain = read(self.reading, raw)
        features = None if not self.models else np.asarray(self.models["shared"](x))
        if "head" in self.models:
            output = np.asarray(self.models["head"](features))
            said = output[:, 0] if self.classes is None else output.argmax(1)
        else:
            said = by_arrays(self.rung, self.arrays, plain, features, self.classes)
        if self.classes is None:
            return [float(v) * self.reading["scale"] + self.reading["mean"] for v in said]
        return [self.classes[int(c)] for c in said]

    def __repr__(self):
        kind = "a number" if self.classes is None else ", ".join(self.classes[:6])
        return f"Kept({self.name!r}: “{self.rung}”, answers {kind})"


def keep(problem: Problem, rung: str, path: str | os.PathLike, seed: int = 0, steps: int = 300) -> Fitted:
    """Fit a rung on *all* rows of the problem and write it to one file, for `reopen`. Its score the ladder has told."""
    fitted = fit(problem, rung, np.arange(len(problem.y)), seed, steps)
    facts = dict(name=problem.name, rung=rung, classes=problem.classes, reading=problem.reading)
    models, pair = {}, problem.pair
    if fitted.weights is not None:
        before = pair.weights()
        pair.load(fitted.weights)
        models = {"shared": pair.shared}
        if problem.reading["kind"] == "texts":
            facts["reading"], models["shared"] = more_words(problem.reading, pair.shared)
        if rung in NETWORKS or rung == "untouched source":
            models["head"] = pair.source if rung == "untouched source" else pair.target
    try:
        saving.write(path, models, facts, {key: np.asarray(value) for key, value in fitted.arrays.items()})
    finally:
        if models:
            pair.load(before)
    return fitted


def reopen(path: str | os.PathLike) -> Kept:
    """The model that `keep` wrote. FileNotFoundError where there is none, ValueError where it is another file."""
    models, facts, arrays = saving.read(path)
    if "reading" not in facts:
        raise ValueError(f"{path} holds no model of a ladder: it has no word of how rows are read")
    classes = None if facts["classes"] is None else tuple(facts["classes"])
    return Kept(facts["name"], facts["rung"], classes, facts["reading"], arrays, models)
