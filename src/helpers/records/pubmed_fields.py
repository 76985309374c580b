"""Values of PubMed XML elements: running text, dates, authors, ids and the state of retraction.

Inline markup is flattened: `<i>GPX4</i>` reads GPX4, CO<sub>2</sub> reads CO2. One superscript keeps its
meaning: a whole number raised over a digit gets a caret, for 10<sup>-3</sup> read flat would be 10-3.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

from helpers.records.fields import date_of, iso_date, normalise_doi, normalise_issn, normalise_pmcid

POWER = re.compile(r"\s*[-+−–]?\s*\d+\s*")
_NO_TITLE = re.compile(r"\[?not available\]?\.?", re.IGNORECASE)
_NO_LABEL = {"", "UNLABELLED", "UNLABELED", "UNASSIGNED"}

_date = lru_cache(4096)(date_of)
_free_date = lru_cache(4096)(iso_date)
issn_of = lru_cache(65536)(normalise_issn)


def text_of(element: Any) -> str | None:
    """Plain text of an element with any markup in it, spaces of all kinds made single; None if blank."""
    text = flatten(element) if len(element) else element.text
    return squeeze(text) if text else None


def squeeze(text: str) -> str | None:
    """Text with runs of spaces, line ends, thin and no-break spaces made one space; None if blank."""
    if text.isascii() and "  " not in text and "\n" not in text and "\t" not in text and "\r" not in text:
        return text.strip() or None
    return " ".join(text.split()) or None


def flatten(element: Any) -> str:
    """All text inside the element, markup dropped, exponents marked by a caret."""
    text = element.text or ""
    for index, child in enumerate(element):
        inner = flatten(child)
        raised = child.tag == "sup" or (index == 1 and str(element.tag).endswith("}msup"))
        if raised and text[-1:].isdigit() and POWER.fullmatch(inner):
            inner = f"^{inner.strip()}"
        text += inner + (child.tail or "")
    return text


def title_of(element: Any) -> str | None:
    """Title; PubMed's placeholder "[Not Available]." is a missing title."""
    return real_title(text_of(element))


def real_title(text: str | None) -> str | None:
    """The text unless it is PubMed's placeholder for an absent title."""
    return None if text is None or (len(text) < 20 and _NO_TITLE.fullmatch(text)) else text


def abstract_of(element: Any) -> str | None:
    """Abstract, labelled parts as "LABEL: text", parts apart by a line feed, copyright line left out."""
    parts = []
    for child in element:
        if child.tag == "AbstractText" and (text := text_of(child)):
            parts.append(labelled(text, child.get("Label")))
    return "\n".join(parts) or None


def labelled(text: str, label: str | None) -> str:
    """A part of an abstract with its label before it, if it has a telling one."""
    label = " ".join(label.split()).rstrip(":") if label else ""
    return text if label.upper() in _NO_LABEL else f"{label}: {text}"


def other_abstracts_as_json(found: Iterable[tuple[str, str | None, str]]) -> str | None:
    """JSON list of {language, type, text} from such tuples; None for none."""
    listed = [{"language": language, "type": kind, "text": text} for language, kind, text in found]
    return json.dumps(listed, ensure_ascii=False) if listed else None


def date_in(element: Any) -> str | None:
    """ISO date of the precision a PubDate, ArticleDate or DateRevised states.

    A range (MedlineDate "1998 Dec-1999 Jan") gives its start, a season its year.
    """
    found = {child.tag: child.text for child in element}
    if year := found.get("Year"):
        return _date(year.strip(), found.get("Month"), found.get("Day"))
    return _free_date(found.get("MedlineDate"))


def earlier(one: str | None, other: str | None) -> str | None:
    """The earlier of two ISO dates; of 2024 and 2024-05 the more precise."""
    if not one or not other:
        return one or other
    if one.startswith(other) or other.startswith(one):
        return max(one, other, key=len)
    return min(one, other)


def authors_of(element: Any) -> list[str]:
    """Authors as "Family, Given" or "Family, Given, Suffix", collective names as given, in order.

    Names marked as superseded (ValidYN="N") are left out.
    """
    names = []
    for author in element:
        if author.get("ValidYN") == "N":
            continue
        found = {child.tag: text_of(child) for child in author if child.tag in _NAME_PARTS}
        given = found.get("ForeName") or found.get("FirstName") or found.get("Initials")
        name = [found.get("LastName"), given, found.get("Suffix")]
        names.append(", ".join(part for part in name if part) or found.get("CollectiveName") or "")
    return [name.replace("|", "/") for name in names if name]


_NAME_PARTS = frozenset({"LastName", "ForeName", "FirstName", "Initials", "Suffix", "CollectiveName"})


def pmcid_of(text: str | None) -> str | None:
    """PubMed Central id at the start of an OtherID ("PMC1 [Available on 01/02/15]"), else None."""
    return normalise_pmcid(text) if text and text.lstrip().upper().startswith("PMC") else None


def pages_of(element: Any) -> str | None:
    """Pages as MedlinePgn states them, else from StartPage and EndPage."""
    found = {child.tag: text_of(child) for child in element}
    ends = [found.get("StartPage"), found.get("EndPage")]
    return found.get("MedlinePgn") or "-".join(end for end in ends if end) or None


def ids_of(element: Any) -> dict[str, str]:
    """First valid doi and pmcid of an ArticleIdList."""
    return valid_ids((child.get("IdType"), child.text or "") for child in element)


def valid_ids(pairs: Iterable[tuple[str | None, str]]) -> dict[str, str]:
    """First valid doi and pmcid of (kind, text) pairs."""
    found: dict[str, str] = {}
    for kind, text in pairs:
        if kind == "doi" and (value := normalise_doi(text)):
            found.setdefault("doi", value)
        elif kind in ("pmc", "pmcid") and (value := normalise_pmcid(text)):
            found.setdefault("pmcid", value)
    return found


_RETRACTED_TYPES = {"D016441", "Retracted Publication"}
_NOTICE_TYPES = {
    "D016440", "Retraction of Publication", "Retraction Notice", "D000075742", "Expression of Concern",
}  # fmt: skip


def retraction_state(types: Collection[str], links: Collection[str]) -> str:
    """One of the six states, from publication types (names and ids) and CommentsCorrections RefTypes.

    retracted  marked as such, or a retraction of it (also one with republication) is linked
    notice     retraction or expression of concern about another record
    concern    an expression of concern about it is linked
    corrected  an erratum or a corrected republication of it is linked
    unknown    no publication type: PubMed gives every full record one, so this is a stub
    """
    if _RETRACTED_TYPES & {*types} or {"RetractionIn", "RetractedandRepublishedIn"} & {*links}:
        return "retracted"
    if _NOTICE_TYPES & {*types} or {"RetractionOf", "ExpressionOfConcernFor"} & {*links}:
        return "notice"
    if "ExpressionOfConcernIn" in links:
        return "concern"
    if {"ErratumIn", "CorrectedandRepublishedIn"} & {*links}:
        return "corrected"
    return "none" if types else "unknown"
