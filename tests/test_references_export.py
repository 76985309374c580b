"""Reference lists that reference managers read back, whatever a title holds."""

from __future__ import annotations

import json
from pathlib import Path

import bibtexparser
import pytest
import rispy
import synthetic_tables as synthetic

from helpers.errors import UsageError
from helpers.present.references import export_references, write_references

HARD = "A {b & 50% of $x_{ #1 ~ ^ \\ <i>end"


def test_csl_json_has_what_a_citation_needs() -> None:
    """Names split, date in parts, identifiers each in its field."""
    (item,) = json.loads(export_references(synthetic.articles(["pmid:12"]), "csl"))
    assert item["author"] == [{"family": "Doe", "given": "Jane"}, {"literal": "Consortium of Tests"}]
    assert item["issued"] == {"date-parts": [[2020, 5]]}
    assert (item["PMID"], item["DOI"], item["page"]) == ("12", "10.1000/12", "101-110")


def test_ris_is_read_back_by_its_library() -> None:
    """Title, pages, PMID and link survive the way out and back."""
    (item,) = rispy.loads(export_references(synthetic.articles(["pmid:12"], title="A\nB"), "ris"))
    assert item["title"] == "A B"
    assert (item["start_page"], item["end_page"]) == ("101", "110")
    assert item["accession_number"] == "12"
    assert item["authors"] == ["Doe, Jane", "Consortium of Tests"]


def test_bibtex_survives_a_title_with_braces_and_dollars() -> None:
    """A title with TeX's characters does not break the list, and the next entry is still there."""
    text = export_references(synthetic.articles(["pmid:12", "pmid:13"], title=HARD), "bib")
    entries = bibtexparser.loads(text).entries
    assert [entry["ID"] for entry in entries] == ["pmid_12", "pmid_13"]
    assert r"\textbraceleft{}b \& 50\% of \$x\_" in entries[0]["title"]
    assert entries[0]["author"] == "Doe, Jane and {Consortium of Tests}"


def test_references_carry_the_pairs_they_support() -> None:
    """In a reference manager the papers behind a cell are found by their keyword."""
    claims = synthetic.evidence(30, genes=2, n_modes=2)
    records = sorted(claims["record_id"].unique())
    items = rispy.loads(export_references(synthetic.articles(records), "ris", evidence=claims))
    first = claims[claims["record_id"] == items[0]["id"]]
    assert items[0]["keywords"] == sorted(set(first["gene"] + " × " + first["mode"]))


def test_only_cited_records_are_written(tmp_path: Path) -> None:
    """With evidence, a record that supports nothing is not in the list; bytes are stable."""
    claims = synthetic.evidence(10)
    articles = synthetic.articles([*sorted(claims["record_id"].unique()), "pmid:1"])
    paths = write_references(articles, tmp_path, evidence=claims)
    ids = {item["id"] for item in json.loads(paths["csl"].read_text(encoding="utf-8"))}
    assert ids == set(claims["record_id"])
    before = {name: path.read_bytes() for name, path in paths.items()}
    assert {
        n: p.read_bytes() for n, p in write_references(articles, tmp_path, evidence=claims).items()
    } == before


def test_unknown_format_is_refused() -> None:
    """A form that does not exist is named with those that do."""
    with pytest.raises(UsageError, match="did you mean"):
        export_references(synthetic.articles(["pmid:1"]), "bibb")
