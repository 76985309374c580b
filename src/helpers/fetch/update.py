"""A snapshot brought up to date: new records added, revised ones refreshed, withdrawn ones made tombstones.

An update first freezes its own plan and fetches into `updates/NNN/`, then writes `changes.json`, then
new batch files under new names; replacing the manifest makes all of it valid at once. Killed at any
point, the next start finishes it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from helpers.fetch.apply import Changes, apply_changes, bury, read_tombstones
from helpers.fetch.batches import fetch_planned, held_pmids, read_batch
from helpers.fetch.entrez import fetch_summaries
from helpers.fetch.manifest import BATCH, Row
from helpers.fetch.plan import Plan, freeze_plan, plan_search, read_plan
from helpers.fetch.transport import PATIENT, Patience
from helpers.storage import write_json

# Days each update looks back before the last search: records reach the index late and out of order.
OVERLAP_DAYS = 3
Ids = np.ndarray[Any, np.dtype[np.uint32]]


def pending_update(folder: Path) -> Path | None:
    """Folder of an update that was planned and not finished, if there is one."""
    for layer in _layers(folder):
        if (layer / "plan.json").exists() and not read_changes(layer)[1]:
            return layer
    return None


def finished_updates(folder: Path) -> list[Path]:
    """Folders of the updates the snapshot holds, oldest first."""
    return [layer for layer in _layers(folder) if read_changes(layer)[1]]


def _layers(folder: Path) -> list[Path]:
    return sorted((folder / "updates").glob("[0-9][0-9][0-9]"))


def read_changes(layer: Path) -> tuple[Changes | None, bool]:
    """What an update found, and whether the snapshot holds it already."""
    path = layer / "changes.json"
    if not path.exists():
        return None, False
    held = json.loads(path.read_text(encoding="utf-8"))
    lists = {name: tuple(held[name]) for name in ("added", "changed", "gone", "left")}
    return Changes(**lists), bool(held["applied"])


def added_since(folder: Path) -> list[int]:
    """PMIDs the finished updates added and none of them found withdrawn since."""
    changes = [read_changes(layer)[0] or Changes() for layer in finished_updates(folder)]
    return sorted({pmid for change in changes for pmid in change.added} - set(read_tombstones(folder)))


def update_snapshot(
    folder: Path,
    plan: Plan,
    rows: Sequence[Row],
    *,
    strict: bool = False,
    patience: Patience = PATIENT,
    quiet: bool | None = None,
    now: datetime | None = None,
) -> Changes:
    """What changed, once the snapshot's files hold it.

    `plan` is that of the first search, `rows` the complete manifest. Raises IncompleteError if the
    service fails; `finish_update` goes on from there.
    """
    layer = folder / "updates" / f"{len(finished_updates(folder)) + 1:03d}"
    _plan_update(folder, layer, plan, rows, strict=strict, patience=patience, quiet=quiet, now=now)
    return finish_update(folder, layer, rows, patience=patience, quiet=quiet)


def finish_update(
    folder: Path, layer: Path, rows: Sequence[Row], *, patience: Patience = PATIENT, quiet: bool | None = None
) -> Changes:
    """What a planned update changed, once the snapshot's files hold it."""
    planned = read_plan(layer)
    assert planned is not None
    fetched = fetch_planned(layer, planned, patience=patience, quiet=quiet)
    changes = read_changes(layer)[0]
    if changes is None:
        outside = json.loads((layer / "plan.json").read_text(encoding="utf-8"))["outside"]
        changes = _find_changes(folder, layer, rows, fetched, set(outside), patience)
        _write_changes(layer, changes, applied=False)
    apply_changes(folder, layer, rows, fetched, changes)
    bury(folder, changes.gone, planned.searched)
    _write_changes(layer, changes, applied=True)
    shutil.rmtree(layer / "batches", ignore_errors=True)
    return changes


def _plan_update(
    folder: Path,
    layer: Path,
    plan: Plan,
    rows: Sequence[Row],
    *,
    strict: bool,
    patience: Patience,
    quiet: bool | None,
    now: datetime | None,
) -> None:
    """Freezes which records the update asks for: created or revised since, or no longer matching."""
    held = held_pmids(rows)
    if not plan.query:
        freeze_plan(replace(plan, searched=_utc(now)), layer, outside=[], since="")
        return
    since = _since(_last_searched(folder, plan))

    def search(term: str) -> Plan:
        return plan_search(term, strict=strict, patience=patience, quiet=quiet, now=now)

    current = search(plan.query)
    created = search(f'({plan.query}) AND ("{since}"[crdt] : "3000"[crdt])').pmids
    revised = search(f'({plan.query}) AND ("{since}"[lr] : "3000"[lr])').pmids
    new = np.setdiff1d(np.union1d(current.pmids, created), held)
    outside = np.setdiff1d(held, current.pmids)
    wanted = _union(new, created, revised, outside)
    freeze_plan(replace(current, pmids=wanted), layer, outside=outside.tolist(), since=since)


def _union(*parts: Ids) -> Ids:
    return np.unique(np.concatenate(parts)).astype(np.uint32)


def _last_searched(folder: Path, plan: Plan) -> str:
    done = finished_updates(folder)
    planned = read_plan(done[-1]) if done else None
    return planned.searched if planned is not None else plan.searched


def _since(searched: str) -> str:
    day = datetime.strptime(searched, "%Y-%m-%dT%H:%M:%SZ") - timedelta(days=OVERLAP_DAYS)
    return day.strftime("%Y/%m/%d")


def _utc(now: datetime | None) -> str:
    return (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _find_changes(
    folder: Path,
    layer: Path,
    rows: Sequence[Row],
    fetched: Sequence[Row],
    outside: set[int],
    patience: Patience,
) -> Changes:
    came = {pmid for row in fetched for pmid in row.returned}
    absent = {pmid for row in fetched for pmid in row.missing}
    held = set(held_pmids(rows).tolist())
    changed = _differing(folder, layer, rows, fetched, came & held)
    gone = _withdrawn(sorted(absent & held), patience)
    return Changes(tuple(sorted(came - held)), tuple(changed), tuple(gone), tuple(sorted(outside & came)))


def _differing(
    folder: Path, layer: Path, rows: Sequence[Row], fetched: Sequence[Row], both: set[int]
) -> list[int]:
    """PMIDs whose record is not, byte for byte, the one held; few batches are in memory at a time."""
    home = {pmid: row for row in rows for pmid in row.returned if pmid in both}

    @lru_cache(maxsize=8)
    def held(row: Row) -> dict[int, bytes]:
        return read_batch(folder, row).records

    differing = []
    for row in fetched:
        if wanted := sorted(both.intersection(row.returned)):
            new = read_batch(layer, row).records
            differing += [pmid for pmid in wanted if held(home[pmid])[pmid] != new[pmid]]
    return sorted(differing)


def _withdrawn(pmids: Sequence[int], patience: Patience) -> list[int]:
    """Those of the PMIDs of which NCBI has no summary either: absence from one answer is not proof."""
    gone = []
    for start in range(0, len(pmids), BATCH):
        summaries = fetch_summaries(pmids[start : start + BATCH], db="pubmed", patience=patience)
        gone += [pmid for pmid, summary in summaries.items() if "error" in summary]
    return gone


def _write_changes(layer: Path, changes: Changes, *, applied: bool) -> None:
    write_json(layer / "changes.json", asdict(changes) | {"applied": applied})
