"""What a table declares, and frames made to fit it.

Identifiers are text. Dates are ISO text of the precision known. Missing is missing, never 0 or "".
A list in a column is text joined by "|", in document order; `split_list` and `join_list` convert.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from helpers.errors import SchemaError

TEXT, INT, FLOAT, BOOL, LIST = "text", "int", "float", "bool", "list"
_DTYPES = {TEXT: "str", LIST: "str", INT: "Int64", FLOAT: "float64", BOOL: "boolean"}

SEPARATOR = "|"


@dataclass(frozen=True)
class Column:
    """One column: its type, whether it may be missing, its meaning, and its allowed values."""

    name: str
    kind: str
    meaning: str
    optional: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: its columns, its key (sorted by it), and what it holds."""

    name: str
    holds: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    def empty(self) -> pd.DataFrame:
        """Frame without rows, with this table's columns and types."""
        return conform(pd.DataFrame(columns=self.names), self)


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Frame with exactly this table's columns in order, typed, sorted by key, freshly numbered.

    Raises SchemaError naming every fault at once: unknown or absent columns, missing values in
    required columns, values outside the allowed set, and repeated keys.
    """
    faults: list[str] = []
    if unknown := [name for name in frame.columns if name not in table.names]:
        faults.append(f"unknown columns {', '.join(map(str, unknown))}")
    absent = [c.name for c in table.columns if c.name not in frame.columns and not c.optional]
    if absent:
        faults.append(f"absent columns {', '.join(absent)}")
    if faults:
        raise SchemaError(f"table {table.name}: {'; '.join(faults)}.")
    typed = {c.name: _typed(frame, c, table.name) for c in table.columns}
    result = pd.DataFrame(typed, index=frame.index)
    for column in table.columns:
        values = result[column.name]
        if not column.optional and (missing := int(values.isna().sum())):
            faults.append(f"{missing} rows without {column.name}")
        if column.values:
            bad = sorted(set(values.dropna().unique()) - set(column.values))
            if bad:
                faults.append(f"{column.name} has {', '.join(bad[:3])}, allowed: {', '.join(column.values)}")
    repeated = result.duplicated(list(table.key))
    if repeated.any():
        first = result.loc[repeated, list(table.key)].iloc[0].tolist()
        faults.append(f"{int(repeated.sum())} rows repeat the key {'+'.join(table.key)} (first: {first})")
    if faults:
        raise SchemaError(f"table {table.name}: {'; '.join(faults)}.")
    return result.sort_values(list(table.key), kind="stable", na_position="last").reset_index(drop=True)


def text_array(values: Sequence[str | None]) -> pa.Array:
    """The texts as the array that a text column of a frame holds."""
    return pa.array(values, type=pa.large_string())


def from_columns(columns: Mapping[str, Sequence[Any] | pa.Array], table: Table) -> pd.DataFrame:
    """Frame of columns that fit the table as they are: complete, sorted by its key, without repeats.

    Nothing is checked: for code that makes such columns by construction, where `conform` would cost more
    than the work itself.
    """
    typed = {}
    for c in table.columns:
        values = columns[c.name]
        if c.kind in (TEXT, LIST) and not isinstance(values, pa.Array):
            values = text_array(values)
        typed[c.name] = pd.array(values, dtype=_DTYPES[c.kind])
    return pd.DataFrame(typed, copy=False)


def _typed(frame: pd.DataFrame, column: Column, table: str) -> pd.Series[Any]:
    if column.name not in frame.columns:
        return pd.Series([None] * len(frame), index=frame.index, dtype=_DTYPES[column.kind])
    try:
        return frame[column.name].astype(_DTYPES[column.kind])
    except (TypeError, ValueError) as error:
        raise SchemaError(f"table {table}: column {column.name} is not {column.kind}: {error}.") from None


def split_list(value: Any) -> list[str]:
    """Items of a list column's value; a missing value gives []."""
    return value.split(SEPARATOR) if isinstance(value, str) and value else []


def join_list(items: Iterable[str]) -> str | None:
    """Text for a list column, duplicates dropped, first order kept; no items gives None (missing)."""
    kept = list(dict.fromkeys(item.replace(SEPARATOR, "/") for item in items if item))
    return SEPARATOR.join(kept) or None
