"""Keras models that belong together, in one file: a zip of Keras's own .keras files and what is to be known of them."""

import json
import os
import tempfile
import types
import zipfile
from itertools import zip_longest
from pathlib import Path

import keras
import numpy as np

from transferlib.layers import frozen, leaves, own_code

FORMAT = "transferlib models 1"


def write(path: str | os.PathLike, models: dict[str, keras.Model], facts: dict, arrays: dict[str, np.ndarray]) -> None:
    """Write models, facts (whatever JSON holds) and arrays into one file. A failure leaves the old file as it was.

    Raises ValueError when Keras cannot write a model down, or reads back another one than it wrote.
    """
    path = Path(path)
    if path.is_dir() or not path.parent.is_dir():
        raise ValueError(f"{path} cannot be written: {'that is a folder' if path.is_dir() else 'its folder does not exist'}")
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        made = Path(folder) / "models.zip"
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("facts.json", json.dumps(dict(format=FORMAT, models=list(models), facts=facts)))
            for name, model in models.items():
                if reason := next(filter(None, map(frozen, leaves(model))), None):
                    raise ValueError(f"the {name} part cannot be saved: {reason}")
                file = Path(folder) / f"{name}.keras"
                try:
                    model.save(file)
                except Exception as error:  # Keras has no error of its own
                    raise ValueError(f"the {name} part cannot be saved: {error}") from error
                archive.write(file, file.name)
            with archive.open("arrays.npz", "w") as file:
                np.savez(file, **arrays)
        for name, again in read(made)[0].items():
            values = models[name].get_weights(), again.get_weights()
            if len(values[0]) != len(values[1]) or not all(map(np.array_equal, *values)):
                raise ValueError(f"the {name} part cannot be saved: Keras reads back other weights than it wrote")
            if other := _other(models[name], again):
                raise ValueError(f"the {name} part cannot be saved: Keras reads back another {other}")
        os.replace(made, path)


def _other(model, again):
    """What of a model that was read is not what was written: a function, or a layer, that only has its name."""
    for one, two in zip_longest(own_code(model), own_code(again)):
        if one is not two if isinstance(one, types.FunctionType) else type(one) is not type(two):
            return getattr(one, "__name__", None) or type(one).__name__
    return None


def read(path: str | os.PathLike) -> tuple[dict[str, keras.Model], dict, dict[str, np.ndarray]]:
    """(models, facts, arrays) of a file that `write` wrote. Nothing that the file holds is run as a program.

    Raises FileNotFoundError when it is missing, ValueError when it is another kind of file, or damaged.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    with tempfile.TemporaryDirectory() as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                told = json.loads(archive.read("facts.json"))
                if told["format"] != FORMAT:
                    raise ValueError(f"its format is {told['format']!r}, and {FORMAT!r} is read here")
                files = {name: archive.extract(f"{name}.keras", folder) for name in told["models"]}
                with archive.open("arrays.npz") as file, np.load(file, allow_pickle=False) as kept:
                    arrays = dict(kept)
        except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} is not a pair's file, or it is damaged: {error}") from error
        models = {}
        for name, file in files.items():
            try:
                models[name] = keras.models.load_model(file, compile=False)
            except Exception as error:  # a layer that only its author has, a Lambda: Keras says it in many ways
                raise ValueError(f"Keras does not read the {name} part of {path}: {error}") from error
    return models, told["facts"], arrays
