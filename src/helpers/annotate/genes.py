"""Which gene, if any, each term of a record stands for.

One sense per term and record: candidates are scored by the classifier of `classify`, the best gene of each
term is kept if it is likely enough. Without weights the source of the term and its spelling decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from helpers.annotate.arrays import spread
from helpers.annotate.candidates import Meanings, list_meanings
from helpers.annotate.classify import decide
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.occurrences import Batch, Bools, Ints, gather_terms
from helpers.annotate.passing import is_passing
from helpers.annotate.scan import Hits
from helpers.annotate.vocabulary import NAMES, SOURCES, SYMBOL


def choose_genes(
    hits: Hits, documents: Ints, chosen: Bools, lexicon: Lexicon
) -> tuple[Ints, Ints, Ints, Ints]:
    """(start, end, concept, rule) of each gene named in the chosen records; offsets count in the joined texts.

    documents: the record of each text, rising from 0 without a gap. The rule is the number of the term's source,
    for an orthologue's gene that number and how many sources there are.
    """
    batch = gather_terms(hits, documents, chosen, lexicon)
    meanings = list_meanings(batch, lexicon)
    if not len(meanings.term):
        return (np.zeros(0, dtype=np.int64),) * 4
    if lexicon.weights:
        held, number, at, human = decide(batch, meanings, lexicon)
    else:
        held = _by_source(batch, meanings)
        number, at = spread(batch.first[meanings.term[held]], batch.first[meanings.term[held] + 1])
        human = np.ones(len(at), dtype=np.bool_)
    rule = np.where(human, 0, len(SOURCES)) + meanings.source[held][number]
    gene = meanings.gene[held][number]
    own = ~is_passing(batch, at, gene, lexicon)
    return batch.start[at[own]], batch.end[at[own]], gene[own], rule[own]


def _by_source(batch: Batch, meanings: Meanings) -> Ints:
    """Numbers of the meanings that hold, by the source of the term and its spelling.

    Of several genes the one from the best source is meant, or the one a plain term of the record names.
    """
    by_term: dict[int, list[int]] = defaultdict(list)
    for i, term in enumerate(meanings.term.tolist()):
        by_term[term].append(i)
    gene, source = meanings.gene.tolist(), meanings.source.tolist()
    plausible = {
        term: _plausible(batch.spellings(term), min(source[i] for i in held))
        for term, held in by_term.items()
    }
    sure = {
        (int(batch.record[term]), gene[held[0]])
        for term, held in by_term.items()
        if len({gene[i] for i in held}) == 1 and plausible[term]
    }
    chosen = []
    for term, held in by_term.items():
        best = min(source[i] for i in held)
        likely = [i for i in held if source[i] == best]
        if len(likely) > 1:
            likely = [i for i in likely if (int(batch.record[term]), gene[i]) in sure]
        if plausible[term] and len(likely) == 1:
            chosen += likely
    return np.array(chosen, dtype=np.int64)


def _plausible(spellings: Sequence[str], source: int) -> bool:
    """True if a full name, or written at least once as symbols are: with capitals or a digit."""
    if source in NAMES:
        return True
    for written in spellings:
        if sum(c.isupper() for c in written) >= 2 or any(c.isdigit() for c in written):
            if len(written) > 2 or source == SYMBOL:
                return True
        elif len(written) > 3 and not written.islower():
            return True
    return False
