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
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from helpers import schemas
from helpers.errors import SchemaError, UsageError, nearest
from helpers.schemas import BOOL, FLOAT, INT, LIST, TABLES, TERMS, TEXT, Table, conform

FLOAT_FORMAT = "%.6g"
# A cell that starts so is run as a formula by spreadsheets; an apostrophe in front keeps it text.
_RISKY = r"\A[=+\-@\t\r']"
_SPECIAL = r'[",\n\r]'  # a cell that holds one of these stands in quotes
_ARROW = {TEXT: pa.string(), LIST: pa.string(), INT: pa.int64(), FLOAT: pa.float64(), BOOL: pa.bool_()}
_NULLABLE = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
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
    head: str = pd.DataFrame(columns=frame.columns).to_csv(index=False, lineterminator="\n")
    if not len(frame):
        return head.encode()
    cells = [_cells(frame.iloc[:, place]) for place in range(len(frame.columns))]
    lines = pc.binary_join_element_wise(*cells, _text(","), null_handling="replace", null_replacement="")
    if len(cells) == 1:  # a line of one missing value would be no line
        lines = pc.if_else(pc.equal(lines, _text("")), _text('""'), lines)
    return "\n".join([head.removesuffix("\n"), *lines.to_pylist(), ""]).encode()


def _text(value: str) -> pa.Scalar:
    return pa.scalar(value, type=pa.large_string())


def _cells(values: pd.Series[Any]) -> pa.Array:
    """Text of each value as it stands in a CSV file, null where it is missing."""
    missing, number = values.isna(), pd.api.types.is_numeric_dtype(values.dtype)  # truth values are numbers
    if pd.api.types.is_float_dtype(values.dtype):
        values = values.map(FLOAT_FORMAT.__mod__, na_action="ignore")
    written = pa.array(values.astype("str").mask(missing), type=pa.large_string(), from_pandas=True)
    if number:
        return written
    risky = pc.match_substring_regex(written, _RISKY)
    safe = pc.if_else(risky, pc.binary_join_element_wise(_text("'"), written, _text("")), written)
    special = pc.or_(pc.match_substring_regex(safe, _SPECIAL), pc.equal(safe, _text("")))
    doubled = pc.replace_substring(safe, '"', '""')
    quoted = pc.binary_join_element_wise(_text('"'), doubled, _text('"'), _text(""))
    return pc.if_else(special, quoted, safe)


def from_csv(path: Path, table: Table) -> pd.DataFrame:
    """Frame read back from `to_csv`, typed and checked; raises SchemaError naming the file."""
    kinds = {column.name: _ARROW[column.kind] for column in table.columns}
    # One block: a list of records may be longer than any block chosen beforehand.
    block = max(path.stat().st_size, 1)
    try:
        read = csv.read_csv(
            path,
            read_options=csv.ReadOptions(block_size=block),
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=kinds,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                true_values=["True"],
                false_values=["False"],
            ),
        )
    except pa.ArrowInvalid as error:
        raise SchemaError(f"{path}: not a readable CSV table: {error}.") from None
    frame = read.to_pandas(types_mapper=_NULLABLE.get)
    for name in frame.columns[[pd.api.types.is_string_dtype(dtype) for dtype in frame.dtypes]]:
        quoted = frame[name].str.startswith("'", na=False)
        if quoted.any():
            frame[name] = frame[name].where(~quoted, frame[name].str.slice(1))
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
    try:
        return from_csv(path, TABLES[name])
    except SchemaError as error:
        way_out = (
            f"if another version of this project wrote it, atlas run notebooks/runs/{run}.yml makes it anew"
        )
        raise SchemaError(f"{str(error).removesuffix('.')}; {way_out}.") from None


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
