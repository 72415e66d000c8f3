"""Exercises with an immediate, specific answer: check · hint · solution. A lesson's own lie in its folder.

A checker returns what to say of a right answer and raises `Wrong` for each mistake that it knows. An answer that is still
`...` or None is not given, so an untouched notebook runs through. What the reader's code raises is told as theirs; whatever
else a checker raises is our own mistake, and is thrown.
"""

import inspect
import re
import warnings
from collections.abc import Callable, Iterator, MappingView
from contextlib import contextmanager
from copy import deepcopy
from decimal import Decimal
from numbers import Real
from types import ModuleType

import numpy as np

from transferlib import record
from transferlib.widgets.display import Shown


class Wrong(Exception):
    """What is wrong with an answer, in words for its author."""


class Exercise:
    """One exercise.

    checker   checker(answer, …) → what to say when it is right, or raises Wrong(message); `check` hands on what else it
              looks at, such as the reader's own results
    hints     shown one after the other by `hint()`, from a nudge to nearly the answer
    solution  one right answer, as code
    """

    def __init__(self, name: str, checker: Callable[..., str], hints: tuple[str, ...], solution: str):
        self.name, self._checker, self._hints, self._solution = name, checker, hints, solution
        self._lesson = checker.__module__.removeprefix("transferlib.lessons.").partition(".")[0]
        self._given = 0

    def check(self, answer=..., *given) -> Shown:
        """Say whether the answer is right and, if not, what is wrong with it; `right` is None without an answer."""
        if answer is ... or answer is None:
            return Shown(f"{self.name}: no answer yet. Replace the ... and run this cell again.")
        try:
            shown = Shown(f"✓ {self.name}: {self._checker(answer, *given)}", True)
        except Wrong as mistake:
            shown = Shown(f"✗ {self.name}: {mistake}", False)
        except Exception as error:
            raise RuntimeError(f"{self.name}: the checker failed. This is our mistake, not yours.") from error
        record.tried(self._lesson, self.name, shown.right)
        return shown

    def hint(self) -> Shown:
        """The next hint; after the last one, the last again."""
        number = min(self._given, len(self._hints) - 1)
        self._given += 1
        return Shown(f"Hint {number + 1} of {len(self._hints)}: {self._hints[number]}")

    def solution(self) -> Shown:
        """One right answer."""
        return Shown(self._solution)


def your_exercises(lesson: ModuleType) -> Shown:
    """All exercises of a lesson's module: right, not yet, not tried; and where that is kept."""
    exercises = [each for each in vars(lesson).values() if isinstance(each, Exercise)]
    if not exercises:
        raise ValueError(f"{lesson!r} holds no exercise; give the module that the lesson calls `exercise`")
    kept, where = record.answered("exercises", exercises[0]._lesson), record.place()
    tried = {each.name: kept[each.name]["right"] for each in exercises if each.name in kept}
    n, right = len(exercises), sum(tried.values())
    count = f"{n} exercise{'s' * (n > 1)}: "
    if not tried:
        return Shown(f"{count}none tried yet.")
    lines = [f"{count}{right} right, {len(tried) - right} not yet, {n - len(tried)} not tried."]
    lines += [f"{'·✗✓'[1 + tried.get(each.name, -1)]} {each.name}" for each in exercises]
    lines.append(f"Kept in {where.parent.name}/{where.name}." if where else "Forgotten when this kernel ends.")
    return Shown("\n".join(lines))


def exercise(*hints: str, solution: str, name: str | None = None) -> Callable[[Callable], Exercise]:
    """Make a checker an exercise that bears its name, or another."""
    return lambda checker: Exercise(name or checker.__name__, checker, hints, solution)


def code_exercise(
    *hints: str, solution: str, mistakes: dict[str, object], praise: str, right: str | tuple = (), **how
) -> Callable[[Callable], Exercise]:
    """Make a function that gives cases an exercise which asks for a function: that of the solution.

    solution   `def answer(a, b)` as code, with all that its module has at hand
    mistakes   {message: code}: told when the answer agrees with it on all cases. "old → new" is the solution with that
               changed; any other code is what a function of (a, b) returns, where `answer` is the right one. Or a
               function; or several of these in a tuple
    praise     what is said of a right answer; right: further code that is as right as the solution
    how        read, near and otherwise of `compare`
    """

    def made(cases):
        def checker(answer):
            scope = dict(cases.__globals__)
            exec(solution, scope)
            true = scope["answer"]
            names = ", ".join(inspect.signature(true).parameters)

            def functions(codes):
                codes = codes if isinstance(codes, tuple) else (codes,)
                return tuple(_variant(code, solution, names, scope) for code in codes)

            wrong = {message: functions(codes) for message, codes in mistakes.items()}
            compare(answer, names, (true, *functions(right)), wrong, cases(), **how)
            return praise

        checker.__module__ = cases.__module__
        return Exercise(cases.__name__, checker, hints, solution)

    return made


