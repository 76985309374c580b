"""Entries of tagged exports, as drafts: RIS, EndNote (%A), RefWorks, NoteExpress and CNKI E-Study.

RIS entries are read by rispy one at a time, so that a broken one is named by its line and loses no other.
The tags of the four others, which the Chinese databases write, were taken from exports of CNKI and Wanfang.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import rispy

from helpers.records.exports import Draft, Entry, is_book, publication_type

_ENDNOTE = {
    "0": "types", "A": "authors", "T": "title", "Q": "translated_title", "J": "journal", "B": "journal",
    "D": "dates", "8": "dates", "V": "volume", "N": "issue", "P": "pages", "K": "keywords",
    "X": "abstract", "@": "issn", "R": "doi", "G": "languages", "M": "accession", "U": "urls",
    "O": "journal_abbreviation", "W": "database", "~": "database",
}  # fmt: skip
_REFWORKS = {
    "RT": "types", "A1": "authors", "T1": "title", "JF": "journal", "JO": "journal_abbreviation",
    "YR": "dates", "FD": "dates", "VO": "volume", "IS": "issue", "OP": "pages", "SP": "pages",
    "K1": "keywords", "AB": "abstract", "SN": "issn", "LA": "languages", "DO": "doi", "LK": "urls",
    "AN": "accession", "TT": "translated_title", "DS": "database", "DB": "database",
}  # fmt: skip
_NOTEEXPRESS = {
    "reference type": "types", "title": "title", "translated title": "translated_title",
    "author": "authors", "journal": "journal", "source": "journal", "year": "dates", "date": "dates",
    "volume": "volume", "issue": "issue", "pages": "pages", "keywords": "keywords",
    "abstract": "abstract", "isbn/issn": "issn", "issn": "issn", "doi": "doi", "url": "urls",
    "language": "languages", "accession number": "accession", "database provider": "database",
}  # fmt: skip
_ESTUDY = {
    "title": "title", "author": "authors", "source": "journal", "year": "dates", "pubtime": "dates",
    "keyword": "keywords", "summary": "abstract", "roll": "volume", "volume": "volume",
    "period": "issue", "page": "pages", "link": "urls", "doi": "doi", "issn": "issn",
}  # fmt: skip
_LISTS = ("authors", "keywords", "types", "languages", "dates")


def iter_ris(text: str, name: str) -> Iterator[Entry]:
    """Entries of a RIS file, each from its TY line; one without ER is read to the next TY."""
    if not re.search(r"^TY  -", text, re.MULTILINE):  # some exports write one space for two
        text = re.sub(r"^([A-Z][A-Z0-9]) ?- ?", r"\1  - ", text, flags=re.MULTILINE)
    for line, block in _blocks(text, re.compile(r"TY  -")):
        place = f"line {line}"
        if block is None:
            yield place, "stands outside any entry (no TY line before it)"
            continue
        entries = rispy.loads("\n".join([*block, "ER  - "]), enforce_list_tags=False)
        after = [text for text in _after_end(block) if text.strip()]
        yield place, _ris_draft(entries[0])
        if after:
            yield place, f"has text after its ER line that was not read: {after[0][:60]!r}"


def _after_end(block: list[str]) -> list[str]:
    ends = [number for number, line in enumerate(block) if line.startswith("ER  -")]
    return block[ends[0] + 1 :] if ends else []


def _ris_draft(entry: Mapping[str, Any]) -> Draft:
    def one(*names: str) -> str | None:
        for name in names:
            value = entry.get(name)
            if value:
                return str(value[0] if isinstance(value, list) else value)
        return None

    unknown = entry.get("unknown_tag") or {}
    pages = "-".join(part for part in (one("start_page"), one("end_page")) if part)
    kinds = [publication_type(one("type_of_reference")), publication_type(one("type_of_work"))]
    types = [kind for kind in kinds if kind]
    issn = entry.get("issn")
    return _finish(
        {
            "types": types,
            "authors": re.split(
                r"\s*[;；]\s*",
                ";".join([*(entry.get("authors") or []), *(entry.get("first_authors") or [])]),
            ),
            "title": one("title", "primary_title"),
            "translated_title": one("translated_title"),
            "journal": one("journal_name", "alternate_title3", "secondary_title", "alternate_title2"),
            "journal_abbreviation": one("alternate_title1", "alternate_title2"),
            "volume": one("volume"),
            "issue": one("number"),
            "pages": pages or one("section"),
            "dates": [one("date") or "", one("publication_year") or "", one("year") or ""],
            "keywords": entry.get("keywords") or [],
            "abstract": one("abstract", "notes_abstract"),
            "issn": " ".join(issn) if isinstance(issn, list) else issn,
            "doi": one("doi"),
            "languages": [one("language") or ""],
            "accession": one("accession_number"),
            "database": one("name_of_database", "database_provider"),
            "urls": " ".join(entry.get("urls") or []),
            "pmcid": " ".join(unknown.get("C2", [])) or one("custom2"),
        }
    )


def iter_endnote(text: str, name: str) -> Iterator[Entry]:
    """Entries of an EndNote tagged file (.enw), each from its %0 line, else from a blank line."""
    # CNKI sometimes puts several authors into one line.
    text = re.sub(r"[ \t]+(?=%A \S)", "\n", text)
    start = re.compile(r"%0 ") if re.search(r"^%0 ", text, re.MULTILINE) else re.compile(r"%[AT] ")
    yield from _tagged(text, start, re.compile(r"%(.) ?(.*)"), _ENDNOTE, blank_ends=start.pattern != "%0 ")


def iter_refworks(text: str, name: str) -> Iterator[Entry]:
    """Entries of a RefWorks tagged file, each from its RT line."""
    yield from _tagged(text, re.compile(r"RT "), re.compile(r"([A-Za-z][A-Za-z0-9]) +(.*)"), _REFWORKS)


def iter_noteexpress(text: str, name: str) -> Iterator[Entry]:
    """Entries of a NoteExpress file, each from its {Reference Type} line."""
    yield from _tagged(
        text, re.compile(r"\{Reference Type\}"), re.compile(r"\{([^{}]+)\}\s*:\s*(.*)"), _NOTEEXPRESS
    )


def iter_estudy(text: str, name: str) -> Iterator[Entry]:
    """Entries of a CNKI E-Study file, each from its DataType line."""
    start = re.compile(r"DataType\s*:" if re.search(r"^DataType\s*:", text, re.MULTILINE) else r"Title-题名")
    yield from _tagged(text, start, re.compile(r"([A-Za-z]+)(?:-[^:：]+)?[:：] ?(.*)"), _ESTUDY)


def _blocks(
    text: str, start: re.Pattern[str], *, blank_ends: bool = False
) -> Iterator[tuple[int, list[str] | None]]:
    """(line number, lines) of each entry; (line number, None) for each stretch of text outside."""
    block: list[str] | None = None
    opened, outside = 0, False
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.lstrip()
        if start.match(bare) and (block is None or not blank_ends):
            if block is not None:
                yield opened, block
            block, opened, outside = [bare], number, False
        elif block is None:
            if bare and not outside:
                yield number, None
                outside = True
        elif blank_ends and not bare:
            yield opened, block
            block = None
        else:
            block.append(line)
    if block is not None:
        yield opened, block


def _tagged(
    text: str,
    start: re.Pattern[str],
    line_pattern: re.Pattern[str],
    names: Mapping[str, str],
    *,
    blank_ends: bool = False,
) -> Iterator[Entry]:
    for line, block in _blocks(text, start, blank_ends=blank_ends):
        if block is None:
            yield f"line {line}", "stands outside any entry"
            continue
        values: dict[str, list[str]] = defaultdict(list)
        current = ""
        for row in block:
            found = line_pattern.fullmatch(row.strip())
            if found and (
                known := names.get(found[1]) or names.get(found[1].upper()) or names.get(found[1].casefold())
            ):
                current = known
                values[current].append(found[2].strip())
            elif found and (start.match(row) or _is_tag(found[1])):
                current = ""
            elif current and row.strip():
                values[current][-1] += f" {row.strip()}"
        yield f"line {line}", _draft(values)


def _is_tag(text: str) -> bool:
    """Whether an unlisted tag is a tag at all, and not the start of a wrapped line of text."""
    return len(text) == 1 or text.isupper() or (text[:1].isupper() and text.replace(" ", "").isalpha())


def _draft(values: Mapping[str, list[str]]) -> Draft:
    draft: Draft = {}
    for name, found in values.items():
        if name in _LISTS:
            draft[name] = [
                item.strip() for text in found for item in re.split(r"[;；]", text) if item.strip()
            ]
        elif name in ("issn", "urls"):
            draft[name] = " ".join(found)
        else:
            draft[name] = next((text for text in found if text), None)
    draft["types"] = [kind for item in draft.get("types", []) if (kind := publication_type(item))]
    return _finish(draft)


def _finish(draft: Draft) -> Draft:
    """The draft with translated titles, one line of keywords and ids hidden in links in their places."""
    if translated := draft.pop("translated_title", None):
        draft["vernacular_title"], draft["title"] = draft.get("title"), translated
    keywords = draft.get("keywords", [])
    if len(keywords) == 1:
        draft["keywords"] = re.split(r"\s*[;；,，]\s*", keywords[0])
    hidden = {name: draft.pop(name, None) or "" for name in ("urls", "accession", "database")}
    if not draft.get("doi"):
        linked = re.search(r"doi(?:\.org)?/(10\.\S+)", hidden["urls"])
        draft["doi"] = linked.group(1) if linked else None
    # A bare accession number is a PMID only where the database is PubMed; other databases number too.
    nlm = re.search(r"pubmed|medline|\bnlm\b", hidden["database"], re.IGNORECASE)
    number = r"(?:PMID:?\s*)?(\d{1,8})" if nlm else r"PMID:?\s*(\d{1,8})"
    linked = re.search(r"pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(\d+)", hidden["urls"])
    if pmid := linked or re.fullmatch(number, hidden["accession"], re.IGNORECASE):
        draft["pmid"] = pmid.group(1)
    draft["book"] = is_book(draft["types"])
    if draft["book"]:
        draft["issn"] = None
    return draft
