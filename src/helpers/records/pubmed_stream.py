"""PubMed XML as a stream of single records: the bytes of each, and where it starts.

A record ends where its closing tag stands, so the stream is cut by looking for tags among bytes, many
times faster than parsing. Comments and CDATA may hold text that looks like a tag: where one turns up,
cutting follows expat's events instead, which gives the same pieces. Nothing here reads a DTD or expands
an entity, so entity bombs and external entities stay inert.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple
from xml.parsers import expat

from helpers.errors import ParseError
from helpers.records.pubmed_source import Fault, open_source, place, read_blocks

LARGEST_RECORD = 64 << 20
_BLOCK, _STEP = 1 << 20, 1 << 14

RECORD_TAGS = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation", "DeleteCitation", "DeleteDocument")
_SETS = ("PubmedArticleSet", "PubmedBookArticleSet", "MedlineCitationSet")
OPENING = re.compile(rb"<(%s)(?:\s[^>]*)?>" % "|".join(RECORD_TAGS).encode())
_BETWEEN = re.compile(  # what may stand between records: the seam of sets put one after the other
    rb"(?:\s|\xef\xbb\xbf|</?(?:%s)(?:\s[^>]*)?>|<\?[^<>]*\?>|<!DOCTYPE[^>\[]*>"
    rb"|<!--[^<>]*-->)*" % "|".join(_SETS).encode()
)
_SET_TAG = re.compile(rb"<(/?)(?:%s)[\s>]" % "|".join(_SETS).encode())

_MISLEADING = re.compile(
    rb"<!(?!DOCTYPE|--[^<>]*-->)|<\?(?![^<>]*\?>)"
)  # may hide a tag: CDATA, <!-- <x> -->


Take = Callable[[bytes, int], int]


class Piece(NamedTuple):
    """Bytes of one record as they stand, the tag they begin with, and their offset in the XML.

    `plain`: no comment or CDATA in it could be taken for a tag.
    """

    kind: str
    offset: int
    raw: bytes
    plain: bool = False


class _Window:
    """The part of the stream in memory and the offset of its first byte."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.blocks = blocks
        self.buffer = b""
        self.offset = 0

    def grow(self, done: int) -> bool:
        """Drop the first `done` bytes and add about a megabyte; False at the end of the stream."""
        parts, size = [self.buffer[done:]], 0
        while size < _BLOCK and (block := next(self.blocks, b"")):
            parts.append(block)
            size += len(block)
        self.buffer = b"".join(parts)
        self.offset += done
        return size > 0


def split_pubmed(
    source: Path | BinaryIO | bytes, *, source_name: str, faults: list[Fault], take: Take | None = None
) -> Iterator[Piece]:
    """Each record of a PubMed XML source, plain or gzip, in its order and in constant memory.

    `take` may read records on its own: it is given bytes and where a record may begin, before each piece, and
    gives back where it stopped.

    What is no whole record (a cut-off end, text between records, damaged gzip data) is appended to
    `faults` as (place, reason). Raises ParseError naming source and byte if the bytes are not PubMed XML.
    """
    stream = open_source(source)
    try:
        window = _Window(read_blocks(stream, source_name=source_name, faults=faults))
        root = _enter(window, source_name)
        yield from _cut(window, root, source_name, faults, take)
    finally:
        if stream is not source:
            stream.close()


def _enter(window: _Window, source_name: str) -> str:
    """Name of the root element, "" if it is empty; the window moves behind its tag, or to a lone record."""
    while len(window.buffer) < _BLOCK and window.grow(0):
        pass
    root, begin, fault = _root_tag(window.buffer[:_BLOCK])
    if root in _SETS:
        begin = window.buffer.index(b">", begin) + 1
        root = "" if window.buffer[begin - 2 : begin] == b"/>" else root  # nothing in it, nothing to close
    elif root not in RECORD_TAGS:
        found = f"the root element is {root}" if root else fault
        raise ParseError(
            f"{place(source_name, begin)}: not PubMed XML ({found}): save records as XML from PubMed, or "
            "import reference files (CSL-JSON, RIS, NBIB, BibTeX) as what they are."
        )
    window.buffer, window.offset = window.buffer[begin:], begin
    return root


def _root_tag(head: bytes) -> tuple[str, int, str]:
    """Name and byte of the first tag; if there is none "", the byte where XML fails, and why."""
    found: list[tuple[str, int]] = []
    parser = expat.ParserCreate("utf-8")
    parser.DefaultHandler = lambda data: None  # with it expat leaves entities unexpanded

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append((name, parser.CurrentByteIndex))
        parser.StartElementHandler = None

    parser.StartElementHandler = start
    try:
        for at in range(0, len(head), _STEP):
            parser.Parse(head[at : at + _STEP])
            if found:
                break
        else:
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        fault = expat.ErrorString(error.code)
        if not found:
            return "", max(parser.ErrorByteIndex, 0), fault if head.strip() else "it is empty"
    return *found[0], ""


