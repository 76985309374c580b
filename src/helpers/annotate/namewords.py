"""Which words of gene names stand in each record of a batch, found in one pass over its folded texts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

_WINDOW = 8
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(_WINDOW + 1)], dtype=np.uint64)
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_SIEVE_BITS = 18


def find_words(text: bytes, edges: Ints, wanted: Iterable[bytes]) -> list[frozenset[bytes]]:
    """For each stretch of the text between two edges, which of the wanted words stand in it.

    text: words between spaces; edges: where each stretch begins, and the end of the last; wanted:
    words of three letters and more. Words are sifted by a hash of their ends and length, then compared.
    """
    words = sorted(set(wanted))
    spelled = b" " + b" ".join(words) + b" "
    hashes = _hash(spelled, *_bounds(spelled))
    sieve = np.zeros(1 << _SIEVE_BITS, dtype=np.bool_)
    sieve[_slot(hashes)] = True
    starts, ends = _bounds(text)
    likely = np.flatnonzero(sieve[_slot(_hash(text, starts, ends))])
    starts, ends = starts[likely], ends[likely]
    known = {word: word for word in words}
    found = [known.get(text[a:b]) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    bounds = np.searchsorted(starts, edges).tolist()
    return [frozenset(word for word in found[a:b] if word) for a, b in pairwise(bounds)]


def _bounds(text: bytes) -> tuple[Ints, Ints]:
    """(start, end) of each word of three letters and more."""
    spaces = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == 0x20)
    long = np.flatnonzero(np.diff(spaces) > 3)
    return spaces[long] + 1, spaces[long + 1]


def _hash(text: bytes, starts: Ints, ends: Ints) -> Hashes:
    """Hash of the first and last eight bytes and the length of each word."""
    padded = text + bytes(_WINDOW)
    windows = np.ndarray(len(text), dtype="<u8", buffer=padded, strides=(1,))
    length = ends - starts
    mask = _MASKS[np.minimum(length, _WINDOW)]
    first, last = windows[starts] & mask, windows[np.maximum(starts, ends - _WINDOW)] & mask
    hashes: Hashes = first * _FACTORS[0] ^ last * _FACTORS[1] ^ length.astype(np.uint64) * _FACTORS[2]
    return hashes


def _slot(hashes: Hashes) -> Hashes:
    """Place of each hash in the sieve."""
    return hashes >> np.uint64(64 - _SIEVE_BITS)
