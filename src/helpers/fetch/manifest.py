"""The manifest of a fetch: one JSON line per batch file, saying what was asked, what came, and its hash.

A batch is done if and only if its line and its file agree. Lines hold no times, so that a fetch that
was interrupted ends in the same bytes as one that was not; times go to `log.jsonl`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from helpers.storage import sha256, write_bytes

BATCH = 200


@dataclass(frozen=True)
class Row:
    """One batch: number, file, SHA-256 and size of the file, PMIDs asked for, and those NCBI had none of."""

    batch: int
    file: str
    sha256: str
    bytes: int
    asked: tuple[int, ...] = field(repr=False)
    missing: tuple[int, ...] = ()

    @property
    def returned(self) -> tuple[int, ...]:
        """PMIDs whose records stand in the file."""
        absent = set(self.missing)
        return tuple(pmid for pmid in self.asked if pmid not in absent) if absent else self.asked


def batch_file(number: int, update: int = 0) -> str:
    """Name of a batch file; one that an update wrote carries the update's number."""
    return f"{number:06d}-u{update:03d}.xml.gz" if update else f"{number:06d}.xml.gz"


def read_rows(folder: Path) -> list[Row]:
    """Rows of the manifest in batch order, the last of each batch; a torn or foreign line is passed over."""
    path = folder / "manifest.jsonl"
    if not path.exists():
        return []
    rows: dict[int, Row] = {}
    for line in path.read_bytes().splitlines():
        try:
            held = json.loads(line)
            row = Row(**held | {"asked": tuple(held["asked"]), "missing": tuple(held["missing"])})
        except (ValueError, KeyError, TypeError):
            continue
        rows[row.batch] = row
    return [rows[number] for number in sorted(rows)]


def write_rows(folder: Path, rows: Iterable[Row]) -> None:
    """The manifest, rewritten whole in batch order."""
    ordered = sorted(rows, key=lambda row: row.batch)
    write_bytes(folder / "manifest.jsonl", b"".join(_line(row) for row in ordered))


def append_row(folder: Path, row: Row) -> None:
    """The manifest with one more line, on the disk when this returns."""
    with (folder / "manifest.jsonl").open("ab") as file:
        file.write(_line(row))
        file.flush()
        os.fsync(file.fileno())


def intact(folder: Path, rows: Sequence[Row]) -> list[Row]:
    """The rows whose file stands there with the hash they give."""
    return [row for row in rows if _agrees(folder / "batches" / row.file, row)]


def _agrees(path: Path, row: Row) -> bool:
    return path.exists() and path.stat().st_size == row.bytes and sha256(path) == row.sha256


def _line(row: Row) -> bytes:
    return json.dumps(asdict(row), separators=(",", ":"), sort_keys=True).encode() + b"\n"
