"""How things show in a notebook, also where no kernel runs."""

import time
from collections.abc import Iterable
from pathlib import Path

import ipywidgets as widgets
from IPython.display import display

STYLE = f"<style>{Path(__file__).with_suffix('.css').read_text('utf-8')}</style>"


class Shown:
    """Some lines of text that a notebook shows as they are; of an answer also whether it is `right`, or None."""

    def __init__(self, text: str, right: bool | None = None):
        self.text, self.right = text, right

    def __repr__(self):
        return self.text


class Stored(widgets.VBox):
    """A widget that stores beside itself what a reader without a kernel sees, and what nbval compares: `stored()`.

    In a lesson that was saved and is opened again it is as it was left (`own_copy.keep_panels`), and looks so.
    """

    def __init__(self, children: Iterable[widgets.Widget], kind: str):
        super().__init__([*children, widgets.HTML(STYLE, layout=dict(display="none"))])
        self.add_class("transfer-stored").add_class(f"transfer-{kind}")

    def stored(self) -> dict[str, str]:
        """{MIME type: content}, with text/plain and a picture or HTML."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        return {**bundle, **self.stored()} if isinstance(bundle, dict) else bundle


class Progress(Stored):
    """A progress bar; call it with (done, of all). It moves ten times a second at most: a study has thousands of runs."""

    def __init__(self, what: str):
        self._bar, self._words = widgets.IntProgress(), widgets.Label()
        self._what, self._again = what, 0.0
        super().__init__([widgets.HBox([self._bar, self._words])], "progress")

    def __call__(self, done: int, n: int) -> None:
        if done < n and time.monotonic() < self._again:
            return
        self._again = time.monotonic() + 0.1
        self._bar.max, self._bar.value, self._words.value = n, done, f"{done} of {n} {self._what}"

    def stored(self) -> dict[str, str]:
        text = f"(progress bar: {self._what})"
        return {"text/plain": text, "text/html": f"<small>{text}</small>"}


def progress(what: str = "runs") -> Progress:
    """Show a progress bar here and return it, for `progress=` of what takes more than a moment."""
    bar = Progress(what)
    display(bar)
    return bar
