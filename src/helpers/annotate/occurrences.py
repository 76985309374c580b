"""Where the terms of genes stand in a batch of records, members of lists included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt

from helpers.annotate.families import find_lists, find_members
from helpers.annotate.features import shape_of
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.normalise import Codes, Folded
from helpers.annotate.scan import Hits, scan

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

# What a list of members may go on with after one of them; see `families`.
_LIST_MARKS = np.array([ord(c) for c in "/,-–&"])
_LIST_WORDS = np.array([ord(word[0]) << 32 | ord(word[1]) for word in ("an", "or", "to", "th")])

_Member = tuple[int, int, int, int, str]  # record, pattern, start, end, written out


@dataclass(frozen=True)
class Batch:
    """Terms of genes in a batch of records: one row per record and term, by record and first place.

    record, pattern: of each term; first: its places are first[i]:first[i+1] of start, end (offsets in the
    joined texts) and written (as it stands there, or written out). texts: the records' texts folded;
    record_text: number of the first text of each record, one more than records; signals: place and
    species of the words that tell a species; words: number in the trie and start of each word of the folded texts.
    """

    record: Ints
    pattern: Ints
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

    @cached_property
    def shapes(self) -> list[str]:
        """Spelling of most of each term's places; of the first where several are as many."""
        each, bounds = list(map(shape_of, self.written)), self.bounds
        usual = [each[first] for first in bounds[:-1]]
        for term in np.flatnonzero(np.diff(self.first) > 2).tolist():
            counts = Counter(each[bounds[term] : bounds[term + 1]])
            usual[term] = max(counts, key=counts.__getitem__)
        return usual

    def haystack(self, record: int) -> bytes:
        """Folded text of a record between spaces."""
        return self.texts.text[self.edges[record] - 1 : self.edges[record + 1] + 1]

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
        chain.from_iterable(find_members(text, *spans[i]) for i in _going_on(hits.folded.codes, end)),
        _find_lists(hits.folded, documents, chosen),
    )
    known = _known_members(list(dict.fromkeys(named)), hits.folded, documents, lexicon)
    members = _not_yet_found([member for member in known if chosen[member[0]]], record, pattern, start)
    if members:
        more = list(zip(*members, strict=True))
        record, pattern, start, end = (
            np.concatenate([held, np.array(new, dtype=np.int64)])
            for held, new in zip((record, pattern, start, end), more[:4], strict=True)
        )
        written += more[4]
    _, at, of = np.unique(record * len(lexicon.patterns) + pattern, return_index=True, return_inverse=True)
    order = np.lexsort((at, record[at]))
    term = np.argsort(order)[of]
    places = np.argsort(term, kind="stable")
    return Batch(
        record=record[at[order]],
        pattern=pattern[at[order]],
        first=np.concatenate([[0], np.cumsum(np.bincount(term, minlength=len(at)))]),
        start=start[places],
        end=end[places],
        written=[written[i] for i in places.tolist()],
        texts=hits.folded,
        record_text=np.append(np.flatnonzero(np.diff(documents, prepend=-1)), len(documents)),
        signals=hits.signals,
        words=hits.words,
    )


def _find_lists(texts: Folded, documents: Ints, chosen: Bools) -> Iterator[tuple[str, int, int]]:
    """(member written out, start, end) of the lists that show by themselves, in texts of the chosen records."""
    which = np.flatnonzero(chosen[documents])
    return find_lists(texts.joined, texts.codes, texts.starts[which], texts.starts[which + 1] - 1)


def _going_on(codes: Codes, ends: Ints) -> list[int]:
    """Numbers of the ends after which a list of members may go on, by the three characters that follow."""
    last = len(codes) - 1
    first, second, third = (codes[np.minimum(ends + n, last)] for n in range(3))
    words = np.isin(second.astype(np.int64) << 32 | third, _LIST_WORDS)
    found = np.isin(first, _LIST_MARKS) | ((first == ord(" ")) & (words | np.isin(second, _LIST_MARKS)))
    return np.flatnonzero(found).tolist()


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
