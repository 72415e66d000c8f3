"""A model of the ladder as one file, with all that new rows need. Nothing in it is run as a program."""

import os
import warnings
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from transferlib import saving
from transferlib.own_data import texts as words
from transferlib.own_data.columns import warn_of_far
from transferlib.own_data.ladder import NETWORKS, TF_IDF, Fitted, fit
from transferlib.own_data.models import answer_of, by_arrays, probabilities_by_arrays
from transferlib.own_data.problem import Problem, read
from transferlib.own_data.tables import read_table
from transferlib.own_data.texts import with_common_words
from transferlib.own_data.verdict import SENTENCES, SENTENCES_TWIN, TWIN


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
        said = np.concatenate([self._answers(part) for part in self._parts(raw)])
        if self.classes is None:
            return [float(v) * self.reading["scale"] + self.reading["mean"] for v in said]
        return [self.classes[int(c)] for c in said]

    def probabilities(self, raw) -> np.ndarray:
        """(rows, classes) how likely the model holds each class, in the order of `classes`.

        ValueError for a model that has none: a regression, a constant, a neighbour, a kernel ridge.
        """
        if self.classes is None or not ("head" in self.models or self.rung.endswith(("+ linear", "linear model"))):
            raise ValueError(f"“{self.rung}” gives an answer and no probabilities; linear models and networks of classes do")
        return np.concatenate([self._likely(part) for part in self._parts(raw)])

    def top(self, raw, most: int = 3) -> pd.DataFrame:
        """A table: of each row the classes that the model holds most likely, and how likely."""
        names = None if self.reading["kind"] == "table" else [each for part in self._parts(raw) for each in part]
        likely = self.probabilities(raw if names is None else names)
        order = np.argsort(-likely, 1)[:, :most]
        cells = [[f"{self.classes[c]} {row[c]:.2f}" for c in best] for row, best in zip(likely, order)]
        columns = [f"{place}." for place in range(1, order.shape[1] + 1)]
        return pd.DataFrame(cells, columns=columns, index=names and [getattr(each, "name", each) for each in names])

    def _parts(self, raw):
        """The rows, a few at a time, so that memory does not grow with them; ValueError for what are no rows."""
        if self.reading["kind"] == "table":
            return [read_table(raw)]
        what = "texts" if self.reading["kind"] == "texts" else "paths of pictures"
        example = str(raw) if isinstance(raw, str | Path) and raw else "first"
        if isinstance(raw, str | Path | pd.DataFrame | dict) or not hasattr(raw, "__iter__") or not len(raw := list(raw)):
            raise ValueError(f"a list of {what} is wanted, one at least, such as [{example!r}]")
        if what == "texts" and (strange := [each for each in raw if not isinstance(each, str)]):
            raise ValueError(f"a list of texts is wanted; it holds {strange[0]!r}")
        return [raw[at : at + 64] for at in range(0, len(raw), 64)]

    def _read(self, raw):
        """(n, d) some rows as the model reads them: what the source makes of them, where it has one."""
        x, plain = read(self.reading, raw)
        if self.reading["kind"] == "table":
            warn_of_far(raw, self.reading)
        counts = words.word_counts(raw) if self.rung == TF_IDF else None
        if self.reading["kind"] == "texts":
            heard = counts if self.rung == TF_IDF else x if self.models else plain
            if empty := int((~heard.any(1)).sum()):
                many = f"{empty} texts hold" if empty > 1 else "one text holds"
                told = f"{many} no word that the model knows: what it says of them, it says of nothing"
                warnings.warn(told, stacklevel=4)
        if self.rung == SENTENCES:
            return words.sentences(raw)
        if self.rung == TF_IDF:
            return words.tf_idf(counts, self.arrays["idf"])
        return np.asarray(self.models["shared"](x)) if self.models else plain

    def _answers(self, raw):
        rows = self._read(raw)
        if "head" in self.models:
            return answer_of(np.asarray(self.models["head"](rows)), self.classes)
        return by_arrays(self.rung, self.arrays, rows, self.classes)

    def _likely(self, raw):
        rows = self._read(raw)
        if "head" in self.models:
            return np.asarray(self.models["head"](rows))
        return probabilities_by_arrays(self.arrays, rows)

    def __repr__(self):
        kind = "a number" if self.classes is None else ", ".join(self.classes[:6])
        return f"SavedModel({self.name!r}: “{self.rung}”, answers {kind})"


def save_model(problem: Problem, rung: str, path: str | os.PathLike, seed: int = 0, steps: int = 300) -> Fitted:
    """Fit a rung on *all* rows of the problem and write it to one file, for `open_model`."""
    if rung in (TWIN, SENTENCES_TWIN):
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
