"""Every exercise of a lesson is tried with its untouched stub, its own solution, right answers written in unusual ways, and
wrong ones that learners give, each of which has to be told in words of its own."""

import ast
import inspect
import textwrap
from dataclasses import dataclass, field

import keras
import numpy as np

from transferlib.exercises import Exercise
from transferlib.measures import value_at


@dataclass
class Tried:
    """What one exercise is tried with.

    right   answers that must pass
    wrong   (answer, words that its message must hold); no two may get the same message
    alike   (answer, words) of further wrong ones, whose message may be that of another
    given   what the checker is handed beside the answer
    names   what the solution's code finds in the notebook, beside np and at
    """

    right: list
    wrong: list
    alike: list = field(default_factory=list)
    given: tuple = ()
    names: dict = field(default_factory=dict)


class Run:
    """A run that has final accuracies and nothing else."""

    step = np.array([0, 300])

    def __init__(self, target, source=0.5, seed=0):
        self.target_accuracy, self.source_accuracy, self.seed = np.array([0.1, target]), np.array([0.1, source]), seed


def every(module):
    """The exercises of a module by the names that a notebook uses."""
    return {name: value for name, value in vars(module).items() if isinstance(value, Exercise)}


def solved(exercise, **names):
    """Run a solution's own text and return the `answer` that it makes."""
    scope = {"np": np, "value_at": value_at, **names}
    exec(exercise.solution().text, scope)
    return scope["answer"]


class Unseen:
    """What raises whatever is done with it."""

    def __array__(self, *given, **named):
        raise ValueError

    def __repr__(self):
        raise RuntimeError


ODD = (
    *("", b"a", "?", -1, True, 0.123, 1j, 10**400, np.nan, [], [1, "a"], [[1], [1, 2]], (), {}, {1: 2}, set(), int, np),
    *(object(), Unseen(), np.array(None), np.array([]), np.array(["a"]), range(3), iter([1]), keras.Input((3,))),
    *(lambda: 1, lambda *a, **b: None, lambda *a: "", lambda *a: [[1], [1, 2]], lambda *a: {1: 2}, lambda *a: Unseen()),
)


def named(exercise):
    """The mistakes that a checker knows by name: the keys of its tables."""
    if table := inspect.getclosurevars(exercise._checker).nonlocals.get("mistakes"):
        return list(table)
    tree = ast.parse(textwrap.dedent(inspect.getsource(exercise._checker)))
    tables = [node for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    return [key.value for table in tables for key in table.keys if isinstance(key, ast.Constant) and " " in str(key.value)]


def holds(exercise, tried):
    """The exercise answers everything that it is tried with as it should."""
    for stub in (..., None):
        assert exercise.check(stub, *tried.given).text == (
            f"{exercise.name}: no answer yet. Replace the ... and run this cell again."
        )
    for answer in (solved(exercise, **tried.names), *tried.right):
        assert (said := exercise.check(answer, *tried.given).text).startswith(f"✓ {exercise.name}: "), said
    for answer in ODD:
        assert exercise.check(answer, *tried.given).text.startswith(f"✗ {exercise.name}: ")
    told = [exercise.check(answer, *tried.given).text for answer, _ in tried.wrong]
    for said, (_, words) in zip(told, tried.wrong):
        assert said.startswith(f"✗ {exercise.name}: ") and words in said, f"{words!r} is not in {said!r}"
        assert len(said) < 400, "a message is a line or two"
    assert len(set(told)) == len(told), sorted(told)
    for answer, words in tried.alike:
        said = exercise.check(answer, *tried.given).text
        assert said.startswith(f"✗ {exercise.name}: ") and words in said, f"{words!r} is not in {said!r}"
    never = [message for message in named(exercise) if not any(message in said for said in told)]
    assert not never, f"no wrong answer shows that these are told: {never}"
    fresh = Exercise(exercise.name, exercise._checker, exercise._hints, exercise._solution)
    n = len(exercise._hints)
    hints = [fresh.hint().text for _ in range(n + 1)]
    assert n >= 2 and len(set(hints)) == n and hints[-1] == hints[-2] and hints[0].startswith(f"Hint 1 of {n}: ")
