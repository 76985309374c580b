"""Optional services: right rows, kept with their day, asked once, failing loudly."""

from __future__ import annotations

from pathlib import Path

import pytest

from eutils.facts import JOURNALS
from eutils.records import Library
from eutils.server import Server
from helpers.errors import FetchError, IncompleteError, UsageError
from helpers.fetch.catalog import fetch_journal_ids, fill_journal_ids
from helpers.fetch.services import fetch_citations, fetch_citedness, fetch_pubtator_genes
from helpers.fetch.transport import Patience
from helpers.schemas import ARTICLE_METRICS, ARTICLES, JOURNAL_METRICS, conform


def test_citations_have_ratio_and_count_per_record(
    server: Server, library: Library, patience: Patience, tmp_path: Path
) -> None:
    """Old papers have RCR and citations, papers of this year citations only, unknown ones nothing."""
    old, new = (
        next(p for p, r in library.records.items() if r.published.year == year) for year in (2015, 2026)
    )
    frame = fetch_citations([str(old), str(new), "999999999"], folder=tmp_path, patience=patience, quiet=True)
    rows = {(row.record_id, row.metric): row for row in frame.itertuples()}
    assert set(rows) == {(f"pmid:{old}", "RCR"), (f"pmid:{old}", "citations"), (f"pmid:{new}", "citations")}
    ratio = rows[f"pmid:{old}", "RCR"]
    assert (ratio.metric_year, ratio.matched_by) == (2015, "pmid")
    assert ratio.source.startswith("iCite, retrieved 20")
    assert frame.equals(conform(frame, ARTICLE_METRICS))


def test_citations_are_asked_in_two_hundreds_and_only_once(
    server: Server, library: Library, patience: Patience, tmp_path: Path
) -> None:
    """A second call reads the cache; one more id asks for that id; refresh asks for all."""
    pmids = [str(pmid) for pmid in sorted(library.records)[:450]]
    first = fetch_citations(pmids, folder=tmp_path, patience=patience, quiet=True)
    assert [len(seen.fields["pmids"].split(",")) for seen in server.state.seen] == [200, 200, 50]
    assert fetch_citations(pmids, folder=tmp_path, patience=patience, quiet=True).equals(first)
    fetch_citations([*pmids, "999"], folder=tmp_path, patience=patience, quiet=True)
    assert [seen.fields["pmids"] for seen in server.state.seen][3:] == ["999"]
    fetch_citations(pmids[:10], folder=tmp_path, patience=patience, quiet=True, refresh=True)
    assert len(server.state.seen) == 5


