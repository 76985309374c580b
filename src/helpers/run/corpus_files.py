"""Where the files of a corpus lie, and how they are written: whole or not at all.

<corpus>/articles/<part>.parquet     one row per record of one PubMed file, all versions
         deletions/<part>.parquet    PMIDs that file withdraws
         live/<part>.parquet         numbers of the rows that count, given all other parts
         mentions/, evidence/        made from the part's articles
         manifest/articles/<part>.json, manifest/evidence/<part>.json, index.json
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import helpers
from helpers.annotate.lexicon import Lexicon
from helpers.schemas import ARTICLES, INT, Table


def arrow_schema(table: Table) -> pa.Schema:
    """Arrow types of a table's columns."""
    return pa.schema([(c.name, pa.int64() if c.kind == INT else pa.string()) for c in table.columns])


DELETIONS = pa.schema([("pmid_number", pa.int64()), ("version", pa.int32()), ("before_row", pa.int64())])


def to_articles(table: pa.Table) -> pd.DataFrame:
    """Frame of an Arrow table of articles, or of some of their columns, years as nullable integers."""
    names = [name for name in ARTICLES.names if name in table.column_names]
    frame = table.select(names).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    return frame


class PartWriter:
    """Parquet file written under a temporary name; the final name appears when all went well."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path, self.schema = path, schema
        self.partial = path.with_name(f".{path.name}.{os.getpid()}.part")

    def __enter__(self) -> PartWriter:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.writer = pq.ParquetWriter(self.partial, self.schema, compression="zstd")
        return self

    def write(self, rows: pa.Table | pd.DataFrame) -> None:
        """Append rows; frames are cast to the file's schema."""
        if isinstance(rows, pd.DataFrame):
            rows = pa.Table.from_pandas(rows, schema=self.schema, preserve_index=False)
        self.writer.write_table(rows)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.writer.close()
        if kind is None:
            os.replace(self.partial, self.path)
        else:
            self.partial.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what processes that died have left half-written; call it when none is at work."""
    for path in folder.rglob(".*.part"):
        path.unlink(missing_ok=True)


def part_path(folder: Path, kind: str, part: str) -> Path:
    """Parquet file of a part: articles, deletions, live, mentions or evidence."""
    return folder / kind / f"{part}.parquet"


def manifest_path(folder: Path, kind: str, part: str) -> Path:
    """JSON that says what the part was made from."""
    return folder / "manifest" / kind / f"{part}.json"


def read_manifest(folder: Path, kind: str, part: str) -> dict[str, Any] | None:
    """Manifest of a part whose Parquet stands; None if either is missing or unreadable."""
    try:
        manifest = json.loads(manifest_path(folder, kind, part).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if part_path(folder, kind, part).exists() and isinstance(manifest, dict) else None


@cache
def code_digest(*rooms: str) -> str:
    """Hash of the source files of these rooms: other code, other results."""
    base = Path(helpers.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(path for room in rooms for path in (base / room).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def lexicon_digest(lexicon: Lexicon) -> str:
    """Hash of a lexicon's content, equal in every process."""
    digest = hashlib.sha256()
    for part in fields(lexicon):
        if part.name not in (
            "trie",
            "names",
            "automaton",
            "memory",
        ):  # made of the rest, or worked out on the way
            digest.update(_canonical(getattr(lexicon, part.name)))
    return digest.hexdigest()


def _canonical(value: Any) -> bytes:
    if isinstance(value, np.ndarray):
        return value.tobytes()
    if isinstance(value, pd.DataFrame):
        return repr([(name, column.tolist()) for name, column in value.items()]).encode()
    if isinstance(value, Mapping):
        pairs = ((key, value[key]) for key in sorted(value))
        return repr([(k, v if isinstance(v, int | float) else _canonical(v)) for k, v in pairs]).encode()
    if isinstance(value, tuple) and value and isinstance(value[0], bytes):
        return b"\n".join(value)
    if isinstance(value, frozenset | set):
        return repr(sorted(value)).encode()
    if is_dataclass(value) and not isinstance(value, type):
        return b"".join(_canonical(getattr(value, part.name)) for part in fields(value))
    return repr(value).encode()
