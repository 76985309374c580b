"""How a term is spelled, in classes: capitals or lower case, with a digit, with a space."""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

from helpers.annotate.compiled import compiled

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]

# U capitals, l lower case, T title case, M mixed, none without letters; 9 with digit, w with space.
SHAPES = tuple(
    letters + digit + space for letters, digit, space in product(("none", *"UlTM"), ("", "9"), ("", "w"))
)
_LETTER, _CAPITAL, _DIGIT, _SPACE = 1, 2, 4, 8


def _kinds() -> Bytes:
    """Kinds of each code point below 65,536 that a term may hold, as bits."""
    kinds = np.zeros(65536, dtype=np.uint8)
    for code in [*range(0x600), *range(0x1E00, 0x2200), *range(0x2460, 0x2500), *range(0xFF01, 0xFF5F)]:
        letter = chr(code)
        kinds[code] = letter.isalpha() * _LETTER | letter.isupper() * _CAPITAL | letter.isdigit() * _DIGIT
    kinds[0x20] = _SPACE
    return kinds


_KINDS = _kinds()


def find_shapes(codes: Codes, start: Ints, end: Ints) -> Ints:
    """Number in SHAPES of each stretch [start, end) of a text of these code points."""
    return _shapes(codes, start, end, _KINDS)


@compiled
def _shapes(codes: Codes, start: Ints, end: Ints, kinds: Bytes) -> Ints:
    shapes = np.zeros(len(start), np.int64)
    for i in range(len(start)):
        letters, capitals, first, other = 0, 0, False, 0
        for at in range(start[i], end[i]):
            kind = kinds[min(codes[at], 0xFFFF)]
            if kind & _LETTER:
                first = first or (letters == 0 and kind & _CAPITAL)
                letters += 1
                capitals += kind & _CAPITAL > 0
            other |= kind
        if letters and capitals == letters:
            shapes[i] = 4  # U
        elif letters and capitals == 0:
            shapes[i] = 8  # l
        elif letters:
            shapes[i] = 12 if capitals == 1 and first else 16  # T, M
        shapes[i] += 2 * (other & _DIGIT > 0) + (other & _SPACE > 0)
    return shapes


@compiled
def most_frequent(values: Ints, first: Ints, n: int) -> Ints:
    """The value met most in each stretch first[i]:first[i + 1] of values below n; of several the one met first."""
    result, counts = np.zeros(len(first) - 1, np.int64), np.zeros(n, np.int64)
    for i in range(len(first) - 1):
        for at in range(first[i], first[i + 1]):
            counts[values[at]] += 1
        most = 0
        for at in range(first[i], first[i + 1]):
            if counts[values[at]] > most:
                result[i], most = values[at], counts[values[at]]
        for at in range(first[i], first[i + 1]):
            counts[values[at]] = 0
    return result
