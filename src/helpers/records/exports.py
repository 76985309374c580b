"""Entries of CSL-JSON, NBIB/MEDLINE, BibTeX and PubMed CSV files, as drafts of articles.

A draft is a dict: title, vernacular_title, authors, journal, journal_abbreviation, nlm_id, issn, issn_l,
volume, issue, pages, dates (first the publication date), languages, types, article_kind, keywords, mesh,
abstract (abstract_text where its paragraphs are kept; has_body if the body of the paper follows), summary,
other_abstracts, pmid, pmcid, doi,
retraction, note, book. Absent keys are unknown.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import bibtexparser
from bibtexparser.bparser import BibTexParser
from bibtexparser.customization import InvalidName, convert_to_unicode, getnames
from Bio import Medline

from helpers.errors import ParseError
from helpers.schemas import RETRACTIONS

Draft = dict[str, Any]
Entry = tuple[str, Draft | str]  # place, and the draft or the reason why there is none

_TYPES = {
    "article-journal": "Journal Article", "article": "Journal Article", "journal article": "Journal Article",
    "journal-article": "Journal Article", "jour": "Journal Article", "ejour": "Journal Article",
    "abst": "Journal Article", "book": "Book", "ebook": "Book", "whole": "Book", "inbook": "Chapter",
    "incollection": "Chapter", "chapter": "Chapter", "chap": "Chapter", "book-chapter": "Chapter",
    "book section": "Chapter", "thesis": "Academic Dissertation", "thes": "Academic Dissertation",
    "phdthesis": "Academic Dissertation", "mastersthesis": "Academic Dissertation",
    "paper-conference": "Congress", "conference proceedings": "Congress", "inproceedings": "Congress",
    "conf": "Congress", "cpaper": "Congress", "posted-content": "Preprint", "news": "Newspaper Article",
    "newspaper article": "Newspaper Article", "article-newspaper": "Newspaper Article",
}  # fmt: skip


def publication_type(text: str | None) -> str | None:
    """PubMed's name of a type as other programs call it; the text itself where there is none."""
    name = (text or "").strip()
    return _TYPES.get(name.casefold(), name) or None


def is_book(types: list[str]) -> bool:
    """Whether the publication types say book or chapter."""
    return bool({"Book", "Chapter"} & set(types))


def iter_csl(text: str, name: str) -> Iterator[Entry]:
    """Entries of CSL-JSON: a list, one item, or an object holding a list (items, references, message).

    Facts CSL has no field for stand under `custom`: summary, article_kind, publication_types, nlm_id,
    issn_l, mesh, note. Raises ParseError with line and column for broken JSON.
    """
    try:
        items = json.loads(text)
    except json.JSONDecodeError as error:
        raise ParseError(f"{name}: line {error.lineno}, column {error.colno}: {error.msg}.") from None
    while isinstance(items, dict) and "title" not in items:
        inner = next((items[key] for key in ("items", "references", "message") if key in items), None)
        if inner is None:
            raise ParseError(f"{name}: is JSON but holds no list of references.")
        items = inner
    for number, item in enumerate([items] if isinstance(items, dict) else items, start=1):
        place = f"entry {number}"
        if not isinstance(item, dict):
            yield place, f"is {type(item).__name__}, not a reference"
            continue
        place += f" ({item['id']})" if item.get("id") else ""
        yield place, _csl_draft(item)


_CSL_TEXTS = {
    "title": "title", "vernacular_title": "original-title", "journal": "container-title",
    "journal_abbreviation": "container-title-short", "volume": "volume", "issue": "issue",
    "doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "abstract": "abstract", "pages": "page",
}  # fmt: skip
_CUSTOM_TEXTS = ("summary", "nlm_id", "issn_l", "note")
_CUSTOM_CHOICES = {"article_kind": ("primary", "review", "other"), "retraction": RETRACTIONS}


