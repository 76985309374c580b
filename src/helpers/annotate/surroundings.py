"""How a candidate gene fits its record: features of the places of its terms and of the record's other terms.

Features are pairs of a candidate and a number of `features.Numbers`; all of a batch are made at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import numpy as np

from helpers.annotate.abbreviations import find_long_form, is_short_form
from helpers.annotate.candidates import Candidates, Meanings, spread
from helpers.annotate.coverage import coverage, name_words
from helpers.annotate.features import Numbers, length_class
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.namewords import find_words
from helpers.annotate.neighbours import words_after, words_before
from helpers.annotate.occurrences import Batch, Bools, Ints

_WORD = re.compile(rb"[a-z0-9]{3,}")
_COUNTS = ("", "1", "2", "3-4", "3-4", "5+")
_SIZES = ("1", "2", "3", "4", "5-6", "7-10", "11-20", "21+")
Pairs = list[tuple[Ints, Ints]]  # candidates, features


def describe(
    batch: Batch,
    meanings: Meanings,
    candidates: Candidates,
    chosen: Bools,
    numbers: Numbers,
    lexicon: Lexicon,
) -> tuple[Ints, Ints]:
    """(candidate, feature) of each feature of the chosen candidates in their records, none twice."""
    which = np.flatnonzero(chosen)
    pairs = [
        *_support(batch, meanings, candidates, which, numbers),
        _names(batch, candidates, which, numbers, lexicon),
    ]
    held = np.flatnonzero(chosen[candidates.of])
    owner, term = candidates.of[held], meanings.term[held]
    wanted, place_features = _places(batch, np.unique(term), numbers)
    order = np.lexsort((place_features, wanted))
    wanted, place_features = wanted[order], place_features[order]
    number, at = spread(np.searchsorted(wanted, term), np.searchsorted(wanted, term, side="right"))
    pairs.append((owner[number], place_features[at]))
    pairs.append(_definitions(batch, meanings, candidates, owner, term, numbers, lexicon))
    size = len(numbers.names)
    both = np.unique(np.concatenate([owner * size + feature for owner, feature in pairs]))
    return both // size, both % size


def _support(
    batch: Batch, meanings: Meanings, candidates: Candidates, which: Ints, numbers: Numbers
) -> Iterator[tuple[Ints, Ints]]:
    """How many other terms of the record may mean the gene, or a rival of it; how many terms there are."""
    others = candidates.support[which] - 1
    named = np.array([numbers.number(f"sup:{n}") for n in range(4)])
    yield which, named[np.minimum(3, others)]
    terms = np.bincount(
        batch.record[np.unique(meanings.term)], minlength=int(batch.record.max(initial=0)) + 1
    )
    classes = [int(n).bit_length() for n in terms]
    many = {n: numbers.number(f"many:{n}") for n in set(classes)}
    yield which, np.array([many[n] for n in classes])[candidates.record[which]]
    lead = candidates.lead[which]
    number, at = spread(np.searchsorted(meanings.term, lead), np.searchsorted(meanings.term, lead, "right"))
    support = np.where(candidates.of[at] == which[number], 0, candidates.support[candidates.of[at]])
    rival = np.zeros(len(which), dtype=np.int64)
    np.maximum.at(rival, number, support)
    rival -= 1
    standing = np.select([rival < 0, rival < others, rival == others], [0, 1, 2], 3)
    yield which, np.array([numbers.number(f"riv:{mark}") for mark in "-<=>"])[standing]


def _names(
    batch: Batch, candidates: Candidates, which: Ints, numbers: Numbers, lexicon: Lexicon
) -> tuple[Ints, Ints]:
    """How much of the gene's names stands in the record; whether its symbol does."""
    cover = [numbers.number(f"cov:{n}") for n in range(6)]
    by_length = {(n, size): numbers.number(f"covlen:{n}{size}") for n in range(6) for size in _SIZES}
    exact = numbers.number("exact")
    genes = candidates.gene[which].tolist()
    records = np.unique(candidates.record[which]).tolist()
    haystacks = [batch.haystack(record) for record in records]
    wanted = chain.from_iterable(name_words(gene, lexicon) for gene in set(genes))
    edges = np.cumsum([0, *map(len, haystacks)])
    words = dict(zip(records, find_words(b"".join(haystacks), edges, wanted), strict=True))
    owners, features = [], []
    columns = (which.tolist(), candidates.record[which].tolist(), genes, candidates.lead[which].tolist())
    for candidate, record, gene, lead in zip(*columns, strict=True):
        key = lexicon.patterns[batch.pattern[lead]]
        n = int(5 * coverage(gene, words[record], lexicon, but=key.strip()) + 1e-9)
        owners += [candidate, candidate]
        features += [cover[n], by_length[n, length_class(len(key) - 2)]]
        if lexicon.concepts[gene] in batch.spellings(lead):
            owners.append(candidate)
            features.append(exact)
    return np.array(owners, dtype=np.int64), np.array(features, dtype=np.int64)


