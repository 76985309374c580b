"""PubMed XML as Arrow tables, for sources of many records: regular records are read by compiled code.

`iter_pubmed` gives the same records one by one; it needs no compiling, which takes half a minute once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from helpers.records import pubmed_fields as read
from helpers.records.fields import normalise_doi, normalise_pmcid
from helpers.records.pubmed import Deletion, read_piece
from helpers.records.pubmed_kernel import LARGEST, gather, take_records
from helpers.records.pubmed_lists import BREAK, END
from helpers.records.pubmed_readers import LINK, date_from, journal_names, journal_numbers, type_list
from helpers.records.pubmed_rows import kind_columns
from helpers.records.pubmed_source import Fault
from helpers.records.pubmed_stream import split_pubmed
from helpers.records.pubmed_values import DOI, NAMES
from helpers.schemas import ARTICLES, INT, join_list

# What decides between deliveries of one PMID stands beside the columns of ARTICLES.
RECORDS = pa.schema(
    [(c.name, pa.int64() if c.kind == INT else pa.string()) for c in ARTICLES.columns]
    + [("pmid_number", pa.int64()), ("version", pa.int32()), ("revised", pa.string())]
)
_ROWS = 2_000  # rows in memory at a time; more no longer fit in the cache
_ARENA = 16 << 20  # bytes of text in memory at a time; three times what so many rows need
_KEPT = ("title", "abstract", "vernacular_title", "authors", "mesh", "mesh_ui", "keywords", "volume", "issue",
         "language")  # fmt: skip


class TableReader:
    """Reader of one source: tables of its records, and what else is in it, complete when all are read.

    faults: (place, reason) of each broken entry. deletions: (PMID, version, records before it). records, books:
    how many there are.
    """

    def __init__(self, source: Path | BinaryIO | bytes, *, source_name: str) -> None:
        self.source, self.name = source, source_name
        self.faults: list[Fault] = []
        self.deletions: list[tuple[int, int, int]] = []
        self.records = self.books = 0
        self._out = np.empty(_ARENA, np.uint8)
        self._spans = np.empty((_ROWS, len(NAMES), 2), np.int64)
        self._numbers = np.empty((_ROWS, 2), np.int64)
        self._clear()

    def _clear(self) -> None:
        self._size = self._regular = 0
        self._others: list[dict[str, Any]] = []
        self._places: list[int] = []  # of the others, among all

    def tables(self) -> Iterator[pa.Table]:
        """Tables of RECORDS, some thousand rows each, in the order of the source.

        Raises ParseError as `iter_pubmed` does.
        """
        for piece in split_pubmed(self.source, source_name=self.name, faults=self.faults, take=self._take):
            for item in read_piece(piece, self.name, self.faults):
                held = self._regular + len(self._others)
                if isinstance(item, Deletion):
                    self.deletions.append((int(item.pmid), item.version, self.records + held))
                    continue
                self.books += item.book
                row = item.row
                row.update(pmid_number=int(row["pmid"]), version=item.version, revised=item.revised)
                self._places.append(held)
                self._others.append(row)
            crowded = self._size + LARGEST + 64 > _ARENA
            if self._regular + len(self._others) >= _ROWS or crowded:
                yield self._flush()
        yield self._flush()

    def _take(self, buffer: bytes, position: int) -> int:
        room = self._spans[: max(_ROWS - len(self._others), self._regular)]
        position, self._size, self._regular = take_records(
            np.frombuffer(buffer, np.uint8),
            position,
            self._out,
            self._size,
            room,
            self._numbers,
            self._regular,
        )
        return position

    def _flush(self) -> pa.Table:
        """Table of what has been read, which is then forgotten."""
        table = self._table()
        if self._others:
            others = pa.table([[row.get(f.name) for row in self._others] for f in RECORDS], schema=RECORDS)
            order = np.empty(len(table) + len(others), np.int64)
            regular = np.ones(len(order), bool)
            regular[self._places] = False
            order[regular] = np.arange(len(table))
            order[self._places] = np.arange(len(table), len(order))
            table = pa.concat_tables([table, others]).take(pa.array(order))
        self.records += len(table)
        self._clear()
        return table

    def _table(self) -> pa.Table:
        spans, numbers = self._spans[: self._regular], self._numbers[: self._regular]
        rows = len(spans)
        columns: dict[str, Any] = {name: self._column(spans, name) for name in _KEPT}
        columns["record_id"] = self._column(spans, "pmid")
        columns["pmid"] = pc.utf8_slice_codeunits(columns["record_id"], len("pmid:"))
        columns["abstract_kind"] = pc.if_else(
            pc.is_valid(columns["abstract"]), "abstract", pa.scalar(None, "string")
        )
        columns["pages"] = pc.coalesce(self._column(spans, "pages"), self._column(spans, "place_pii"))
        columns["source"] = pa.repeat(self.name, rows)
        columns["pmid_number"], columns["version"] = numbers[:, 0], numbers[:, 1].astype(np.int32)
        told = [_columns_of(sections) for sections in zip(*self._sections(spans), strict=True)]
        for number, name in enumerate(_TOLD):
            columns[name] = [values[number] for values in told]
        return pa.table(
            [
                pa.array(columns[f.name], f.type) if f.name in columns else pa.nulls(rows, f.type)
                for f in RECORDS
            ],
            schema=RECORDS,
        )

    def _column(self, spans: Any, name: str) -> pa.Array:
        """Text of one span of every row."""
        span = NAMES.index(name)
        offsets = np.zeros(len(spans) + 1, np.int32)
        text = gather(self._out, spans, span, offsets)
        valid = np.packbits(spans[:, span, 1] >= 0, bitorder="little")
        return pa.StringArray.from_buffers(len(spans), *map(pa.py_buffer, (offsets, text, valid)))

    def _sections(self, spans: Any) -> Iterator[list[bytes | None]]:
        """Per section that Python reads its bytes in every row, None where it is not there."""
        text = self._out[: self._size].tobytes()
        for span in range(DOI, len(NAMES)):
            yield [text[start:end] if end >= 0 else None for start, end in spans[:, span].tolist()]


def load_compiled() -> None:
    """Nothing; the compiled code is made, or loaded, now and not with the first source."""
    reader = TableReader(b"", source_name="")
    reader._take(b"", 0)
    reader._column(reader._spans[:0], "title")


_TOLD = ("journal", "journal_abbreviation", "nlm_id", "issn_l", "issn", "pub_date", "year", "revised",
         "publication_types", "article_kind", "retraction", "doi", "pmcid", "other_abstracts")  # fmt: skip


def _columns_of(sections: tuple[bytes | None, ...]) -> tuple[Any, ...]:
    """Values of the columns _TOLD from the sections of one record that Python reads."""
    (doi, pmcid, place_doi, _, issued, electronic, revised, journal, info, types, links, other_pmcid,
     other_abstracts) = sections  # fmt: skip
    return (
        *_journal(journal, info),
        *_dates(issued, electronic),
        (revised and date_from(revised)) or "",
        *_kinds(types, links),
        normalise_doi(doi.decode() if doi else None)
        or normalise_doi(place_doi.decode() if place_doi else None),
        (pmcid and normalise_pmcid(pmcid.decode())) or (other_pmcid and read.pmcid_of(other_pmcid.decode())),
        other_abstracts and _other_abstracts(other_abstracts.decode()),
    )


def _other_abstracts(written: str) -> str | None:
    """JSON of what the compiled code wrote: language, type and text of each, BREAK and END behind them."""
    entries = (entry.split(chr(BREAK)) for entry in written.split(chr(END))[:-1])
    return read.other_abstracts_as_json((language, kind, text) for language, kind, text in entries)


@lru_cache(65536)
def _journal(journal: bytes | None, info: bytes | None) -> tuple[str | None, ...]:
    row, found = journal_names(journal) if journal else ({}, {})
    row = {**row, **(journal_numbers(info) if info else {})}
    if journal and (own := journal_names(journal)[0].get("journal_abbreviation")):
        row["journal_abbreviation"] = own
    issn = join_list(issn for issn in (found.get("issn"), row.get("issn_l")) if issn)
    return (*(row.get(name) for name in _TOLD[:4]), issn)


@lru_cache(65536)
def _dates(issued: bytes | None, electronic: bytes | None) -> tuple[str | None, int | None]:
    date = read.earlier(*(date_from(raw) if raw else None for raw in (issued, electronic)))
    return date, int(date[:4]) if date else None


@lru_cache(4096)
def _kinds(types: bytes | None, links: bytes | None) -> tuple[str | None, ...]:
    named = tuple(link.decode() for link in LINK.findall(links or b"") if link != b"Cites")
    kinds = kind_columns(type_list(types) if types else (), named, False)
    return tuple(kinds[name] for name in ("publication_types", "article_kind", "retraction"))
