"""Bytes of a PubMed XML source in blocks: path, open file or memory, plain or gzip, any encoding."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from isal import isal_zlib
from isal.igzip_lib import IsalError

_BLOCK = 1 << 16  # bytes in one step, before unzipping and after it; larger ones no longer fit in the cache
_FLAWS: tuple[Any, ...] = (EOFError, OSError, IsalError, UnicodeDecodeError)
_DECLARED = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")

Fault = tuple[str, str]


def place(source_name: str, offset: int) -> str:
    """Where something stands, as errors and lists of skipped entries write it."""
    return f"{source_name}: byte {offset}"


def open_source(source: Path | BinaryIO | bytes) -> BinaryIO:
    """Binary file of the source; a file given is itself, for its owner to close."""
    if isinstance(source, bytes):
        return io.BytesIO(source)
    return source.open("rb") if isinstance(source, Path) else source


def read_blocks(stream: BinaryIO, *, source_name: str, faults: list[Fault]) -> Iterator[bytes]:
    """Blocks of the XML, unzipped, in UTF-8; they end early, with a fault, where the data are damaged."""
    given = 0
    head = stream.read(_BLOCK)
    blocks = _chain(head, stream)
    if head.startswith(b"\x1f\x8b"):
        blocks = _inflate(blocks)
    try:
        for block in _utf8(blocks):
            yield block
            given += len(block)
    except _FLAWS as error:
        faults.append((place(source_name, given), f"the data end or are damaged about here ({error})"))


def _chain(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    yield head
    yield from iter(lambda: stream.read(_BLOCK), b"")


def _inflate(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """All gzip members unzipped in small steps, so that what stands before a flaw comes before its error."""
    member = isal_zlib.decompressobj(31)
    pending = next(blocks, b"")
    while pending:
        if block := member.decompress(pending, _BLOCK):
            yield block
        pending = member.unconsumed_tail
        if member.eof:
            pending = member.unused_data.lstrip(b"\0") or next(blocks, b"").lstrip(b"\0")
            member = isal_zlib.decompressobj(31)
        elif not pending and not (pending := next(blocks, b"")):
            raise EOFError("the gzip file is cut off")


def _utf8(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks, converted where a byte order mark or the declaration names another encoding than UTF-8."""
    head = next(blocks, b"")
    declared = _DECLARED.match(head)
    name = declared.group(1).decode() if declared else "utf-8"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        name = "utf-16"
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        codec = "utf-8"
    if codec in ("utf-8", "ascii"):
        yield head
        yield from blocks
        return
    decoder = codecs.getincrementaldecoder(codec)()
    yield decoder.decode(head).encode()
    for block in blocks:
        yield decoder.decode(block).encode()
