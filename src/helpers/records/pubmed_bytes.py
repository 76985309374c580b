"""What the compiled reader of PubMed records is made of: words and tags found among bytes.

Positions are -1 where something is not as expected.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np
import numpy.typing as npt

from helpers.records.pubmed_lanes import LANES, first_mark, first_tag

Function = TypeVar("Function", bound=Callable[..., Any])
Bytes = npt.NDArray[np.uint8]

_LESS, _MORE, _AMP, _SLASH, _BANG, _QUERY = b"<>&/!?"
_njit: Any = numba.njit  # its types know neither all options nor that a function stays one


def compiled(function: Function) -> Function:
    """The function as machine code, made when it is first called; it may own no memory, only use what it is given.

    Without memory of its own (`_nrt`) nothing is counted: counting took a third of the reader's time.
    """
    made: Function = _njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)(function)
    return made


def inlined(function: Function) -> Function:
    """The function as a part of the one place that calls it."""
    made: Function = _njit(inline="always", _nrt=False)(function)
    return made


def entry(function: Function) -> Function:
    """The function as machine code that Python calls, kept on disk; it may own no memory either."""
    made: Function = _njit(cache=True, nogil=True, _nrt=False)(function)
    return made


@compiled
def at(buf: Bytes, pos: int, end: int, word: bytes) -> bool:
    """Whether the word stands there."""
    if pos < 0 or pos + len(word) > end:
        return False
    for i in range(len(word)):  # noqa: SIM110 - compiled code has no all()
        if buf[pos + i] != word[i]:
            return False
    return True


@compiled
def after(buf: Bytes, pos: int, end: int, word: bytes) -> int:
    """Position behind the word that stands there, or -1."""
    return pos + len(word) if at(buf, pos, end, word) else -1


@compiled
def in_capitals(out: Bytes, pos: int, word: bytes) -> bool:
    """Whether the word stands there, given in capitals, in any case; as many bytes must be there."""
    for i in range(len(word)):
        byte = out[pos + i]
        if (byte - 32 if 97 <= byte <= 122 else byte) != word[i]:
            return False
    return True


@compiled
def is_blank(byte: int) -> bool:
    """Whether XML takes the byte for a space."""
    return byte == 32 or byte == 10 or byte == 13 or byte == 9


@compiled
def skip_blank(buf: Bytes, pos: int, end: int) -> int:
    """Position of the next byte that is no space; -1 stays -1."""
    while 0 <= pos < end and is_blank(buf[pos]):
        pos += 1
    return pos


@compiled
def next_tag(buf: Bytes, pos: int, end: int) -> int:
    """Position of the next "<", or one not before `end` if there is none."""
    while pos < end:
        if pos + LANES > len(buf):
            if buf[pos] == _LESS:
                return pos
            pos += 1
            continue
        step = first_tag(buf, pos)
        pos += step
        if step < LANES:
            return pos
    return end


@compiled
def find(buf: Bytes, pos: int, end: int, word: bytes) -> int:
    """Position of the next such tag; -1 if none, or if a comment, CDATA or instruction comes before it."""
    pos = next_tag(buf, pos, end) if pos >= 0 else end
    while pos < end:
        if at(buf, pos, end, word):
            return pos
        if pos + 1 < end and (buf[pos + 1] == _BANG or buf[pos + 1] == _QUERY):
            return -1
        pos = next_tag(buf, pos + 1, end)
    return -1


@compiled
def tag_end(buf: Bytes, pos: int, end: int) -> int:
    """Position behind the opening tag whose attributes begin there; -1 for an empty element."""
    while 0 <= pos < end and buf[pos] != _MORE:
        if pos + LANES > len(buf):
            if buf[pos] == _LESS or buf[pos] == _AMP:
                return -1
            pos += 1
            continue
        step = first_mark(buf, pos)
        pos += step
        if step < LANES and (pos >= end or buf[pos] != _MORE):
            return -1
    return pos + 1 if 0 < pos < end and buf[pos - 1] != _SLASH else -1


@compiled
def opened(buf: Bytes, pos: int, end: int, word: bytes) -> int:
    """Position behind an opening tag that begins with the word (without its ">"), or -1."""
    pos = after(buf, pos, end, word)
    if pos < 0 or pos >= end or (buf[pos] != _MORE and not is_blank(buf[pos])):
        return -1
    return tag_end(buf, pos, end)
