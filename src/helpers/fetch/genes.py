"""The full human gene lexicon from NCBI Gene through Entrez, cached with its date.

data/raw/cache/lexicon/genes.csv has the columns of data/raw/terms/genes.csv; genes.json beside it says
when and from what it was made. NCBI Gene's summaries carry no HGNC id and do not tell previous symbols
from aliases, so `hgnc_id` and `previous` are missing there; an HGNC file gives both.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.errors import FetchError, IncompleteError
from helpers.fetch.batches import WORKERS
from helpers.fetch.entrez import fetch_summaries
from helpers.fetch.plan import freeze_plan, plan_search, read_plan
from helpers.fetch.progress import progress
from helpers.fetch.transport import PATIENT, Patience
from helpers.schemas import GENES, conform, join_list
from helpers.storage import raw, to_csv, write_bytes, write_json

QUERY = "9606[taxid] AND alive[prop]"
# The largest number of JSON summaries NCBI gives at once.
SUMMARIES = 500


def fetch_gene_lexicon(
    *,
    folder: Path | None = None,
    refresh: bool = False,
    quiet: bool | None = None,
    patience: Patience = PATIENT,
    now: datetime | None = None,
) -> Path:
    """Path of the cached table of every human gene with an official symbol (GENES columns).

    An existing table is returned as it is unless `refresh`. Raises IncompleteError if the service
    fails on the way; the next call goes on from there.
    """
    place = folder or raw("cache", "lexicon")
    path, building = place / "genes.csv", place / "building"
    if path.exists() and not refresh:
        return path
    plan = read_plan(building)
    if plan is None:
        plan = plan_search(QUERY, db="gene", patience=patience, quiet=quiet, now=now)
        freeze_plan(plan, building)
    uids = plan.pmids.tolist()
    batches = [uids[start : start + SUMMARIES] for start in range(0, len(uids), SUMMARIES)]
    rows = _fetch_all(building, batches, patience, quiet)
    frame = _frame(rows, plan.searched[:10])
    if frame.empty:
        raise FetchError(
            f"NCBI Gene: none of {len(uids):,} genes has an official symbol; nothing was written."
        )
    write_bytes(path, to_csv(frame))
    made = {"source": f"NCBI Gene, {QUERY}", "date": plan.searched, "read": len(uids), "genes": len(frame)}
    write_json(place / "genes.json", made)
    shutil.rmtree(building)
    return path


def _fetch_all(
    building: Path, batches: Sequence[list[int]], patience: Patience, quiet: bool | None
) -> Iterator[dict[str, Any]]:
    """Rows of all genes, one file per batch kept on the way."""

    def one(number: int) -> list[dict[str, Any]]:
        path = building / f"{number:06d}.json"
        if not path.exists():
            summaries = fetch_summaries(batches[number], db="gene", patience=patience)
            write_json(path, [row for row in map(_row, summaries.values()) if row])
        content: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return content

    rows: list[dict[str, Any]] = []
    done = 0
    with (
        ThreadPoolExecutor(WORKERS) as pool,
        progress(len(batches), unit="batches", desc="NCBI Gene", quiet=quiet) as bar,
    ):
        try:
            for part in pool.map(one, range(len(batches))):
                rows += part
                done += 1
                bar.update()
        except FetchError as error:
            pool.shutdown(cancel_futures=True)
            raise IncompleteError(
                f"{done} of {len(batches)} batches of genes came, then: {error} "
                "Start it again to go on from there."
            ) from None
    return iter(rows)


def _row(summary: dict[str, Any]) -> dict[str, Any] | None:
    """The gene of a summary; None if it is replaced, not human or without an official symbol."""
    replaced = str(summary.get("currentid") or "0") != "0"
    human = str(summary.get("organism", {}).get("taxid")) == "9606"
    if replaced or not human or summary.get("nomenclaturestatus") != "Official" or "error" in summary:
        return None
    symbol = summary["nomenclaturesymbol"]
    aliases = [text.strip() for text in str(summary.get("otheraliases") or "").split(",")]
    names = [text.strip() for text in str(summary.get("otherdesignations") or "").split("|")]
    return {
        "gene": symbol,
        "ncbi_gene": str(summary["uid"]),
        "name": summary.get("nomenclaturename") or summary.get("description") or symbol,
        "aliases": join_list(text for text in aliases if text != symbol),
        "names": join_list(names),
    }


def _frame(rows: Iterator[dict[str, Any]], day: str) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["gene", "ncbi_gene", "name", "aliases", "names"])
    frame = frame.sort_values(["gene", "ncbi_gene"]).drop_duplicates("gene")
    return conform(frame.assign(hgnc_id=None, previous=None, roles=None, source=f"NCBI Gene {day}"), GENES)
