"""How jobs travel to other processes: networks with the layers that their parts share, tasks, functions of a notebook.

A network or task is unpacked once in each process, and is the same object there for all jobs that hold an equal one.
"""

import io
import pickle
import threading
import uuid
import weakref
from collections import OrderedDict
from dataclasses import fields

import cloudpickle
import keras

from transferlib.fingerprint import fingerprint, loaded
from transferlib.layers import from_keras, leaves
from transferlib.networks import PARTS, Pair
from transferlib.tasks import Task

# What was packed before, so that it is packed once for all jobs: {value: (its name and size, its bytes)}.
_boxes = weakref.WeakKeyDictionary()
_arrived, _unpacking = OrderedDict(), threading.Lock()
ARRIVED = 16  # how many networks and tasks a process keeps


def packed(value) -> bytes:
    """A value as bytes, for `pickle.loads`. Raises ValueError where something in it cannot travel."""
    box = io.BytesIO()
    try:
        _Packer(box, 5).dump(value)
    except NotImplementedError as error:
        raise ValueError(f"this network has a layer that cannot be written down, so it cannot travel: {error}") from error
    except (AttributeError, TypeError, pickle.PicklingError) as error:
        raise ValueError(f"a job that goes to other processes cannot be sent: {error}") from error
    return box.getvalue()


class _Packer(cloudpickle.Pickler):
    """Keras would pickle each model with layers of its own; a task's arrays would arrive writeable."""

    whole = None  # the network or task whose own box is being packed

    def reducer_override(self, value):
        if isinstance(value, Pair | Task) and value is not self.whole:
            return _unpacked, _box(value)
        if isinstance(value, Pair):
            parts = {part: keras.saving.serialize_keras_object(getattr(value, part)) for part in PARTS}
            rest = {key: each for key, each in vars(value).items() if key not in (*PARTS, "_models", "build")}
            kinds = {type(layer) for part in PARTS for layer in leaves(getattr(value, part)) if not from_keras(layer)}
            own = {kind.__name__: kind for kind in kinds}  # they travel as all classes do, by the module they stand in
            shape = value.model("target").input_shape[1:]
            return _put_together, (type(value), shape, parts, own, rest, value.weights())
        if isinstance(value, Task):
            return type(value), tuple(getattr(value, field.name) for field in fields(value))
        return super().reducer_override(value)


def _box(value):
    """(the name of a network, with what was loaded into it, or of a task by its content; its bytes)"""
    name, held = fingerprint(value, loaded(value) if isinstance(value, Pair) else None)
    if value not in _boxes or _boxes[value][0].split()[0] != name:
        box = io.BytesIO()
        packer = _Packer(box, 5)
        packer.whole = value
        packer.dump(value)
        # What only its identity tells from others may be another thing in another process.
        _boxes[value] = f"{name} {uuid.uuid4()}" if held else name, box.getvalue()
    return _boxes[value]


def _unpacked(name, box):
    with _unpacking:
        value = _arrived.get(name)
    if value is None:
        value = pickle.loads(box)  # which may hold others that are to be unpacked
    with _unpacking:
        value = _arrived.setdefault(name, value)
        _arrived.move_to_end(name)
        while len(_arrived) > ARRIVED:
            _arrived.popitem(last=False)
    return value


def _put_together(kind, shape, parts, own, rest, weights):
    pair = kind.__new__(kind)
    for part, config in parts.items():
        # safe_mode would refuse lambdas, which are no more dangerous than the pickle that they came in
        setattr(pair, part, keras.saving.deserialize_keras_object(config, custom_objects=own, safe_mode=False))
    pair._join(shape)
    vars(pair).update(rest)
    pair.load(weights)
    return pair
