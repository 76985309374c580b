"""One paper from two sources is one record; both values stay readable."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from helpers.records.fields import article_frame
from helpers.records.merge import MERGE_COLUMNS, merge_articles
from helpers.schemas import split_list

TITLE = "Synthetic regulator X controls ferroptosis in cell line Y"


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return article_frame([{"source": "synthetic", "year": 2024, **row} for row in rows])


def test_pmid_joins_records_and_fills_blanks() -> None:
    """The first source is trusted, the second fills what it lacks."""
    first = frame({"pmid": "7", "title": TITLE, "source": "pubmed"})
    second = frame({"pmid": "7", "title": TITLE + "!", "doi": "10.1000/x", "source": "file"})
    articles, merges = merge_articles([first, second])
    assert articles.loc[0, ["record_id", "title", "doi", "source"]].tolist() == [
        "pmid:7",
        TITLE,
        "10.1000/x",
        "pubmed",
    ]
    title = merges[merges["field"] == "title"].iloc[0]
    assert (title["by"], title["kept_value"], title["other_value"]) == ("pmid", TITLE, TITLE + "!")


def test_doi_joins_a_record_without_pmid() -> None:
    """The merged record takes the PMID's id, and the merge names the id given up."""
    articles, merges = merge_articles(
        [
            frame({"doi": "10.1000/x", "title": TITLE}),
            frame({"doi": "10.1000/x", "pmid": "7", "title": TITLE}),
        ]
    )
    assert articles["record_id"].tolist() == ["pmid:7"]
    assert merges.loc[0, "merged"] == "pmid:7"
    assert merges["by"].unique().tolist() == ["doi"]


def test_title_and_year_join_records_without_ids() -> None:
    """Case and punctuation do not count, the year does."""
    same = frame({"title": TITLE.upper() + "."})
    assert len(merge_articles([frame({"title": TITLE}), same])[0]) == 1
    assert len(merge_articles([frame({"title": TITLE}), frame({"title": TITLE, "year": 2023})])[0]) == 2


def test_different_pmids_are_never_one_paper() -> None:
    """A comment and its article may share title, year and even the DOI."""
    rows = [frame({"pmid": str(n), "doi": "10.1000/x", "title": TITLE}) for n in (7, 8)]
    assert len(merge_articles(rows)[0]) == 2


def test_short_titles_need_volume_and_pages() -> None:
    """Ten editorials of a year are ten records."""
    short = [frame({"title": "Editorial", "volume": "1", "pages": page}) for page in ("1", "2")]
    assert len(merge_articles(short)[0]) == 2
    assert len(merge_articles([short[0], short[0]])[0]) == 1


def test_misprinted_doi_is_joined_by_title_volume_and_pages() -> None:
    """A preprint with its own DOI and no volume stays apart."""
    right = frame({"title": TITLE, "doi": "10.1000/right", "volume": "75", "pages": "101099"})
    wrong = frame({"title": TITLE, "doi": "10.1000/wrong", "volume": "75", "pages": "101099"})
    preprint = frame({"title": TITLE, "doi": "10.1101/2024.01.01"})
    articles, merges = merge_articles([right, wrong, preprint])
    assert articles["doi"].tolist() == ["10.1000/right", "10.1101/2024.01.01"]
    assert merges.loc[merges["field"] == "doi", "other_value"].tolist() == ["10.1000/wrong"]


def test_bridging_record_joins_two_papers() -> None:
    """A has the PMID, B the DOI, C both: one paper."""
    rows = [frame({"pmid": "7", "title": "A one"}), frame({"doi": "10.1000/x", "title": "B two"})]
    bridge = frame({"pmid": "7", "doi": "10.1000/x", "title": "C three"})
    articles, merges = merge_articles([*rows, bridge])
    assert articles["record_id"].tolist() == ["pmid:7"]
    assert set(merges["merged"]) == {"doi:10.1000/x", "pmid:7"}


def test_own_abstract_goes_before_a_summary() -> None:
    """The project's summary gives way, and is kept among the merges."""
    ours = frame({"pmid": "7", "abstract": "Our words.", "abstract_kind": "summary", "title": TITLE})
    theirs = frame({"pmid": "7", "abstract": "Their words.", "abstract_kind": "abstract", "title": TITLE})
    for order in ([ours, theirs], [theirs, ours]):
        articles, merges = merge_articles(order)
        assert articles.loc[0, ["abstract", "abstract_kind"]].tolist() == ["Their words.", "abstract"]
        assert merges.loc[merges["field"] == "abstract", "other_value"].tolist() == ["Our words."]


def test_abstract_in_another_language_is_kept_beside() -> None:
    """A Chinese database's abstract joins PubMed's English one."""
    english = frame({"pmid": "7", "abstract": "Words.", "abstract_kind": "abstract", "language": "eng"})
    chinese = frame({"pmid": "7", "abstract": "铁死亡。", "abstract_kind": "abstract", "language": "chi"})
    articles, _ = merge_articles([english, chinese])
    others = json.loads(articles.loc[0, "other_abstracts"])
    assert [(item["language"], item["text"]) for item in others] == [("chi", "铁死亡。")]


def test_worst_fate_best_date_and_joined_lists_are_kept() -> None:
    """A retraction known to one source is known to the merged record."""
    one = frame(
        {"pmid": "7", "retraction": "none", "pub_date": "2024", "keywords": "a|b", "issn": "0028-0836"}
    )
    two = frame(
        {"pmid": "7", "retraction": "retracted", "pub_date": "2024-05-06", "keywords": "b|c", "year": 2023,
         "publication_types": "Review"}
    )  # fmt: skip
    articles, merges = merge_articles([one, two])
    row = articles.iloc[0]
    assert (row["retraction"], row["pub_date"], row["year"], row["article_kind"]) == (
        "retracted", "2024-05-06", 2023, "review",
    )  # fmt: skip
    assert split_list(row["keywords"]) == ["a", "b", "c"]
    assert set(merges["field"]) >= {"retraction", "pub_date", "year", "article_kind"}


def test_mesh_and_its_ids_come_from_one_source() -> None:
    """Descriptors and ids must stay in the same order."""
    text = frame({"pmid": "7", "mesh": "Neoplasms|Apoptosis"})
    xml = frame({"pmid": "7", "mesh": "Apoptosis|Neoplasms", "mesh_ui": "D017209|D009369"})
    articles, _ = merge_articles([text, xml])
    assert articles.loc[0, ["mesh", "mesh_ui"]].tolist() == ["Apoptosis|Neoplasms", "D017209|D009369"]


def test_every_merge_is_listed_even_without_differences() -> None:
    """A merge without differing values has one row without a field; no merge, no row."""
    rows = frame({"pmid": "7", "title": TITLE})
    articles, merges = merge_articles([rows, rows])
    assert len(articles) == len(merges) == 1
    assert merges["field"].isna().all()
    empty = merge_articles([rows])[1]
    assert empty.empty
    assert list(empty.columns) == list(MERGE_COLUMNS)


def test_no_source_gives_no_record() -> None:
    """An empty list of frames is an empty table, with its columns."""
    articles, merges = merge_articles([])
    assert articles.empty
    assert merges.empty
