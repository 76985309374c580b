"""Sections of PubMed records by compiled code: where they end, and their bytes as they stand."""

from __future__ import annotations

from helpers.records.pubmed_bytes import (
    Bytes,
    at,
    compiled,
    is_blank,
    next_tag,
    skip_blank,
    tag_end,
)
from helpers.records.pubmed_copy import copy_text, sequence
from helpers.records.pubmed_lanes import LANES, copy_ascii


@compiled
def section_end(buf: Bytes, pos: int, end: int, name: int, size: int) -> int:
    """Position of the closing tag of the section named at `name`; -1 if there is none in sight."""
    pos = next_tag(buf, pos, end)
    while pos + size + 3 <= end:
        following = buf[pos + 1]
        if following == 33 or following == 63:  # <! and <? may hide a tag
            return -1
        if following == 47 and buf[pos + size + 2] == 62:
            same = True
            for i in range(size):
                same = same and buf[pos + 2 + i] == buf[name + i]
            if same:
                return pos
        pos = next_tag(buf, pos + 1, end)
    return -1


@compiled
def references_end(buf: Bytes, pos: int, end: int) -> int:
    """Position of the closing tag of a list of references, which may hold others."""
    depth = 1
    pos = next_tag(buf, pos, end)
    while pos + 1 < end:
        following = buf[pos + 1]
        if following == 33 or following == 63:
            return -1
        if at(buf, pos, end, b"</ReferenceList>"):
            depth -= 1
            if depth == 0:
                return pos
        elif at(buf, pos, end, b"<ReferenceList"):
            depth += 1
        pos = next_tag(buf, pos + 1, end)
    return -1


@compiled
def copy_bytes(buf: Bytes, pos: int, end: int, out: Bytes, k: int) -> int:
    """Bytes as they stand; -1 for what is no text of XML."""
    last, room = min(end, len(buf) - LANES), len(out) - LANES
    while pos < end:
        if pos < last and k < room:
            step = min(copy_ascii(buf, pos, out, k), end - pos)
            pos += step
            k += step
            if step == LANES or pos == end:
                continue
        length = 1 if buf[pos] < 0x80 else sequence(buf, pos, end)
        if length < 0 or (buf[pos] < 32 and not is_blank(buf[pos])):
            return -1
        for _ in range(length):
            out[k] = buf[pos]
            k, pos = k + 1, pos + 1
    return k


@compiled
def copy_elements(buf: Bytes, pos: int, end: int, out: Bytes, k: int) -> int:
    """Elements of plain text as they stand, one after another; -1 for anything lxml might refuse."""
    begin = pos
    while pos < end:
        pos = skip_blank(buf, pos, end)
        if pos == end:
            break
        name = pos + 1
        while pos + 1 < end and (65 <= (buf[pos + 1] & 0xDF) <= 90):
            pos += 1
        size = pos + 1 - name
        start = tag_end(buf, pos + 1, end)
        if buf[name - 1] != 60 or size == 0 or start < 0:
            return -1
        if start > name + size + 1:  # one attribute at most, so that none stands twice
            quotes = 0
            for i in range(name + size, start):
                quotes += buf[i] == 34
            if quotes != 2 or buf[start - 2] != 34 or buf[name + size] != 32:
                return -1
            i = name + size + 1
            while 65 <= (buf[i] & 0xDF) <= 90:
                i += 1
            if i == name + size + 1 or buf[i] != 61 or buf[i + 1] != 34:
                return -1
        stop = section_end(buf, start, end, name, size)
        for i in range(start, stop):
            if buf[i] == 60 or buf[i] == 62:
                return -1
        if stop < 0 or copy_text(buf, start, stop, out, k)[0] != stop:  # for its entities; written over below
            return -1
        pos = stop + size + 3
    return copy_bytes(buf, begin, end, out, k)
