"""A snapshot: the PubMed records of one query on disk, complete or saying what is missing.

data/raw/pubmed/<snapshot>/
    plan.json  pmids.txt   the query as PubMed took it, when, and every PMID; frozen before fetching
    manifest.jsonl         one line per batch file, with its hash
    batches/*.xml.gz       records as NCBI sent them, 200 a file, each PMID once
    log.jsonl              when each batch came (the one file in which two equal fetches differ)
    updates/NNN/           what each update searched and found
    tombstones.csv         PMIDs withdrawn since
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from helpers.errors import FetchError, UsageError, nearest
from helpers.fetch.apply import Changes, read_tombstones
from helpers.fetch.batches import fetch_planned
from helpers.fetch.manifest import read_rows
from helpers.fetch.plan import Plan, freeze_plan, plan_pmids, plan_search, read_plan
from helpers.fetch.transport import PATIENT, Patience
from helpers.fetch.update import (
    added_since,
    finish_update,
    finished_updates,
    pending_update,
    read_changes,
    update_snapshot,
)
from helpers.storage import raw

MODES = ("new", "resume", "update")
# NCBI asks software to show this to its users (E-utilities usage guidelines, NBK25497).
NOTICE = (
    "Records come from PubMed of the U.S. National Library of Medicine, which neither endorses this software "
    "nor vouches for its results; abstracts may be under the copyright of their publishers. Terms: "
    "https://www.nlm.nih.gov/databases/download/terms_and_conditions.html and "
    "https://www.ncbi.nlm.nih.gov/home/about/policies/."
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True)
class Snapshot:
    """A fetched snapshot: its query as PubMed took it, when, and how complete it is.

    `count` is what the search promised, `planned` the PMIDs listed, `fetched` the records on disk;
    `missing` are planned PMIDs NCBI gave no record of. `changes` is the last update's.
    """

    name: str
    folder: Path
    query: str
    translation: str
    warnings: tuple[str, ...]
    searched: str
    count: int
    planned: int
    fetched: int
    missing: tuple[int, ...]
    tombstones: tuple[int, ...]
    updates: int
    changes: Changes
    files: tuple[Path, ...] = field(repr=False)

    def describe(self) -> dict[str, Any]:
        """Facts of the snapshot for `run.json`: no path, no list longer than it must be."""
        return {
            "snapshot": self.name,
            "query": self.query,
            "translation": self.translation,
            "warnings": list(self.warnings),
            "searched": self.searched,
            "count": self.count,
            "planned": self.planned,
            "fetched": self.fetched,
            "missing": list(self.missing),
            "tombstones": list(self.tombstones),
            "updates": self.updates,
            "added": len(self.changes.added),
            "changed": len(self.changes.changed),
            "gone": len(self.changes.gone),
            "left": len(self.changes.left),
        }

    def sentence(self) -> str:
        """A sentence for a methods section: source, query, date, counts, what is missing."""
        what = f"with the query {self.query}" if self.query else "for a given list of PMIDs"
        short = f"; {len(self.missing):,} had none" if self.missing else ""
        times = "once" if self.updates == 1 else f"{self.updates} times"
        since = f", brought up to date {times}" if self.updates else ""
        return (
            f"PubMed was searched through NCBI Entrez on {self.searched[:10]} (UTC){since} {what}, "
            f"which PubMed counted as {self.count:,} records; {self.fetched:,} were fetched{short}."
        )


def fetch_snapshot(
    query: str | None = None,
    *,
    snapshot: str,
    pmids: Iterable[int | str] | None = None,
    folder: Path | None = None,
    mode: str = "new",
    strict_query: bool = False,
    limit: int | None = None,
    quiet: bool | None = None,
    patience: Patience = PATIENT,
    now: datetime | None = None,
) -> Snapshot:
    """The snapshot, complete on disk, of a PubMed query or of a list of PMIDs.

    `folder` defaults to data/raw/pubmed/<snapshot>. Mode `new` plans and fetches, and goes on where a
    start of the same query stopped (a finished one needs no network); `resume` goes on and asks again
    for records that were missing; `update` also adds, refreshes and buries. `limit` refuses a query with
    more hits. `quiet` None shows the progress bar on a terminal only. `now` stands in for the clock.

    Raises UsageError for a snapshot of another query, a query not taken as written (`strict_query`),
    or one above `limit`; IncompleteError if the service fails on the way: start again to go on.
    """
    _check_names(snapshot, mode)
    place = folder or raw("pubmed", snapshot)
    with _alone(place):
        plan = read_plan(place)
        if plan is None:
            if mode == "resume":
                raise UsageError(
                    f"snapshot {snapshot!r} was never started in {place}: fetch it with mode new."
                )
            plan = _plan(query, pmids, strict_query, limit, patience, quiet, now)
            freeze_plan(plan, place)
        else:
            _same(snapshot, plan, query, pmids)
        rows = fetch_planned(
            place,
            plan,
            added=added_since(place),
            missing_again=mode == "resume",
            patience=patience,
            quiet=quiet,
        )
        if (pending := pending_update(place)) is not None:
            finish_update(place, pending, rows, patience=patience, quiet=quiet)
        elif mode == "update":
            update_snapshot(place, plan, rows, strict=strict_query, patience=patience, quiet=quiet, now=now)
        return read_snapshot(place, name=snapshot)


def _check_names(snapshot: str, mode: str) -> None:
    if mode not in MODES:
        raise UsageError(f"fetch mode {mode!r} does not exist: {nearest(mode, MODES)}")
    if not _NAME.fullmatch(snapshot):
        raise UsageError(
            f"snapshot name {snapshot!r}: use letters, digits, '-', '_' and '.', at most 64 of them."
        )


def _plan(
    query: str | None,
    pmids: Iterable[int | str] | None,
    strict: bool,
    limit: int | None,
    patience: Patience,
    quiet: bool | None,
    now: datetime | None,
) -> Plan:
    if (query is None or not query.strip()) == (pmids is None):
        raise UsageError("a snapshot is fetched for a query or for a list of PMIDs: give one of the two.")
    if pmids is not None:
        return plan_pmids(pmids, now=now)
    assert query is not None
    return plan_search(query.strip(), strict=strict, limit=limit, patience=patience, quiet=quiet, now=now)


def _same(snapshot: str, plan: Plan, query: str | None, pmids: Iterable[int | str] | None) -> None:
    asked = query.strip() if query else ""
    listed = plan_pmids(pmids).pmids.tolist() if pmids is not None else None
    if (asked and asked != plan.query) or (listed is not None and listed != plan.pmids.tolist()):
        held = f"the query {plan.query[:80]!r}" if plan.query else f"{len(plan.pmids)} given PMIDs"
        raise UsageError(
            f"snapshot {snapshot!r} already holds {held}, searched {plan.searched[:10]}: "
            "name another snapshot for another query."
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=0):
            yield
    except Timeout:
        raise UsageError(f"another process is fetching into {folder}: wait for it, or stop it.") from None
    except OSError as error:  # a full disk, a folder that must not be written
        raise FetchError(
            f"{folder} cannot be written ({error.strerror}): make room or name another folder, and start it again; "
            "what was fetched is kept."
        ) from None


def read_snapshot(folder: Path, *, name: str | None = None) -> Snapshot:
    """A snapshot as it stands on disk, without network; raises FetchError if none was started there."""
    plan = read_plan(folder)
    if plan is None:
        raise FetchError(f"no snapshot stands in {folder}: fetch it with mode new.")
    rows = read_rows(folder)
    updates = finished_updates(folder)
    newest = (read_plan(updates[-1]) if updates else None) or plan
    changes = read_changes(updates[-1])[0] if updates else None
    missing = tuple(sorted(pmid for row in rows for pmid in row.missing))
    return Snapshot(
        name=name or folder.name,
        folder=folder,
        query=plan.query,
        translation=newest.translation,
        warnings=newest.warnings,
        searched=newest.searched,
        count=newest.count,
        planned=sum(len(row.asked) for row in rows),
        fetched=sum(len(row.returned) for row in rows),
        missing=missing,
        tombstones=tuple(sorted(read_tombstones(folder))),
        updates=len(updates),
        changes=changes or Changes(),
        files=tuple(folder / "batches" / row.file for row in rows),
    )


def snapshot_files(folder: Path) -> list[Path]:
    """XML files of a snapshot in order, each PMID in exactly one; raises FetchError if none was started."""
    return list(read_snapshot(folder).files)
