"""PubMed XML as Arrow tables, for sources of many records: regular records are read by compiled code.

`iter_pubmed` gives the same records one by one; it needs no compiling, which takes half a minute once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from helpers.records import pubmed_fields as read
from helpers.records.fields import normalise_doi, normalise_pmcid
from helpers.records.pubmed import Deletion, read_piece
from helpers.records.pubmed_kernel import LARGEST, gather, measure, take_records
from helpers.records.pubmed_lanes import LANES
from helpers.records.pubmed_lists import BREAK, END
from helpers.records.pubmed_readers import LINK, date_from, journal_names, journal_numbers, type_list
from helpers.records.pubmed_rows import kind_columns
from helpers.records.pubmed_source import Fault
from helpers.records.pubmed_stream import split_pubmed
from helpers.records.pubmed_values import NAMES
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
# Texts that need no tidying: a DOI in lower case, a PMC id.
_PLAIN_DOI, _PLAIN_PMCID, _NONE = r"^10\.\d{4,9}/[!-~]*[a-z0-9]$", r"^PMC[0-9]+$", r"^\b$"


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
            table = _merged(table, others, self._places)
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
        columns["doi"] = pc.coalesce(
            *(
                _tidy(pc.ascii_lower(self._column(spans, name)), _PLAIN_DOI, normalise_doi)
                for name in ("doi", "place_doi")
            )
        )
        pmcid = _tidy(self._column(spans, "pmcid"), _PLAIN_PMCID, normalise_pmcid)
        columns["pmcid"] = pc.coalesce(pmcid, _tidy(self._column(spans, "other_pmcid"), _NONE, read.pmcid_of))
        columns["other_abstracts"] = _tidy(self._column(spans, "other_abstracts"), _NONE, _other_abstracts)
        for names, sections, function in _TOLD:
            for name, (values, places) in zip(
                names, self._told(spans, sections, function), strict=bool(rows)
            ):
                columns[name] = pa.array(values, RECORDS.field(name).type).take(places)
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
        text = np.empty(measure(spans, span, offsets) + LANES, np.uint8)
        gather(self._out, spans, span, offsets, text)
        valid = np.packbits(spans[:, span, 1] >= 0, bitorder="little")
        return pa.StringArray.from_buffers(len(spans), *map(pa.py_buffer, (offsets, text, valid)))

    def _told(self, spans: Any, sections: tuple[str, ...], function: Any) -> Iterator[tuple[Any, pa.Array]]:
        """Per column its values, told by Python from the bytes of these sections, once for rows of equal bytes."""
        alike: Any = np.zeros(len(spans), np.int64)
        kinds: list[tuple[bytes | None, ...]] = [()]
        for name in sections:
            coded = self._column(spans, name).cast(pa.binary()).dictionary_encode(null_encoding="encode")
            values = coded.dictionary.to_pylist()
            pairs, alike = np.unique(alike * len(values) + coded.indices.to_numpy(), return_inverse=True)
            kinds = [(*kinds[pair // len(values)], values[pair % len(values)]) for pair in pairs.tolist()]
        places = pa.array(alike)
        for column in zip(*(function(*kind) for kind in kinds), strict=True):
            yield column, places


def load_compiled() -> None:
    """Nothing; the compiled code is made, or loaded, now and not with the first source."""
    reader = TableReader(b"", source_name="")
    reader._take(b"", 0)
    reader._column(reader._spans[:0], "title")


def _other_abstracts(written: str) -> str | None:
    """JSON of what the compiled code wrote: language, type and text of each, BREAK and END behind them."""
    entries = (entry.split(chr(BREAK)) for entry in written.split(chr(END))[:-1])
    return read.other_abstracts_as_json((language, kind, text) for language, kind, text in entries)


def _tidy(column: pa.Array, plain: str, tidy: Callable[[str], str | None]) -> pa.Array:
    """The texts as `tidy` gives them; it is not asked about those that the pattern knows to be so."""
    odd = pc.invert(pc.fill_null(pc.match_substring_regex(column, plain), True))
    values = [tidy(text) for text in column.filter(odd).to_pylist()]
    return pc.replace_with_mask(column, odd, pa.array(values, pa.string())) if values else column


def _merged(table: pa.Table, others: pa.Table, places: list[int]) -> pa.Table:
    """Both tables as one, the rows of `others` at these places."""
    parts, done = [], 0
    for number, place in enumerate(places):
        parts += [table.slice(done, place - number - done), others.slice(number, 1)]
        done = place - number
    return pa.concat_tables([*parts, table.slice(done)])


@lru_cache(65536)
def _journal(journal: bytes | None, info: bytes | None) -> tuple[str | None, ...]:
    row, found = journal_names(journal) if journal else ({}, {})
    row = {**row, **(journal_numbers(info) if info else {})}
    if journal and (own := journal_names(journal)[0].get("journal_abbreviation")):
        row["journal_abbreviation"] = own
    issn = join_list(issn for issn in (found.get("issn"), row.get("issn_l")) if issn)
    return (*(row.get(name) for name in _JOURNAL[:-1]), issn)


@lru_cache(65536)
def _dates(issued: bytes | None, electronic: bytes | None) -> tuple[str | None, int | None]:
    date = read.earlier(*(date_from(raw) if raw else None for raw in (issued, electronic)))
    return date, int(date[:4]) if date else None


@lru_cache(4096)
def _kinds(types: bytes | None, links: bytes | None) -> tuple[str | None, ...]:
    named = tuple(link.decode() for link in LINK.findall(links or b"") if link != b"Cites")
    kinds = kind_columns(type_list(types) if types else (), named, False)
    return tuple(kinds[name] for name in _KINDS)


@lru_cache(4096)
def _revised(date: bytes | None) -> tuple[str]:
    return ((date and date_from(date)) or "",)


_JOURNAL = ("journal", "journal_abbreviation", "nlm_id", "issn_l", "issn")
_KINDS = ("publication_types", "article_kind", "retraction")
_TOLD = (
    (_JOURNAL, ("journal", "info"), _journal),
    (("pub_date", "year"), ("issue_date", "electronic"), _dates),
    (("revised",), ("revised",), _revised),
    (_KINDS, ("types", "links"), _kinds),
)
