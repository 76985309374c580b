"""Journal metric files as users have them, read into JOURNAL_METRICS.

SCImago's yearly CSV, a JCR export (CSV or Excel), the tidy Scopus table of github.com/dhimmel/scopus,
OpenAlex sources as JSON, and this project's own table. A value is taken as published; nothing is computed from it.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import pandas as pd

from helpers.errors import ParseError, SchemaError
from helpers.records.fields import find_issns, normalise_issn
from helpers.records.references import decode
from helpers.schemas import JOURNAL_METRICS, conform, join_list, split_list

_Row = dict[str, Any]

_SCIMAGO = ("sourceid", "title", "issn", "sjr")
_TIDY = ("journal_nlm_id", "year", "metric", "value")
_OURS = ("journal_key", "metric", "metric_year", "value")
# Names a JCR export gives its columns, over the years and by view of the site.
_JCR_TITLE = ("journal name", "full journal title", "journal title", "title", "journal", "rev title")
_JCR_JIF = ("jif", "journal impact factor", "impact factor", "impact factor (jif)", "jif value", "if")
_JCR_QUARTILE = ("jif quartile", "quartile", "jcr quartile", "jif best quartile", "if quartile")
_JCR_PERCENTILE = ("jif percentile", "average jif percentile", "average journal impact factor percentile")


def parse_journal_metrics(content: bytes, *, name: str, year: int | None = None) -> pd.DataFrame:
    """JOURNAL_METRICS frame of one metric file; the kind of file is told from its columns.

    year is the metric year of a file that does not name it: SCImago and JCR name it in a header, a line
    above the header or the file name ("scimagojr 2021.csv"); of OpenAlex the year of its update is taken.
    Rows with neither value nor quartile are left out; a journal listed in several categories is kept once,
    with its best quartile. Raises ParseError for bytes that are no table, and SchemaError, saying what was
    looked for, for columns of no known kind, a file without ISSNs, or a year that cannot be told.
    """
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    text = _sheet(content, name) if content[:4] == b"PK\x03\x04" else decode(content, name=name)
    rows = _openalex(text, name, year) if text.lstrip()[:1] in "[{" else _table(text, name, year)
    frame = pd.DataFrame(_apart(rows), columns=JOURNAL_METRICS.names)
    frame = frame[frame["value"].notna() | frame["quartile"].notna()].sort_values("quartile", kind="stable")
    return conform(frame.drop_duplicates(list(JOURNAL_METRICS.key), keep="first"), JOURNAL_METRICS)


def _sheet(content: bytes, name: str) -> str:
    """The first sheet of an Excel workbook as CSV text."""
    try:
        sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
    except (KeyError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise ParseError(f"{name}: is not a readable Excel workbook: {error}.") from None
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(sheet.iter_rows(values_only=True))
    return lines.getvalue()


def _apart(rows: list[_Row]) -> list[_Row]:
    """The rows, where two journals of a file share their first ISSN the second under another of its own."""
    owner: dict[str, str] = {}
    for row in rows:
        ours = [row["journal_key"], *split_list(row.get("issn")), f"{row['journal_key']} {row['journal']}"]
        row["journal_key"] = next(
            key for key in ours if owner.setdefault(key, row["journal"]) == row["journal"]
        )
    return rows


def _table(text: str, name: str, year: int | None) -> list[_Row]:
    """Rows of a delimited table, its header found below any preamble lines."""
    lines = text.split("\n")
    for start, line in enumerate(lines[:30]):
        delimiter = max(";\t,", key=line.count)
        header = [cell.strip().casefold() for cell in next(csv.reader([line], delimiter=delimiter), [])]
        reader = _kind(header)
        if reader is None:
            continue
        try:
            cells = list(csv.reader(io.StringIO("\n".join(lines[start + 1 :])), delimiter=delimiter))
        except csv.Error as error:
            raise ParseError(f"{name}: is not a readable table below line {start + 1}: {error}.") from None
        rows = [dict(zip(header, row, strict=False)) for row in cells if len(row) >= len(header) - 1]
        if reader in (_scimago, _jcr):
            year = _year([*header, *lines[:start]], name, year)
        return reader(rows, name, year)
    raise SchemaError(
        f"{name}: no line of the first 30 has the columns of a known metric file; looked for SCImago "
        f"({', '.join(_SCIMAGO)}), JCR (journal name, ISSN or eISSN, JIF), tidy Scopus "
        f"({', '.join(_TIDY)}), and {', '.join(_OURS)}; OpenAlex sources are read as JSON."
    )


def _kind(header: Sequence[str]) -> Callable[[Sequence[_Row], str, int | None], list[_Row]] | None:
    names = set(header)
    if names.issuperset(_OURS):
        return _ours
    if names.issuperset(_TIDY):
        return _tidy
    if names.issuperset(_SCIMAGO):
        return _scimago
    issn = any("issn" in name for name in names)
    return _jcr if issn and _column(header, _JCR_TITLE) and _column(header, _JCR_JIF) else None


def _column(header: Sequence[str], names: Sequence[str]) -> str | None:
    """The first column that is one of the names, a year in front or behind left aside."""
    bare = {re.sub(r"^(?:19|20)\d\d\s+|\s+\(?(?:19|20)\d\d\)?$", "", column): column for column in header}
    return next((bare[name] for name in names if name in bare), None)


def _year(texts: Sequence[str], name: str, year: int | None) -> int:
    """Metric year: as given, else of a header ("2023 JIF", "Total Docs. (2020)"), preamble or file name."""
    if year is not None:
        return year
    for text in (*texts, name):
        if found := re.search(r"(?<!\d)((?:19|20)\d\d)(?!\d)", text):
            return int(found.group(1))
    raise SchemaError(f"{name}: names no year in header, preamble or file name: give the metric year.")


def _number(text: Any) -> float | None:
    """The number, with decimal comma or point; None for blank, N/A and -."""
    found = re.fullmatch(r"<?(-?\d+(?:[.,]\d+)?)", str(text if text is not None else "").replace(" ", ""))
    return float(found.group(1).replace(",", ".")) if found else None


def _quartile(text: str | None) -> str | None:
    found = re.fullmatch(r"\s*(Q[1-4])\s*", text or "")
    return found.group(1) if found else None


def _scimago(rows: Sequence[_Row], name: str, year: int | None) -> list[_Row]:
    result = []
    for row in rows:
        issns = find_issns(row["issn"])
        result.append(
            {
                "journal_key": issns[0] if issns else f"scopus:{row['sourceid']}",
                "journal": row["title"].strip(),
                "issn": join_list(issns),
                "metric": "SJR",
                "metric_year": year,
                "value": _number(row["sjr"]),
                "quartile": _quartile(row.get("sjr best quartile") or row.get("sjr quartile")),
                "source": f"SCImago Journal Rank, {name}",
            }
        )
    return result


def _jcr(rows: Sequence[_Row], name: str, year: int | None) -> list[_Row]:
    header = list(rows[0]) if rows else []
    title, value = _column(header, _JCR_TITLE) or "", _column(header, _JCR_JIF) or ""
    quartile, percentile = _column(header, _JCR_QUARTILE) or "", _column(header, _JCR_PERCENTILE) or ""
    result = []
    for row in rows:
        issns = find_issns(" ".join(cell for column, cell in row.items() if "issn" in column))
        result.append(
            {
                "journal_key": issns[0] if issns else f"title:{row[title].strip()}",
                "journal": row[title].strip(),
                "issn": join_list(issns),
                "metric": "JIF",
                "metric_year": year,
                "value": _number(row[value]),
                "quartile": _quartile(row.get(quartile)),
                "percentile": _number(row.get(percentile)),
                "source": f"JCR, {name}",
            }
        )
    return result


def _tidy(rows: Sequence[_Row], name: str, year: int | None) -> list[_Row]:
    return [
        {
            "journal_key": f"nlm:{row['journal_nlm_id']}",
            "journal": row.get("journal") or f"nlm:{row['journal_nlm_id']}",
            "nlm_id": row["journal_nlm_id"],
            "metric": row["metric"],
            "metric_year": int(row["year"]),
            "value": _number(row["value"]),
            "source": f"Scopus metrics by NLM id, {name}",
        }
        for row in rows
    ]


def _ours(rows: Sequence[_Row], name: str, year: int | None) -> list[_Row]:
    kinds = {column.name: column.kind for column in JOURNAL_METRICS.columns}
    result = []
    for row in rows:
        cells = {column: cell.strip() or None for column, cell in row.items() if column in kinds}
        numbers = {
            column: _number(cell) for column, cell in cells.items() if kinds[column] in ("int", "float")
        }
        result.append({"source": name, "journal": cells["journal_key"]} | cells | numbers)
    return result


def _openalex(text: str, name: str, year: int | None) -> list[_Row]:
    """Rows of OpenAlex sources: one source, a list, a page of results, or one source per line.

    2yr_mean_citedness of 0 is what OpenAlex gives for a title without counted works (a renamed journal
    for example) and is taken as missing.
    """
    result = []
    for source in _sources(text, name):
        stats = source.get("summary_stats") or {}
        issns = [issn for item in source.get("issn") or [] if (issn := normalise_issn(item))]
        linking = normalise_issn(source.get("issn_l"))
        updated = str(source.get("updated_date") or source.get("updated") or "")[:4]
        if year is None and not updated.isdecimal():
            raise SchemaError(f"{name}: source {source.get('id')} has no updated_date: give the metric year.")
        result.append(
            {
                "journal_key": linking or (issns[0] if issns else str(source.get("id"))),
                "journal": source.get("display_name") or str(source.get("id")),
                "issn": join_list([*([linking] if linking else []), *issns]),
                "metric": "2yr_mean_citedness",
                "metric_year": year if year is not None else int(updated),
                "value": stats.get("2yr_mean_citedness") or None,
                "source": f"OpenAlex, {name}",
            }
        )
    return result


def _sources(text: str, name: str) -> list[_Row]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        try:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
        except json.JSONDecodeError:
            raise ParseError(f"{name}: line {error.lineno}, column {error.colno}: {error.msg}.") from None
    if isinstance(found, dict):
        found = found.get("results", [found])
    if not found or not all(isinstance(item, dict) and "summary_stats" in item for item in found):
        raise SchemaError(f"{name}: is JSON without OpenAlex sources; looked for summary_stats in each.")
    return list(found)
