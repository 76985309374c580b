"""What a manuscript needs beside the report: workbook, reference lists, figures in one archive, metadata."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from helpers import storage
from helpers.present.crate import write_crate
from helpers.present.files import zip_figures
from helpers.present.references import write_references
from helpers.present.workbook import write_workbook
from helpers.schemas import TABLES

# The bulky tables of the way stay CSV; the workbook is what a reader opens.
LEFT_OUT = ("mentions", "journal_metrics", "trends", "sensitivity")


def write_exports(run: str, *, names: Collection[str] = tuple(TABLES)) -> list[Path]:
    """Paths of tables.xlsx, references.{json,ris,bib}, figures.zip and ro-crate-metadata.json of a run.

    The references are those that some evidence row rests on. Equal tables and figures give equal bytes.

    Args:
        run: name of the run.
        names: tables that are results of the run; others in its folder, such as a comparison made by hand,
            are left out of the workbook.
    """
    folder = storage.run_folder(run)
    report = folder / "report"
    made = {name for name in names if storage.table_path(run, name).exists()}
    tables = {name: storage.read_table(run, name) for name in TABLES if name in made and name not in LEFT_OUT}
    paths = [write_workbook(tables, report / "tables.xlsx")]
    if {"articles", "evidence"} <= made:
        paths += write_references(tables["articles"], report, evidence=tables["evidence"]).values()
    if (folder / "figures").is_dir():
        paths.append(zip_figures(folder / "figures"))
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return [*paths, write_crate(folder, record)]
