"""PubMed XML taken apart into records' own bytes, and put together again."""

from __future__ import annotations

import pytest

from eutils.pubmed_xml import write_set
from eutils.records import Library
from helpers.errors import ParseError
from helpers.fetch.recordset import join_set, split_set


def test_split_and_join_give_the_same_records(made: Library) -> None:
    """Every record comes out byte for byte, whatever order the answer had."""
    records = [made.records[pmid] for pmid in sorted(made.records)][:200]
    there, back = split_set(write_set(records)), split_set(write_set(records[::-1]))
    assert there == back
    assert join_set(there.head, there.records) == join_set(back.head, back.records)
    assert split_set(join_set(there.head, there.records)) == there
    assert sorted(there.records) == [record.pmid for record in records]


def test_books_count_as_records(made: Library) -> None:
    """A PubmedBookArticle is a record like any other."""
    books = [record for record in made.records.values() if record.is_book]
    assert books
    assert sorted(split_set(write_set(books)).records) == sorted(record.pmid for record in books)


def test_own_pmid_is_taken_not_that_of_a_reference() -> None:
    """PMIDs of comments and references stand deeper and are not the record's."""
    citation = b"<MedlineCitation><PMID>5</PMID><A><B><PMID>6</PMID></B></A></MedlineCitation>"
    record = b"<PubmedArticle>" + citation + b"</PubmedArticle>"
    body = (
        b"<PubmedArticleSet>" + record + b"<DeleteCitation><PMID>9</PMID></DeleteCitation></PubmedArticleSet>"
    )
    assert split_set(body).records == {5: record}


def test_highest_version_of_a_record_is_kept() -> None:
    """A record that stands there in two versions counts once, as its newest."""
    made = [
        b'<PubmedArticle><MedlineCitation><PMID Version="%d">5</PMID></MedlineCitation></PubmedArticle>'
        % version
        for version in (1, 3, 2)
    ]
    body = b"<PubmedArticleSet>" + b"".join(made) + b"</PubmedArticleSet>"
    assert split_set(body).records == {5: made[1]}


def test_an_empty_set_is_a_set() -> None:
    """NCBI answers so when it has none of the records."""
    assert split_set(b"<PubmedArticleSet></PubmedArticleSet>").records == {}
    assert split_set(b"<?xml version='1.0'?>\n<PubmedArticleSet/>").records == {}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"<PubmedArticleSet><PubmedArticle>",
        b"<PubmedArticleSet></PubmedArticleSet>x",
        b"<PubmedArticleSet><PubmedArticle><MedlineCitation/></PubmedArticle></PubmedArticleSet>",
    ],
)
def test_anything_else_is_refused(body: bytes) -> None:
    """Web pages, halves and records without PMID are no record set."""
    with pytest.raises(ParseError):
        split_set(body)


def test_entity_bomb_and_outside_entity_are_harmless() -> None:
    """A document that declares entities is refused before any is expanded or fetched."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><PubmedArticleSet>&b;</PubmedArticleSet>'
    outside = (
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><PubmedArticleSet>&a;</PubmedArticleSet>'
    )
    for body in (bomb, outside):
        with pytest.raises(ParseError, match="entities of its own"):
            split_set(body)
