"""Members of a family that a text names in short: "caspase-3/-7/-9", "BCL-2 and -XL", "NPHP1-9".

The first member is a term already found; each further one is written out with its stem ("caspase-7"),
and the lexicon decides whether that is a gene. A family itself ("caspases") is no gene.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from helpers.annotate.compiled import compiled

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]

_BRACKETED, _RANGED, _PLURALS = range(3)
_GREEK = "(?:alpha|beta|gamma|delta|epsilon|zeta|kappa|theta|[α-ω])[0-9]{0,2}"
_TAIL = rf"(?:[0-9]{{1,3}}[A-Za-zα-ω]?[0-9]?|{_GREEK}|[abg][0-9]?|I{{1,3}}|IV|V|[A-Z]|[xX][LS])"
_FIRST = re.compile(rf"(?P<stem>.*?[A-Za-z)α-ω][-\s]?)(?P<tail>{_TAIL})")
_ITEM = re.compile(
    rf"\s?(?P<mark>/|,\s?(?:and|or)\b|,|\b(?:and|or|to|through)\b|&|-|–)\s?(?P<hyphen>[-–]?)"
    rf"(?P<tail>{_TAIL}|[c-f])(?![A-Za-z0-9α-ω%]|\s?(?:%|h\b|days?|patients|mg|nM|μM))"
)
# "interleukin (IL)-6", "transforming growth factor (TGF)-β1": the bracket belongs to what follows it.
_BRACKET = re.compile(
    rf"\((?P<short>[A-Za-z][A-Za-z0-9-]{{0,9}})\)[-\s]?(?P<tail>{_TAIL}[A-Za-z]?)(?![A-Za-z0-9α-ω])"
)
_LONGEST_RANGE = 12
# Two numbers with a hyphen are two members, and none between, before these words; and of ATG always: 5-12, 16-5.
_BOUND_AFTER = re.compile(r"\s(?:hetero\w+|complex|conjugat\w+|fusions?|interactions?)\b")
_BOUND = frozenset({"ATG"})
# "NPHP1-9" and "freac-1 to freac-7" from the last digit of the first number on, and what leads to it.
_RANGE = re.compile(
    r"[0-9](?:\s?[-–]\s?|\sto\s|\sthrough\s)(?P<stem>[A-Za-z][A-Za-z0-9]*[A-Za-z]-?)?(?P<last>[0-9]{1,2})"
    r"(?![A-Za-z0-9%])"
)
_RANGE_START = re.compile(
    r"(?<![A-Za-z0-9-])(?P<stem>[A-Za-z](?:[A-Za-z0-9]*[A-Za-z])?-?)(?P<first>[0-9]{1,2})\Z"
)
# The end of a plural and the first member: "caspases-3 and -9".
_PLURAL = re.compile(
    rf"s(?P<gap>[-\s])(?P<tail>{_TAIL})(?=\s?(?:,|/|and\b|or\b|&|to\b)\s?)(?![A-Za-z0-9α-ω%])"
)
_SINGULARS = tuple(
    re.compile(rf"(?<![A-Za-z0-9-])[A-Za-z][A-Za-z0-9-]*{more}[a-z]\Z") for more in ("", r" [A-Za-z]+")
)


def find_members(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """(member written out, start, end) of each member that follows the one at `[start, end)`.

    Offsets are of the part that stands in the text ("-7", "XL").
    """
    first = _FIRST.fullmatch(text, start, end)
    if first:
        yield from _follow(text, first["stem"], first["tail"], end)


def _follow(text: str, stem: str, previous: str, end: int) -> Iterator[tuple[str, int, int]]:
    """(member written out, start, end) of each item that goes on a list after `stem` + `previous`."""
    item = _ITEM.match(text, end)
    while item:
        tail = item["tail"]
        if item["mark"] in ("-", "–", "to", "through"):
            if not _is_range(stem, previous, tail):
                return
            if not _is_pair(text, stem, item.end()):
                for number in range(int(previous) + 1, int(tail)):
                    yield f"{stem}{number}", item.start("tail"), item.end()
        elif _kind(previous) != _kind(tail):
            if _kind(tail) == "letter" and previous[-1].isalpha() and len(previous) > 1:
                stem, previous = stem + previous[:-1], previous[-1]
            elif not item["hyphen"]:
                return
        yield stem + tail, item.start("tail"), item.end()
        previous = tail
        item = _ITEM.match(text, item.end())


def find_lists(text: str, codes: Codes, first: Ints, after: Ints) -> Iterator[tuple[str, int, int]]:
    """(member written out, start, end) of the lists that show by themselves, within the stretches of a text.

    codes: code points of the text; first, after: where each stretch begins and ends.
    """
    kinds, numbers, places = _find_starts(codes, first, after)
    for kind, read in ((_BRACKETED, _read_bracketed), (_RANGED, _read_range), (_PLURALS, _read_plural)):
        which = np.flatnonzero(kinds == kind)
        reach = -1
        for number, at in zip(numbers[which].tolist(), places[which].tolist(), strict=True):
            if at >= reach:
                begin, end = int(first[number]), int(after[number])
                for member in read(text, at, begin, end):
                    reach = max(reach, member[2])
                    yield member


def _read_bracketed(text: str, at: int, begin: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The short form with the number after it: "IL-6" of "(IL)-6"."""
    if match := _BRACKET.match(text, at, end):
        yield f"{match['short']}-{match['tail']}", match.start(), match.end()


