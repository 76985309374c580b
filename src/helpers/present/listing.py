"""Lists at the end of a notebook: the sentences behind a result, the files it wrote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from helpers import storage
from helpers.present.tables import show_table
from helpers.schemas import NONE_STATED, TABLES, split_list

_COLUMNS = ["record_id", "year", "gene", "mode", "claim", "text"]


def show_evidence(evidence: pd.DataFrame, articles: pd.DataFrame, *, max_rows: int = 100) -> None:
    """Show the sentences that link a gene with a mode or therapy, those that state a direction first."""
    rows = evidence.merge(articles[["record_id", "year"]], on="record_id", how="left")
    stated = (rows["effect_on_mode"] != NONE_STATED) | (rows["effect_on_therapy"] != NONE_STATED)
    rank = 2 * (rows["scope"] == "article").astype(int) + (~stated).astype(int)
    ordered = rows.assign(rank=rank).sort_values(["rank", "record_id", "gene", "mode"], kind="stable")
    # A pair named in one sentence needs no second row for the whole record.
    best = ordered.drop_duplicates(["record_id", "gene", "mode", "text"])
    shown = best.assign(claim=[_claim(row) for row in best.to_dict("records")])
    show_table(shown[_COLUMNS], max_rows=max_rows, empty="No sentence links a gene with a mode or therapy.")


def _claim(row: dict[Any, Any]) -> str:
    """What the row states, in words: effect on the mode, effect on therapy with its therapies, assertion."""
    parts = [row["effect_on_mode"]] if row["effect_on_mode"] != NONE_STATED else []
    if row["effect_on_therapy"] != NONE_STATED:
        therapies = ", ".join(split_list(row["therapies"]))
        parts.append(f"{row['effect_on_therapy']} ({therapies})" if therapies else row["effect_on_therapy"])
    parts = parts or [NONE_STATED]
    return "; ".join(parts if row["assertion"] == "finding" else [*parts, row["assertion"]])


def show_files(run: str, tables: Iterable[str] = (), *, figures: Iterable[str] = ()) -> None:
    """Show the files a notebook wrote, by path from the project root, with what each holds."""
    root = storage.root()
    rows = [(storage.table_path(run, name).relative_to(root), TABLES[name].holds) for name in tables]
    folder = storage.run_folder(run, "figures").relative_to(root)
    rows += [
        (folder / f"{name}.svg", "figure; beside it .pdf, .png, .csv (numbers), .txt (legend)")
        for name in figures
    ]
    show_table(pd.DataFrame([(str(path), holds) for path, holds in rows], columns=["file", "holds"]))
