"""The classifier of genes: the scores of a batch's candidates, and the decision by them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from helpers.annotate.around import HUMAN, NAMES, around_scores, species_around
from helpers.annotate.arrays import spread
from helpers.annotate.candidates import Candidates, Meanings, list_candidates
from helpers.annotate.features import (
    HUMAN_RECORD,
    Numbers,
    numbers_of,
    species_features,
    term_features,
)
from helpers.annotate.lexicon import Lexicon
from helpers.annotate.occurrences import Batch, Bools, Ints
from helpers.annotate.shapes import SHAPES
from helpers.annotate.surroundings import describe


def decide(batch: Batch, meanings: Meanings, lexicon: Lexicon) -> tuple[Ints, Ints, Ints, Bools]:
    """(meanings that hold, number among them and place of each mention, whether it is of the human gene).

    Of each term the likeliest gene is taken. A gene likely but for the species spoken of is an orthologue; so is
    a mention of a human gene whose own surroundings would make it one, if others of its mentions stay.
    Candidates that term and species make hopeless are not looked at further.
    """
    numbers = numbers_of(lexicon)
    threshold = numbers.weight("threshold")
    candidates = list_candidates(batch, meanings, lexicon)
    place_around, around_score = species_around(batch), around_scores(numbers)
    record_species = _score_species(batch, candidates, numbers)
    species = record_species + around_score[_around(batch, meanings, candidates, place_around)]
    best_case = numbers.weight("bias") + numbers.total(HUMAN_RECORD) + around_score[HUMAN]
    human = np.maximum(species, best_case)
    likely = _score_terms(batch, candidates, numbers, lexicon)
    chosen = likely + human >= numbers.weight("hopeless", -99.0)
    owner, feature = describe(batch, meanings, candidates, chosen, numbers, lexicon)
    np.add.at(likely, owner, np.array(numbers.weights)[feature])
    held = np.flatnonzero(chosen[candidates.of])
    held = held[np.lexsort((meanings.gene[held], -likely[candidates.of[held]], meanings.term[held]))]
    best = held[np.diff(meanings.term[held], prepend=-1) > 0]
    best = best[(likely + human >= threshold)[candidates.of[best]]]
    number, place = spread(batch.first[meanings.term[best]], batch.first[meanings.term[best] + 1])
    of = candidates.of[best][number]
    alone = likely[of] + record_species[of] + around_score[place_around[place]] >= threshold
    some = np.zeros(len(likely), dtype=np.bool_)
    some[of[alone]] = True
    return best, number, place, (likely + species >= threshold)[of] & (alone | ~some[of])


def _around(batch: Batch, meanings: Meanings, candidates: Candidates, place_around: Ints) -> Ints:
    """Per candidate: kinds of species spoken of around any place of its terms."""
    around = np.zeros(len(candidates.gene), dtype=np.int64)
    if len(batch.start):
        by_term = np.bitwise_or.reduceat(place_around, batch.first[:-1])
        np.bitwise_or.at(around, candidates.of, by_term[meanings.term])
    return around


def features_of(
    batch: Batch, meanings: Meanings, numbers: Numbers, lexicon: Lexicon
) -> tuple[Candidates, list[set[str]]]:
    """All candidates and all features of each (for training)."""
    candidates = list_candidates(batch, meanings, lexicon)
    chosen = np.ones(len(candidates.gene), dtype=np.bool_)
    around = _around(batch, meanings, candidates, species_around(batch)).tolist()
    features: list[set[str]] = [
        {*_term_features(batch, candidates, i, lexicon), *species, NAMES[around[i]]}
        for i, species in enumerate(_species_of(batch, candidates.record))
    ]
    for owner, feature in zip(*describe(batch, meanings, candidates, chosen, numbers, lexicon), strict=True):
        features[owner] |= {numbers.names[feature]} - {""}
    return candidates, features


def _score_species(batch: Batch, candidates: Candidates, numbers: Numbers) -> Ints:
    """Per candidate: score of the species its record speaks of, and the bias."""
    records, of = np.unique(candidates.record, return_inverse=True)
    totals = list(map(numbers.known_total, _species_of(batch, records)))
    scores: Ints = (np.array(totals, dtype=np.int64) + numbers.weight("bias"))[of]
    return scores


def _species_of(batch: Batch, records: Ints) -> Iterator[frozenset[str]]:
    """Features of the species each of the records speaks of."""
    places, species = batch.signals
    told = species.astype(np.uint8).tobytes()
    bounds = (batch.record_start[records], batch.title_end[records], batch.record_start[records + 1])
    for first, title, last in zip(
        *(np.searchsorted(places, bound).tolist() for bound in bounds), strict=True
    ):
        yield species_features(told[first:last], title - first)


def _score_terms(batch: Batch, candidates: Candidates, numbers: Numbers, lexicon: Lexicon) -> Ints:
    """Per candidate: score of the features of term and gene as such, remembered between batches."""
    memory = lexicon.memory
    of_term = batch.pattern[candidates.lead] * len(lexicon.concepts) + candidates.gene
    keys = of_term * len(SHAPES) + batch.shape[candidates.lead]
    scores = list(map(memory.get, keys.tolist()))
    for i, score in enumerate(scores):
        if score is None:
            score = numbers.total(_term_features(batch, candidates, i, lexicon))
            scores[i] = memory[int(keys[i])] = score
    return np.array(scores, dtype=np.int64)


def _term_features(batch: Batch, candidates: Candidates, i: int, lexicon: Lexicon) -> frozenset[str]:
    lead, gene, source = (int(column[i]) for column in (candidates.lead, candidates.gene, candidates.source))
    return term_features(int(batch.pattern[lead]), source, gene, SHAPES[batch.shape[lead]], lexicon)
