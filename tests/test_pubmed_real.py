"""Every real record in ../shared/evaldata is read, and the fast way gives what a plain walk gives."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from lxml import etree

from helpers.errors import ParseError
from helpers.records.pubmed import iter_pubmed, parse_pubmed
from helpers.records.pubmed_elements import Parsed
from helpers.records.pubmed_rows import read_article, read_book
from helpers.records.pubmed_tables import TableReader
from helpers.schemas import ARTICLES

ROOTS = {"PubmedArticleSet", "MedlineCitationSet"}
READERS = {
    "PubmedArticle": read_article,
    "MedlineCitation": read_article,
    "PubmedBookArticle": read_book,
}


def sources(folder: Path) -> list[Path]:
    """Files with a set of PubMed records, told from their root element."""
    return [
        path for path in sorted(folder.rglob("*")) if path.suffix in (".xml", ".gz") and _root(path) in ROOTS
    ]


def _root(path: Path) -> str:
    try:
        return etree.fromstring(_raw(path)).tag
    except etree.XMLSyntaxError:
        return ""


def _raw(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def plain_rows(raw: bytes, name: str) -> list[dict[str, object]]:
    """Rows from whole elements of one lxml tree: nothing cut by bytes, nothing trimmed."""
    root = etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    records = [READERS[e.tag](Parsed(e.tag, 0, e)) for e in root if e.tag in READERS]
    return [{**record.row, "source": name} for record in records]


@pytest.mark.evaldata
def test_every_real_record_gives_one_row_and_the_fast_way_equals_the_plain_walk(evaldata):
    """Records of 2005 to 2026, six kinds of source: none lost, none broken, same values either way."""
    total = 0
    for path in sources(evaldata / "pubmed-xml"):
        faults: list[tuple[str, str]] = []
        rows = [
            item.row
            for item in iter_pubmed(path, source_name=path.name, faults=faults)
            if hasattr(item, "row")
        ]
        assert faults == [], path
        plain = plain_rows(_raw(path), path.name)
        assert rows == plain, path
        tables = TableReader(path, source_name=path.name).tables()
        listed = [row for table in tables for row in table.select(ARTICLES.names).to_pylist()]
        assert listed == [{name: row.get(name) for name in ARTICLES.names} for row in plain], path
        total += len(rows)
    assert total >= 850


@pytest.mark.evaldata
def test_real_records_have_what_real_records_have(evaldata):
    """Shares of filled columns are those of PubMed: a reader that loses a field shows here."""
    frames = [parse_pubmed(path, source_name=path.name).articles for path in sources(evaldata / "pubmed-xml")]
    filled = sum(frame.notna().sum() for frame in frames) / sum(len(frame) for frame in frames)
    for name, least in {
        "title": 0.99,
        "abstract": 0.75,
        "journal": 0.98,
        "year": 0.98,
        "authors": 0.94,
    }.items():
        assert filled[name] >= least, (name, filled[name])
    for name, least in {"issn": 0.9, "doi": 0.75, "mesh": 0.5, "keywords": 0.25, "pmcid": 0.3}.items():
        assert filled[name] >= least, (name, filled[name])
    assert sum(frame["retraction"].eq("retracted").sum() for frame in frames) >= 3


@pytest.mark.evaldata
def test_deletions_and_books_of_real_files_are_counted(evaldata):
    """The update files' DeleteCitation lists and the one book chapter are found."""
    parsed = [parse_pubmed(path, source_name=path.name) for path in sources(evaldata / "pubmed-xml")]
    assert sum(len(one.deleted) for one in parsed) == 7 + 6 + 262
    assert sum(one.books for one in parsed) == 1


@pytest.mark.evaldata
def test_pages_that_are_no_pubmed_xml_are_refused_by_name(evaldata):
    """An HTML page of the old PmFetch service is no record set, and the message says so."""
    [page] = (evaldata / "pubmed-xml").rglob("pubmed3.html")
    with pytest.raises(ParseError, match=r"pubmed3\.html: byte \d+: not PubMed XML"):
        parse_pubmed(page, source_name=page.name)
