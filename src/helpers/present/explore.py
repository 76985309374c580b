"""Interactive exploration of a run in JupyterLab: controls, grid of gene × mode, sentences, exports.

Everything is held by the kernel and the notebook page; nothing is fetched. Where no front end shows
widgets (papermill, nbval, the HTML report), one sentence stands in their place.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import storage
from helpers.errors import AtlasError
from helpers.present import pairgrid, style, takeaway
from helpers.present.answers import count_of
from helpers.present.links import record_link
from helpers.present.panels import sentence_items

STATIC = (
    "Open this notebook in JupyterLab (make lab) for the controls; below is the selection of its parameters."
)
SENTENCES, ROWS = 30, 60
_CLAIMS = {
    "record_id": "record",
    "gene": "gene",
    "mode": "mode",
    "effect_on_mode": "effect on mode",
    "effect_on_therapy": "effect on therapy",
    "text": "sentence",
}


def answer_slice(chosen: Any) -> str:
    """What the selection holds, in one or two sentences."""
    first, last = chosen.years
    span = f"{first or 'the first year'} to {last or 'the last year'}" if first or last else "all years"
    meaning = chosen.base.weightings[chosen.weighting]
    if not chosen.universe:
        lacks = {"q1": "quartile", "percentile": "percentile"}.get(chosen.weighting)
        way = f"none has a {lacks} of {chosen.metric}; take another metric or weighting" if lacks else meaning
        return f"No record to count, {span}: {way}."
    what = (
        f"{count_of(len(chosen.genes), 'gene')} and {count_of(len(chosen.modes), 'mode')} in "
        f"{count_of(chosen.universe, 'record')}, {span}, {meaning}: {count_of(len(chosen.pairs), 'pair')}"
    )
    if chosen.pairs.empty:
        return f"{what}."
    tested = chosen.pairs["q"].notna()
    sure = int(((chosen.pairs["q"] < 0.05) & (chosen.pairs["ic"] > 0)).sum())
    most = chosen.pairs.iloc[0]
    more = f"{sure:,} of {int(tested.sum()):,} tested are named together more than chance (q < 0.05)"
    return (
        f"{what}. {most['gene']} and {most['mode']} lead with {count_of(int(most['n']), 'record')}; {more}."
    )


def counted_as(chosen: Any) -> str:
    """What a printed figure of the selection counts, e.g. "primary records"."""
    names = {"primary": "primary records", "q1": "records in Q1 journals", "all": "records"}
    return names.get(chosen.weighting, f"{chosen.weighting} weights of records")


def print_pairs(chosen: Any) -> pd.DataFrame:
    """The selection's pairs with their weight as n, as the printed figures take them."""
    return chosen.pairs.assign(n=chosen.pairs["score"])


def caption_slice(chosen: Any) -> str:
    """Legend of the printed figures of a selection."""
    return (
        f"{answer_slice(chosen)} Weighting: {chosen.weighting}; journal metric: {chosen.metric}. Expected counts "
        "are stratified by publication year; q: test stratified by year, Benjamini-Hochberg over all pairs of the "
        "run in these years; for weighted counts it is that of the same records counted whole."
    )


def has_widgets() -> bool:
    """Whether the cell now run was sent by a front end that shows widgets.

    JupyterLab, Notebook 7 and VS Code name the cell they run in the request (`cellId`); papermill,
    nbclient, nbconvert and nbval do not.
    """
    from IPython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    parent = kernel.get_parent("shell") if kernel is not None else {}
    return "cellId" in (parent or {}).get("metadata", {})


def show_explorer(
    base: Any,
    count: Callable[..., Any],
    *,
    run: str,
    modes: pd.DataFrame,
    mentions: pd.DataFrame,
    start: dict[str, Any] | None = None,
    widgets: bool | None = None,
) -> None:
    """Show the explorer in a front end with widgets, else one sentence; returns nothing.

    Args:
        base: from `tabulate.slice.prepare_slices`.
        count: `tabulate.slice.count_slice`.
        run: run whose tables these are; exports go to its folder `explore`.
        modes: MODES frame.
        mentions: MENTIONS frame, for the words marked in sentences.
        start: parameters of `count` to begin with.
        widgets: shown whether or not the front end is recognised; None: if it is.
    """
    from IPython.display import display

    if widgets is None:
        widgets = has_widgets()
    if not widgets:
        display({"text/plain": STATIC, "text/html": f"<p>{escape(STATIC)}</p>"}, raw=True)  # type: ignore[no-untyped-call]
        return
    explorer = Explorer(base, count, run=run, modes=modes, mentions=mentions, start=start or {})
    display(explorer.box)  # type: ignore[no-untyped-call]


