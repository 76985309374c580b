"""What a person takes away from an explored selection: workbook, reference list, and the run that repeats it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from helpers import storage
from helpers.present.references import export_references
from helpers.present.workbook import write_workbook

LARGEST_LINK = 8_000_000  # bytes; a larger file is not put into the page, its path is enough


def export_workbook(chosen: Any, folder: Path, choice: Mapping[str, Any]) -> Path:
    """Path of selection.xlsx: the choice, its pairs, the sentences and the records behind them."""
    said = [(name, _text(value)) for name, value in choice.items()]
    tables = {
        "selection": pd.DataFrame(
            [*said, ("records counted", f"{chosen.universe}")], columns=["name", "value"]
        ),
        "gene_mode": chosen.pairs,
        "evidence": chosen.read_claims(),
        "articles": chosen.articles,
    }
    return write_workbook(tables, folder / "selection.xlsx")


def export_ris(chosen: Any, folder: Path) -> Path:
    """Path of selection.ris: the records behind the selection, with the pairs they support as keywords."""
    text = export_references(chosen.articles, "ris", evidence=chosen.read_claims())
    return storage.write_bytes(folder / "selection.ris", text.encode())


def export_settings(run: str, folder: Path, choice: Mapping[str, Any]) -> Path:
    """Path of selection.yml, which `atlas run` takes to draw the same selection from the same run's tables."""
    content = {"name": f"{run}-selection", "notebooks": ["09_explore"], "based_on": run, **choice}
    head = (
        f"# A selection of the run {run}, as explored in notebook 09. To repeat it: atlas run <this file>\n"
        f"# The tables are those of {run}; absent ones are made first, from notebooks/runs/{run}.yml.\n"
    )
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110)
    return storage.write_bytes(folder / "selection.yml", (head + text).encode())


def saved_html(path: Path) -> str:
    """HTML that says where a file was saved, with a link that downloads it from the page itself."""
    place = path.relative_to(storage.root()) if path.is_relative_to(storage.root()) else Path(path.name)
    content = path.read_bytes()
    link = ""
    if len(content) <= LARGEST_LINK:
        data = base64.b64encode(content).decode()
        name = escape(path.name)
        link = f' · <a download="{name}" href="data:application/octet-stream;base64,{data}">download</a>'
    return f"<p>Saved: {escape(str(place))}{link}</p>"


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