def of_students_t(t: str) -> dict[str, object]:
    """Mistakes of a 95 % interval, for `code_exercise`: its solution holds the code `t`, Student's t, and std(…ddof=1)."""
    return {
        "it uses 1.96 or 2, as of a normal. Over few values Student's t is wider: stats.t.ppf(0.975, n - 1).": (
            f"{t} → 1.96",
            f"{t} → 2",
        ),
        "this is one standard error; for 95 % it is multiplied by Student's t.": f"{t} → 1",
        "it leaves 5 % out on each side. For a 95 % interval that is 2.5 % a side: ppf(0.975).": "0.975 → 0.95",
        "it leaves ½ % out on each side, as for 99 %. For a 95 % interval it is 2.5 %: ppf(0.975).": "0.975 → 0.995",
        "n differences have n - 1 degrees of freedom, not n.": f"{t} → {t.replace(' - 1', '')}",
        "it divides by n in the standard deviation; ddof=1 divides by n - 1.": "ddof=1 → ddof=0",
        "it takes the variance; s is its root, the standard deviation.": "std → var",
    }


def _variant(code, solution, names, scope):
    """The function that `code` says, as in `code_exercise`."""
    if callable(code):
        return code
    old, arrow, new = (part.strip() for part in code.partition("→"))
    if not arrow:
        return eval(f"lambda {names}: ({code})", scope)
    if old not in solution:
        raise ValueError(f"the solution has no {old!r}, which {code!r} changes")
    changed = dict(scope)
    exec(solution.replace(old, new), changed)
    return changed["answer"]


def need(condition, message: str) -> None:
    """Raise Wrong(message) unless the condition holds."""
    if not condition:
        raise Wrong(message)


def number(answer) -> int | float:
    """The answer as a finite number of any type, or alone in a list or array; whole if it is whole. Or Wrong."""
    asked = f"a number is asked for, not {short(answer)}."
    value = numbers(answer, asked)
    need(value.size == 1 and np.isfinite(value).all() and np.asarray(answer).dtype != bool, asked)
    value = value.item()
    return int(value) if value == int(value) else value


def numbers(got, otherwise: str = "") -> np.ndarray:
    """What the reader's code returned as an array of floats, lists, tensors and Python's fractions too, or Wrong."""
    need(got is not None, "it returns nothing: is there a `return`?")
    try:
        found = np.real_if_close(np.asarray(got))
        if found.dtype == object and all(isinstance(each, (Real, Decimal)) for each in found.flat):
            found = found.astype(float)
    except Exception:  # a ragged list, a symbolic tensor, a whole number that is too large for a float
        found = np.array(None)
    need(found.dtype.kind in "biuf", otherwise or f"it should return numbers, and returns {short(got)}.")
    return found.astype(float)


def several(got, asked: str, n: int | None = None) -> list:
    """What a list, tuple, array, generator … holds, n things if n is given (then of a dictionary its values); or Wrong."""
    need(got is not None, "it returns nothing: is there a `return`?")
    need(hasattr(got, "__iter__") and not isinstance(got, (str, bytes)) and getattr(got, "ndim", 1), asked)
    got = run(lambda: list(got.values() if n and isinstance(got, dict) else got))
    need(n in (None, len(got)), asked)
    return got


def by_number(answer, names, kind: str) -> str:
    """Which of some names, each with a number in it as in "λ = 0.5", is meant by text with it, or by it alone; or Wrong."""
    answer = answer.tolist() if isinstance(answer, np.ndarray) else answer
    answer = answer[0] if isinstance(answer, (list, tuple)) and len(answer) == 1 else answer
    said = re.findall(r"-?(?:\d+\.?\d*|\.\d+)", str(answer)) if isinstance(answer, (str, Real, Decimal)) else []
    meant = {float(re.search(r"\d+\.?\d*", name)[0]): name for name in names}.get(float(said[0]) if len(said) == 1 else None)
    need(meant, f"{short(answer)} is not one of the {kind}; they are {', '.join(names)}.")
    return meant


def run(function: Callable, *given):
    """What the reader's code returns on copies of the arguments, an iterator as a list; what it raises is told as Wrong."""
    copies = [deepcopy(a) if isinstance(a, (np.ndarray, list, tuple, dict)) else a for a in given]
    try:
        with _quiet():
            got = function(*copies)
            return list(got) if isinstance(got, (Iterator, MappingView)) else got
    except Wrong:
        raise
    except Exception as error:
        raise Wrong(f"your answer raised {type(error).__name__}: {str(error):.300}") from error


def function_of(names: str, answer) -> Callable:
    """The reader's function, to be called with arguments of these names ("a, b") as by `run`, or Wrong."""
    need(callable(answer), f"a function of ({names}) is asked for, not {short(answer)}.")
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):  # some functions written in C do not tell what they take
        return lambda *given: run(answer, *given)
    try:
        signature.bind(*names.split(", "))
    except TypeError:
        raise Wrong(f"a function of ({names}) is asked for, and yours takes {signature}.") from None
    return lambda *given: run(answer, *given)


