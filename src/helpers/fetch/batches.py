"""Planned records fetched in batches of 200 to files, from wherever the last start stopped."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from helpers.errors import FetchError, IncompleteError
from helpers.fetch.entrez import fetch_records
from helpers.fetch.manifest import BATCH, Row, append_row, batch_file, intact, read_rows, write_rows
from helpers.fetch.plan import Plan
from helpers.fetch.progress import progress
from helpers.fetch.recordset import RecordSet, join_set, split_set
from helpers.fetch.transport import PATIENT, Patience
from helpers.storage import write_bytes

# Requests under way at once: NCBI takes a second or two over 200 records, the limit is three a second.
WORKERS = 3


def fetch_planned(
    folder: Path,
    plan: Plan,
    *,
    added: Sequence[int] = (),
    missing_again: bool = False,
    patience: Patience = PATIENT,
    quiet: bool | None = None,
) -> list[Row]:
    """Manifest rows of the whole plan, each batch on disk; what already stands there is not asked for again.

    `added` are PMIDs that updates put beside the plan's; a damaged manifest may have lost them. With
    `missing_again`, batches of which NCBI had not every record are asked for again too. Raises
    IncompleteError, naming how much stands, if the service fails; the next call goes on there.
    """
    found = settle(folder)
    rows = [row for row in intact(folder, found) if not (missing_again and row.missing)]
    todo = list(_todo(plan, found, {row.batch for row in rows}, added))
    held = sum(len(row.asked) for row in rows)
    total = held + sum(len(asked) for _, asked, _ in todo)
    with progress(total, initial=held, unit="records", desc="Fetching", quiet=quiet) as bar:
        try:
            for row in _in_order(folder, todo, patience):
                append_row(folder, row)
                rows.append(row)
                bar.update(len(row.asked))
        except FetchError as error:
            done = sum(len(row.asked) for row in rows)
            raise IncompleteError(
                f"{done:,} of {total:,} records stand in {folder}, then: {error} "
                "Start it again to go on from there."
            ) from None
    rows.sort(key=lambda row: row.batch)
    write_rows(folder, rows)
    return rows


def settle(folder: Path) -> list[Row]:
    """Rows of the manifest, freed of a torn line; files it does not name are removed."""
    (folder / "batches").mkdir(parents=True, exist_ok=True)
    rows = read_rows(folder)
    if (folder / "manifest.jsonl").exists():
        write_rows(folder, rows)
    named = {row.file for row in rows}
    for path in (folder / "batches").iterdir():
        if path.name not in named:
            path.unlink()
    return rows


Batch = tuple[int, tuple[int, ...], str]


def _todo(plan: Plan, found: Sequence[Row], done: set[int], added: Sequence[int]) -> Iterator[Batch]:
    """Batches (number, PMIDs, file) to fetch: those never fetched, and any whose file is bad."""
    known = {row.batch: row for row in found}
    planned = range(0, len(plan.pmids), BATCH)
    for number, start in enumerate(planned, start=1):
        if number not in known:
            yield number, tuple(plan.pmids[start : start + BATCH].tolist()), batch_file(number)
    for row in found:
        if row.batch not in done:
            yield row.batch, row.asked, row.file
    asked = {pmid for row in found if row.batch > len(planned) for pmid in row.asked}
    lost = sorted(set(added) - asked)
    last = max([len(planned), *known])
    for number, start in enumerate(range(0, len(lost), BATCH), start=last + 1):
        yield number, tuple(lost[start : start + BATCH]), batch_file(number)


def _in_order(folder: Path, todo: Sequence[Batch], patience: Patience) -> Iterator[Row]:
    """Rows in batch order, a few requests under way at once; on the way out none is started any more."""
    pool = ThreadPoolExecutor(WORKERS)
    under_way: deque[Future[Row]] = deque()
    try:
        for batch in todo:
            under_way.append(pool.submit(_fetch_batch, folder, batch, patience))
            if len(under_way) > 2 * WORKERS:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _fetch_batch(folder: Path, batch: Batch, patience: Patience) -> Row:
    number, asked, name = batch
    found = fetch_records(asked, patience=patience)
    row = write_batch(folder, number, name, asked, found)
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    note = {"batch": number, "came": moment, "records": len(row.returned), "missing": len(row.missing)}
    with (folder / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(note) + "\n")
    return row


def write_batch(folder: Path, number: int, name: str, asked: tuple[int, ...], found: RecordSet) -> Row:
    """Manifest row of a batch whose records now stand in `batches/<name>`; the manifest is not touched."""
    content = gzip.compress(join_set(found.head, found.records), compresslevel=6, mtime=0)
    write_bytes(folder / "batches" / name, content)
    missing = tuple(pmid for pmid in asked if pmid not in found.records)
    return Row(number, name, hashlib.sha256(content).hexdigest(), len(content), asked, missing)


def read_batch(folder: Path, row: Row) -> RecordSet:
    """The records of a batch file."""
    return split_set(gzip.decompress((folder / "batches" / row.file).read_bytes()))


def held_pmids(rows: Sequence[Row]) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """PMIDs whose records stand in the files, ascending."""
    parts = [np.array(row.returned, dtype=np.uint32) for row in rows]
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, np.uint32)
