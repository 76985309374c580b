"""Tables in notebooks: small, escaped, and each count and record a link."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from helpers.present.links import anchor, record_link
from helpers.schemas import SEPARATOR

# What a column is linked to unless the caller says otherwise.
LINKS = {"record_id": "record", "pmid": "pmid", "doi": "doi", "records": "records", "n": "evidence"}
SHOWN = 5  # ids written out of a list before "and N more"


def show_table(
    frame: pd.DataFrame,
    *,
    caption: str = "",
    links: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    max_rows: int = 200,
    source: str = "",
    empty: str = "No rows.",
) -> None:
    """Show a table in a notebook; returns nothing.

    Args:
        frame: the rows, in the order shown.
        caption: what the table shows, with n.
        links: column to kind of link, over the defaults: "record" (a record id), "pmid", "doi",
            "records" (a list of record ids), "evidence" (a count, leading to the sentences behind the
            row's gene and mode), "" for none.
        names: column to heading.
        max_rows: rows shown; what is cut is said.
        source: file that holds all rows, named where rows are cut.
        empty: what is said where there are no rows.
    """
    from IPython.display import display

    if frame.empty:
        display({"text/html": f"<p>{escape(empty)}</p>", "text/plain": empty}, raw=True)  # type: ignore[no-untyped-call]
        return
    shown = frame.head(max_rows)
    cut = ""
    if len(shown) < len(frame):
        cut = f"{len(shown):,} of {len(frame):,} rows" + (f"; all in {source}" if source else "")
    html = table_html(shown, caption=caption, links=links, names=names, note=cut)
    text = shown.rename(columns=dict(names or {})).map(plain).to_string(index=False)
    display(  # type: ignore[no-untyped-call]
        {"text/html": html, "text/plain": "\n".join(filter(None, (caption, text, cut)))},
        raw=True,
    )


def table_html(
    frame: pd.DataFrame,
    *,
    caption: str = "",
    links: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    note: str = "",
) -> str:
    """HTML of a table: no ids that vary, all text escaped, headings with scope, numbers with their value."""
    kinds = {**LINKS, **(links or {})}
    names = names or {}
    numeric = {c: pd.api.types.is_numeric_dtype(frame[c].dtype) for c in frame.columns}
    heads = "".join(
        f'<th scope="col"{_class(numeric[c])}>{escape(str(names.get(c, c)).replace("_", " "))}</th>'
        for c in frame.columns
    )
    rows = []
    for row in frame.to_dict("records"):
        cells = "".join(_cell(c, value, row, kinds.get(c, ""), numeric[c]) for c, value in row.items())
        rows.append(f"<tr>{cells}</tr>")
    head = f"<caption>{escape(caption)}</caption>" if caption else ""
    foot = f'<p class="cut">{escape(note)}</p>' if note else ""
    # The height holds in JupyterLab; the report has its own way of shortening.
    return (
        '<div class="table" style="max-height:26em;overflow:auto">'
        f'<table class="atlas">{head}<thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>{foot}"
    )


def plain(value: Any) -> str:
    """A value as text: thousands separated, three significant digits, missing as –."""
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return _float(value)
    if pd.api.types.is_integer(value):
        return f"{int(value):,}"
    return str(value).replace(SEPARATOR, ", ")


def _float(value: float) -> str:
    if value == 0 or 0.001 <= abs(value) < 1000:
        return f"{value:.3g}".replace("-", "−")
    return (f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.1e}").replace("-", "−")


def _class(number: bool) -> str:
    return ' class="num"' if number else ""


def _cell(column: str, value: Any, row: Mapping[Any, Any], kind: str, number: bool) -> str:
    text = plain(value)
    if text == "–":
        return f"<td{_class(number)}>–</td>"
    # A year is a name, not a quantity.
    if number and "year" in str(column):
        text = text.replace(",", "")
    sort = f' data-v="{value}"' if number else ""
    return f"<td{_class(number)}{sort}>{_linked(text, value, row, kind)}</td>"


def _linked(text: str, value: Any, row: Mapping[Any, Any], kind: str) -> str:
    if kind == "record":
        return record_link(str(value))
    if kind in ("pmid", "doi"):
        return record_link(f"{kind}:{value}").replace(">PMID ", ">").replace(">doi:", ">")
    if kind == "records":
        ids = str(value).split(SEPARATOR)
        more = f" and {len(ids) - SHOWN:,} more" if len(ids) > SHOWN else ""
        return ", ".join(record_link(record) for record in ids[:SHOWN]) + more
    if kind == "evidence" and (concepts := [str(row[c]) for c in ("gene", "mode") if _present(row.get(c))]):
        return f'<a href="#{anchor(*concepts)}">{escape(text)}</a>'
    return escape(text)


def _present(value: Any) -> bool:
    return isinstance(value, str) and bool(value)
