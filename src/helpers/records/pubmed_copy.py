"""Text of PubMed records by compiled code: markup flattened, entities and spaces as `pubmed_fields` reads them.

Text is written into `out` from `k` on: markup dropped, entities as characters, spaces of all kinds made single,
UTF-8 checked.
"""

from __future__ import annotations

from helpers.records.pubmed_bytes import Bytes, after, at, compiled, is_blank
from helpers.records.pubmed_lanes import LANES, copy_plain

_LESS, _MORE, _AMP, _SPACE, _SLASH = b"<>& /"
_SUB, _SUP = 4, 5  # marks of open tags; i, b and u are 1 to 3
_PACE = 8


@compiled
def sequence(buf: Bytes, pos: int, end: int) -> int:
    """Length of the UTF-8 sequence of more than one byte that begins there; -1 if none or no character."""
    lead = buf[pos]
    length = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    if lead < 0xC2 or lead > 0xF4 or pos + length > end:
        return -1
    for i in range(1, length):
        if buf[pos + i] & 0xC0 != 0x80:
            return -1
    second = buf[pos + 1]
    if (lead == 0xE0 and second < 0xA0) or (lead == 0xED and second > 0x9F):
        return -1
    if (lead == 0xF0 and second < 0x90) or (lead == 0xF4 and second > 0x8F):
        return -1
    if lead == 0xEF and second == 0xBF and buf[pos + 2] >= 0xBE:
        return -1
    return length


@compiled
def is_wide_blank(out: Bytes, pos: int, length: int) -> bool:
    """Whether the sequence is a space to `str.split`: no-break, thin, ideographic and the like."""
    if length == 2:
        return bool(out[pos] == 0xC2 and (out[pos + 1] == 0x85 or out[pos + 1] == 0xA0))
    if length != 3:
        return False
    first, second, third = out[pos], out[pos + 1], out[pos + 2]
    if first == 0xE2 and second == 0x80:
        return bool(third <= 0x8A or third == 0xA8 or third == 0xA9 or third == 0xAF)
    return bool(
        (first == 0xE2 and second == 0x81 and third == 0x9F)
        or (first == 0xE3 and second == 0x80 and third == 0x80)
        or (first == 0xE1 and second == 0x9A and third == 0x80)
    )


@compiled
def entity(buf: Bytes, pos: int, end: int) -> tuple[int, int]:
    """(code point, position behind it) of the reference that begins there; position -1 if XML knows none."""
    for word, code in ((b"&lt;", 60), (b"&gt;", 62), (b"&amp;", 38), (b"&quot;", 34), (b"&apos;", 39)):
        if at(buf, pos, end, word):
            return code, pos + len(word)
    if not at(buf, pos, end, b"&#"):
        return 0, -1
    pos += 2
    hexadecimal = pos < end and buf[pos] == 120
    first = pos = pos + 1 if hexadecimal else pos
    code = 0
    while pos < end and pos < first + 7 and buf[pos] != 59:
        digit = buf[pos]
        if 48 <= digit <= 57:
            value = digit - 48
        elif hexadecimal and 97 <= (digit | 32) <= 102:
            value = (digit | 32) - 87
        else:
            return 0, -1
        code = code * (16 if hexadecimal else 10) + value
        pos += 1
    if pos == first or pos >= end or buf[pos] != 59 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return 0, -1
    if code in (0xFFFE, 0xFFFF) or (code < 32 and code not in (9, 10, 13)):
        return 0, -1
    return code, pos + 1


@compiled
def encode(code: int, out: Bytes, k: int) -> int:
    """Write the character; position behind it."""
    if code < 0x80:
        out[k] = code
        return k + 1
    if code < 0x800:
        out[k], out[k + 1] = 0xC0 | code >> 6, 0x80 | code & 63
        return k + 2
    if code < 0x10000:
        out[k], out[k + 1], out[k + 2] = 0xE0 | code >> 12, 0x80 | code >> 6 & 63, 0x80 | code & 63
        return k + 3
    out[k], out[k + 1] = 0xF0 | code >> 18, 0x80 | code >> 12 & 63
    out[k + 2], out[k + 3] = 0x80 | code >> 6 & 63, 0x80 | code & 63
    return k + 4


