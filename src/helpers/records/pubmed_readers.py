"""Readers of single sections of a PubMed record: bytes to the values `pubmed_rows` makes a record from.

A reader takes a section's content and attributes, puts what it reads into `row` or `found`, and returns True;
it returns False, or raises NeedsTree, for a section that does not fit its pattern exactly. Unusual is raised
where the whole record had better be read as a tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from lxml import etree

from helpers.records import pubmed_fields as read
from helpers.records.pubmed_elements import xml_parser
from helpers.records.pubmed_rows import read_article_child, read_child
from helpers.records.pubmed_text import ENTITY, NeedsTree, character, flat_text_from, text_from

Row = dict[str, Any]
Reader = Callable[[bytes, bytes, Row, Row], bool]  # content, attributes, row, found; False: ask lxml

_VERSION = re.compile(rb'\sVersion="(\d{1,3})"')
_ABSTRACT_PART = re.compile(rb'\s*<AbstractText((?:\s\w+="[^"<>&]*")*)\s*>')
_OTHER = re.compile(rb'\sType="([\w-]+)" Language="(\w+)"')
_ABSTRACT_END = re.compile(rb"\s*(?:<CopyrightInformation>[^<]*</CopyrightInformation>\s*)?")
_LABEL = re.compile(rb'\sLabel="([^"]*)"')
_AUTHOR = re.compile(
    rb'<Author(?: ValidYN="Y")?(?: EqualContrib="[YN]")?>\s*'
    rb"(?:<CollectiveName(?:\s[^<>]*)?>([^<|]+)</CollectiveName>\s*|<LastName>([^<|]+)</LastName>\s*"
    rb"(?:<ForeName>([^<|]+)</ForeName>\s*)?(?:<Initials>([^<|]+)</Initials>\s*)?"
    rb"(?:<Suffix>([^<|]+)</Suffix>\s*)?)(?=</Author>|<AffiliationInfo>|<Identifier[ >]|<Affiliation>)"
)
_HEADING = re.compile(rb'<MeshHeading>\s*<DescriptorName UI="(D\d+)"(?:\s[^<>]*)?>([^<&|]+)</DescriptorName>')
_OWNER = re.compile(rb'\sOwner="(\w+)"')
_KEYWORD = re.compile(rb"<Keyword(?:\s[^<>]*)?>([^<]*)</Keyword>")
_ARTICLE_ID = re.compile(rb'<ArticleId IdType="(\w+)">([^<&]*)</ArticleId>')
LINK = re.compile(rb'<CommentsCorrections RefType="(\w+)"')
_LOCATION = re.compile(rb'\sEIdType="(\w+)"(?:\sValidYN="([YN])")?')
_PAGES = re.compile(rb"<MedlinePgn>([^<]+)</MedlinePgn>")
_ISSUE = re.compile(
    rb"(\s*(?:<ISSN [^<>]*>[^<]*</ISSN>)?\s*)<JournalIssue[^<>]*>\s*(?:<Volume>([^<]+)</Volume>\s*)?"
    rb"(?:<Issue>([^<]+)</Issue>\s*)?<PubDate>((?:(?!</PubDate>).)*)</PubDate>\s*</JournalIssue>(.*)",
    re.DOTALL,
)
_parser = xml_parser()


def _by_lxml(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    return False


def _pmid(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    version = _VERSION.fullmatch(attributes)
    if not version or not raw.isdigit() or raw[:1] == b"0" or len(raw) > 9:
        return False
    row["pmid"], found["version"] = raw.decode(), int(version[1])
    return True


def _title(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    row["title"] = read.real_title(flat_text_from(raw))
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
        if stop < 0:
            raise NeedsTree
        position = stop + len(b"</AbstractText>")
        if text := flat_text_from(raw[match.end() : stop]):
            label = _LABEL.search(match[1]) if match[1] else None
            parts.append(read.labelled(text, label[1].decode()) if label else text)
    end = _ABSTRACT_END.match(raw, position)
    if not end or end.end() != len(raw):
        raise NeedsTree
    return "\n".join(parts) or None


def _authors(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    names = _AUTHOR.findall(raw)
    if b"Type=" in attributes or len(names) != raw.count(b"<Author>") + raw.count(b"<Author "):
        return False
    listed = b"|".join(
        group or b", ".join(part for part in (last, given or initials, suffix) if part)
        for group, last, given, initials, suffix in names
    ).decode()
    if not listed.isprintable() or "  " in listed or " ," in listed or ",  " in listed:
        return False
    authors = [name.strip() for name in listed.split("|")] if listed else []
    if "&" in listed:
        authors = [read.squeeze(ENTITY.sub(character, name)) or "" for name in authors]
        authors = [name.replace("|", "/") for name in authors]
    found["authors"] = authors
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
    texts = [f"{text}{mark}" for word in words if (text := text_from(word))]
    found.setdefault("keywords", []).extend(texts)
    return True


def _ids(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    pairs = _ARTICLE_ID.findall(raw)
    if len(pairs) != raw.count(b"<ArticleId"):
        return False
    found["ids"] = read.valid_ids((kind.decode(), text.decode()) for kind, text in pairs)
    return True


def _links(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    links = LINK.findall(raw)
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
    pages = text_from(match[1]) if match else None
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
        row["volume"] = text_from(volume)
    if issue:
        row["issue"] = text_from(issue)
    named, numbered = journal_names(issn + names)
    row.update(named)
    found.update(numbered)
    found["issue_date"] = date_from(date)
    return True


@lru_cache(65536)
def journal_names(raw: bytes) -> tuple[Row, Row]:
    """Columns and ISSN of a Journal element without its issue."""
    row: Row = {}
    found: Row = {}
    read_article_child(etree.fromstring(b"<Journal>%s</Journal>" % raw, _parser), row, found)
    return row, found


def _journal_info(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    info = journal_numbers(raw)
    own = row.get("journal_abbreviation")
    row.update(info)
    if own:
        row["journal_abbreviation"] = own
    return True


@lru_cache(65536)
def journal_numbers(raw: bytes) -> Row:
    """Columns of the content of a MedlineJournalInfo element."""
    row: Row = {}
    read_child(etree.fromstring(b"<MedlineJournalInfo>%s</MedlineJournalInfo>" % raw, _parser), row, {})
    return row


@lru_cache(65536)
def date_from(raw: bytes) -> str | None:
    """ISO date of the content of a PubDate, ArticleDate or DateRevised."""
    return read.date_in(etree.fromstring(b"<Date>%s</Date>" % raw, _parser))


def _electronic(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    found["electronic"] = read.earlier(found.get("electronic"), date_from(raw))
    return True


def _revised(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    found["revised"] = date_from(raw)
    return True


def _types(raw: bytes, attributes: bytes, row: Row, found: Row) -> bool:
    found["types"] = type_list(raw)
    return True


@lru_cache(4096)
def type_list(raw: bytes) -> tuple[tuple[str | None, str | None], ...]:
    """(name, id) of each entry of the content of a PublicationTypeList."""
    found: Row = {}
    element = etree.fromstring(b"<PublicationTypeList>%s</PublicationTypeList>" % raw, _parser)
    read_article_child(element, {}, found)
    return tuple(found["types"])


CITATION: dict[bytes, Reader] = {
    b"PMID": _pmid,
    b"DateRevised": _revised,
    b"MedlineJournalInfo": _journal_info,
    b"MeshHeadingList": _mesh,
    b"KeywordList": _keywords,
    b"CommentsCorrectionsList": _links,
    b"OtherAbstract": _other_abstract,
    b"OtherID": _other_id,
}
ARTICLE: dict[bytes, Reader] = {
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
PUBMED_DATA: dict[bytes, Reader] = {b"ArticleIdList": _ids}
