"""The words right before and after many places of a text, all looked up at once.

A word is a run of ASCII letters, or the one other character that stands there. It is compared by a hash of
64 bits, built from the place outwards.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

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
    offsets = places[:, None] - 1 - np.arange(_REACH)
    return _look_up(codes, offsets, offsets >= first[:, None], "p=", -1, numbers)


def words_after(codes: Codes, places: Ints, last: Ints, numbers: Numbers) -> Ints:
    """Number of the feature "n=word" for the word that begins after each place; 0 for none.

    codes: code points of the text; last: offset from which on no word is looked for.
    """
    offsets = places[:, None] + np.arange(_REACH)
    return _look_up(codes, offsets, offsets < last[:, None], "n=", 1, numbers)


def _look_up(codes: Codes, offsets: Ints, valid: Bools, start: str, step: int, numbers: Numbers) -> Ints:
    """Number of the feature for the first word of each row of offsets, spaces passed over."""
    found = np.where(valid, codes[np.where(valid, offsets, 0)], 0x20)
    low = np.minimum(found, _TABLE - 1)
    lower = np.where(found < _TABLE, _LOWER[low], found)
    filled = ~_SPACE[low] | (found >= _TABLE)
    letter = (lower >= ord("a")) & (lower <= ord("z")) & (found < 0x80)
    begin = np.argmax(filled, axis=1)
    column, row = np.arange(_REACH), np.arange(len(found))
    beyond = ~letter & (column > begin[:, None])
    end = np.where(beyond.any(axis=1), np.argmax(beyond, axis=1), _REACH)
    end = np.where(letter[row, begin], end, begin + 1)
    inside = filled & (column >= begin[:, None]) & (column < end[:, None])
    hashes = np.zeros(len(found), dtype=np.uint64)
    for j in range(_REACH):
        hashes = np.where(inside[:, j], (hashes + lower[:, j]) * _FACTOR, hashes)
    if numbers.learn:
        for i in np.unique(hashes, return_index=True)[1].tolist():
            if word := "".join(map(chr, lower[i][inside[i]].tolist()))[::step]:
                numbers.number(start + word)
    if numbers.learn or start not in numbers.tables:
        numbers.tables[start] = _table(numbers.among(start).items(), step)
    known, number = numbers.tables[start]
    at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    return np.where(known[at] == hashes, number[at], 0)


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
