"""What was computed is not computed again: results by the content of what was asked, in memory, and in a folder on request.

A result is named by the function that makes it, with its code and all that it imports of this library, by its arguments, and
by the versions of the packages that compute. So another kernel, or another machine, finds it.
"""

import functools
import importlib
import inspect
import json
import os
import threading
import uuid
import warnings
from collections import OrderedDict
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass
from pathlib import Path

import keras
import numpy as np
import scipy
import sklearn
import tensorflow as tf

from transferlib.fingerprint import fingerprint
from transferlib.measures import PerSeed
from transferlib.networks import Pair
from transferlib.parallel import outside_the_pool

VERSIONS = [f"{each.__name__} {each.__version__}" for each in (tf, keras, np, scipy, sklearn)]


class Memory:
    """The results that were asked for last: so many, and so many bytes of arrays."""

    def __init__(self, number: int = 2048, size: float = 256e6):
        self.number, self.size, self.places, self.lock = number, size, OrderedDict(), threading.Lock()

    def place(self, name: str, held: tuple) -> "_Place":
        """Where the result of this name is, or will be. held: what must live as long as the name means something."""
        with self.lock:
            place = self.places.setdefault(name, _Place(held))
            self.places.move_to_end(name)
        return place

    def drop_oldest(self) -> None:
        with self.lock:
            size = sum(each.size for each in self.places.values())
            while len(self.places) > 1 and (len(self.places) > self.number or size > self.size):
                size -= self.places.popitem(last=False)[1].size


class _Place:
    def __init__(self, held):
        self.held, self.result, self.size, self.lock = held, None, 0, threading.Lock()

    def fill(self, result):
        self.result, self.size = result, _bytes(result)
        _memory.drop_oldest()
        return result


def _bytes(value):
    """How many bytes of arrays a result holds. Nobody may write into them: who asks next is given the same ones."""
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
        return value.nbytes
    if is_dataclass(value):
        value = vars(value)
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return sum(map(_bytes, members))


_memory = Memory()


def forget() -> None:
    """Forget what is in memory, so that the same call computes anew. What lies in a folder stays: it has a `clear`."""
    with _memory.lock:
        _memory.places.clear()


def cached(make: Callable) -> Callable:
    """make, but computed once for the same arguments, whether they are given by place or by name."""
    signature = inspect.signature(make)

    @functools.wraps(make)
    def asked(*arguments, **named):
        bound = signature.bind(*arguments, **named)
        bound.apply_defaults()
        return get_or_make(make, *bound.args, **bound.kwargs)

    return asked


def get_or_make(make: Callable, *arguments, **named):
    """make(*arguments, **named), from memory or the folder where it was made before; two threads that ask make it once."""
    with _place_of(make, arguments, named) as (place, key):
        if place.result is None:
            with outside_the_pool():  # its own jobs must not wait for a thread that waits for this result
                _store(place.fill(make(*arguments, **named)), *key)
        return place.result


def get(make: Callable, *arguments, **named):
    """What get_or_make would find, or None where it would have to make it."""
    with _place_of(make, arguments, named) as (place, _):
        return place.result


def put(result, make: Callable, *arguments, **named):
    """Keep what make(*arguments, **named) gave elsewhere, and return it."""
    with _place_of(make, arguments, named) as (place, key):
        _store(result, *key)
        return place.fill(result)


@contextmanager
def _place_of(make, arguments, named):
    """(the place of a result, locked, and filled from the folder where it lies there; what tells it from others)"""
    key = fingerprint(VERSIONS, inspect.unwrap(make), arguments, dict(sorted(named.items())))
    place = _memory.place(*key)
    with place.lock:
        name, held = key  # what is held has no name outside this process
        if place.result is None and _folder is not None and not held and (stored := _folder.get(name)) is not None:
            place.fill(stored)
        yield place, key


def _read(file):
    """All arrays of a .npz file, read to the end: so zip's sum of every array is checked.

    NumPy has an array's form parsed as Python, and CPython 3.11 can fail there while another thread parses: then again.
    """
    for again in range(5, -1, -1):
        try:
            with np.load(file, allow_pickle=False) as stored:
                return dict(stored)
        except SystemError:
            if not again:
                raise


