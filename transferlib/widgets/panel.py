"""What every live panel is made of: controls round a picture, redrawn when one of them moves.

A panel redraws in a thread of its own and always draws the *newest* setting of its controls: settings that came and went
while it was busy are skipped, so that dragging a slider builds no queue.
"""

import base64
import html
import threading
import traceback
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

import anywidget
import ipywidgets as widgets

from transferlib.widgets.display import Stored

WIDE = {"description_width": "initial", "button_width": "auto"}
WRAP = dict(flex_flow="row wrap", align_items="center", grid_gap="2px 18px")
COLUMNS = dict(
    display="grid", grid_template_columns="repeat(auto-fill, minmax(300px, 1fr))", flex="1 1 600px", grid_gap="2px 18px"
)


class _Access(anywidget.AnyWidget):
    """Nothing to see: gives the panel round it names for a screen reader, and keeps its keys from JupyterLab's commands."""

    _esm = Path(__file__).with_suffix(".js")


class _Overtaken(Exception):
    """A newer event came, or Stop was pressed: leave the picture as it is."""


class Panel(Stored):
    """Controls, presets, a picture with its caption, and the code that makes the same picture.

    controls  {argument: widget}: their values are what `draw` and `code` are called with
    draw      draw(progress, **values) → Picture; progress(done, n) shows how far it is, and ends it when it is overtaken
    code      code(**values) → the Python lines that make the same picture
    presets   {name: {argument: value}}: buttons that set several controls at once
    idle      idle(**values) → the arguments that make no difference just now; their controls are greyed out

    Where no kernel runs the panel shows its last picture: it is stored beside the widget in the notebook.
    """

    def __init__(self, controls, draw, code, presets=None, name="Panel", idle=lambda **values: ()):
        self._controls, self._draw, self._code, self._name, self._no_effect = controls, draw, code, name, idle
        self._begin = {key: control.value for key, control in controls.items()}
        self._seen = OrderedDict()  # the pictures of the last settings, as (png, text)
        self._lock, self._at_rest = threading.Lock(), threading.Event()
        self._wanted = self._worker = self.error = None
        self._stopped = self._quiet = False
        self._at_rest.set()
        self._thread = ThreadPoolExecutor(1)
        # An HTML widget, and not an Image: only so can the picture have an alt text for a screen reader.
        self._image = widgets.HTML(layout=dict(width="auto"))
        self._caption, self._status, self._lines = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._stop = widgets.Button(
            description="Stop", icon="stop", disabled=True, tooltip="Stop the training under way", layout=dict(width="auto")
        )
        self._stop.on_click(lambda _: setattr(self, "_stopped", True))
        buttons = [self._button("Reset", self._begin, "undo")]
        buttons += [self._button(label, values) for label, values in (presets or {}).items()]
        code_box = widgets.Accordion([self._lines], titles=["The code for this picture"], selected_index=None)
        super().__init__(
            [
                widgets.Box(_arranged(controls.values()), layout=WRAP),
                widgets.Box([*buttons, self._stop, self._status], layout=dict(WRAP, grid_gap="2px")),
                self._image,
                self._caption,
                code_box,
                _Access(),
            ]
        )
        self.add_class("transfer-panel")
        self._caption.add_class("transfer-caption")
        self._status.add_class("transfer-status")
        for control in controls.values():
            control.observe(self._changed, "value")
        self._grey_out()
        self._show(self.values)
        if self.error:
            raise self.error

    @property
    def values(self):
        """What the controls say now: {argument: value}."""
        return {key: control.value for key, control in self._controls.items()}

    @property
    def code(self):
        """The Python lines that make the picture of the present setting."""
        return self._code(**self.values)

    @property
    def png(self):
        """The picture as PNG bytes."""
        return self._png

    @property
    def text(self):
        """The sentence under the picture, with its main numbers."""
        return self._text

    def set(self, **values):
        """Set several controls as one event. Nothing is changed when a name or a value does not fit."""
        if unknown := set(values) - set(self._controls):
            raise ValueError(f"{self._name} has no control {', '.join(sorted(unknown))}; it has {', '.join(self._controls)}")
        for key, value in values.items():
            options = getattr(self._controls[key], "options", None)
            if options and value not in options:
                raise ValueError(f"{self._name}: {key} is one of {', '.join(map(repr, options))}, not {value!r}")
        before, self._quiet = self.values, True
        try:
            for key, value in values.items():
                self._controls[key].value = value
        except Exception:
            for key, value in before.items():
                self._controls[key].value = value
            raise
        finally:
            self._quiet = False
        if self.values != before:
            self._changed()

    def settle(self, timeout=60):
        """Wait until the picture is that of the controls, and raise what went wrong on the way, if anything did."""
        if not self._at_rest.wait(timeout):
            raise TimeoutError(f"{self._name} is still busy after {timeout} seconds")
        if self.error:
            raise self.error

    def _button(self, label, values, icon=""):
        button = widgets.Button(description=label, icon=icon, layout=dict(width="auto"))
        button.on_click(lambda _: self.set(**values))
        return button

    def _grey_out(self):
        idle = self._no_effect(**self.values)
        for key, control in self._controls.items():
            control.disabled = key in idle

    def _changed(self, _=None):
        if self._quiet:
            return
        self._grey_out()
        with self._lock:
            self._wanted, self._stopped = self.values, False
            self._at_rest.clear()
            if self._worker is None:
                self._worker = self._thread.submit(self._work)

    def _work(self):
        while True:
            with self._lock:
                values, self._wanted = self._wanted, None
                if values is None:
                    self._worker = None
                    self._at_rest.set()
                    return
            self._show(values)

    def _progress(self, done, n):
        if self._wanted is not None or self._stopped:
            raise _Overtaken
        self._status.value = f"training: {done} of {n} runs"

    def _show(self, values):
        """Draw one setting. An error is told in the panel, kept in `error`, and the next event starts afresh."""
        key = repr(values)
        self._stop.disabled = False
        try:
            if key not in self._seen:
                picture = self._draw(self._progress, **values)
                self._seen[key] = picture.png(), picture.text
                if len(self._seen) > 100:
                    self._seen.popitem(last=False)
            self._seen.move_to_end(key)
            png, self._text = self._seen[key]
            self._png, alt = png, html.escape(self._text)
            source = f"data:image/png;base64,{base64.b64encode(png).decode()}"
            # decoding="sync": the browser paints the old picture until the new one is ready, so nothing flickers
            self._image.value = f'<img alt="{alt}" src="{source}" decoding="sync" style="max-width: 100%; display: block">'
            self._caption.value = alt
            self._lines.value = f"<pre style='line-height:1.35'>{html.escape(self._code(**values))}</pre>"
            self.error, self._status.value = None, ""
        except _Overtaken:
            self._status.value = "stopped; move a control to go on" if self._stopped else "…"
        except Exception as error:
            self.error = error
            where = traceback.extract_tb(error.__traceback__)[-1]
            message = html.escape(f"{error} ({type(error).__name__}, {where.name} in {where.filename.rsplit('/')[-1]})")
            self._status.value = f"<b>This setting could not be drawn:</b> {message}"
        finally:
            self._stop.disabled = True

    def stored(self):
        settings = ", ".join(f"{key}={value!r}" for key, value in self.values.items())
        return {"image/png": base64.b64encode(self.png).decode(), "text/plain": f"{self._name}({settings})\n{self._text}"}


def _arranged(controls):
    """Sliders and menus in columns that line up; boxes, buttons and what else there is beside each other, as they fit."""
    arranged = []
    for in_columns, group in groupby(controls, lambda c: hasattr(c, "readout") or isinstance(c, widgets.Dropdown)):
        arranged.append(widgets.Box(list(group), layout=COLUMNS if in_columns else WRAP))
        for control in arranged[-1].children:
            control.layout.width, control.layout.display = "auto", "flex"
    return arranged


def choice(description, options, value):
    """A slider over a few values, with the value shown beside it."""
    return widgets.SelectionSlider(description=description, options=options, value=value, style=WIDE)
