"""Networks and tasks outside this process: how they are named by content, and how they travel to workers."""

import io
import pickle
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import fields
from functools import cached_property

import cloudpickle
import keras
import numpy as np
import scipy
import sklearn
import tensorflow as tf

from transferlib.fingerprint import fingerprint
from transferlib.networks import PARTS, TASKS, Pair
from transferlib.tasks import Task

VERSIONS = [f"{each.__name__} {each.__version__}" for each in (tf, keras, np, scipy, sklearn)]


def name_of(make: Callable, *asked) -> str:
    """The name under which the answer to a question is stored, by the content of all that was asked, and of what makes it.

    Raises ValueError where something can be told from others by its identity only: a network with a layer or function that
    is not Keras's own, an object of a class that we do not know.
    """
    name, held = fingerprint(VERSIONS, make, asked)
    for each in held:
        if isinstance(each, Pair):
            raise ValueError("this network holds code that is not Keras's own, or that cannot be written down")
        raise ValueError(f"a value of the kind {type(each).__name__} cannot be told from others by its content")
    return name


class Parcel:
    """A value on its way to other processes, which unpack it once: equal ones are one `value` there, so that the
    caches of runs and of compiled programs serve. Pairs, tasks and functions of a notebook may be in it.
    """

    def __init__(self, value):
        self.value = value

    @cached_property
    def _packed(self):
        (name, held), box = fingerprint(self.value), io.BytesIO()
        name = f"{name} {uuid.uuid4()}" if held else name  # another process may hold another thing at the same place
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


class _Packer(cloudpickle.Pickler):
    """Keras would pickle each model with layers of its own; a task's arrays would arrive writeable."""

    def reducer_override(self, value):
        if isinstance(value, Pair):
            parts = {part: keras.saving.serialize_keras_object(getattr(value, part)) for part in PARTS}
            rest = {key: each for key, each in vars(value).items() if key not in (*PARTS, "_models", "build")}
            own = {kind.__name__: kind for part in PARTS for kind in _own_layers(getattr(value, part))}
            shapes = {task: value.model(task).input_shape[1:] for task in TASKS}
            return _put_together, (type(value), shapes, parts, own, rest, value.weights())
        if isinstance(value, Task):
            return type(value), tuple(getattr(value, field.name) for field in fields(value))
        return super().reducer_override(value)


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
