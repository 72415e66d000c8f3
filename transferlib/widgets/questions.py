"""Questions without code: a prediction before a run, and a choice with an answer to each wrong turn.

Both work without a person too: nothing has to be chosen for the notebook to run on.
"""

import html
from collections.abc import Iterable

import ipywidgets as widgets

from transferlib import record
from transferlib.widgets.display import Shown, Stored


class _Question(Stored):
    """A card: a question with radio buttons, none of them chosen; shown as plain text where no kernel runs."""

    _tag = ""

    def __init__(self, question: str, options: Iterable[str]):
        self._question, self._options = question, list(options)
        if not 2 <= len(set(self._options)) == len(self._options):
            raise ValueError(f"a question needs two options or more, each of them once, not {self._options}")
        heading = widgets.HTML(f"<span class='transfer-tag'>{self._tag}</span> <b>{html.escape(question)}</b>")
        self._radio = widgets.RadioButtons(options=self._options, value=None, layout=dict(width="auto"))
        self._note = widgets.HTML()
        super().__init__([heading, self._radio, self._note], "question")
        self._radio.observe(self._chosen, "value")

    @property
    def answer(self) -> str | None:
        """What was chosen: one of the options, or None."""
        return self._radio.value

    def stored(self) -> dict[str, str]:
        lines = [self._question, *(f"  ○ {option}" for option in self._options)]
        listed = "".join(f"<li>{html.escape(option)}</li>" for option in self._options)
        return {"text/plain": "\n".join(lines), "text/html": f"<b>{html.escape(self._question)}</b><ul>{listed}</ul>"}


_met = {}  # {question: (what was predicted or None, what came out)}, of this kernel, in the lesson's order


class Prediction(_Question):
    """A prediction, made before the run and met with its outcome afterwards."""

    _tag = "Predict"

    def _chosen(self, change):
        self._note.value = "Kept. It will be shown beside the result." if change["new"] else ""

    def meet(self, outcome: str) -> Shown:
        """What was predicted beside what came out, which must be one of the options; to be displayed."""
        if outcome not in self._options:
            raise ValueError(f"the outcome {outcome!r} is not one of the options: {' | '.join(self._options)}")
        lesson, question = record.lesson(), self._question
        kept = record.answered("predictions", lesson).get(question, {}).get("choice")
        choice = self.answer or (kept if kept in self._options else None)  # another edition may have offered others
        _met[question] = choice, outcome
        if choice and lesson:
            record.predicted(lesson, question, choice, outcome)
        said = choice or "nothing (you may still choose above, and run this cell again)"
        verdict = "" if choice is None else " As predicted." if choice == outcome else " Not as predicted."
        return Shown(f"You predicted: {said}\nIt came out:   {outcome}{verdict}")


def your_predictions() -> Shown:
    """All predictions that have met their outcome since the kernel began, for the end of a lesson."""
    made = [(answer, outcome) for answer, outcome in _met.values() if answer is not None]
    right = sum(answer == outcome for answer, outcome in made)
    lines = [f"Of {len(_met)} predictions you made {len(made)}, and {right} came out as you said."]
    for question, (answer, outcome) in _met.items():
        mark = "·" if answer is None else "✓" if answer == outcome else "✗"
        lines.append(f"{mark} {question} {outcome}" + ("" if answer in (None, outcome) else f" (you said: {answer})"))
    return Shown("\n".join(lines))


class Choice(_Question):
    """A question with one right option, `right`: {option: what to say to whoever chooses it}."""

    _tag = "Check yourself"

    def __init__(self, question: str, replies: dict[str, str], right: str):
        if right not in replies:
            raise ValueError(f"the right answer {right!r} is not among the options")
        self._replies, self._right = replies, right
        super().__init__(question, replies)

    def _chosen(self, change):
        if (option := change["new"]) is None:
            self._note.value = ""
        else:
            mark = "✓ Right." if option == self._right else "✗ Not quite."
            self._note.value = f"{mark} {html.escape(self._replies[option])}"
