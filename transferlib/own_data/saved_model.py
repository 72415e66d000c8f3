"""A model of the ladder as one file, with all that new rows need. Nothing in it is run as a program."""

import os
import warnings
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from transferlib import saving
from transferlib.own_data.ladder import NETWORKS, Fitted, fit
from transferlib.own_data.models import answer_of, by_arrays
from transferlib.own_data.problem import Problem, read
from transferlib.own_data.tables import read_table
from transferlib.own_data.texts import with_common_words
from transferlib.own_data.verdict import TWIN


@dataclass(frozen=True, eq=False)
class SavedModel:
    """A model that answers raw rows: picture files, a table, or texts, as its problem had them."""

    name: str
    rung: str
    classes: tuple | None
    reading: dict
    arrays: dict
    models: dict[str, keras.Model]

    def __call__(self, raw) -> list:
        """What the model says of each row: the name of a class, or a regression's number in its own units."""
        if self.reading["kind"] == "table":
            raw = read_table(raw)
            parts = [raw]
        else:
            what = "texts" if self.reading["kind"] == "texts" else "paths of pictures"
            if isinstance(raw, str | Path) or not hasattr(raw, "__iter__") or not len(raw := list(raw)):
                raise ValueError(f"a list of {what} is wanted, one at least, such as [{str(raw) or 'first'!r}]")
            if what == "texts" and (strange := [each for each in raw if not isinstance(each, str)]):
                raise ValueError(f"a list of texts is wanted; it holds {strange[0]!r}")
            parts = [raw[at : at + 64] for at in range(0, len(raw), 64)]  # memory does not grow with the rows
        said = np.concatenate([self._answers(*read(self.reading, part)) for part in parts])
        if self.classes is None:
            return [float(v) * self.reading["scale"] + self.reading["mean"] for v in said]
        return [self.classes[int(c)] for c in said]

    def _answers(self, x, plain):
        if self.models and self.reading["kind"] == "texts" and (empty := np.flatnonzero(~x.any(1))).size:
            many = f"{empty.size} texts hold" if empty.size > 1 else "one text holds"
            told = f"{many} no word that the model knows: what it says of them, it says of nothing"
            warnings.warn(told, stacklevel=3)
        features = None if not self.models else np.asarray(self.models["shared"](x))
        if "head" in self.models:
            return answer_of(np.asarray(self.models["head"](features)), self.classes)
        return by_arrays(self.rung, self.arrays, plain, features, self.classes)

    def __repr__(self):
        kind = "a number" if self.classes is None else ", ".join(self.classes[:6])
        return f"SavedModel({self.name!r}: “{self.rung}”, answers {kind})"


def save_model(problem: Problem, rung: str, path: str | os.PathLike, seed: int = 0, steps: int = 300) -> Fitted:
    """Fit a rung on *all* rows of the problem and write it to one file, for `open_model`."""
    if rung == TWIN:
        raise ValueError(f"{rung!r} is a control, with a network drawn by chance, and no model to keep")
    fitted, classes = fit(problem, rung, np.arange(len(problem.y)), seed, steps), problem.classes
    models, pair, reading = {}, problem.pair, problem.reading
    if fitted.weights is not None:
        before = pair.weights()
        pair.load(fitted.weights)
        models = {"shared": pair.shared}
        if reading["kind"] == "texts":
            reading, models["shared"] = with_common_words(reading, pair.shared)
        if rung in NETWORKS or rung == "untouched source":
            models["head"] = pair.source if rung == "untouched source" else pair.target
        if rung == "untouched source" and classes:
            classes = tuple(classes[c] for c in problem.known)  # in the order of the source's outputs
    facts = dict(name=problem.name, rung=rung, classes=classes, reading=reading)
    try:
        saving.write(path, models, facts, {key: np.asarray(value) for key, value in fitted.arrays.items()})
    finally:
        if models:
            pair.load(before)
    return fitted


def open_model(path: str | os.PathLike) -> SavedModel:
    """The model that `save_model` wrote; FileNotFoundError where there is none, ValueError for another file."""
    models, facts, arrays = saving.read(path)
    if "reading" not in facts:
        raise ValueError(f"{path} holds no model of a ladder: it has no word of how rows are read")
    classes = None if facts["classes"] is None else tuple(facts["classes"])
    return SavedModel(facts["name"], facts["rung"], classes, facts["reading"], arrays, models)
