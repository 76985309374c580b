"""Regular PubMed records straight from bytes to the text of their columns, in compiled code.

`take_records` walks the bytes of records tag by tag and writes what each column needs, one text after the other,
into an arena; it stops before the first record that does not fit exactly, for another reader to take. What it
accepts it reads as `pubmed_rows` reads it from a tree (tested over all real and synthetic records).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from helpers.records import pubmed_bytes, pubmed_copy, pubmed_lanes, pubmed_lists, pubmed_skip, pubmed_values
from helpers.records.pubmed_bytes import (
    Bytes,
    after,
    at,
    compiled,
    entry,
    inlined,
    is_blank,
    opened,
    skip_blank,
    tag_end,
)
from helpers.records.pubmed_lanes import LANES, copy_ascii
from helpers.records.pubmed_lists import (
    only_cites,
    read_abstract,
    read_authors,
    read_headings,
    read_keywords,
    read_other_abstract,
)
from helpers.records.pubmed_skip import (
    copy_bytes,
    copy_elements,
    references_end,
    section_end,
)
from helpers.records.pubmed_values import (
    ABSTRACT,
    AUTHORS,
    DOI,
    ELECTRONIC,
    INFO,
    JOURNAL,
    KEYWORDS,
    LANGUAGE,
    LINKS,
    MESH,
    MESH_UI,
    OTHER_ABSTRACTS,
    OTHER_PMCID,
    PAGES,
    PLACE_DOI,
    PMID,
    REVISED,
    TITLE,
    TYPES,
    VERNACULAR,
    Spans,
    keep,
    read_ids,
    read_journal,
    read_language,
    read_location,
    read_other_id,
    read_pages,
    read_pmid,
    read_title,
)

LARGEST = 1 << 20  # longer records are left to others, so that an arena with so much room suffices
_ARTICLE, _REFERENCES, _UNREAD = 25, 26, 27
_CITATION, _IN_ARTICLE, _DATA = 0, 1, 2
_TAGS = (
    (b"PMID", PMID, _CITATION), (b"Article", _ARTICLE, _CITATION), (b"DateRevised", REVISED, _CITATION),
    (b"MedlineJournalInfo", INFO, _CITATION), (b"MeshHeadingList", MESH, _CITATION),
    (b"KeywordList", KEYWORDS, _CITATION), (b"CommentsCorrectionsList", LINKS, _CITATION),
    (b"OtherAbstract", OTHER_ABSTRACTS, _CITATION), (b"OtherID", OTHER_PMCID, _CITATION),
    (b"Journal", JOURNAL, _IN_ARTICLE), (b"ArticleTitle", TITLE, _IN_ARTICLE),
    (b"Abstract", ABSTRACT, _IN_ARTICLE), (b"AuthorList", AUTHORS, _IN_ARTICLE),
    (b"Pagination", PAGES, _IN_ARTICLE), (b"ELocationID", PLACE_DOI, _IN_ARTICLE),
    (b"Language", LANGUAGE, _IN_ARTICLE), (b"PublicationTypeList", TYPES, _IN_ARTICLE),
    (b"VernacularTitle", VERNACULAR, _IN_ARTICLE), (b"ArticleDate", ELECTRONIC, _IN_ARTICLE),
    (b"ArticleIdList", DOI, _DATA), (b"ReferenceList", _REFERENCES, _DATA),
)  # fmt: skip


@compiled
def _tag(buf: Bytes, pos: int, end: int, level: int) -> int:
    """What the section is whose name stands there; names the walk does not know at this level go unread."""
    for name, code, where in _TAGS:
        if level == where and end - pos == len(name) and at(buf, pos, end, name):
            return code
    return _UNREAD


@inlined
def _text(buf: Bytes, code: int, start: int, stop: int, out: Bytes, k: int) -> int:
    """Position behind the text that a section gives its column; -1 if it is unusual."""
    if code in (TITLE, VERNACULAR):
        return read_title(buf, start, stop, out, k)
    if code == ABSTRACT:
        return read_abstract(buf, start, stop, out, k)
    if code == AUTHORS:
        return read_authors(buf, start, stop, out, k)
    if code == KEYWORDS:
        return read_keywords(buf, start, stop, out, k)
    if code == MESH:
        return read_headings(buf, start, stop, out, k, False)
    if code == PAGES:
        return read_pages(buf, start, stop, out, k)
    if code == LINKS:
        cites = only_cites(buf, start, stop)
        return k if cites == 1 else -1 if cites < 0 else copy_bytes(buf, start, stop, out, k)
    return copy_elements(buf, start, stop, out, k)  # sections to be remembered


@inlined
def _read(
    buf: Bytes, code: int, pos: int, start: int, stop: int, out: Bytes, k: int, spans: Spans, numbers: Spans
) -> int:
    """Position behind what one section wrote; -1 if it is unusual. Its attributes begin at `pos`."""
    if code == PLACE_DOI:
        return read_location(buf, pos, start, stop, out, k, spans)
    if code == OTHER_PMCID:
        return read_other_id(buf, pos, start, stop, out, k, spans)
    if code == OTHER_ABSTRACTS:
        first = k if spans[code, 1] < 0 else spans[code, 0]
        if spans[code, 1] >= 0 and spans[code, 1] != k:
            return -1
        k = read_other_abstract(buf, pos, start, stop, out, k)
        keep(spans, code, first, k)
        return k
    if code == LANGUAGE:
        return read_language(buf, start, stop, out, k, spans)
    if spans[code, 0] >= 0:  # a second one
        return -1
    if code == PMID:
        return read_pmid(buf, pos, start, stop, out, k, spans, numbers)
    if code == JOURNAL:
        return read_journal(buf, start, stop, out, k, spans)
    if code == DOI:
        return read_ids(buf, start, stop, out, k, spans)
    if code == KEYWORDS and not at(buf, pos, start, b' Owner="NOTNLM">'):
        return -1
    first, k = k, _text(buf, code, start, stop, out, k)
    keep(spans, code, first, k)
    if code == MESH and k > 0:
        first, k = k, read_headings(buf, start, stop, out, k, True)
        keep(spans, MESH_UI, first, k)
    return k


@inlined
def _record(
    buf: Bytes, pos: int, end: int, out: Bytes, k: int, spans: Spans, numbers: Spans
) -> tuple[int, int]:
    """(position behind the record, position behind its texts); -1 if it is unusual or not all in sight."""
    pos = skip_blank(buf, after(buf, pos, end, b"<PubmedArticle>"), end)
    pos = opened(buf, pos, end, b"<MedlineCitation")
    level = _CITATION
    while True:
        pos = skip_blank(buf, pos, end)
        if pos < 0 or pos + 2 >= end or buf[pos] != 60:
            return -1, k
        if buf[pos + 1] == 47:
            if level == _IN_ARTICLE:
                pos, level = after(buf, pos, end, b"</Article>"), _CITATION
                continue
            if level == _CITATION:
                pos = skip_blank(buf, after(buf, pos, end, b"</MedlineCitation>"), end)
                level = _DATA
                if at(buf, pos, end, b"<PubmedData>"):
                    pos += 12
                    continue
            else:
                pos = skip_blank(buf, after(buf, pos, end, b"</PubmedData>"), end)
            pos = after(buf, pos, end, b"</PubmedArticle>")
            return (pos if spans[PMID, 0] >= 0 else -1), k
        name = pos = pos + 1
        while pos < end and 65 <= (buf[pos] & 0xDF) <= 90:
            pos += 1
        code = _tag(buf, name, pos, level)
        size, start = pos - name, tag_end(buf, pos, end)
        if start < 0 and code in (_UNREAD, TITLE) and at(buf, pos, end, b"/>"):
            if code == TITLE:
                if spans[TITLE, 0] >= 0:
                    return -1, k
                keep(spans, TITLE, k, k)
            pos += 2
            continue
        if size == 0 or start < 0 or (buf[pos] != 62 and not is_blank(buf[pos])):
            return -1, k
        if code == _ARTICLE:
            pos, level = start, _IN_ARTICLE
            continue
        stop = (
            references_end(buf, start, end)
            if code == _REFERENCES
            else section_end(buf, start, end, name, size)
        )
        if stop < 0:
            return -1, k
        if code < _REFERENCES:
            k = _read(buf, code, pos, start, stop, out, k, spans, numbers)
            if k < 0:
                return -1, k
        pos = stop + size + 3


def _with_parts_as_of(stamp: str) -> Any:
    """`take_records` compiled; its code is kept on disk for as long as this file and those of the stamp stay."""

    @entry
    def take_records(
        buf: Bytes, pos: int, out: Bytes, k: int, spans: npt.NDArray[np.int64], numbers: Spans, row: int
    ) -> tuple[int, int, int]:
        if len(stamp) == 0:
            return pos, k, row
        while row < len(spans):
            start = skip_blank(buf, pos, len(buf))
            end = min(len(buf), start + LARGEST)
            if k + LARGEST + 64 > len(out):
                break
            spans[row] = -1
            following, written = _record(buf, start, end, out, k, spans[row], numbers[row])
            if following < 0:
                break
            pos, k, row = following, written, row + 1
        return pos, k, row

    return take_records


@entry
def measure(spans: npt.NDArray[np.int64], span: int, offsets: npt.NDArray[np.int32]) -> int:
    """Bytes of one text of every row, all together; where each begins is written into `offsets`."""
    for row in range(len(spans)):
        size = spans[row, span, 1] - spans[row, span, 0] if spans[row, span, 1] >= 0 else 0
        offsets[row + 1] = offsets[row] + size
    return int(offsets[len(spans)])


@entry
def gather(
    out: Bytes, spans: npt.NDArray[np.int64], span: int, offsets: npt.NDArray[np.int32], text: Bytes
) -> None:
    """Put one text of every row together in `text`, which has room for LANES more."""
    for row in range(len(spans)):
        for i in range(0, offsets[row + 1] - offsets[row], LANES):
            copy_ascii(out, spans[row, span, 0] + i, text, offsets[row] + i)


_PARTS = (pubmed_bytes, pubmed_copy, pubmed_lanes, pubmed_skip, pubmed_lists, pubmed_values)
take_records = _with_parts_as_of(
    hashlib.sha256(b"".join(Path(str(part.__file__)).read_bytes() for part in _PARTS)).hexdigest()
)
