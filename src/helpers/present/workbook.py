"""All tables in one workbook with a dictionary, and sheets that a person marks and we read back."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import xlsxwriter

from helpers import storage
from helpers.errors import ParseError
from helpers.present.links import record_url
from helpers.present.sheets import ColumnSheet
from helpers.schemas import TABLES

# Text stays text: never a formula, an address or a number.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
CREATED = datetime(1980, 1, 1)
URLS = 60_000  # Excel's limit of hyperlinks in a sheet, rounded down
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_workbook(tables: Mapping[str, pd.DataFrame], path: Path, *, max_rows: int = 250_000) -> Path:
    """Path of the xlsx: a contents sheet, one sheet per table, and a dictionary of all columns.

    Equal tables give equal bytes. Text that looks like a formula stays text, also after editing.

    Args:
        tables: name to frame; sheets come in this order.
        path: of the file, ending in .xlsx.
        max_rows: rows per sheet; a cut, like a text over 32,767 characters, is told on the first sheet.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"created": CREATED, "title": "Cell-Death Target Atlas: tables"})
        styles = _formats(book)
        contents = [
            [name, len(frame), min(len(frame), max_rows), TABLES[name].holds if name in TABLES else ""]
            for name, frame in tables.items()
        ]
        overview = pd.DataFrame(contents, columns=["sheet", "rows", "rows_here", "holds"])
        _sheet(book, "contents", overview, styles)
        for name, frame in tables.items():
            _sheet(book, name, frame.head(max_rows), styles)
        _sheet(book, "dictionary", _dictionary(tables), styles)
    return storage.write_bytes(path, buffer.getvalue())


def _dictionary(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    rows = []
    for name, frame in tables.items():
        known = {column.name: column for column in TABLES[name].columns} if name in TABLES else {}
        for column in frame.columns:
            spec = known.get(column)
            rows.append(
                {
                    "sheet": name,
                    "column": column,
                    "type": spec.kind if spec else str(frame[column].dtype),
                    "may_be_blank": "yes" if spec is None or spec.optional else "no",
                    "meaning": spec.meaning if spec else "",
                    "values": ", ".join(spec.values) if spec else "",
                }
            )
    return pd.DataFrame(rows, columns=["sheet", "column", "type", "may_be_blank", "meaning", "values"])


def _formats(book: Any) -> dict[str, Any]:
    quoted, quoted_wrapped = (book.add_format({"valign": "top", "text_wrap": wrap}) for wrap in (False, True))
    quoted.set_quote_prefix()
    quoted_wrapped.set_quote_prefix()
    return {
        "head": book.add_format({"bold": True, "bottom": 1, "valign": "top"}),
        "text": book.add_format({"valign": "top"}),
        "quoted": quoted,
        "quoted_wrapped": quoted_wrapped,
        "text_wrapped": book.add_format({"valign": "top", "text_wrap": True}),
        "link": book.get_default_url_format(),
        "int": book.add_format({"valign": "top", "num_format": "0"}),
        "float": book.add_format({"valign": "top", "num_format": "0.###"}),
    }


def _sheet(
    book: Any, name: str, frame: pd.DataFrame, styles: Mapping[str, Any], *, wrapped: Sequence[str] = ()
) -> Any:
    sheet = book.add_worksheet(name[:31], worksheet_class=ColumnSheet)
    sheet.freeze_panes(1, 0)
    sheet.fill(len(frame) + 1)
    for c, column in enumerate(frame.columns):
        values = frame[column]
        linked = values.name == "record_id" and len(values) <= URLS
        sheet.add_column(
            str(column),
            values,
            styles["head"],
            partial(_style, values=values, styles=styles, linked=linked, wrap=column in wrapped),
        )
        if linked:
            _links(sheet, c, values, styles)
        sheet.set_column(c, c, _width(str(column), values))
    if len(frame):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
    return sheet


def _style(value: Any, *, values: pd.Series[Any], styles: Mapping[str, Any], linked: bool, wrap: bool) -> Any:
    """The format of a cell."""
    if pd.api.types.is_bool_dtype(values.dtype):
        return styles["text"]
    if pd.api.types.is_numeric_dtype(values.dtype):
        return styles["int" if pd.api.types.is_integer_dtype(values.dtype) else "float"]
    if linked and record_url(value):
        return styles["link"]
    quoted = "quoted" if str(value).startswith(_FORMULA) else "text"
    return styles[f"{quoted}_wrapped" if wrap else quoted]


def _links(sheet: Any, c: int, values: pd.Series[Any], styles: Mapping[str, Any]) -> None:
    """Nothing; makes each record id that has an address a link to it."""
    for r, record in enumerate(values.tolist(), start=1):
        if isinstance(record, str) and (url := record_url(record)):
            sheet.link(r, c, url, styles["link"], record)


def _width(name: str, values: pd.Series[Any]) -> float:
    """Width in characters: of the longest of the first texts, between 8 and 60."""
    texts = [str(value) for value in values.head(200).tolist() if value is not None and value is not pd.NA]
    return float(min(60, max(8, len(name) + 2, *(len(text) + 1 for text in texts or [""]))))


def write_review(sheet: pd.DataFrame, path: Path, *, questions: Sequence[str]) -> Path:
    """Path of a workbook to be marked by a person, yes or no in the columns `questions`.

    A workbook that somebody has begun to mark is left as it is.
    """
    if path.exists() and read_review(path).reindex(columns=list(questions)).notna().any(axis=None):
        return path
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"created": CREATED, "title": "Cell-Death Target Atlas: sheet to mark"})
        page = _sheet(book, "review", sheet, _formats(book), wrapped=("text", "title"))
        for name in questions if len(sheet) else ():
            column = sheet.columns.get_loc(name)
            page.data_validation(1, column, len(sheet), column, {"validate": "list", "source": ["yes", "no"]})
    return storage.write_bytes(path, buffer.getvalue())


def read_review(path: Path) -> pd.DataFrame:
    """The marked sheet as a frame of text, blank cells missing.

    Raises ParseError for a file that is no workbook.
    """
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever its zip and XML readers raise
        raise ParseError(f"{path}: not a readable xlsx workbook: {error}.") from None
    rows = book.worksheets[0].iter_rows(values_only=True)
    head = [str(cell) for cell in next(rows, ())]
    found = [[None if cell is None else str(cell) for cell in cells[: len(head)]] for cells in rows]
    return pd.DataFrame(found, columns=head)
