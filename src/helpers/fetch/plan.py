"""Which records a query matches: the whole list of ids, past the 9,999 PubMed shows, frozen to disk.

A search with more hits is split by UID range until each part fits (as NCBI's EDirect does; publication
dates would not do: the first of January alone holds more than 200,000 records).
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from helpers.errors import FetchError, IncompleteError, UsageError
from helpers.fetch.entrez import CAP, SearchPage, search_page
from helpers.fetch.progress import progress
from helpers.fetch.transport import PATIENT, Patience
from helpers.storage import write_bytes, write_json

# Above every id any Entrez database gives today, with room for years.
TOP_UID = 2**30 - 1
# A search may lose this share of its hits between first and last part: PubMed changes while it is read.
DRIFT = 0.001


@dataclass(frozen=True)
class Plan:
    """What is to be fetched: the query, how PubMed took it, when, and the ids in ascending order."""

    query: str
    translation: str
    warnings: tuple[str, ...]
    count: int
    parts: tuple[tuple[int, int, int], ...]
    searched: str
    pmids: np.ndarray[Any, np.dtype[np.uint32]] = field(repr=False)


def plan_search(
    query: str,
    *,
    db: str = "pubmed",
    strict: bool = False,
    limit: int | None = None,
    patience: Patience = PATIENT,
    quiet: bool | None = None,
    now: datetime | None = None,
) -> Plan:
    """The plan of a query: every id it matches, held once, as 4 bytes each.

    Raises UsageError for unpaired quotes or brackets, above `limit` hits, and with `strict` if PubMed did
    not take the query as written.
    Raises IncompleteError if the parts hold fewer ids than the search promised, twice.
    """
    _refuse_open(query)
    searched = (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for _ in range(2):
        first = search_page(query, db=db, patience=patience)
        _refuse(query, first, strict=strict, limit=limit)
        parts: list[tuple[int, int, int]] = []
        pmids = _collect(query, first, db, parts, patience, quiet)
        if len(pmids) >= first.count * (1 - DRIFT):
            ids = np.frombuffer(pmids, dtype=np.uint32) if pmids else np.empty(0, np.uint32)
            return Plan(query, first.translation, first.warnings, first.count, tuple(parts), searched, ids)
    raise IncompleteError(
        f"query {query[:80]!r}: the search counts {first.count:,} records but its parts hold {len(pmids):,}; "
        "run it again later."
    )


def _refuse_open(query: str) -> None:
    """Raises UsageError for unpaired quotes or brackets: `a) OR (b` would mean another search in each part."""
    depth, quoted = 0, False
    for character in query:
        if character == '"':
            quoted = not quoted
        elif not quoted and character in "()":
            depth += 1 if character == "(" else -1
        if depth < 0:
            break
    if depth or quoted:
        what = "quotation mark" if quoted else "bracket"
        raise UsageError(f"query {query[:80]!r} has a {what} without its partner: add or remove one.")


def _refuse(query: str, page: SearchPage, *, strict: bool, limit: int | None) -> None:
    if strict and page.warnings:
        raise UsageError(
            f"query {query[:80]!r} was not taken as written: {'; '.join(page.warnings[:5])}. "
            f"PubMed read it as {page.translation[:300]!r}; correct it, or set strict_query to false."
        )
    if limit is not None and page.count > limit:
        raise UsageError(
            f"query {query[:80]!r} matches {page.count:,} records, more than the limit of {limit:,}: "
            "narrow it, or raise the limit."
        )


def _collect(
    query: str,
    first: SearchPage,
    db: str,
    parts: list[tuple[int, int, int]],
    patience: Patience,
    quiet: bool | None,
) -> array[int]:
    """Ids in ascending order; `parts` receives (lowest, highest, count) of each range that was listed."""
    ids = array("I")
    with progress(first.count, unit="ids", desc="Planning", quiet=quiet) as bar:
        todo = [(1, TOP_UID, first.count)]
        page: SearchPage | None = first
        while todo:
            low, high, count = todo.pop()
            page = page or _part(query, low, high, count, db, patience)
            if len(page.ids) < page.count <= CAP:  # it was only counted
                page = _part(query, low, high, page.count, db, patience)
            if page.count <= CAP:
                ids.extend(sorted(page.ids))
                bar.update(len(page.ids))
                if page.ids:
                    parts.append((low, high, len(page.ids)))
            elif low == high:
                raise FetchError(f"query {query[:80]!r}: {page.count:,} hits under one id, which cannot be.")
            else:
                middle = (low + high) // 2
                todo += [(middle + 1, high, page.count), (low, middle, page.count)]
            page = None
    return ids


def _part(query: str, low: int, high: int, count: int, db: str, patience: Patience) -> SearchPage:
    """Hits of the query with ids in a range; listed at once only where they may fit."""
    term = f"({query}) AND {low}:{high}[UID]"
    retmax = CAP if count <= 4 * CAP else 0
    return search_page(term, db=db, retmax=retmax, within=range(low, high + 1), patience=patience)


def plan_pmids(pmids: Iterable[int | str], *, now: datetime | None = None) -> Plan:
    """The plan of a given list of PMIDs; raises UsageError naming those that are none."""
    texts = [str(pmid).strip().removeprefix("pmid:") for pmid in pmids]
    if bad := [text for text in texts if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**9)]:
        raise UsageError(f"PMID {bad[0]!r}: a PMID is a number of at most nine digits ({len(bad)} are not).")
    ids = np.unique(np.array([int(text) for text in texts], dtype=np.uint32))
    searched = (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Plan("", "", (), len(ids), (), searched, ids)


def freeze_plan(plan: Plan, folder: Path, **more: Any) -> None:
    """The plan on disk: `pmids.txt`, one a line, then `plan.json`, which vouches for it by its hash."""
    chunks = (plan.pmids[start : start + 50_000].tolist() for start in range(0, len(plan.pmids), 50_000))
    text = b"".join("".join(f"{pmid}\n" for pmid in chunk).encode() for chunk in chunks)
    write_bytes(folder / "pmids.txt", text)
    content = {
        "query": plan.query,
        "translation": plan.translation,
        "warnings": list(plan.warnings),
        "count": plan.count,
        "parts": [list(part) for part in plan.parts],
        "searched": plan.searched,
        "pmids": len(plan.pmids),
        "pmids_sha256": hashlib.sha256(text).hexdigest(),
    }
    write_json(folder / "plan.json", content | more)


def read_plan(folder: Path) -> Plan | None:
    """The frozen plan, or None if none is there; raises FetchError if its files do not agree."""
    path = folder / "plan.json"
    if not path.exists():
        return None
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        vouched = held["pmids_sha256"]
    except (ValueError, KeyError, TypeError):
        raise FetchError(f"{path} is damaged: remove {folder} and fetch anew.") from None
    text = (folder / "pmids.txt").read_bytes() if (folder / "pmids.txt").exists() else b""
    if hashlib.sha256(text).hexdigest() != vouched:
        raise FetchError(
            f"{folder / 'pmids.txt'} was changed since its plan was made: remove {folder} and fetch anew."
        )
    return Plan(
        held["query"],
        held["translation"],
        tuple(held["warnings"]),
        held["count"],
        tuple((part[0], part[1], part[2]) for part in held["parts"]),
        held["searched"],
        np.array(text.split(), dtype=np.uint32),
    )
