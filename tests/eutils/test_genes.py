"""The human gene lexicon from NCBI Gene: complete, cached, resumable."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eutils.answers import make_genes
from eutils.records import Library
from eutils.server import Server
from helpers.errors import IncompleteError
from helpers.fetch.genes import fetch_gene_lexicon
from helpers.fetch.transport import Patience
from helpers.schemas import GENES
from helpers.storage import from_csv


@pytest.fixture
def gene_server(made: Library) -> Server:
    """A server that knows 1,800 genes."""
    return Server(made, genes=1_800)


def test_lexicon_holds_each_official_gene(gene_server: Server, patience: Patience, tmp_path: Path) -> None:
    """Symbols, names and aliases come in the panel's columns; unofficial and replaced genes do not."""
    with gene_server:
        path = fetch_gene_lexicon(folder=tmp_path, patience=patience, quiet=True)
    frame = from_csv(path, GENES).set_index("gene")
    expected = [gene.symbol for gene in make_genes(1_800).values() if gene.official and not gene.replaced_by]
    assert sorted(frame.index) == sorted(expected)
    row = frame.loc["GPX4"]
    assert (row["aliases"], row["names"]) == ("GPX4-ALT|sGPX4", "GPX4 protein|synthetic factor 1000")
    assert frame["hgnc_id"].isna().all()
    made = json.loads((tmp_path / "genes.json").read_text())
    assert (made["read"], made["genes"]) == (1_800, len(expected))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["genes.csv", "genes.json"]


def test_lexicon_is_used_as_it_stands_until_refreshed(
    gene_server: Server, patience: Patience, tmp_path: Path
) -> None:
    """The cached table needs no network; refresh makes it anew."""
    with gene_server:
        path = fetch_gene_lexicon(folder=tmp_path, patience=patience, quiet=True)
        before, asked = path.read_bytes(), len(gene_server.state.seen)
        assert fetch_gene_lexicon(folder=tmp_path, patience=patience, quiet=True) == path
        assert len(gene_server.state.seen) == asked
        fetch_gene_lexicon(folder=tmp_path, patience=patience, quiet=True, refresh=True)
        assert len(gene_server.state.seen) == 2 * asked
    assert path.read_bytes() == before


def test_lexicon_goes_on_where_it_stopped(gene_server: Server, patience: Patience, tmp_path: Path) -> None:
    """After an outage only the batches that had not come are asked for."""
    with gene_server:
        gene_server.state.faults.script = [None, None, None] + ["503"] * 100
        with pytest.raises(IncompleteError, match="batches of genes came"):
            fetch_gene_lexicon(folder=tmp_path, patience=patience, quiet=True)
        gene_server.state.faults.script = []
        gene_server.state.seen.clear()
        path = fetch_gene_lexicon(folder=tmp_path, patience=patience, quiet=True)
        assert gene_server.state.tools() == ["esummary"] * 2
    assert len(from_csv(path, GENES)) > 1_700
