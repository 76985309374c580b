"""The words right before and after many places of a text, all looked up at once.

A word is a run of ASCII letters, or the one other character that stands there. It is compared by a hash of
64 bits, built from the place outwards.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from helpers.annotate.compiled import compiled
from helpers.annotate.features import Numbers

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]

_REACH = 24  # characters looked at on either side
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_TABLE = 0x3001  # no character above is a space or has two cases
_SPACE = np.array([chr(code).isspace() for code in range(_TABLE)])
_LOWER = np.array([ord(chr(code).lower()[0]) for code in range(_TABLE)], dtype=np.uint32)


def words_before(codes: Codes, places: Ints, first: Ints, numbers: Numbers) -> Ints:
    """Number of the feature "p=word" for the word that ends before each place; 0 for none.

    codes: code points of the text; first: offset before which no word is looked for.
    """
    room = np.minimum(places - first, _REACH)
    return _look_up(codes, places - 1, room, "p=", -1, numbers)


def words_after(codes: Codes, places: Ints, last: Ints, numbers: Numbers) -> Ints:
    """Number of the feature "n=word" for the word that begins after each place; 0 for none.

    codes: code points of the text; last: offset from which on no word is looked for.
    """
    room = np.minimum(last - places, _REACH)
    return _look_up(codes, places, room, "n=", 1, numbers)


def _look_up(codes: Codes, places: Ints, room: Ints, start: str, step: int, numbers: Numbers) -> Ints:
    """Number of the feature for the first word from each place on, spaces passed over."""
    hashes, begin, end = _hash_words(codes, places, room, step, _LOWER, _SPACE)
    if numbers.learn:
        for i in np.unique(hashes, return_index=True)[1].tolist():
            word = codes[np.arange(begin[i], end[i], step)]
            lower = np.where(word < _TABLE, _LOWER[np.minimum(word, _TABLE - 1)], word)
            if text := "".join(map(chr, lower.tolist()))[::step]:
                numbers.number(start + text)
    if numbers.learn or start not in numbers.tables:
        numbers.tables[start] = _table(numbers.among(start).items(), step)
    known, number = numbers.tables[start]
    at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    return np.where(known[at] == hashes, number[at], 0)


@compiled
def _hash_words(
    codes: Codes, places: Ints, room: Ints, step: int, lower: Codes, space: Bools
) -> tuple[Hashes, Ints, Ints]:
    """(hash of the first word from each place on in steps, its first character, the one behind its last).

    room: how many characters are looked at; lower, space: tables by code point. No word has the hash 0.
    """
    hashes = np.zeros(len(places), np.uint64)
    begin, end = np.zeros(len(places), np.int64), np.zeros(len(places), np.int64)
    for i in range(len(places)):
        at, last = places[i], places[i] + step * room[i]
        while at != last and room[i] > 0 and codes[at] < len(space) and space[codes[at]]:
            at += step
        begin[i] = at
        letters = True
        while at != last and room[i] > 0 and letters:
            code = codes[at]
            code = lower[code] if code < len(lower) else code
            letters = 97 <= code <= 122 and codes[at] < 128
            if letters or at == begin[i]:
                hashes[i] = (hashes[i] + np.uint64(code)) * _FACTOR
                at += step
        end[i] = at
    return hashes, begin, end


def _table(words: Iterable[tuple[str, int]], step: int) -> tuple[Hashes, Ints]:
    """Hashes in rising order, and the number of each; no hash is 0."""
    table = [(0, 0)]
    for word, number in words:
        value = 0
        for character in word[::step]:
            value = (value + ord(character)) * int(_FACTOR) % (1 << 64)
        table.append((value, number))
    table.sort()
    return np.array([h for h, _ in table], dtype=np.uint64), np.array([n for _, n in table], dtype=np.int64)
