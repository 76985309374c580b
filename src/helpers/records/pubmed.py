"""PubMed XML (efetch answers, baseline and update files, web exports) as the articles table.

Year policy, stated once: a record's date is the earlier of its issue date (PubDate) and its electronic date
(ArticleDate), the more precise where one contains the other; its year is that date's year.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from helpers.errors import ParseError
from helpers.records.fields import normalise_pmid
from helpers.records.parsed import ParsedRecords
from helpers.records.pubmed_elements import parse_pieces
from helpers.records.pubmed_rows import PubmedRecord, read_article, read_book, version_of
from helpers.records.pubmed_sections import read_sections
from helpers.records.pubmed_source import Fault, place
from helpers.records.pubmed_stream import Piece, split_pubmed
from helpers.schemas import ARTICLES, conform


@dataclass(frozen=True)
class Deletion:
    """A PMID, of one version, that PubMed declares withdrawn."""

    pmid: str
    version: int = 1


def parse_pubmed(source: Path | BinaryIO | bytes, *, source_name: str) -> ParsedRecords:
    """Articles, deletions and flaws of one PubMed XML source, plain or gzip.

    Of several deliveries of one PMID the highest version stays, then the one last revised, then the last.
    A record withdrawn further down in the same source is left out. Broken or cut-off XML costs only the
    records it stands in, each listed in `skipped` with its byte (offset in the unzipped XML).
    Raises ParseError naming source and byte if the bytes are not PubMed XML or hold no whole record.
    """
    faults: list[Fault] = []
    best: dict[str, PubmedRecord] = {}
    deleted: dict[str, None] = {}
    books = 0
    for item in iter_pubmed(source, source_name=source_name, faults=faults):
        if isinstance(item, Deletion):
            deleted[item.pmid] = None
            if item.pmid in best and best[item.pmid].version <= item.version:
                del best[item.pmid]
            continue
        pmid = item.row["pmid"]
        books += item.book
        held = best.get(pmid)
        if held is None or (held.version, held.revised) <= (item.version, item.revised):
            best[pmid] = item
    if faults and not best and not deleted:
        raise ParseError(f"{faults[0][0]}: {faults[0][1]}; the source holds no whole record.")
    frame = conform(to_frame([item.row for item in best.values()]), ARTICLES)
    return ParsedRecords(frame, list(deleted), faults, books)


def iter_pubmed(
    source: Path | BinaryIO | bytes, *, source_name: str, faults: list[Fault]
) -> Iterator[PubmedRecord | Deletion]:
    """Records and deletions of a PubMed XML source in document order, in constant memory.

    Broken entries are appended to `faults` as (place, reason). Raises ParseError if it is not PubMed XML.
    """
    for piece in split_pubmed(source, source_name=source_name, faults=faults):
        yield from read_piece(piece, source_name, faults)


def read_piece(piece: Piece, source_name: str, faults: list[Fault]) -> Iterator[PubmedRecord | Deletion]:
    """Records and deletions of a piece, of which most hold one."""
    record = read_sections(piece.raw) if piece.plain and piece.kind == "PubmedArticle" else None
    if record is None:
        yield from _read_tree(piece, source_name, faults)
    else:
        record.row["source"] = source_name
        yield record


def _read_tree(piece: Piece, source_name: str, faults: list[Fault]) -> Iterator[PubmedRecord | Deletion]:
    """Records and deletions of a piece by way of lxml."""
    for parsed in parse_pieces([piece], source_name=source_name, faults=faults):
        if parsed.kind.startswith("Delete"):
            for child in parsed.element:
                if pmid := normalise_pmid(child.text):
                    yield Deletion(pmid, version_of(child))
            continue
        record = read_book(parsed) if parsed.kind == "PubmedBookArticle" else read_article(parsed)
        if record.row["pmid"] is None:
            faults.append((place(source_name, parsed.offset), f"{parsed.kind} without a PMID of its own"))
            continue
        record.row["source"] = source_name
        yield record


def to_frame(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Frame with the columns of ARTICLES from rows of `iter_pubmed`, unsorted and unchecked."""
    return pd.DataFrame({name: [row.get(name) for row in rows] for name in ARTICLES.names})
