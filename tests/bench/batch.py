"""A batch of dossiers to HTML, beside a shell loop of papermill and nbconvert over the same notebook.

The loop takes ten times as long, so it is measured over a sample of the items, half of it before the batch and
half after, and reckoned up to all of them; `looped` says over how many.
"""

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


def measure(run: str = "seed", items: int = 100, looped: int = 10) -> dict[str, Any]:
    """Wall seconds of both ways over the same genes, and of repeats with nothing changed and with one page lost."""
    chosen = _genes(run, items)
    sample = chosen[:: max(len(chosen) // looped, 1)][:looped]
    with tempfile.TemporaryDirectory(dir=storage.root() / "data" / "processed", prefix="bench-") as name:
        folder = Path(name)
        batch = folder / "batch.yml"
        content = {"name": folder.name, "run": run, "notebook": "07_target_dossier", "items": chosen}
        batch.write_text(yaml.safe_dump(content))
        loop = [_looped(gene, run, folder) for gene in sample[::2]]
        figures: dict[str, Any] = {"run": run, "items": len(chosen), "looped": len(sample)}
        figures["atlas batch"] = _timed(_batch(batch))
        loop += [_looped(gene, run, folder) for gene in sample[1::2]]
        figures["unchanged again"] = _timed(_batch(batch))
        (folder / "report" / f"{chosen[0]}.html").unlink()
        figures["one page lost"] = _timed(_batch(batch))
    figures["shell loop"] = round(sum(loop) * len(chosen) / len(loop), 1)
    figures["times as fast"] = round(figures["shell loop"] / figures["atlas batch"], 2)
    for what, value in figures.items():
        print(f"  {what:16} {value}", flush=True)
    return figures


def _genes(run: str, n: int) -> list[str]:
    """Genes with most records in the run, then genes of the vocabulary it does not name."""
    if not storage.table_path(run, "gaps").exists():
        make_tables(run, "gaps")
    mentions = storage.read_table(run, "mentions")
    known = storage.read_terms()["genes"]["gene"]
    named = mentions.loc[mentions["kind"] == "gene"].groupby("concept")["record_id"].nunique()
    most = named.sort_values(ascending=False, kind="stable").index
    return list(dict.fromkeys([*most[most.isin(known)], *known]))[:n]


def _batch(path: Path) -> list[str]:
    return [str(BIN / "atlas"), "batch", str(path), "--quiet"]


def _looped(gene: str, run: str, folder: Path) -> float:
    """Wall seconds of what a user would write: papermill, then jupyter nbconvert."""
    out = folder / "loop.ipynb"
    source = str(storage.root() / "notebooks" / "07_target_dossier.ipynb")
    given = ["-r", "run", run, "-r", "gene", gene, "-r", "into", folder.name]
    execute = _timed([str(BIN / "papermill"), source, str(out), "--no-progress-bar", *given])
    return execute + _timed([str(BIN / "jupyter"), "nbconvert", "--to", "html", "--no-input", str(out)])


def _timed(command: list[str]) -> float:
    """Wall seconds of a command."""
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {done.stderr[-500:]}")
    return round(time.perf_counter() - started, 2)
