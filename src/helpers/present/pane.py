"""The one widget of our own: a pane that shows HTML and reports the cell that was clicked."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

_TEMPLATES = Path(__file__).parent / "templates"


class Pane(anywidget.AnyWidget):
    """A pane of an explorer: shows `html`, which its maker has escaped.

    A click on an element with `data-cell="a|b"` sets `picked` to [a, b, time]; the time makes a second
    click on the same cell a change too. Script and style travel with the widget: nothing is fetched.
    """

    _esm = (_TEMPLATES / "explore.js").read_text(encoding="utf-8")
    _css = (_TEMPLATES / "explore.css").read_text(encoding="utf-8")
    html = traitlets.Unicode("").tag(sync=True)
    picked = traitlets.List(traitlets.Unicode()).tag(sync=True)
