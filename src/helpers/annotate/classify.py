"""The classifier of genes: features of a record's candidates, and the decision by their weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from helpers.annotate.features import (
    HUMAN_RECORD,
    Place,
    Record,
    add_up,
    definition_features,
    find_definition,
    meaning_features,
    place_features,
    shape_of,
    species_features,
    term_features,
)
from helpers.annotate.lexicon import Lexicon

HUMAN, ORTHOLOGUE = "human", "orthologue"


class Candidate(NamedTuple):
    """A gene a record may name: its terms, the most trusted first, and the source and spelling of that."""

    gene: int
    patterns: tuple[int, ...]
    source: int
    shape: str


def list_candidates(record: Record) -> list[Candidate]:
    """Genes the record may name."""
    terms: dict[int, list[tuple[int, int]]] = {}
    for pattern, entries in record.entries.items():
        for source, gene in entries:
            if gene in terms:
                terms[gene].append((source, pattern))
            else:
                terms[gene] = [(source, pattern)]
    shapes: dict[int, str] = {}
    candidates = []
    for gene, held in terms.items():
        if len(held) > 1:
            held.sort()
        source, pattern = held[0]
        if pattern not in shapes:
            shapes[pattern] = _usual_shape(record.places[pattern])
        candidates.append(Candidate(gene, tuple([p for _, p in held]), source, shapes[pattern]))
    return candidates


def _usual_shape(places: Sequence[Place]) -> str:
    """Spelling of most of the places; of the first where several are as many."""
    if len(places) == 1:
        return shape_of(places[0].written)
    shapes = Counter([shape_of(place.written) for place in places])
    return max(shapes, key=shapes.__getitem__)


def describe_candidates(record: Record, candidates: list[Candidate], lexicon: Lexicon) -> Iterator[set[str]]:
    """Features of each candidate in this record; those of term and species apart."""
    support = count_support(record)
    surroundings: dict[int, set[str]] = {}
    definitions: dict[int, tuple[int, int] | None] = {}
    for candidate in candidates:
        features = meaning_features(record, candidate.patterns[0], candidate.gene, support, lexicon)
        for pattern in candidate.patterns:
            if pattern not in surroundings:
                surroundings[pattern] = place_features(record, pattern)
                definitions[pattern] = find_definition(record, pattern)
            features |= surroundings[pattern]
            if long_form := definitions[pattern]:
                features |= definition_features(record, pattern, candidate.gene, long_form, lexicon)
        yield features


def count_support(record: Record) -> dict[int, int]:
    """How many terms of the record may mean each gene."""
    support: dict[int, int] = {}
    for entries in record.entries.values():
        for gene in {g for _, g in entries} if len(entries) > 1 else (entries[0][1],):
            support[gene] = support.get(gene, 0) + 1
    return support


def features_of(record: Record, lexicon: Lexicon) -> list[tuple[Candidate, set[str]]]:
    """All features of every candidate (for training)."""
    candidates = list_candidates(record)
    species = species_features(record)
    return [
        (c, features | species | set(term_features(c.patterns[0], c.source, c.gene, c.shape, lexicon)))
        for c, features in zip(candidates, describe_candidates(record, candidates, lexicon), strict=True)
    ]


def decide(record: Record, lexicon: Lexicon) -> dict[int, tuple[int, str]]:
    """Pattern -> (gene, "human" or "orthologue") for the terms that name a gene.

    Of each term the likeliest gene is taken. A gene likely but for the species the record speaks of is an
    orthologue. Candidates that term and species make hopeless are not looked at further.
    """
    weights = lexicon.weights
    species = weights.get("bias", 0.0) + add_up(species_features(record), weights)
    human = max(species, weights.get("bias", 0.0) + add_up(HUMAN_RECORD, weights))
    hopeless, threshold = weights.get("hopeless", -99.0) - human, weights.get("threshold", 0.0)
    candidates, starts = [], []
    for candidate in list_candidates(record):
        likely = _term_score(candidate, lexicon)
        if likely >= hopeless:
            candidates.append(candidate)
            starts.append(likely)
    if not candidates:
        return {}
    best: dict[int, tuple[float, int]] = {}
    described = describe_candidates(record, candidates, lexicon)
    for candidate, start, features in zip(candidates, starts, described, strict=True):
        likely = start + add_up(features, weights)
        for pattern in candidate.patterns:
            if pattern not in best or (likely, -candidate.gene) > best[pattern]:
                best[pattern] = (likely, -candidate.gene)
    return {
        pattern: (-gene, HUMAN if likely + species >= threshold else ORTHOLOGUE)
        for pattern, (likely, gene) in best.items()
        if likely + human >= threshold
    }


def _term_score(candidate: Candidate, lexicon: Lexicon) -> float:
    """Score of the features of term and gene as such, remembered between records."""
    gene, patterns, source, shape = candidate
    key = (patterns[0], gene, source, shape)
    known = lexicon.memory.get(key)
    if known is None:
        known = add_up(term_features(patterns[0], source, gene, shape, lexicon), lexicon.weights)
        lexicon.memory[key] = known
    value: float = known
    return value
