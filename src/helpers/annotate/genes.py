"""Which gene, if any, each term of a record stands for.

One sense per term and record: candidates are scored by the classifier of `features`, the best gene of
each term is kept if it is likely enough. Without weights the source of the term and its spelling decide.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain, groupby, pairwise
from typing import NamedTuple

import numpy as np

from helpers.annotate.classify import ORTHOLOGUE, decide
from helpers.annotate.families import find_bracketed, find_members, find_plurals, find_ranges
from helpers.annotate.features import Place, Record
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.scan import Hits, scan
from helpers.annotate.species import SPECIES, is_cell_line
from helpers.annotate.vocabulary import GENE, NAMES, SOURCES, SYMBOL

# What a list of members may go on with after one of them; see `families`.
_LIST_MARKS = frozenset("/,-–&")
_LIST_WORDS = frozenset({"an", "or", "to", "th"})


class Named(NamedTuple):
    """A gene named: offsets in the joined texts, the concept, and the rule that decided."""

    start: int
    end: int
    gene: int
    rule: str


def choose_genes(hits: Hits, documents: Sequence[int], lexicon: Lexicon) -> list[Named]:
    """Genes named in every record; `documents` is the record of each text, records standing together."""
    choose = _classify if lexicon.weights else _by_source
    return [named for record in gather_records(hits, documents, lexicon) for named in choose(record, lexicon)]


def gather_records(hits: Hits, documents: Sequence[int], lexicon: Lexicon) -> Iterator[Record]:
    """The records that hold a term of a gene, with all that is needed to decide on them."""
    folded = hits.folded
    starts, edges = folded.starts.tolist(), folded.edges.tolist()
    signal_places, signal_species = (column.tolist() for column in hits.signals)
    bounds = [next(group) for _, group in groupby(range(len(documents)), key=documents.__getitem__)]
    found = _places(hits, documents, lexicon)
    for first, after in pairwise([*bounds, len(documents)]):
        places = found.get(documents[first])
        if not places:
            continue
        a, b = bisect_left(signal_places, starts[first]), bisect_left(signal_places, starts[after])
        haystack = folded.text[edges[first] - 1 : edges[after] + 1]
        entries = {
            p: held for p, at in places.items() if (held := _entries(p, at, haystack, folded.joined, lexicon))
        }
        yield Record(
            text=folded.joined,
            start=starts[first],
            end=starts[after] - 1,
            title_end=starts[first + 1],
            haystack=haystack,
            places=places,
            entries=entries,
            signals=(signal_places[a:b], [SPECIES[s] for s in signal_species[a:b]]),
        )


def _entries(
    pattern: int, places: Sequence[Place], haystack: bytes, text: str, lexicon: Lexicon
) -> Sequence[tuple[int, int]]:
    """(source, gene) of each gene the term may mean here, by the rules of ambiguous terms."""
    key = (pattern,)
    known = lexicon.memory.get(key)
    if known is None:
        known = lexicon.memory[key] = _list_meanings(pattern, lexicon)
    plain, ruled, may_be_line = known
    if may_be_line and any(is_cell_line(text, place.start, place.end) for place in places):
        return ()
    if not ruled:
        return plain
    return [
        meaning
        for meaning, exact, context in ruled
        if (not exact or any(place.written in exact for place in places))
        and (not context or any(word in haystack for word in context))
    ]


_Meaning = tuple[int, int]  # source, gene
_Ruled = tuple[_Meaning, frozenset[str] | None, tuple[bytes, ...] | None]


def _list_meanings(pattern: int, lexicon: Lexicon) -> tuple[tuple[_Meaning, ...], tuple[_Ruled, ...], bool]:
    """Genes a term may mean (plain, ruled, short).

    plain: (source, gene) of each; ruled: each with its spellings and context words, if any gene hangs on
    such a rule; short: the term is no longer than names of cell lines are.
    """
    ruled = []
    for entry in range(lexicon.first[pattern], lexicon.first[pattern + 1]):
        gene = int(lexicon.concept[entry])
        if gene >= 0 and lexicon.kinds[gene] == GENE:
            meaning = int(lexicon.source[entry]), gene
            ruled.append((meaning, lexicon.exact.get(entry), lexicon.contexts.get((pattern, gene))))
    plain = tuple(meaning for meaning, _, _ in ruled)
    rules = tuple(ruled) if any(exact or context for _, exact, context in ruled) else ()
    return plain, rules, len(lexicon.patterns[pattern]) < 9


_Found = dict[int, dict[int, list[Place]]]


def _places(hits: Hits, documents: Sequence[int], lexicon: Lexicon) -> _Found:
    """Record -> pattern -> where it stands, members of lists included."""
    found: _Found = {}
    text = hits.folded.joined
    members: list[tuple[int, str, int, int]] = []
    which = np.flatnonzero(lexicon.hides[hits.pattern])
    ends = hits.place[which] + hits.end[which] - hits.start[which]
    spans = list(zip(hits.place[which].tolist(), ends.tolist(), strict=True))
    columns = hits.pattern[which].tolist(), hits.text[which].tolist(), spans
    for pattern, number, (start, end) in zip(*columns, strict=True):
        document = documents[number]
        held = found.get(document)
        if held is None:
            held = found[document] = {}
        place = Place(start, end, text[start:end])
        if pattern in held:
            held[pattern].append(place)
        else:
            held[pattern] = [place]
        after = text[end : end + 3]
        if after[0] in _LIST_MARKS or (
            after[0] == " " and (after[1:] in _LIST_WORDS or after[1] in _LIST_MARKS)
        ):
            members += [(document, *member) for member in find_members(text, start, end)]
    starts = hits.folded.starts
    for written, start, end in chain(find_bracketed(text), find_ranges(text), find_plurals(text)):
        number = int(np.searchsorted(starts, start, side="right")) - 1
        members.append((documents[number], written, start, end))
    _add_members(found, members, lexicon)
    return found


def _add_members(found: _Found, members: Sequence[tuple[int, str, int, int]], lexicon: Lexicon) -> None:
    """Add the members of lists that the lexicon knows in full ("caspase-7" of "caspase-3/-7")."""
    members = list(dict.fromkeys(members))
    hits = scan([written for _, written, _, _ in members], lexicon)
    whole = zip(
        hits.pattern.tolist(), hits.text.tolist(), hits.start.tolist(), hits.end.tolist(), strict=True
    )
    for pattern, number, start, end in whole:
        document, written, first, last = members[number]
        if start == 0 and end == len(written) and lexicon.hides[pattern]:
            places = found.setdefault(document, {}).setdefault(pattern, [])
            if all(place.start != first for place in places):
                places.append(Place(first, last, written))


def _classify(record: Record, lexicon: Lexicon) -> list[Named]:
    """Genes by the classifier; the rule says where the term comes from, and if it is an orthologue's."""
    named = []
    for pattern, (gene, species) in decide(record, lexicon).items():
        rule = SOURCES[min(source for source, g in record.entries[pattern] if g == gene)]
        rule = f"orthologue, {rule}" if species == ORTHOLOGUE else rule
        named += [Named(place.start, place.end, gene, rule) for place in record.places[pattern]]
    return named


def _by_source(record: Record, lexicon: Lexicon) -> list[Named]:
    """Genes by the source of the term and its spelling, where no weights are given."""
    sure = {
        entries[0][1]
        for pattern, entries in record.entries.items()
        if len({gene for _, gene in entries}) == 1 and _plausible(record.places[pattern], entries[0][0])
    }
    named = []
    for pattern, entries in record.entries.items():
        best = min(source for source, _ in entries)
        if not _plausible(record.places[pattern], best):
            continue
        genes = {gene for source, gene in entries if source == best}
        genes = genes if len(genes) == 1 else genes & sure
        if len(genes) == 1:
            gene = genes.pop()
            named += [Named(p.start, p.end, gene, SOURCES[best]) for p in record.places[pattern]]
    return named


def _plausible(places: Sequence[Place], source: int) -> bool:
    """True if a full name, or written at least once as symbols are: with capitals or a digit."""
    if source in NAMES:
        return True
    for place in places:
        written = place.written
        if sum(c.isupper() for c in written) >= 2 or any(c.isdigit() for c in written):
            if len(written) > 2 or source == SYMBOL:
                return True
        elif len(written) > 3 and not written.islower():
            return True
    return False