def test_what_a_stand_in_says_is_kept_apart(
    server: Server, library: Library, patience: Patience, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Replies of the loopback server never stand where a later run looks for those of the service."""
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    fetch_citations([str(min(library.records))], patience=patience, quiet=True)
    kept = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("replies.jsonl")]
    assert kept == ["data/raw/cache/loopback/icite/replies.jsonl"]


def test_service_that_fails_on_the_way_keeps_what_came(
    server: Server, library: Library, patience: Patience, tmp_path: Path
) -> None:
    """The error counts what is left; the next start asks for that only."""
    pmids = [str(pmid) for pmid in sorted(library.records)[:450]]
    server.state.faults.script = [None, *["503"] * 8]
    with pytest.raises(IncompleteError, match="icite: 250 of 450 ids remain"):
        fetch_citations(pmids, folder=tmp_path, patience=patience, quiet=True)
    path = tmp_path / "replies.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    server.state.seen.clear()
    fetch_citations(pmids, folder=tmp_path, patience=patience, quiet=True)
    assert [len(seen.fields["pmids"].split(",")) for seen in server.state.seen] == [200, 51]
    assert len(fetch_citations(pmids, folder=tmp_path, patience=patience, quiet=True)) > 800


def test_answer_of_another_shape_is_an_error(
    server: Server, patience: Patience, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that changed is told, never read as nothing."""
    monkeypatch.setenv(
        "ATLAS_ICITE_URL", server.environment()["ATLAS_EUTILS_URL"] + "einfo.fcgi?retmode=json&x="
    )
    with pytest.raises(FetchError, match="documented shape"):
        fetch_citations(["1"], folder=tmp_path, patience=patience, quiet=True)


def test_citedness_is_one_row_per_journal(server: Server, patience: Patience, tmp_path: Path) -> None:
    """Two ISSNs of one journal give one row; 0 and unknown journals give none."""
    issns = ["0028-0836", "1476-4687", "1368-7646", "9999-9994"]
    frame = fetch_citedness(issns, folder=tmp_path, patience=patience, quiet=True)
    assert frame[["journal_key", "journal", "issn", "metric"]].to_numpy().tolist() == [
        ["0028-0836", "Nature", "0028-0836|1476-4687", "2yr_mean_citedness"]
    ]
    assert frame.equals(conform(frame, JOURNAL_METRICS))
    asked = len(server.state.seen)
    assert fetch_citedness(issns, folder=tmp_path, patience=patience, quiet=True).equals(frame)
    assert len(server.state.seen) == asked


def test_pubtator_gives_genes_with_offsets_in_the_field(
    server: Server, library: Library, patience: Patience, tmp_path: Path
) -> None:
    """Only genes are taken, with where they stand; a record without any gives no row."""
    pmid, record = next((p, r) for p, r in library.records.items() if r.modes)
    frame = fetch_pubtator_genes([str(pmid), "999"], folder=tmp_path, patience=patience, quiet=True)
    row = frame.iloc[0]
    assert (len(frame), row["record_id"], row["ncbi_gene"], row["field"]) == (
        1,
        f"pmid:{pmid}",
        "2879",
        "title",
    )
    assert record.title[row["start"] : row["end"]] == row["text"] == record.genes[0]


@pytest.mark.parametrize("name", ["ICITE", "OPENALEX", "PUBTATOR"])
def test_each_service_takes_loopback_overrides_only(
    name: str, patience: Patience, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No variable leads the package to another host."""
    ask = {"ICITE": fetch_citations, "OPENALEX": fetch_citedness, "PUBTATOR": fetch_pubtator_genes}[name]
    monkeypatch.setenv(f"ATLAS_{name}_URL", "http://192.0.2.1/")
    with pytest.raises(UsageError, match=f"ATLAS_{name}_URL"):
        ask(["1"], folder=tmp_path, patience=patience, quiet=True)


def test_journal_ids_come_from_the_catalogue(server: Server, patience: Patience, tmp_path: Path) -> None:
    """ISSN or NLM id in, all identifiers out; unknown ones give no row."""
    frame = fetch_journal_ids(
        ["1476-4687", "8711562", "9999-9994"], folder=tmp_path, patience=patience, quiet=True
    )
    assert frame[["asked", "issn_l", "nlm_id", "journal", "abbreviation"]].to_numpy().tolist() == [
        ["1476-4687", "0028-0836", "0410462", "Nature", "Nature"],
        ["8711562", "0950-9232", "8711562", "Oncogene", "Oncogene"],
    ]
    with pytest.raises(UsageError, match="neither an ISSN"):
        fetch_journal_ids(["0028 0836"], folder=tmp_path, patience=patience)


def test_missing_journal_ids_are_filled_and_present_ones_kept(
    server: Server, patience: Patience, tmp_path: Path
) -> None:
    """A record keeps what it says of its journal; only what it lacks is taken from the catalogue."""
    import pandas as pd

    rows = [
        {"record_id": "pmid:1", "issn": "1476-4687", "issn_l": None, "nlm_id": None},
        {"record_id": "pmid:2", "issn": "1476-4687", "issn_l": "1111-1119", "nlm_id": None},
        {"record_id": "pmid:3", "issn": None, "issn_l": None, "nlm_id": None},
    ]
    frame = pd.DataFrame(rows).assign(article_kind="primary", retraction="none", source="s")
    journals = fetch_journal_ids(["1476-4687"], folder=tmp_path, patience=patience, quiet=True)
    filled = fill_journal_ids(conform(frame, ARTICLES), journals)
    found = filled[["issn_l", "nlm_id"]].astype(object).where(filled[["issn_l", "nlm_id"]].notna(), None)
    assert found.to_numpy().tolist() == [["0028-0836", "0410462"], ["1111-1119", "0410462"], [None, None]]
    assert JOURNALS
