"""What every live panel is made of: controls round a picture, redrawn when one of them moves.

The picture is made by the very code that the panel tells, so the two cannot disagree. A panel redraws in a thread of its own
and always draws the *newest* setting of its controls: dragging a slider builds no queue. Controls are moved from several
threads (JupyterLab's sliders speak to one, its buttons to another): what they share is read and written under one lock.
"""

import base64
import html
import inspect
import re
import textwrap
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import anywidget
import ipywidgets as widgets
from IPython import get_ipython

from transferlib.fingerprint import fingerprint
from transferlib.widgets.display import Stored

WIDE = {"description_width": "initial", "button_width": "auto"}
WRAP = dict(flex_flow="row wrap", align_items="center", grid_gap="2px 18px")
GRID = dict(display="grid", grid_template_columns="repeat(auto-fill, minmax(300px, 1fr))")
COLUMNS = GRID | dict(flex="1 1 600px", grid_gap="2px 18px")
PROGRESS = ", progress=progress"  # what the code says to the panel, and not to the reader
BEHIND = "the picture is of an earlier setting"
REMEMBERED = 100  # pictures of the last settings


class _Access(anywidget.AnyWidget):
    """Gives the panel round it names for a screen reader, and keeps its keys from JupyterLab's commands."""

    _esm = Path(__file__).with_suffix(".js")


class _Overtaken(Exception):
    """A newer event came, or Stop was pressed: leave the picture as it is."""


class _Picture(NamedTuple):
    """A picture with all that belongs to it: replaced as one."""

    settings: dict
    png: bytes
    text: str
    plain: str
    table: str
    code: str


