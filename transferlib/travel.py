"""Networks and tasks outside this process: how they are named by content, and how they travel to workers."""

import hashlib
import io
import pickle
import re
import threading
import weakref
from collections import OrderedDict
from dataclasses import fields, is_dataclass
from functools import cached_property, lru_cache
from numbers import Number
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from transferlib.networks import PARTS, TASKS, Pair
from transferlib.tasks import Task

_contents = weakref.WeakKeyDictionary()


def content(value: Pair | Task) -> str:
    """The SHA-256 of all that a training can depend on: equal for two tasks, or networks, that train to equal numbers.

    A network with code in it that is not Keras's own has one that no other has.
    """
    if value not in _contents:
        _contents[value] = _hashed(_facts_of_a_pair(value) if isinstance(value, Pair) else _facts_of_a_task(value))
    return _contents[value]


def _facts_of_a_task(task):
    return [(field.name, getattr(task, field.name)) for field in fields(task)]


def _facts_of_a_pair(pair):
    yield type(pair).__qualname__, pair.build
    # Where two seeds begin alike, there stand the weights that were handed in; the rest follows from the build.
    yield from ((part, array) for seed in (0, 1) for part in PARTS for array in pair.fresh(seed, keep_given=True)[part])
    if pair.source_pair is not pair:
        yield "source_pair", content(pair.source_pair)


def _hashed(facts):
    digest = hashlib.sha256()
    for name, value in facts:
        digest.update(f"\n{name} ".encode())
        for piece in _spelled(value):
            digest.update(piece)
    return digest.hexdigest()


def _spelled(value):
    """All of a value as bytes, piece by piece; ValueError for one that bytes cannot tell from others."""
    if isinstance(value, Pair | Task):
        yield content(value).encode()
    elif isinstance(value, np.ndarray):
        yield f"{value.dtype.str} {value.shape} ".encode()
        yield np.ascontiguousarray(value)
    elif isinstance(value, keras.Model):
        yield from _spelled([value.to_json(), value.get_weights()])
    elif isinstance(value, dict | list | tuple):
        yield f"{type(value).__name__} {len(value)} ".encode()
        for each in value.items() if isinstance(value, dict) else value:
            yield from _spelled(each)
    elif is_dataclass(value):
        yield type(value).__qualname__.encode()
        yield from _spelled(vars(value))
    elif value is None or isinstance(value, str | Number | np.generic):
        yield f"{value!r} ".encode()
    else:
        raise ValueError(f"a value of the kind {type(value).__name__} cannot be told from others by its content")


def name_of(*asked) -> str:
    """The name under which the answer to a question is stored, by the content of all that was asked.

    Raises ValueError for a network with a layer or function that is not Keras's own: its code may change, its name need not;
    and for anything but networks, Keras models, tasks, arrays, numbers, words and what is made of them.
    """
    for pair in (each for each in asked if isinstance(each, Pair)):
        if pair.build.startswith("unlike any other") or re.search(r'"module": "(?!keras)', pair.build):
            raise ValueError("this network holds code that is not Keras's own, or that cannot be written down")
    return _hashed([("library", _library()), ("asked", asked)])


@lru_cache(maxsize=1)
def _library():
    """What makes a result: core and methods to the letter, so that no older rule's is taken for a new one's."""
    code = sorted(
        path for rooms in ("*.py", "own_data/*.py", "lessons/*/*.py") for path in Path(__file__).parent.glob(rooms)
    )
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in code], tf.__version__, keras.__version__


class Parcel:
    """A pair or task on its way to other processes, which unpack it once: equal ones are one `value` there, so that the
    caches of runs and of compiled programs serve.
    """

    def __init__(self, value: Pair | Task):
        self.value = value

    @cached_property
    def _packed(self):
        name, box = content(self.value), io.BytesIO()
        try:
            _Packer(box, 5).dump(self.value)
        except NotImplementedError as error:
            raise ValueError(
                f"this network has a layer that cannot be written down, so it cannot travel: {error}"
            ) from error
        return name, box.getvalue()

    def __reduce__(self):
        return _unpacked, self._packed


_arrived, _unpacking = OrderedDict(), threading.Lock()
ARRIVED = 16  # how many a process keeps


def _unpacked(name, box):
    with _unpacking:
        if name not in _arrived:
            _arrived[name] = Parcel(pickle.loads(box))
        _arrived.move_to_end(name)
        while len(_arrived) > ARRIVED:
            _arrived.popitem(last=False)
        return _arrived[name]


class _Packer(pickle.Pickler):
    """Keras would pickle each model with layers of its own; a task's arrays would arrive writeable."""

    def reducer_override(self, value):
        if isinstance(value, Pair):
            parts = {part: keras.saving.serialize_keras_object(getattr(value, part)) for part in PARTS}
            rest = {key: each for key, each in vars(value).items() if key not in (*PARTS, "_models", "build")}
            own = {kind.__name__: kind for part in PARTS for kind in _own_layers(getattr(value, part))}
            shapes = {task: value.model(task).input_shape[1:] for task in TASKS}
            return _put_together, (type(value), shapes, parts, own, rest, value.weights())
        if isinstance(value, Task):
            return type(value), tuple(each for _, each in _facts_of_a_task(value))
        return NotImplemented


def _own_layers(model):
    """The kinds of layers that are not Keras's: their classes travel as all classes do, by the module that they stand in."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _own_layers(layer)
        elif not type(layer).__module__.startswith("keras"):
            yield type(layer)


def _put_together(kind, shapes, parts, own, rest, weights):
    pair = kind.__new__(kind)
    for part, config in parts.items():
        # safe_mode would refuse lambdas, which are no more dangerous than the pickle that they came in
        setattr(pair, part, keras.saving.deserialize_keras_object(config, custom_objects=own, safe_mode=False))
    pair._join(shapes)
    vars(pair).update(rest)
    pair.load(weights)
    return pair
