"""Where the terms of genes stand in a batch of records, members of lists included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt

from helpers.annotate.families import find_lists, find_members, may_go_on
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.normalise import Folded, code_points
from helpers.annotate.scan import Hits, scan
from helpers.annotate.shapes import SHAPES, find_shapes, most_frequent

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

_Member = tuple[int, int, int, int, str]  # record, pattern, start, end, written out


@dataclass(frozen=True)
class Batch:
    """Terms of genes in a batch of records: one row per record and term, by record and first place.

    record, pattern: of each term; shape: spelling of most of its places, a number in SHAPES; first: its places
    are first[i]:first[i+1] of start, end (offsets in the joined texts) and written (as it stands there, or written
    out). texts: the records' texts folded; record_text: number of the first text of each record, one more than
    records; signals: place and species of the words that tell a species; words: number in the trie and start of
    each word of the folded texts.
    """

    record: Ints
    pattern: Ints
    shape: Ints
    first: Ints
    start: Ints
    end: Ints
    written: list[str]
    texts: Folded
    record_text: Ints
    signals: tuple[Ints, Ints]
    words: tuple[Numbers, Numbers]

    @cached_property
    def term(self) -> Ints:
        """Term of each place."""
        return np.repeat(np.arange(len(self.record)), np.diff(self.first))

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """(start, end) of each place."""
        return list(zip(self.start.tolist(), self.end.tolist(), strict=True))

    @cached_property
    def record_start(self) -> Ints:
        """Where each record starts in the joined texts; the last is the total."""
        return self.texts.starts[self.record_text]

    @cached_property
    def title_end(self) -> Ints:
        """Where the first field of each record ends."""
        return self.texts.starts[self.record_text[:-1] + 1]

    @cached_property
    def edges(self) -> Ints:
        """Where each record begins in the folded texts, and the end of the last."""
        return self.texts.edges[self.record_text]

    @cached_property
    def bounds(self) -> list[int]:
        """The places of term i are bounds[i]:bounds[i + 1]."""
        bounds: list[int] = self.first.tolist()
        return bounds

    def spellings(self, term: int) -> list[str]:
        """The term as written at each of its places."""
        return self.written[self.bounds[term] : self.bounds[term + 1]]


def gather_terms(hits: Hits, documents: Ints, chosen: Bools, lexicon: Lexicon) -> Batch:
    """Terms of genes of the chosen records; `documents` is the record of each text, from 0 without a gap."""
    which = np.flatnonzero(lexicon.hides[hits.pattern] & chosen[documents[hits.text]])
    start = hits.place[which]
    end = start + hits.end[which] - hits.start[which]
    record, pattern = documents[hits.text[which]], hits.pattern[which]
    text = hits.folded.joined
    spans = list(zip(start.tolist(), end.tolist(), strict=True))
    written = [text[a:b] for a, b in spans]
    named = chain(
        chain.from_iterable(
            find_members(text, *spans[i]) for i in np.flatnonzero(may_go_on(hits.folded.codes, end)).tolist()
        ),
        _find_lists(hits.folded, documents, chosen),
    )
    known = _known_members(list(dict.fromkeys(named)), hits.folded, documents, lexicon)
    members = _not_yet_found([member for member in known if chosen[member[0]]], record, pattern, start)
    shape = find_shapes(hits.folded.codes, start, end)
    if members:
        more = list(zip(*members, strict=True))
        shape = np.concatenate([shape, _shapes_of(more[4])])
        record, pattern, start, end = (
            np.concatenate([held, np.array(new, dtype=np.int64)])
            for held, new in zip((record, pattern, start, end), more[:4], strict=True)
        )
        written += more[4]
    _, at, of = np.unique(record * len(lexicon.patterns) + pattern, return_index=True, return_inverse=True)
    order = np.lexsort((at, record[at]))
    term = np.argsort(order)[of]
    places = np.argsort(term, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(term, minlength=len(at)))])
    return Batch(
        record=record[at[order]],
        pattern=pattern[at[order]],
        shape=most_frequent(shape[places], first, len(SHAPES)),
        first=first,
        start=start[places],
        end=end[places],
        written=[written[i] for i in places.tolist()],
        texts=hits.folded,
        record_text=np.append(np.flatnonzero(np.diff(documents, prepend=-1)), len(documents)),
        signals=hits.signals,
        words=hits.words,
    )


def _shapes_of(texts: Sequence[str]) -> Ints:
    """Spelling of each text, a number in SHAPES."""
    end = np.cumsum([len(text) for text in texts])
    return find_shapes(code_points("".join(texts)), np.append(0, end[:-1]), end)


def _find_lists(texts: Folded, documents: Ints, chosen: Bools) -> Iterator[tuple[str, int, int]]:
    """(member written out, start, end) of the lists that show by themselves, in texts of the chosen records."""
    which = np.flatnonzero(chosen[documents])
    return find_lists(texts.joined, texts.codes, texts.starts[which], texts.starts[which + 1] - 1)


def _known_members(
    members: list[tuple[str, int, int]], texts: Folded, documents: Ints, lexicon: Lexicon
) -> Iterator[_Member]:
    """Members of lists that the lexicon knows in full ("caspase-7" of "caspase-3/-7")."""
    hits = scan([written for written, _, _ in members], lexicon)
    numbers = np.searchsorted(texts.starts, [start for _, start, _ in members], side="right") - 1
    whole = (hits.start == 0) & lexicon.hides[hits.pattern]
    columns = (hits.pattern[whole], hits.text[whole], hits.end[whole])
    for pattern, number, end in zip(*(column.tolist() for column in columns), strict=True):
        written, first, last = members[number]
        if end == len(written):
            yield int(documents[numbers[number]]), pattern, first, last, written


def _not_yet_found(members: Sequence[_Member], record: Ints, pattern: Ints, start: Ints) -> list[_Member]:
    """The members that start where their term is not known to stand."""
    near = np.isin(start, [first for _, _, first, _, _ in members])
    found = set(zip(*(column[near].tolist() for column in (record, pattern, start)), strict=True))
    new = []
    for member in members:
        if member[:3] not in found:
            found.add(member[:3])
            new.append(member)
    return new
