"""Members of a family that a text names in short: "caspase-3/-7/-9", "BCL-2 and -XL", "NPHP1-9".

The first member is a term already found; each further one is written out with its stem ("caspase-7"),
and the lexicon decides whether that is a gene. A family itself ("caspases") is no gene.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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


def find_members(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """(member written out, start, end) of each member that follows the one at `[start, end)`.

    Offsets are of the part that stands in the text ("-7", "XL").
    """
    item = _ITEM.match(text, end)
    if not item:
        return
    first = _FIRST.fullmatch(text, start, end)
    if not first:
        return
    stem, previous = first["stem"], first["tail"]
    while item:
        tail = item["tail"]
        if item["mark"] in ("-", "–", "to", "through"):
            if not _is_range(previous, tail):
                return
            for number in range(int(previous) + 1, int(tail)):
                yield f"{stem}{number}", item.start("tail"), item.end()
        elif _kind(previous) != _kind(tail) and not item["hyphen"]:
            if not (_kind(tail) == "letter" and previous[-1].isalpha() and len(previous) > 1):
                return
            stem, previous = stem + previous[:-1], previous[-1]
        yield stem + tail, item.start("tail"), item.end()
        previous = tail
        item = _ITEM.match(text, item.end())


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
