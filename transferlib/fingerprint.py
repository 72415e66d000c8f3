"""What a value *is*, as a hash: equal for two functions, networks or tasks that compute the same, in any process.

A function is told by its code and by all that the code reads: closure, defaults, globals, and the functions among them.
"""

import dis
import functools
import hashlib
import re
import sys
import sysconfig
import types
import weakref
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from itertools import chain
from numbers import Number
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from transferlib.layers import as_text
from transferlib.networks import PARTS, Pair
from transferlib.tasks import Task

OURS, ROOT = __name__.partition(".")[0], Path(__file__).parents[1]
INSTALLED = tuple({sysconfig.get_path(key) for key in ("stdlib", "platstdlib", "purelib", "platlib")})
PLAIN = str | bytes | Number | np.generic | np.dtype | range | slice | types.EllipsisType | types.NoneType
_contents = weakref.WeakKeyDictionary()


def fingerprint(*values, live: bool = False) -> tuple[str, tuple]:
    """(the SHA-256 of all the values, the objects that only their identity tells from others).

    Where there are such objects, the hash means nothing in another process, and here only as long as they are held.
    live: a network or variable that code reads is itself, not what it holds now: for a program, which reads it later.
    """
    made = _Hash(live)
    made.add(values)
    return made.digest.hexdigest(), tuple(made.held)


def content(value: Pair | Task) -> str:
    """The hash of a network or task by what a training can depend on."""
    if value not in _contents:
        made = _Hash()
        made.add(_facts_of_a_pair(value) if isinstance(value, Pair) else [getattr(value, f.name) for f in fields(value)])
        _contents[value] = made.digest.hexdigest()
    return _contents[value]


def _facts_of_a_pair(pair):
    # Where two seeds begin alike, there stand the weights that were handed in; the rest follows from the build.
    begun = [pair.fresh(seed, keep_given=True)[part] for seed in (0, 1) for part in PARTS]
    like = [] if pair.source_pair is pair else [content(pair.source_pair)]
    return [type(pair).__qualname__, pair.build, begun, like]


def loaded(pair: Pair) -> dict | None:
    """A network's weights of now; None where they are those that it was made with, which are other ones in each kernel."""
    now = pair.weights()
    as_made = not pair._opened and all(map(np.array_equal, chain(*now.values()), chain(*pair._begun.values())))
    return None if as_made else now


def build(model: keras.Model) -> str:
    """What a model is made of, as text, without its weights; one that cannot be written down is like no other."""
    try:
        return as_text(model) + str([v.trainable for v in model.variables])
    except (NotImplementedError, TypeError, ValueError):
        return f"unlike any other: {id(model)}"


def holds_code(text: str) -> bool:
    """Whether what a network is made of, as text, names code that is not Keras's: that may change, its name need not."""
    return text.startswith("unlike any other") or re.search(r'"module": "(?!keras)', text) is not None