class Folder:
    """Results on disk, a .npz file each. Any number of processes may share one folder: a file appears when it is complete.

    A file that cannot be read counts as missing, and a result that cannot be written is not stored; both are said. A folder
    in which one may not write, such as a class's, is only read.
    """

    def __init__(self, path: str | os.PathLike):
        self.path = Path(path).expanduser().resolve()

    def get(self, name: str):
        """What is stored under this name, or None."""
        file = self._file(name)
        try:
            arrays = _read(file)
            about = json.loads(str(arrays.pop("about")))
            if about["name"] != name:
                raise ValueError("it holds another run")
            with suppress(OSError):
                os.utime(file)  # so that who tidies the folder sees what is in use
            return _from_json(about["result"], arrays)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except Exception as error:  # bytes that are not ours can fail in any way, and so can a lack of memory or files
            _say(f"{file} cannot be used ({error or type(error).__name__}); its run is made again")

    def put(self, name: str, result) -> None:
        """Store a result under this name: numbers, words, arrays, the dicts and lists of them, and our dataclasses."""
        if self._only_read():
            return
        part, arrays = self.path / f"{uuid.uuid4().hex}.part", {}
        try:
            about = json.dumps({"name": name, "result": _to_json(result, arrays)})
            try:
                self.path.mkdir(parents=True, exist_ok=True)
                with open(part, "xb") as file:
                    np.savez(file, about=about, **arrays)
                os.replace(part, self._file(name))
            finally:
                _delete(part)
        except (OSError, TypeError) as error:
            why = getattr(error, "strerror", None) or error
            _say(f"{self.path} takes no results ({why}); the study goes on without storing them")

    def __len__(self) -> int:
        return sum(1 for _ in self.path.glob("*.npz"))

    def size(self) -> int:
        """How many bytes all of it takes."""
        return sum(path.stat().st_size for path in self._all())

    def clear(self) -> None:
        """Delete all that is stored, and what a process that was killed left half written."""
        for path in self._all():
            _delete(path)

    def _all(self):
        return [path for kind in ("*.npz", "*.part") for path in self.path.glob(kind)]

    def _file(self, name):
        return self.path / f"{name}.npz"

    def _only_read(self):
        return self.path.is_dir() and not os.access(self.path, os.W_OK)

    def __repr__(self):
        told = ", only read" * self._only_read()
        return f"Folder({str(self.path)!r}: {len(self)} runs, {self.size() / 1e6:.1f} MB{told})"


def _delete(path):
    with suppress(OSError):  # a folder that may only be read keeps what it has
        path.unlink(missing_ok=True)


def _to_json(value, arrays):
    """The value as JSON can hold it. Arrays go into `arrays`, and their names there stand in their place."""
    if isinstance(value, PerSeed):
        return {"per seed": _to_json(np.asarray(value), arrays), "seeds": _to_json(value.seeds, arrays)}
    if isinstance(value, np.ndarray | np.generic):
        if value.dtype.hasobject:
            raise TypeError("an array of objects, which only pickle could write, and nobody should read")
        arrays[name := f"array {len(arrays)}"] = value
        return {"array": name}
    if is_dataclass(value):
        kind = f"{type(value).__module__}:{type(value).__qualname__}"
        return {"kind": kind, "fields": {f.name: _to_json(getattr(value, f.name), arrays) for f in fields(value)}}
    if isinstance(value, dict):
        return {"dict": [[_to_json(each, arrays) for each in item] for item in value.items()]}
    if isinstance(value, list | tuple):
        if type(value) not in (list, tuple):
            raise TypeError(f"a {type(value).__name__}, which would come back as another kind")
        return {type(value).__name__: [_to_json(each, arrays) for each in value]}
    return value


def _from_json(value, arrays):
    """What `_to_json` was given."""
    match value:
        case {"per seed": values, "seeds": seeds}:
            return PerSeed(_from_json(values, arrays), _from_json(seeds, arrays))
        case {"array": name}:
            return arrays[name][()]  # a number that NumPy made is one again
        case {"kind": kind, "fields": its}:
            module, name = kind.split(":")
            made = getattr(importlib.import_module(module), name) if module.startswith("transferlib.") else None
            if not is_dataclass(made):
                raise ValueError(f"it holds a {kind}")
            return made(**{key: _from_json(each, arrays) for key, each in its.items()})
        case {"dict": its}:
            return {_from_json(key, arrays): _from_json(each, arrays) for key, each in its}
        case {"list": its}:
            return [_from_json(each, arrays) for each in its]
        case {"tuple": its}:
            return tuple(_from_json(each, arrays) for each in its)
    return value


FOLDER = "TRANSFERLIB_FOLDER"  # a folder named there is in use from the beginning, as if every lesson called `use_folder`


def named_folder(environment: dict) -> Folder | None:
    """The folder that the environment names."""
    return Folder(environment[FOLDER]) if environment.get(FOLDER) else None


_folder = named_folder(os.environ)


def use_folder(folder: str | os.PathLike | Folder | None) -> Folder | None:
    """Store results in this folder from now on, and look there first; None: no longer. → `len`, `size()`, `clear()`.

    So they outlive the kernel: after an interruption the same call makes what is missing.

    >>> use_folder("~/.cache/transferlib")  # doctest: +SKIP
    Folder('/home/me/.cache/transferlib': 0 runs, 0.0 MB)
    """
    global _folder
    if folder is not None and not isinstance(folder, Folder):
        try:
            folder = Folder(folder)
            folder.path.mkdir(parents=True, exist_ok=True)
        except (OSError, TypeError, RuntimeError) as error:
            raise ValueError(f"folder must be one that exists or can be made, or None; not {folder!r}: {error}") from error
    _folder = folder
    return folder


def current_folder() -> Folder | None:
    """The folder that is in use."""
    return _folder


def _store(result, name, held):
    if _folder is not None and held:
        why = f"a value of the kind {type(held[0]).__name__} cannot be told from others by its content"
        if any(isinstance(each, Pair) for each in held):
            why = "this network holds code that is not Keras's own"
        _say(f"{why}; the study goes on without storing it")
    elif _folder is not None:
        _folder.put(name, result)


def _say(sentence):
    warnings.warn(sentence, stacklevel=2)
