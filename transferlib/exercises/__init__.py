"""Exercises with an immediate, specific answer: check · hint · solution. The exercises of each lesson have a module each.

A checker says what is wrong by raising `Wrong`; an answer that is still `...` or None is not wrong, only not given, so an
untouched notebook runs through.
"""

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

    def __init__(self, name, checker, hints, solution):
        self.name, self._checker, self._hints, self._solution = name, checker, hints, solution
        self._given = 0

    def check(self, answer=..., *given):
        """Say whether the answer is right and, if not, what is wrong with it."""
        if answer is ... or answer is None:
            return Shown(f"{self.name}: no answer yet. Replace the ... and run this cell again.")
        try:
            return Shown(f"✓ {self.name}: {self._checker(answer, *given)}")
        except Wrong as mistake:
            return Shown(f"✗ {self.name}: {mistake}")
        except Exception as error:  # the answer's own code failed: that too is told, not thrown
            return Shown(f"✗ {self.name}: your answer raised {type(error).__name__}: {error}")

    def hint(self):
        """The next hint; after the last one, the last again."""
        number = min(self._given, len(self._hints) - 1)
        self._given += 1
        return Shown(f"Hint {number + 1} of {len(self._hints)}: {self._hints[number]}")

    def solution(self):
        """One right answer."""
        return Shown(self._solution)


def need(condition, message):
    """Raise Wrong(message) unless the condition holds."""
    if not condition:
        raise Wrong(message)


def number(answer):
    """The answer as a number, or Wrong."""
    need(isinstance(answer, (int, float)) and not isinstance(answer, bool), f"a number is asked for, not {answer!r}.")
    return answer
