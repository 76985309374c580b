"""Members of a family that a text names in short: "caspase-3/-7/-9", "BCL-2 and -XL", "NPHP1-9".

The first member is a term already found; each further one is written out with its stem ("caspase-7"),
and the lexicon decides whether that is a gene. A family itself ("caspases") is no gene.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

_GREEK = "(?:alpha|beta|gamma|delta|epsilon|zeta|kappa|theta|[α-ω])[0-9]{0,2}"
_TAIL = rf"(?:[0-9]{{1,3}}[A-Za-zα-ω]?[0-9]?|{_GREEK}|[abg][0-9]?|I{{1,3}}|IV|V|[A-Z]|[xX][LS])"
_FIRST = re.compile(rf"(?P<stem>.*?[A-Za-z)α-ω][-\s]?)(?P<tail>{_TAIL})")
_ITEM = re.compile(
    rf"\s?(?P<mark>/|,\s?(?:and|or)\b|,|\b(?:and|or|to|through)\b|&|-|–)\s?(?P<hyphen>[-–]?)"
    rf"(?P<tail>{_TAIL})(?![A-Za-z0-9α-ω%]|\s?(?:%|h\b|days?|patients|mg|nM|μM))"
)
# "interleukin (IL)-6", "transforming growth factor (TGF)-β1": the bracket belongs to what follows it.
_BRACKET = re.compile(
    rf"\((?P<short>[A-Za-z][A-Za-z0-9-]{{0,9}})\)[-\s]?(?P<tail>{_TAIL}[A-Za-z]?)(?![A-Za-z0-9α-ω])"
)
_LONGEST_RANGE = 12
# "NPHP1-9" and "freac-1 to freac-7" from the last digit of the first number on, and what leads to it. Both
# start with what is rare in a text and without looking back, which lets the regex engine skip to it.
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
    if not _ITEM.match(text, end):
        return
    first = _FIRST.fullmatch(text, start, end)
    if first:
        yield from _follow(text, first["stem"], first["tail"], end)


def _follow(text: str, stem: str, previous: str, end: int) -> Iterator[tuple[str, int, int]]:
    """(member written out, start, end) of each item that goes on a list after `stem` + `previous`."""
    item = _ITEM.match(text, end)
    while item:
        tail = item["tail"]
        if item["mark"] in ("-", "–", "to", "through"):
            if not _is_range(previous, tail):
                return
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


def find_ranges(text: str) -> Iterator[tuple[str, int, int]]:
    """(member written out, start, end) for each "NPHP1-9", "freac-1 to freac-7": all from first to last."""
    after = 0
    for at in _may_be_ranges(text):
        match = _RANGE.match(text, at)
        if not match or at < after:
            continue
        after = match.end()
        before = _RANGE_START.search(text, max(0, at - 12), at + 1)
        if not before or match["stem"] not in (None, before["stem"]):
            continue
        if _is_range(before["first"], match["last"]):
            for number in range(int(before["first"]), int(match["last"]) + 1):
                yield f"{before['stem']}{number}", before.start(), after


def _may_be_ranges(text: str) -> list[int]:
    """Digits before a dash, or before a space and then a dash or a "t": where a range may begin.

    By arrays, since digits are too many for the regex engine; "?" stands for all beyond Latin-1.
    """
    line = np.frombuffer(text.encode("latin-1", "replace") + b"  ", dtype=np.uint8)
    dash = (line == ord("-")) | (line == ord("?"))
    space = (line <= ord(" ")) | (line == 0xA0) | (line == ord("?"))
    digit = line - ord("0") < 10
    begins = digit[:-2] & (dash[1:-1] | (space[1:-1] & (dash[2:] | (line[2:] == ord("t")))))
    return np.flatnonzero(begins).tolist()


def find_plurals(text: str) -> Iterator[tuple[str, int, int]]:
    """(member written out, start, end) for each of "caspases 3 and 9", "synapsins I and II"."""
    for match in _PLURAL.finditer(text):
        for words in _SINGULARS:
            if before := words.search(text, max(0, match.start() - 30), match.start()):
                stem = before[0] + match["gap"]
                yield stem + match["tail"], before.start(), match.end()
                yield from _follow(text, stem, match["tail"], match.end())


def find_bracketed(text: str) -> Iterator[tuple[str, int, int]]:
    """(member written out, start, end) for each "(IL)-6": the short form with the number after it."""
    for match in _BRACKET.finditer(text):
        yield f"{match['short']}-{match['tail']}", match.start(), match.end()


def _is_range(first: str, last: str) -> bool:
    """True for whole numbers in rising order, not far apart."""
    return first.isdigit() and last.isdigit() and 1 <= int(last) - int(first) <= _LONGEST_RANGE


def _kind(tail: str) -> str:
    """Kind of a tail: number, greek, roman or letter; only like kinds make a list."""
    if tail[0].isdigit():
        return "number"
    if tail in ("I", "II", "III", "IV", "V"):
        return "roman"
    return "letter" if len(tail) == 1 and tail.isascii() else "greek"
