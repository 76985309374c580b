"""Long forms of abbreviations that a text defines.

Method: Schwartz and Hearst 2003, A simple algorithm for identifying abbreviation definitions in
biomedical text, Pac Symp Biocomput 8:451-462: each character of the short form, from its last to its
first, is sought backwards in the words before the bracket; the first must begin a word.
"""

from __future__ import annotations

import re

_BRACKET = re.compile(r"\(([^()\n]{2,60})\)")
_CUT = re.compile(r"[;,:]|\s(?:or|and)\s")


def find_abbreviations(text: str) -> list[tuple[int, int, int, int]]:
    """(short start, short end, long start, long end) of every abbreviation defined in the text."""
    found = []
    for match in _BRACKET.finditer(text):
        short = _CUT.split(match[1])[0].strip()
        if not is_short_form(short):
            continue
        start = match.start(1) + match[1].index(short)
        long = find_long_form(text, match.start(), short)
        if long:
            found.append((start, start + len(short), *long))
    return found


def is_short_form(short: str) -> bool:
    """True for 2 to 10 characters in at most two words, with a letter, starting with letter or digit."""
    return (
        2 <= len(short) <= 10
        and len(short.split()) <= 2
        and short[0].isalnum()
        and any(c.isalpha() for c in short)
    )


def find_long_form(text: str, bracket: int, short: str) -> tuple[int, int] | None:
    """(start, end) in the text of the long form that ends before `bracket`; None if there is none."""
    end = bracket
    while end and text[end - 1].isspace():
        end -= 1
    size = sum(c.isalnum() for c in short)
    window = max(0, end - 20 * (size + 5))
    words = list(re.finditer(r"\S+", text[window:end]))[-min(size + 5, size * 2) :]
    if not words:
        return None
    lower = window + words[0].start()
    at = end - 1
    for n in range(len(short) - 1, -1, -1):
        sought = short[n].lower()
        if not sought.isalnum():
            continue
        while at >= lower and (
            text[at].lower() != sought or (n == 0 and at > lower and text[at - 1].isalnum())
        ):
            at -= 1
        if at < lower:
            return None
        at -= 1
    start = at + 1
    while start > lower and not text[start - 1].isspace():
        start -= 1
    long = text[start:end]
    if len(long) <= len(short) or short.lower() in long.lower().split():
        return None
    return start, end