def _csl_draft(item: dict[str, Any]) -> Draft:
    given = item.get("custom")
    custom: dict[str, Any] = given if isinstance(given, dict) else {}
    types = _texts(custom.get("publication_types")) or [
        kind for value in (item.get("type"), item.get("genre")) if (kind := publication_type(_text(value)))
    ]
    draft: Draft = {ours: _text(item.get(theirs)) for ours, theirs in _CSL_TEXTS.items()}
    draft |= {name: _text(custom.get(name)) for name in _CUSTOM_TEXTS}
    draft |= {name: custom[name] for name, allowed in _CUSTOM_CHOICES.items() if custom.get(name) in allowed}
    for label, number in re.findall(r"^(PMID|PMCID): *(\S+)", _text(item.get("note")) or "", re.MULTILINE):
        draft[label.lower()] = draft[label.lower()] or number
    authors = item.get("author")
    dates = ("issued", "published", "available-date", "published-online")
    return draft | {
        "journal_abbreviation": draft["journal_abbreviation"] or _text(item.get("journalAbbreviation")),
        "authors": [_csl_name(author) for author in authors] if isinstance(authors, list) else [],
        "pages": draft["pages"] or _text(item.get("number")) or _text(item.get("article-number")),
        "issn": " ".join(_texts(item.get("ISSN"))),
        "dates": [_csl_date(item.get(name)) for name in dates],
        "languages": _texts(item.get("language")),
        "types": types,
        "book": is_book(types),
        "keywords": [word for text in _texts(item.get("keyword")) for word in re.split(r"\s*[;；]\s*", text)],
        "mesh": _texts(custom.get("mesh")),
    }


def _text(value: Any) -> str | None:
    """The value as text, the first of a list (Crossref writes titles so); None for what is no text."""
    first = (value[0] if value else None) if isinstance(value, list) else value
    return str(first) if isinstance(first, str | int | float) and not isinstance(first, bool) else None


