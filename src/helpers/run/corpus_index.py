"""Which rows of a corpus count: of all deliveries of a PMID one, of a withdrawn PMID none.

Files are taken in number order. The highest version of a record wins, of equal versions the latest file;
a deletion withdraws what stood before it. Memory depends on the number of PMIDs, not on the text: two small
arrays over pages of PMIDs, about 0.2 GB for all of PubMed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from helpers import storage
from helpers.errors import UsageError
from helpers.run.corpus_files import PartWriter, part_path

_PAGE_BITS = 20
_LIVE = pa.schema([("row", pa.int32())])

Ints = npt.NDArray[np.int64]


class Rows(NamedTuple):
    """Numbers of a part's rows, with PMID and version of each."""

    row: Ints
    pmid: Ints
    version: Ints


class _Pages:
    """For each PMID seen: the part that holds it (0 for none, counted from 1) and the version."""

    def __init__(self) -> None:
        self.part: dict[int, npt.NDArray[np.int32]] = {}
        self.version: dict[int, npt.NDArray[np.int16]] = {}

    def split(self, pmid: Ints) -> Iterator[tuple[int, npt.NDArray[np.bool_], Ints]]:
        """(page, which of the PMIDs lie on it, their places there), pages made as needed."""
        pages = pmid >> _PAGE_BITS
        for page in np.unique(pages).tolist():
            if page not in self.part:
                self.part[page] = np.zeros(1 << _PAGE_BITS, np.int32)
                self.version[page] = np.zeros(1 << _PAGE_BITS, np.int16)
            inside = pages == page
            yield page, inside, pmid[inside] & ((1 << _PAGE_BITS) - 1)

    def withdraw(self, pmid: Ints, version: Ints) -> int:
        """How many held records the deletions withdraw."""
        gone = 0
        for page, inside, slot in self.split(pmid):
            hit = slot[(self.part[page][slot] > 0) & (self.version[page][slot] <= version[inside])]
            gone += len(hit)
            self.part[page][hit] = 0
        return gone

    def hold(self, part: int, rows: Rows) -> None:
        """Note the part for each of its records that no higher version outdoes."""
        for page, inside, slot in self.split(rows.pmid):
            version = rows.version[inside]
            taken = (self.part[page][slot] == 0) | (self.version[page][slot] <= version)
            self.part[page][slot[taken]] = part
            self.version[page][slot[taken]] = version[taken]

    def held_by(self, part: int, rows: Rows) -> npt.NDArray[np.bool_]:
        """Which of the rows are the ones that count."""
        live = np.zeros(len(rows.row), bool)
        for page, inside, slot in self.split(rows.pmid):
            live[inside] = (self.part[page][slot] == part) & (
                self.version[page][slot] == rows.version[inside]
            )
        return live


def write_index(folder: Path, parts: Sequence[str]) -> dict[str, object]:
    """Index over the parts in their order: rows that count per part, and totals, also as index.json."""
    pages, withdrawn, rows_held = _Pages(), 0, 0
    for number, part in enumerate(parts, start=1):
        rows, deletions = survivors(folder, part), _deletions(folder, part)
        withdrawn += pages.withdraw(deletions.pmid, deletions.version)
        pages.hold(number, rows)
        rows_held += pq.read_metadata(part_path(folder, "articles", part)).num_rows
    live = 0
    for number, part in enumerate(parts, start=1):
        rows = survivors(folder, part)
        kept = np.sort(rows.row[pages.held_by(number, rows)]).astype(np.int32)
        live += len(kept)
        with PartWriter(part_path(folder, "live", part), _LIVE) as file:
            file.write(pa.table({"row": kept}, schema=_LIVE))
    index: dict[str, object] = {
        "parts": list(parts),
        "rows": rows_held,
        "live": live,
        "withdrawn": withdrawn,
        "superseded": rows_held - live - withdrawn,
    }
    storage.write_json(folder / "index.json", index)
    return index


def survivors(folder: Path, part: str) -> Rows:
    """Rows of a part that nothing within the same file outdoes or withdraws, by PMID.

    Of one PMID the highest version, then the latest revision, then the last.
    """
    path = part_path(folder, "articles", part)
    table = pq.read_table(path, columns=["pmid_number", "version", "revised"])
    pmid = table["pmid_number"].to_numpy().astype(np.int64)
    version = table["version"].to_numpy().astype(np.int64)
    row = np.flatnonzero(_not_withdrawn(pmid, version, _deletions(folder, part)))
    if len(np.unique(pmid[row])) < len(row):
        revised = np.array(table["revised"].to_pylist(), dtype="U10")
        order = row[np.lexsort((row, revised[row], version[row], pmid[row]))]
        row = order[np.append(pmid[order[1:]] != pmid[order[:-1]], True)]
    return Rows(row, pmid[row], version[row])


def _not_withdrawn(pmid: Ints, version: Ints, deletions: Rows) -> npt.NDArray[np.bool_]:
    """Which rows no deletion further down in the same file withdraws."""
    alive = np.ones(len(pmid), bool)
    for row in np.flatnonzero(np.isin(pmid, deletions.pmid)):
        same = (deletions.pmid == pmid[row]) & (deletions.version >= version[row]) & (deletions.row > row)
        alive[row] = not same.any()
    return alive


def _deletions(folder: Path, part: str) -> Rows:
    """Deletions of a part; `row` is the number of articles that stand before each."""
    table = pq.read_table(part_path(folder, "deletions", part))
    return Rows(
        *(table[name].to_numpy().astype(np.int64) for name in ("before_row", "pmid_number", "version"))
    )


def read_index(folder: Path) -> dict[str, Any]:
    """Parts in their order and totals; raises UsageError if no corpus has been built there."""
    try:
        index: dict[str, Any] = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UsageError(f"{folder} holds no corpus: atlas corpus build makes one.") from None
    return index


def live_rows(folder: Path, part: str) -> Ints:
    """Numbers of the part's rows that count, ascending."""
    live: Ints = pq.read_table(part_path(folder, "live", part))["row"].to_numpy().astype(np.int64)
    return live
