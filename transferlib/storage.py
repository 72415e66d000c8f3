"""What was computed is kept: in memory as long as its pair lives, and, where one asks for it, in a folder on disk."""

import functools
import importlib
import inspect
import json
import os
import threading
import uuid
import warnings
import weakref
from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np

from transferlib.fingerprint import fingerprint
from transferlib.travel import name_of


class _Kept:
    """What was computed for pairs, the latest `size` of it; what belongs to a pair goes when the pair goes."""

    def __init__(self, size):
        self.size, self.places, self.lock = size, OrderedDict(), threading.Lock()
        self.known, self.gone = weakref.WeakSet(), deque()

    def place(self, pair, key):
        """A list for the value, empty until it is there, and the lock to hold while it is computed."""
        with self.lock:
            while self.gone:  # before the number of a pair that is gone can be another's
                number = self.gone.popleft()
                self.places = OrderedDict((key, place) for key, place in self.places.items() if key[0] != number)
            if pair not in self.known:
                self.known.add(pair)
                weakref.finalize(pair, self.gone.append, id(pair))
            place = self.places.setdefault((id(pair), *key), ([], threading.Lock()))
            self.places.move_to_end((id(pair), *key))
            while len(self.places) > self.size:
                self.places.popitem(last=False)
        return place


_kept = _Kept(2048)


def forget() -> None:
    """Forget every run, so that the same call computes anew. What `remember` put on disk stays: its folder has a `clear`."""
    with _kept.lock:
        _kept.places.clear()
        _made.clear()


def kept(function: Callable) -> Callable:
    """function(pair, *arguments) that computes each result once, also when two threads ask for it at the same time; a
    result that lies in the folder of `remember` it does not compute at all.

    Tasks and strategies are told apart as objects and values, arguments by what they say, whether by place or by name.
    """
    spelling = inspect.signature(function)

    @functools.wraps(function)
    def asked(*arguments, **named):
        bound = spelling.bind(*arguments, **named)
        bound.apply_defaults()
        value, lock = _kept.place(bound.args[0], (function, *bound.args[1:]))
        if not value:
            with lock:
                if not value:
                    value.append(remembered(function, *bound.args))
        return value[0]

    def keep(result, pair, *arguments):
        """What was kept before, else `result`, which is kept from now on unless it is None."""
        value, lock = _kept.place(pair, (function, *arguments))
        with lock:
            value.extend([result] if result is not None and not value else [])
        return value[0] if value else None

    asked.keep = keep
    return asked


_made = OrderedDict()


def made(make: Callable, *asked):
    """make(*asked), once: what was made before, of all that is asked the same by content, is not made again."""
    name, held = fingerprint(make, asked)
    with _kept.lock:
        value, lock, _ = _made.setdefault(name, ([], threading.Lock(), held))
        _made.move_to_end(name)
        while len(_made) > _kept.size:
            _made.popitem(last=False)
    with lock:
        if not value:
            value.append(remembered(make, *asked))
    return value[0]


class Folder:
    """Results on disk, a .npz file each. Any number of processes may use one folder: a file is there whole or not at all.

    What cannot be read is said in a sentence and counts as not there; what cannot be written is said and goes unstored.
    """

    def __init__(self, path: str | os.PathLike):
        self.path = Path(path).expanduser().resolve()

    def get(self, name: str):
        """What is stored under this name, or None."""
        try:
            with np.load(self._file(name), allow_pickle=False) as stored:
                arrays = dict(stored)  # reads everything, and so checks zip's sum of every array
            about = json.loads(str(arrays.pop("about")))
            if about["name"] != name:
                raise ValueError("it holds another run")
            with suppress(OSError):
                os.utime(self._file(name))  # so that who tidies the folder sees what is in use
            return _read(about["result"], arrays)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except Exception as error:  # bytes that are not ours can fail in any way; none of them may stop a study
            _say(f"{self._file(name)} cannot be used ({error or type(error).__name__}); its run is made again")
            self._drop(self._file(name))

    def put(self, name: str, result) -> None:
        """Store a result under this name: numbers, words, arrays, the dicts and lists of them, and our dataclasses."""
        part, arrays = self.path / f"{uuid.uuid4().hex}.part", {}
        try:
            about = json.dumps({"name": name, "result": _written(result, arrays)})
            try:
                self.path.mkdir(parents=True, exist_ok=True)
                with open(part, "xb") as file:
                    np.savez(file, about=about, **arrays)
                os.replace(part, self._file(name))
            finally:
                self._drop(part)
        except (OSError, TypeError) as error:
            why = getattr(error, "strerror", None) or error
            _say(f"{self.path} takes no results ({why}); the study goes on without storing them")

    def __contains__(self, name: str) -> bool:
        return self._file(name).exists()

    def __len__(self) -> int:
        return sum(1 for _ in self.path.glob("*.npz"))

    def size(self) -> int:
        """How many bytes all of it takes."""
        return sum(path.stat().st_size for path in self._all())

    def clear(self) -> None:
        """Delete all that is stored, and what a process that was killed left half written."""
        for path in self._all():
            self._drop(path)

    def _all(self):
        return [path for kind in ("*.npz", "*.part") for path in self.path.glob(kind)]

    def _file(self, name):
        return self.path / f"{name}.npz"

    def _drop(self, path):
        with suppress(OSError):  # a folder that may only be read keeps what it has
            path.unlink(missing_ok=True)

    def __repr__(self):
        return f"Folder({str(self.path)!r}: {len(self)} runs, {self.size() / 1e6:.1f} MB)"


