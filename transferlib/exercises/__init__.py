"""Exercises with an immediate, specific answer: check · hint · solution. The exercises of each lesson have a module each.

A checker returns what to say of a right answer and raises `Wrong` for each mistake that it knows. An answer that is still
`...` or None is not wrong, only not given, so an untouched notebook runs through. What the reader's own code raises is told
as the reader's; whatever else a checker raises is our own mistake, and is thrown as that.
"""

import inspect
from collections.abc import Callable, Iterable

import numpy as np

from transferlib.widgets.display import Shown


class Wrong(Exception):
    """What is wrong with an answer, in words for its author."""


class Exercise:
    """One exercise.

    checker   checker(answer, …) → what to say when it is right; raises Wrong(message) for each mistake it knows. What else
              it looks at, such as the reader's own results, is handed on by `check`
    hints     shown one after the other by `hint()`, from a nudge to nearly the answer
    solution  one right answer, as code
    """

    def __init__(self, name: str, checker: Callable[..., str], hints: tuple[str, ...], solution: str):
        self.name, self._checker, self._hints, self._solution = name, checker, hints, solution
        self._given = 0

    def check(self, answer=..., *given) -> Shown:
        """Say whether the answer is right and, if not, what is wrong with it."""
        if answer is ... or answer is None:
            return Shown(f"{self.name}: no answer yet. Replace the ... and run this cell again.")
        try:
            return Shown(f"✓ {self.name}: {self._checker(answer, *given)}")
        except Wrong as mistake:
            return Shown(f"✗ {self.name}: {mistake}")
        except Exception as error:
            raise RuntimeError(f"{self.name}: the checker failed. This is our mistake, not yours.") from error

    def hint(self) -> Shown:
        """The next hint; after the last one, the last again."""
        number = min(self._given, len(self._hints) - 1)
        self._given += 1
        return Shown(f"Hint {number + 1} of {len(self._hints)}: {self._hints[number]}")

    def solution(self) -> Shown:
        """One right answer."""
        return Shown(self._solution)


def exercise(*hints: str, solution: str, name: str | None = None) -> Callable[[Callable], Exercise]:
    """Make a checker an exercise that bears its name, or another."""
    return lambda checker: Exercise(name or checker.__name__, checker, hints, solution)


def need(condition, message: str) -> None:
    """Raise Wrong(message) unless the condition holds."""
    if not condition:
        raise Wrong(message)


def number(answer) -> int | float:
    """The answer as a finite number, whole if it is whole, whatever its type (NumPy's and Keras's too), or Wrong."""
    value = numbers(answer, f"a number is asked for, not {_short(answer)}.")
    fit = value.ndim == 0 and np.isfinite(value) and np.asarray(answer).dtype != bool
    need(fit, f"a number is asked for, not {_short(answer)}.")
    return int(value) if value == int(value) else float(value)


def numbers(got, otherwise: str = "") -> np.ndarray:
    """What the reader's code returned as an array of floats, lists and tensors too, or Wrong."""
    need(got is not None, "it returns nothing: is there a `return`?")
    try:
        found = np.real_if_close(np.asarray(got))
    except Exception:  # a ragged list, a symbolic tensor
        found = np.array(None)
    need(found.dtype.kind in "biuf", otherwise or f"it should return numbers, and returns {_short(got)}.")
    return found.astype(float)


def run(function: Callable, *given):
    """What the reader's own code returns on copies of the arguments; what it raises is told as its own mistake."""
    copies = [a.copy() if isinstance(a, (np.ndarray, list)) else a for a in given]
    try:
        with np.errstate(all="ignore"):  # a NaN that comes back is told in words
            return function(*copies)
    except Wrong:
        raise
    except Exception as error:
        raise Wrong(f"your answer raised {type(error).__name__}: {error}") from error


def function_of(names: str, answer) -> Callable:
    """The reader's function, to be called with arguments of these names ("a, b") as by `run`, or Wrong."""
    need(callable(answer), f"a function of ({names}) is asked for, not {_short(answer)}.")
    try:
        signature = inspect.signature(answer)
        signature.bind(*names.split(", "))
    except TypeError:
        raise Wrong(f"a function of ({names}) is asked for, and yours takes {signature}.") from None
    except ValueError:
        pass  # some functions written in C do not tell what they take
    return lambda *given: run(answer, *given)


