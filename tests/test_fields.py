"""Dates, ids, languages and kinds of article have one form, whatever source they come from."""

from __future__ import annotations

import pytest

from helpers.errors import SchemaError
from helpers.records.fields import (
    article_frame,
    article_kind,
    date_of,
    find_issns,
    iso_date,
    language_code,
    normalise_doi,
    normalise_issn,
    normalise_pmcid,
    normalise_pmid,
    normalise_title,
    record_id,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024", "2024"),
        ("2024-01-29", "2024-01-29"),
        ("2024/1/1 0:00:00", "2024-01-01"),
        ("2024 Jan 29", "2024-01-29"),
        ("1998 Dec-1999 Jan", "1998-12"),
        ("2000 Spring", "2000"),
        ("2024///Spring", "2024"),
        ("2013 Jan-Mar", "2013-01"),
        ("1978-1979", "1978"),
        ("2026年2月9日", "2026-02-09"),
        ("29 January 2024", "2024-01-29"),
        ("January 29, 2024", "2024-01-29"),
        ("01/02/2024", "2024"),
        ("2012/05//", "2012-05"),
        ("20240129", "2024-01-29"),
        ("2024-02-31", "2024-02"),
        ("n.d.", None),
        ("", None),
        (None, None),
    ],
)
def test_date_keeps_the_precision_its_text_states(text: str | None, expected: str | None) -> None:
    """No month or day is invented, none is dropped."""
    assert iso_date(text) == expected


def test_date_parts_may_be_names_or_numbers() -> None:
    """PubMed writes months both ways."""
    assert date_of("2024", "Jan", "5") == date_of(2024, 1, 5) == "2024-01-05"
    assert date_of("2024", "Winter") == "2024"
    assert date_of(None, 1) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://doi.org/10.1016/S0140-6736(05)70948-X.", "10.1016/s0140-6736(05)70948-x"),
        ("doi:10.1000/ABC", "10.1000/abc"),
        ("(see 10.1000/abc)", "10.1000/abc"),
        ("10.1/x", None),
        (None, None),
    ],
)
def test_doi_is_bare_and_lower_case(text: str | None, expected: str | None) -> None:
    """Resolver, prefix and closing punctuation go; balanced parentheses stay."""
    assert normalise_doi(text) == expected


def test_issn_needs_its_check_digit() -> None:
    """A wrong digit would join the wrong journal."""
    assert normalise_issn("00280836") == "0028-0836"
    assert normalise_issn("1474-175x") == "1474-175X"
    assert normalise_issn("0028-0837") is None
    assert find_issns("14710072, 14710080; 1474-175X (Print) 0000-0001") == [
        "1471-0072",
        "1471-0080",
        "1474-175X",
    ]


def test_ids_are_bare() -> None:
    """Labels, leading zeros and decimals of spreadsheets go."""
    assert (
        normalise_pmid("PMID: 38281981")
        == normalise_pmid("038281981")
        == normalise_pmid("38281981.0")
        == "38281981"
    )
    assert normalise_pmid("38,281,981") is None
    assert normalise_pmcid("pmc-id: PMC 11555182;") == "PMC11555182"


def test_languages_are_iso_639_2() -> None:
    """Locales, names and two-letter codes give PubMed's three letters."""
    assert [language_code(text) for text in ("zh-CN", "中文;", "en", "English", "fra", "??")] == [
        "chi", "chi", "eng", "eng", "fre", None,
    ]  # fmt: skip


def test_kind_says_notice_before_review_before_editorial() -> None:
    """A retraction notice of a review is no review."""
    assert article_kind(["Journal Article", "Systematic Review"]) == "review"
    assert article_kind(["Review", "Retraction of Publication"]) == "other"
    assert article_kind(["Editorial"]) == "other"
    assert article_kind(["Letter", "Meta-Analysis"]) == "review"
    assert article_kind(["Case Reports"]) == article_kind([]) == "primary"


def test_titles_compare_without_case_accents_and_punctuation() -> None:
    """Exact means exact in letters and digits."""
    assert normalise_title("The “BCL‑2” Family: β-Cell Réview.") == normalise_title(
        "the bcl 2 family β cell review"
    )
    assert normalise_title("ATF5在抵抗癌细胞") == "atf5在抵抗癌细胞"


def test_record_id_prefers_pmid_then_doi_then_a_stable_hash() -> None:
    """The hash depends on letters and digits only."""
    assert record_id(pmid="1", doi="10.1000/a") == "pmid:1"
    assert record_id(pmid=None, doi="10.1000/a") == "doi:10.1000/a"
    one = record_id(pmid=None, doi=None, parts=("A Title.", 2024))
    assert one == record_id(pmid=None, doi=None, parts=("a title", "2024"))
    assert one.startswith("local:")


def test_frame_fills_what_follows_from_the_row_and_refuses_unknown_keys() -> None:
    """Absent keys are missing values; a misspelt key is an error, not a lost value."""
    frame = article_frame([{"title": "T", "pub_date": "2024-05", "source": "s", "journal": ""}])
    row = frame.iloc[0]
    assert (row["year"], row["article_kind"], row["retraction"]) == (2024, "primary", "unknown")
    assert frame["journal"].isna().all()
    with pytest.raises(SchemaError, match="titel"):
        article_frame([{"titel": "T", "source": "s"}])
    assert len(article_frame([])) == 0
