"""Which genes the terms of a batch may mean, by the lexicon and the rules of ambiguous terms."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from helpers.annotate.arrays import spread
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.occurrences import Batch, Bools, Ints
from helpers.annotate.species import WORDS_AFTER_LINE, is_cell_line
from helpers.annotate.vocabulary import GENE

_LONGEST_LINE = 6  # characters in the name of a cell line that may be a term
_STARTS = np.array([ord(c) for c in {after[0] for after in WORDS_AFTER_LINE}], dtype=np.uint32)


class Meanings(NamedTuple):
    """Genes that terms may mean, by term: the term's number in the batch, the gene, where the term comes from."""

    term: Ints
    gene: Ints
    source: Ints


class Candidates(NamedTuple):
    """A gene a record may name: record, gene, its most trusted term, and the source of that.

    of: the candidate of each meaning; support: how many terms of the record may mean the gene.
    """

    record: Ints
    gene: Ints
    lead: Ints
    source: Ints
    of: Ints
    support: Ints


def list_meanings(batch: Batch, lexicon: Lexicon) -> Meanings:
    """What each term may mean where it stands.

    A rule on an entry asks for a spelling, or for a word that the record must hold.
    """
    of_gene, ruled = entry_flags(lexicon)
    first, after = (lexicon.first[batch.pattern + n].astype(np.int64) for n in (0, 1))
    term, entry = spread(first, after)
    keep = of_gene[entry] & ~_cell_lines(batch)[term]
    held = np.flatnonzero(keep & ruled[entry])
    columns = (term[held], entry[held], batch.pattern[term[held]], lexicon.concept[entry[held]])
    texts = batch.record_text[batch.record[term[held]] + np.array([[0], [1]])]
    for i, of, at, pattern, gene, first, after in zip(
        held.tolist(), *(column.tolist() for column in (*columns, *texts)), strict=True
    ):
        exact, words = lexicon.exact.get(at), lexicon.contexts.get((pattern, gene))
        spelled = not exact or not exact.isdisjoint(batch.spellings(of))
        keep[i] = spelled and (not words or batch.texts.holds(words, first, after))
    term, entry = term[keep], entry[keep]
    return Meanings(term, lexicon.concept[entry].astype(np.int64), lexicon.source[entry].astype(np.int64))


def entry_flags(lexicon: Lexicon) -> tuple[Bools, Bools]:
    """Per entry of the lexicon: it means a gene; a rule on spelling or context hangs on it."""
    known: Any = lexicon.memory.get("entry flags")
    if known is None:
        of_gene = (lexicon.concept >= 0) & (lexicon.kinds[lexicon.concept] == GENE)
        ruled = np.zeros(len(of_gene), dtype=np.bool_)
        ruled[list(lexicon.exact)] = True
        for pattern, _ in lexicon.contexts:
            ruled[lexicon.first[pattern] : lexicon.first[pattern + 1]] = True
        known = lexicon.memory["entry flags"] = of_gene, ruled
    flags: tuple[Bools, Bools] = known
    return flags


def _cell_lines(batch: Batch) -> Bools:
    """Per term: one of its places is written and followed as a cell line is."""
    text = batch.texts.joined
    lines = np.zeros(len(batch.record), dtype=np.bool_)
    codes = batch.texts.codes
    head, tail = codes[batch.start], codes[batch.end - 1]
    named = (head >= ord("A")) & (head <= ord("Z")) & (tail >= ord("0")) & (tail <= ord("9"))
    follows = np.isin(codes[np.minimum(batch.end + 1, len(text) - 1)], _STARTS)
    short = np.flatnonzero((batch.end - batch.start <= _LONGEST_LINE) & named & follows)
    spans = zip(short.tolist(), batch.start[short].tolist(), batch.end[short].tolist(), strict=True)
    found = [i for i, start, end in spans if text[end].isspace() and is_cell_line(text, start, end)]
    lines[batch.term[found]] = True
    return lines


def list_candidates(batch: Batch, meanings: Meanings, lexicon: Lexicon) -> Candidates:
    """Genes the records may name."""
    record = batch.record[meanings.term]
    _, of = np.unique(record * len(lexicon.concepts) + meanings.gene, return_inverse=True)
    order = np.lexsort((batch.pattern[meanings.term], meanings.source, of))
    lead = order[np.flatnonzero(np.diff(of[order], prepend=-1))]
    term = meanings.term[lead]
    return Candidates(record[lead], meanings.gene[lead], term, meanings.source[lead], of, np.bincount(of))
