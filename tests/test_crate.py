"""RO-Crate metadata describes every file of a run and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

from rocrate.rocrate import ROCrate

from helpers.present.crate import write_crate

RECORD = {
    "name": "demo",
    "parameters": {"metric": "CiteScore"},
    "versions": {"atlas": "0.1.0", "pandas": "3.1.1"},
    "commit": "abc",
    "inputs": {"data/raw/terms/modes.csv": "ff"},
    "started": "2026-11-20T10:00:00+00:00",
    "finished": "2026-11-20T10:01:00+00:00",
}


def make(folder: Path) -> Path:
    for name in (
        "tables/gene_mode.csv",
        "figures/a.svg",
        "report/index.html",
        "notebooks/.x.key",
        "notebooks/b.key",
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return write_crate(folder, RECORD)


def test_crate_is_read_back_by_its_library(tmp_path: Path) -> None:
    """The library finds the run's files with their sizes and checksums, and the tool that made them."""
    make(tmp_path)
    crate = ROCrate(str(tmp_path))
    files = {entity.id: entity for entity in crate.data_entities}
    assert set(files) == {"tables/gene_mode.csv", "figures/a.svg", "report/index.html"}
    assert files["tables/gene_mode.csv"]["contentSize"] == "20"
    assert "gene and mode" in files["tables/gene_mode.csv"]["description"]
    assert crate.get("#atlas")["softwareVersion"] == "0.1.0"
    assert crate.get("#input-0")["name"] == "data/raw/terms/modes.csv"


def test_same_run_gives_the_same_metadata(tmp_path: Path) -> None:
    """Written twice, the metadata is the same to the byte, with no date but the run's own."""
    first = make(tmp_path).read_bytes()
    assert make(tmp_path).read_bytes() == first
    root = next(e for e in json.loads(first)["@graph"] if e["@id"] == "./")
    assert root["datePublished"] == "2026-11-20"
