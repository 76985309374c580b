"""What decides whether an item of a batch changed: the rows of the run's tables that are about it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers import storage
from helpers.run.graph import digests
from helpers.run.notebooks import Notebook

SUBJECTS = ("gene", "mode", "therapy")


def items_digest(book: Notebook, items: Sequence[Mapping[str, Any]]) -> list[str]:
    """One digest per item: of the rows about its gene, mode or therapy, or of whole tables for other items.

    A new paper on one gene so changes the digest of that gene's item and of no other.
    """
    rows_of: dict[tuple[str, str], dict[str, str]] = {}
    result = []
    for item in items:
        run = str(item["run"])
        subject = next((kind for kind in SUBJECTS if item.get(kind)), None)
        if subject is None:
            tables = digests(storage.table_path(run, name) for name in book.reads)
            result.append(json.dumps(tables, sort_keys=True))
            continue
        if (run, subject) not in rows_of:
            rows_of[run, subject] = _per_subject(run, book.reads, subject)
        result.append(rows_of[run, subject].get(str(item[subject]), "absent"))
    return result


def _per_subject(run: str, names: Sequence[str], kind: str) -> dict[str, str]:
    """Digest of every concept of a kind over its rows in all tables, and over the records naming it."""
    tables = {name: storage.read_table(run, name) for name in names}
    parts = [_summed(frame[kind], _hashes(frame)) for frame in tables.values() if kind in frame.columns]
    mentions = tables.get("mentions")
    if mentions is not None:
        own = mentions[mentions["kind"] == kind]
        parts.append(_summed(own["concept"], _hashes(own)))
        # Records are shown with title and year: what they say belongs to each concept they name.
        pairs = own[["record_id", "concept"]].drop_duplicates()
        for name in ("articles", "article_metrics"):
            if name in tables:
                hashes = pd.Series(_hashes(tables[name]), index=tables[name]["record_id"])
                found = pairs.merge(hashes.rename("hash").reset_index(), on="record_id")
                parts.append(_summed(found["concept"], found["hash"].to_numpy()))
    together = pd.concat(parts, axis=1).fillna(0).astype("uint64") if parts else pd.DataFrame()
    return {
        str(concept): hashlib.sha256(np.asarray(row, dtype="uint64").tobytes()).hexdigest()
        for concept, row in zip(together.index, together.to_numpy(), strict=True)
    }


def _hashes(frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    return np.asarray(pd.util.hash_pandas_object(frame, index=False), dtype="uint64")


def _summed(concepts: pd.Series[Any], hashes: np.ndarray[Any, Any]) -> pd.Series[Any]:
    """Sum (modulo 2^64) of the row hashes of each concept: the same whatever the order of rows."""
    return pd.Series(hashes, index=concepts.to_numpy()).groupby(level=0).sum()