def match(got, right, mistakes: dict[str, object], otherwise: str, near: float = 1e-6) -> None:
    """Raise Wrong unless `got` is right, with the message of the mistake whose result it is, or otherwise.

    mistakes   {message: result, or a function without arguments that gives it}
    near       how far a number may be off, as a share of the largest that is expected
    """

    def fits(want):
        return _same(got, want() if callable(want) else want, near)

    _judge(fits, right, mistakes, lambda: otherwise)


def compare(answer, names, right, mistakes, cases, *, read=numbers, near=1e-4, otherwise=None) -> None:
    """Call the reader's function on cases and raise Wrong unless it agrees with the right one on all of them.

    names      what the function takes, in words: "a, b"; cases: tuples of such arguments
    right      the right function, or several in a tuple, each right on all cases; the first is told of
    mistakes   {message: function, or several in a tuple}: told when the answer agrees with one on all cases
    read       makes what a function returns an array, the reader's and ours; may raise Wrong
    near       how far a number may be off, as a share of the largest expected; for single precision
    otherwise  otherwise(got, wanted), of the first wrong case → what to say when no mistake fits
    """
    cases, yours = list(cases), function_of(names, answer)
    rights = right if isinstance(right, tuple) else (right,)
    wanted = [read(rights[0](*case)) for case in cases]
    got = [_one(read(yours(*case)), want) for case, want in zip(cases, wanted)]

    def agrees(function):
        try:
            with _quiet():
                return all(_same(g, read(function(*case)), near) for g, case in zip(got, cases))
        except Exception:  # a mistake that nobody can make on this case, where shapes do not fit
            return False

    def tell():
        for g, want in zip(got, wanted):
            shapes = (f"numbers of the shape {a.shape}" if a.ndim else "one number" for a in (want, g))
            need(g.shape == want.shape, "it should return {}, and returns {}.".format(*shapes))
        finite = all(np.isfinite(g[np.isfinite(want)]).all() for g, want in zip(got, wanted))
        need(finite, "there are NaN or infinite numbers in what it returns.")
        case, *two = next(three for three in zip(cases, got, wanted) if not _same(*three[1:], near))
        given = ", ".join(f"{name} = {short(value)}" for name, value in zip(names.split(", "), case))
        return otherwise(*two) if otherwise else f"for {given} {_difference(*two, near)}."

    _judge(lambda f: any(map(agrees, f if isinstance(f, tuple) else (f,))), rights, mistakes, tell)


def _judge(fits, right, mistakes, tell):
    """Raise Wrong unless what is right fits: with the first mistake that does, or what `tell()` says."""
    if not fits(right):
        for message, mistaken in mistakes.items():
            need(not fits(mistaken), message)
        raise Wrong(tell())


@contextmanager
def _quiet():
    """No warnings: what comes of a division by zero or the mean of nothing is told in words."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _one(got, want):
    """An array that holds one number is that number, where one number is wanted."""
    return got.reshape(()) if got.size == 1 and want.ndim == 0 else got


def _off(got, want, near):
    """Where two arrays of one shape differ by more than a share `near` of the largest number wanted."""
    largest = np.abs(np.nan_to_num(want, posinf=0, neginf=0)).max(initial=1e-9)
    return ~np.isclose(got, want, rtol=0, atol=near * largest, equal_nan=True)


def _same(got, want, near):
    got, want = np.asarray(got, float), np.asarray(want, float)
    return got.shape == want.shape and not _off(got, want, near).any()


def short(value, digits=3):
    """A few numbers or words as they are, of many and of a table the shape, of anything else the kind."""
    if isinstance(value, (np.ndarray, np.generic, int, float)) and np.asarray(value).dtype.kind in "iufc":
        few = np.array2string(np.asarray(value), precision=digits, separator=", ").removesuffix(".")
        return few if np.size(value) <= 8 and np.ndim(value) < 2 else f"numbers of the shape {np.shape(value)}"
    value = str(value) if isinstance(value, str) else value  # NumPy's text, too
    few = isinstance(value, (str, bool, list)) and len(repr(value)) < 40
    return repr(value) if few else f"a {type(value).__name__}"


def _difference(got, want, near):
    """Where two arrays of one shape differ, in one line: all of a few numbers, the first of many or of a table."""
    where = "it gives"
    if got.size > 8 or got.ndim > 1:
        place = tuple(np.argwhere(_off(got, want, near))[0].tolist())
        where = f"the first wrong one of its {got.size} numbers, at {list(place)}, is"
        got, want = got[place], want[place]
    pairs = [(short(got, digits), short(want, digits)) for digits in range(3, 18)]
    return "{} {} instead of {}".format(where, *next((two for two in pairs if two[0] != two[1]), pairs[-1]))