def match(got, right, mistakes: dict[str, object], otherwise: str, near: float = 1e-6) -> None:
    """Raise Wrong unless `got` is right, with the message of the mistake whose result it is, or otherwise.

    mistakes   {message: result, or a function without arguments that gives it}
    near       how far a number may be off, as a share of the largest that is expected
    """
    if _same(got, right, near):
        return
    for message, wrong in mistakes.items():
        need(not _same(got, wrong() if callable(wrong) else wrong, near), message)
    raise Wrong(otherwise)


def compare(
    answer,
    names: str,
    expected: Callable | tuple[Callable, ...],
    mistakes: dict[str, Callable | tuple[Callable, ...]],
    cases: Iterable[tuple],
    *,
    read: Callable = numbers,
    near: float = 1e-4,
    otherwise: Callable | None = None,
) -> None:
    """Call the reader's function on cases and raise Wrong unless it agrees with the expected one on all of them.

    names      what the function takes, in words: "a, b"
    expected   the right function, or several, each right on all cases; the first is the one to tell of
    mistakes   {message: function, or several}: the message is told when the answer agrees with one on all cases
    cases      tuples of arguments
    read       makes what a function returns an array, the reader's and ours; may raise Wrong
    near       how far a number may be off, as a share of the largest that is expected: single precision is near enough
    otherwise  otherwise(got, right), of the first wrong case → what to say when no mistake fits
    """
    cases = list(cases)

    def results(function):
        with np.errstate(all="ignore"):
            return [read(function(*case)) for case in cases]

    def agrees(functions):
        several = functions if isinstance(functions, tuple) else (functions,)
        return any(all(_same(g, w, near) for g, w in zip(got, results(function))) for function in several)

    got = results(function_of(names, answer))
    if agrees(expected):
        return
    for message, mistaken in mistakes.items():
        need(not agrees(mistaken), message)
    rights = results(expected[0] if isinstance(expected, tuple) else expected)
    for g, right in zip(got, rights):
        need(g.shape == right.shape, f"it should return {_shape(right)}, and returns {_shape(g)}.")
    finite = all(np.isfinite(g).all() for g, right in zip(got, rights) if np.isfinite(right).all())
    need(finite, "there are NaN or infinite numbers in what it returns.")
    case, g, right = next(three for three in zip(cases, got, rights) if not _same(*three[1:], near))
    given = ", ".join(f"{name} = {_short(value)}" for name, value in zip(names.split(", "), case))
    raise Wrong(otherwise(g, right) if otherwise else f"for {given} {_difference(g, right, near)}.")


def _off(got, want, near):
    """Where two arrays of one shape differ by more than a share `near` of the largest number that is wanted."""
    return ~np.isclose(got, want, rtol=0, atol=near * np.abs(np.nan_to_num(want)).max(initial=1e-9), equal_nan=True)


def _same(got, want, near):
    got, want = np.asarray(got, float), np.asarray(want, float)
    return got.shape == want.shape and not _off(got, want, near).any()


def _shape(array):
    return f"numbers of the shape {array.shape}" if array.ndim else "one number"


def _short(value):
    """A few numbers or words as they are, of many the shape, of anything else the kind."""
    if isinstance(value, (np.ndarray, np.generic, int, float)) and np.asarray(value).dtype.kind in "iufc":
        array = np.asarray(value)
        few = array.size <= 8
        return np.array2string(array, precision=3, separator=", ") if few else f"numbers of the shape {array.shape}"
    return repr(value) if isinstance(value, (str, bool, list)) and len(repr(value)) < 40 else f"a {type(value).__name__}"


def _difference(got, want, near):
    """Where two arrays of one shape differ, in one line: all of a few numbers, the first of many."""
    if got.size <= 8:
        return f"it gives {_short(got)} instead of {_short(want)}"
    place = tuple(np.argwhere(_off(got, want, near))[0].tolist())
    first = f"the first wrong one of its {got.size} numbers, at {list(place)},"
    return f"{first} is {got[place]:.4g} instead of {want[place]:.4g}"