class _Hash:
    """A hash in the making."""

    def __init__(self, live=False):
        self.digest, self.live, self.held, self.functions, self.within = hashlib.sha256(), live, [], {}, []
        self.read = False  # whether code reads what is added now

    def say(self, *words):
        self.digest.update(repr(words).encode())

    def add(self, value):
        if isinstance(value, PLAIN):
            self.say(type(value).__name__, value)
        elif isinstance(value, np.ndarray) and not value.dtype.hasobject:
            self.say("array", value.dtype.str, value.shape)
            self.digest.update(np.ascontiguousarray(value))
        elif isinstance(value, Pair | Task):
            self.say(type(value).__name__, content(value))
            if isinstance(value, Pair):
                self._pair(value)
        elif isinstance(value, dict | list | tuple | set | frozenset):
            self._members(value)
        elif isinstance(value, types.CodeType):
            self._code(value)
        elif isinstance(value, types.ModuleType) and (_installed(value.__name__) or _ours(value.__name__)):
            self._imported(value.__name__)
        elif isinstance(value, types.BuiltinFunctionType) and not isinstance(value.__self__, types.ModuleType | None):
            self._read((value.__qualname__, value.__self__))  # such as a dict's get
        elif isinstance(value, type | types.FunctionType | types.BuiltinFunctionType | np.ufunc):
            self._named(value)
        elif isinstance(value, types.MethodType):
            self._read((value.__func__, value.__self__))
        elif isinstance(value, functools.partial):
            self._read(("partial", value.func, value.args, value.keywords))
        elif isinstance(value, tf.Variable | keras.Variable):
            self._itself(value) if self.live else self.add(np.asarray(value))
        elif tf.is_tensor(value) and hasattr(value, "numpy"):  # slow to ask
            self.add(value.numpy())
        elif isinstance(value, property | staticmethod | classmethod):
            self.add([value.fget, value.fset] if isinstance(value, property) else value.__func__)
        elif isinstance(value, keras.Model) and not self.live and not holds_code(text := build(value)):
            self.add([text, value.get_weights()])
        elif is_dataclass(value):
            self._read([type(value), {f.name: getattr(value, f.name) for f in fields(value)}])
        elif isinstance(inner := getattr(value, "__wrapped__", getattr(value, "python_function", None)), Callable):
            self.add(("wrapped", type(value).__name__, inner))  # by functools.lru_cache, by tf.function
        else:
            self._itself(value)

    def _read(self, value):
        """Add what code reads."""
        before, self.read = self.read, True
        self.add(value)
        self.read = before

    def _pair(self, pair):
        """Of a network that code reads the weights too that it holds now."""
        if holds_code(pair.build):
            self.held.append(pair)
        if self.read and self.live:
            self._itself(pair)
        elif self.read:
            self.add(loaded(pair))

    def _itself(self, value):
        """One of a kind: its place in memory, which stays its own as long as the caller holds it, and what it holds now."""
        self.say("itself", type(value).__qualname__, id(value))
        if any(value is each for each in self.held):
            return
        self.held.append(value)
        if isinstance(value, keras.Layer):
            self.add(None if self.live else value.get_weights())
        elif isinstance(value, types.SimpleNamespace) or not (_installed(module := type(value).__module__) or _ours(module)):
            self._read(getattr(value, "__dict__", None))

    def _members(self, value):
        if id(value) in self.within:
            self.say("within itself", len(self.within) - self.within.index(id(value)))
            return
        self.within.append(id(value))
        self.say(type(value).__name__, len(value))
        if isinstance(value, set | frozenset):
            value = sorted(value, key=lambda each: (type(each).__name__, repr(each)))  # their own order is another each time
        for each in chain.from_iterable(value.items()) if isinstance(value, dict) else value:
            self.add(each)
        self.within.pop()

    def _imported(self, module):
        """What was installed, or is ours, is told by its name; of ours the text counts too."""
        self.say("of", module, source(module) if _ours(module) else "")

    def _named(self, value):
        """A function or class."""
        module, name = getattr(value, "__module__", None) or "builtins", getattr(value, "__qualname__", value.__name__)
        inner = "<locals>" in name
        made = module == "builtins" and isinstance(value, types.FunctionType)  # by exec, in no module
        if _ours(module) or _installed(module) and not inner and not made:
            self._imported(module)
            self.say(name)
            if isinstance(value, types.FunctionType) and inner:
                self._surroundings(value)
        elif not isinstance(value, types.FunctionType | type):
            self._itself(value)
        elif value in self.functions:
            self.say("again", self.functions[value])  # one that calls itself, or is called twice
        else:
            self.functions[value] = len(self.functions)
            if isinstance(value, type):
                self.add(value.__bases__)
                self.add({key: each for key, each in vars(value).items() if key not in _OF_EVERY_CLASS})
            else:
                self.add(value.__code__)
                self._surroundings(value)
                self._globals(value)

    def _surroundings(self, function):
        cells = [each.cell_contents if _filled(each) else "empty" for each in function.__closure__ or ()]
        self._read([function.__defaults__, function.__kwdefaults__, cells])

    def _code(self, code):
        self.say(code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars, code.co_flags)
        self.say(code.co_argcount, code.co_kwonlyargcount, code.co_posonlyargcount, getattr(code, "co_exceptiontable", b""))
        self.add(code.co_consts)

    def _globals(self, function):
        """What the code reads by name: of a module of the reader's own also what is read of the module."""
        known = vars(__import__("builtins")) | function.__globals__
        for names in sorted(_read_by(function.__code__)):
            self.say("reads", names)
            value = known.get(names[0], "nothing")
            own = isinstance(value, types.ModuleType) and not _installed(value.__name__) and not _ours(value.__name__)
            self._read(getattr(value, names[1], "nothing") if own and len(names) == 2 else value)


