"""Every place where a term of the lexicon stands, in one pass over many texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from helpers.annotate.compiled import compiled
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.normalise import CLOSES, FOLD, OPENS, UPPER, Folded, fold
from helpers.annotate.trie import find_terms, words_of
from helpers.annotate.vocabulary import MASK

# Of this class on a word that is also a symbol (was, set, rest) is not looked at in lower case.
COMMON_WORD = 4
_DOT, _HARD = 0x2E, 0x02  # what `normalise` folds marks to
_SPACE, _S, _CAPITAL_A, _APOSTROPHE, _QUOTE = 0x20, ord("s"), ord("A"), ord("'"), 0x2019

Bytes = npt.NDArray[np.uint8]
Signs = npt.NDArray[np.int8]
Codes = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Hits:
    """Places of terms as parallel arrays, sorted by text and position.

    pattern: number of the term in the lexicon; text: number of the text; start, end: offsets in that
    text; place: position in the joined texts of `folded`; signals: place and species of
    every word that tells a species; words: number in the trie and start in the folded text of every word.
    """

    pattern: Ints
    text: Ints
    start: Ints
    end: Ints
    place: Ints
    folded: Folded
    signals: tuple[Ints, Ints]
    words: tuple[Numbers, Numbers]


def scan(texts: Sequence[str], lexicon: Lexicon) -> Hits:
    """All terms in the texts that stand between word boundaries, longest first where they nest.

    A term may run across spaces, hyphens and slashes, not across other punctuation unless it holds it.
    Of nested terms the longest stays (see `_select`); a masked term hides what it holds and is left out.
    """
    folded = fold(texts)
    trie = lexicon.trie
    numbers, starts, ends = words_of(np.frombuffer(folded.text, dtype=np.uint8), *trie[:3])
    terms, firsts, lasts = find_terms(numbers, *trie[3:])
    found, signals = _select(
        terms,
        firsts,
        lasts,
        starts,
        ends,
        folded.origin,
        folded.starts,
        folded.codes,
        FOLD,
        UPPER,
        lexicon.hard,
        lexicon.common,
        lexicon.english,
        lexicon.species,
        lexicon.hides,
        lexicon.modes,
        _masks(lexicon),
    )
    pattern, text, place, stop = found
    base = folded.starts[text]
    return Hits(
        pattern, text, place - base, stop - base, place, folded, (signals[0], signals[1]), (numbers, starts)
    )


def _masks(lexicon: Lexicon) -> Bools:
    """Per pattern: it stands for nothing but hides what it holds; remembered."""
    known: Bools | None = lexicon.memory.get("masks")
    if known is None:
        known = lexicon.memory["masks"] = lexicon.source[lexicon.first[:-1]] >= MASK
    return known


@compiled
def _select(
    terms: Numbers,
    firsts: Numbers,
    lasts: Numbers,
    word_starts: Numbers,
    word_ends: Numbers,
    origin: Numbers,
    text_starts: Ints,
    codes: Codes,
    fold_table: Bytes,
    upper_table: Bools,
    hard: Bytes,
    common: Bytes,
    english: Bytes,
    species: Signs,
    hides: Bools,
    modes: Bools,
    masks: Bools,
) -> tuple[Ints, Ints]:
    """Terms that stand as they must and in no longer one: (pattern, text, place, stop) and signals (place, species).

    Terms come by first word and falling length. A gene name or mask hides all within it ("tumor necrosis factor"
    is no necrosis); a mode hides other modes and therapies, but not the gene in "TRAIL-induced apoptosis"; a
    therapy hides other therapies, but not the mode in "ferroptosis inducer". Not the terms are "TNF a" and
    "a catenin", where the letter is the article and no Latin alpha, nor "BDNF as", "in G1" and "protein's".
    """
    found, signals = np.empty((4, len(terms)), np.int64), np.empty((2, len(terms)), np.int64)
    n, told, text = 0, 0, 0
    by_gene, by_mode, by_any = -1, -1, -1  # how far the terms so far reach
    for i in range(len(terms)):
        pattern = terms[i]
        place, stop = origin[word_starts[firsts[i]]], origin[word_ends[lasts[i]]]
        while text_starts[text + 1] <= place:
            text += 1
        if stop >= text_starts[text + 1]:
            continue
        capitals, marks = 0, 0
        for at in range(place, stop):
            code = min(codes[at], 0xFFFF)
            capitals += upper_table[code]
            marks += fold_table[code] == _HARD or fold_table[code] == _DOT
        if marks > hard[pattern] or (capitals == 0 and common[pattern] >= COMMON_WORD):
            continue
        if english[pattern] & CLOSES and 97 <= codes[stop - 1] <= 122:
            begin = origin[word_starts[lasts[i]]]
            gap, possessive = codes[begin - 1], stop - begin == 1 and codes[begin] == _S
            if gap in (_APOSTROPHE, _QUOTE) or (gap == _SPACE and not possessive):
                continue
        if english[pattern] & OPENS:
            after = origin[word_ends[firsts[i]]]
            article = after - place == 1 and codes[place] == _CAPITAL_A
            if codes[after] == _SPACE and (article or 97 <= codes[after - 1] <= 122):
                continue
        if species[pattern] >= 0:
            signals[0, told], signals[1, told] = place, species[pattern]
            told += 1
        hidden = by_gene if hides[pattern] else by_mode if modes[pattern] else by_any
        if stop > hidden and not masks[pattern]:
            found[0, n], found[1, n], found[2, n], found[3, n] = pattern, text, place, stop
            n += 1
        by_any = max(by_any, stop)
        if hides[pattern] or modes[pattern]:
            by_mode = max(by_mode, stop)
        if hides[pattern]:
            by_gene = max(by_gene, stop)
    return found[:, :n].copy(), signals[:, :told].copy()
