"""The search of a run: its query, fetched or brought up to date, as one row of SEARCHES."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers import storage
from helpers.fetch.query import build_query
from helpers.fetch.snapshot import Snapshot, fetch_snapshot
from helpers.schemas import SEARCHES, conform, join_list


def run_search(
    run: str,
    *,
    query: str = "",
    modes: Sequence[str] = (),
    genes: Sequence[str] = (),
    resistance: bool = True,
    first_year: int | None = None,
    last_year: int | None = None,
    snapshot: str = "",
    fetch_mode: str = "new",
    strict_query: bool = True,
) -> pd.DataFrame:
    """SEARCHES with one row for the query, complete on disk; without query, modes and genes no row.

    The query is `query` as given, else built from the modes, genes and years. The snapshot's folder is
    named after the run unless `snapshot` names one.
    """
    asked = query.strip() or _built(modes, genes, resistance, first_year, last_year)
    if not asked:
        return SEARCHES.empty()
    # A built query holds rare synonyms that PubMed's phrase index may lack; that is no mistake of the user's.
    strict = strict_query and bool(query.strip())
    fetched = fetch_snapshot(asked, snapshot=snapshot or run, mode=fetch_mode, strict_query=strict)
    return conform(pd.DataFrame([_row(fetched)]), SEARCHES)


def _built(
    modes: Sequence[str],
    genes: Sequence[str],
    resistance: bool,
    first_year: int | None,
    last_year: int | None,
) -> str:
    if not (modes or genes):
        return ""
    return build_query(
        storage.read_terms(),
        modes=modes,
        genes=genes,
        resistance=resistance,
        first_year=first_year,
        last_year=last_year,
    )


def _row(snapshot: Snapshot) -> dict[str, object]:
    return {
        "snapshot": snapshot.name,
        "query": snapshot.query or None,
        "translation": snapshot.translation or None,
        "warnings": join_list(snapshot.warnings),
        "searched": snapshot.searched[:10],
        "count": snapshot.count,
        "planned": snapshot.planned,
        "fetched": snapshot.fetched,
        "missing": join_list(map(str, snapshot.missing)),
        "withdrawn": join_list(map(str, snapshot.tombstones)),
        "added": len(snapshot.changes.added),
        "changed": len(snapshot.changes.changed),
        "gone": len(snapshot.changes.gone),
        "sentence": snapshot.sentence(),
    }
