"""What optional services add to a run's tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from eutils.pubmed_xml import write_set
from eutils.records import Library
from eutils.server import Server
from helpers.fetch.transport import Patience
from helpers.records.pubmed import parse_pubmed
from helpers.run.enrich import add_citations, add_citedness, compare_pubtator, complete_journals
from helpers.schemas import ARTICLE_METRICS, JOURNAL_METRICS, MENTIONS


@pytest.fixture
def articles(made: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """Forty parsed records; caches go to a folder of this test."""
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    records = [made.records[pmid] for pmid in sorted(made.records)[:40]]
    return parse_pubmed(write_set(records), source_name="synthetic").articles


def test_journals_are_completed(server: Server, patience: Patience, articles: pd.DataFrame) -> None:
    """Identifiers taken away come back from the catalogue; nothing lacking asks nothing."""
    assert complete_journals(articles, on=True, patience=patience) is articles
    bare = articles.assign(issn_l=None, nlm_id=None)
    filled = complete_journals(bare, on=True, patience=patience)
    assert filled["issn_l"].tolist() == articles["issn_l"].tolist()
    assert filled["nlm_id"].tolist() == articles["nlm_id"].tolist()


def test_citations_and_citedness_cover_the_records(
    server: Server, patience: Patience, articles: pd.DataFrame
) -> None:
    """Each record of former years has an RCR; each journal but the one OpenAlex gives 0 has a value."""
    cited = add_citations(ARTICLE_METRICS.empty(), articles, on=True, patience=patience)
    assert set(cited["metric"]) == {"RCR", "citations"}
    assert set(cited["record_id"]) == set(articles["record_id"])
    journals = add_citedness(JOURNAL_METRICS.empty(), articles, on=True, patience=patience)
    assert set(journals["journal_key"]) == set(articles["issn_l"]) - {"1368-7646"}


def test_pubtator_stands_beside_the_dictionary(
    server: Server, patience: Patience, articles: pd.DataFrame
) -> None:
    """Pairs of record and gene, and which of the two named it."""
    first, second = articles["record_id"].tolist()[:2]
    row = {
        "kind": "gene",
        "field": "title",
        "sentence": 0,
        "start": 0,
        "end": 4,
        "text": "GPX4",
        "rule": "symbol",
    }
    rows = [row | {"record_id": first, "concept": "GPX4"}, row | {"record_id": first, "concept": "TP53"}]
    mentions = pd.DataFrame(rows, columns=MENTIONS.names)
    genes = pd.DataFrame({"ncbi_gene": ["2879"], "gene": ["GPX4"]})
    found = compare_pubtator(articles.head(2), mentions, genes, on=True, patience=patience).set_index(
        ["record_id", "gene"]
    )
    assert found.loc[(first, "GPX4")].tolist() == [True, True]
    assert found.loc[(first, "TP53")].tolist() == [True, False]
    assert found.loc[(second, "GPX4")].tolist() == [False, True]


def test_services_are_off_unless_asked(articles: pd.DataFrame) -> None:
    """Without `on` nothing is sent: there is no server here to answer."""
    metrics, journals = ARTICLE_METRICS.empty(), JOURNAL_METRICS.empty()
    assert add_citations(metrics, articles, on=False) is metrics
    assert add_citedness(journals, articles, on=False) is journals
    bare = articles.assign(issn_l=None)
    assert complete_journals(bare, on=False) is bare
    assert compare_pubtator(articles, MENTIONS.empty(), pd.DataFrame(), on=False).empty