def _written(value, arrays):
    """The value as JSON can hold it. Arrays are put into `arrays`, and their names there stand in their place."""
    if isinstance(value, (np.ndarray, np.generic)):
        arrays[name := f"array {len(arrays)}"] = value
        return {"array": name}
    if is_dataclass(value):
        kind = f"{type(value).__module__}:{type(value).__qualname__}"
        return {"kind": kind, "fields": {f.name: _written(getattr(value, f.name), arrays) for f in fields(value)}}
    if isinstance(value, dict):
        return {"dict": [[_written(each, arrays) for each in item] for item in value.items()]}
    if isinstance(value, list | tuple):
        return {type(value).__name__: [_written(each, arrays) for each in value]}
    return value


def _read(value, arrays):
    """What `_written` was given."""
    match value:
        case {"array": name}:
            return arrays[name][()]  # a number that NumPy made is one again
        case {"kind": kind, "fields": its}:
            module, name = kind.split(":")
            made = getattr(importlib.import_module(module), name) if module.startswith("transferlib.") else None
            if not is_dataclass(made):
                raise ValueError(f"it holds a {kind}")
            return made(**{key: _read(each, arrays) for key, each in its.items()})
        case {"dict": its}:
            return {_read(key, arrays): _read(each, arrays) for key, each in its}
        case {"list": its}:
            return [_read(each, arrays) for each in its]
        case {"tuple": its}:
            return tuple(_read(each, arrays) for each in its)
    return value


FOLDER = "TRANSFERLIB_FOLDER"  # a folder named there is in use from the beginning, as if every lesson called `remember`
_folder: Folder | None = Folder(os.environ[FOLDER]) if os.environ.get(FOLDER) else None


def remember(folder: str | os.PathLike | None) -> Folder | None:
    """Store what was trained in this folder from now on, and look there first; None: no longer.

    So it outlives the kernel: after an interruption the same call makes what is missing. It is found by content: network
    and given weights, rows, labels, strategy, seed, budget, this library's code. → the folder: `len`, `size()`, `clear()`.

    >>> remember("~/.cache/transferlib")  # doctest: +SKIP
    Folder('/home/me/.cache/transferlib': 0 runs, 0.0 MB)
    """
    try:
        chosen = None if folder is None else Folder(folder)
        if chosen is not None:
            chosen.path.mkdir(parents=True, exist_ok=True)
    except (OSError, TypeError, RuntimeError) as error:
        raise ValueError(f"folder must be one that is there or can be made, or None; not {folder!r}: {error}") from error
    use(chosen)
    return chosen


def use(folder: Folder | None) -> None:
    """`remember` a folder as a worker does, that is sent one: whether it can be made shows when there is a run to store."""
    global _folder
    _folder = folder


def in_use() -> Folder | None:
    """The folder of `remember`."""
    return _folder


def remembered(make: Callable, *asked, **settings):
    """make(*asked, **settings) by way of the folder of `remember`: read from there, or made and stored."""
    folder, name = _place(make, asked, settings)
    if (result := name and folder.get(name)) is None:
        result = make(*asked, **settings)
        if name:
            folder.put(name, result)
    return result


def on_disk(make: Callable, *asked):
    """What the folder of `remember` holds of make(*asked), or None."""
    folder, name = _place(make, asked, {})
    return name and folder.get(name)


def store(result, make: Callable, *asked) -> None:
    """Put a result that was made elsewhere into the folder of `remember`, unless it is there."""
    folder, name = _place(make, asked, {})
    if name and name not in folder:
        folder.put(name, result)


def _place(make, asked, settings):
    """(the folder of `remember`, the name in it of what make(*asked, **settings) is), or (None, None)."""
    if (folder := _folder) is not None:
        try:
            return folder, name_of(getattr(make, "__wrapped__", make), *asked, settings)
        except ValueError as error:
            _say(f"{error}; the study goes on without storing it")
    return None, None


def _say(sentence):
    warnings.warn(sentence, stacklevel=2)
