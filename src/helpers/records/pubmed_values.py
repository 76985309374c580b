"""Single values of PubMed records by compiled code: their bytes to the spans of a record."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from helpers.records.pubmed_bytes import (
    Bytes,
    after,
    at,
    compiled,
    copy_text,
    copy_text_to,
    find,
    inlined,
    opened,
    skip_blank,
)
from helpers.records.pubmed_lists import (
    find_ids,
)
from helpers.records.pubmed_skip import (
    copy_bytes,
    copy_elements,
    section_end,
)

Spans = npt.NDArray[np.int64]

# What is kept of a record. The tag of a section and its span have one number; of those from ISSUE_DATE on the
# bytes are kept as they stand, to be read once and remembered.
NAMES = ("pmid", "title", "abstract", "vernacular_title", "authors", "mesh", "mesh_ui", "keywords", "volume",
         "issue", "pages", "language", "doi", "pmcid", "place_doi", "place_pii", "issue_date", "electronic",
         "revised", "journal", "info", "types", "links")  # fmt: skip
(PMID, TITLE, ABSTRACT, VERNACULAR, AUTHORS, MESH, MESH_UI, KEYWORDS, VOLUME, ISSUE, PAGES, LANGUAGE, DOI, PMCID,
 PLACE_DOI, PLACE_PII, ISSUE_DATE, ELECTRONIC, REVISED, JOURNAL, INFO, TYPES, LINKS) = range(23)  # fmt: skip


@inlined
def read_journal(buf: Bytes, pos: int, end: int, out: Bytes, k: int, spans: Spans) -> int:
    """Position behind volume, issue, issue date and the journal's names; -1 if unusual."""
    start, pos = pos, skip_blank(buf, pos, end)
    if at(buf, pos, end, b"<ISSN"):
        pos = section_end(buf, pos, end, pos + 1, 4)
        pos = skip_blank(buf, after(buf, pos, end, b"</ISSN>"), end)
    before, pos = pos, opened(buf, pos, end, b"<JournalIssue")
    for span, opening, closing in ((VOLUME, b"<Volume>", b"</Volume>"), (ISSUE, b"<Issue>", b"</Issue>")):
        pos = skip_blank(buf, pos, end)
        if at(buf, pos, end, opening):
            first = k
            pos, k = copy_text_to(buf, pos + len(opening), end, closing, out, k)
            keep(spans, span, first, k)
    pos = skip_blank(buf, pos, end)
    date = after(buf, pos, end, b"<PubDate>")
    stop = section_end(buf, date, end, date - 8, 7) if date > 0 else -1
    if stop < 0:
        return -1
    first, k = k, copy_elements(buf, date, stop, out, k)
    keep(spans, ISSUE_DATE, first, k)
    pos = skip_blank(buf, stop + 10, end)
    pos = after(buf, pos, end, b"</JournalIssue>")
    if pos < 0 or k < 0:
        return -1
    first, k = k, copy_elements(buf, start, before, out, k)
    if k >= 0:
        k = copy_elements(buf, pos, end, out, k)
    keep(spans, JOURNAL, first, k)
    return k


@compiled
def keep(spans: Spans, span: int, first: int, k: int) -> None:
    """Note where a text lies in the arena; one of no length is missing."""
    spans[span, 0], spans[span, 1] = first, k if k > first else -1


@inlined
def read_location(buf: Bytes, pos: int, start: int, stop: int, out: Bytes, k: int, spans: Spans) -> int:
    """Position behind a DOI or an article number, the first of each; its attributes begin at `pos`."""
    kind = pos = after(buf, pos, start, b' EIdType="')
    if at(buf, kind, start, b'doi"'):
        span = PLACE_DOI
    elif at(buf, kind, start, b'pii"'):
        span = PLACE_PII
    else:
        return -1
    pos += 4
    if at(buf, pos, start, b' ValidYN="N">'):
        return k
    if not (at(buf, pos, start, b' ValidYN="Y">') or at(buf, pos, start, b">")):
        return -1
    if spans[span, 0] >= 0:
        return k
    for i in range(start, stop):
        if buf[i] == 38 or buf[i] == 60:
            return -1
    first, k = k, copy_bytes(buf, start, stop, out, k)
    keep(spans, span, first, k)
    return k if k > first else -1


@inlined
def read_pmid(
    buf: Bytes, pos: int, start: int, stop: int, out: Bytes, k: int, spans: Spans, numbers: Spans
) -> int:
    """Position behind the record id; the PMID and its version are noted as numbers too."""
    pos = after(buf, pos, start, b' Version="')
    version = pmid = 0
    first = pos
    while first <= pos < start and 48 <= buf[pos] <= 57:
        version = version * 10 + buf[pos] - 48
        pos += 1
    if pos == first or pos > first + 3 or not at(buf, pos, start, b'">') or pos + 2 != start:
        return -1
    if buf[start] == 48 or not 0 < stop - start <= 9:
        return -1
    first = k
    for i in range(5):
        out[k + i] = b"pmid:"[i]
    k += 5
    for i in range(start, stop):
        if not 48 <= buf[i] <= 57:
            return -1
        pmid = pmid * 10 + buf[i] - 48
        out[k] = buf[i]
        k += 1
    keep(spans, PMID, first, k)
    numbers[0], numbers[1] = pmid, version
    return k


@inlined
def read_title(buf: Bytes, pos: int, end: int, out: Bytes, k: int) -> int:
    """Position behind the title; -1 if it is unusual, or so short that it may be the placeholder for none."""
    first = k
    pos, k = copy_text(buf, pos, end, out, k)
    short = 0 < k - first < 20 and (out[first] == 91 or (out[first] & 0xDF) == 78)  # [Not Available].
    return k if pos == end and not short else -1


@inlined
def read_code(buf: Bytes, pos: int, end: int, out: Bytes, k: int) -> int:
    """Position behind the code of a language; -1 if it is none."""
    for i in range(pos, end):
        if not 97 <= buf[i] <= 122:
            return -1
        out[k] = buf[i]
        k += 1
    return k


@inlined
def read_pages(buf: Bytes, pos: int, end: int, out: Bytes, k: int) -> int:
    """Position behind the pages as MedlinePgn states them; -1 if it does not."""
    first = k
    pos = after(buf, find(buf, pos, end, b"<MedlinePgn>"), end, b"<MedlinePgn>")
    pos, k = copy_text_to(buf, pos, end, b"</MedlinePgn>", out, k)
    return k if pos > 0 and k > first else -1


@inlined
def read_ids(buf: Bytes, pos: int, end: int, out: Bytes, k: int, spans: Spans) -> int:
    """Position behind the first DOI and the first PMC id of the list."""
    pos, doi, doi_end, pmc, pmc_end = find_ids(buf, pos, end)
    if pos < 0:
        return -1
    for span, begin, stop in ((DOI, doi, doi_end), (PMCID, pmc, pmc_end)):
        first, k = k, copy_bytes(buf, begin, stop, out, k)
        keep(spans, span, first, k)
    return k
