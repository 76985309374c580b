"""A batch of dossiers to HTML, beside a shell loop of papermill and nbconvert over the same notebook."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from helpers import storage
from helpers.run.steps import make_tables

BIN = Path(sys.executable).parent


def measure(items: int = 100) -> dict[str, Any]:
    """Wall seconds of both ways over the same items and of an unchanged repeat."""
    chosen = _items(items)
    with tempfile.TemporaryDirectory(dir=storage.root() / "data" / "processed", prefix="bench-") as name:
        folder = Path(name)
        batch = folder / "batch.yml"
        content = {"name": folder.name, "run": "seed", "notebook": "07_target_dossier", "items": chosen}
        batch.write_text(yaml.safe_dump(content))
        figures = {"items": len(chosen), "atlas batch": _timed(_batch(batch))}
        figures["unchanged again"] = _timed(_batch(batch))
        figures["shell loop"] = sum(_timed(command) for item in chosen for command in _loop(item, folder))
    figures["times as fast"] = round(figures["shell loop"] / figures["atlas batch"], 2)
    for what, value in figures.items():
        print(f"  {what:16} {value:.2f}")
    return figures


def _items(n: int) -> list[dict[str, str]]:
    """Genes, modes and therapies of the seed run, as items of the batch."""
    if not storage.table_path("seed", "mentions").exists():
        make_tables("seed", "gaps")
    named = storage.read_table("seed", "mentions")[["kind", "concept"]].drop_duplicates()
    rows = named.sort_values(["kind", "concept"]).to_dict("records")
    return [{"gene": "", row["kind"]: row["concept"]} for row in rows][:n]


def _batch(path: Path) -> list[str]:
    return [str(BIN / "atlas"), "batch", str(path), "--quiet"]


def _loop(item: dict[str, str], folder: Path) -> list[list[str]]:
    """What a user would write: papermill, then jupyter nbconvert."""
    out = folder / "loop.ipynb"
    given = [part for name, value in item.items() for part in ("-r", name, value)]
    source = str(storage.root() / "notebooks" / "07_target_dossier.ipynb")
    return [
        [str(BIN / "papermill"), source, str(out), "--no-progress-bar", "-r", "into", folder.name, *given],
        [str(BIN / "jupyter"), "nbconvert", "--to", "html", "--no-input", str(out)],
    ]


def _timed(command: list[str]) -> float:
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {done.stderr[-500:]}")
    return round(time.perf_counter() - started, 2)