class Panel(Stored):
    """Controls, presets, a picture with its caption, and the code that made it.

    controls  {argument: widget}: their values are what `code` is called with
    code      code(**values) → Python lines, indented as one likes: imports, an empty line, and lines whose last is a
              `Picture`. A call that takes long says ", progress=progress": it is shown, and ended when it is overtaken
    at_hand   {name: what the code means by it}, as the lesson has it: data, networks, functions of its page. A name that
              the code imports may stand here too, for the same with a memory
    presets   {name: {argument: value}}: buttons that set several controls at once
    idle      idle(**values) → the arguments that make no difference just now; their controls are greyed out
    groups    {heading: arguments}: the controls side by side in groups, each under its heading; without it all together

    `values` are the controls; `shown`, `png`, `text` and `code` are always of one picture. Where the controls have moved on
    from it (a run under way, an error, a stop) the panel says so. Where no kernel runs it shows its last picture, which is
    stored beside the widget in the notebook.
    """

    def __init__(
        self,
        controls: dict[str, widgets.Widget],
        code: Callable[..., str],
        at_hand: dict[str, Any] | None = None,
        presets: dict[str, dict] | None = None,
        name: str = "Panel",
        idle: Callable[..., Iterable[str]] = lambda **values: (),
        groups: dict[str, Iterable[str]] | None = None,
    ):
        self._controls, self._code, self._at_hand = controls, code, at_hand or {}
        self._name, self._no_effect = name, idle
        presets = {"Reset": self.values} | (presets or {})
        for values in presets.values():
            self._check(values)
        self._lock, self._at_rest, self._thread = threading.RLock(), threading.Event(), ThreadPoolExecutor(1)
        self._event, self._newest, self._stopped = 0, self.values, None  # the newest event, its setting; the last stopped
        self._pictures, self._picture, self._quiet = OrderedDict(), None, False
        self._lag, self.error = "", None  # why the picture is not that of the controls
        # An HTML widget, and not an Image: only so can the picture have an alt text for a screen reader.
        self._image = widgets.HTML(layout=dict(width="auto"))
        self._caption, self._table, self._lines = (widgets.HTML() for _ in range(3))
        # It has its place while it says nothing: what stands below must not jump when a run begins and ends.
        self._status = widgets.HTML(layout=dict(flex="1 1 420px", min_height="28px"))
        self._table.add_class("transfer-numbers")
        self._caption.add_class("transfer-caption")
        self._status.add_class("transfer-status")
        self._stop = _button("Stop", lambda _: setattr(self, "_stopped", self._event), "stop")
        self._stop.disabled, self._stop.tooltip = True, "Stop the training under way"
        icons = {"Reset": "undo"}
        buttons = [_button(label, lambda _, v=v: self.set(**v), icons.get(label, "")) for label, v in presets.items()]
        folded = {"The numbers of this picture": self._table, "The code for this picture": self._lines}
        below = widgets.Accordion([*folded.values()], titles=[*folded], selected_index=None)
        above = _grouped(controls, groups) if groups else widgets.Box(_arranged(controls.values()), layout=WRAP)
        row = widgets.Box([*buttons, self._stop, self._status], layout=WRAP | dict(grid_gap="2px"))
        super().__init__([above, row, self._image, self._caption, below, _Access()], "panel")
        self._draw(self._event, self._newest)
        self._at_rest.set()
        if self.error:
            raise self.error
        for control in controls.values():
            control.observe(self._changed, "value")
        self._grey_out()

    values = property(lambda self: {key: control.value for key, control in self._controls.items()})
    shown = property(lambda self: dict(self._picture.settings), doc="The setting that the picture is of.")
    png = property(lambda self: self._picture.png, doc="The picture as PNG bytes.")
    text = property(lambda self: self._picture.text, doc="The picture's main numbers, in words.")
    plain = property(lambda self: self._picture.plain, doc="The one sentence under the picture.")
    code = property(lambda self: self._picture.code, doc="The Python lines that made the picture.")

    def set(self, **values) -> None:
        """Set several controls as one event. Nothing is changed when a name or a value does not fit."""
        self._check(values)
        with self._lock:  # who moves a control meanwhile waits in `_changed`
            before, self._quiet = self.values, True
            try:
                for key, value in values.items():
                    self._controls[key].value = value
            except Exception:
                for key in values:
                    self._controls[key].value = before[key]
                raise
            finally:
                self._quiet = False
            if self.values != before or self._lag and self._at_rest.is_set():  # after a stop or an error: once more
                self._changed()

    def settle(self, timeout: float = 60) -> None:
        """Wait until nothing is being drawn; raises what went wrong with the newest setting, if so."""
        if not self._at_rest.wait(timeout):
            raise TimeoutError(f"{self._name} is still busy after {timeout} seconds")
        if error := self.error:
            raise error

    def stored(self) -> dict[str, str]:
        with self._lock:
            picture, lag = self._picture, self._lag
            moved = {key: value for key, value in self.values.items() if value != picture.settings[key]}
        lines = [f"{self._name}({_listed(picture.settings)})", picture.text]
        if moved:
            lines.append(f"The controls have moved on to {_listed(moved)}: {lag or 'not drawn yet'}.")
        return {"image/png": base64.b64encode(picture.png).decode(), "text/plain": "\n".join(lines)}

    def _check(self, values):
        if unknown := set(values) - set(self._controls):
            known = ", ".join(self._controls)
            raise ValueError(f"{self._name} has no control {', '.join(sorted(unknown))}; it has {known}")
        for key, value in values.items():
            options = getattr(self._controls[key], "options", None)
            if options and value not in options:
                raise ValueError(f"{self._name}: {key} is one of {', '.join(map(repr, options))}, not {value!r}")

    def _grey_out(self):
        idle = self._no_effect(**self.values)
        for key, control in self._controls.items():
            control.disabled = key in idle

    def _changed(self, _=None):
        with self._lock:
            if self._quiet:
                return
            self._grey_out()
            self._newest, self._event, self.error = self.values, self._event + 1, None
            self._say("drawing")
            if self._at_rest.is_set():
                self._at_rest.clear()
                self._stop.disabled = False
                self._thread.submit(self._work)

    def _work(self):
        event = None
        while True:
            with self._lock:
                if event == self._event:
                    self._stop.disabled = True
                    return self._at_rest.set()
                event, settings = self._event, self._newest
            self._draw(event, settings)

    def _progress(self, event, done, n):
        with self._lock:
            if event != self._event or event == self._stopped:
                raise _Overtaken
            self._say(f"training: {done} of {n} runs")

    def _draw(self, event, settings):
        """Draw one setting. An error in the newest is told and kept in `error`, until the next event."""
        try:
            # A function of the page may call others, or read what a cell has changed: then the picture is another.
            name, held = fingerprint(self._at_hand, live=True)
            key = repr(settings), name
            if key not in self._pictures:
                self._pictures[key] = self._made(event, settings), held  # whose numbers in memory the name may hold
                if len(self._pictures) > REMEMBERED:
                    self._pictures.popitem(last=False)
            self._pictures.move_to_end(key)
            with self._lock:
                self._show(self._pictures[key][0])
        except Exception as error:
            with self._lock:
                if event != self._event:  # overtaken: what went wrong concerns nobody any more
                    return
                if isinstance(error, _Overtaken):
                    return self._say("stopped; move a control to go on")
                self.error, where = error, traceback.extract_tb(error.__traceback__)[-1]
                place = f"{type(error).__name__}, {where.name} in {Path(where.filename).name}"
                words = textwrap.shorten(str(error), 400, placeholder=" …")  # TensorFlow tells whole graphs
                self._say(f"this setting could not be drawn: {words} ({place})")

    def _made(self, event, settings):
        """Run the code of a setting: its `_Picture`."""
        code = re.sub("\n{3,}", "\n\n", inspect.cleandoc(self._code(**settings)))
        needs, _, lines = code.rpartition("\n\n")
        scope = {}
        exec(needs, scope)
        scope |= self._at_hand | {"progress": partial(self._progress, event)}
        *lines, last = lines.splitlines()
        exec("\n".join(lines), scope)
        picture = eval(last, scope)
        plain = picture.plain or picture.text
        table = plain if picture.table is None else picture.table.to_html(border=0, justify="right")
        return _Picture(settings, picture.png(), picture.text, plain, table, code.replace(PROGRESS, ""))

    def _show(self, picture):
        if others := self._defined_anew():
            words = "as when this panel was made; to use what is defined now, run its cell again"
            picture = picture._replace(code=f"# {', '.join(others)}: {words}\n{picture.code}")
        alt, source = html.escape(picture.plain), f"data:image/png;base64,{base64.b64encode(picture.png).decode()}"
        self._picture = picture
        # decoding="sync": the browser paints the old picture until the new one is ready, so nothing flickers
        self._image.value = f'<img alt="{alt}" src="{source}" decoding="sync" style="max-width: 100%; display: block">'
        self._caption.value, self._table.value = alt, picture.table
        self._lines.value = f"<pre style='line-height:1.35'>{html.escape(picture.code)}</pre>"
        self._say(self._lag)

    def _defined_anew(self):
        """The functions at hand that the notebook now knows as others: there the code draws otherwise."""
        known = getattr(get_ipython(), "user_ns", {})
        plain = {name: inspect.unwrap(thing) for name, thing in self._at_hand.items() if callable(thing)}
        both = [(name, thing, known.get(name, thing)) for name, thing in plain.items() if inspect.isfunction(thing)]
        return [name for name, thing, now in both if now is not thing and fingerprint(now)[0] != fingerprint(thing)[0]]

    def _say(self, lag):
        """Tell why the picture is behind the controls; nothing where it is not."""
        behind = self._picture and self._newest != self._picture.settings
        self._lag = lag if behind else ""
        self._status.value = f"{html.escape(lag)} · {BEHIND}" if behind else ""


