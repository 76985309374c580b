"""How a candidate gene fits its record: features of the places of its terms and of the record's other terms.

Features are pairs of a candidate and a number of `features.Numbers`; all of a batch are made at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from helpers.annotate.abbreviations import find_long_form, is_short_form
from helpers.annotate.arrays import distinct, spread
from helpers.annotate.candidates import Candidates, Meanings
from helpers.annotate.coverage import coverage
from helpers.annotate.features import Numbers, length_class
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.neighbours import words_after, words_before
from helpers.annotate.occurrences import Batch, Bools, Ints
from helpers.annotate.trie import words_of
from helpers.annotate.vocabulary import SYMBOL

_WORD = re.compile(rb"[a-z0-9]{3,}")
_COUNTS = ("", "1", "2", "3-4", "3-4", "5+")
_SIZES = ("1", "2", "3", "4", "5-6", "7-10", "11-20", "21+")
_SIZE_NUMBER = {size: number for number, size in enumerate(_SIZES)}
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
    wanted, place_features = _places(batch, distinct(term), numbers)
    order = np.lexsort((place_features, wanted))
    wanted, place_features = wanted[order], place_features[order]
    number, at = spread(np.searchsorted(wanted, term), np.searchsorted(wanted, term, side="right"))
    pairs.append((owner[number], place_features[at]))
    pairs.append(_definitions(batch, meanings, candidates, owner, term, numbers, lexicon))
    size = len(numbers.names)
    both = distinct(np.concatenate([owner * size + feature for owner, feature in pairs]))
    return both // size, both % size


def _support(
    batch: Batch, meanings: Meanings, candidates: Candidates, which: Ints, numbers: Numbers
) -> Iterator[tuple[Ints, Ints]]:
    """How many other terms of the record may mean the gene, or a rival of it; how many terms there are."""
    others = candidates.support[which] - 1
    named = np.array([numbers.number(f"sup:{n}") for n in range(4)])
    yield which, named[np.minimum(3, others)]
    terms = np.bincount(batch.record[distinct(meanings.term)], minlength=int(batch.record.max(initial=0)) + 1)
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
    cover = np.array([numbers.number(f"cov:{n}") for n in range(6)])
    by_length = np.array([[numbers.number(f"covlen:{n}{size}") for size in _SIZES] for n in range(6)])
    exact = numbers.number("exact")
    record, gene, lead = candidates.record[which], candidates.gene[which], candidates.lead[which]
    pattern = batch.pattern[lead]
    words, starts = batch.words
    bounds = np.searchsorted(starts, batch.edges)
    shares = coverage(words, bounds, record, gene, _lone_words(lexicon)[pattern], *lexicon.names)
    n = (5 * shares + 1e-9).astype(np.int64)
    symbols = candidates.source[which] == SYMBOL  # no other term is written as one
    columns = zip(which[symbols].tolist(), gene[symbols].tolist(), lead[symbols].tolist(), strict=True)
    named = [i for i, concept, term in columns if lexicon.concepts[concept] in batch.spellings(term)]
    owners = np.concatenate([which, which, np.array(named, dtype=np.int64)])
    sizes = _size_classes(lexicon)[pattern]
    return owners, np.concatenate([cover[n], by_length[n, sizes], np.full(len(named), exact)])


def _size_classes(lexicon: Lexicon) -> Ints:
    """Per pattern: number of the class of its length; remembered."""
    known: Ints | None = lexicon.memory.get("size classes")
    if known is None:
        lengths = np.fromiter(map(len, lexicon.patterns), dtype=np.int64) - 2
        classes = [_SIZE_NUMBER[length_class(max(1, n))] for n in range(int(lengths.max(initial=0)) + 1)]
        known = lexicon.memory["size classes"] = np.array(classes, dtype=np.int64)[lengths]
    return known


def _lone_words(lexicon: Lexicon) -> Ints:
    """Per pattern: number of its word if it has but one, else -1; remembered."""
    known: Ints | None = lexicon.memory.get("lone words")
    if known is None:
        trie = lexicon.trie
        term = np.where(trie.opening < 0, -1, trie.term[trie.opening])
        word = np.flatnonzero(term >= 0)
        known = np.full(len(lexicon.patterns), -1, dtype=np.int64)
        known[term[word]] = word
        lexicon.memory["lone words"] = known
    return known


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
    bracketed = distinct(batch.term[batch.texts.codes[batch.start - 1] == ord("(")])
    within = bracketed[np.isin(bracketed, term)].tolist()
    long_forms = {t: found for t in within if (found := find_definition(batch, t))}
    owners, agreements, genes, defined = [], [], [], []
    named = {t: _named_within(batch, meanings, t, *long_form) for t, long_form in long_forms.items()}
    for at in np.flatnonzero(np.isin(term, list(long_forms))).tolist():
        t, gene = int(term[at]), int(candidates.gene[owner[at]])
        inside, whole = named[t]
        if gene in inside:
            agreement = "full" if gene in whole else "in"
        else:
            agreement = "other" if whole else "otherin" if inside else "unknown"
        owners.append(int(owner[at]))
        agreements.append(numbers.number(f"def:{agreement}"))
        genes.append(gene)
        defined.append(t)
    texts = [batch.texts.joined[slice(*long_forms[t])] for t in defined]
    shares = _cover_texts(texts, genes, lexicon)
    covers = [numbers.number(f"defcov:{int(4 * share)}") for share in shares]
    return np.array(owners * 2, dtype=np.int64), np.array(agreements + covers, dtype=np.int64)


def _cover_texts(texts: Sequence[str], genes: Sequence[int], lexicon: Lexicon) -> list[float]:
    """Coverage of the names of each gene by the text beside it."""
    words = [b"".join(b" " + word for word in _WORD.findall(text.lower().encode())) + b" " for text in texts]
    numbers, starts, _ = words_of(np.frombuffer(b"".join(words), dtype=np.uint8), *lexicon.trie[:3])
    bounds = np.searchsorted(starts, np.cumsum([0, *map(len, words)]))
    each = np.arange(len(texts))
    nothing = np.full(len(texts), -1)
    shares = coverage(numbers, bounds, each, np.array(genes, dtype=np.int64), nothing, *lexicon.names)
    found: list[float] = shares.tolist()
    return found


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
    for (a, b), other in zip(batch.spans[first:last], batch.term[first:last].tolist(), strict=True):
        if a < start - 1 or b > end + 1 or other == term:
            continue
        genes = meanings.gene[slice(*np.searchsorted(meanings.term, (other, other + 1)))].tolist()
        inside.update(genes)
        if a <= start + 1 and b >= end - 1:
            whole.update(genes)
    return frozenset(inside), frozenset(whole)
