"""Sections of PubMed records by compiled code: their bytes to the text of columns, written into an arena.

Each reader takes the content of a section and gives the position behind what it wrote, or -1 if the section
is not of the one form it knows.
"""

from __future__ import annotations

from helpers.records.pubmed_bytes import (
    Bytes,
    after,
    at,
    compiled,
    find,
    in_capitals,
    opened,
    skip_blank,
    tag_end,
)
from helpers.records.pubmed_copy import copy_text_to

BREAK, END = 31, 30  # behind a part of an entry, and behind an entry, where parts may hold any text


@compiled
def _label(buf: Bytes, pos: int, end: int, out: Bytes, k: int) -> int:
    """Position behind the "LABEL: " of the part of an abstract whose attributes stand there; -1 if unusual."""
    while pos < end and not at(buf, pos, end, b' Label="'):
        if buf[pos] >= 0x80:
            return -1
        pos += 1
    if pos == end:
        return k
    pos, begin = pos + 8, k
    while pos < end and buf[pos] != 34:
        if buf[pos] >= 0x80 or buf[pos] < 32 or buf[pos] == 38:
            return -1
        if buf[pos] != 32:
            if k > begin and buf[pos - 1] == 32:
                out[k] = 32
                k += 1
            out[k] = buf[pos]
            k += 1
        pos += 1
    while k > begin and out[k - 1] == 58:
        k -= 1
    if k == begin:
        return k
    for word in (b"UNLABELLED", b"UNLABELED", b"UNASSIGNED"):
        if k - begin == len(word) and in_capitals(out, begin, word):
            return begin
    out[k], out[k + 1] = 58, 32
    return k + 2


@compiled
def read_abstract(buf: Bytes, pos: int, end: int, out: Bytes, k: int) -> int:
    """Position behind the abstract's parts, written apart by line feeds; -1 if unusual."""
    begin = k
    pos = skip_blank(buf, pos, end)
    while at(buf, pos, end, b"<AbstractText"):
        start = opened(buf, pos, end, b"<AbstractText")
        first = k
        if k > begin:
            out[k] = 10
            k += 1
        labelled = _label(buf, pos + 13, start - 1, out, k) if start > 0 else -1
        if labelled < 0:
            return -1
        pos, k = copy_text_to(buf, start, end, b"</AbstractText>", out, labelled)
        if k == labelled:  # no text, no label
            k = first
        pos = skip_blank(buf, pos, end)
    if at(buf, pos, end, b"<CopyrightInformation>"):
        pos = find(buf, pos + 1, end, b"<")
        pos = skip_blank(buf, after(buf, pos, end, b"</CopyrightInformation>"), end)
    return k if pos == end else -1


@compiled
def read_other_abstract(buf: Bytes, pos: int, start: int, stop: int, out: Bytes, k: int) -> int:
    """Position behind language, type and text of an abstract of another kind; its attributes begin at `pos`."""
    kind = pos = after(buf, pos, start, b' Type="')
    while 0 <= pos < start and (65 <= (buf[pos] & 0xDF) <= 90 or buf[pos] == 45):
        pos += 1
    language = after(buf, pos, start, b'" Language="')
    if kind == pos or language < 0 or start - 2 == language or buf[start - 2] != 34:
        return -1
    first = k
    for begin, end in ((language, start - 2), (kind, pos)):
        for i in range(begin, end):
            if begin == language and not 97 <= buf[i] <= 122:
                return -1
            out[k] = buf[i]
            k += 1
        out[k] = BREAK
        k += 1
    begin, k = k, read_abstract(buf, start, stop, out, k)
    if k <= begin:
        return first if k == begin else -1
    out[k] = END
    return k + 1


@compiled
def _name(buf: Bytes, pos: int, end: int, out: Bytes, k: int) -> tuple[int, int]:
    """(position behind the names of an author, position behind them as "Family, Given, Suffix")."""
    if at(buf, pos, end, b"<CollectiveName"):
        return copy_text_to(buf, opened(buf, pos, end, b"<CollectiveName"), end, b"</CollectiveName>", out, k)
    begin = k
    pos, k = copy_text_to(buf, after(buf, pos, end, b"<LastName>"), end, b"</LastName>", out, k)
    if pos < 0 or k == begin:
        return -1, k
    given = False
    for opening, closing, either in (
        (b"<ForeName>", b"</ForeName>", False),
        (b"<Initials>", b"</Initials>", True),
        (b"<Suffix>", b"</Suffix>", False),
    ):
        pos = skip_blank(buf, pos, end)
        if at(buf, pos, end, opening):
            out[k], out[k + 1] = 44, 32
            pos, written = copy_text_to(buf, pos + len(opening), end, closing, out, k + 2)
            if written > k + 2 and not (either and given):
                k, given = written, True
    return pos, k


