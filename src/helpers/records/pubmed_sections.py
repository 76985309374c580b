"""One PubMed record read section by section from its bytes, without a tree of the whole.

The bytes are walked tag by tag at the levels of MedlineCitation, Article and PubmedData; sections that no
column needs are stepped over. Sections that repeat from record to record (journal, dates, publication types)
are read once and remembered; plain text and regular lists are taken by patterns that must account for every
entry. What does not fit exactly goes to lxml and the functions of `pubmed_rows`: a section where that
suffices, else the whole record. Both ways give the same row (tested over all real and synthetic records).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from helpers.records.pubmed_elements import xml_parser
from helpers.records.pubmed_readers import ARTICLE, CITATION, PUBMED_DATA, Reader, Row
from helpers.records.pubmed_rows import PubmedRecord, finish_record, read_article_child, read_child
from helpers.records.pubmed_text import NeedsTree, Unusual

_CHILD = re.compile(rb"\s*<(\w+)((?:\s[^<>]*)?)>")
_HEAD = re.compile(rb"<PubmedArticle>\s*<MedlineCitation(?:\s[^<>]*)?>")
_DATA = re.compile(rb"\s*<PubmedData>")
_TAIL = re.compile(rb"\s*</PubmedArticle>")
_HEADING = re.compile(rb'<MeshHeading>\s*<DescriptorName UI="(D\d+)"(?:\s[^<>]*)?>([^<&|]+)</DescriptorName>')
_CLOSING = {name: b"</%s>" % name for name in [*CITATION, *ARTICLE, *PUBMED_DATA]}
_CITATION_END, _ARTICLE_END, _DATA_END = (
    re.compile(rb"\s*</%s>" % name) for name in (b"MedlineCitation", b"Article", b"PubmedData")
)
_parser = xml_parser()


def read_sections(raw: bytes) -> PubmedRecord | None:
    """Record of a PubmedArticle's bytes; None if it does not fit and must be read as a tree.

    `raw` holds no comment, CDATA or instruction that could be taken for a tag.
    """
    row: Row = {"pmid": None, "note": None}
    found: Row = {}
    try:
        position = _enter(_HEAD, raw, 0)
        position = _walk(raw, position, _CITATION_END, CITATION, row, found)
        if data := _DATA.match(raw, position):
            position = _walk(raw, data.end(), _DATA_END, PUBMED_DATA, row, found)
        if _enter(_TAIL, raw, position) != len(raw):
            return None
    except (Unusual, UnicodeDecodeError, etree.XMLSyntaxError):
        return None
    return finish_record(row, found) if row["pmid"] else None


def _enter(pattern: re.Pattern[bytes], raw: bytes, position: int) -> int:
    match = pattern.match(raw, position)
    if not match:
        raise Unusual
    return match.end()


def _walk(
    raw: bytes, position: int, end: re.Pattern[bytes], readers: Mapping[bytes, Reader], row: Row, found: Row
) -> int:
    """Position behind the element whose children begin at `position`; each child goes to its reader."""
    while match := _CHILD.match(raw, position):
        name, attributes = match.groups()
        start = match.end()
        if name == b"Article":
            position = _walk(raw, start, _ARTICLE_END, ARTICLE, row, found)
            continue
        closing = _CLOSING.get(name) or b"</%s>" % name
        # References nest and come last.
        stop = raw.rfind(closing) if name == b"ReferenceList" else raw.find(closing, start)
        if stop < start or attributes.endswith(b"/"):
            raise Unusual
        position = stop + len(closing)
        reader = readers.get(name)
        try:
            taken = reader is None or reader(raw[start:stop], attributes, row, found)
        except NeedsTree:
            taken = False
        if not taken:
            element = etree.fromstring(raw[match.start() : position].lstrip(), _parser)
            (read_article_child if readers is ARTICLE else read_child)(element, row, found)
    return _enter(end, raw, position)
