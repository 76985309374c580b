"""Named folders, and tables and files written whole or not at all.

The project root is found from this file, never from the working directory, so that a notebook finds
its data from JupyterLab, papermill and nbval alike; `ATLAS_HOME` names another root (tests use it).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import schemas
from helpers.errors import SchemaError, UsageError, nearest
from helpers.schemas import BOOL, INT, LIST, TABLES, TERMS, TEXT, Table, conform

FLOAT_FORMAT = "%.6g"
# A cell that starts so is run as a formula by spreadsheets; an apostrophe in front keeps it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_RUN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def root() -> Path:
    """Folder of the project: `ATLAS_HOME` if set, else the checkout this file stands in."""
    home = os.environ.get("ATLAS_HOME")
    return Path(home).resolve() if home else Path(__file__).resolve().parents[2]


def raw(*parts: str) -> Path:
    """Path under data/raw."""
    return root().joinpath("data", "raw", *parts)


def run_folder(run: str, *parts: str) -> Path:
    """Path under data/processed/<run>; raises UsageError for a name that is not a plain folder name."""
    if not _RUN_NAME.fullmatch(run):
        raise UsageError(f"run name {run!r}: use letters, digits, '-', '_' and '.', at most 64 of them.")
    return root().joinpath("data", "processed", run, *parts)


def write_bytes(path: Path, content: bytes) -> Path:
    """The path, once content stands there whole: written beside it, synced, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path


def write_json(path: Path, content: Any) -> Path:
    """The path, once the JSON text (sorted keys, indented) stands there whole."""
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)
    return write_bytes(path, (text + "\n").encode())


def sha256(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def to_csv(frame: pd.DataFrame) -> bytes:
    """CSV bytes: UTF-8, line feeds, fixed float format, missing as empty, formulas made harmless."""
    safe = frame.copy()
    for name in safe.columns:
        if pd.api.types.is_string_dtype(safe[name].dtype):
            hit = safe[name].str.startswith(_FORMULA, na=False)
            safe[name] = safe[name].where(~hit, "'" + safe[name])
    text: str = safe.to_csv(index=False, lineterminator="\n", float_format=FLOAT_FORMAT)
    return text.encode()


def from_csv(path: Path, table: Table) -> pd.DataFrame:
    """Frame read back from `to_csv`, typed and checked; raises SchemaError naming the file."""
    try:
        frame = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8")
    except (ValueError, UnicodeDecodeError) as error:
        raise SchemaError(f"{path}: not a readable CSV table: {error}.") from None
    kinds = {column.name: column.kind for column in table.columns}
    for name in frame.columns:
        kind = kinds.get(name, TEXT)
        if kind in (TEXT, LIST):
            quoted = frame[name].str.startswith("'", na=False)
            frame[name] = frame[name].where(~quoted, frame[name].str.slice(1))
        elif kind == BOOL:
            frame[name] = frame[name].map({"True": True, "False": False})
        else:
            try:
                frame[name] = pd.to_numeric(frame[name]).astype("Int64" if kind == INT else "float64")
            except (TypeError, ValueError) as error:
                raise SchemaError(f"{path}: column {name}: {error}.") from None
    try:
        return conform(frame, table)
    except SchemaError as error:
        raise SchemaError(f"{path}: {error}") from None


def table_path(run: str, name: str) -> Path:
    """Path of a run's table; raises UsageError for an unknown table name."""
    if name not in TABLES:
        raise UsageError(f"table {name!r} does not exist: {nearest(name, TABLES)}")
    return run_folder(run, "tables", f"{name}.csv")


def read_table(run: str, name: str) -> pd.DataFrame:
    """One table of a run, typed and checked; raises UsageError if the run has not made it yet."""
    path = table_path(run, name)
    if not path.exists():
        raise UsageError(
            f"{path.relative_to(root())} does not exist yet: run the notebooks before it, "
            f"atlas run notebooks/runs/{run}.yml"
        )
    return from_csv(path, TABLES[name])


def write_table(run: str, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as written: conformed to its schema, sorted by key, saved whole."""
    path = table_path(run, name)
    checked = conform(frame, TABLES[name])
    write_bytes(path, to_csv(checked))
    return checked


def read_terms(folder: Path | None = None) -> dict[str, pd.DataFrame]:
    """The vocabulary: frames modes, genes, therapies, ambiguous, cues; bad rows are refused.

    Raises SchemaError with file, line and reason of every bad row.
    """
    folder = folder or raw("terms")
    return {name: read_curated(folder / f"{name}.csv", table) for name, table in TERMS.items()}


def read_curated(path: Path, table: Table) -> pd.DataFrame:
    """Frame of a hand-kept CSV, each fault reported with its line."""
    try:
        frame = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8")
    except (OSError, ValueError) as error:
        raise SchemaError(f"{path}: cannot be read: {error}.") from None
    faults = [f"line 1: column {name} is absent" for name in table.names if name not in frame.columns]
    if faults:
        raise SchemaError(f"{path}: {'; '.join(faults)}.")
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    for column in table.columns:
        faults += _row_faults(frame[column.name], column)
    repeated = frame.duplicated(list(table.key), keep="first")
    key = "+".join(table.key)
    for line, row in frame.loc[repeated, list(table.key)].iterrows():
        faults.append(f"line {line}: {key} {'+'.join(map(str, row))} stands there twice")
    if faults:
        raise SchemaError(f"{path}: {'; '.join(faults[:20])}.")
    return conform(frame, table)


def _row_faults(values: pd.Series[Any], column: schemas.Column) -> list[str]:
    faults = []
    if not column.optional:
        faults += [f"line {line}: {column.name} is blank" for line in values.index[values.isna()]]
    present = values.dropna()
    if column.values:
        bad = present[~present.isin(column.values)]
        faults += [
            f"line {line}: {column.name} {value!r}: {nearest(value, column.values)}"
            for line, value in bad.items()
        ]
    if column.kind == INT:
        bad = present[~present.str.fullmatch(r"-?\d+")]
        faults += [
            f"line {line}: {column.name} {value!r} is not a whole number" for line, value in bad.items()
        ]
    spaced = present[present != present.str.strip()]
    faults += [f"line {line}: {column.name} {value!r} has spaces around it" for line, value in spaced.items()]
    return faults


def dictionary(tables: Mapping[str, Table]) -> str:
    """Markdown data dictionary of the tables, one section each."""
    parts = [
        "# Data dictionary\n\n"
        "Tables of a run, `data/processed/<run>/tables/<table>.csv`: UTF-8, comma, missing is empty. "
        "A cell that a spreadsheet would run as a formula starts with an apostrophe. "
        "Lists are joined by `|`. This file is the output of `atlas dictionary`."
    ]
    for table in tables.values():
        lines = [f"## {table.name}", "", f"{table.holds} Key: {', '.join(table.key)}.", ""]
        lines += ["| column | type | blank | meaning |", "| --- | --- | --- | --- |"]
        for c in table.columns:
            allowed = f" ({', '.join(c.values)})" if c.values else ""
            meaning = f"{c.meaning}{allowed}".replace("|", "\\|")
            lines.append(f"| {c.name} | {c.kind} | {'yes' if c.optional else 'no'} | {meaning} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