@compiled
def exponent(buf: Bytes, pos: int, end: int) -> int:
    """Whether the content of the <sup> that begins there is a whole number: 1, 0, or -1 if not known here."""
    for sign in (b"-", b"+", b"\xe2\x88\x92", b"\xe2\x80\x93"):
        if at(buf, pos, end, sign):
            pos += len(sign)
            break
    digits = odd = foreign = False
    while pos < end and buf[pos] != _LESS and buf[pos] != _AMP:
        byte = buf[pos]
        if 48 <= byte <= 57:
            digits = True
        elif is_blank(byte) or byte >= 0x80 or ((byte == 43 or byte == 45) and not digits):
            odd = True
            if byte == 0xE2:  # signs and spaces, none of them a digit
                pos += 2
            foreign = foreign or (byte >= 0x80 and byte != 0xE2)
        else:
            return 0
        pos += 1
    if not at(buf, pos, end, b"</sup>"):
        return -1
    return 0 if not (digits or foreign) else -1 if odd else 1


@compiled
def markup(buf: Bytes, pos: int, end: int, stack: int) -> tuple[int, int]:
    """(position behind the inline tag, tags open after it); position -1 if it closes another, or none is there."""
    if pos + 3 >= end:
        return -1, stack
    closes = buf[pos + 1] == _SLASH
    pos += 2 if closes else 1
    code = 0
    for mark, word in ((1, b"i>"), (2, b"b>"), (3, b"u>"), (_SUB, b"sub>"), (_SUP, b"sup>")):
        if at(buf, pos, end, word):
            code, pos = mark, pos + len(word)
            break
    if code == 0:
        return -1, stack
    if closes:
        return (pos, stack // _PACE) if stack % _PACE == code else (-1, stack)
    return pos, stack * _PACE + code


@compiled
def copy_text(buf: Bytes, pos: int, end: int, out: Bytes, k: int) -> tuple[int, int]:
    """(position of the first tag that is no inline markup, position behind what was written)."""
    begin, stack, gap = k, 0, False
    last, room = min(end, len(buf) - LANES), len(out) - LANES
    while pos < end:
        byte = buf[pos]
        if 32 < byte < 0x80 and byte != _LESS and byte != _AMP and pos < last and k < room:
            if gap and k > begin:
                out[k] = _SPACE
                k += 1
            gap = False
            step = LANES
            while step == LANES and pos < last and k < room:
                step = copy_plain(buf, pos, out, k)
                pos += step
                k += step
            if pos > end:
                return -1, k
            continue
        if byte == _LESS:
            raised = at(buf, pos, end, b"<sup>")
            if raised:
                before = buf[pos - 1]
                power = exponent(buf, pos + 5, end)
                raised = 48 <= before <= 57 and power == 1
                unknown = before == _MORE or before == 59 or before >= 0x80
                if (unknown and power != 0) or (48 <= before <= 57 and power < 0):
                    return -1, k
            following, stack = markup(buf, pos, end, stack)
            if following < 0:
                break
            pos = following
            if raised:
                out[k] = 94
                k += 1
            continue
        if byte == _AMP:
            code, pos = entity(buf, pos, end)
            if pos < 0:
                return -1, k
            length = encode(code, out, k + 1) - k - 1
        elif byte < 0x80:
            if byte < 32 and not is_blank(byte):
                return -1, k
            out[k + 1], length = byte, 1
            pos += 1
        else:
            length = sequence(buf, pos, end)
            if length < 0:
                return -1, k
            for i in range(length):
                out[k + 1 + i] = buf[pos + i]
            pos += length
        # the character stands one place ahead, to leave room for a space before it
        if (length == 1 and is_blank(out[k + 1])) or (length > 1 and is_wide_blank(out, k + 1, length)):
            gap = True
            continue
        if gap and k > begin:
            out[k] = _SPACE
            k += 1
        else:
            for i in range(length):
                out[k + i] = out[k + 1 + i]
        gap = False
        k += length
    return (-1 if stack else pos), k


@compiled
def copy_text_to(buf: Bytes, pos: int, end: int, word: bytes, out: Bytes, k: int) -> tuple[int, int]:
    """(position behind the closing tag `word`, position behind the text written); -1 if other tags come first."""
    if pos < 0:
        return -1, k
    pos, k = copy_text(buf, pos, end, out, k)
    return after(buf, pos, end, word), k