def _places(batch: Batch, terms: Ints, numbers: Numbers) -> tuple[Ints, Ints]:
    """(term, feature) of where the terms stand: how often, in the title, between which words."""
    often = np.array([numbers.number(f"n:{count}") for count in _COUNTS])
    number, at = spread(batch.first[terms], batch.first[terms + 1])
    term = terms[number]
    record, start, end = batch.record[term], batch.start[at], batch.end[at]
    title = term[start < batch.title_end[record]]
    before = words_before(batch.texts.codes, start, batch.record_start[record], numbers)
    after = words_after(batch.texts.codes, end, batch.record_start[record + 1] - 1, numbers)
    return (
        np.concatenate([terms, title, term, term]),
        np.concatenate(
            [
                often[np.minimum(5, np.diff(batch.first)[terms])],
                np.full(len(title), numbers.number("title")),
                before,
                after,
            ]
        ),
    )


def _definitions(
    batch: Batch,
    meanings: Meanings,
    candidates: Candidates,
    owner: Ints,
    term: Ints,
    numbers: Numbers,
    lexicon: Lexicon,
) -> tuple[Ints, Ints]:
    """Whether the record defines the term as an abbreviation of a name of the gene."""
    bracketed = np.unique(batch.term[batch.texts.codes[batch.start - 1] == ord("(")])
    within = bracketed[np.isin(bracketed, term)].tolist()
    long_forms = {t: found for t in within if (found := find_definition(batch, t))}
    owners, features = [], []
    named = {t: _named_within(batch, meanings, t, *long_form) for t, long_form in long_forms.items()}
    for at in np.flatnonzero(np.isin(term, list(long_forms))).tolist():
        candidate, t, gene = int(owner[at]), int(term[at]), int(candidates.gene[owner[at]])
        inside, whole = named[t]
        if gene in inside:
            agreement = "full" if gene in whole else "in"
        else:
            agreement = "other" if whole else "otherin" if inside else "unknown"
        long_form = batch.texts.joined[slice(*long_forms[t])]
        words = frozenset(_WORD.findall(long_form.lower().encode("utf-8")))
        cover = int(4 * coverage(gene, words, lexicon))
        owners += [candidate, candidate]
        features += [numbers.number(f"def:{agreement}"), numbers.number(f"defcov:{cover}")]
    return np.array(owners, dtype=np.int64), np.array(features, dtype=np.int64)


def find_definition(batch: Batch, term: int) -> tuple[int, int] | None:
    """(start, end) of the long form where the record defines the term as an abbreviation."""
    text, first = batch.texts.joined, int(batch.record_start[batch.record[term]])
    for place in range(batch.first[term], batch.first[term + 1]):
        start, end = batch.spans[place]
        if start <= first or text[start - 1] != "(":
            continue
        if text.find(")", end, end + 15) < 0 or not is_short_form(batch.written[place]):
            continue
        found = find_long_form(text, start - 1, batch.written[place])
        return found if found and found[0] >= first else None
    return None


def _named_within(
    batch: Batch, meanings: Meanings, term: int, start: int, end: int
) -> tuple[frozenset[int], frozenset[int]]:
    """Genes that other terms may mean within a long form, and those that are all of it."""
    first, last = batch.first[np.searchsorted(batch.record, batch.record[term] + np.arange(2))].tolist()
    inside: set[int] = set()
    whole: set[int] = set()
    for place in range(first, last):
        a, b = batch.spans[place]
        other = batch.term[place]
        if a < start - 1 or b > end + 1 or other == term:
            continue
        genes = set(meanings.gene[slice(*np.searchsorted(meanings.term, (other, other + 1)))].tolist())
        inside |= genes
        if a <= start + 1 and b >= end - 1:
            whole |= genes
    return frozenset(inside), frozenset(whole)
