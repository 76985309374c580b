"""One PubMed record read section by section from its bytes, without a tree of the whole.

The bytes are walked tag by tag at the levels of MedlineCitation, Article and PubmedData; sections that no
column needs are stepped over. Sections that repeat from record to record (journal, dates, publication types)
are read once and remembered; plain text and regular lists are taken by patterns that must account for every
entry. What does not fit exactly goes to lxml and the functions of `pubmed_rows`: a section where that
suffices, else the whole record. Both ways give the same row (tested over all real and synthetic records).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from lxml import etree

from helpers.records import pubmed_fields as read
from helpers.records.pubmed_elements import xml_parser
from helpers.records.pubmed_rows import PubmedRecord, finish_record, read_article_child, read_child

Row = dict[str, Any]
Reader = Callable[[bytes, bytes, Row, Row], bool]  # content, attributes, row, found; False: ask lxml

_CHILD = re.compile(rb"\s*<(\w+)((?:\s[^<>]*)?)>")
_HEAD = re.compile(rb"<PubmedArticle>\s*<MedlineCitation(?:\s[^<>]*)?>")
_DATA = re.compile(rb"\s*<PubmedData>")
_TAIL = re.compile(rb"\s*</PubmedArticle>")
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));|&")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_VERSION = re.compile(rb'\sVersion="(\d{1,3})"')
_ABSTRACT_PART = re.compile(rb'\s*<AbstractText((?:\s\w+="[^"<>&]*")*)\s*>')
_OTHER = re.compile(rb'\sType="([\w-]+)" Language="(\w+)"')
_INLINE = tuple((b"<%s>" % tag, b"</%s>" % tag) for tag in (b"i", b"b", b"u", b"sub"))
_RAISED = re.compile(rb"<sup>([^<&]*)</sup>")
_ABSTRACT_END = re.compile(rb"\s*(?:<CopyrightInformation>[^<]*</CopyrightInformation>\s*)?")
_LABEL = re.compile(rb'\sLabel="([^"]*)"')
_AUTHOR = re.compile(
    rb'<Author(?: ValidYN="Y")?(?: EqualContrib="[YN]")?>\s*<LastName>([^<&|]+)</LastName>\s*'
    rb"(?:<ForeName>([^<&|]+)</ForeName>\s*)?(?:<Initials>([^<&|]+)</Initials>\s*)?"
    rb"(?=</Author>|<AffiliationInfo>|<Identifier[ >]|<Affiliation>)"
)
_HEADING = re.compile(rb'<MeshHeading>\s*<DescriptorName UI="(D\d+)"(?:\s[^<>]*)?>([^<&|]+)</DescriptorName>')
_OWNER = re.compile(rb'\sOwner="(\w+)"')
_KEYWORD = re.compile(rb"<Keyword(?:\s[^<>]*)?>([^<]*)</Keyword>")
_ARTICLE_ID = re.compile(rb'<ArticleId IdType="(\w+)">([^<&]*)</ArticleId>')
_LINK = re.compile(rb'<CommentsCorrections RefType="(\w+)"')
_LOCATION = re.compile(rb'\sEIdType="(\w+)"(?:\sValidYN="([YN])")?')
_PAGES = re.compile(rb"<MedlinePgn>([^<]+)</MedlinePgn>")
_ISSUE = re.compile(
    rb"(\s*(?:<ISSN [^<>]*>[^<]*</ISSN>)?\s*)<JournalIssue[^<>]*>\s*(?:<Volume>([^<]+)</Volume>\s*)?"
    rb"(?:<Issue>([^<]+)</Issue>\s*)?<PubDate>((?:(?!</PubDate>).)*)</PubDate>\s*</JournalIssue>(.*)",
    re.DOTALL,
)
_SPACED = ("  ", " |", "| ", " ,")
_parser = xml_parser()


class _Unusual(Exception):
    """The record does not fit: lxml reads it whole."""


class _NeedsTree(Exception):
    """The section does not fit: lxml reads it."""


def read_sections(raw: bytes) -> PubmedRecord | None:
    """Record of a PubmedArticle's bytes; None if it does not fit and must be read as a tree.

    `raw` holds no comment, CDATA or instruction that could be taken for a tag.
    """
    row: Row = {"pmid": None, "note": None}
    found: Row = {}
    try:
        position = _enter(_HEAD, raw, 0)
        position = _walk(raw, position, _CITATION_END, _CITATION, row, found)
        if data := _DATA.match(raw, position):
            position = _walk(raw, data.end(), _DATA_END, _PUBMED_DATA, row, found)
        if _enter(_TAIL, raw, position) != len(raw):
            return None
    except (_Unusual, UnicodeDecodeError, etree.XMLSyntaxError):
        return None
    return finish_record(row, found) if row["pmid"] else None


def _enter(pattern: re.Pattern[bytes], raw: bytes, position: int) -> int:
    match = pattern.match(raw, position)
    if not match:
        raise _Unusual
    return match.end()


def _walk(
    raw: bytes, position: int, end: re.Pattern[bytes], readers: Mapping[bytes, Reader], row: Row, found: Row
) -> int:
    """Position behind the element whose children begin at `position`; each child goes to its reader."""
    while match := _CHILD.match(raw, position):
        name, attributes = match.groups()
        start = match.end()
        if name == b"Article":
            position = _walk(raw, start, _ARTICLE_END, _ARTICLE, row, found)
            continue
        closing = _CLOSING.get(name) or b"</%s>" % name
        # References nest and come last.
        stop = raw.rfind(closing) if name == b"ReferenceList" else raw.find(closing, start)
        if stop < start or attributes.endswith(b"/"):
            raise _Unusual
        position = stop + len(closing)
        reader = readers.get(name)
        try:
            taken = reader is None or reader(raw[start:stop], attributes, row, found)
        except _NeedsTree:
            taken = False
        if not taken:
            element = etree.fromstring(raw[match.start() : position].lstrip(), _parser)
            (read_article_child if readers is _ARTICLE else read_child)(element, row, found)
    return _enter(end, raw, position)


def _text(raw: bytes) -> str | None:
    """Character data as `pubmed_fields.squeeze` leaves it."""
    text = raw.decode()
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    if text.isprintable() and "  " not in text:
        return text.strip() or None
    if _ILLEGAL.search(text):
        raise _Unusual
    return " ".join(text.split()) or None


def _character(match: re.Match[str]) -> str:
    named, decimal, hexadecimal = match.groups()
    if named:
        return _NAMED[named]
    if not decimal and not hexadecimal:
        raise _Unusual
    number = int(decimal) if decimal else int(hexadecimal, 16)
    if number > 0x10FFFF or _ILLEGAL.match(chr(number)):
        raise _Unusual
    return chr(number)


def _flat(raw: bytes) -> str | None:
    """Text with simple inline markup as `pubmed_fields.text_of` flattens it."""
    if b"<" in raw:
        for opening, closing in _INLINE:
            if opening in raw:
                if raw.count(opening) != raw.count(closing):
                    raise _Unusual
                raw = raw.replace(opening, b"").replace(closing, b"")
            if b"<" not in raw:
                break
        else:
            raw = _RAISED.sub(_raised, raw)
            if b"<" in raw:
                raise _NeedsTree
    return _text(raw)


def _raised(match: re.Match[bytes]) -> bytes:
    before, inner = match.string[max(match.start() - 1, 0) : match.start()], match[1]
    if before in (b">", b";"):  # what it reads as is not known here
        raise _NeedsTree
    return b"^" + inner.strip() if before.isdigit() and read.POWER.fullmatch(inner.decode()) else inner


def _by_lxml(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    return False


def _pmid(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    version = _VERSION.fullmatch(attributes)
    if not version or not raw.isdigit() or raw[:1] == b"0" or len(raw) > 9:
        return False
    row["pmid"], found["version"] = raw.decode(), int(version[1])
    return True


def _title(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    row["title"] = read.real_title(_flat(raw))
    return True


def _abstract(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    row["abstract"] = _abstract_text(raw)
    return True


def _other_abstract(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    stated = _OTHER.fullmatch(attributes)
    if not stated:
        return False
    if text := _abstract_text(raw):
        found.setdefault("other_abstracts", []).append((stated[2].decode(), stated[1].decode(), text))
    return True


def _abstract_text(raw: bytes) -> str | None:
    parts, position = [], 0
    while match := _ABSTRACT_PART.match(raw, position):
        stop = raw.find(b"</AbstractText>", match.end())
        position = stop + len(b"</AbstractText>")
        if text := _flat(raw[match.end() : stop]):
            label = _LABEL.search(match[1]) if match[1] else None
            parts.append(read.labelled(text, label[1].decode()) if label else text)
    end = _ABSTRACT_END.match(raw, position)
    if not end or end.end() != len(raw):
        raise _NeedsTree
    return "\n".join(parts) or None


def _authors(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    names = _AUTHOR.findall(raw)
    if b"Type=" in attributes or len(names) != raw.count(b"<Author>") + raw.count(b"<Author "):
        return False
    listed = b"|".join(
        b"%s, %s" % (last, given or initials) if given or initials else last
        for last, given, initials in names
    ).decode()
    if not listed.isprintable() or listed != listed.strip() or any(s in listed for s in _SPACED):
        return False
    found["authors"] = listed.split("|") if listed else []
    return True


def _mesh(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    headings = _HEADING.findall(raw)
    if len(headings) != raw.count(b"<MeshHeading") or not headings:
        return False
    ids, names = zip(*headings, strict=True)
    listed = b"|".join(names).decode()
    if not listed.isprintable() or len(set(names)) < len(names) or " |" in listed or "| " in listed:
        return False
    row["mesh"], row["mesh_ui"] = listed.strip(), b"|".join(ids).decode()
    return True


def _keywords(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    owner = _OWNER.fullmatch(attributes)
    words = _KEYWORD.findall(raw)
    if not owner or len(words) != raw.count(b"<Keyword"):
        return False
    mark = "" if owner[1] == b"NOTNLM" else f" [{owner[1].decode()}]"
    texts = [f"{text}{mark}" for word in words if (text := _text(word))]
    found.setdefault("keywords", []).extend(texts)
    return True


def _ids(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    pairs = _ARTICLE_ID.findall(raw)
    if len(pairs) != raw.count(b"<ArticleId"):
        return False
    found["ids"] = read.valid_ids((kind.decode(), text.decode()) for kind, text in pairs)
    return True


def _links(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    links = _LINK.findall(raw)
    if len(links) != raw.count(b"<CommentsCorrections"):
        return False
    found.setdefault("links", []).extend(link.decode() for link in links)
    return True


def _location(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    match = _LOCATION.fullmatch(attributes)
    if not match or b"&" in raw or b"<" in raw:
        return False
    if match[2] != b"N":
        found.setdefault(match[1].decode(), raw.decode())
    return True


def _language(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    if not raw.isalpha():
        return False
    found.setdefault("language", []).append(raw.decode())
    return True


def _pages(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    match = _PAGES.search(raw)
    pages = _text(match[1]) if match else None
    if pages:
        row["pages"] = pages
    return pages is not None


def _other_id(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    return b"NLM" not in attributes


def _journal(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    match = _ISSUE.fullmatch(raw)
    if not match:
        return False
    issn, volume, issue, date, names = match.groups()
    if volume:
        row["volume"] = _text(volume)
    if issue:
        row["issue"] = _text(issue)
    named, numbered = _journal_names(issn + names)
    row.update(named)
    found.update(numbered)
    found["issue_date"] = _date(date)
    return True


@lru_cache(65536)
def _journal_names(raw: bytes) -> tuple[Row, Row]:
    """Columns and ISSN of a Journal element without its issue."""
    row: Row = {}
    found: Row = {}
    read_article_child(etree.fromstring(b"<Journal>%s</Journal>" % raw, _parser), row, found)
    return row, found


def _journal_info(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    info = _journal_numbers(raw)
    own = row.get("journal_abbreviation")
    row.update(info)
    if own:
        row["journal_abbreviation"] = own
    return True


@lru_cache(65536)
def _journal_numbers(raw: bytes) -> Row:
    row: Row = {}
    read_child(etree.fromstring(b"<MedlineJournalInfo>%s</MedlineJournalInfo>" % raw, _parser), row, {})
    return row


@lru_cache(65536)
def _date(raw: bytes) -> str | None:
    return read.date_in(etree.fromstring(b"<Date>%s</Date>" % raw, _parser))


def _electronic(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    found["electronic"] = read.earlier(found.get("electronic"), _date(raw))
    return True


def _revised(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    found["revised"] = _date(raw)
    return True


def _types(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    found["types"] = _type_list(raw)
    return True


@lru_cache(4096)
def _type_list(raw: bytes) -> tuple[tuple[str | None, str | None], ...]:
    found: Row = {}
    element = etree.fromstring(b"<PublicationTypeList>%s</PublicationTypeList>" % raw, _parser)
    read_article_child(element, {}, found)
    return tuple(found["types"])


_CITATION: dict[bytes, Reader] = {
    b"PMID": _pmid,
    b"DateRevised": _revised,
    b"MedlineJournalInfo": _journal_info,
    b"MeshHeadingList": _mesh,
    b"KeywordList": _keywords,
    b"CommentsCorrectionsList": _links,
    b"OtherAbstract": _other_abstract,
    b"OtherID": _other_id,
}
_ARTICLE: dict[bytes, Reader] = {
    b"Journal": _journal,
    b"ArticleTitle": _title,
    b"Abstract": _abstract,
    b"AuthorList": _authors,
    b"Pagination": _pages,
    b"ELocationID": _location,
    b"Language": _language,
    b"PublicationTypeList": _types,
    b"VernacularTitle": _by_lxml,
    b"ArticleDate": _electronic,
}
_PUBMED_DATA: dict[bytes, Reader] = {b"ArticleIdList": _ids}
_CLOSING = {name: b"</%s>" % name for name in [*_CITATION, *_ARTICLE, *_PUBMED_DATA]}
_CITATION_END, _ARTICLE_END, _DATA_END = (
    re.compile(rb"\s*</%s>" % name) for name in (b"MedlineCitation", b"Article", b"PubmedData")
)
