"""The query over a corpus: PubMed's words, phrases, fields and operators, without a server."""

from __future__ import annotations

import pyarrow as pa
import pytest

from helpers.errors import UsageError
from helpers.run.corpus_query import parse_query

ROWS = {
    "title": ["GPX4 in ferroptosis", "Drug-resistant melanoma", "Ferroptotic cells", None],
    "abstract": ["Iron. Drug resistance.", "Apoptosis of T cells", None, "apoptosis-inducing factor"],
    "keywords": ["iron|cell death", None, None, "ferroptosis"],
    "mesh": ["Ferroptosis|Drug Resistance, Neoplasm", "Melanoma", None, None],
    "journal": ["Cell Death & Disease", "Nature", "Nature", None],
    "journal_abbreviation": ["Cell Death Dis", "Nature", "Nature", None],
    "language": ["eng", "chi|eng", "eng", None],
    "publication_types": ["Journal Article|Review", "Journal Article", "Review", None],
    "pmid": ["1", "2", "3", "4"],
    "year": [2015, 2020, 2024, None],
}
TABLE = pa.table({**ROWS, "year": pa.array(ROWS["year"], pa.int64())})


def hits(query: str) -> list[int]:
    return [n for n, hit in enumerate(parse_query(query)(TABLE).to_pylist(), start=1) if hit]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 2, 3, 4]),
        ("ferroptosis", [1, 4]),
        ("ferropto*", [1, 3, 4]),
        ("ferroptosis[ti]", [1]),
        ('"drug resistance"[tiab]', [1]),
        ('"drug resistant"', [2]),
        ('"Drug Resistance, Neoplasm"[mh]', [1]),
        ("resistance[mh]", []),
        ("iron[ot]", [1]),
        ("nature[ta]", [2, 3]),
        ("chi[la]", [2]),
        ("review[pt]", [1, 3]),
        ("2[pmid]", [2]),
        ("2016:2024[dp]", [2, 3]),
        ("2024[pdat]", [3]),
        ("ferropto* AND 2024[dp]", [3]),
        ("ferroptosis NOT iron", [4]),
        ("melanoma OR gpx4", [1, 2]),
        ("ferropto* (2024[dp] OR 2015[dp])", [1, 3]),
        ("ferroptosis OR melanoma AND 2020[dp]", [2]),
        ("apoptosis[Title/Abstract]", [2, 4]),
        ("oxide", []),
        ("cell[ti]", []),
    ],
)
def test_query_finds_what_pubmed_means(query, found):
    """Whole words, any case; fields restrict, operators run from left to right."""
    assert hits(query) == found


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("ferroptosis[tyab]", "did you mean tiab"),
        ("(ferroptosis", "not closed"),
        ("ferroptosis)", "closes that none opened"),
        ("AND ferroptosis", "term is missing"),
        ("ferroptosis AND", "term is missing"),
        ('""[ti]', "empty"),
        ("soon[dp]", "no year"),
        ('"ferroptosis', "cannot be read"),
    ],
)
def test_unreadable_query_is_refused_with_its_place(query, message):
    """A query is taken as written or not at all."""
    with pytest.raises(UsageError, match=message):
        parse_query(query)(TABLE)