def _button(label, click, icon):
    button = widgets.Button(description=label, icon=icon, layout=dict(width="auto"))
    button.on_click(click)
    return button


def _listed(settings):
    return ", ".join(f"{key}={value!r}" for key, value in settings.items())


def _arranged(controls):
    """Sliders and menus in columns that line up; boxes, buttons and all else side by side, as they fit."""
    arranged = []
    for in_columns, group in groupby(controls, lambda c: hasattr(c, "readout") or isinstance(c, widgets.Dropdown)):
        arranged.append(widgets.Box(list(group), layout=COLUMNS if in_columns else WRAP))
        for control in arranged[-1].children:
            control.layout.width, control.layout.display = "auto", "flex"
    return arranged


def _grouped(controls, groups):
    """Each group of controls under its heading; a screen reader says it too, by panel.js."""
    if sorted(key for keys in groups.values() for key in keys) != sorted(controls):
        raise ValueError(f"groups must name each control once: {', '.join(controls)}")
    made = []
    for heading, keys in groups.items():
        title = widgets.HTML(f"<b>{html.escape(heading)}</b>")
        rows = widgets.Box(_arranged(controls[key] for key in keys), layout=WRAP)
        made.append(widgets.VBox([title, rows], layout=dict(flex="1 1 300px")).add_class("transfer-group"))
    return widgets.Box(made, layout=WRAP | dict(align_items="flex-start"))


def choice(description: str, options: Iterable, value=None, kind: type = widgets.SelectionSlider) -> widgets.Widget:
    """A slider over a few values, with the value beside it (None: the first), or another `kind` of selection."""
    value = next(iter(options), None) if value is None else value
    if value not in (options := list(options)):
        raise ValueError(f"{description}: value must be one of {options}, not {value!r}")
    return kind(description=description, options=options, value=value, style=WIDE)


def menu(description: str, options: Iterable, value=None) -> widgets.Dropdown:
    """A menu of a few values, as `choice` takes them."""
    return choice(description, options, value, widgets.Dropdown)


def buttons(description: str, options: Iterable) -> widgets.ToggleButtons:
    """A button for each of a few values, the first one pressed."""
    return choice(description, options, None, widgets.ToggleButtons)


def number(description: str, low: float, high: float, step: float, value: float = 0) -> widgets.FloatSlider:
    """A slider over numbers."""
    return widgets.FloatSlider(value, min=low, max=high, step=step, description=description, style=WIDE)


def box(description: str, value: bool = False) -> widgets.Checkbox:
    """A box to tick."""
    return widgets.Checkbox(value, description=description, indent=False)