_OF_EVERY_CLASS = {"__dict__", "__weakref__", "__module__", "__doc__", "__firstlineno__", "__static_attributes__"}
_BY_NAME = "LOAD_GLOBAL", "LOAD_NAME"
_OF_IT = "LOAD_ATTR", "LOAD_METHOD"


@functools.lru_cache(maxsize=1024)
def _read_by(code):
    """{(name,)} of all globals that the code reads, within its inner functions too; (name, attribute) where one follows."""
    steps = list(dis.get_instructions(code))
    found = {
        (step.argval, following.argval) if following and following.opname in _OF_IT else (step.argval,)
        for step, following in zip(steps, [*steps[1:], None])
        if step.opname in _BY_NAME
    }
    return found.union(*(_read_by(inner) for inner in code.co_consts if isinstance(inner, types.CodeType)))


def _filled(cell):
    try:
        return cell.cell_contents is cell.cell_contents
    except ValueError:  # a name that has no value yet
        return False


@functools.cache
def _ours(module):
    return module.partition(".")[0] == OURS


@functools.cache
def _installed(module):
    """Whether a module came with Python or was installed, so that its name and version say what it is."""
    name = module.partition(".")[0]
    if name in ("__main__", "__mp_main__"):  # a notebook's, though the program that runs it was installed
        return False
    top = sys.modules.get(name)
    file = getattr(top, "__file__", None) or next(iter(getattr(top, "__path__", [])), "")
    return name in sys.stdlib_module_names or file.startswith(INSTALLED)


# {module: its text} of all of this library, as it was when it was imported: a later edit is not yet what runs.
_TEXTS = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path.read_text(encoding="utf-8")
    for path in (ROOT / OURS).rglob("*.py")
}


@functools.cache
def source(module: str) -> str:
    """The hash of a module of ours and of all of ours that it imports; comments and docstrings do not count."""
    reached, ahead = set(), {module, OURS}
    while ahead:
        reached.add(name := ahead.pop())
        ahead |= _compiled(name)[1] - reached
    return hashlib.sha256("".join(_compiled(name)[0] for name in sorted(reached)).encode()).hexdigest()


@functools.cache
def _compiled(module):
    """(the hash of the module's code, the modules of ours that it imports)

    Compiled, not parsed: Python 3.11 counts the depth of all threads' parsing together, a SystemError now and then.
    """
    code, made = compile(_TEXTS.get(module, ""), module, "exec", dont_inherit=True, optimize=2), _Hash()
    made.add((module, code))  # without the numbers of lines, and 2 leaves out docstrings
    return made.digest.hexdigest(), set(_imported_by(code)) & set(_TEXTS)


def _imported_by(code):
    """The names of modules that the code imports, within its inner functions too, and of what it imports from them."""
    if any(name.partition(".")[0] == OURS for name in code.co_names):
        for step in dis.get_instructions(code):
            if step.opname == "IMPORT_NAME":
                yield (module := step.argval)
            elif step.opname == "IMPORT_FROM":
                yield f"{module}.{step.argval}"
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _imported_by(inner)
