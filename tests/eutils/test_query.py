"""Queries built from the vocabulary: every tag pinned, nothing superfluous, mistakes told."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from eutils.server import Server
from helpers.errors import UsageError
from helpers.fetch.entrez import search_page
from helpers.fetch.query import build_query, years
from helpers.fetch.transport import Patience
from helpers.schemas import TERMS, conform
from helpers.storage import raw, read_terms


@pytest.fixture
def terms() -> dict[str, Any]:
    """A vocabulary of one of each."""
    mode = {"mode": "ferroptosis", "label": "ferroptosis", "label_zh": "铁死亡", "colour": "#000000", "source": "s",
            "synonyms": "ferroptotic|ferroptotic cell death|oxytosis|Death, Ferroptotic", "mesh_ui": "D000079403",
            "abbreviations": "FPT"}  # fmt: skip
    gene = {"gene": "NFE2L2", "hgnc_id": "HGNC:7782", "ncbi_gene": "4780", "source": "s",
            "aliases": "NRF2|N2|NRF-2|REST", "name": "NFE2 like bZIP factor 2",
            "names": "Nrf2 protein|factor (E2) 2|核因子"}  # fmt: skip
    therapy = {
        "therapy": "cisplatin",
        "label": "cisplatin",
        "kind": "drug",
        "synonyms": "CDDP",
        "source": "s",
    }
    never = {
        "term": "REST",
        "kind": "gene",
        "concept": "REST",
        "rule": "context",
        "context": "x",
        "reason": "a word",
    }
    rows = {"modes": mode, "genes": gene, "therapies": therapy, "ambiguous": never}
    return {name: conform(pd.DataFrame([row]), TERMS[name]) for name, row in rows.items()}


def test_query_is_groups_of_tagged_terms(terms: dict[str, Any]) -> None:
    """Exactly this: modes and genes and therapies and years, each term tagged, contained ones left out."""
    query = build_query(
        terms, modes=["ferroptosis"], genes=["nfe2l2"], therapies=["cisplatin"], resistance=False, cancer=False,
        first_year=2012, last_year=2026,
    )  # fmt: skip
    assert query == (
        '("ferroptosis"[mh:noexp] OR "ferroptosis"[tiab] OR "ferroptotic"[tiab] OR "oxytosis"[tiab])'
        ' AND ("NFE2L2"[tiab] OR "NRF2"[tiab] OR "NRF-2"[tiab]) AND ("cisplatin"[tiab] OR "CDDP"[tiab])'
        ' AND ("2012"[pdat] : "2026"[pdat])'
    )


def test_resistance_and_cancer_are_groups_of_their_own(terms: dict[str, Any]) -> None:
    """Both are added unless switched off."""
    query = build_query(terms, modes=["ferroptosis"])
    assert ' AND ("Drug Resistance, Neoplasm"[mh] OR ' in query
    assert ' AND ("Neoplasms"[mh] OR ' in query
    assert query.count("(") == query.count(")")


def test_mistakes_in_a_query_are_told(terms: dict[str, Any]) -> None:
    """Unknown ids, reversed years, nothing to ask."""
    with pytest.raises(UsageError, match="did you mean ferroptosis"):
        build_query(terms, modes=["feroptosis"])
    with pytest.raises(UsageError, match="the first year comes after"):
        years(2026, 2012)
    with pytest.raises(UsageError, match="needs at least one"):
        build_query(terms, resistance=False, first_year=2012)


def test_open_years_are_open(terms: dict[str, Any]) -> None:
    """One bound alone is enough, none gives no clause."""
    assert years(2020, None) == '("2020"[pdat] : "3000"[pdat])'
    assert years(None, 2020) == '("1800"[pdat] : "2020"[pdat])'
    assert years(None, None) == ""


def test_built_query_is_taken_as_written(terms: dict[str, Any], server: Server, patience: Patience) -> None:
    """The server finds records by it and warns of no unknown field."""
    page = search_page(build_query(terms, modes=["ferroptosis"]), patience=patience)
    assert page.count > 10
    assert not [warning for warning in page.warnings if "field" in warning]


def test_shipped_vocabulary_makes_a_query_for_every_mode() -> None:
    """Each mode that ships gives a query of reasonable length with every term tagged."""
    if not all((raw("terms") / f"{name}.csv").exists() for name in TERMS):
        pytest.skip("the vocabulary is not complete yet")
    vocabulary = read_terms()
    for mode in vocabulary["modes"]["mode"]:
        query = build_query(vocabulary, modes=[mode])
        assert f'"{mode}' in query or "[tiab]" in query
        assert len(query) < 10_000
        assert query.count('"') % 2 == 0
