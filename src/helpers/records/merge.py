"""The same paper from several sources, made one record; nothing either source said is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.records.fields import normalise_title, record_id
from helpers.schemas import ARTICLES, FULL_TEXT, conform, join_list, split_list

MERGE_COLUMNS = ("kept", "merged", "by", "field", "kept_value", "other_value")
_TITLE_BYTES = 20  # shorter normalised titles ("Editorial", "Cell Death") need volume and pages as well
_JOINED = ("issn", "keywords", "publication_types")
_TAKEN_APART = ("record_id", "abstract", "abstract_kind", "other_abstracts", "mesh", "mesh_ui")
# What a source knows of a paper's fate, worst first.
_FATES = ("retracted", "notice", "concern", "corrected", "none", "unknown")

_Row = dict[str, Any]
_Member = tuple[int, _Row, str]  # place in the input, row, what it was recognised by


def merge_articles(frames: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(ARTICLES with one row per paper, the merges), of ARTICLES frames in order of trust.

    Rows are one paper if they share a PMID; or a DOI, with no two different PMIDs; or the exact normalised
    title and year, with no two different PMIDs, and with equal volume and pages where the title is short or
    the DOIs differ. The earlier frame's value is kept and its blanks are filled from the later; lists of
    ISSNs, keywords and types are joined. Exceptions: a record's own abstract goes before a summary, a more
    exact date before its year, the worst retraction state before a better, review or other before primary.
    The merges (kept, merged, by, field, kept_value, other_value) hold a row for every value not kept as it
    was, and one row with field missing for a merge without any.
    """
    if not frames:
        return ARTICLES.empty(), pd.DataFrame(columns=list(MERGE_COLUMNS), dtype="str")
    together = pd.concat([frame[ARTICLES.names] for frame in frames], ignore_index=True)
    shared = _shares_a_key(together)
    merges: list[_Row] = []
    kept = [_merge(members, merges) for members in _papers(_rows(together[shared]))]
    merged = conform(pd.DataFrame(kept, columns=ARTICLES.names), ARTICLES)
    articles = conform(pd.concat([together[~shared], merged], ignore_index=True), ARTICLES)
    return articles, pd.DataFrame(merges, columns=list(MERGE_COLUMNS), dtype="str")


def _shares_a_key(articles: pd.DataFrame) -> pd.Series[bool]:
    """Which rows have a key in common with another; all others need no look."""
    shared = articles["record_id"].duplicated(keep=False)
    for name in ("pmid", "doi"):
        shared |= articles[name].notna() & articles[name].duplicated(keep=False)
    years = articles["year"].astype("object")
    titles = pd.concat(
        [
            pd.Series(
                [
                    f"{normalise_title(title)} {year}"
                    for title, year in zip(texts, years[texts.index], strict=True)
                ],
                index=texts.index,
                dtype="str",
            )
            for texts in (articles["title"].dropna(), articles["vernacular_title"].dropna())
        ]
    )
    twice = titles[titles.duplicated(keep=False)].index
    return shared | articles.index.isin(twice)


def _rows(frame: pd.DataFrame) -> list[_Row]:
    plain = frame.astype(object).where(frame.notna(), None)
    return list(plain.to_dict("records"))


def _papers(rows: Sequence[_Row]) -> list[list[_Member]]:
    """The rows by paper, papers and rows in the order of the input."""
    papers: dict[int, list[_Member]] = {}
    found: dict[tuple[str, str], int] = {}
    for place, row in enumerate(rows):
        number = place
        papers[number] = [(place, row, "")]
        for key in _keys(row):
            other = found.setdefault(key, number)
            if other != number and _agree(papers[number], papers[other], key[0]):
                moved = papers.pop(number)
                papers[other] += [(at, member, by or key[0]) for at, member, by in moved]
                keys = [held for _, member, _ in moved for held in _keys(member)]
                found.update({held: other for held in keys if found.get(held) == number})
                number = other
    groups = [sorted(members, key=lambda member: member[0]) for members in papers.values()]
    return sorted(groups, key=lambda members: members[0][0])


