"""Pieces of PubMed XML as lxml elements: parts nobody reads cut away first, small flaws mended and told."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import Any, NamedTuple
from xml.parsers import expat

from lxml import etree

from helpers.records.pubmed_source import Fault, place
from helpers.records.pubmed_stream import OPENING, Piece

_BATCH = 64
_WRAPPER = (
    b'<records xmlns:mml="http://www.w3.org/1998/Math/MathML" xmlns:xlink="http://www.w3.org/1999/xlink"'
    b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)
_CLOSING = b"</records>"
# In the order of the DTD. References come last and nest, so they end at the last closing tag.
_UNREAD = tuple(
    (f"<{name}".encode(), f"</{name}>".encode())
    for name in ("DateCompleted", "DataBankList", "GrantList", "ChemicalList", "InvestigatorList", "History")
)
_REFERENCES = (b"<ReferenceList", b"</ReferenceList>")
_AFFILIATION = (b"<AffiliationInfo>", b"</AffiliationInfo>")
_REFERENCE_LINKS = (b"<CommentsCorrectionsList", b"</CommentsCorrectionsList>")
_TELLING_LINK = re.compile(rb"RefType\s*=\s*[\"'](?!Cites[\"'])")

_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)(?:(\w+);)?")
_ILLEGAL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:x(?:0*(?:[0-8bcefBCEF]|1[0-9A-Fa-f]));|(?:[0-8]|1[124-9]|2\d|3[01]);)"
)


class Parsed(NamedTuple):
    """Element of one record, its offset in the XML, and what had to be mended to read it."""

    kind: str
    offset: int
    element: Any
    note: str | None = None


def parse_pieces(pieces: Iterable[Piece], *, source_name: str, faults: list[Fault]) -> Iterator[Parsed]:
    """The element of each piece, in order; a piece that is not well-formed is appended to `faults`.

    Elements lack what no column needs: references, affiliations, grants, chemicals, history, investigators.
    """
    parser = xml_parser()
    stream = iter(pieces)
    while batch := list(islice(stream, _BATCH)):
        try:
            root = etree.fromstring(b"".join([_WRAPPER, *[trim(piece) for piece in batch], _CLOSING]), parser)
        except etree.XMLSyntaxError:
            root = ()
        if len(root) == len(batch):
            for piece, element in zip(batch, root, strict=True):
                yield Parsed(piece.kind, piece.offset, element)
        else:
            for piece in batch:
                yield from _parse_alone(piece, parser, source_name, faults)


def xml_parser() -> Any:
    """Lxml parser that reads no DTD, expands no entity, and drops comments and instructions."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False,
    )  # fmt: skip


def trim(piece: Piece) -> bytes:
    """The record without the parts no column needs; as it is where comments or CDATA could mislead."""
    raw = piece.raw
    if not piece.plain:
        return raw
    start = raw.find(_REFERENCES[0])
    if start >= 0 and (end := raw.rfind(_REFERENCES[1])) > start:
        raw = raw[:start] + raw[end + len(_REFERENCES[1]) :]
    for opening, closing in _UNREAD:
        start = raw.find(opening)
        if start >= 0 and (end := raw.find(closing, start)) >= 0:
            raw = raw[:start] + raw[end + len(closing) :]
    start = raw.find(_REFERENCE_LINKS[0])
    if (
        start >= 0
        and (end := raw.find(_REFERENCE_LINKS[1], start)) >= 0
        and not _TELLING_LINK.search(raw, start, end)
    ):
        raw = raw[:start] + raw[end + len(_REFERENCE_LINKS[1]) :]
    if _AFFILIATION[0] in raw:
        raw = _without_affiliations(raw)
    return raw


def _without_affiliations(raw: bytes) -> bytes:
    opening, closing = _AFFILIATION
    parts = raw.split(opening)
    kept = [parts[0]]
    for part in parts[1:]:
        end = part.find(closing)
        kept.append(part[end + len(closing) :] if end >= 0 else opening + part)
    return b"".join(kept)


def _parse_alone(piece: Piece, parser: Any, source_name: str, faults: list[Fault]) -> Iterator[Parsed]:
    """Elements in a piece that did not fit its batch: mended if possible, cut where another record begins."""
    for raw, note in _attempts(piece.raw):
        try:
            root = etree.fromstring(b"".join([_WRAPPER, raw, _CLOSING]), parser)
        except etree.XMLSyntaxError:
            continue
        for element in root:
            yield Parsed(element.tag, piece.offset, element, note)
        return
    inner = [match.start() for match in OPENING.finditer(piece.raw, 1) if match[1].decode() == piece.kind]
    first = piece.raw[: inner[0]] if inner else piece.raw
    index, why = _flaw(first)
    faults.append((place(source_name, piece.offset + index), f"{_named(first)} is not well-formed: {why}"))
    for start, end in pairwise([*inner, len(piece.raw)]):
        part = Piece(piece.kind, piece.offset + start, piece.raw[start:end])
        yield from _parse_alone(part, parser, source_name, faults)


def _attempts(raw: bytes) -> Sequence[tuple[bytes, str | None]]:
    """The piece as it is, then with unknown entities and illegal characters mended."""
    mended, what = raw, []
    try:
        text = mended.decode()
    except UnicodeDecodeError as error:
        what.append(f"bytes that are not UTF-8 replaced from byte {error.start} of the record")
        text = mended.decode(errors="replace")
    if _ILLEGAL.search(text):
        what.append("control characters removed")
        text = _ILLEGAL.sub("", text)
    mended = text.encode()
    if _ENTITY.search(mended):
        what.append("unknown entities written out")
        mended = _ENTITY.sub(_written_out, mended)
    return [(raw, None)] + ([(mended, "; ".join(what))] if what else [])


def _written_out(match: re.Match[bytes]) -> bytes:
    """The character an HTML entity name stands for, or the text as it stands."""
    known = html.unescape(match[0].decode()) if match[1] else ""
    return known.encode() if len(known) in (1, 2) and known != match[0].decode() else b"&amp;" + match[0][1:]


def _flaw(raw: bytes) -> tuple[int, str]:
    """Byte within the piece where XML fails, and why."""
    parser = expat.ParserCreate()
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        return max(parser.ErrorByteIndex, 0), expat.ErrorString(error.code)
    return 0, "unbalanced"


def _named(raw: bytes) -> str:
    """The record as a reader can look it up: its tag and PMID where one stands."""
    pmid = re.search(rb"<PMID[^>]*>\s*(\d+)", raw)
    tag = OPENING.match(raw)
    name = tag[1].decode() if tag else "record"
    return f"{name} with PMID {pmid[1].decode()}" if pmid else name
