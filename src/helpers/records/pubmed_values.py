"""Single values of PubMed records by compiled code: their bytes to the spans of a record."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from helpers.records.pubmed_bytes import (
    Bytes,
    after,
    at,
    compiled,
    find,
    in_capitals,
    inlined,
    next_tag,
    opened,
    skip_blank,
)
from helpers.records.pubmed_copy import copy_text, copy_text_to
from helpers.records.pubmed_lists import find_ids, stands
from helpers.records.pubmed_skip import copy_bytes, copy_elements, section_end

Spans = npt.NDArray[np.int64]

# What is kept of a record. The tag of a section and its span have one number; of those from ISSUE_DATE on the
# bytes are kept as they stand, to be read once and remembered.
NAMES = ("pmid", "title", "abstract", "vernacular_title", "authors", "mesh", "mesh_ui", "keywords", "volume",
         "issue", "pages", "language", "doi", "pmcid", "place_doi", "place_pii", "issue_date", "electronic",
         "revised", "journal", "info", "types", "links", "other_pmcid", "other_abstracts")  # fmt: skip
(PMID, TITLE, ABSTRACT, VERNACULAR, AUTHORS, MESH, MESH_UI, KEYWORDS, VOLUME, ISSUE, PAGES, LANGUAGE, DOI, PMCID,
 PLACE_DOI, PLACE_PII, ISSUE_DATE, ELECTRONIC, REVISED, JOURNAL, INFO, TYPES, LINKS, OTHER_PMCID,
 OTHER_ABSTRACTS) = range(25)  # fmt: skip


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
    """Position behind the title, or before it where it is the placeholder for none; -1 if it is unusual."""
    first = k
    pos, k = copy_text(buf, pos, end, out, k)
    if pos != end:
        return -1
    begin = first + (k > first and out[first] == 91)
    last = k - (k > first and out[k - 1] == 46)
    last -= last > first and out[last - 1] == 93
    absent = last - begin == 13 and in_capitals(out, begin, b"NOT AVAILABLE")  # [Not Available].
    return first if absent else k


@inlined
def read_other_id(buf: Bytes, pos: int, start: int, stop: int, out: Bytes, k: int, spans: Spans) -> int:
    """Position behind the first PMC id among ids of other sources; their attributes begin at `pos`."""
    source = after(buf, pos, start, b' Source="')
    if source < 0 or start == stop:
        return -1
    if not at(buf, source, start, b'NLM">'):
        return k if next_tag(buf, start, stop) == stop and buf[source] != 78 else -1
    for i in range(start, stop):
        if buf[i] < 32 or buf[i] > 126 or buf[i] == 38 or buf[i] == 60:
            return -1
    if at(buf, start, stop, b"PMC") and start + 3 < stop and 48 <= buf[start + 3] <= 57:
        if spans[OTHER_PMCID, 0] < 0:
            first, k = k, copy_bytes(buf, start, stop, out, k)
            keep(spans, OTHER_PMCID, first, k)
        return k
    return -1 if buf[start] == 32 or (buf[start] & 0xDF) == 80 else k


@inlined
def read_language(buf: Bytes, pos: int, end: int, out: Bytes, k: int, spans: Spans) -> int:
    """Position behind the codes of the languages, each once, apart by bars; -1 if it is none."""
    begin, last = spans[LANGUAGE, 0], k
    if begin >= 0:
        if spans[LANGUAGE, 1] != k:
            return -1
        out[k] = 124
        k += 1
    first = k
    for i in range(pos, end):
        if not 97 <= buf[i] <= 122:
            return -1
        out[k] = buf[i]
        k += 1
    if begin >= 0 and (k == first or stands(out, begin, first, k)):
        k = last
    keep(spans, LANGUAGE, begin if begin >= 0 else first, k)
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
