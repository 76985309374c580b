"""The papers behind the evidence as CSL-JSON, RIS and BibTeX, for a reference manager."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import bibtexparser
import pandas as pd
import rispy
from bibtexparser.bibdatabase import BibDatabase
from bibtexparser.bwriter import BibTexWriter

from helpers import storage
from helpers.errors import UsageError, nearest
from helpers.present.links import record_url
from helpers.schemas import split_list

# Braces are replaced by commands without braces of their own: BibTeX counts escaped ones too.
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{char: "\\" + char for char in "&%$#_"},
    }
)
_COLUMNS = (
    "record_id pmid pmcid doi title authors journal journal_abbreviation issn year pub_date volume issue pages language"
).split()
Tags = Mapping[str, list[str]]


def export_references(articles: pd.DataFrame, fmt: str, *, evidence: pd.DataFrame | None = None) -> str:
    """Text of a reference list: fmt "csl" (CSL-JSON), "ris" or "bib" (BibTeX), sorted by record id.

    Args:
        articles: ARTICLES frame, of the records wanted.
        fmt: form of the list.
        evidence: EVIDENCE frame; each reference then carries the pairs it supports as keywords
            ("GPX4 × ferroptosis"), so that a reference manager can find the papers behind a cell.

    Raises:
        UsageError: for an unknown form.
    """
    writers = _writers()
    if fmt not in writers:
        raise UsageError(f"reference format {fmt!r} does not exist: {nearest(fmt, writers)}")
    return writers[fmt](_rows(articles), _tags(evidence))


def write_references(
    articles: pd.DataFrame, folder: Path, *, evidence: pd.DataFrame | None = None
) -> dict[str, Path]:
    """Paths of references.json (CSL-JSON), references.ris and references.bib, by form.

    With `evidence`, only the records it cites are listed.
    """
    if evidence is not None:
        articles = articles[articles["record_id"].isin(set(evidence["record_id"]))]
    names = {"csl": "references.json", "ris": "references.ris", "bib": "references.bib"}
    rows, tags = _rows(articles), _tags(evidence)
    return {
        fmt: storage.write_bytes(folder / names[fmt], write(rows, tags).encode())
        for fmt, write in _writers().items()
    }


def _writers() -> dict[str, Callable[[list[dict[Any, Any]], Tags], str]]:
    return {"csl": _csl, "ris": _ris, "bib": _bib}


def _rows(articles: pd.DataFrame) -> list[dict[Any, Any]]:
    """Articles as mappings by record id, with the columns a reference is made of."""
    columns = [name for name in _COLUMNS if name in articles.columns]
    rows: list[dict[Any, Any]] = articles.sort_values("record_id")[columns].to_dict("records")
    return rows


def _tags(evidence: pd.DataFrame | None) -> Tags:
    """Keywords of each record: the pairs of gene and mode it supports."""
    if evidence is None:
        return {}
    pairs = evidence.dropna(subset=["mode"])[["record_id", "gene", "mode"]].drop_duplicates()
    tags: dict[str, list[str]] = {}
    names = pairs["gene"] + " × " + pairs["mode"]
    for record, name in sorted(zip(pairs["record_id"].tolist(), names.tolist(), strict=True)):
        tags.setdefault(record, []).append(name)
    return tags


def _text(row: Mapping[Any, Any], name: str) -> str:
    """Value on one line; "" where it is missing."""
    value = row.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _names(row: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """Authors as (family, given); a collective has no given name."""
    parts = (author.partition(",") for author in split_list(row.get("authors")))
    return [(family.strip(), given.strip()) for family, _, given in parts]


def _year(row: Mapping[Any, Any]) -> str:
    year = row.get("year")
    return str(int(year)) if year is not None and year is not pd.NA and year == year else ""


def _csl(rows: list[dict[Any, Any]], tags: Tags) -> str:
    items = []
    for row in rows:
        date = (_text(row, "pub_date") or _year(row)).split("-")
        item: dict[str, Any] = {
            "id": row["record_id"],
            "type": "article-journal",
            "title": _text(row, "title"),
            "author": [
                {"family": family, "given": given} if given else {"literal": family}
                for family, given in _names(row)
            ],
            "container-title": _text(row, "journal"),
            "container-title-short": _text(row, "journal_abbreviation"),
            "volume": _text(row, "volume"),
            "issue": _text(row, "issue"),
            "page": _text(row, "pages"),
            "issued": {"date-parts": [[int(part) for part in date]]}
            if all(d.isdigit() for d in date)
            else {},
            "DOI": _text(row, "doi"),
            "PMID": _text(row, "pmid"),
            "PMCID": _text(row, "pmcid"),
            "ISSN": ", ".join(split_list(row.get("issn"))),
            "language": ", ".join(split_list(row.get("language"))),
            "URL": record_url(row["record_id"]) or "",
            "keyword": ", ".join(tags.get(row["record_id"], [])),
        }
        items.append({key: value for key, value in item.items() if value})
    # A record per line: an indented list of 25,000 takes Python's slow encoder.
    lines = (json.dumps(item, ensure_ascii=False, sort_keys=True) for item in items)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _ris(rows: list[dict[Any, Any]], tags: Tags) -> str:
    items = []
    for row in rows:
        first, _, last = _text(row, "pages").replace("–", "-").partition("-")
        item = {
            "type_of_reference": "JOUR",
            "id": row["record_id"],
            "title": _text(row, "title"),
            "authors": [", ".join(filter(None, name)) for name in _names(row)],
            "journal_name": _text(row, "journal"),
            "alternate_title2": _text(row, "journal_abbreviation"),
            "year": _year(row),
            "date": _text(row, "pub_date").replace("-", "/"),
            "volume": _text(row, "volume"),
            "number": _text(row, "issue"),
            "start_page": first,
            "end_page": last,
            "issn": ", ".join(split_list(row.get("issn"))),
            "doi": _text(row, "doi"),
            "accession_number": _text(row, "pmid"),
            "language": ", ".join(split_list(row.get("language"))),
            "urls": list(filter(None, [record_url(row["record_id"])])),
            "keywords": tags.get(row["record_id"], []),
        }
        items.append({key: value for key, value in item.items() if value})
    return str(rispy.dumps(items)) + "\n"


def _bib(rows: list[dict[Any, Any]], tags: Tags) -> str:
    database = BibDatabase()
    for row in rows:
        names = (", ".join(filter(None, map(_tex, name))) for name in _names(row))
        entry = {
            # Doubled braces keep the capitals of gene names.
            "title": f"{{{_tex(_text(row, 'title'))}}}" if _text(row, "title") else "",
            "author": " and ".join(name if "," in name else f"{{{name}}}" for name in names),
            "journal": _tex(_text(row, "journal")),
            "year": _year(row),
            "volume": _tex(_text(row, "volume")),
            "number": _tex(_text(row, "issue")),
            "pages": _tex(_text(row, "pages")).replace("-", "--"),
            "issn": ", ".join(split_list(row.get("issn"))),
            "doi": _tex(_text(row, "doi")),
            "pmid": _text(row, "pmid"),
            "url": record_url(row["record_id"]) or "",
            "keywords": ", ".join(_tex(tag) for tag in tags.get(row["record_id"], [])),
        }
        identity = {"ENTRYTYPE": "article", "ID": re.sub(r"[^A-Za-z0-9.-]+", "_", row["record_id"])}
        database.entries.append(identity | {key: value for key, value in entry.items() if value})
    writer = BibTexWriter()
    writer.order_entries_by = ("ID",)
    return str(bibtexparser.dumps(database, writer))


def _tex(text: str) -> str:
    """The text with TeX's special characters written so that they print as they are."""
    return text.translate(_TEX)
