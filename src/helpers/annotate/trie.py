"""The terms of a lexicon as a trie of words, and the numbers of the words of a folded text.

A folded term is words between spaces, and so is folded text: a term is found by following its words from the
one it starts with. Words have numbers; they are looked up by hash and compared in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from helpers.annotate.compiled import compiled

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]

_SPACE = 0x20
_MET = 1 << 12  # a power of 2


class Trie(NamedTuple):
    """Terms as states: 0 is the start; a word leads from one state to another.

    words: all words, each with a space after it; begin: where each starts, and the end of the last; slots: hash
    table of their numbers, -1 where empty. opening: state each word leads to from the start, or -1; keys, states:
    hash table of all other steps, (state << 32 | word) -> state, keys -1 where empty; term: number of the term
    that ends in each state, or -1; depth: most words in a term.
    """

    words: Bytes
    begin: Numbers
    slots: Numbers
    opening: Numbers
    keys: Ints
    states: Numbers
    term: Numbers
    depth: int


def build_trie(patterns: Sequence[bytes]) -> Trie:
    """The trie of folded terms, each between spaces."""
    words: dict[bytes, int] = {}
    opening: list[int] = []
    steps: dict[int, int] = {}
    term = [-1]
    depth = 0
    for number, pattern in enumerate(patterns):
        state, held = 0, pattern.split()
        depth = max(depth, len(held))
        for text in held:
            word = words.setdefault(text, len(words))
            if word == len(opening):
                opening.append(-1)
            before, key = state, state << 32 | word
            state = steps.get(key, -1) if before else opening[word]
            if state < 0:
                state = len(term)
                term.append(-1)
                if before:
                    steps[key] = state
                else:
                    opening[word] = state
        term[state] = number
    spelled = np.frombuffer(b" ".join([*words, b""]), dtype=np.uint8)
    begin = np.cumsum([0, *(len(word) + 1 for word in words)]).astype(np.int32)
    keys = np.fromiter(steps, dtype=np.int64, count=len(steps))
    slots, places = _hash_table(_hash_words(spelled, begin)), _hash_table(keys.view(np.uint64))
    return Trie(
        words=spelled,
        begin=begin,
        slots=slots,
        opening=np.array(opening, dtype=np.int32),
        keys=np.where(places < 0, -1, np.append(keys, -1)[places]),
        states=np.array([*steps.values(), -1], dtype=np.int32)[places],
        term=np.array(term, dtype=np.int32),
        depth=depth,
    )


def _hash_table(hashes: Hashes) -> Numbers:
    """Open hash table of the numbers of the hashes, -1 where empty, of a size that is a power of 2."""
    table = np.full(1 << max(4, (2 * len(hashes)).bit_length()), -1, dtype=np.int32)
    waiting = np.arange(len(hashes), dtype=np.int32)
    slots = _slots(hashes, len(table))
    while len(waiting):
        free = table[slots] < 0
        table[slots[free]] = waiting[free]  # of several for one slot the last stays, the others go on
        left = table[slots] != waiting
        waiting, slots = waiting[left], (slots[left] + 1) & (len(table) - 1)
    return table


@compiled
def words_of(text: Bytes, words: Bytes, begin: Numbers, slots: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """(number of each word of a text or -1 where no term holds it, its start, its end).

    text: words between spaces, as `Folded.text`; the other arguments are those of a Trie.
    """
    room = len(text) // 2 + 1
    numbers, starts, ends = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32)
    # The words met last, by hash: most words of a text are few, and the tables do not fit in the cache.
    met, met_number = np.zeros(_MET, np.uint64), np.empty(_MET, np.int32)
    start, n = 0, 0
    value = np.uint64(0)
    for i in range(len(text)):
        if text[i] != _SPACE:
            value = _mix(value, text[i])
            continue
        if i > start:
            place = int(value & np.uint64(_MET - 1))
            if met[place] != value:
                slot = _slot(value, len(slots))
                while slots[slot] >= 0 and not _same(text, start, i, words, begin, slots[slot]):
                    slot = (slot + 1) & (len(slots) - 1)
                met[place], met_number[place] = value, slots[slot]
            numbers[n], starts[n], ends[n] = met_number[place], start, i
            n += 1
        start, value = i + 1, np.uint64(0)
    return numbers[:n], starts[:n], ends[:n]


@compiled
def find_terms(
    numbers: Numbers, opening: Numbers, keys: Ints, states: Numbers, term: Numbers, depth: int
) -> tuple[Numbers, Numbers, Numbers]:
    """(term, its first word, its last word) of all terms in a text, by first word and falling length.

    numbers: of the words of the text; the other arguments are those of a Trie.
    """
    found = np.empty((3, len(numbers) + depth), np.int32)
    path = np.empty(depth + 1, np.int32)
    n = 0
    for first in range(len(numbers)):
        state, last = 0, first
        while last < len(numbers) and numbers[last] >= 0 and state >= 0:
            state = opening[numbers[last]] if last == first else _follow(state, numbers[last], keys, states)
            if state >= 0:
                path[last - first] = term[state]
                last += 1
        if n + depth > found.shape[1]:
            more = np.empty((3, 2 * found.shape[1]), np.int32)
            more[:, :n] = found[:, :n]
            found = more
        for at in range(last - 1, first - 1, -1):
            if path[at - first] >= 0:
                found[0, n], found[1, n], found[2, n] = path[at - first], first, at
                n += 1
    return found[0, :n], found[1, :n], found[2, :n]


@compiled
def _follow(state: int, word: int, keys: Ints, states: Numbers) -> int:
    """State that a word leads to from any state but the start; -1 if there is none."""
    key = np.int64(state) << 32 | np.int64(word)
    slot = _slot(np.uint64(key), len(keys))
    while keys[slot] != key:
        if keys[slot] < 0:
            return -1
        slot = (slot + 1) & (len(keys) - 1)
    return int(states[slot])


@compiled
def _hash_words(words: Bytes, begin: Numbers) -> Hashes:
    """Hash of each word."""
    hashes = np.zeros(len(begin) - 1, np.uint64)
    for word in range(len(begin) - 1):
        for i in range(begin[word], begin[word + 1] - 1):
            hashes[word] = _mix(hashes[word], words[i])
    return hashes


@compiled
def _slots(hashes: Hashes, size: int) -> Ints:
    """Where to look first for each hash in a table of that size."""
    slots = np.empty(len(hashes), np.int64)
    for i in range(len(hashes)):
        slots[i] = _slot(hashes[i], size)
    return slots


@compiled
def _mix(value: Any, byte: int) -> Any:
    """Hash of a word so far and one more byte."""
    return (value ^ np.uint64(byte)) * np.uint64(0x100000001B3) + np.uint64(1)


@compiled
def _slot(value: Any, size: int) -> int:
    """Where to look first for a hash in a table whose size is a power of 2."""
    return int((value * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & (size - 1)


@compiled
def _same(text: Bytes, start: int, end: int, words: Bytes, begin: Numbers, word: int) -> bool:
    """True if the text holds the word at `[start, end)`."""
    first = begin[word]
    if begin[word + 1] - first != end - start + 1:
        return False
    for i in range(end - start):  # noqa: SIM110 - numba compiles no generator
        if text[start + i] != words[first + i]:
            return False
    return True