def _read_range(text: str, at: int, begin: int, end: int) -> Iterator[tuple[str, int, int]]:
    """All from first to last of "NPHP1-9", "freac-1 to freac-7", whose first number ends at `at`."""
    match = _RANGE.match(text, at, end)
    before = match and _RANGE_START.search(text, max(begin, at - 12), at + 1)
    if (
        match
        and before
        and match["stem"] in (None, before["stem"])
        and _is_range(before["stem"], before["first"], match["last"])
    ):
        first, last = int(before["first"]), int(match["last"])
        pair = _is_pair(text, before["stem"], match.end())
        for number in (first, last) if pair else range(first, last + 1):
            yield f"{before['stem']}{number}", before.start(), match.end()


def _read_plural(text: str, at: int, begin: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Each of "caspases 3 and 9", "synapsins I and II", whose plural ends at `at`."""
    if match := _PLURAL.match(text, at, end):
        for words in _SINGULARS:
            if before := words.search(text, max(begin, at - 30), at):
                stem = before[0] + match["gap"]
                yield stem + match["tail"], before.start(), match.end()
                yield from _follow(text, stem, match["tail"], match.end())


@compiled
def may_go_on(codes: Codes, ends: Ints) -> npt.NDArray[np.bool_]:
    """Whether a list may go on behind each of the ends: what the pattern of an item asks for at the least."""
    found, last = np.zeros(len(ends), np.bool_), len(codes)
    for i in range(len(ends)):
        at = _behind_space(codes, ends[i])
        word = _letters_end(codes, at)
        if word > at:  # and, or, to, through
            if word - at > 7 or not (codes[at] == 97 or codes[at] == 111 or codes[at] == 116):
                continue
            at = word
        elif at < last and (codes[at] == 44 or codes[at] == 47 or codes[at] == 38):
            at = _behind_space(codes, at + 1)
            word = _letters_end(codes, at)
            if 2 <= word - at <= 3 and (codes[at] == 97 or codes[at] == 111):  # ", and"
                at = word
        elif at < last and (codes[at] == 45 or codes[at] == 0x2013):
            at += 1
        else:
            continue
        at = _behind_space(codes, at)
        if at < last and (codes[at] == 45 or codes[at] == 0x2013):
            at += 1
        letters = _letters_end(codes, at) - at
        if at + 1 >= last:
            continue
        small = 97 <= codes[at] <= 103 or codes[at] == 120  # a to g, x
        if letters > 3:
            found[i] = codes[at] >= 97 and _may_be_tail(codes[at], codes[at + 1])
        elif letters:
            found[i] = small or codes[at] < 97
        else:
            found[i] = 48 <= codes[at] <= 57 or 0x3B1 <= codes[at] <= 0x3C9
    return found


@compiled
def _behind_space(codes: Codes, at: int) -> int:
    """The place behind a space, if one may stand there; no Greek letter or dash is one."""
    if at >= len(codes) or 0x3B1 <= codes[at] <= 0x3C9 or codes[at] == 0x2013:
        return at
    return at + 1 if _may_be_space(codes[at]) else at


@compiled
def _letters_end(codes: Codes, at: int) -> int:
    """Where the ASCII letters that begin there end."""
    while at < len(codes) and _is_letter(codes[at]):
        at += 1
    return at


@compiled
def _find_starts(codes: Codes, first: Ints, after: Ints) -> tuple[Ints, Ints, Ints]:
    """(kind, number of the stretch, place) of where a list may begin: what the patterns ask for at the least."""
    found = np.empty((3, len(codes) + 1), np.int64)
    n = 0
    for number in range(len(first)):
        for i in range(first[number], after[number] - 2):
            code = codes[i]
            if code != 40 and code != 115 and not 48 <= code <= 57:
                continue
            second, third, kind = codes[i + 1], codes[i + 2], -1
            if code != 40 and _is_letter(second):
                continue
            if code == 40:  # ( with a letter, and ) not far behind
                at = i + 2
                while at < after[number] and at < i + 12 and codes[at] != 41:
                    at += 1
                if _is_letter(second) and at + 2 < after[number] and codes[at] == 41:
                    at += 1
                    if codes[at] == 45 or (_may_be_space(codes[at]) and not 0x3B1 <= codes[at] <= 0x3C9):
                        at += 1
                    if _may_be_tail(codes[at], codes[at + 1] if at + 1 < after[number] else 32):
                        kind = _BRACKETED
            elif code == 115:  # s
                fourth = codes[i + 3] if i + 3 < after[number] else 32
                apart = second == 45 or _may_be_space(second)
                if apart and _may_be_tail(third, fourth) and _may_go_on(codes, i + 3, after[number]):
                    kind = _PLURALS
            else:  # a digit
                dash = third == 45 or third == 0x2013 or third == 116
                apart = second == 45 or second == 0x2013 or (_may_be_space(second) and dash)
                if apart and _may_end_stem(codes, i, first[number]):
                    kind = _RANGED
            if kind >= 0:
                found[0, n], found[1, n], found[2, n] = kind, number, i
                n += 1
    return found[0, :n].copy(), found[1, :n].copy(), found[2, :n].copy()


@compiled
def _may_end_stem(codes: Codes, at: int, begin: int) -> bool:
    """Whether the one or two digits that end there follow a letter, or a letter and a hyphen."""
    at -= 1
    if at >= begin and 48 <= codes[at] <= 57:
        at -= 1
    if at >= begin and codes[at] == 45:
        at -= 1
    return bool(at >= begin and _is_letter(codes[at]))


@compiled
def _is_letter(code: int) -> bool:
    """Whether it is an ASCII letter."""
    return 97 <= code | 32 <= 122 and code < 128


@compiled
def _may_be_space(code: int) -> bool:
    """Whether it is a space; true for much beyond Latin-1, too."""
    return code <= 32 or code == 0xA0 or code > 0xFF or code == 0x85


@compiled
def _may_go_on(codes: Codes, at: int, end: int) -> bool:
    """Whether a list may go on behind the word that goes on there: a comma, / or &, or "and", "or", "to"."""
    last = min(end, at + 10)
    while at < last and (_is_letter(codes[at]) or 48 <= codes[at] <= 57 or 0x3B1 <= codes[at] <= 0x3C9):
        at += 1
    if at < end and _may_be_space(codes[at]):
        at += 1
    code = codes[at] if at < end else 32
    return bool(code == 44 or code == 47 or code == 38 or code == 97 or code == 111 or code == 116)


@compiled
def _may_be_tail(code: int, following: int) -> bool:
    """Whether the tail of a member may begin with these two: a number, a capital, a Greek letter or its name."""
    if 48 <= code <= 57 or 65 <= code <= 90 or 0x3B1 <= code <= 0x3C9:
        return True
    if code == 97 or code == 98 or code == 103:  # a, alpha; b, beta; g, gamma
        name = 108 if code == 97 else 101 if code == 98 else 97
        return not _is_letter(following) or following == name
    if code == 120:
        return following == 76 or following == 83  # xL, xS
    if code == 116:
        return following == 104  # theta
    if code == 107:
        return following == 97  # kappa
    if code == 101:
        return following == 112  # epsilon
    return (code == 100 or code == 122) and following == 101  # delta, zeta


def _is_range(stem: str, first: str, last: str) -> bool:
    """True for whole numbers in rising order, not far apart, after more than one letter ("p70-75" is a size)."""
    if not (first.isdigit() and last.isdigit() and 1 <= int(last) - int(first) <= _LONGEST_RANGE):
        return False
    return sum(c.isalpha() for c in stem) > 1


def _is_pair(text: str, stem: str, end: int) -> bool:
    """True if a range that ends there is two members bound to each other: "ATG5-12", "the SMAD2-4 complex"."""
    return stem.rstrip("-").upper() in _BOUND or _BOUND_AFTER.match(text, end) is not None


def _kind(tail: str) -> str:
    """Kind of a tail: number, greek, roman or letter; only like kinds make a list."""
    if tail[0].isdigit():
        return "number"
    if tail in ("I", "II", "III", "IV", "V"):
        return "roman"
    return "letter" if len(tail) == 1 and tail.isascii() else "greek"
