"""Changes put into a snapshot's files: new batch files first, then the manifest that makes them valid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.fetch.batches import read_batch, settle, write_batch
from helpers.fetch.manifest import BATCH, Row, batch_file, write_rows
from helpers.fetch.recordset import RecordSet
from helpers.storage import write_bytes


@dataclass(frozen=True)
class Changes:
    """What an update found: PMIDs added, changed, gone (withdrawn), and left (no longer matching, kept)."""

    added: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()
    left: tuple[int, ...] = ()


def apply_changes(
    folder: Path, layer: Path, rows: Sequence[Row], fetched: Sequence[Row], changes: Changes
) -> None:
    """New batch files with the changes in, then the manifest naming them; doing it again changes nothing."""
    number = int(layer.name)
    changed, gone = set(changes.changed), set(changes.gone)
    fresh = _records(layer, fetched, changed | set(changes.added))
    result = []
    for row in rows:
        if (changed | gone).intersection(row.asked):
            asked = tuple(pmid for pmid in row.asked if pmid not in gone)
            old = read_batch(folder, row)
            records = {p: fresh.records.get(p, r) for p, r in old.records.items() if p not in gone}
            row = write_batch(
                folder, row.batch, batch_file(row.batch, number), asked, RecordSet(old.head, records)
            )
        result.append(row)
    present = {pmid for row in rows for pmid in row.returned}
    result += _added(folder, number, result, sorted(set(changes.added) - present), fresh)
    write_rows(folder, result)
    settle(folder)


def _records(layer: Path, fetched: Sequence[Row], wanted: set[int]) -> RecordSet:
    head = b""
    records: dict[int, bytes] = {}
    for row in fetched:
        if hit := wanted.intersection(row.returned):
            found = read_batch(layer, row)
            head = found.head
            records |= {pmid: found.records[pmid] for pmid in hit}
    return RecordSet(head, records)


def _added(
    folder: Path, number: int, rows: Sequence[Row], added: Sequence[int], fresh: RecordSet
) -> Iterable[Row]:
    """Rows of new batches after the last one, holding the added records."""
    last = max((row.batch for row in rows), default=0)
    for step, start in enumerate(range(0, len(added), BATCH), start=1):
        asked = tuple(added[start : start + BATCH])
        part = RecordSet(fresh.head, {pmid: fresh.records[pmid] for pmid in asked})
        yield write_batch(folder, last + step, batch_file(last + step, number), asked, part)


def bury(folder: Path, gone: Iterable[int], searched: str) -> None:
    """Adds the withdrawn PMIDs to `tombstones.csv`."""
    held = read_tombstones(folder)
    held |= {pmid: searched[:10] for pmid in gone if pmid not in held}
    if held:
        lines = ["pmid,reason,seen", *(f"{pmid},deleted_or_merged,{held[pmid]}" for pmid in sorted(held))]
        write_bytes(folder / "tombstones.csv", ("\n".join(lines) + "\n").encode())


def read_tombstones(folder: Path) -> dict[int, str]:
    """Withdrawn PMIDs and the day their absence was seen."""
    path = folder / "tombstones.csv"
    if not path.exists():
        return {}
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return {int(row[0]): row[2] for row in rows}
