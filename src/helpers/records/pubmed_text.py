"""Text of PubMed XML straight from its bytes, read as `pubmed_fields` reads it from a tree."""

from __future__ import annotations

import re

from helpers.records import pubmed_fields as read

ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));|&")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes([*range(32), 127])
_INLINE = tuple((b"<%s>" % tag, b"</%s>" % tag) for tag in (b"i", b"b", b"u", b"sub"))
_RAISED = re.compile(rb"<sup>([^<&]*)</sup>")


class Unusual(Exception):
    """The record does not fit: lxml reads it whole."""


class NeedsTree(Exception):
    """The section does not fit: lxml reads it."""


def text_from(raw: bytes) -> str | None:
    """Character data as `pubmed_fields.squeeze` leaves it."""
    text = raw.decode()
    if "&" in text:
        text = ENTITY.sub(character, text)
    elif text.isascii() and len(raw.translate(None, _CONTROLS)) == len(raw) and b"  " not in raw:
        return text.strip() or None
    if text.isprintable() and "  " not in text:
        return text.strip() or None
    if _ILLEGAL.search(text):
        raise Unusual
    return " ".join(text.split()) or None


def character(match: re.Match[str]) -> str:
    """The character a match of ENTITY stands for; raises Unusual where XML knows none."""
    named, decimal, hexadecimal = match.groups()
    if named:
        return _NAMED[named]
    if not decimal and not hexadecimal:
        raise Unusual
    number = int(decimal) if decimal else int(hexadecimal, 16)
    if number > 0x10FFFF or _ILLEGAL.match(chr(number)):
        raise Unusual
    return chr(number)


def flat_text_from(raw: bytes) -> str | None:
    """Text with simple inline markup as `pubmed_fields.text_of` flattens it."""
    if b"<" in raw:
        for opening, closing in _INLINE:
            if opening in raw:
                if raw.count(opening) != raw.count(closing):
                    raise Unusual
                raw = raw.replace(opening, b"").replace(closing, b"")
            if b"<" not in raw:
                break
        else:
            raw = _RAISED.sub(_raised, raw)
            if b"<" in raw:
                raise NeedsTree
    return text_from(raw)


def _raised(match: re.Match[bytes]) -> bytes:
    before, inner = match.string[max(match.start() - 1, 0) : match.start()], match[1]
    if before in (b">", b";"):  # what it reads as is not known here
        raise NeedsTree
    return b"^" + inner.strip() if before.isdigit() and read.POWER.fullmatch(inner.decode()) else inner