def _texts(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [text for item in items if (text := _text(item))]


def _csl_name(author: Any) -> str:
    if not isinstance(author, dict):
        return _text(author) or ""
    if whole := _text(author.get("literal")) or _text(author.get("name")):
        return whole
    family = " ".join(_texts([author.get("non-dropping-particle"), author.get("family")]))
    return ", ".join(part for part in (family, _text(author.get("given"))) if part)


def _csl_date(value: Any) -> str:
    if not isinstance(value, dict):
        return _text(value) or ""
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    if texts := _texts(first):
        return "-".join(text.zfill(2) for text in texts)
    return _text(value.get("raw")) or _text(value.get("literal")) or ""


def iter_nbib(text: str, name: str) -> Iterator[Entry]:
    """Entries of PubMed's NBIB/MEDLINE text, read by Bio.Medline."""
    # Bio.Medline parts records at blank lines only; a file without them would become one record.
    parted = re.sub(r"(?<!\n)\n(?=PMID- )", "\n\n", text)
    records = Medline.parse(parted.splitlines(keepends=True))  # type: ignore[no-untyped-call]
    for number, record in enumerate(records, start=1):
        place = f"record {number}"
        if "PMID" not in record and "TI" not in record:
            yield place, f"has neither PMID nor title; its tags are {', '.join(list(record)[:6])}"
            continue
        yield f"{place} (PMID {record.get('PMID', 'missing')})", _nbib_draft(record)


def _nbib_draft(record: dict[str, Any]) -> Draft:
    ids = " ".join([record.get("LID", ""), *record.get("AID", [])])
    doi = re.search(r"(10\.\S+)\s*\[doi\]", ids)
    types = record.get("PT", [])
    mesh = [heading.split("/")[0].strip("* ") for heading in record.get("MH", [])]
    other = " ".join(record.get("OAB", []))
    return {
        "title": record.get("TI") or record.get("BTI"),
        "vernacular_title": record.get("TT"),
        "authors": [*(record.get("FAU") or record.get("AU") or []), *record.get("CN", [])],
        "journal": record.get("JT"),
        "journal_abbreviation": record.get("TA"),
        "nlm_id": record.get("JID"),
        "issn": record.get("IS"),
        "issn_l": next(iter(re.findall(r"(\d{4}-\d{3}[\dX]) \(Linking\)", record.get("IS", ""))), None),
        "volume": record.get("VI"),
        "issue": record.get("IP"),
        "pages": record.get("PG"),
        "dates": [record.get("DP", ""), record.get("DEP", "")],
        "languages": record.get("LA", []),
        "types": types,
        "book": "BTI" in record or is_book(types),
        "keywords": [keyword.strip("* ") for keyword in record.get("OT", [])],
        "mesh": mesh,
        "abstract": record.get("AB"),
        "other_abstracts": [
            {"language": next(iter(record.get("OABL", [])), None), "type": None, "text": other}
        ],
        "pmid": record.get("PMID"),
        "pmcid": record.get("PMC"),
        "doi": doi.group(1) if doi else None,
        "retraction": _nbib_retraction(record, set(types)),
    }


def _nbib_retraction(record: dict[str, Any], types: set[str]) -> str:
    if "Retracted Publication" in types or "RIN" in record:
        return "retracted"
    if {"Retraction of Publication", "Retraction Notice"} & types or "ROF" in record:
        return "notice"
    if "ECI" in record:
        return "concern"
    return "corrected" if {"EIN", "CRI"} & set(record) else "none"


def iter_bibtex(text: str, name: str) -> Iterator[Entry]:
    """Entries of BibTeX, read by bibtexparser; LaTeX accents become Unicode, broken entries are named."""
    parser = BibTexParser(common_strings=True, ignore_nonstandard_types=False)
    try:
        database = bibtexparser.loads(text, parser=parser)
    except Exception as error:  # pyparsing and bibtexparser raise many kinds
        raise ParseError(f"{name}: is not readable as BibTeX: {error}.") from None
    for number, entry in enumerate(database.entries, start=1):
        yield f"entry {number} ({entry['ID']})", _bibtex_draft(convert_to_unicode(dict(entry)))
    for comment in database.comments:
        if broken := re.match(r"@(?!comment)\w+\s*[{(]\s*([^,\s]*)", comment, re.IGNORECASE):
            line = text.count("\n", 0, max(text.find(comment[:40]), 0)) + 1
            yield f"line {line} ({broken.group(1)})", "is not closed or not readable as BibTeX"


def _bibtex_draft(entry: dict[str, str]) -> Draft:
    bare = {key.casefold(): re.sub(r"[{}]", "", value).strip() for key, value in entry.items()}
    kind = publication_type(bare["entrytype"])
    types = [kind] if kind else []
    date = bare.get("date") or f"{bare.get('year', '')} {bare.get('month', '')}"
    return {
        "title": bare.get("title"),
        "authors": _bibtex_names(entry.get("author", "")),
        "journal": bare.get("journal") or bare.get("journaltitle") or bare.get("booktitle"),
        "issn": bare.get("issn"),
        "volume": bare.get("volume"),
        "issue": bare.get("number") or bare.get("issue"),
        "pages": re.sub(r"-{2,}|–", "-", bare["pages"]) if bare.get("pages") else bare.get("eid"),
        "dates": [date],
        "languages": [bare.get("language") or bare.get("langid") or ""],
        "types": types,
        "book": is_book(types),
        "keywords": re.split(r"\s*[;,；，]\s*", bare.get("keywords", "")),
        "abstract": bare.get("abstract"),
        "pmid": bare.get("pmid"),
        "pmcid": bare.get("pmcid") or bare.get("pmc"),
        "doi": bare.get("doi"),
    }


def _bibtex_names(text: str) -> list[str]:
    names = [part.strip() for part in re.split(r"\s+and\s+", text.replace("\n", " ")) if part.strip()]
    if re.search(r"[\u4e00-\u9fff]", text):
        return [part.strip("{} ") for name in names for part in re.split(r"[;；,，]", name) if part.strip()]
    try:
        found = getnames(names)
    except InvalidName:
        found = names
    return [re.sub(r"[{}]", "", name) for name in found if name.casefold() != "others"]


_CITATION = re.compile(
    r"^(?P<journal>.+?)\. (?P<date>[12]\d{3}[^;:.]*)"
    r"(?:;(?P<volume>[^(:;.]*)(?:\((?P<issue>[^)]*)\))?(?::(?P<pages>[^.;]*))?)?"
)


def iter_pubmed_csv(text: str, name: str) -> Iterator[Entry]:
    """Rows of PubMed's CSV export; volume, issue and pages are read from its Citation column."""
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        for row in reader:
            place = f"line {reader.line_num}"
            if None in row or any(value is None for value in row.values()):
                yield place, f"has another number of cells than the header's {len(reader.fieldnames or [])}"
                continue
            yield f"{place} (PMID {row.get('PMID')})", _pubmed_csv_draft(row)
    except csv.Error as error:
        raise ParseError(f"{name}: line {reader.line_num}: {error}.") from None


def _pubmed_csv_draft(row: dict[str, str]) -> Draft:
    cited = _CITATION.match(row.get("Citation", ""))
    parts = cited.groupdict() if cited else {}
    return {
        "title": row.get("Title"),
        "authors": [author.strip(" .") for author in row.get("Authors", "").split(",")],
        "journal": row.get("Journal/Book"),
        "journal_abbreviation": parts.get("journal"),
        "volume": parts.get("volume"),
        "issue": parts.get("issue"),
        "pages": parts.get("pages"),
        "dates": [parts.get("date") or "", row.get("Publication Year", "")],
        "pmid": row.get("PMID"),
        "pmcid": row.get("PMCID"),
        "doi": row.get("DOI"),
    }