def _cut(
    window: _Window, root: str, source_name: str, faults: list[Fault], take: Take | None
) -> Iterator[Piece]:
    """Records by their tags; goes over to expat where comments or CDATA could mislead."""
    position, trusted = 0, -1  # expat has read up to byte `trusted`: nothing before it misleads
    closed = root not in _SETS
    while True:
        buffer = window.buffer
        if take:
            position = take(buffer, position)
        opening = OPENING.search(buffer, position)
        end = _end(buffer, opening)
        start = opening.start() if opening else len(buffer)
        if end < 0 and len(buffer) - position > LARGEST_RECORD:
            faults.append((place(source_name, window.offset + start), "no end within 64 MB: passed over"))
            position = opening.end() if opening else len(buffer)
            continue
        if end < 0 and window.grow(position):
            position = 0
            continue
        closed = _closed(buffer[position:start], closed)
        unread = max(position, trusted - window.offset)
        cut_off = end < 0 and opening is not None and trusted < window.offset + start
        if cut_off or _misleading(buffer, unread, end if end > 0 else len(buffer)):
            before, by_tags = window.offset + position, window.offset + (end if end > 0 else len(buffer))
            position, trusted = yield from _follow(window, position)
            if window.offset + position == before:  # expat stopped in this record: its tags must do
                trusted = max(trusted, by_tags)
            continue
        gap = buffer[position:start]
        if not _BETWEEN.fullmatch(gap):
            faults.append((place(source_name, window.offset + position), f"not a record: {_shown(gap)}"))
        if opening is None or end < 0:
            break
        yield Piece(opening[1].decode(), window.offset + start, buffer[start:end], unread <= start)
        position = end
    if opening:
        faults.append((place(source_name, window.offset + start), f"cut off: {_shown(buffer[start:])}"))
    elif not closed:
        end_of_file = place(source_name, window.offset + len(buffer))
        faults.append((end_of_file, f"the data end before </{root}>: records may be missing"))


def _end(buffer: bytes, opening: re.Match[bytes] | None) -> int:
    """Index after the record that begins there; -1 if its end is not in the buffer."""
    if opening is None:
        return -1
    if opening[0].endswith(b"/>"):
        return opening.end()
    closing = b"</%s>" % opening[1]
    found = buffer.find(closing, opening.end())
    return found + len(closing) if found >= 0 else -1


def _misleading(buffer: bytes, start: int, end: int) -> bool:
    """Whether a comment, CDATA or instruction stands there that may hold what looks like a tag.

    Looks for the rarest byte first: memchr passes a record ten times faster than a search for "<!".
    """
    for mark in (b"!", b"?"):
        found = buffer.find(mark, start, end)
        while found >= 0:
            if _MISLEADING.match(buffer, found - 1):
                return True
            found = buffer.find(mark, found + 1, end)
    return False


def _closed(gap: bytes, before: bool) -> bool:
    """Whether the set is closed after the gap."""
    tags = _SET_TAG.findall(gap)
    return tags[-1] == b"/" if tags else before


def _shown(raw: bytes) -> str:
    text = " ".join(raw[:120].decode(errors="replace").split())
    return f"{text}{'...' if len(raw) > 120 else ''}"


class _Spans:
    """Records in a stretch of XML as expat sees them: those that ended, and the one still open."""

    _WRAPPER = b"<records>"

    def __init__(self, first: int) -> None:
        self.ended: list[tuple[str, int, int]] = []  # tag, offset of its beginning, offset of its end tag
        self.open_at: int | None = None
        self.failed_at: int | None = None
        self._shift = first - len(self._WRAPPER)
        self._depth = 0
        self._parser = expat.ParserCreate()
        self._parser.DefaultHandler = lambda data: None
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self.feed(self._WRAPPER)

    def feed(self, block: bytes, last: bool = False) -> None:
        try:
            self._parser.Parse(block, last)
        except expat.ExpatError as error:
            if self.failed_at is None:
                self.failed_at = self._shift + self._parser.ErrorByteIndex
                if self._parser.ErrorByteIndex and expat.ErrorString(error.code) == "mismatched tag":
                    self.failed_at -= 2  # expat names the byte after "</"

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 2 and name in RECORD_TAGS:
            self.open_at = self._shift + self._parser.CurrentByteIndex

    def _end(self, name: str) -> None:
        if self._depth == 2 and self.open_at is not None:
            self.ended.append((name, self.open_at, self._shift + self._parser.CurrentByteIndex))
            self.open_at = None
        self._depth -= 1


def _follow(window: _Window, position: int) -> Generator[Piece, None, tuple[int, int]]:
    """The next record or records by expat's events; none if the XML ends or is broken before one ends.

    Returns where cutting by tags goes on (index in the window) and up to which byte expat has read.
    """
    first = fed = window.offset + position
    spans = _Spans(first)
    while not spans.ended and spans.failed_at is None:
        if fed - window.offset >= len(window.buffer) and not window.grow(first - window.offset):
            spans.feed(b"", last=True)
            break
        index = fed - window.offset
        block = window.buffer[index : index + _STEP]
        fed += len(block)
        spans.feed(block)
    done = first
    for kind, begin, end_tag in spans.ended:
        index = window.buffer.index(b">", end_tag - window.offset) + 1
        yield Piece(kind, begin, window.buffer[begin - window.offset : index])
        done = window.offset + index
    if spans.ended:
        return done - window.offset, done
    read_to = fed if spans.failed_at is None else spans.failed_at
    resume = read_to if spans.open_at is None else spans.open_at
    return max(resume, first + (resume == read_to == first)) - window.offset, read_to