class Explorer:
    """The controls and panes of one explorer: `controls` by name, `grid`, `claims`, `sentences`, `status`.

    A change of a control recounts the selection (`chosen`) and fills grid and claims; the view draws the same
    selection otherwise, and a click on a cell fills `sentences`. A choice that cannot be counted leaves the
    picture and is told in `status`.
    """

    def __init__(
        self,
        base: Any,
        count: Callable[..., Any],
        *,
        run: str,
        modes: pd.DataFrame,
        mentions: pd.DataFrame,
        start: dict[str, Any],
    ) -> None:
        from helpers.present.controls import lay_out, make_controls, make_panes

        self.base, self.count, self.run = base, count, run
        self.modes, self.mentions = modes, mentions
        self.picked: tuple[str, str] | None = None
        self.controls = make_controls(base, start)
        self.grid, self.claims, self.sentences, self.status = make_panes(4)
        self.buttons, self.box = lay_out(self.controls, self.grid, self.claims, self.sentences, self.status)
        for name, control in self.controls.items():
            follow = self._fill_grid if name == "view" else self.refresh
            control.observe(lambda change, follow=follow: follow(), names="value")
        self.grid.observe(lambda change: self.pick(*change["new"][:2]), names="picked")
        for name, export in self._exports().items():
            self.buttons[name].on_click(lambda button, export=export: self._save(export))
        self.refresh()

    @property
    def choice(self) -> dict[str, Any]:
        """The selection as parameters of the notebook."""
        values = {name: control.value for name, control in self.controls.items() if name != "view"}
        chosen: dict[str, Any] = {"modes": list(values.pop("modes")), "genes": list(values.pop("genes"))}
        first, last = values.pop("years", (None, None))
        known = self.base.years or (None, None)
        # The whole span is no limit: records without a year stay in.
        whole = (first, last) == known
        chosen |= {"first_year": None if whole else first, "last_year": None if whole else last}
        return chosen | values

    def refresh(self) -> None:
        """Nothing; recounts the selection and fills the panes."""
        try:
            self.chosen = self.count(self.base, **self.choice)
        except AtlasError as error:
            self.status.html = f'<p class="fault">{escape(str(error))}</p>'
            return
        if self.picked and (
            self.picked[0] not in self.chosen.genes or self.picked[1] not in self.chosen.modes
        ):
            self.picked = None
        self.status.html = f"<p>{escape(answer_slice(self.chosen))}</p>"
        self._fill_grid()
        self.claims.html = claims_html(self.chosen)
        self._fill_sentences()

    def pick(self, gene: str, mode: str) -> None:
        """Nothing; shows the sentences of one cell."""
        self.picked = (gene, mode)
        self._fill_grid()
        self._fill_sentences(reveal=True)

    def _fill_grid(self) -> None:
        view = pairgrid.VIEWS[self.controls["view"].value]
        self.grid.html = pairgrid.grid_html(self.chosen, self.modes, view=view, picked=self.picked)

    def _fill_sentences(self, *, reveal: bool = False) -> None:
        html = sentences_html(self.chosen, self.picked, self.mentions)
        self.sentences.html = f"<div data-reveal>{html}</div>" if reveal else html

    def _exports(self) -> dict[str, Callable[[Path], Path]]:
        return {
            "xlsx": lambda folder: takeaway.export_workbook(self.chosen, folder, self.choice),
            "ris": lambda folder: takeaway.export_ris(self.chosen, folder),
            "yml": lambda folder: takeaway.export_settings(self.run, folder, self.choice),
        }

    def _save(self, export: Callable[[Path], Path]) -> None:
        try:
            self.status.html = takeaway.saved_html(export(storage.run_folder(self.run, "explore")))
        except (AtlasError, OSError) as error:
            self.status.html = f'<p class="fault">Not saved: {escape(str(error))}</p>'


def claims_html(chosen: Any, *, limit: int = ROWS) -> str:
    """HTML of the evidence table of a selection: the rows that say most, each record a link."""
    total = len(chosen.claims)
    if not total:
        return '<p class="quiet">No sentence links these genes with these modes.</p>'
    rows = chosen.read_claims(limit=limit)
    heads = "".join(f'<th scope="col">{name}</th>' for name in _CLAIMS.values())
    body = "".join(
        f"<tr><td>{record_link(row.record_id)}</td><td>{escape(row.gene)}</td><td>{escape(row.mode)}</td>"
        f"<td>{escape(row.effect_on_mode)}</td><td>{escape(row.effect_on_therapy)}</td>"
        f'<td class="text">{escape(row.text)}</td></tr>'
        for row in rows.itertuples(index=False)
    )
    said = f"{len(rows):,} of {total:,} evidence rows, those that state a direction first"
    table = f'<table class="rows"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
    return (
        f'<h4>Evidence</h4><p class="quiet">{said}; all are in the exported workbook.</p>'
        f'<div class="scroll low">{table}</div>'
    )


def sentences_html(chosen: Any, picked: tuple[str, str] | None, mentions: pd.DataFrame) -> str:
    """HTML of the sentences behind one cell, with links to PubMed and DOI; a hint where none is picked."""
    if picked is None:
        return '<p class="quiet">Click a count to read its sentences.</p>'
    gene, mode = picked
    rows = chosen.read_claims(gene=gene, mode=mode)
    rows = rows.drop_duplicates("record_id")
    shown = rows.head(SENTENCES)
    items = sentence_items(shown, chosen.base.votes.articles, mentions)
    cut = f", {len(shown)} shown" if len(shown) < len(rows) else ""
    return (
        f"<h4>{escape(gene)} × {escape(mode)}: {style.plural(len(rows), 'record')}{cut}</h4>"
        f'<div class="scroll low"><ol>{items}</ol></div>'
    )