@compiled
def read_authors(buf: Bytes, pos: int, end: int, out: Bytes, k: int) -> int:
    """Position behind the names, apart by bars; -1 if unusual."""
    begin, count = k, 0
    pos = skip_blank(buf, pos, end)
    while pos != end:
        pos = after(buf, pos, end, b"<Author")
        if at(buf, pos, end, b' ValidYN="Y"'):
            pos += 12
        if at(buf, pos, end, b' EqualContrib="Y"') or at(buf, pos, end, b' EqualContrib="N"'):
            pos += 17
        pos = skip_blank(buf, after(buf, pos, end, b">"), end)
        if count:
            out[k] = 124
            k += 1
        first = k
        pos, k = _name(buf, pos, end, out, k)
        count += 1
        pos = skip_blank(buf, pos, end)
        if pos < 0 or k == first:
            return -1
        if not (
            at(buf, pos, end, b"</Author>")
            or at(buf, pos, end, b"<AffiliationInfo>")
            or at(buf, pos, end, b"<Affiliation>")
            or at(buf, pos, end, b"<Identifier")
        ):
            return -1
        pos = find(buf, pos, end, b"</Author>")
        pos = skip_blank(buf, after(buf, pos, end, b"</Author>"), end)
    return k if _bars(out, begin, k) == max(count - 1, 0) else -1


@compiled
def _bars(out: Bytes, pos: int, end: int) -> int:
    """How many bars stand there: one in a name would split it."""
    count = 0
    for i in range(pos, end):
        count += out[i] == 124
    return count


@compiled
def read_headings(buf: Bytes, pos: int, end: int, out: Bytes, k: int, ids: bool) -> int:
    """Position behind the MeSH descriptors, apart by bars, or behind their ids; -1 if unusual."""
    begin, count = k, 0
    pos = skip_blank(buf, pos, end)
    while pos != end:
        pos = skip_blank(buf, after(buf, pos, end, b"<MeshHeading>"), end)
        pos = after(buf, pos, end, b'<DescriptorName UI="')
        if pos < 0:
            return -1
        if count:
            out[k] = 124
            k += 1
        first = k
        start = tag_end(buf, pos, end)
        if ids:
            while pos < start and buf[pos] != 34:
                if buf[pos] < 32 or buf[pos] > 126 or buf[pos] == 38 or buf[pos] == 124:
                    return -1
                out[k] = buf[pos]
                k, pos = k + 1, pos + 1
        pos = start
        while 0 <= pos < end and buf[pos] != 60:
            if buf[pos] < 32 or buf[pos] > 126 or buf[pos] == 38:
                return -1
            if not ids:
                out[k] = buf[pos]
                k += 1
            pos += 1
        if not at(buf, pos, end, b"</DescriptorName>") or (
            k > first and (out[first] == 32 or out[k - 1] == 32)
        ):
            return -1
        if k == first or stands(out, begin, first, k):
            return -1
        pos = skip_blank(buf, after(buf, find(buf, pos, end, b"</MeshHeading>"), end, b"</MeshHeading>"), end)
        count += 1
    return k if count and _bars(out, begin, k) == count - 1 else -1


@compiled
def stands(out: Bytes, begin: int, first: int, k: int) -> bool:
    """Whether what was written from `first` on is an earlier entry, of those apart by bars from `begin` on."""
    size, start = k - first, begin
    while start + size < first:
        same = out[start + size] == 124
        i = 0
        while same and i < size:
            same = out[start + i] == out[first + i]
            i += 1
        if same:
            return True
        while out[start] != 124:
            start += 1
        start += 1
    return False


@compiled
def read_keywords(buf: Bytes, pos: int, end: int, out: Bytes, k: int) -> int:
    """Position behind the keywords, each once, apart by bars; -1 if unusual."""
    begin = k
    pos = skip_blank(buf, pos, end)
    while pos != end:
        start = opened(buf, pos, end, b"<Keyword")
        last = k
        if k > begin:
            out[k] = 124
            k += 1
        first = k
        pos, k = copy_text_to(buf, start, end, b"</Keyword>", out, k)
        if pos < 0 or _bars(out, first, k):
            return -1
        if k == first or stands(out, begin, first, k):
            k = last
        pos = skip_blank(buf, pos, end)
    return k


@compiled
def find_ids(buf: Bytes, pos: int, end: int) -> tuple[int, int, int, int, int]:
    """(position behind the list, bounds of its DOI, of its PMC id); -1 for what is not there."""
    doi = doi_end = pmc = pmc_end = -1
    pos = skip_blank(buf, pos, end)
    while pos != end:
        kind = after(buf, pos, end, b'<ArticleId IdType="')
        start = pos = tag_end(buf, kind, end)
        while 0 <= pos < end and buf[pos] != 60:
            if buf[pos] == 38 or buf[pos] >= 0x80 or buf[pos] < 32:
                return -1, -1, -1, -1, -1
            pos += 1
        if not at(buf, pos, end, b"</ArticleId>"):
            return -1, -1, -1, -1, -1
        is_doi = at(buf, kind, end, b'doi">')
        is_pmc = at(buf, kind, end, b'pmc">') or at(buf, kind, end, b'pmcid">')
        if (is_doi and doi >= 0) or (is_pmc and pmc >= 0):
            return -1, -1, -1, -1, -1
        if is_doi:
            doi, doi_end = start, pos
        elif is_pmc:
            pmc, pmc_end = start, pos
        pos = skip_blank(buf, pos + 12, end)
    return pos, doi, doi_end, pmc, pmc_end


@compiled
def only_cites(buf: Bytes, pos: int, end: int) -> int:
    """Whether all links are of the type Cites, 1 or 0; -1 if their type does not come first."""
    cites = 1
    while True:
        pos = find(buf, pos, end, b"<CommentsCorrections")
        if pos < 0:
            return cites
        pos = after(buf, pos, end, b'<CommentsCorrections RefType="')
        if pos < 0:
            return -1
        if not at(buf, pos, end, b'Cites"'):
            cites = 0
