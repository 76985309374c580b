"""The controls of the explorer, and how they stand on the page; needs ipywidgets (the extra `lab`)."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from helpers.present import pairgrid
from helpers.present.pane import Pane

WIDE = w.Layout(width="auto")
EXPORTS = {"xlsx": "Workbook (xlsx)", "ris": "References (RIS)", "yml": "Run file (YAML)"}


def make_controls(base: Any, start: dict[str, Any]) -> dict[str, Any]:
    """Widgets by name: view, modes, genes, top, years (where records have them), weighting, metric.

    `start` holds parameters of `count_slice`; what a run lacks (metrics, weightings by journal) is not offered.
    """
    controls: dict[str, Any] = {
        "view": w.ToggleButtons(options=list(pairgrid.VIEWS), style={"button_width": "86px"}),
        "modes": _tags(base.modes, start.get("modes", []), "type a mode, Enter"),
        "genes": _tags(base.genes, start.get("genes", []), "type a gene, Enter"),
        "top": w.IntSlider(
            value=start.get("top", 25),
            min=5,
            max=max(100, start.get("top", 25)),
            continuous_update=False,
            layout=WIDE,
        ),
    }
    if base.years:
        low, high = base.years
        begin = (start.get("first_year") or low, start.get("last_year") or high)
        controls["years"] = w.IntRangeSlider(
            value=begin, min=low, max=high, continuous_update=False, layout=WIDE
        )
    options = [(f"{name}: {meaning}", name) for name, meaning in base.weightings.items()]
    controls["weighting"] = w.Dropdown(options=options, value=start.get("weighting", "all"), layout=WIDE)
    if base.metrics:
        wanted = start.get("metric")
        metric = wanted if wanted in base.metrics else next(iter(base.metrics))
        controls["metric"] = w.Dropdown(options=list(base.metrics), value=metric, layout=WIDE)
    return controls


def _tags(allowed: list[str], value: list[str], placeholder: str) -> Any:
    return w.TagsInput(
        value=list(value),
        allowed_tags=allowed,
        allow_duplicates=False,
        placeholder=placeholder,
        layout=WIDE,
    )


def make_panes(number: int) -> list[Pane]:
    """Empty panes."""
    return [Pane() for _ in range(number)]


def lay_out(
    controls: dict[str, Any], grid: Pane, claims: Pane, sentences: Pane, status: Pane
) -> tuple[dict[str, Any], Any]:
    """The export buttons by name, and the box that holds everything: controls at the left, grid beside them."""
    titles = {"modes": "modes (none: all)", "genes": "genes (none: leading)", "top": "genes shown"}
    buttons = {name: w.Button(description=text, layout=WIDE) for name, text in EXPORTS.items()}
    labelled = [
        w.VBox([w.HTML(f"<b>{titles.get(name, name)}</b>"), control], layout=w.Layout(margin="0 0 6px 0"))
        for name, control in controls.items()
    ]
    exports = w.VBox([w.HTML("<b>export the selection</b>"), *buttons.values()])
    side = w.VBox([*labelled, exports], layout=w.Layout(flex="0 1 270px", padding="0 16px 0 0"))
    grid.layout = sentences.layout = w.Layout(min_width="0")
    main = w.VBox([status, grid, sentences], layout=w.Layout(flex="1 1 420px", min_width="0"))
    # In a narrow window the grid goes below the controls.
    box = w.VBox([w.HBox([side, main], layout=w.Layout(flex_flow="row wrap")), claims])
    box.add_class("atlas-explorer")
    return buttons, box
