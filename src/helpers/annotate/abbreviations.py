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
    lower = _start_of_words(text, max(0, end - 20 * (size + 5)), end, min(size + 5, 2 * size))
    letters = text[lower:end].lower()
    if len(letters) != end - lower:  # a letter that is longer in lower case
        return None
    at = len(letters)
    for n in range(len(short) - 1, -1, -1):
        if not short[n].isalnum():
            continue
        at = letters.rfind(short[n].lower(), 0, at)
        while n == 0 and at > 0 and letters[at - 1].isalnum():
            at = letters.rfind(short[n].lower(), 0, at)
        if at < 0:
            return None
    start = lower + at
    while start > lower and not text[start - 1].isspace():
        start -= 1
    long = text[start:end]
    if len(long) <= len(short) or short.lower() in long.lower().split():
        return None
    return start, end


def _start_of_words(text: str, first: int, end: int, most: int) -> int:
    """Where the last words of a stretch begin, at most so many; `end` if there are none."""
    at = end
    for word in reversed(text[first:end].rsplit(None, most)[-most:]):
        at = text.rindex(word, first, at)
    return at
