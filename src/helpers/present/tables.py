"""Tables in notebooks: small, escaped, and each count and record a link."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from helpers.present.links import anchor, record_link
from helpers.schemas import SEPARATOR

# What a column is linked to unless the caller says otherwise.
LINKS = {"record_id": "record", "pmid": "pmid", "doi": "doi", "records": "records"}
COUNTS = ("n", "dropped")  # the first there is leads to the records behind the row
CONCEPTS = ("gene", "therapy", "mode", "mode_a", "mode_b", "name", "journal", "state")
LISTED = 15  # records that travel with a count
WIDE = 60  # characters from which a cell is given a width to wrap in
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
            "records" (a list of record ids), "count" (leads to the records of the row), "" for none.
            The column n (else dropped) is such a count: in the report it opens the sentences behind the
            row's gene and mode, or the list in the row's column `records`, which is then not shown itself.
        names: column to heading.
        max_rows: rows shown; what is cut is said.
        source: file that holds all rows, named where rows are cut.
        empty: what is said where there are no rows.
    """
    from IPython.display import display

    if frame.empty:
        display({"text/html": f"<p>{escape(empty)}</p>", "text/plain": empty}, raw=True)  # type: ignore[no-untyped-call]
        return
    kinds = column_kinds(frame, links)
    shown = frame.head(max_rows)
    cut = ""
    if len(shown) < len(frame):
        cut = f"{len(shown):,} of {len(frame):,} rows" + (f"; all in {source}" if source else "")
    html = table_html(shown, caption=caption, links=links, names=names, note=cut)
    told = shown[[column for column in shown.columns if kinds.get(column) != "hidden"]]
    text = told.rename(columns=dict(names or {})).map(plain).to_string(index=False)
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
    kinds = column_kinds(frame, links)
    names = names or {}
    columns = [c for c in frame.columns if kinds.get(c) != "hidden"]
    numeric = {c: pd.api.types.is_numeric_dtype(frame[c].dtype) for c in columns}
    heads = "".join(
        f'<th scope="col"{_class(numeric[c])}>{escape(str(names.get(c, c)).replace("_", " "))}</th>'
        for c in columns
    )
    rows = []
    for row in frame.to_dict("records"):
        cells = "".join(_cell(c, row[c], row, kinds.get(c, ""), numeric[c]) for c in columns)
        rows.append(f"<tr>{cells}</tr>")
    head = f"<caption>{escape(caption)}</caption>" if caption else ""
    foot = f'<p class="cut">{escape(note)}</p>' if note else ""
    # The height holds in JupyterLab; the report has its own way of shortening.
    return (
        '<div class="table" style="max-height:26em;overflow:auto">'
        f'<table class="atlas">{head}<thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>{foot}"
    )


def column_kinds(frame: pd.DataFrame, links: Mapping[str, str] | None = None) -> dict[str, str]:
    """Kind of link of each column; "hidden" for the list of records that its count stands for."""
    kinds = {column: LINKS[column] for column in frame.columns if column in LINKS}
    count = next((name for name in COUNTS if name in frame.columns), None)
    if count:
        kinds[count] = "count"
        if "records" in kinds:
            kinds["records"] = "hidden"
    return {**kinds, **(links or {})}


def plain(value: Any) -> str:
    """A value as text: thousands separated, two to three digits that count, missing as –."""
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
    size = abs(value)
    if size >= 10:
        text = f"{value:,.0f}" if size >= 100 else f"{value:.1f}"
    elif size >= 0.1 or value == 0:
        text = f"{value:.2f}"
    else:
        text = f"{value:.2g}" if size >= 0.001 else f"{value:.1e}"
    return text.replace("-", "−")


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
    # A sentence needs room, or its row grows as tall as a page.
    shape = ' class="wide"' if len(text) > WIDE else _class(number)
    return f"<td{shape}{sort}>{_linked(text, value, row, kind)}</td>"


def _linked(text: str, value: Any, row: Mapping[Any, Any], kind: str) -> str:
    if kind == "record":
        return record_link(str(value))
    if kind in ("pmid", "doi"):
        return record_link(f"{kind}:{value}").replace(">PMID ", ">").replace(">doi:", ">")
    if kind == "records":
        ids = str(value).split(SEPARATOR)
        more = f" and {len(ids) - SHOWN:,} more" if len(ids) > SHOWN else ""
        return ", ".join(record_link(record) for record in ids[:SHOWN]) + more
    if kind == "count":
        return _count(text, row)
    return escape(text)


def _count(text: str, row: Mapping[Any, Any]) -> str:
    """A count as a link to the records behind it, which travel with it as far as they are few."""
    concepts = [str(row[c]) for c in CONCEPTS if _present(row.get(c))]
    pair = [c for c in CONCEPTS if c in row] in (["gene", "mode"], ["gene"])
    ids = row["records"].split(SEPARATOR) if _present(row.get("records")) else []
    if not concepts or not (ids or pair):
        return escape(text)
    if pair and "mode" in row:
        target = anchor(*concepts) if len(concepts) > 1 else anchor(*concepts, "none")
    else:
        target = anchor("of", *concepts)
    carried = ""
    if ids:
        some = escape(" ".join(ids[:LISTED]))
        carried = f' data-records="{some}" data-title="{escape(" × ".join(concepts))}"'
    return f'<a href="#{target}"{carried}>{escape(text)}</a>'


def _present(value: Any) -> bool:
    return isinstance(value, str) and bool(value)
