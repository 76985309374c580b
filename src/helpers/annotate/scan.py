"""Every place where a term of the lexicon stands, in one pass over many texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from helpers.annotate.lexicon import Lexicon
from helpers.annotate.normalise import Folded, fold
from helpers.annotate.trie import find_terms, words_of
from helpers.annotate.vocabulary import MASK

# Of this class on a word that is also a symbol (was, set, rest) is not looked at in lower case.
COMMON_WORD = 4

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Hits:
    """Places of terms as parallel arrays, sorted by text and position.

    pattern: number of the term in the lexicon; text: number of the text; start, end: offsets in that
    text; upper: capitals within; place: position in the joined texts of `folded`; signals: place and species of
    every word that tells a species; words: number in the trie and start in the folded text of every word.
    """

    pattern: Ints
    text: Ints
    start: Ints
    end: Ints
    upper: Ints
    place: Ints
    folded: Folded
    signals: tuple[Ints, Ints]
    words: tuple[Numbers, Numbers]


def scan(texts: Sequence[str], lexicon: Lexicon) -> Hits:
    """All terms in the texts that stand between word boundaries, longest first where they nest.

    A term may run across spaces, hyphens and slashes, not across other punctuation unless it holds it.
    Of nested terms the longest stays (see `_visible`); a masked term hides what it holds and is left out.
    """
    folded = fold(texts)
    trie = lexicon.trie
    numbers, starts, ends = words_of(np.frombuffer(folded.text, dtype=np.uint8), *trie[:3])
    pattern, first, last = (column.astype(np.int64) for column in find_terms(numbers, *trie[3:]))
    place = folded.origin[starts[first]].astype(np.int64)
    stop = folded.origin[ends[last]].astype(np.int64)
    upper = (folded.upper[stop] - folded.upper[place]).astype(np.int64)
    marks = folded.hard[stop] - folded.hard[place]
    keep = marks <= lexicon.hard[pattern]
    keep &= (upper > 0) | (lexicon.common[pattern] < COMMON_WORD)
    text = np.searchsorted(folded.starts, place, side="right") - 1
    keep &= stop < folded.starts[text + 1]
    for hit in np.flatnonzero(keep & lexicon.lettered[pattern]).tolist():
        keep[hit] = not _holds_article(lexicon.patterns[pattern[hit]], folded.joined[place[hit] : stop[hit]])
    pattern, place, stop, upper, text = (a[keep] for a in (pattern, place, stop, upper, text))
    told = lexicon.species[pattern] >= 0
    signals = place[told], lexicon.species[pattern[told]].astype(np.int64)
    seen = _visible(stop, lexicon.hides[pattern], lexicon.modes[pattern]) & (
        lexicon.source[lexicon.first[pattern]] < MASK
    )
    pattern, place, stop, upper, text = (a[seen] for a in (pattern, place, stop, upper, text))
    base = folded.starts[text]
    return Hits(pattern, text, place - base, stop - base, upper, place, folded, signals, (numbers, starts))


def _holds_article(pattern: bytes, written: str) -> bool:
    """True for "TNF a" and "a catenin", where the letter is the article and no Latin alpha."""
    return written.endswith(" a") or (pattern.startswith(b" a ") and written[:2].lower() == "a ")


def _visible(stop: Ints, hides: Bools, mode: Bools) -> Bools:
    """Which hits, sorted by start and falling length, lie in no longer hit that hides them.

    A gene name or mask hides all within it ("tumor necrosis factor" is no necrosis); a mode hides other
    modes and therapies, but not the gene in "TRAIL-induced apoptosis"; a therapy hides other therapies,
    but not the mode in "ferroptosis inducer".
    """
    if not len(stop):
        return np.zeros(0, dtype=np.bool_)
    by_gene = np.maximum.accumulate(np.where(hides, stop, -1))
    by_mode = np.maximum.accumulate(np.where(hides | mode, stop, -1))
    by_any = np.maximum.accumulate(stop)
    seen = np.ones(len(stop), dtype=np.bool_)
    reach = np.where(hides[1:], by_gene[:-1], np.where(mode[1:], by_mode[:-1], by_any[:-1]))
    seen[1:] = stop[1:] > reach
    return seen