def _keys(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a row can be recognised by, strongest first."""
    keys = [(name, row[name]) for name in ("pmid", "doi") if row[name]]
    if not keys:
        keys = [("record_id", row["record_id"])]
    titles = {normalise_title(row[name]) for name in ("title", "vernacular_title") if row[name]}
    if row["year"] is not None:
        keys += [("title+year", f"{title} {row['year']}") for title in sorted(titles) if title]
    return keys


def _agree(these: Sequence[_Member], those: Sequence[_Member], by: str) -> bool:
    """Whether nothing speaks against a match found by this key."""
    rows = [row for _, row, _ in (*these, *those)]

    def values(name: str) -> set[Any]:
        return {row[name] for row in rows if row[name] is not None}

    if by in ("pmid", "record_id"):
        return True
    if len(values("pmid")) > 1:
        return False
    if by == "doi":
        return True
    short = min(len(normalise_title(row["title"] or "").encode()) for row in rows) < _TITLE_BYTES
    if short or len(values("doi")) > 1:
        return all(len({row[name] for row in rows}) == 1 and rows[0][name] for name in ("volume", "pages"))
    return True


def _merge(members: Sequence[_Member], merges: list[_Row]) -> _Row:
    """One row of all of a paper's rows; what was decided is appended to merges."""
    first = dict(members[0][1])
    listed: list[tuple[str, str, str, Any, Any]] = []
    for _, other, by in members[1:]:
        by = by or next(mark for _, _, mark in members if mark)
        differences = _take(first, other)
        listed += [(other["record_id"], by, *row) for row in differences]
        if not differences:
            listed.append((other["record_id"], by, "", None, None))
    if members[1:] and (first["pmid"] or first["doi"]):
        first["record_id"] = record_id(pmid=first["pmid"], doi=first["doi"])
    for merged, by, field, kept_value, other_value in listed:
        values = (first["record_id"], merged, by, field or None, kept_value, other_value)
        texts = (None if value is None else str(value) for value in values)
        merges.append(dict(zip(MERGE_COLUMNS, texts, strict=True)))
    return first


def _take(kept: _Row, other: _Row) -> list[tuple[str, Any, Any]]:
    """Fill kept from other in place; gives (field, value now kept, value not kept) where they differ."""
    differences = _take_abstract(kept, other)
    if kept["mesh"] is None or (kept["mesh_ui"] is None and other["mesh_ui"] is not None):
        kept["mesh"], kept["mesh_ui"] = other["mesh"] or kept["mesh"], other["mesh_ui"]
    elif other["mesh"] not in (None, kept["mesh"]):
        differences.append(("mesh", kept["mesh"], other["mesh"]))
    for name in ARTICLES.names:
        mine, theirs = kept[name], other[name]
        if name in _TAKEN_APART or theirs is None or mine == theirs:
            continue
        kept[name] = theirs if mine is None else _choose(name, mine, theirs)
        if mine is not None and name not in _JOINED and name != "note":
            differences.append((name, kept[name], mine if kept[name] == theirs else theirs))
    return differences


def _choose(name: str, mine: Any, theirs: Any) -> Any:
    """Which of two different values the merged record gets."""
    if name in _JOINED:
        return join_list([*split_list(mine), *split_list(theirs)])
    if name == "note":
        return mine if theirs in mine else f"{mine} {theirs}"
    if name == "year":
        return min(mine, theirs)
    if name == "pub_date":
        return theirs if theirs.startswith(mine) else mine
    if name == "retraction":
        return min(mine, theirs, key=_FATES.index)
    if name == "article_kind":
        return theirs if mine == "primary" else mine
    return mine


def _take_abstract(kept: _Row, other: _Row) -> list[tuple[str, Any, Any]]:
    """The record's own abstract before a summary; one in another language joins other_abstracts."""
    languages = (kept["language"], other["language"])
    others = {
        item["text"]: item for row in (kept, other) for item in json.loads(row["other_abstracts"] or "[]")
    }
    mine, theirs = kept["abstract"], other["abstract"]
    differences: list[tuple[str, Any, Any]] = []
    if theirs is not None and mine != theirs:
        own = other["abstract_kind"] in ("abstract", FULL_TEXT)
        if mine is None or (own and kept["abstract_kind"] == "summary"):
            kept["abstract"], kept["abstract_kind"] = theirs, other["abstract_kind"]
        elif own and languages[0] != languages[1]:
            item = {"language": languages[1], "type": None, "text": theirs}
            others.setdefault(theirs, item)
        if mine is not None:
            differences = [("abstract", kept["abstract"], mine if kept["abstract"] == theirs else theirs)]
    others.pop(kept["abstract"], None)
    kept["other_abstracts"] = json.dumps(list(others.values()), ensure_ascii=False) if others else None
    return differences
